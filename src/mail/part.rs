//! A part's body: decoded bytes, text, and a name that is safe to save to.
//!
//! Nothing is cached: what a message says is read from its bytes whenever it is asked for. Where parts are is
//! [`super::structure`]'s.

use super::charset::{self, Label, Text};
use super::structure::{Part, TransferEncoding};
use super::{line, parse, uuencode};
use std::borrow::Cow;

impl Part {
    /// Whether it is a multipart with parts in it; one without is read as text.
    pub fn is_multipart(&self) -> bool {
        self.has_children
    }

    /// Whether its body is text of any kind.
    pub fn is_text(&self) -> bool {
        self.content_type.starts_with("text/") || (self.content_type.starts_with("multipart/") && !self.has_children)
    }

    /// Whether it is a message of its own: [`super::View::read`] its decoded bytes to look inside.
    pub fn is_message(&self) -> bool {
        matches!(&*self.content_type, "message/rfc822" | "message/global" | "message/news")
    }

    /// The body as sent; empty if `raw` is not the message it was read from.
    pub fn body<'a>(&self, raw: &'a [u8]) -> &'a [u8] {
        raw.get(self.body.clone()).unwrap_or_default()
    }

    /// The body without its transfer encoding. What cannot be decoded is decoded as far as it goes.
    pub fn bytes<'a>(&self, raw: &'a [u8]) -> Cow<'a, [u8]> {
        decoded(self.encoding, self.body(raw))
    }

    /// How many bytes [`Part::bytes`] gives. Those of base64, as attachments are, are counted and not decoded: a page that
    /// lists fifty megabytes of them should not make as much again.
    pub fn size(&self, raw: &[u8]) -> usize {
        let body = self.body(raw);
        let counted = if self.encoding == TransferEncoding::Base64 { base64_size(body) } else { None };
        counted.unwrap_or_else(|| decoded(self.encoding, body).len())
    }

    /// The beginning of [`Part::bytes`], from at most `bytes_max` bytes of the body.
    pub(super) fn bytes_head<'a>(&self, raw: &'a [u8], bytes_max: usize) -> Cow<'a, [u8]> {
        decoded(self.encoding, self.head(raw, bytes_max))
    }

    /// Whether every byte of the body is what its transfer encoding allows.
    pub fn is_clean(&self, raw: &[u8]) -> bool {
        let body = self.body(raw);
        match self.encoding {
            TransferEncoding::Base64 => all(body, |byte| in_base64(byte) | is_blank(byte)),
            TransferEncoding::QuotedPrintable => {
                memchr::memchr_iter(b'=', body).all(|at| !matches!(escape(&body[at + 1..]), Escape::Stray))
            }
            _ => true,
        }
    }

    /// The body as text: decoded, in UTF-8. Line ends are as sent.
    pub fn text(&self, raw: &[u8]) -> String {
        self.read_text(&self.bytes(raw)).text.into_owned()
    }

    /// What became of its charset's label, by at most `bytes_max` bytes of the body.
    pub(super) fn label(&self, raw: &[u8], bytes_max: usize) -> Label {
        let head = self.head(raw, bytes_max);
        self.read_text(&decoded(self.encoding, head)).label
    }

    /// The text of these bytes, as if they were its body, decoded.
    pub(super) fn read_text<'a>(&self, bytes: &'a [u8]) -> Text<'a> {
        let label = match self.charset.as_deref() {
            None if &*self.content_type == "text/html" => charset_of_html(bytes),
            label => label,
        };
        charset::decode(label, bytes)
    }

    /// The beginning of [`Part::text`], from at most `bytes_max` bytes of the body.
    pub fn text_head(&self, raw: &[u8], bytes_max: usize) -> String {
        self.read_text(&self.bytes_head(raw, bytes_max)).text.into_owned()
    }

    /// The beginning of the body as sent.
    fn head<'a>(&self, raw: &'a [u8], bytes_max: usize) -> &'a [u8] {
        line::head(self.body(raw), bytes_max)
    }

    /// `filename` or `name` as sent, decoded. For a name that is safe to save to, see [`Part::safe_name`].
    pub fn file_name(&self) -> Option<&str> {
        self.names.as_ref()?.file_name.as_deref()
    }

    /// Content-ID without brackets (RFC 2392).
    pub fn content_id(&self) -> Option<&str> {
        self.names.as_ref()?.content_id.as_deref()
    }

    /// Content-Location (RFC 2557).
    pub fn location(&self) -> Option<&str> {
        self.names.as_ref()?.location.as_deref()
    }

    /// The file name as sent, else the Content-ID: what Mailpit shows.
    pub fn name(&self) -> Option<&str> {
        self.file_name().or(self.content_id())
    }

    /// A file name that can be saved to, whatever was sent; made up where there is none.
    pub fn safe_name(&self) -> String {
        let name = safe_file_name(self.name().unwrap_or(""));
        if !name.is_empty() {
            return name;
        }
        let extension = match self.content_type.split_once('/') {
            Some(("message", "rfc822")) => "eml",
            Some(("text", "plain")) => "txt",
            Some(("text", "calendar")) => "ics",
            Some((_, subtype)) if subtype.len() <= 5 && subtype.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                subtype
            }
            _ => "bin",
        };
        format!("part-{}.{extension}", self.id)
    }
}

/// A name without directories, control characters and marks that turn the direction of text (`gpj.exe` shown as
/// `exe.jpg`); of at most 200 bytes, its extension kept. May be empty.
pub fn safe_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', '\0']).find(|piece| !piece.trim().is_empty()).unwrap_or("");
    let hidden = |char: char| {
        char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
    };
    let plain: String = last
        .chars()
        .filter(|&char| !hidden(char))
        // Windows reserves these.
        .map(|char| if matches!(char, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { char })
        .collect();
    let plain = plain.trim().trim_start_matches('.').trim();
    if plain.len() <= NAME_BYTES_MAX {
        return plain.to_owned();
    }
    let extension = plain.rfind('.').map_or("", |dot| &plain[dot..]);
    let extension = if extension.len() <= 20 { extension } else { "" };
    format!("{}{extension}", &plain[..plain.floor_char_boundary(NAME_BYTES_MAX - extension.len())])
}

fn decoded(encoding: TransferEncoding, body: &[u8]) -> Cow<'_, [u8]> {
    match encoding {
        TransferEncoding::Base64 => parse::base64(without_footer(body))
            .or_else(|| parse::base64(&body.iter().copied().filter(|&byte| in_base64(byte)).collect::<Vec<_>>()))
            .map_or(body.into(), Cow::Owned),
        TransferEncoding::QuotedPrintable => {
            let bare_cr = memchr::memchr_iter(b'\r', body).any(|at| body.get(at + 1) != Some(&b'\n'));
            let strict = if bare_cr { None } else { parse::quoted_printable(body) };
            strict.or_else(|| parse::quoted_printable(&repaired(body))).map_or(body.into(), Cow::Owned)
        }
        TransferEncoding::Uuencode => uuencode::decode(body).into(),
        _ => body.into(),
    }
}

/// Lists put their footer behind the padding of a text that their members encoded.
fn without_footer(body: &[u8]) -> &[u8] {
    let Some(junk) = body.iter().position(|&byte| !in_base64(byte) && !byte.is_ascii_whitespace()) else { return body };
    let ends = memchr::memrchr(b'=', &body[..junk]).map(|at| at + 1);
    let is_line = |ends: &usize| matches!(body[*ends..], [b'\r' | b'\n', ..]);
    ends.filter(is_line).map_or(body, |ends| &body[..ends])
}

/// What base64 decodes to, if it is whole: four letters make three bytes, and nothing follows the padding.
fn base64_size(body: &[u8]) -> Option<usize> {
    let of_end = |byte: &u8| matches!(byte, b'=' | b'\r' | b'\n');
    let (body, end) = body.split_at(body.iter().rposition(|byte| !of_end(byte)).map_or(0, |last| last + 1));
    let padding = end.iter().filter(|byte| **byte == b'=').count();
    let letters = count(body, |byte| in_base64(byte) & (byte != b'='));
    let breaks = count(body, |byte| (byte == b'\r') | (byte == b'\n'));
    let whole = letters + breaks == body.len() && padding <= 2 && (letters + padding).is_multiple_of(4);
    whole.then_some(letters / 4 * 3 + letters % 4 * 3 / 4)
}

/// How many bytes are so. In pieces whose number fits a byte, and without branches, for the compiler then counts many at once:
/// it is a pass over each attachment for each page.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let piece = |piece: &[u8]| usize::from(piece.iter().map(|&byte| u8::from(is(byte))).sum::<u8>());
    bytes.chunks(usize::from(u8::MAX)).map(piece).sum()
}

/// Whether all bytes are so; likewise many at once, and no further than the first piece with one that is not.
fn all(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(1 << 10).all(|piece| piece.iter().fold(true, |all, &byte| all & is(byte)))
}

/// As `u8::is_ascii_whitespace`, without branches.
fn is_blank(byte: u8) -> bool {
    (byte == b' ') | (byte.wrapping_sub(b'\t') < 5) & (byte != 0x0b)
}

fn in_base64(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit_or_slash = byte.wrapping_sub(b'/') < 11;
    letter | digit_or_slash | (byte == b'+') | (byte == b'=')
}

/// What follows an `=` in quoted-printable (RFC 2045 §6.7).
enum Escape {
    /// Two digits.
    Byte,
    /// A soft line break: so many bytes up to the next line.
    Break(usize),
    /// Something else: the `=` stands for itself.
    Stray,
}

fn escape(after: &[u8]) -> Escape {
    if matches!(after, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()) {
        return Escape::Byte;
    }
    // Transport padding may stand between the `=` and its line end; more than a line of it is none.
    let blanks = after.iter().take(100).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &after[blanks..] {
        [] => Escape::Break(blanks),
        [b'\r', b'\r', b'\n', ..] => Escape::Break(blanks + 3),
        [b'\r', b'\n', ..] => Escape::Break(blanks + 2),
        [b'\r' | b'\n', ..] => Escape::Break(blanks + 1),
        _ => Escape::Stray,
    }
}

/// Quoted-printable that is right: stray `=` escaped, bare CRs made line ends.
fn repaired(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'=', b'\r', &body[at..]).map(|found| at + found) {
        out.extend_from_slice(&body[at..found]);
        at = found + 1;
        if body[found] == b'\r' {
            match &body[at..] {
                [b'\n', ..] => out.push(b'\r'),
                [b'\r', b'\n', ..] => {} // CR CR LF is one line end, see `super::line`
                _ => out.extend_from_slice(b"\r\n"),
            }
            continue;
        }
        match escape(&body[at..]) {
            Escape::Byte => out.push(b'='),
            Escape::Break(bytes) => at += bytes,
            Escape::Stray => out.extend_from_slice(b"=3D"),
        }
    }
    out.extend_from_slice(&body[at..]);
    out
}

/// `<meta charset>` or its `http-equiv` form, where browsers look for it: in the first kilobyte.
fn charset_of_html(html: &[u8]) -> Option<&str> {
    let head = &html[..html.len().min(1024)];
    let found = head.windows(8).position(|window| window.eq_ignore_ascii_case(b"charset="))?;
    let rest = head[found + 8..].trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
    let ends = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b'.' | b':'));
    std::str::from_utf8(&rest[..ends?]).ok().filter(|label| !label.is_empty())
}

const NAME_BYTES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn part(encoding: TransferEncoding, body: &str) -> (Part, Vec<u8>) {
        let part = Part { encoding, body: 0..body.len(), content_type: "text/plain".into(), ..Part::default() };
        (part, body.as_bytes().to_vec())
    }

    proptest::proptest! {
        #[test]
        fn a_size_that_is_counted_is_that_of_the_bytes(body in "([A-Za-z0-9+/]{4}|[A-Za-z0-9+/=]{0,5}|\\r\\n|[ =*\\t\\x0b\\n])(([A-Za-z0-9+/]{4}){0,3}|=|==|\\r\\n|[ *\\t]){0,6}") {
            let (part, raw) = part(TransferEncoding::Base64, &body);
            proptest::prop_assert_eq!(part.size(&raw), part.bytes(&raw).len());
        }
    }

    #[test]
    fn bodies_as_the_wild_encodes_them() {
        use TransferEncoding::{Base64, QuotedPrintable, Unknown};
        for (encoding, body, expected, clean) in [
            (Base64, "SGVs\r\nbG8=\r\n", "Hello", true),
            (Base64, "SGVsbG8", "Hello", true),
            (Base64, "SG*Vs!bG8=", "Hello", false),
            (Base64, "SGVsbG8=SGVsbG8=", "HelloHello", true),
            (Base64, "SGVsbG8=\r\n__________\r\nlist footer", "Hello", false),
            (Base64, "SGVsbG8=*SGVsbG8=", "HelloHello", false),
            (Base64, "", "", true),
            (QuotedPrintable, "a=3Db=\r\nc \r\nd", "a=bc\r\nd", true),
            (QuotedPrintable, "a=\rbc\rd=\r", "abc\r\nd", true),
            (QuotedPrintable, "1=2 = x == =", "1=2 = x == ", false),
            (QuotedPrintable, "gr=c3=bc", "grü", true),
            (QuotedPrintable, "soft=  \nbreak", "softbreak", true),
            (QuotedPrintable, "a=\r\r\nb\r\r\nc", "ab\r\nc", true),
            (Unknown, "=3D", "=3D", true),
        ] {
            let (part, raw) = part(encoding, body);
            assert_eq!(part.text(&raw), expected, "{encoding:?} {body:?}");
            assert_eq!(part.is_clean(&raw), clean, "{encoding:?} {body:?}");
        }
    }

    #[test]
    fn an_html_part_may_name_its_charset_itself() {
        let html = b"<html><head><META http-equiv=Content-Type content=\"text/html; charset=iso-8859-2\">\xb1";
        let part = Part { body: 0..html.len(), content_type: "text/html".into(), ..Part::default() };
        assert!(part.text(html).ends_with('ą'));
    }

    #[test]
    fn a_name_is_never_a_path() {
        for (name, expected) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("/", ""),
            ("..", ""),
            (".htaccess", "htaccess"),
            ("a\0b.txt", "b.txt"),
            ("a\r\nb.txt", "ab.txt"),
            ("\u{202e}gpj.exe", "gpj.exe"),
            ("C:\\x.txt", "x.txt"),
            ("a:b?.txt", "a_b_.txt"),
            ("  ü.txt  ", "ü.txt"),
        ] {
            assert_eq!(safe_file_name(name), expected, "{name:?}");
        }
        let long = safe_file_name(&format!("{}.pdf", "ü".repeat(4_000)));
        assert!(long.len() <= 200 && long.ends_with(".pdf"));
    }
}
