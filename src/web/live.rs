//! The page's own stream, `/live`, which keeps an open page true. The row of a message is rendered once for each search
//! that pages look at it through: it bears the marks of that search.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::{Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::feed::{Feed, Told};
use super::mount::Mount;
use super::page::live as words;
use super::stream::{Dialect, Streams, Topic, last_event, place};
use super::{Web, show};
use crate::clock;
use crate::mailbox::session_log::SessionRecord;
use crate::mailbox::{Event, Query, Scope, Stored};

/// Rows that were rendered lately. All streams tell of the same message within moments, so a few are enough.
#[derive(Debug, Default)]
pub struct Rows(Mutex<VecDeque<Rendered>>);

#[derive(Debug)]
struct Rendered {
    seq: u64,
    search: Arc<str>,
    frame: Arc<str>,
}

const ROWS_MAX: usize = 64;
/// When more come back at once, the page fetches the list anew.
const ROWS_AT_ONCE: usize = 50;

impl Rows {
    fn frame(&self, id: &str, stored: &Stored, search: &Arc<str>, query: &Query) -> Arc<str> {
        let seq = stored.seq;
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.iter().rev().find(|row| row.seq == seq && row.search == *search) {
            return row.frame.clone();
        }
        let frame: Arc<str> = words::row(id, &show::row(stored, query)).into();
        rows.push_back(Rendered { seq, search: search.clone(), frame: frame.clone() });
        if rows.len() > ROWS_MAX {
            rows.pop_front();
        }
        frame
    }
}

/// The search of the page that listens.
#[derive(Debug, Deserialize)]
pub struct Asked {
    q: Option<String>,
    /// The place up to which the page knows all, when it comes for the first time: the browser names it afterwards.
    last: Option<String>,
    thread: Option<String>,
    sessions: Option<String>,
}

/// `GET /live?q=…`, with `thread=ID` or `sessions=1`: what keeps an open page true. The frames are described in [`words`].
pub async fn stream(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>, request: HttpRequest) -> HttpResponse {
    let Asked { q, last, thread, sessions } = asked.into_inner();
    let thread = thread.filter(|thread| !thread.is_empty());
    // Its ids alone: a stream must not hold messages that have to go.
    let mut conversation = match &thread {
        Some(id) => Some(show::thread::around(&web, &mount, id).await.map(|conversation| conversation.ties)),
        None => None,
    };
    let search = q.unwrap_or_default();
    // The rows of a search and of a conversation are messages alone, as on the page.
    let sessions = sessions.as_deref() == Some("1") && search.trim().is_empty() && thread.is_none();
    // A search that cannot be read finds nothing; the page has said so already.
    let seen = search.parse().ok().map(|query| Seen { search: search.as_str().into(), query });
    let topic = Topic { dialect: Dialect::Page, scope: mount.scope.clone(), search, thread, sessions };
    let (teller, place_of, scope) = (web.clone(), mount.clone(), mount.scope.clone());
    let listener = Streams::listen(&web, topic, words::reset, move |feed, told| match told {
        Told::Event(Event::Accepted(arrival)) if conversation.is_some() => {
            let ties = conversation.as_mut().and_then(Option::as_mut)?;
            let seen = arrival.stored().filter(|stored| scope.sees(&stored.message.mailbox));
            let belongs = seen.is_some_and(|stored| ties.take(&stored.message.view));
            belongs.then(|| words::reset(&feed.id(arrival.seq)))
        }
        Told::Event(Event::Restored { seq, messages }) if conversation.is_some() => {
            let ties = conversation.as_mut().and_then(Option::as_mut)?;
            let ids: Vec<_> = messages.iter().map(|(id, _)| *id).collect();
            let there: Vec<_> = teller.inbox.store().still_kept(&scope, &ids).collect();
            let belong = there.iter().filter(|stored| ties.take(&stored.message.view)).count();
            (belong > 0).then(|| words::reset(&feed.id(seq)))
        }
        Told::Event(event) => one(feed, &event, &teller, &scope, seen.as_ref()),
        Told::Sessions(after) => ended(feed, &teller, &place_of, after),
        Told::Lost(seq) => Some(words::reset(&feed.id(seq))),
        Told::Settled(seq) => Some(words::stats(&feed.id(seq), &show::stats(&teller, &scope))),
        Told::Reload => Some(words::RELOAD.into()),
    });
    let (now, id) = (listener.seq(), listener.id(listener.seq()));
    let mut first = String::from(words::OPENING);
    let last = last_event(&request, web.inbox.start()).or(last.map(|last| place(&last, web.inbox.start())));
    // Which connections it has missed is not told by an id.
    if last.is_some_and(|seen| sessions || seen != Ok(now)) {
        first.push_str(&words::reset(&id));
    }
    first.push_str(&words::stats(&id, &show::stats(&web, &mount.scope)));
    listener.respond(first)
}

/// What a page looks at.
struct Seen {
    search: Arc<str>,
    query: Query,
}

/// Connections that ended without a message, or with trouble.
fn ended(feed: &Feed, web: &Web, mount: &Mount, after: u64) -> Option<String> {
    let ended = web.inbox.sessions().numbered_since(after);
    let shown: Vec<_> = ended.iter().filter(|(_, record)| show::between::is_row(record, &mount.scope)).collect();
    if shown.len() > SESSIONS_MAX {
        return Some(words::reset(&feed.id(web.inbox.store().seq())));
    }
    let now = clock::now();
    let row = |(number, record): &&(u64, Arc<SessionRecord>)| {
        words::session(&mount.base, &show::sessions::outline(*number, record, now))
    };
    (!shown.is_empty()).then(|| shown.iter().map(row).collect())
}

/// Connections that are told one by one; of more at once the list is fetched anew.
const SESSIONS_MAX: usize = 50;

fn one(feed: &Feed, event: &Event, web: &Web, scope: &Scope, seen: Option<&Seen>) -> Option<String> {
    let id = feed.id(event.seq());
    let in_scope = |messages: &[(crate::mailbox::MessageId, crate::mailbox::MailboxName)]| {
        let seen = messages.iter().filter(|(_, mailbox)| scope.sees(mailbox));
        seen.map(|(message, _)| message.to_string()).collect::<Vec<_>>()
    };
    match event {
        Event::Accepted(arrival) => {
            let Seen { search, query } = seen?;
            let wanted = |stored: &Stored| scope.sees(&stored.message.mailbox) && web.inbox.fits(query, stored);
            arrival.stored().filter(wanted).map(|stored| web.rows.frame(&id, &stored, search, query).to_string())
        }
        Event::Marked { messages, read, .. } => {
            let ids = in_scope(messages);
            (!ids.is_empty()).then(|| words::mark(&id, &ids, *read))
        }
        Event::Kept { messages, kept, .. } => {
            let ids = in_scope(messages);
            (!ids.is_empty()).then(|| words::keep(&id, &ids, *kept))
        }
        Event::Restored { messages, .. } => {
            let ids: Vec<_> = messages.iter().filter(|(_, name)| scope.sees(name)).map(|(id, _)| *id).collect();
            if ids.len() > ROWS_AT_ONCE {
                return Some(words::reset(&id));
            }
            // Rendered anew: they may have been marked since they came.
            let there: Vec<_> = web.inbox.store().still_kept(scope, &ids).collect();
            let Seen { query, .. } = seen?;
            let wanted = there.iter().filter(|stored| web.inbox.fits(query, stored));
            let rows: String = wanted.map(|stored| words::row(&id, &show::row(stored, query))).collect();
            (!rows.is_empty()).then_some(rows)
        }
        Event::Tagged { messages, .. } => {
            let seen = messages.iter().filter(|(_, mailbox, _)| scope.sees(mailbox));
            let tags: BTreeMap<_, _> =
                seen.map(|(message, _, tags)| (message.to_string(), tags.iter().map(|tag| &**tag).collect())).collect();
            (!tags.is_empty()).then(|| words::tag(&id, &tags))
        }
        Event::Removed { messages, .. } => {
            let ids = in_scope(messages);
            (!ids.is_empty()).then(|| words::gone(&id, &ids))
        }
    }
}
