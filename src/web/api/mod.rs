//! The API: `/api/v1`, a superset of Mailpit's v1, one file a resource. Shapes are its own types in [`shape`]; the
//! foot-guns of the original are left out and listed in `docs/compat.md`.

mod asked;
mod body;
pub mod chaos;
pub mod checks;
mod compose;
pub mod deliver;
pub mod document;
mod envelope;
pub mod events;
pub mod findings;
mod found;
pub mod health;
pub mod info;
pub mod message;
pub mod messages;
pub mod question;
pub mod search;
pub mod send;
pub mod sessions;
pub mod shape;
mod socket;
pub mod tags;
pub mod thumb;
mod told;
pub mod view;
pub mod wait;
pub mod webui;

use actix_web::http::StatusCode;
use actix_web::web::Query as UrlQuery;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::mishap::off_thread;
use super::mount::Mount;
use super::{Web, problem::Problem};
use crate::mailbox::query::QueryError;
use crate::mailbox::{MailboxName, Query, Stored};

/// One line of JSON, as peers send it.
pub(super) fn json(value: &impl Serialize) -> HttpResponse {
    answer(line(value))
}

/// The line itself.
fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|text| text + "\n")
}

/// A line that was made elsewhere.
fn answer(line: serde_json::Result<String>) -> HttpResponse {
    match line {
        Ok(text) => HttpResponse::Ok().content_type("application/json").body(text),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// The plain `ok` of a call that changed something.
pub(super) fn done(outcome: Result<usize, String>) -> HttpResponse {
    match outcome {
        Ok(_) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok"),
        Err(sentence) => HttpResponse::InternalServerError().content_type("text/plain; charset=utf-8").body(sentence),
    }
}

/// A refusal as a line of text, the way this dialect does it.
pub(super) fn refuse(code: StatusCode, sentence: impl Into<String>) -> HttpResponse {
    HttpResponse::build(code).content_type("text/plain; charset=utf-8").body(sentence.into())
}

/// A refusal of a parameter that a call does not know, lest it does more than was meant: `?mailbox=x` on a deletion would
/// delete from all of them. Of what only reads, `mailbox` alone is refused; others may be a peer's.
pub(super) fn stray(request: &HttpRequest, known: Option<&[&str]>) -> Option<HttpResponse> {
    let given = UrlQuery::<Vec<(String, String)>>::from_query(request.query_string()).ok()?;
    let is_stray = |name: &String| match known {
        Some(known) => !known.contains(&name.as_str()),
        None => name == "mailbox",
    };
    let (name, value) = given.iter().find(|(name, _)| is_stray(name))?;
    let sentence = match name.as_str() {
        "mailbox" => format!("a mailbox is asked by its path, {}api/v1/…", Mount::of(MailboxName::new(value)).base),
        _ => format!("{name:?} is not known here"),
    };
    let nothing = if known.is_some() { "; nothing was changed" } else { "" };
    Some(refuse(StatusCode::BAD_REQUEST, sentence + nothing))
}

/// `404` for a message that is not there, or not in this mailbox.
pub(super) fn no_message() -> HttpResponse {
    refuse(StatusCode::NOT_FOUND, "Message not found")
}

/// The word that stands for the newest message in an address.
const LATEST: &str = "latest";

/// The message that an address names: an id, or `latest`, perhaps of those that a query finds.
pub(super) async fn find(
    web: &Web,
    mount: &Mount,
    id: &str,
    query: Option<&str>,
) -> Result<Option<Stored>, QueryError> {
    if id != LATEST {
        return Ok(id.parse().ok().and_then(|id| web.inbox.store().find(&mount.scope, id)));
    }
    let query: Query = query.unwrap_or("").parse()?;
    if query.is_empty() {
        return Ok(web.inbox.store().newest_first(&mount.scope, None).next().map(|kept| kept.stored()));
    }
    // Looked for off the thread that answers requests.
    let search = web.inbox.search(&mount.scope, &query);
    Ok(off_thread(move || search.first(1).pop()).await)
}

/// A search that cannot be read, for our own additions.
pub(super) fn query_problem(error: &QueryError) -> Problem {
    let detail = format!("{error}.");
    Problem::new(StatusCode::BAD_REQUEST, "query-not-understood", "The search cannot be read", detail)
}
