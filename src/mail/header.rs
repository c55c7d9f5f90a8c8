//! Header fields in wire order, with repeats, as sent and as meant; and where a header ends (RFC 5322 §2.1, §2.2).
//!
//! No field is understood here: that is for [`super::entity`] and [`super::view`].

use super::line::{Line, line_at, lines};
use super::{charset, encoded_word};
use std::borrow::Cow;
use std::ops::Range;

/// One field of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name as sent. Always ASCII without spaces (RFC 5322 §2.2): a line whose name is not is no field.
    pub name: &'a str,
    /// The value as sent, folding included; without the colon and the last line end.
    pub raw: &'a [u8],
    /// The whole field in the message, its last line end included.
    pub range: Range<usize>,
}

impl Field<'_> {
    /// The name, case-blind (RFC 5322 §1.2.2).
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value on one line, its ends trimmed; encoded words stay as they are, bytes beyond ASCII are read as UTF-8
    /// or guessed.
    pub fn unfolded(&self) -> String {
        let raw = self.raw.trim_ascii();
        // RFC 5322 §2.2.3: only the line end goes, the white space after it stays.
        let line: Cow<'_, [u8]> = match memchr::memchr2(b'\r', b'\n', raw) {
            None => raw.into(),
            Some(_) => raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect(),
        };
        charset::guess(&line).into_owned()
    }

    /// The value as its reader sees it: unfolded, encoded words decoded (RFC 2047).
    pub fn value(&self) -> String {
        let line = self.unfolded();
        match encoded_word::decode(&line) {
            Cow::Borrowed(_) => line,
            Cow::Owned(decoded) => decoded,
        }
    }
}

/// The fields of the header that lies at `header`; lines that are no field are passed over.
pub fn fields(raw: &[u8], header: Range<usize>) -> Fields<'_> {
    Fields { raw: &raw[..header.end.min(raw.len())], at: header.start }
}

/// See [`fields`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            let first = line_at(self.raw, self.at)?;
            self.at = first.next;
            let text = &self.raw[first.text.clone()];
            let Some((name, colon)) = field_name(text) else { continue };
            let mut ends = first.text.end;
            // Its first bytes tell; only a line that belongs here is looked at to its end.
            while continues(&self.raw[self.at..]) {
                let Some(more) = line_at(self.raw, self.at) else { break };
                ends = more.text.end;
                self.at = more.next;
            }
            let start = first.text.start;
            return Some(Field { name, raw: &self.raw[start + colon + 1..ends], range: start..self.at });
        }
    }
}

/// The name of the field that a line begins, and where its colon is.
pub(super) fn field_name(line: &[u8]) -> Option<(&str, usize)> {
    let colon = memchr::memchr(b':', line)?;
    // RFC 5322 §4.5 has white space before the colon; Exchange writes it still.
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    std::str::from_utf8(name).ok().filter(|_| fits).map(|name| (name, colon))
}

/// A line that belongs to the field before it; what follows the line may be there too.
pub(super) fn continues(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t')) || is_lost_parameter(line)
}

/// `boundary="…"` at the beginning of a line: a fold whose white space was trimmed on the way.
fn is_lost_parameter(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*')).count();
    name > 0 && line.get(name) == Some(&b'=') && line[..name].iter().any(u8::is_ascii_lowercase)
}

/// Where the header of an entity lies, and where its body begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// From the first field to the line end of the last.
    pub(super) header: Range<usize>,
    /// Past the blank line.
    pub(super) body: usize,
    /// Lines of the header that are no field: their number, and the first.
    pub(super) unread: Option<(usize, Range<usize>)>,
}

/// Reads the header that begins at `from`. A line for which `stop` holds belongs to somebody else: it ends the entity.
pub(super) fn head(raw: &[u8], from: usize, stop: impl Fn(&[u8]) -> bool) -> Head {
    let mut last_field_ends = from;
    let mut any = false;
    // Lines since the last field that are none: parts of the header if a field follows, else the body.
    let mut pending: Option<(usize, Range<usize>)> = None;
    let mut unread: Option<(usize, Range<usize>)> = None;
    let mut at = from;
    while let Some(Line { text, next }) = line_at(raw, at) {
        let line = &raw[text.clone()];
        if stop(line) {
            break;
        }
        if line.is_empty() {
            return match pending {
                // The blank line that should divide them is missing: what follows the fields is the body.
                Some((_, first)) => Head { header: from..last_field_ends, body: first.start, unread },
                None => Head { header: from..last_field_ends, body: next, unread },
            };
        }
        if field_name(line).is_some() {
            any = true;
            last_field_ends = next;
            if let Some((count, first)) = pending.take() {
                unread = Some(unread.map_or((count, first), |(before, first)| (before + count, first)));
            }
        } else if any && pending.is_none() && continues(line) {
            last_field_ends = next;
        } else {
            let (count, first) = pending.unwrap_or((0, text));
            pending = Some((count + 1, first));
        }
        at = next;
    }
    let body = pending.map_or(at, |(_, first)| first.start);
    Head { header: from..last_field_ends, body, unread }
}

/// Where the first field of a message is looked for: an mbox `From ` line and blank lines before it are skipped, the
/// latter only if a field follows, for else they are the body's.
pub(super) fn first_field(raw: &[u8]) -> usize {
    let mut from = 0;
    for line in lines(raw, 0) {
        let text = &raw[line.text.clone()];
        if line.text.start == 0 && (text.starts_with(b"From ") || text.starts_with(b">From ")) {
            from = line.next;
        } else if !text.is_empty() {
            // A first field with blanks before it was meant as one: there is nothing that it could continue.
            let blanks = text.len() - text.trim_ascii_start().len();
            return if field_name(&text[blanks..]).is_some() { line.text.start + blanks } else { from };
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (Vec<(String, String)>, &str, usize) {
        let head = head(raw.as_bytes(), first_field(raw.as_bytes()), |_| false);
        let all = fields(raw.as_bytes(), head.header).map(|field| (field.name.to_owned(), field.value())).collect();
        (all, &raw[head.body..], head.unread.map_or(0, |(count, _)| count))
    }

    fn names(raw: &str) -> String {
        read(raw).0.iter().map(|(name, value)| format!("{name}={value};")).collect()
    }

    #[test]
    fn fields_keep_order_and_repeats() {
        assert_eq!(names("B: 1\nA:2\r\nB :\t3\n 4\n\nbody"), "B=1;A=2;B=3 4;");
    }

    #[test]
    fn a_field_tells_its_bytes() {
        let raw = b"A: x\r\n  y\r\nB: z\r\n\r\n";
        let all: Vec<_> = fields(raw, 0..17).collect();
        assert_eq!(all[0].raw, b" x\r\n  y");
        assert_eq!(all[0].range, 0..11);
        assert_eq!(all[0].unfolded(), "x  y");
    }

    #[test]
    fn headers_as_the_wild_ends_them() {
        for (raw, fields, body, unread) in [
            ("A: 1\n\nbody", "A=1;", "body", 0),
            ("A: 1\nbody without a blank line\n\nmore", "A=1;", "body without a blank line\n\nmore", 0),
            ("A: 1\nbody", "A=1;", "body", 0),
            ("A: 1", "A=1;", "", 0),
            ("A: 1\nno field here\nB: 2\n\nbody", "A=1;B=2;", "body", 1),
            ("A: multipart/mixed;\nboundary=x\n\nbody", "A=multipart/mixed;boundary=x;", "body", 0),
            ("just text\n\nmore", "", "just text\n\nmore", 0),
            ("\n\nA: 1\n\nbody", "A=1;", "body", 0),
            (" A: 1\nB: 2\n\nbody", "A=1;B=2;", "body", 0),
            ("\n\njust text", "", "\njust text", 0),
            ("From ann Mon Jul 20 16:16:47 2026\nA: 1\n\nbody", "A=1;", "body", 0),
            ("", "", "", 0),
            ("\n", "", "", 0),
        ] {
            assert_eq!((names(raw).as_str(), read(raw).1, read(raw).2), (fields, body, unread), "{raw:?}");
        }
    }

    #[test]
    fn bytes_beyond_ascii_are_text() {
        let header = b"Subject: Gr\xfc\xdfe\n\n";
        assert_eq!(fields(header, 0..16).next().unwrap().value(), "Grüße");
    }
}
