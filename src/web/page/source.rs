//! The raw message as a page shows it: line numbers, the names of the header fields marked, as much as a page can bear.

use super::escape::picture;
use super::weight::{self, BODY_BYTES_MAX};

/// The raw message, or its beginning. Line ends are shown as lines; what else cannot be seen is drawn (`␍`, `␀`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceBody {
    /// The lines of the header, up to the empty line.
    pub header: Vec<SourceLine>,
    /// The rest, the lines that findings are about apart from the others.
    pub rest: Vec<SourcePiece>,
    /// `1\n2\n3…`, one number for each line that is shown.
    pub numbers: String,
    /// How many bytes there are in all.
    pub total: u64,
    /// Whether only the beginning is shown.
    pub cut: bool,
}

/// One line of the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceLine {
    /// The name with its colon; empty in a folded line.
    pub name: String,
    /// The rest of the line.
    pub rest: String,
    /// Its number, if a finding is about it.
    pub odd: Option<usize>,
}

/// A line that a finding is about, or all lines up to the next such one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePiece {
    /// Its number, if a finding is about it.
    pub odd: Option<usize>,
    /// With its line ends.
    pub text: String,
}

/// How many lines of it a page can bear.
pub fn lines_shown(raw: &[u8]) -> usize {
    shown(&visible(&raw[..raw.len().min(BODY_BYTES_MAX)])).lines().count()
}

impl SourceBody {
    /// Text without a header.
    pub fn plain(text: &str) -> Self {
        let head = &text[..text.floor_char_boundary(BODY_BYTES_MAX)];
        let whole = visible(head.as_bytes());
        let shown = shown(&whole);
        let cut = shown.len() < whole.len() || head.len() < text.len();
        Self { header: Vec::new(), rest: pieces(shown, 1, &[]), numbers: numbers(shown), total: text.len() as u64, cut }
    }

    /// Reads the raw bytes; `odd` are the numbers of the lines that findings are about.
    pub fn new(raw: &[u8], odd: &[usize]) -> Self {
        let whole = visible(&raw[..raw.len().min(BODY_BYTES_MAX)]);
        let text = shown(&whole);
        let cut = text.len() < whole.len() || raw.len() > BODY_BYTES_MAX;
        let mut header = Vec::new();
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            if line.is_empty() || header.len() == HEADER_LINES_MAX {
                break;
            }
            let number = header.len() + 1;
            header.push(SourceLine { odd: odd.contains(&number).then_some(number), ..source_line(line) });
            rest = after;
        }
        let rest = pieces(rest, header.len() + 1, odd);
        Self { header, rest, numbers: numbers(text), total: raw.len() as u64, cut }
    }
}

/// One number for each line.
fn numbers(text: &str) -> String {
    let lines = text.lines().count();
    (1..=lines).map(|number| number.to_string()).collect::<Vec<_>>().join("\n")
}

/// As much as a page can bear, with a number for each line and two tags for each field.
fn shown(text: &str) -> &str {
    let mut left = BODY_BYTES_MAX;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        match left.checked_sub(weight::of(line) + LINE_BYTES) {
            Some(less) => (left, end) = (less, end + line.len()),
            None => return &text[..end + weight::head(line, left.saturating_sub(LINE_BYTES)).len()],
        }
    }
    text
}

/// Cuts the lines that findings are about out of the others.
fn pieces(mut rest: &str, mut number: usize, odd: &[usize]) -> Vec<SourcePiece> {
    let mut odd: Vec<_> = odd.iter().copied().filter(|line| *line >= number).collect();
    odd.sort_unstable();
    odd.dedup();
    let mut pieces = Vec::new();
    for line in odd {
        let (plain, from) = rest.split_at(end_of_lines(rest, line - number));
        let (text, after) = from.split_at(end_of_lines(from, 1));
        if text.is_empty() {
            break; // beyond what is shown
        }
        pieces.push(SourcePiece { odd: None, text: plain.to_owned() });
        pieces.push(SourcePiece { odd: Some(line), text: text.to_owned() });
        (rest, number) = (after, line + 1);
    }
    pieces.push(SourcePiece { odd: None, text: rest.to_owned() });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Where the first `count` lines end.
fn end_of_lines(text: &str, count: usize) -> usize {
    text.split_inclusive('\n').take(count).map(str::len).sum()
}

fn source_line(line: &str) -> SourceLine {
    let folded = line.starts_with([' ', '\t']);
    match line.find(':').filter(|&at| !folded && !line[..at].contains(' ')) {
        Some(at) => SourceLine { name: line[..=at].to_owned(), rest: line[at + 1..].to_owned(), odd: None },
        None => SourceLine { name: String::new(), rest: line.to_owned(), odd: None },
    }
}

/// CRLF and LF end a line; the other control characters get their pictures (Unicode 2400), tab excepted.
fn visible(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\t' => out.push(char),
            '\0'..='\x1f' | '\x7f' => out.push(picture(char)),
            _ => out.push(char),
        }
    }
    out
}

const HEADER_LINES_MAX: usize = 2_000;
/// A number of seven digits and its line end, and `<b></b>`.
const LINE_BYTES: usize = 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_told_from_the_rest_and_oddities_are_drawn() {
        let source = SourceBody::new(b"Subject: a\r\n b\r\nX:1\n\r\nbare\rcr\0\n", &[]);
        assert_eq!(
            source.header,
            [("Subject:", " a"), ("", " b"), ("X:", "1")].map(|(name, rest)| SourceLine {
                name: name.into(),
                rest: rest.into(),
                odd: None
            })
        );
        assert_eq!(source.rest, [SourcePiece { odd: None, text: "\nbare␍cr␀\n".into() }]);
        assert_eq!(source.numbers, "1\n2\n3\n4\n5");
        assert!(!source.cut);
    }

    #[test]
    fn odd_lines_stand_apart_and_nothing_is_lost() {
        let raw = b"A: 1\r\nB: 2\r\n\r\none\ntwo\nthree\nfour";
        let source = SourceBody::new(raw, &[7, 2, 5, 5, 99]);
        assert_eq!(source.header.iter().map(|line| line.odd).collect::<Vec<_>>(), [None, Some(2)]);
        let pieces: Vec<_> = source.rest.iter().map(|piece| (piece.odd, piece.text.as_str())).collect();
        assert_eq!(pieces, [(None, "\none\n"), (Some(5), "two\n"), (None, "three\n"), (Some(7), "four")]);
    }

    #[test]
    fn a_long_message_is_cut_and_says_so() {
        let source = SourceBody::new(&vec![b'x'; BODY_BYTES_MAX + 1], &[]);
        assert!(source.cut);
        assert_eq!(source.total, BODY_BYTES_MAX as u64 + 1);
        // What is one byte in the mail is several in the page: a number, an escape, a picture.
        for byte in [b'\n', b'<', 0] {
            let source = SourceBody::new(&vec![byte; BODY_BYTES_MAX], &[]);
            let rest: usize = source.rest.iter().map(|piece| weight::of(&piece.text)).sum();
            let weight = rest + source.numbers.len();
            assert!(source.cut && weight <= BODY_BYTES_MAX, "{byte}: {weight}");
        }
    }

    #[test]
    fn plain_text_has_no_header() {
        let source = SourceBody::plain("a: b\nc");
        assert_eq!(source.rest, [SourcePiece { odd: None, text: "a: b\nc".into() }]);
        assert_eq!((source.header, source.numbers.as_str(), source.cut), (vec![], "1\n2", false));
        assert!(SourceBody::plain(&"ü".repeat(BODY_BYTES_MAX)).cut);
    }

    #[test]
    fn nothing_is_no_trouble() {
        assert_eq!(SourceBody::new(b"", &[]).numbers, "");
        assert_eq!(SourceBody::new(b"\n\n", &[]).header, []);
    }
}
