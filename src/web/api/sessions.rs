//! `/api/v1/sessions`: what became of every connection, newest first. The answer to "my mail did not arrive".

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Query as UrlQuery};
use serde::Serialize;
use utoipa::ToSchema;

use super::findings::FindingShape;
use super::json;
use super::messages::{Paging, Window};
use super::shape::instant;
use super::told::{Misread, SessionOutcome, Way};
use crate::mailbox::session_log::SessionRecord;
use crate::mailbox::{Inbox, MailboxName, Scope};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;

/// A page of the sessions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sessions {
    /// Since the start.
    ended: u64,
    /// Of them, those that broke off or lost something.
    broken: u64,
    /// Connections that are open now.
    under_way: usize,
    /// The newest first.
    sessions: Vec<SessionShape>,
}

/// What became of one connection.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
#[serde(rename_all = "PascalCase")]
struct SessionShape {
    /// Counted from 1 on since the start.
    number: u64,
    /// RFC 3339, in UTC.
    #[schema(format = DateTime)]
    opened: String,
    /// RFC 3339, in UTC.
    #[schema(format = DateTime)]
    closed: String,
    /// By which way it came.
    #[schema(value_type = Way)]
    door: &'static str,
    /// The client's address and port.
    #[schema(required)]
    peer: Option<String>,
    /// What it said in HELO or EHLO.
    #[schema(required)]
    helo: Option<String>,
    /// The version; none on a plain connection.
    #[schema(required)]
    #[serde(rename = "TLS")]
    tls: Option<String>,
    /// The user name; none without a login.
    #[schema(required)]
    user: Option<String>,
    /// The file that was picked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// How many it brought.
    messages: u32,
    /// The last of them that are still kept.
    #[serde(rename = "MessageIDs")]
    message_ids: Vec<String>,
    /// What became of it.
    #[schema(value_type = SessionOutcome)]
    outcome: &'static str,
    /// Of one without a message, of which nothing was refused: what that may mean.
    #[schema(required)]
    remark: Option<String>,
    /// What went wrong and how to mend it; none if nothing did.
    #[schema(required)]
    trouble: Option<String>,
    /// What was odd.
    findings: Vec<FindingShape>,
    /// What was said, line by line, `C:` the client and `S:` the server; secrets are left out.
    dialogue: String,
}

impl SessionShape {
    fn of(number: u64, record: &SessionRecord, kept: Vec<String>) -> Self {
        let client = &record.client;
        let sentence = record.outcome.sentence().map(str::to_owned);
        let broken = record.outcome.is_broken();
        Self {
            number,
            opened: instant(record.opened),
            closed: instant(record.closed),
            door: client.door.name(),
            peer: client.peer.map(|peer| peer.to_string()),
            helo: client.helo.as_ref().map(|helo| helo.name.to_string()),
            tls: client.tls.as_ref().map(|tls| tls.version.to_string()),
            user: client.login.as_ref().map(|login| login.user.to_string()),
            file: client.file.as_ref().map(ToString::to_string),
            messages: record.messages,
            message_ids: kept,
            outcome: record.outcome.word(),
            remark: sentence.clone().filter(|_| !broken),
            trouble: sentence.filter(|_| broken),
            findings: record.findings.iter().map(|finding| FindingShape::of(finding, None)).collect(),
            dialogue: record.dialogue.to_string(),
        }
    }
}

/// What became of every connection
///
/// The newest first, also those that brought no message: the answer to "my mail did not arrive". Under a mailbox, those whose
/// client logged in to it.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "Server", operation_id = "listSessions", params(Window),
    responses((status = 200, description = "The sessions that are remembered", body = Sessions), Misread))]
pub async fn list(web: Data<Web>, mount: Mount, paging: UrlQuery<Paging>) -> HttpResponse {
    let counts = web.inbox.sessions().counts();
    let limit = if paging.limit() == 0 { usize::MAX } else { paging.limit() };
    let shown = in_scope(&web.inbox, &mount.scope).into_iter().skip(paging.start()).take(limit);
    let (inbox, scope) = (web.inbox.clone(), mount.scope);
    let shape = move |(number, record): (u64, Arc<SessionRecord>)| {
        let kept = inbox.store().still_kept(&scope, &record.ids).map(|stored| stored.message.id.to_string()).collect();
        SessionShape::of(number, &record, kept)
    };
    // A thousand dialogues are many megabytes.
    let sessions = off_thread(move || shown.map(shape).collect()).await;
    json(&Sessions { ended: counts.ended, broken: counts.broken, under_way: counts.under_way, sessions })
}

/// The remembered sessions of a mount, newest first: under a mailbox, those whose client logged in to it.
pub fn in_scope(inbox: &Inbox, scope: &Scope) -> Vec<(u64, Arc<SessionRecord>)> {
    let mut all = inbox.sessions().newest_first();
    all.retain(|(_, record)| scope.sees(&MailboxName::of(&record.client).0));
    all
}
