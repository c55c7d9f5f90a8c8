//! `GET /`: the list.

use std::ops::ControlFlow;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde::Deserialize;

use super::{Fragment, between, rendered, row, setup, shell, thread};
use crate::clock;
use crate::mailbox::{Batch, Query, Stored};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::shell::Shell;
use crate::web::page::view::Row;
use crate::web::page::{ListPage, Pane, PaneFragment, RowsFragment, Undo};

/// What may follow the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The search.
    pub q: Option<String>,
    /// Rows below this place.
    pub before: Option<String>,
    /// What was deleted a moment ago, to offer to bring it back.
    pub undo: Option<String>,
    /// The message whose conversation is shown.
    pub thread: Option<String>,
    /// `1`: connections without a message are rows too.
    pub sessions: Option<String>,
    /// The tab of the message.
    pub tab: Option<String>,
    /// Remote content may be fetched for this view.
    pub remote: Option<String>,
    /// How many rows the script wants that has that many.
    pub rows: Option<String>,
}

impl Asked {
    fn search(&self) -> &str {
        self.q.as_deref().unwrap_or_default().trim()
    }

    /// The frame of a page that is asked for so.
    pub(super) fn shell(&self, web: &Web, mount: &Mount) -> Shell {
        Shell {
            thread: self.thread.clone().filter(|thread| !thread.is_empty()),
            sessions: self.sessions.as_deref() == Some("1"),
            ..shell(web, mount, self.search())
        }
    }
}

/// Rows of one page.
const ROWS: usize = 100;
/// Rows that the script may ask for at once.
const ROWS_MAX: usize = 500;

/// `GET /?q=SEARCH&before=CURSOR`
pub async fn page(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>, request: HttpRequest) -> HttpResponse {
    beside(&web, &mount, &asked, &request, Pane::Idle(setup::panel(&web, &mount))).await
}

/// The list with a pane beside it, or the piece of that which the script asks for.
pub(super) async fn beside(web: &Web, mount: &Mount, asked: &Asked, request: &HttpRequest, pane: Pane) -> HttpResponse {
    let fragment = Fragment::asked(request);
    let status = if matches!(pane, Pane::Gone) { StatusCode::NOT_FOUND } else { StatusCode::OK };
    if fragment == Some(Fragment::Pane) {
        return rendered(status, &PaneFragment { shell: asked.shell(web, mount), pane });
    }
    // A message is there whatever the search beside it says.
    let is_list = matches!(pane, Pane::Idle(_));
    let page = list(web, mount, asked, pane).await;
    let status = if is_list && page.search_error.is_some() { StatusCode::BAD_REQUEST } else { status };
    if fragment == Some(Fragment::Rows) {
        let ListPage { shell, rows, older, found, .. } = page;
        return rendered(status, &RowsFragment { shell, rows, older, found });
    }
    rendered(status, &page)
}

async fn list(web: &Web, mount: &Mount, asked: &Asked, pane: Pane) -> ListPage {
    let typed = asked.search();
    let (query, search_error) = match typed.parse::<Query>() {
        Ok(query) => (Some(query), None),
        Err(error) => (None, Some(format!("{error}."))),
    };
    // Before the rows are read: what comes between the two is told once more, and nothing is missed.
    let shell = asked.shell(web, mount);
    if let Some(thread) = &shell.thread {
        let (rows, conversation) = thread::list(web, mount, thread).await;
        let (conversation, older, below_top, found) = (Some(conversation), None, false, None);
        return ListPage { shell, rows, older, below_top, found, search_error: None, undo: None, conversation, pane };
    }
    let most = asked.rows.as_deref().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS).clamp(ROWS, ROWS_MAX);
    let before = asked.before.as_deref().and_then(|before| before.parse::<u64>().ok());
    let is_plain = query.as_ref().is_some_and(Query::is_empty);
    let Found { rows, older, is_below, found, last } = match query {
        Some(query) if query.is_empty() => newest(web, mount, before, most).page(&query, most),
        Some(query) => searched(web, mount, query, before, most).await,
        None => Found::default(),
    };
    let now = clock::now();
    let sessions = if shell.sessions && is_plain {
        between::sessions(web, mount, before, last.as_ref().filter(|_| older.is_some()), now)
    } else {
        Vec::new()
    };
    let undone = |batch: &Batch| web.inbox.store().hidden_by(&mount.scope, *batch, now);
    let batch = asked.undo.as_deref().and_then(|batch| batch.parse::<Batch>().ok());
    let undo = batch.map(|batch| Undo { batch: batch.to_string(), count: undone(&batch) as u64 });
    ListPage {
        shell,
        rows: between::woven(rows.into_iter(), sessions),
        older,
        below_top: is_below,
        found: (!typed.is_empty()).then_some(found as u64),
        search_error,
        undo: undo.filter(|undo| undo.count > 0),
        conversation: None,
        pane,
    }
}

/// What there is for a page.
#[derive(Default)]
struct There {
    /// And one more, if there is one.
    shown: Vec<Stored>,
    /// Whether there are others above.
    is_below: bool,
    found: usize,
}

/// What a page shows, and what it says of the rest.
#[derive(Default)]
struct Found {
    /// With the time at which each came.
    rows: Vec<(Timestamp, Row)>,
    older: Option<String>,
    is_below: bool,
    found: usize,
    /// The last one shown.
    last: Option<Stored>,
}

impl There {
    fn page(self, query: &Query, most: usize) -> Found {
        let Self { mut shown, is_below, found } = self;
        // One more than a page has was asked for.
        let older =
            (shown.len() > most).then(|| shown.swap_remove(most)).and(shown.last()).map(|last| last.seq.to_string());
        let rows = shown.iter().map(|stored| (stored.message.received, row(stored, query))).collect();
        Found { rows, older, is_below, found, last: shown.pop() }
    }
}

/// Of all that there is: only what is shown is asked for.
fn newest(web: &Web, mount: &Mount, before: Option<u64>, most: usize) -> There {
    let store = web.inbox.store();
    let newest = store.newest_first(&mount.scope, None).next();
    There {
        shown: store.newest_first(&mount.scope, before).take(most + 1).map(|kept| kept.stored()).collect(),
        is_below: newest.is_some_and(|newest| before.is_some_and(|before| newest.seq >= before)),
        found: store.count(&mount.scope).0,
    }
}

/// Of what a search finds, looked for and marked off the thread that answers requests.
async fn searched(web: &Web, mount: &Mount, query: Query, before: Option<u64>, most: usize) -> Found {
    let search = web.inbox.search(&mount.scope, &query);
    off_thread(move || {
        let mut rows = There::default();
        search.each(|kept| {
            rows.found += 1;
            match before {
                Some(before) if kept.seq >= before => rows.is_below = true,
                _ if rows.shown.len() <= most => rows.shown.push(kept.stored()),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        rows.page(&query, most)
    })
    .await
}
