//! Lines of a message, whatever ends them.
//!
//! Not the wire's opinion: SMTP demands CRLF and reception reports what departs from it. Here LF, CRLF, CR CR LF (made
//! by converting twice) and a bare CR all end a line, so that a message reads the same however it was stored before it
//! was sent. [`super::header`] and [`super::structure`] walk on this.

use std::ops::Range;

/// One line: its text, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The text, without what ends it.
    pub text: Range<usize>,
    /// Past the line end; `raw.len()` at most.
    pub next: usize,
}

/// The line that begins at `from`; none at the end.
pub(super) fn line_at(raw: &[u8], from: usize) -> Option<Line> {
    let rest = raw.get(from..).filter(|rest| !rest.is_empty())?;
    let Some(at) = memchr::memchr2(b'\n', b'\r', rest) else {
        return Some(Line { text: from..raw.len(), next: raw.len() });
    };
    // One CR of look-ahead: an unbounded one would be quadratic on a megabyte of CRs.
    let ends = match &rest[at..] {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    };
    Some(Line { text: from..from + at, next: from + at + ends })
}

/// The lines of `raw` from `from` on.
pub(super) fn lines(raw: &[u8], from: usize) -> impl Iterator<Item = Line> {
    let mut at = from;
    std::iter::from_fn(move || {
        let line = line_at(raw, at)?;
        at = line.next;
        Some(line)
    })
}

/// At most `bytes_max` bytes, cut at a line end, lest an escape or a character is cut.
pub(super) fn head(bytes: &[u8], bytes_max: usize) -> &[u8] {
    match bytes.get(..bytes_max) {
        Some(head) if head.len() < bytes.len() => &head[..memchr::memrchr2(b'\n', b'\r', head).unwrap_or(bytes_max)],
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(raw: &[u8]) -> Vec<&[u8]> {
        lines(raw, 0).map(|line| &raw[line.text]).collect()
    }

    #[test]
    fn every_line_end_that_was_ever_seen_ends_a_line() {
        let expected: [&[u8]; 4] = [b"a", b"", b"b", b"c"];
        for raw in ["a\n\nb\nc", "a\r\n\r\nb\r\nc\r\n", "a\r\rb\rc", "a\r\r\n\nb\r\r\nc\n", "a\n\r\nb\rc\r"] {
            assert_eq!(texts(raw.as_bytes()), expected, "{raw:?}");
        }
        assert!(texts(b"").is_empty());
    }
}
