//! `/api/v1/info`: this run, its limits and how full they are.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::shape::instant;
use crate::clock;
use crate::mail::structure::{NESTING_MAX, PARTS_MAX};
use crate::web::Web;
use crate::web::facts::VERSION;
use crate::web::mount::Mount;

/// This run, its limits and how full they are. Under `/mailbox/{name}` messages, tags and mailboxes are those of that one.
#[derive(Serialize, ToSchema)]
#[schema(as = Info)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Info<'a> {
    #[schema(example = "v0.1.0")]
    version: String,
    /// `disabled`: nothing leaves this machine to find out.
    latest_version: &'static str,
    /// `memory`.
    database: &'static str,
    /// What the messages take, in bytes.
    database_size: usize,
    messages: usize,
    unread: usize,
    /// How many messages each tag has.
    tags: BTreeMap<String, usize>,
    runtime_stats: RuntimeStats,
    /// RFC 3339, in UTC.
    #[schema(format = DateTime)]
    started: String,
    /// The place after everything that has come: a wait `since` it counts what comes from now on.
    cursor: String,
    /// Where SMTP is spoken.
    doors: Vec<DoorShape<'a>>,
    /// The folders whose files are taken in.
    pickup: &'a [String],
    mailboxes: Vec<MailboxShape>,
    kept: KeptShape,
    hidden: HiddenShape,
    limits: LimitsShape,
}

/// Of the whole server, since its start. Memory and sizes in bytes, `Uptime` in seconds.
#[derive(Serialize, ToSchema)]
#[schema(as = RuntimeStats)]
#[serde(rename_all = "PascalCase")]
struct RuntimeStats {
    uptime: i64,
    memory: usize,
    messages_deleted: u64,
    messages_evicted: u64,
    #[serde(rename = "SMTPAccepted")]
    smtp_accepted: u64,
    #[serde(rename = "SMTPAcceptedSize")]
    smtp_accepted_size: u64,
    #[serde(rename = "SMTPRejected")]
    smtp_rejected: u64,
    #[serde(rename = "SMTPIgnored")]
    smtp_ignored: u64,
    sessions_ended: u64,
    sessions_broken: u64,
}

/// An SMTP door that is open: `smtp`, `submission` or `smtps`.
#[derive(Serialize, ToSchema)]
#[schema(as = Door)]
#[serde(rename_all = "PascalCase")]
struct DoorShape<'a> {
    kind: &'static str,
    host: &'a str,
    port: u16,
}

/// A mailbox that has messages.
#[derive(Serialize, ToSchema)]
#[schema(as = Mailbox)]
#[serde(rename_all = "PascalCase")]
struct MailboxShape {
    name: String,
    messages: usize,
    unread: usize,
}

/// What is spared from eviction, and how much of that there may be.
#[derive(Serialize, ToSchema)]
#[schema(as = Kept)]
#[serde(rename_all = "PascalCase")]
struct KeptShape {
    messages: usize,
    bytes: usize,
    messages_max: usize,
    bytes_max: usize,
}

/// What was deleted in the page and can still be brought back.
#[derive(Serialize, ToSchema)]
#[schema(as = Hidden)]
#[serde(rename_all = "PascalCase")]
struct HiddenShape {
    messages: usize,
    bytes: usize,
}

/// What there may be of each. Sizes in bytes.
#[derive(Serialize, ToSchema)]
#[schema(as = Limits)]
#[serde(rename_all = "PascalCase")]
struct LimitsShape {
    message_bytes: usize,
    memory_bytes: usize,
    memory_bytes_used: usize,
    messages: usize,
    recipients: usize,
    connections: usize,
    sessions: usize,
    idle_seconds: u64,
    grace_seconds: u64,
    command_line_bytes: usize,
    auth_line_bytes: usize,
    dialogue_bytes: usize,
    parts: usize,
    nesting: usize,
}

/// This run, its limits and how full they are
#[utoipa::path(get, path = "/api/v1/info", tag = "Server", operation_id = "getInfo",
    responses((status = 200, description = "As of now", body = Info)))]
pub async fn info(web: Data<Web>, mount: Mount) -> HttpResponse {
    let sessions = web.inbox.sessions().counts();
    let (facts, gate) = (&web.facts, &web.page_gate);
    let store = web.inbox.store();
    let (messages, unread) = store.count(&mount.scope);
    let (totals, limits) = (store.totals(), *store.limits());
    let mailboxes = store
        .mailboxes()
        .filter(|(name, ..)| mount.scope.sees(name))
        .map(|(name, messages, unread)| MailboxShape { name: name.to_string(), messages, unread });
    let used = store.bytes_used() + sessions.bytes;
    json(&Info {
        version: format!("v{VERSION}"),
        latest_version: "disabled",
        database: "memory",
        database_size: totals.bytes,
        messages,
        unread,
        tags: store.tags(&mount.scope).into_iter().map(|(tag, count)| (tag.into(), count)).collect(),
        runtime_stats: RuntimeStats {
            uptime: clock::now().duration_since(facts.started).as_secs(),
            memory: used,
            messages_deleted: totals.deleted,
            messages_evicted: totals.evicted,
            smtp_accepted: totals.accepted,
            smtp_accepted_size: totals.accepted_bytes,
            smtp_rejected: sessions.broken,
            smtp_ignored: 0,
            sessions_ended: sessions.ended,
            sessions_broken: sessions.broken,
        },
        started: instant(facts.started),
        cursor: format!("{}-{}", web.inbox.start(), store.seq()),
        doors: facts
            .doors
            .iter()
            .map(|door| DoorShape { kind: door.door.name(), host: &door.host, port: door.port })
            .collect(),
        pickup: &facts.pickup,
        mailboxes: mailboxes.collect(),
        kept: KeptShape {
            messages: totals.kept,
            bytes: totals.kept_bytes,
            messages_max: limits.kept_messages_max(),
            bytes_max: limits.kept_bytes_max(),
        },
        hidden: HiddenShape { messages: totals.hidden, bytes: totals.hidden_bytes },
        limits: LimitsShape {
            message_bytes: facts.message_bytes_max,
            memory_bytes: limits.memory_bytes_max,
            memory_bytes_used: used,
            messages: limits.messages_max,
            recipients: facts.recipients_max,
            connections: facts.connections_max,
            sessions: limits.sessions_max,
            idle_seconds: gate.timing.idle.as_secs(),
            grace_seconds: gate.timing.grace.as_secs(),
            command_line_bytes: gate.policy.command_line_bytes_max,
            auth_line_bytes: gate.policy.auth_line_bytes_max,
            dialogue_bytes: gate.policy.dialogue_bytes_max,
            parts: PARTS_MAX,
            nesting: NESTING_MAX,
        },
    })
}
