//! `GET /`: the list.

use std::ops::ControlFlow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use serde::Deserialize;

use super::{between, rendered, row_at, setup, shell, thread};
use crate::clock;
use crate::mailbox::{Query, Stored};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::{ListPage, Pane};

/// What may follow the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The search.
    pub q: Option<String>,
    /// Rows below this place.
    pub before: Option<String>,
    /// The message whose conversation is shown.
    pub thread: Option<String>,
    /// `1`: connections without a message are rows too.
    pub sessions: Option<String>,
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
    let thread = asked.thread.as_deref().filter(|thread| !thread.is_empty());
    let mut shell = shell(web, mount, typed);
    shell.thread = thread.map(Into::into);
    shell.sessions = asked.sessions.as_deref() == Some("1");
    if let Some(thread) = thread {
        let (rows, conversation) = thread::list(web, mount, thread).await;
        let (conversation, older, below_top, found) = (Some(conversation), None, false, None);
        return ListPage { shell, rows, older, below_top, found, search_error: None, conversation, pane };
    }
    let before = asked.before.as_deref().and_then(|before| before.parse::<u64>().ok());
    let is_plain = query.as_ref().is_some_and(Query::is_empty);
    let Rows { mut shown, is_below, found } = match query {
        Some(query) if query.is_empty() => newest(web, mount, before),
        Some(query) => searched(web, mount, &query, before).await,
        None => Rows::default(),
    };
    // One more than a page has was asked for.
    let older =
        (shown.len() > ROWS).then(|| shown.swap_remove(ROWS)).and(shown.last()).map(|last| last.seq.to_string());
    let now = clock::now();
    let sessions = if shell.sessions && is_plain {
        between::sessions(web, mount, before, shown.last().filter(|_| older.is_some()), now)
    } else {
        Vec::new()
    };
    ListPage {
        shell,
        rows: between::woven(shown.iter().map(|stored| (stored.message.received, row_at(stored, now))), sessions),
        older,
        below_top: is_below,
        found: (!typed.is_empty()).then_some(found as u64),
        search_error,
        conversation: None,
        pane,
    }
}

/// What a page shows, and what it says of the rest.
#[derive(Default)]
struct Rows {
    /// And one more, if there is one.
    shown: Vec<Stored>,
    /// Whether there are others above.
    is_below: bool,
    found: usize,
}

/// Of all that there is: only what is shown is asked for.
fn newest(web: &Web, mount: &Mount, before: Option<u64>) -> Rows {
    let store = web.inbox.store();
    let newest = store.newest_first(&mount.scope, None).next();
    Rows {
        shown: store.newest_first(&mount.scope, before).take(ROWS + 1).map(|kept| kept.stored()).collect(),
        is_below: newest.is_some_and(|newest| before.is_some_and(|before| newest.seq >= before)),
        found: store.count(&mount.scope).0,
    }
}

/// Of what a search finds, looked for off the thread that answers requests.
async fn searched(web: &Web, mount: &Mount, query: &Query, before: Option<u64>) -> Rows {
    let search = web.inbox.search(&mount.scope, query);
    off_thread(move || {
        let mut rows = Rows::default();
        search.each(|kept| {
            rows.found += 1;
            match before {
                Some(before) if kept.seq >= before => rows.is_below = true,
                _ if rows.shown.len() <= ROWS => rows.shown.push(kept.stored()),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        rows
    })
    .await
}
