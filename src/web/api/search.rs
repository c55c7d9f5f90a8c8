//! `/api/v1/search`: what a query finds, and its deletion.

use std::ops::ControlFlow;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::IntoParams;

use super::messages::{Before, Paging, Window, found};
use super::shape::{Listing, Summary};
use super::told::{Done, Misread};
use super::{done, json, refuse, stray};
use crate::mailbox::Query;
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    query: Option<String>,
    before: Option<String>,
}

/// It as the document says it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
struct Wanted {
    /// In the language of the page: `from:billing@ subject:invoice -is:read`. One without a word in it is refused.
    #[param(example = "subject:Welcome", min_length = 1)]
    query: String,
}

impl Asked {
    fn read(&self) -> Result<Query, String> {
        let query: Query = self.query.as_deref().unwrap_or("").parse().map_err(|error| format!("{error}"))?;
        // A lone sign or a pair of quotes asks for nothing too; it would list, and delete, everything.
        if query.is_empty() { Err("Error: no search query".into()) } else { Ok(query) }
    }
}

/// The messages that a search finds, the newest first
#[utoipa::path(get, path = "/api/v1/search", tag = "Messages", operation_id = "searchMessages", params(Wanted, Window, Before),
    responses((status = 200, description = "A page of them", body = Listing), Misread))]
pub async fn list(
    web: Data<Web>,
    mount: Mount,
    asked: UrlQuery<Asked>,
    paging: UrlQuery<Paging>,
    request: HttpRequest,
) -> HttpResponse {
    if let Some(refusal) = stray(&request, None) {
        return refusal;
    }
    let query = match asked.read() {
        Ok(query) => query,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let is_before = match paging.is_before() {
        Ok(is_before) => is_before,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let search = web.inbox.search(&mount.scope, &query);
    let ((total, unread), tags) = {
        let store = web.inbox.store();
        (store.count(&mount.scope), store.tags(&mount.scope))
    };
    let (start, limit) = (paging.start(), paging.limit());
    let listing = off_thread(move || {
        let (mut hits, mut hits_unread, mut shown) = (0, 0, Vec::new());
        search.each(|kept| {
            if is_before(kept.message) {
                if hits >= start && shown.len() < limit {
                    shown.push(kept.stored());
                }
                hits += 1;
                hits_unread += usize::from(!kept.read);
            }
            ControlFlow::Continue(())
        });
        Listing {
            total,
            unread,
            count: shown.len(),
            messages_count: hits,
            messages_unread: hits_unread,
            start,
            tags: tags.into_iter().map(|(tag, _)| tag.into()).collect(),
            messages: shown.iter().map(Summary::of).collect(),
        }
    });
    json(&listing.await)
}

/// Delete what a search finds, at once and for good
///
/// Also fine when it finds nothing.
#[utoipa::path(
    delete,
    path = "/api/v1/search",
    tag = "Messages",
    operation_id = "deleteSearch",
    params(Wanted),
    responses(Done, Misread)
)]
pub async fn delete(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>, request: HttpRequest) -> HttpResponse {
    if let Some(refusal) = stray(&request, Some(&["query", "tz", "before", "start", "limit"])) {
        return refusal;
    }
    // Passed over, it would delete more than was meant.
    if asked.before.as_deref().is_some_and(|before| !before.is_empty()) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "to delete what is older, write before: in the query; nothing was deleted",
        );
    }
    match asked.read() {
        Ok(query) => {
            let ids = found(&web, &mount, query).await;
            done(web.inbox.remove(&mount.scope, ids).await)
        }
        Err(sentence) => refuse(StatusCode::BAD_REQUEST, sentence),
    }
}
