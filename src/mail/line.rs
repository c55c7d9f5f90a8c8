//! Lines of a message, whatever ends them.
//!
//! Not the wire's opinion: SMTP demands CRLF and reception reports what departs from it. Here LF, CRLF, CR CR LF (made
//! by converting twice) and a bare CR all end a line, so that a message reads the same however it was stored before it
//! was sent. [`super::header`] and [`super::structure`] walk on this.

use std::ops::Range;

/// One line: its text, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
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

/// How many bytes the line end takes that `text` ends with.
pub(super) fn line_end(text: &[u8]) -> usize {
    match text {
        [.., b'\r', b'\r', b'\n'] => 3,
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    }
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

/// The first line from `from` on whose text is longer than `bytes_max`. It looks at a line in a dozen: whatever line end is
/// the last within reach, the lines before it are short enough.
pub fn first_longer(raw: &[u8], from: usize, bytes_max: usize) -> Option<Line> {
    let mut start = from;
    while let Some(within) = raw.get(start..start + bytes_max + 1) {
        match memchr::memrchr2(b'\n', b'\r', within) {
            Some(at) => start += at + 1,
            None => return line_at(raw, start),
        }
    }
    None
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

    proptest::proptest! {
        #[test]
        fn the_lines_that_are_too_long_are_found_without_cutting_them_all(raw in "[ab\r\n]{0,60}", max in 0_usize..8) {
            let raw = raw.as_bytes();
            let expected: Vec<_> = lines(raw, 0).filter(|line| line.text.len() > max).collect();
            let mut found = Vec::new();
            while let Some(line) = first_longer(raw, found.last().map_or(0, |line: &Line| line.next), max) {
                found.push(line);
            }
            proptest::prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_line_end_is_as_long_from_behind(raw in "[ab\r\n]{0,20}") {
            for line in lines(raw.as_bytes(), 0) {
                proptest::prop_assert_eq!(line_end(&raw.as_bytes()[..line.next]), line.next - line.text.end);
            }
        }
    }
}
