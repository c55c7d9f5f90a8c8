//! `GET /sessions`: what became of every connection.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use jiff::Timestamp;
use serde::Deserialize;

use super::reading::finding_view;
use super::{rendered, shell};
use crate::clock;
use crate::mailbox::session_log::SessionRecord;
use crate::mailbox::{Inbox, Scope, Stored};
use crate::web::Web;
use crate::web::api::sessions::in_scope;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::body::dialogue_lines;
use crate::web::page::sessions::{Brought, SessionView, Show, Totals};
use crate::web::page::shell::Shell;
use crate::web::page::weight;
use crate::web::page::{SessionsPage, words};

/// What may follow the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The filter.
    show: Option<String>,
    /// Those before this number.
    before: Option<String>,
    /// This one alone, whole.
    number: Option<String>,
}

/// Sessions of one page.
const SHOWN: usize = 50;
/// Lines of a dialogue that are shown among others, and their bytes.
const LINES_MAX: usize = 100;
const LINES_BYTES_MAX: usize = 16 << 10;

/// `GET /sessions?show=FILTER&before=NUMBER`, or `?number=NUMBER`.
pub async fn page(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>) -> HttpResponse {
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u64>().ok());
    let show = Show::asked(asked.show.as_deref().unwrap_or_default());
    let (before, alone) = (number(&asked.before), number(&asked.number));
    let mut all = in_scope(&web.inbox, &mount.scope);
    let counts = Show::ALL.map(|show| all.iter().filter(|(_, record)| is_shown(show, record)).count());
    all.retain(|(number, record)| match alone {
        Some(alone) => *number == alone,
        None => is_shown(show, record) && before.is_none_or(|before| *number < before),
    });
    let older = all.get(SHOWN).map(|_| all[SHOWN - 1].0);
    all.truncate(SHOWN);
    let (inbox, scope, now) = (web.inbox.clone(), mount.scope.clone(), clock::now());
    let draw = move || all.iter().map(|session| view(session, &inbox, &scope, now, alone.is_some())).collect();
    let sessions: Vec<_> = off_thread(draw).await;
    let totals = web.inbox.sessions().counts();
    let status = if alone.is_some() && sessions.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let page = SessionsPage {
        shell: Shell { here: "sessions", ..shell(&web, &mount, "") },
        show,
        counts,
        totals: Totals { ended: totals.ended, under_way: totals.under_way },
        sessions,
        older,
        below_top: before.is_some(),
        alone: alone.is_some(),
    };
    rendered(status, &page)
}

fn is_shown(show: Show, record: &SessionRecord) -> bool {
    match show {
        Show::All => true,
        Show::Silent => record.messages == 0,
        Show::Trouble => record.outcome.is_broken(),
    }
}

fn view(
    (number, record): &(u64, Arc<SessionRecord>),
    inbox: &Inbox,
    scope: &Scope,
    now: Timestamp,
    whole: bool,
) -> SessionView {
    let (dialogue, cut) = shown_lines(record.dialogue.as_str(), whole);
    let brought = |stored: Stored| Brought {
        id: stored.message.id.to_string(),
        subject: weight::cut(&stored.message.view.subject, SUBJECT_BYTES_MAX),
    };
    SessionView {
        brought: inbox.store().still_kept(scope, &record.ids).map(brought).collect(),
        findings: record.findings.iter().map(|finding| finding_view(finding, None)).collect(),
        dialogue: dialogue_lines(dialogue),
        cut,
        ..outline(*number, record, now)
    }
}

/// A connection without what it said and brought.
pub(in crate::web) fn outline(number: u64, record: &SessionRecord, now: Timestamp) -> SessionView {
    let client = &record.client;
    SessionView {
        number,
        opened: words::stamp(record.opened, now),
        closed: words::stamp(record.closed, now),
        lasted: words::lasted(record.opened, record.closed),
        door: client.door.name().into(),
        port: client.local.map(|local| local.port()),
        peer: client.peer.map(|peer| peer.to_string()),
        helo: client.helo.as_ref().map(|helo| format!("{} {}", if helo.extended { "EHLO" } else { "HELO" }, helo.name)),
        tls: client.tls.as_ref().map(|tls| tls.version.to_string()),
        login: client.login.as_ref().map(|login| login.user.to_string()),
        file: client.file.as_ref().map(ToString::to_string),
        messages: record.messages,
        outcome: record.outcome.word(),
        sentence: record.outcome.sentence().unwrap_or_default().to_owned(),
        ..SessionView::default()
    }
}

/// The beginning of a dialogue, and how many lines it leaves out.
fn shown_lines(dialogue: &str, whole: bool) -> (&str, usize) {
    if whole {
        return (dialogue, 0);
    }
    let mut ends = 0;
    for line in dialogue.split_inclusive('\n').take(LINES_MAX) {
        if ends > 0 && ends + line.len() > LINES_BYTES_MAX {
            break;
        }
        ends += line.len();
    }
    (&dialogue[..ends], dialogue[ends..].lines().count())
}

/// Of the subject of a message that a connection brought.
const SUBJECT_BYTES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_dialogue_shows_its_beginning_and_counts_the_rest() {
        assert_eq!(shown_lines("", false), ("", 0));
        assert_eq!(shown_lines("C: a\nS: b\n", false), ("C: a\nS: b\n", 0));
        let long = "C: NOOP\n".repeat(LINES_MAX + 7);
        assert_eq!(shown_lines(&long, false), (&long[..LINES_MAX * 8], 7));
        assert_eq!(shown_lines(&long, true), (long.as_str(), 0));
        let wide = format!("S: {}\n", "x".repeat(LINES_BYTES_MAX)).repeat(2);
        assert_eq!(shown_lines(&wide, false).1, 1);
    }
}
