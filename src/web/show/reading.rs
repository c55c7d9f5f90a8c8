//! What is read from a message's bytes, as the page shows it: the same for a message that came by SMTP and for one that
//! came within another.

use super::machine;
use crate::mail::address::Address;
use crate::mail::extract::{self, Link, main_link};
use crate::mail::finding::{Finding, Place};
use crate::mail::nested::{Nested, opens};
use crate::mail::report::{Report, is_report};
use crate::mail::seal::seals;
use crate::mail::structure::{Disposition, Part, TransferEncoding};
use crate::mail::{View, html};
use crate::mailbox::Query;
use crate::mailbox::query::Shown;
use crate::web::mail_html::part_by_cid;
use crate::web::page::body::{EnvelopeBody, HeadersBody, HtmlBody, PartsBody};
use crate::web::page::found::{CodeView, FoundView, LinkView};
use crate::web::page::marked::Hits;
use crate::web::page::message::{Body, Message as MessageView, Tab};
use crate::web::page::source::{SourceBody, lines_shown};
use crate::web::page::text::TextBody;
use crate::web::page::view::{
    AttachmentView, FindingView, HeaderRow, NestedLink, PartNode, Person, PlaceView, RemoteItem,
};
use crate::web::page::weight::{self, LINE_BYTES_MAX, LIST_BYTES_MAX, VALUE_BYTES_MAX};
use crate::web::place;

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) tab: Option<Tab>,
    pub(super) remote_on: bool,
    /// The path of the parts.
    pub(super) parts: &'a str,
    /// The search through which it was opened, if it found it.
    pub(super) query: Option<&'a Query>,
}

impl Asked<'_> {
    fn hits(&self, shown: Shown, text: &str) -> Hits {
        self.query.map_or_else(Hits::new, |query| query.hits(shown, text))
    }
}

/// Everything that stands in the bytes; envelope and times are left empty. `has` are tabs that there are anyway. Decoded is
/// only what the tab at hand shows.
pub(super) fn read<'a>(
    raw: &[u8],
    view: &View,
    has: &[Tab],
    asked: &Asked<'_>,
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
    let body = match Tab::choose(asked.tab, &has) {
        Tab::Html => Body::Html(html_body(view, &view.html(raw).unwrap_or_default(), asked.remote_on, asked.parts)),
        Tab::Text => Body::Text(text_body(raw, view, asked)),
        Tab::Event => Body::Event(event.unwrap_or_default()),
        Tab::Report => Body::Report(machine::report(&report.map(|part| Report::of(part, raw)).unwrap_or_default())),
        Tab::Amp => Body::Amp(SourceBody::plain(&amp.map(|part| part.text(raw)).unwrap_or_default())),
        Tab::Headers => Body::Headers(headers(raw, view)),
        Tab::Parts => Body::Parts(PartsBody::new(view.structure.parts.iter().map(|part| node(part, raw)))),
        Tab::Source => Body::Source(SourceBody::new(raw, &odd_lines(raw, &found))),
        Tab::Envelope => Body::Envelope(EnvelopeBody::default()),
    };
    let subject = weight::cut(&view.subject, VALUE_BYTES_MAX);
    let attachments = view.attachments().map(|part| attachment(part, raw));
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
        found: found_view(raw, view),
        has,
        tab_asked: asked.tab,
        body,
        ..MessageView::default()
    }
}

fn found_view(raw: &[u8], view: &View) -> FoundView {
    let found = extract::found(view, raw);
    let link = |link: &Link| LinkView::new(&link.url, &link.text, link.purpose.name());
    let codes = found
        .codes
        .iter()
        .map(|code| CodeView { value: code.value.clone(), context: weight::cut(&code.context, LINE_BYTES_MAX) });
    FoundView::new(codes, main_link(&found.links).map(link), found.links.iter().map(link))
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

/// The lines of the source that findings are about.
fn odd_lines(raw: &[u8], found: &[&Finding]) -> Vec<usize> {
    let byte = |finding: &&Finding| match finding.at {
        Some(Place::Byte(at)) => Some(place::line(raw, at)),
        _ => None,
    };
    found.iter().filter_map(byte).collect()
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

fn nested(raw: &[u8], view: &View) -> Vec<NestedLink> {
    let link = |part: &Part| {
        let inner = Nested::head(raw, part);
        let from = inner.from().first().map_or_else(String::new, ToString::to_string);
        let subject = weight::cut(&inner.subject, LINE_BYTES_MAX);
        NestedLink { part: part.id.to_string(), subject, from: weight::cut(&from, LINE_BYTES_MAX) }
    };
    view.structure.parts.iter().filter(|part| opens(part)).take(NESTED_MAX).map(link).collect()
}

/// Of the text as much as a page can bear, and of its bytes no more than that may take.
fn text_body(raw: &[u8], view: &View, asked: &Asked<'_>) -> TextBody {
    let body = TextBody::new(view.reading_head(raw, TEXT_BYTES_MAX).as_deref());
    let hits = asked.hits(Shown::Text, &body.shown());
    TextBody { cut: body.cut || view.text_bytes() > TEXT_BYTES_MAX, hits, ..body }
}

fn html_body(view: &View, source: &str, remote_on: bool, parts: &str) -> HtmlBody {
    let prepared = html::prepare(source, part_by_cid(view, parts), remote_on);
    let item =
        |item: html::Remote| RemoteItem { kind: item.what.name().into(), url: weight::cut(&item.url, LINE_BYTES_MAX) };
    HtmlBody::new(prepared.remote.into_iter().map(item), remote_on)
}

fn headers(raw: &[u8], view: &View) -> HeadersBody {
    HeadersBody::new(view.fields(raw).map(|field| HeaderRow {
        name: weight::cut(field.name, LINE_BYTES_MAX),
        decoded: weight::cut(&field.value(), VALUE_BYTES_MAX),
        raw: weight::cut(&String::from_utf8_lossy(field.raw), VALUE_BYTES_MAX),
    }))
}

fn node(part: &Part, raw: &[u8]) -> PartNode {
    let multipart = part.is_multipart();
    PartNode {
        part: part.id.to_string(),
        depth: part.depth.into(),
        media_type: weight::cut(&part.content_type, LINE_BYTES_MAX),
        charset: part.charset.as_deref().unwrap_or_default().to_owned(),
        encoding: encoding(part.encoding).to_owned(),
        disposition: disposition(part.disposition).to_owned(),
        name: weight::cut(part.file_name().unwrap_or_default(), LINE_BYTES_MAX),
        content_id: weight::cut(part.content_id().unwrap_or_default(), LINE_BYTES_MAX),
        size: if multipart { part.body.len() } else { part.size(raw) } as u64,
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
        TransferEncoding::Uuencode => "uuencode",
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

fn attachment(part: &Part, raw: &[u8]) -> AttachmentView {
    let media_type = &*part.content_type;
    let size = part.size(raw);
    AttachmentView {
        part: part.id.to_string(),
        name: weight::cut(part.file_name().unwrap_or_default(), LINE_BYTES_MAX),
        media_type: weight::cut(media_type, LINE_BYTES_MAX),
        size: size as u64,
        preview: PREVIEW_TYPES.contains(&media_type) && size <= PREVIEW_BYTES_MAX,
    }
}

/// A larger image is not asked for as a thumbnail.
const PREVIEW_BYTES_MAX: usize = 4 << 20;
const PREVIEW_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// Messages within one that are listed by their subjects; the tree has them all.
const NESTED_MAX: usize = 50;

/// Of a text as sent; however it is encoded, more than a page shows.
const TEXT_BYTES_MAX: usize = 4 << 20;

/// Of a source, as much as is shown whatever it holds.
const SURELY_SHOWN_BYTES: usize = 16 << 10;
