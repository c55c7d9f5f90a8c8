//! What the MIME fields of one entity say about its body (RFC 2045, RFC 2183, RFC 2392).
//!
//! One header in, one [`Description`] out, lenient: a field that says nothing sensible counts as absent. The tree
//! that entities form is [`super::structure`]'s.

use super::Word;
use super::header::{Field, fields};
use super::parameter::Parameters;
use super::weight::heap_bytes;
use std::ops::Range;

/// How a body was made fit for the wire (RFC 2045 §6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransferEncoding {
    /// `7bit`, also by default.
    #[default]
    SevenBit,
    /// `8bit`.
    EightBit,
    /// `binary`.
    Binary,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
    /// `x-uuencode`, or a file in the text ([`super::uuencode`]).
    Uuencode,
    /// Another word: the body is read as it stands.
    Unknown,
}

/// How a part asks to be shown (RFC 2183 §2). Words beyond the two count as `attachment`, as §2.8 wants it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disposition {
    /// It does not say.
    #[default]
    Unsaid,
    /// `inline`.
    Inline,
    /// `attachment`.
    Attachment,
}

/// Whether lines of plain text may be joined (RFC 3676 §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// Lines are as they stand.
    #[default]
    Fixed,
    /// `format=flowed`.
    Flowed,
    /// `format=flowed; delsp=yes`.
    FlowedDelSp,
}

/// The MIME fields of one entity.
#[derive(Debug, Default)]
pub(super) struct Description {
    pub(super) content_type: Word,
    pub(super) charset: Option<Word>,
    pub(super) boundary: Option<Box<[u8]>>,
    pub(super) flow: Flow,
    pub(super) disposition: Disposition,
    pub(super) encoding: TransferEncoding,
    pub(super) encoding_word: Option<Box<str>>,
    pub(super) names: Names,
}

/// What a part may be called by; most have no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) file_name: Option<Box<str>>,
    pub(super) content_id: Option<Box<str>>,
    pub(super) location: Option<Box<str>>,
}

heap_bytes! { Names { file_name, content_id, location } }

impl Names {
    /// Boxed, if there is one.
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}

/// Reads the fields at `header`; of repeats the first counts. `default` is the content type without such a field.
pub(super) fn describe(raw: &[u8], header: Range<usize>, default: &str) -> Description {
    let mut found: [Option<String>; 5] = Default::default();
    for field in fields(raw, header) {
        let Some(which) = FIELDS.iter().position(|name| field.is(name)) else { continue };
        if found[which].is_none() {
            found[which] = Some(bounded(&field).unfolded());
        }
    }
    let [content_type, disposition, encoding, id, location] = found;
    let kind = content_type.as_deref().map(Parameters::read).unwrap_or_default();
    let shown = disposition.as_deref().map(Parameters::read).unwrap_or_default();
    let name = shown.get("filename").or_else(|| kind.get("name")).map(str::trim).filter(|name| !name.is_empty());
    let flowed = kind.token("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let delsp = kind.token("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    let (encoding, encoding_word) = transfer_encoding(encoding.as_deref().unwrap_or(""));
    Description {
        content_type: media_type(&kind.value).unwrap_or_else(|| default.into()),
        charset: kind.token("charset").map(|label| label.trim_matches(['\'', '"'])).map(charset_label),
        boundary: boundary(&kind),
        flow: if flowed && delsp {
            Flow::FlowedDelSp
        } else if flowed {
            Flow::Flowed
        } else {
            Flow::Fixed
        },
        disposition: match &*shown.value {
            "" => Disposition::Unsaid,
            "inline" => Disposition::Inline,
            _ => Disposition::Attachment,
        },
        encoding,
        encoding_word,
        names: Names {
            file_name: name.map(Into::into),
            content_id: id.as_deref().map(unbracketed).filter(|id| !id.is_empty()).map(Into::into),
            location: location.as_deref().map(|location| location.trim().trim_matches('"')).map(unfolded),
        },
    }
}

/// `<a@b>` -> `a@b`; without brackets, the whole.
pub(super) fn unbracketed(id: &str) -> &str {
    let id = id.trim();
    let inner = id.find('<').map(|open| &id[open + 1..]);
    inner.map_or(id, |inner| inner.split('>').next().unwrap_or(inner)).trim()
}

/// RFC 2557 §4.4.1: white space in a URI came by folding.
fn unfolded(location: &str) -> Box<str> {
    location.split_ascii_whitespace().collect::<String>().into()
}

fn bounded<'a>(field: &Field<'a>) -> Field<'a> {
    Field { raw: &field.raw[..field.raw.len().min(FIELD_BYTES_MAX)], ..field.clone() }
}

/// RFC 2045 §5.1 wants `type/subtype`; `text` alone was RFC 1049's, and means what §5.2 says of no field at all.
fn media_type(value: &str) -> Option<Word> {
    let value = value.split_ascii_whitespace().next().unwrap_or("").trim_matches(['"', '\'']);
    match value.split_once('/') {
        Some((kind, subtype)) if !kind.is_empty() && !subtype.is_empty() => Some(value.into()),
        Some(("multipart", _)) => Some("multipart/mixed".into()),
        None if value == "html" || value == "text" => {
            Some(if value == "html" { "text/html" } else { "text/plain" }.into())
        }
        _ => None,
    }
}

/// Ten thousand parts may inherit one label: as sent it would be kept ten thousand times.
fn charset_label(label: &str) -> Word {
    label[..label.floor_char_boundary(CHARSET_BYTES_MAX)].into()
}

fn boundary(kind: &Parameters) -> Option<Box<[u8]>> {
    // RFC 2046 §5.1.1: it cannot end with a space, so one that does was padded.
    let boundary = kind.get("boundary")?.trim_end();
    (!boundary.is_empty()).then(|| boundary.as_bytes().into())
}

fn transfer_encoding(value: &str) -> (TransferEncoding, Option<Box<str>>) {
    let word = value.split(['(', ';', ' ', '\t']).next().unwrap_or("").trim_matches(['"', '\'']).to_ascii_lowercase();
    let encoding = match word.as_str() {
        "" | "7bit" | "7-bit" | "7bits" => TransferEncoding::SevenBit,
        "8bit" | "8-bit" | "8bits" => TransferEncoding::EightBit,
        "binary" => TransferEncoding::Binary,
        "quoted-printable" | "quotedprintable" | "quoted_printable" => TransferEncoding::QuotedPrintable,
        "base64" | "base-64" => TransferEncoding::Base64,
        "x-uuencode" | "x-uue" | "uuencode" | "uue" => TransferEncoding::Uuencode,
        _ => return (TransferEncoding::Unknown, Some(word.into())),
    };
    (encoding, None)
}

const FIELDS: [&str; 5] =
    ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Content-ID", "Content-Location"];
const FIELD_BYTES_MAX: usize = 256 << 10;
/// No charset has a name half as long.
const CHARSET_BYTES_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Description {
        describe(header.as_bytes(), 0..header.len(), "text/plain")
    }

    #[test]
    fn content_types_as_the_wild_writes_them() {
        for (header, expected) in [
            ("", "text/plain"),
            ("Content-Type: TEXT/Html; charset=x\n", "text/html"),
            ("Content-Type: text\n", "text/plain"),
            ("Content-Type: html\n", "text/html"),
            ("Content-Type: multipart/; boundary=x\n", "multipart/mixed"),
            ("Content-Type: /\n", "text/plain"),
            ("Content-Type: nonsense\n", "text/plain"),
            ("Content-Type: image/png\nContent-Type: text/html\n", "image/png"),
        ] {
            assert_eq!(&*read(header).content_type, expected, "{header}");
        }
    }

    #[test]
    fn one_header_says_it_all() {
        let read = read(
            "content-type: text/plain; charset=\"utf-8\"; format=Flowed; DelSp=YES; name=\"type.txt\"\n\
             CONTENT-DISPOSITION: Attachment; filename=\"=?utf-8?q?=C3=BC.txt?=\"\n\
             Content-Transfer-Encoding: Quoted-Printable (yes)\nContent-Id: <a%b@c>\nContent-Location: http://x/\n y\n",
        );
        assert_eq!(read.charset.as_deref(), Some("utf-8"));
        assert_eq!(read.flow, Flow::FlowedDelSp);
        assert_eq!(read.disposition, Disposition::Attachment);
        assert_eq!(read.encoding, TransferEncoding::QuotedPrintable);
        assert_eq!(read.names.file_name.as_deref(), Some("ü.txt"));
        assert_eq!(read.names.content_id.as_deref(), Some("a%b@c"));
        assert_eq!(read.names.location.as_deref(), Some("http://x/y"));
    }
}
