//! `/api/v1/messages`: the list, marking, deleting.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::asked::{Ids, Marking};
use super::body::members;
use super::shape::{Listing, Summary, told};
use super::told::{Done, Misread};
use super::{done, json, refuse, stray};
use crate::mailbox::inbox::Unkept;
use crate::mailbox::query::language;
use crate::mailbox::{Message, MessageId, Query};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;

/// Rows of a list without `limit`.
pub(super) const LIMIT: usize = 50;

/// Which rows of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
pub(super) struct Window {
    /// How many of the newest are passed over.
    #[param(default = 0)]
    start: Option<usize>,
    /// How many to return; 0 is all in a list, none in a search.
    #[param(default = 50)]
    limit: Option<usize>,
}

/// Only what came before a moment.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
pub(super) struct Before {
    /// Only what came before this day or instant, in UTC: `2026-11-24`, `2026-11-24T10:00:00Z`.
    before: Option<String>,
}

/// `start` and `limit` as they were typed: what is no number is as if it were not there. `before` is a day or an instant
/// in UTC; Mailpit's `tz` is taken and not looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Paging {
    start: Option<String>,
    limit: Option<String>,
    before: Option<String>,
}

impl Paging {
    pub(super) fn start(&self) -> usize {
        self.start.as_deref().and_then(|start| start.parse().ok()).unwrap_or(0)
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.as_deref().and_then(|limit| limit.parse().ok()).unwrap_or(LIMIT)
    }

    /// Whether a message is old enough; an instant that cannot be read is refused, lest the wrong page is shown.
    pub(super) fn is_before(&self) -> Result<impl Fn(&Message) -> bool + Send + use<>, String> {
        let text = self.before.as_deref().filter(|before| !before.is_empty());
        let before = match text.map(|text| (text, language::instant(text))) {
            Some((text, None)) => return Err(format!("before: {text:?} is not a time; write it like 2026-11-24")),
            Some((_, before)) => before,
            None => None,
        };
        Ok(move |message: &Message| before.is_none_or(|before| told(message.received) < before))
    }
}

/// The messages, the newest first
#[utoipa::path(get, path = "/api/v1/messages", tag = "Messages", operation_id = "listMessages", params(Window, Before),
    responses((status = 200, description = "A page of them", body = Listing), Misread))]
pub async fn list(web: Data<Web>, mount: Mount, paging: UrlQuery<Paging>, request: HttpRequest) -> HttpResponse {
    if let Some(refusal) = stray(&request, None) {
        return refusal;
    }
    let (start, limit) = match paging.limit() {
        0 => (0, usize::MAX),
        limit => (paging.start(), limit),
    };
    let is_before = match paging.is_before() {
        Ok(is_before) => is_before,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let (rows, (total, unread), tags) = {
        let store = web.inbox.store();
        let rows = store.newest_first(&mount.scope, None).filter(|kept| is_before(kept.message));
        let rows: Vec<_> = rows.skip(start).take(limit).map(|kept| kept.stored()).collect();
        (rows, store.count(&mount.scope), store.tags(&mount.scope))
    };
    json(&Listing {
        total,
        unread,
        count: rows.len(),
        messages_count: total,
        messages_unread: unread,
        start,
        tags: tags.into_iter().map(|(tag, _)| tag.into()).collect(),
        messages: rows.iter().map(Summary::of).collect(),
    })
}

/// What a call is about: some ids, what a search finds, or everything in scope.
#[derive(Debug, PartialEq)]
enum Chosen {
    All,
    Ids(Vec<MessageId>),
    Search(String),
}

/// What an empty list of ids means. Mailpit takes it for no list. Its clients mark everything so, and nothing is lost by
/// it; deleting everything because a search in a clean-up found nothing is another matter.
#[derive(Clone, Copy, PartialEq)]
enum Empty {
    IsAll,
    IsRefused,
}

/// `empty` says what an empty list of ids means.
fn chosen(members: &BTreeMap<String, Value>, empty: Empty) -> Result<Chosen, String> {
    let search = match members.get("search") {
        None | Some(Value::Null) => None,
        Some(Value::String(search)) if search.is_empty() => None,
        Some(Value::String(search)) => Some(search.clone()),
        Some(_) => return Err("\"Search\" is not a string; nothing was changed".into()),
    };
    let ids = match members.get("ids") {
        None | Some(Value::Null) => None,
        Some(Value::Array(ids)) if ids.is_empty() && empty == Empty::IsAll => None,
        Some(Value::Array(ids)) if ids.is_empty() => {
            return Err("\"IDs\" is empty; nothing was changed. Leave it out to mean all messages".into());
        }
        Some(Value::Array(ids)) => Some(ids),
        Some(_) => return Err("\"IDs\" is not a list; nothing was changed".into()),
    };
    match (ids, search) {
        (Some(_), Some(_)) => Err("You may specify either IDs or a search query, not both".into()),
        (None, Some(search)) => Ok(Chosen::Search(search)),
        (None, None) => Ok(Chosen::All),
        (Some(ids), None) if !ids.iter().all(Value::is_string) => {
            Err("\"IDs\" holds what is not a text; nothing was changed".into())
        }
        // An id that is none is one that is not there.
        (Some(ids), None) => Ok(Chosen::Ids(ids.iter().filter_map(|id| id.as_str()?.parse().ok()).collect())),
    }
}

/// What shall become of messages: without `Kept`, no `Read` means unread, as with Mailpit.
struct Marks {
    read: Option<bool>,
    kept: Option<bool>,
}

impl Marks {
    fn of(members: &BTreeMap<String, Value>) -> Result<Self, String> {
        let mark = |name: &str| match members.get(&name.to_lowercase()) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(mark)) => Ok(Some(*mark)),
            Some(_) => Err(format!("{name:?} is not true or false; nothing was changed")),
        };
        let (read, kept) = (mark("Read")?, mark("Kept")?);
        Ok(Self { read: if kept.is_none() { read.or(Some(false)) } else { read }, kept })
    }
}

/// Mark messages as read, or keep them
///
/// Those of `IDs`, or those that `Search` finds, or all. Without `Kept`, no `Read` means unread, as with Mailpit.
#[utoipa::path(put, path = "/api/v1/messages", tag = "Messages", operation_id = "markMessages",
    request_body(content = Marking, content_type = "application/json"),
    responses(Done, Misread, (status = 409, description = "More than may be kept; nothing was changed", body = String, content_type = "text/plain")))]
pub async fn mark(web: Data<Web>, mount: Mount, body: Bytes, request: HttpRequest) -> HttpResponse {
    if let Some(refusal) = stray(&request, Some(&["tz"])) {
        return refusal;
    }
    let read_chosen = || {
        let members = members(&body)?;
        Ok::<_, String>((Marks::of(&members)?, chosen(&members, Empty::IsAll)?))
    };
    let (marks, chosen) = match read_chosen() {
        Ok(read) => read,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let ids = match chosen {
        Chosen::Ids(ids) => ids,
        Chosen::All => found(&web, &mount, Query::default()).await,
        Chosen::Search(search) => match search.parse::<Query>() {
            Ok(query) if query.is_empty() => return refuse(StatusCode::BAD_REQUEST, "Error: no search query"),
            Ok(query) => found(&web, &mount, query).await,
            Err(error) => return refuse(StatusCode::BAD_REQUEST, format!("{error}")),
        },
    };
    let kept = match marks.kept {
        Some(kept) => web.inbox.keep(&mount.scope, &ids, kept).await,
        None => Ok(0),
    };
    match (kept, marks.read) {
        (Err(Unkept::TooMuch(too_much)), _) => refuse(StatusCode::CONFLICT, too_much.to_string()),
        (Err(Unkept::Failed(sentence)), _) => done(Err(sentence)),
        (Ok(_), Some(read)) => done(web.inbox.mark(&mount.scope, ids, read).await),
        (Ok(changed), None) => done(Ok(changed)),
    }
}

/// Delete messages, at once and for good
///
/// Those of `IDs`; without a body, or with `{}`, all of the mailbox, or of all of them at the root. What cannot be read, and
/// an empty list, delete nothing; ids that are not there are passed over.
#[utoipa::path(delete, path = "/api/v1/messages", tag = "Messages", operation_id = "deleteMessages",
    request_body(content = Ids, content_type = "application/json"),
    responses(Done, Misread))]
pub async fn delete(web: Data<Web>, mount: Mount, body: Bytes, request: HttpRequest) -> HttpResponse {
    if let Some(refusal) = stray(&request, Some(&[])) {
        return refusal;
    }
    let chosen = members(&body).and_then(|members| {
        match (chosen(&members, Empty::IsRefused)?, members.keys().find(|name| *name != "ids")) {
            // `{"ID":…}` is a slip of the pen, not the wish to delete everything.
            (Chosen::All, Some(name)) => {
                Err(format!("{name:?} is not known here, only \"IDs\" is; nothing was changed"))
            }
            (chosen, _) => Ok(chosen),
        }
    });
    match chosen {
        Ok(Chosen::All) => done(web.inbox.clear(&mount.scope).await),
        Ok(Chosen::Ids(ids)) => done(web.inbox.remove(&mount.scope, ids).await),
        Ok(Chosen::Search(_)) => {
            refuse(StatusCode::BAD_REQUEST, "to delete what a search finds, use DELETE /api/v1/search?query=…")
        }
        Err(sentence) => refuse(StatusCode::BAD_REQUEST, sentence),
    }
}

/// The ids that a query finds, looked for off the thread that answers requests.
pub(in crate::web) async fn found(web: &Web, mount: &Mount, query: Query) -> Vec<MessageId> {
    let search = web.inbox.search(&mount.scope, &query);
    off_thread(move || search.ids()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_absent_choice_means_everything() {
        let of = |body: &str| members(body.as_bytes()).and_then(|members| chosen(&members, Empty::IsRefused));
        assert_eq!(of(""), Ok(Chosen::All));
        assert_eq!(of("{}"), Ok(Chosen::All));
        assert_eq!(of("{\"ids\":[\"../../x\"]}"), Ok(Chosen::Ids(Vec::new())));
        assert_eq!(of("{\"search\":\"x\"}"), Ok(Chosen::Search("x".into())));
        let marked = members(b"{\"IDs\":[]}").and_then(|members| chosen(&members, Empty::IsAll));
        assert_eq!(marked, Ok(Chosen::All));
        for body in [
            "{",
            "[]",
            "nonsense",
            "{\"IDs\":[]}",
            "{\"IDs\":\"x\"}",
            "{\"IDs\":[\"x\",1]}",
            "{\"IDs\":[\"x\"],\"Search\":\"y\"}",
        ] {
            assert!(of(body).is_err(), "{body}");
        }
    }
}
