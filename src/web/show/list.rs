//! `GET /`: the list.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use serde::Deserialize;

use super::{hits, rendered, row_at, setup, shell};
use crate::clock;
use crate::mailbox::Query;
use crate::web::Web;
use crate::web::mount::Mount;
use crate::web::page::{ListPage, Pane};

/// What may follow the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The search.
    pub q: Option<String>,
    /// Rows below this place.
    pub before: Option<String>,
    /// The tab of the message.
    pub tab: Option<String>,
    /// Remote content may be fetched for this view.
    pub remote: Option<String>,
}

/// Rows of one page.
const ROWS: usize = 100;

/// `GET /?q=SEARCH&before=CURSOR`
pub async fn page(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>) -> HttpResponse {
    let pane = Pane::Idle(setup::panel(&web, &mount));
    let page = list(&web, &mount, &asked, pane).await;
    let status = if page.search_error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    rendered(status, &page)
}

/// The list with something beside it.
pub(super) async fn list(web: &Web, mount: &Mount, asked: &Asked, pane: Pane) -> ListPage {
    let typed = asked.q.as_deref().unwrap_or_default().trim();
    let (query, search_error) = match typed.parse::<Query>() {
        Ok(query) => (Some(query), None),
        Err(error) => (None, Some(format!("{error}."))),
    };
    let searched = !typed.is_empty();
    let found = match query {
        Some(query) => hits(web, mount, query).await,
        None => Vec::new(),
    };
    let before = asked.before.as_deref().and_then(|before| before.parse::<u64>().ok());
    let below = found.partition_point(|stored| before.is_some_and(|before| stored.seq >= before));
    let now = clock::now();
    let shown = &found[below..found.len().min(below + ROWS)];
    let older = (below + shown.len() < found.len()).then(|| shown.last().map(|last| last.seq.to_string())).flatten();
    ListPage {
        shell: shell(web, mount, typed),
        rows: shown.iter().map(|stored| row_at(stored, now)).collect(),
        older,
        below_top: below > 0,
        found: searched.then_some(found.len() as u64),
        search_error,
        pane,
    }
}
