//! The API: `/api/v1`, a superset of Mailpit's v1, one file a resource. Shapes are its own types in [`shape`]; the
//! foot-guns of the original are left out and listed in `docs/compat.md`.

mod body;
pub mod chaos;
pub mod checks;
mod compose;
pub mod events;
pub mod findings;
pub mod health;
pub mod info;
mod links;
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
pub mod view;
pub mod wait;
pub mod webui;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::block;
use serde::Serialize;

use super::mount::Mount;
use super::{Web, problem::Problem};
use crate::mailbox::query::QueryError;
use crate::mailbox::{Query, Stored};

/// One line of JSON, as peers send it.
pub(super) fn json(value: &impl Serialize) -> HttpResponse {
    match serde_json::to_string(value) {
        Ok(text) => HttpResponse::Ok().content_type("application/json").body(text + "\n"),
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
        return Ok(web.inbox.store().newest_first(&mount.scope, None).next());
    }
    // Looked for off the thread that answers requests.
    let messages = web.inbox.snapshot(&mount.scope);
    Ok(block(move || messages.into_iter().find(|stored| query.matches(stored))).await.unwrap_or_default())
}

/// A search that cannot be read, for our own additions.
pub(super) fn query_problem(error: &QueryError) -> Problem {
    let detail = format!("{error}.");
    Problem::new(StatusCode::BAD_REQUEST, "query-not-understood", "The search cannot be read", detail)
}
