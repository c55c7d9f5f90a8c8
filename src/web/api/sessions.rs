//! `/api/v1/sessions`: what became of every connection, newest first. The answer to "my mail did not arrive".

use actix_web::HttpResponse;
use actix_web::web::{Data, Query as UrlQuery, block};
use serde::Serialize;

use super::json;
use super::messages::Paging;
use super::shape::{FindingShape, instant};
use crate::mailbox::MailboxName;
use crate::mailbox::session_log::{Outcome, SessionRecord};
use crate::web::Web;
use crate::web::mount::Mount;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sessions {
    ended: u64,
    broken: u64,
    sessions: Vec<SessionShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SessionShape {
    number: u64,
    opened: String,
    closed: String,
    door: &'static str,
    peer: Option<String>,
    helo: Option<String>,
    #[serde(rename = "TLS")]
    tls: Option<String>,
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    messages: u32,
    /// What went wrong and how to mend it; none if nothing did.
    trouble: Option<String>,
    findings: Vec<FindingShape>,
    dialogue: String,
}

impl SessionShape {
    fn of(number: u64, record: &SessionRecord) -> Self {
        let client = &record.client;
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
            trouble: match &record.outcome {
                Outcome::Done => None,
                Outcome::Broken(sentence) => Some(sentence.clone()),
            },
            findings: record.findings.iter().map(Into::into).collect(),
            dialogue: record.dialogue.to_string(),
        }
    }
}

/// `GET /api/v1/sessions?start=0&limit=50`: under a mailbox, those whose client logged in to it. `limit=0` is all.
pub async fn list(web: Data<Web>, mount: Mount, paging: UrlQuery<Paging>) -> HttpResponse {
    let counts = web.inbox.sessions().counts();
    let sessions = web.inbox.sessions().newest_first();
    let limit = if paging.limit() == 0 { usize::MAX } else { paging.limit() };
    let mine = sessions.into_iter().filter(move |(_, record)| mount.scope.sees(&MailboxName::of(&record.client).0));
    let shown = mine.skip(paging.start()).take(limit);
    // A thousand dialogues are many megabytes.
    let shapes = block(move || shown.map(|(number, record)| SessionShape::of(number, &record)).collect());
    json(&Sessions { ended: counts.ended, broken: counts.broken, sessions: shapes.await.unwrap_or_default() })
}
