//! `GET /complete`: what may stand at the cursor of a search that is being typed.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use serde::Deserialize;

use super::rendered;
use crate::mailbox::query::language::{Known, complete};
use crate::mailbox::{Message, Query};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::complete::{CompleteFragment, CompleteOption};

/// The search, and its cursor.
#[derive(Debug, Deserialize)]
pub struct Asked {
    q: Option<String>,
    /// In units of UTF-16; the end if it is no number.
    at: Option<String>,
}

/// Messages whose addresses are offered.
const MESSAGES_MAX: usize = 500;
/// Of each message so many recipients: one may have ten thousand.
const RECIPIENTS_MAX: usize = 10;
/// Tags that are looked through, those of the most messages if there are more; and mailboxes.
const NAMES_MAX: usize = 10_000;
/// A longer name is nothing to choose from a list.
const NAME_BYTES_MAX: usize = 100;

/// `GET /complete?q=SEARCH&at=CURSOR`: entries of a list, or nothing.
pub async fn options(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>) -> HttpResponse {
    let Asked { q, at } = asked.into_inner();
    // It is asked at every letter, and looks through thousands of names.
    let fragment = off_thread(move || {
        let text = q.unwrap_or_default();
        let at = at.and_then(|at| at.parse().ok()).unwrap_or(usize::MAX);
        let wrong = text.parse::<Query>().err().map(|error| format!("{error}."));
        let options =
            complete(&text, in_bytes(&text, at), &known(&web, &mount)).into_iter().map(|one| CompleteOption {
                at: one.text[..one.cursor].encode_utf16().count(),
                text: one.text,
                shown: one.shown,
                meaning: one.meaning.to_owned(),
            });
        CompleteFragment { options: options.collect(), wrong }
    });
    rendered(StatusCode::OK, &fragment.await)
}

/// Where in a text the browser's cursor is: before the character that it stands before, or within.
fn in_bytes(text: &str, at: usize) -> usize {
    let mut units = 0;
    let behind = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > at
    });
    behind.map_or(text.len(), |(at, _)| at)
}

/// What there is in this mount.
fn known(web: &Web, mount: &Mount) -> Known {
    let (mut tags, mailboxes, newest) = {
        let store = web.inbox.store();
        let seen = store.mailboxes().filter(|(name, ..)| mount.scope.sees(name));
        let mailboxes: Vec<_> = seen.take(NAMES_MAX).map(|(name, ..)| name.clone()).collect();
        let newest = store.newest_first(&mount.scope, None).take(MESSAGES_MAX);
        let newest: Vec<Arc<Message>> = newest.map(|kept| kept.message.clone()).collect();
        (store.tags_of_most(&mount.scope, NAMES_MAX), mailboxes, newest)
    };
    tags.sort_by_key(|(_, messages)| Reverse(*messages));
    let senders = newest.iter().map(|message| {
        let author = message.view.from().first().map(|from| from.address.to_string());
        author.unwrap_or_else(|| message.envelope.from.path.to_string())
    });
    let recipients =
        newest.iter().flat_map(|message| message.envelope.to.iter().take(RECIPIENTS_MAX).map(|to| to.path.to_string()));
    let short = |name: &String| !name.is_empty() && name.len() <= NAME_BYTES_MAX;
    Known {
        tags: tags.into_iter().map(|(tag, _)| String::from(tag)).filter(short).collect(),
        mailboxes: mailboxes.iter().map(ToString::to_string).filter(short).collect(),
        senders: often_first(senders.filter(short)),
        recipients: often_first(recipients.filter(short)),
    }
}

/// Each once, those that come most often first; among equals the first.
fn often_first(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    for (rank, name) in names.enumerate() {
        counts.entry(name).or_insert((0, rank)).0 += 1;
    }
    let mut names: Vec<_> = counts.into_iter().collect();
    names.sort_by_key(|(_, (count, rank))| (Reverse(*count), *rank));
    names.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_counts_as_the_browser_does() {
        for (at, bytes) in [(0, 0), (1, 1), (2, 3), (3, 3), (4, 7), (5, 8), (6, 8), (usize::MAX, 8)] {
            assert_eq!(in_bytes("aü📮b", at), bytes, "{at}");
        }
        let names = ["a", "b", "c", "b", "c"].map(str::to_owned);
        assert_eq!(often_first(names.into_iter()), ["b", "c", "a"]);
    }
}
