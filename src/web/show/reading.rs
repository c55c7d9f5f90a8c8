//! What is read from a message's bytes, as the page shows it: the same for a message that came by SMTP and for one that
//! came within another.

use super::wanted::Asked;
use super::{machine, parts, source, tracking};
use crate::mail::View;
use crate::mail::address::Address;
use crate::mail::extract::{self, Found, Link, main_link};
use crate::mail::finding::{Finding, Place};
use crate::mail::header::Field;
use crate::mail::html::{self, Remote};
use crate::mail::nested::{Nested, opens};
use crate::mail::report::{Report, is_report};
use crate::mail::seal::seals;
use crate::mail::structure::Part;
use crate::mail::unsubscribe::Unsubscribe;
use crate::mailbox::query::Shown;
use crate::web::mail_html::part_by_cid;
use crate::web::page::body::{EnvelopeBody, HeadersBody, HtmlBody};
use crate::web::page::found::{CodeView, FoundView, LinkView, UnsubscribeView};
use crate::web::page::header;
use crate::web::page::message::{Body, Message as MessageView, Tab};
use crate::web::page::source::SourceBody;
use crate::web::page::text::TextBody;
use crate::web::page::view::{AttachmentView, FindingView, HeaderRow, NestedLink, Person, PlaceView};
use crate::web::page::weight::{self, LINE_BYTES_MAX, LIST_BYTES_MAX, VALUE_BYTES_MAX};
use crate::web::place;

/// Everything that stands in the bytes; envelope and times are left empty. `has` are tabs that there are anyway. Decoded is
/// only what the tab at hand shows.
pub(super) fn read<'a>(
    raw: &[u8],
    view: &View,
    has: &[Tab],
    asked: &Asked,
    found: impl Iterator<Item = &'a Finding>,
) -> MessageView {
    #[cfg(test)]
    crate::mail::trap::spring("showing", raw);
    let mut found: Vec<&Finding> = found.collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.oddity.severity()));
    let event = machine::event(raw, view);
    let report = view.structure.parts.iter().find(|part| is_report(part));
    let amp = view.structure.parts.iter().find(|part| &*part.content_type == "text/x-amp-html");
    let optional = [
        (Tab::Html, view.html_part().is_some()),
        (Tab::Text, view.text_parts().next().is_some()),
        (Tab::Event, event.is_some()),
        (Tab::Report, report.is_some()),
        (Tab::Amp, amp.is_some()),
    ];
    let has: Vec<Tab> =
        optional.into_iter().filter(|(_, there)| *there).map(|(tab, _)| tab).chain(has.iter().copied()).collect();
    let extracted = extract::found(view, raw);
    let remote = remote(raw, view, &asked.parts);
    let body = match Tab::choose(asked.tab, &has) {
        Tab::Html => {
            Body::Html(HtmlBody { tracking: tracking::view(&remote, &extracted.links), preview: asked.preview })
        }
        Tab::Text => Body::Text(text_body(raw, view, asked)),
        Tab::Event => Body::Event(event.unwrap_or_default()),
        Tab::Report => Body::Report(machine::report(&report.map(|part| Report::of(part, raw)).unwrap_or_default())),
        Tab::Amp => Body::Amp(SourceBody::plain(&amp.map(|part| part.text(raw)).unwrap_or_default())),
        Tab::Headers => Body::Headers(headers(raw, view)),
        Tab::Parts => Body::Parts(parts::body(raw, view, asked)),
        Tab::Source => Body::Source(source::body(raw, view, &found, asked.lines.clone())),
        Tab::Envelope => Body::Envelope(EnvelopeBody::default()),
        Tab::Findings => Body::Findings,
    };
    let subject = weight::cut(&view.subject, VALUE_BYTES_MAX);
    let attachments = view.attachments().map(|part| parts::attachment(part, raw));
    let (attachments, attachments_left_out) = weight::fitting(attachments, 2 * LIST_BYTES_MAX, AttachmentView::weight);
    MessageView {
        subject_cut: subject.len() != view.subject.len(),
        subject_hits: asked.hits(Shown::Subject, &subject),
        subject,
        from: people(view.from()),
        to: people(view.to()),
        cc: people(view.cc()),
        bcc: people(view.bcc()),
        reply_to: people(view.reply_to()),
        date: view.value(raw, "Date").map(|date| weight::cut(&date, LINE_BYTES_MAX)),
        size: raw.len() as u64,
        attachments,
        attachments_left_out,
        findings: found.into_iter().map(|finding| finding_view(finding, Some(raw))).collect(),
        seals: seals(view, raw),
        nested: nested(raw, view),
        found: found_view(&extracted, Unsubscribe::read(view, raw)),
        trackers: tracking::suspects(&remote),
        remote: remote.len(),
        has,
        tab_asked: asked.tab,
        body,
        ..MessageView::default()
    }
}

fn found_view(found: &Found, unsubscribe: Option<Unsubscribe>) -> FoundView {
    let link = |link: &Link| LinkView::new(&link.url, &link.text, link.purpose.name());
    let codes = found
        .codes
        .iter()
        .map(|code| CodeView { value: code.value.clone(), context: weight::cut(&code.context, LINE_BYTES_MAX) });
    let unsubscribe = unsubscribe.map(|said| UnsubscribeView {
        addresses: said.addresses.iter().map(|address| LinkView::new(address, "", "")).collect(),
        one_click: said.one_click,
    });
    let links = found.links.iter().map(link);
    FoundView { unsubscribe, ..FoundView::new(codes, main_link(&found.links).map(link), links) }
}

/// What the HTML would fetch. Of one that is larger than a page, only what its beginning would.
fn remote(raw: &[u8], view: &View, parts: &str) -> Vec<Remote> {
    let source = view.html_part().map(|part| part.text_head(raw, HTML_BYTES_MAX));
    source.map(|source| html::prepare(&source, part_by_cid(view, parts), false).remote).unwrap_or_default()
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

/// A finding in its words, and the message that it is about; a session's messages may be gone.
pub(super) fn finding_view(finding: &Finding, raw: Option<&[u8]>) -> FindingView {
    FindingView {
        place: finding.at.and_then(|at| match at {
            Place::Byte(at) => {
                raw.map(|raw| PlaceView::Line { line: place::line(raw, at), bytes: place::bytes(raw, at) })
            }
            Place::Said(line) => Some(PlaceView::Said(line)),
        }),
        severity: finding.oddity.severity().word(),
        id: finding.oddity.id().into(),
        sentence: finding.oddity.sentence().into(),
        detail: finding.detail.to_string(),
        rfc: finding.oddity.rfc().into(),
    }
}

fn nested(raw: &[u8], view: &View) -> Vec<NestedLink> {
    let inner = view.structure.parts.iter().filter(|part| opens(part)).take(NESTED_MAX);
    inner.map(|part| nested_link(raw, part)).collect()
}

/// A message within this one, by its fields.
pub(super) fn nested_link(raw: &[u8], part: &Part) -> NestedLink {
    let inner = Nested::head(raw, part);
    let from = inner.from().first().map_or_else(String::new, ToString::to_string);
    let subject = weight::cut(&inner.subject, LINE_BYTES_MAX);
    NestedLink { part: part.id.to_string(), subject, from: weight::cut(&from, LINE_BYTES_MAX) }
}

/// Of the text as much as a page can bear, and of its bytes no more than that may take.
fn text_body(raw: &[u8], view: &View, asked: &Asked) -> TextBody {
    let body = TextBody::new(view.reading_head(raw, TEXT_BYTES_MAX).as_deref());
    let hits = asked.hits(Shown::Text, &body.shown());
    TextBody { cut: body.cut || view.text_bytes() > TEXT_BYTES_MAX, hits, ..body }
}

fn headers(raw: &[u8], view: &View) -> HeadersBody {
    HeadersBody::new(view.fields(raw).map(|field| header_row(&field)))
}

/// A field, decoded and as sent.
pub(super) fn header_row(field: &Field<'_>) -> HeaderRow {
    let decoded = weight::cut(&field.value(), VALUE_BYTES_MAX);
    HeaderRow {
        name: weight::cut(field.name, LINE_BYTES_MAX),
        raw: weight::cut(&String::from_utf8_lossy(field.raw), VALUE_BYTES_MAX),
        spans: header::spans(field.name, &decoded),
        decoded,
    }
}

/// Messages within one that are listed by their subjects; the tree has them all.
const NESTED_MAX: usize = 50;

/// Of a text as sent; however it is encoded, more than a page shows.
const TEXT_BYTES_MAX: usize = 4 << 20;

/// Of the HTML as sent, to tell what it would fetch.
const HTML_BYTES_MAX: usize = 8 << 20;
