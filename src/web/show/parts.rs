//! The MIME tree, and the one part of it that is open.

use std::fmt::Write as _;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::source::of_body;
use super::wanted::Asked;
use super::{machine, reading};
use crate::mail::View;
use crate::mail::header::fields;
use crate::mail::nested::opens;
use crate::mail::structure::{BodyOf, Disposition, Part, TransferEncoding};
use crate::web::api::thumb;
use crate::web::page::body::PartsBody;
use crate::web::page::part::{ENCODED_BYTES_MAX, Look, OpenPart, TEXT_BYTES_MAX};
use crate::web::page::source::{Region, SourceBody, What};
use crate::web::page::view::{AttachmentView, Fact, Opens, PartNode};
use crate::web::page::weight::{self, LINE_BYTES_MAX};
use crate::web::page::words;

pub(super) fn body(raw: &[u8], view: &View, asked: &Asked) -> PartsBody {
    let mut lines = Lines { raw, at: 0, line: 1 };
    PartsBody::new(view.structure.parts.iter().map(|part| {
        let open = asked.part.as_deref() == Some(&*part.id);
        PartNode { lines: lines.of(part), open: open.then(|| Box::new(opened(part, raw))), ..node(part, raw) }
    }))
}

/// Counts lines once, as parts come in the order of the message.
struct Lines<'a> {
    raw: &'a [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// `12-40`; of a multipart, whose parts tell it better, only where it begins.
    fn of(&mut self, part: &Part) -> String {
        let start = if part.header.is_empty() { part.body.start } else { part.header.start };
        let count =
            |from: usize, to: usize| memchr::memchr_iter(b'\n', self.raw.get(from..to).unwrap_or_default()).count();
        if start >= self.at {
            (self.line, self.at) = (self.line + count(self.at, start), start);
        }
        let first = self.line;
        if part.is_multipart() {
            return first.to_string();
        }
        // The line end of the last line is not a line more.
        let last = first + count(start, part.body.end.saturating_sub(1).max(start));
        if last == first { first.to_string() } else { format!("{first}-{last}") }
    }
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
        ..PartNode::default()
    }
}

/// Everything about one part. Only for the one that is asked for: it is decoded as a whole.
fn opened(part: &Part, raw: &[u8]) -> OpenPart {
    let bytes = if part.is_multipart() { Default::default() } else { part.bytes(raw) };
    let text = is_readable(part).then(|| {
        let text = part.text_head(raw, 4 * TEXT_BYTES_MAX);
        let head = weight::head(&text, TEXT_BYTES_MAX);
        let shown = SourceBody::plain(head);
        SourceBody { cut: shown.cut || head.len() < text.len() || part.body.len() > 4 * TEXT_BYTES_MAX, ..shown }
    });
    let fields = fields(raw, part.header.clone()).map(|field| reading::header_row(&field));
    OpenPart {
        look: look(part, raw, &bytes),
        facts: facts(part, &bytes),
        encoded: encoded(part, raw),
        text,
        ..OpenPart::default()
    }
    .with_fields(fields)
}

fn look(part: &Part, raw: &[u8], bytes: &[u8]) -> Look {
    match part.body_of {
        Some(BodyOf::Html) => return Look::Body("html"),
        Some(BodyOf::Text) if part.is_text() => return Look::Body("text"),
        _ => {}
    }
    if opens(part) {
        return Look::Message(reading::nested_link(raw, part));
    }
    if let Some(event) = machine::event_of(part, raw) {
        return Look::Event(event);
    }
    match &*part.content_type {
        "application/pdf" => Look::Pdf,
        media_type if PICTURES.contains(&media_type) => match thumb::dimensions(bytes) {
            Some((width, height)) if thumb::is_bearable(width, height) => Look::Image,
            Some((width, height)) => Look::TooLarge(format!("It would be {width} × {height} pixels large.")),
            None => Look::TooLarge("It is not an image that can be read.".into()),
        },
        _ => Look::Nothing,
    }
}

/// The beginning of a body that was encoded.
fn encoded(part: &Part, raw: &[u8]) -> Option<SourceBody> {
    let what = of_body(part);
    if part.is_multipart() || what == What::Text {
        return None;
    }
    let body = part.body(raw);
    let head = &body[..body.len().min(ENCODED_BYTES_MAX)];
    let shown = SourceBody::new(head, &[Region { range: 0..head.len(), what }], &[], None);
    Some(SourceBody { cut: shown.cut || head.len() < body.len(), ..shown })
}

fn facts(part: &Part, bytes: &[u8]) -> Vec<Fact> {
    let fact = |label: &str, value: String, note: &str| Fact { label: label.into(), value, note: note.into() };
    let range = |range: &std::ops::Range<usize>| format!("{}–{}", range.start, range.end);
    let mut facts = Vec::new();
    if !part.header.is_empty() {
        facts.push(fact("Header", range(&part.header), "bytes of the source"));
    }
    facts.push(fact("Body", range(&part.body), "bytes of the source"));
    if part.is_multipart() {
        return facts;
    }
    let sizes = format!("{} B as sent, {} B decoded", part.body.len(), bytes.len());
    let short = if bytes.len() < 1024 { String::new() } else { words::bytes(bytes.len() as u64) };
    facts.push(fact("Size", sizes, &short));
    if let Some((width, height)) = PICTURES.contains(&&*part.content_type).then(|| thumb::dimensions(bytes)).flatten() {
        facts.push(fact("Pixels", format!("{width} × {height}"), ""));
    }
    facts.push(fact("SHA-256", hex(&Sha256::digest(bytes)), ""));
    facts.push(fact("SHA-1", hex(&Sha1::digest(bytes)), ""));
    facts.push(fact("MD5", hex(&Md5::digest(bytes)), ""));
    facts
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
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

pub(super) fn attachment(part: &Part, raw: &[u8]) -> AttachmentView {
    let media_type = &*part.content_type;
    let size = part.size(raw);
    AttachmentView {
        part: part.id.to_string(),
        name: weight::cut(part.file_name().unwrap_or_default(), LINE_BYTES_MAX),
        media_type: weight::cut(media_type, LINE_BYTES_MAX),
        size: size as u64,
        preview: THUMBED.contains(&media_type) && size <= PREVIEW_BYTES_MAX,
        opens: if opens(part) {
            Opens::Message
        } else if shows(part) {
            Opens::Here
        } else {
            Opens::Saved
        },
    }
}

/// Whether the pane shows it as what it is. Neither HTML nor SVG: they are programs.
fn shows(part: &Part) -> bool {
    let media_type = &*part.content_type;
    let is_page =
        matches!(media_type, "text/html" | "image/svg+xml" | "application/xhtml+xml" | "text/xml" | "application/xml")
            && !named(part, &["xml"]);
    !is_page && (media_type == "application/pdf" || PICTURES.contains(&media_type) || is_readable(part))
}

/// Whether its bytes are text that somebody may want to read.
fn is_readable(part: &Part) -> bool {
    let media_type = &*part.content_type;
    let subtype = media_type.split_once('/').map_or("", |(_, subtype)| subtype);
    !part.is_multipart()
        && (part.is_text()
            || READABLE.contains(&subtype)
            || subtype.ends_with("+json")
            || subtype.ends_with("+xml")
            || media_type == "application/octet-stream" && named(part, ENDINGS))
}

fn named(part: &Part, endings: &[&str]) -> bool {
    let ending = part.file_name().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// A larger image is not asked for as a thumbnail.
const PREVIEW_BYTES_MAX: usize = 4 << 20;
/// What a small picture is made of.
const THUMBED: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// What a browser shows as a picture and nothing else.
const PICTURES: [&str; 4] = THUMBED;
/// Subtypes that are text under another name.
const READABLE: &[&str] =
    &["json", "xml", "yaml", "x-yaml", "javascript", "ics", "sql", "toml", "x-sh", "pgp-signature", "pgp-keys"];
/// Of files that nobody named a type for.
const ENDINGS: &[&str] =
    &["txt", "csv", "tsv", "json", "xml", "log", "md", "yml", "yaml", "ini", "ics", "vcf", "asc", "sql", "toml"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_source() {
        let raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nX: 1\n\none\ntwo\n--b\n\nthree\n--b--\n";
        let view = View::read(raw);
        let mut lines = Lines { raw, at: 0, line: 1 };
        let all: Vec<_> = view.structure.parts.iter().map(|part| lines.of(part)).collect();
        assert_eq!(all, ["1", "4-7", "10"]);
    }

    #[test]
    fn what_could_run_is_saved_and_not_shown() {
        for (media_type, name, opens) in [
            ("image/png", "a.png", Opens::Here),
            ("image/svg+xml", "a.svg", Opens::Saved),
            ("text/html", "a.html", Opens::Saved),
            ("application/xhtml+xml", "a.xhtml", Opens::Saved),
            ("text/csv", "a.csv", Opens::Here),
            ("application/json", "a", Opens::Here),
            ("application/pdf", "a.pdf", Opens::Here),
            ("application/octet-stream", "a.LOG", Opens::Here),
            ("application/octet-stream", "a.exe", Opens::Saved),
            ("application/zip", "a.zip", Opens::Saved),
            ("message/rfc822", "", Opens::Message),
        ] {
            let raw = format!("Content-Type: {media_type}; name=\"{name}\"\nContent-Disposition: attachment\n\nx\n");
            let view = View::read(raw.as_bytes());
            assert_eq!(attachment(view.structure.root(), raw.as_bytes()).opens, opens, "{media_type} {name}");
        }
    }

    #[test]
    fn an_open_part_has_its_facts_and_its_text() {
        let raw =
            b"Content-Type: text/csv\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\nYSxi\n";
        let view = View::read(raw);
        let open = opened(view.structure.root(), raw);
        let value = |label: &str| open.facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.as_str());
        assert_eq!(value("MD5"), Some("b345e1dc09f20fdefdea469f09167892"));
        assert_eq!(value("Size"), Some("5 B as sent, 3 B decoded"));
        assert_eq!(open.fields.len(), 3);
        assert_eq!(open.text.unwrap().runs[0].spans[0].text, "a,b");
        assert_eq!(open.encoded.unwrap().runs[0].spans[0].text, "YSxi\n");
    }
}
