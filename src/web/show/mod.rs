//! The handlers of the pages: from what the mailbox holds to the plain views that [`super::page`] renders.

pub mod act;
pub mod api;
pub(super) mod between;
pub mod complete;
pub mod download;
mod hits;
pub mod inside;
pub mod list;
mod machine;
pub mod message;
mod parts;
mod reading;
pub mod sessions;
pub mod setup;
mod source;
pub mod test_message;
pub(super) mod thread;
mod tracking;
pub mod wanted;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::Timestamp;

use super::Web;
use super::asset;
use super::facts::VERSION;
use super::feed;
use super::mount::Mount;
use super::page::marked::RowHits;
use super::page::shell::{MailboxLink, Mount as MountView, Shell, Stats};
use super::page::side::{CountedFragment, TagLink};
use super::page::view::Row;
use super::page::{ErrorPage, weight, words};
use super::problem::Problem;
use crate::clock;
use crate::mail::finding::Severity;
use crate::mailbox::{MailboxName, Query, Scope, Stored};

/// Mailboxes that stand beside the list. The others have their addresses all the same.
const MAILBOXES_MAX: usize = 200;

/// Tags that stand beside the list.
const TAGS_MAX: usize = 50;

/// The frame of a page: where it is mounted, what is counted, what there is beside it.
pub(super) fn shell(web: &Web, mount: &Mount, query: &str) -> Shell {
    // Before all else is read: what comes between the two is told once more, and nothing is missed.
    let at = feed::id(web.inbox.start(), web.inbox.store().seq());
    let link = |(name, total, unread): (&MailboxName, usize, usize)| MailboxLink {
        href: Mount::of(name.clone()).base,
        name: name.to_string(),
        total: total as u64,
        unread: unread as u64,
    };
    // The one at hand and `default` first; a fleet of workers must not make the page heavy.
    let at_hand = mount.mailbox();
    let is_first = |name: &MailboxName| Some(name) == at_hand || name.is_default();
    let (mailboxes, mailboxes_left_out, unread_everywhere, tags) = {
        let store = web.inbox.store();
        let mut first: Vec<_> = store.mailboxes().filter(|(name, ..)| is_first(name)).map(link).collect();
        first.sort_by_key(|link| Some(&*link.name) != at_hand.map(MailboxName::as_str));
        let others = store.mailboxes().filter(|(name, ..)| !is_first(name)).map(link);
        let left = MAILBOXES_MAX - first.len();
        first.extend(others.take(left));
        // Those of the most messages; the API lists all.
        let tags = store.tags_of_most(&mount.scope, TAGS_MAX);
        let left_out = store.mailboxes().len() - first.len();
        (first, left_out, store.totals().unread as u64, tags)
    };
    Shell {
        at,
        mount: MountView {
            base: mount.base.clone(),
            root: Mount::root().base,
            mailbox: mount.mailbox().map(ToString::to_string),
        },
        assets: asset::addresses(),
        stats: stats(web, &mount.scope),
        here: "",
        mailboxes,
        mailboxes_left_out,
        unread_everywhere,
        tags: tags.iter().map(|(name, count)| TagLink::new(name, *count as u64)).collect(),
        query: query.to_owned(),
        thread: None,
        sessions: false,
        version: VERSION.to_owned(),
    }
}

/// `GET /side?q=…`: the counts beside every page.
pub async fn side(web: Data<Web>, mount: Mount, asked: UrlQuery<list::Asked>) -> HttpResponse {
    rendered(StatusCode::OK, &CountedFragment { shell: asked.shell(&web, &mount) })
}

/// The counts of a mount.
pub(super) fn stats(web: &Web, scope: &Scope) -> Stats {
    let sessions = web.inbox.sessions().counts();
    let broken = match scope {
        Scope::All => sessions.broken,
        Scope::Mailbox(_) => {
            let mine = super::api::sessions::in_scope(&web.inbox, scope);
            mine.iter().filter(|(_, record)| record.outcome.is_broken()).count() as u64
        }
    };
    let store = web.inbox.store();
    let (total, unread) = store.count(scope);
    let totals = store.totals();
    Stats {
        total: total as u64,
        unread: unread as u64,
        bytes: (store.bytes_used() + sessions.bytes) as u64,
        budget: store.limits().memory_bytes_max as u64,
        kept: totals.kept as u64,
        kept_bytes: totals.kept_bytes as u64,
        evicted: totals.evicted,
        broken,
    }
}

/// A message as a row of the list, with the pieces marked for which a search found it.
pub(super) fn row(stored: &Stored, query: &Query) -> Row {
    let mut row = row_at(stored, clock::now());
    hits::mark(&mut row, stored, query);
    row
}

fn row_at(stored: &Stored, now: Timestamp) -> Row {
    let (message, view) = (&*stored.message, &stored.message.view);
    let from = view.from().first();
    let address = from.map_or_else(|| message.envelope.from.path.to_string(), |from| from.address.to_string());
    Row {
        id: message.id.to_string(),
        cursor: stored.seq.to_string(),
        unread: !stored.read,
        kept: stored.kept,
        from: line(from.map(|from| &*from.name).filter(|name| !name.is_empty()).unwrap_or(&address)),
        from_address: line(&address),
        to: message.envelope.to.iter().map(|to| line(&to.path.to_string())).collect(),
        subject: line(&view.subject),
        snippet: message.snippet().into_owned(),
        hits: RowHits::default(),
        received: words::stamp(message.received, now),
        size: message.raw_len() as u64,
        attachments: view.attachments().len(),
        tags: stored.tags.iter().map(ToString::to_string).collect(),
        findings: message.all_findings().count(),
        findings_matter: message.all_findings().any(|finding| finding.oddity.severity() > Severity::Note),
        refusable: message.is_refusable(),
        mailbox: other_mailbox(&message.mailbox),
        tls: message.envelope.client.tls.as_ref().map(|tls| tls.version.to_string()),
        login: message.envelope.client.login.as_ref().map(|login| line(&login.user)),
        depth: 0,
        astray: Vec::new(),
    }
}

/// A row shows one line: a hundred subjects or names of a megabyte would be a page that no browser opens.
fn line(text: &str) -> String {
    weight::cut(text, ROW_LINE_BYTES_MAX)
}

const ROW_LINE_BYTES_MAX: usize = 400;

fn other_mailbox(name: &MailboxName) -> Option<String> {
    (!name.is_default()).then(|| name.to_string())
}

/// A piece of a page, which the script puts into the one it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fragment {
    /// What lies right of the list.
    Pane,
    /// The rows.
    Rows,
}

impl Fragment {
    /// What the request asks for, if for a piece.
    fn asked(request: &HttpRequest) -> Option<Self> {
        match request.headers().get("X-Fragment")?.as_bytes() {
            b"pane" => Some(Self::Pane),
            b"rows" => Some(Self::Rows),
            _ => None,
        }
    }
}

/// A page, with its status.
pub(super) fn rendered(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        // A piece and the whole have one address: neither may be taken for the other.
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::VARY, "X-Fragment"))
            .body(html),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// Back to a page after a form was taken (RFC 9110 §15.4.4).
fn see_other(address: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// `GET /mailbox/{name}`: the mount begins with its slash.
pub async fn to_mount(mount: Mount) -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, mount.base)).finish()
}

/// A refusal as a page. It tells nothing of what is kept: whoever is refused may be a stranger.
pub(super) fn refused(problem: &Problem, remedy: String) -> HttpResponse {
    complaint(problem, &Mount::root(), remedy, String::new())
}

/// A fault of ours as a page, with the address of the source that it is about. It asks the store for nothing.
pub(super) fn failed(problem: &Problem, mount: &Mount, source: String) -> HttpResponse {
    complaint(problem, mount, String::new(), source)
}

fn complaint(problem: &Problem, mount: &Mount, remedy: String, source: String) -> HttpResponse {
    let mailbox = mount.mailbox().map(ToString::to_string);
    let shell = Shell {
        mount: MountView { base: mount.base.clone(), root: Mount::root().base, mailbox },
        assets: asset::addresses(),
        version: VERSION.to_owned(),
        ..Shell::default()
    };
    let (status, title) = (problem.code.as_u16(), problem.title.to_owned());
    rendered(problem.code, &ErrorPage { shell, status, title, detail: problem.detail.clone(), remedy, source })
}

/// Everything that is not in the table.
pub async fn nowhere(web: Data<Web>, request: HttpRequest) -> HttpResponse {
    // A base that ends in a slash, joined with a path that begins with one: clients of Mailpit do it, and Go sends them on.
    // One slash is left, so the address is one of ours; only at the head, for `/mailbox//` has lost its name.
    if let Some(rest) = request.uri().path_and_query().and_then(|path| path.as_str().strip_prefix("//")) {
        let address = format!("/{}", rest.trim_start_matches(['/', '\\']));
        return HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, address)).finish();
    }
    if request.path().contains("/api/") {
        return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("404 page not found\n");
    }
    let page = ErrorPage {
        shell: shell(&web, &Mount::root(), ""),
        status: StatusCode::NOT_FOUND.as_u16(),
        title: "There is no such page".into(),
        detail: format!("Nothing stands at {}.", request.path()),
        remedy: String::new(),
        source: String::new(),
    };
    rendered(StatusCode::NOT_FOUND, &page)
}
