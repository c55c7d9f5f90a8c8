//! `/download`: the messages that are chosen, or all that a search finds, as one file.
//!
//! A piece is made when the last one is with the client: whatever is asked for, a download holds one message, some pieces
//! and the ids of the rest, and no thread while its client is slow. When the client goes, so does it.

use std::io;

use actix_web::http::Method;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{Data, Form, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use bytes::Bytes;

use super::act::{chosen, value};
use crate::clock;
use crate::mailbox::{Inbox, MessageId, Scope};
use crate::web::Web;
use crate::web::archive::{Archive, Format};
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::reply;

type Fields = Vec<(String, String)>;

/// `GET /download?format=mbox|zip` with `id` for each message, or with `all=1` and `q`. How many ids fit is the address's
/// matter; a form has room for all.
pub async fn get(web: Data<Web>, mount: Mount, fields: UrlQuery<Fields>, request: HttpRequest) -> HttpResponse {
    download(&web, &mount, &fields, request.method() == Method::HEAD).await
}

/// `POST /download`, with the same fields. Nothing changes by it.
pub async fn post(web: Data<Web>, mount: Mount, fields: Form<Fields>) -> HttpResponse {
    download(&web, &mount, &fields, false).await
}

async fn download(web: &Web, mount: &Mount, fields: &[(String, String)], head_only: bool) -> HttpResponse {
    let Some(format) = value(fields, "format").map_or(Some(Format::Mbox), Format::asked) else {
        return refused(HttpResponse::BadRequest(), "There are two formats: format=mbox and format=zip.");
    };
    if value(fields, "all").is_none() && value(fields, "id").is_none() {
        return refused(HttpResponse::BadRequest(), "No message was chosen: say id=ID for each, or all=1.");
    }
    let ids = chosen(web, mount, fields).await;
    let (inbox, scope) = (web.inbox.clone(), mount.scope.clone());
    let source = off_thread(move || Source::of(inbox, scope, ids)).await;
    if source.ids.len() == 0 {
        return refused(HttpResponse::NotFound(), "None of these messages is here.");
    }
    if head_only { head(mount, format).finish() } else { stream(web, mount, format, source) }
}

fn refused(mut answer: HttpResponseBuilder, sentence: &str) -> HttpResponse {
    answer.content_type("text/plain; charset=utf-8").body(format!("{sentence}\n"))
}

/// The head of the answer. Packing what is packed would only take time, and the text is for a machine nearby.
fn head(mount: &Mount, format: Format) -> HttpResponseBuilder {
    let place = mount.mailbox().map_or_else(String::new, |name| format!("-{name}"));
    let ending = format!("-{}.{}", clock::now().strftime("%Y-%m-%d"), format.name());
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(format.media_type())
        .insert_header((header::CONTENT_ENCODING, ContentEncoding::Identity))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, reply::EVIDENCE_POLICY))
        .insert_header((
            header::CONTENT_DISPOSITION,
            reply::disposition("attachment", &file_name(&format!("restante{place}"), &ending)),
        ));
    answer
}

/// A mailbox may be called anything, and be as long; a file may not, and keeps its ending.
fn file_name(place: &str, ending: &str) -> String {
    let fits = |char: char| char.is_alphanumeric() || "-_.@+".contains(char);
    let room = NAME_CHARS_MAX.saturating_sub(ending.len());
    place.chars().map(|char| if fits(char) { char } else { '_' }).take(room).chain(ending.chars()).collect()
}

const NAME_CHARS_MAX: usize = 120;

/// Where the messages come from, the oldest first. What goes meanwhile is passed over.
struct Source {
    inbox: Inbox,
    scope: Scope,
    ids: std::vec::IntoIter<MessageId>,
}

impl Source {
    fn of(inbox: Inbox, scope: Scope, ids: Vec<MessageId>) -> Self {
        let mut places = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let store = inbox.store();
            places.extend(store.still_kept(&scope, some).map(|stored| (stored.seq, stored.message.id)));
        }
        places.sort_unstable();
        places.dedup();
        let ids: Vec<_> = places.into_iter().map(|(_, id)| id).collect();
        Self { inbox, scope, ids: ids.into_iter() }
    }

    /// Makes bytes of messages until there is a chunk of them; none: that was the end, and these are the last.
    fn fill(mut self, mut archive: Archive) -> io::Result<(Bytes, Option<(Self, Archive)>)> {
        while archive.len() < CHUNK_BYTES {
            if archive.go_on()? {
                continue;
            }
            let Some(id) = self.ids.next() else { return Ok((archive.finish()?, None)) };
            let stored = self.inbox.store().find(&self.scope, id);
            if let Some(stored) = stored {
                archive.begin(&stored.message)?;
            }
        }
        Ok((archive.take(), Some((self, archive))))
    }
}

/// Messages that are looked up while the store is held.
const AT_ONCE: usize = 1_000;
/// What is made at once, and sent: large enough that going to another thread for it does not show.
const CHUNK_BYTES: usize = 256 << 10;

fn stream(web: &Web, mount: &Mount, format: Format, source: Source) -> HttpResponse {
    let stop = web.stop.clone();
    let chunks = futures_util::stream::unfold(Some((source, Archive::new(format))), move |state| {
        let stop = stop.clone();
        async move {
            let (source, archive) = state?;
            // The stop, or a fault in here, ends the download where it is, and the client sees that it is not whole.
            let filled = if stop.is_cancelled() {
                Err(io::ErrorKind::Interrupted.into())
            } else {
                let filled = actix_web::rt::task::spawn_blocking(move || source.fill(archive)).await;
                filled.map_err(io::Error::other).flatten()
            };
            match filled {
                Ok((chunk, rest)) => Some((Ok(chunk), rest)),
                Err(error) => Some((Err(error), None)),
            }
        }
    });
    head(mount, format).streaming(chunks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_any_mailbox() {
        for (place, file) in [
            ("restante-default", "restante-default.zip"),
            ("restante-a/../b \"c\"\n", "restante-a_.._b__c__.zip"),
            ("restante-Jörg@app.test", "restante-Jörg@app.test.zip"),
        ] {
            assert_eq!(file_name(place, ".zip"), file);
        }
        let long = file_name(&"x".repeat(255), "-2026-11-26.mbox");
        assert!(long.len() == NAME_CHARS_MAX && long.ends_with("x-2026-11-26.mbox"), "{long}");
    }
}
