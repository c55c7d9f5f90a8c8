//! `GET /message/{id}`: the list with a message beside it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query as UrlQuery, block};
use serde::Deserialize;

use super::list::{Asked, list};
use super::{hits, other_mailbox, rendered};
use crate::clock;
use crate::mail::address::Address;
use crate::mail::envelope::{Addressed, Envelope};
use crate::mail::finding::{Finding, Place};
use crate::mail::html;
use crate::mail::structure::{Disposition, Part, TransferEncoding};
use crate::mailbox::{Message, Query, Stored};
use crate::web::Web;
use crate::web::api::find;
use crate::web::mail_html::{part_by_cid, parts_path};
use crate::web::mount::Mount;
use crate::web::page::body::{EnvelopeBody, HeadersBody, HtmlBody, PartsBody};
use crate::web::page::message::{Body, Message as MessageView, Tab};
use crate::web::page::source::{SourceBody, lines_shown};
use crate::web::page::text::TextBody;
use crate::web::page::view::{AttachmentView, Fact, FindingView, HeaderRow, PartNode, Person, PlaceView, RemoteItem};
use crate::web::page::weight::{self, LINE_BYTES_MAX, LIST_BYTES_MAX, VALUE_BYTES_MAX};
use crate::web::page::{Pane, words};
use crate::web::place;

/// Where `{id}` stands in an address.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
}

/// A larger image is not asked for as a thumbnail.
const PREVIEW_BYTES_MAX: usize = 4 << 20;
const PREVIEW_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// `GET /message/{id}?q=SEARCH&tab=TAB`; `{id}` may be `latest`, of what the search finds.
pub async fn page(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let Some(stored) = find(&web, &mount, &at.id, asked.q.as_deref()).await.ok().flatten() else {
        let page = list(&web, &mount, &asked, Pane::Gone).await;
        return rendered(StatusCode::NOT_FOUND, &page);
    };
    let tab = asked.tab.as_deref().and_then(Tab::asked);
    let remote_on = asked.remote.as_deref() == Some("1");
    let parts = parts_path(&mount, &stored.message);
    let seq = stored.seq;
    let shown = block(move || view(&stored, tab, remote_on, &parts)).await;
    let Ok(mut view) = shown else {
        return HttpResponse::InternalServerError().body("the message could not be shown; its source is kept\n");
    };
    let query = asked.q.as_deref().unwrap_or_default().parse::<Query>().unwrap_or_default();
    let around = hits(&web, &mount, query).await;
    let here = around.partition_point(|other| other.seq > seq);
    let id = |at: usize| around.get(at).map(|other| other.message.id.to_string());
    view.newer = here.checked_sub(1).and_then(id);
    view.older = around.get(here).and_then(|other| if other.seq == seq { id(here + 1) } else { id(here) });
    rendered(StatusCode::OK, &list(&web, &mount, &asked, Pane::Message(Box::new(view))).await)
}

fn view(stored: &Stored, tab_asked: Option<Tab>, remote_on: bool, parts: &str) -> MessageView {
    let (message, view) = (&*stored.message, &stored.message.view);
    let html = view.html(&message.raw);
    let text = view.plain_text(&message.raw);
    let body = match Tab::choose(tab_asked, html.is_some(), text.is_some()) {
        Tab::Html => Body::Html(html_body(message, html.as_deref().unwrap_or_default(), remote_on, parts)),
        Tab::Text => Body::Text(TextBody::new(text.as_deref())),
        Tab::Headers => Body::Headers(headers(message)),
        Tab::Parts => Body::Parts(PartsBody::new(view.structure.parts.iter().map(|part| node(part, message)))),
        Tab::Source => Body::Source(SourceBody::new(&message.raw, &odd_lines(message))),
        Tab::Envelope => Body::Envelope(EnvelopeBody::new(facts(&message.envelope), message.dialogue.as_str())),
    };
    let client = &message.envelope.client;
    let subject = weight::cut(&view.subject, VALUE_BYTES_MAX);
    let attachments = view.attachments().map(|part| attachment(part, message));
    let (attachments, attachments_left_out) = weight::fitting(attachments, 2 * LIST_BYTES_MAX, AttachmentView::weight);
    MessageView {
        id: message.id.to_string(),
        newer: None,
        older: None,
        unread: !stored.read,
        subject_cut: subject.len() != view.subject.len(),
        subject,
        from: people(&view.from),
        to: people(&view.to),
        cc: people(&view.cc),
        bcc: people(&view.bcc),
        reply_to: people(&view.reply_to),
        date: view.value(&message.raw, "Date").map(|date| weight::cut(&date, LINE_BYTES_MAX)),
        received: words::stamp(message.received, clock::now()),
        size: message.raw.len() as u64,
        envelope_from: message.envelope.from.path.to_string(),
        envelope_to: message.envelope.to.iter().map(|to| to.path.to_string()).collect(),
        envelope_differs: envelope_differs(message),
        mailbox: other_mailbox(&message.mailbox),
        tls: client.tls.as_ref().map(|tls| tls.version.to_string()),
        login: client.login.as_ref().map(|login| login.user.to_string()),
        attachments,
        attachments_left_out,
        findings: findings(message),
        has_html: html.is_some(),
        has_text: text.is_some(),
        tab_asked,
        body,
    }
}

fn people(list: &[Address]) -> Vec<Person> {
    let line = |text: &str| weight::cut(text, LINE_BYTES_MAX);
    let all = list.iter().map(|one| Person { name: line(&one.name), address: line(&one.address) });
    let (mut shown, left_out) = weight::fitting(all, LIST_BYTES_MAX, Person::weight);
    if left_out > 0 {
        shown.push(Person { name: format!("… and {left_out} more; the source has them all"), ..Person::default() });
    }
    shown
}

/// Whether the fields name other recipients than the envelope, or another author than its sender.
fn envelope_differs(message: &Message) -> bool {
    let view = &message.view;
    let named: std::collections::BTreeSet<String> =
        view.to.iter().chain(&view.cc).chain(&view.bcc).map(|address| address.address.to_lowercase()).collect();
    let meant = message.envelope.to.iter().map(|to| to.path.to_string().to_lowercase()).collect();
    let sender = message.envelope.from.path.to_string().to_lowercase();
    named != meant || !view.from.iter().any(|from| from.address.to_lowercase() == sender)
}

fn html_body(message: &Message, source: &str, remote_on: bool, parts: &str) -> HtmlBody {
    let prepared = html::prepare(source, part_by_cid(message, parts), remote_on);
    let item =
        |item: html::Remote| RemoteItem { kind: item.what.name().into(), url: weight::cut(&item.url, LINE_BYTES_MAX) };
    HtmlBody::new(prepared.remote.into_iter().map(item), remote_on)
}

fn headers(message: &Message) -> HeadersBody {
    HeadersBody::new(message.view.fields(&message.raw).map(|field| HeaderRow {
        name: weight::cut(field.name, LINE_BYTES_MAX),
        decoded: weight::cut(&field.value(), VALUE_BYTES_MAX),
        raw: weight::cut(&String::from_utf8_lossy(field.raw), VALUE_BYTES_MAX),
    }))
}

fn node(part: &Part, message: &Message) -> PartNode {
    let multipart = part.is_multipart();
    PartNode {
        part: part.id.to_string(),
        depth: part.depth.into(),
        media_type: weight::cut(&part.content_type, LINE_BYTES_MAX),
        charset: part.charset.as_deref().unwrap_or_default().to_owned(),
        encoding: encoding(part.encoding).to_owned(),
        disposition: disposition(part.disposition).to_owned(),
        name: weight::cut(part.file_name.as_deref().unwrap_or_default(), LINE_BYTES_MAX),
        content_id: weight::cut(part.content_id.as_deref().unwrap_or_default(), LINE_BYTES_MAX),
        size: if multipart { part.body.len() } else { part.bytes(&message.raw).len() } as u64,
        multipart,
    }
}

fn encoding(encoding: TransferEncoding) -> &'static str {
    match encoding {
        TransferEncoding::SevenBit => "7bit",
        TransferEncoding::EightBit => "8bit",
        TransferEncoding::Binary => "binary",
        TransferEncoding::QuotedPrintable => "quoted-printable",
        TransferEncoding::Base64 => "base64",
        TransferEncoding::Unknown => "unknown",
    }
}

fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Unsaid => "",
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    }
}

fn attachment(part: &Part, message: &Message) -> AttachmentView {
    let media_type = &*part.content_type;
    let size = part.bytes(&message.raw).len();
    AttachmentView {
        part: part.id.to_string(),
        name: weight::cut(part.file_name.as_deref().unwrap_or_default(), LINE_BYTES_MAX),
        media_type: weight::cut(media_type, LINE_BYTES_MAX),
        size: size as u64,
        preview: PREVIEW_TYPES.contains(&media_type) && size <= PREVIEW_BYTES_MAX,
    }
}

fn findings(message: &Message) -> Vec<FindingView> {
    let mut findings: Vec<&Finding> = message.all_findings().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.oddity.severity()));
    findings.into_iter().map(|finding| finding_view(finding, Some(&message.raw))).collect()
}

/// The lines of the source that findings are about.
fn odd_lines(message: &Message) -> Vec<usize> {
    let byte = |finding: &Finding| match finding.at {
        Some(Place::Byte(at)) => Some(place::line(&message.raw, at)),
        _ => None,
    };
    message.all_findings().filter_map(byte).collect()
}

/// A finding in its words, and the message that it is about; a session's messages may be gone.
pub(super) fn finding_view(finding: &Finding, raw: Option<&[u8]>) -> FindingView {
    FindingView {
        place: finding.at.and_then(|at| match at {
            Place::Byte(at) => raw.map(|raw| {
                let line = place::line(raw, at);
                // Only what lies deep needs to be asked: the beginning is always shown.
                let shown = usize::try_from(at).is_ok_and(|at| at < SURELY_SHOWN_BYTES.min(raw.len()))
                    || line <= lines_shown(raw);
                PlaceView::Line { line, bytes: place::bytes(raw, at), shown }
            }),
            Place::Said(line) => Some(PlaceView::Said(line)),
        }),
        severity: finding.oddity.severity().word(),
        id: finding.oddity.id().into(),
        sentence: finding.oddity.sentence().into(),
        detail: finding.detail.to_string(),
        rfc: finding.oddity.rfc().into(),
    }
}

/// Of a source, as much as is shown whatever it holds.
const SURELY_SHOWN_BYTES: usize = 16 << 10;

/// Beside the file of a message: nobody said MAIL FROM and RCPT TO.
const FROM_FIELDS: &str = "sender and recipients were read from the fields";

/// What the wire said, in the order in which it was said.
fn facts(envelope: &Envelope) -> Vec<Fact> {
    let client = &envelope.client;
    let fact = |label: &str, value: String, note: String| Fact { label: label.into(), value, note };
    let path =
        |label: &str, addressed: &Addressed| fact(label, format!("<{}>", addressed.path), addressed.params.to_string());
    let mut facts = Vec::new();
    let local = client.local.map_or_else(String::new, |local| local.to_string());
    facts.push(fact("Door", client.door.name().into(), local));
    facts.extend(client.file.as_ref().map(|file| fact("File", file.to_string(), FROM_FIELDS.into())));
    facts.extend(client.peer.map(|peer| fact("Peer", peer.to_string(), String::new())));
    facts.extend(
        client
            .helo
            .as_ref()
            .map(|helo| fact(if helo.extended { "EHLO" } else { "HELO" }, helo.name.to_string(), String::new())),
    );
    facts.extend(client.tls.as_ref().map(|tls| {
        let asked_for = tls.server_name.as_ref().map_or_else(String::new, |name| format!(", asked for {name}"));
        fact("TLS", tls.version.to_string(), format!("{}{asked_for}", tls.cipher))
    }));
    facts.extend(client.login.as_ref().map(|login| fact("Login", login.user.to_string(), login.mechanism.to_string())));
    facts.push(path("MAIL FROM", &envelope.from));
    facts.extend(envelope.to.iter().map(|to| path("RCPT TO", to)));
    facts
}
