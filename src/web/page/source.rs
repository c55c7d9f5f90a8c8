//! The raw message as a page shows it: line numbers, colours for what it is made of, as much as a page can bear.
//!
//! Who fills it says which bytes are a header, a body, encoded how ([`Region`]); here lines are cut, drawn and coloured.

mod colour;

use super::escape::picture;
use super::weight::{self, BODY_BYTES_MAX};
pub use colour::Span;
use std::ops::{Range, RangeInclusive};

/// The raw message, or a piece of it. Line ends are shown as lines; what else cannot be seen is drawn (`␍`, `␀`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceBody {
    /// The lines, those that are marked apart from the others.
    pub runs: Vec<Run>,
    /// `1\n2\n3…`, one number for each line that is shown.
    pub numbers: String,
    /// How many bytes there are in all.
    pub total: u64,
    /// The number of the first line that is shown.
    pub first: usize,
    /// The number of the last.
    pub last: usize,
    /// Whether more follows.
    pub cut: bool,
}

/// Lines that follow each other and are marked alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The number of its first line, if it is marked: that can be jumped to.
    pub marked: Option<usize>,
    /// Its text, with line ends.
    pub spans: Vec<Span>,
}

/// Which bytes are what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The bytes.
    pub range: Range<usize>,
    /// What they are.
    pub what: What,
}

/// What a line of the source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Fields.
    Header,
    /// A body in base64.
    Base64,
    /// A body in quoted-printable.
    QuotedPrintable,
    /// Any other body.
    Text,
    /// What lies between the parts: delimiters, preambles.
    Between,
}

/// A line, coloured, with its number.
struct Line {
    number: usize,
    spans: Vec<Span>,
}

/// The lines from one place on that a page can bear.
struct Window {
    lines: Vec<Line>,
    cut: bool,
}

impl SourceBody {
    /// Text that is no message.
    pub fn plain(text: &str) -> Self {
        Self::new(text.as_bytes(), &[Region { range: 0..text.len(), what: What::Text }], &[], None)
    }

    /// Reads the raw bytes. `regions` are in order and do not overlap; `odd` are the numbers of the lines that findings are
    /// about. What is `asked` for is marked too, and if it lies deep, the lines around it are shown instead of the first.
    pub fn new(raw: &[u8], regions: &[Region], odd: &[usize], asked: Option<RangeInclusive<usize>>) -> Self {
        let mut window = Window::read(raw, regions, 0, 1);
        let last = window.lines.last().map_or(0, |line| line.number);
        let deep = asked.as_ref().map(|lines| *lines.start()).filter(|line| window.cut && *line >= last);
        if let Some((at, number)) = deep.and_then(|line| a_little_before(raw, line)) {
            window = Window::read(raw, regions, at, number);
        }
        let numbers: Vec<_> = window.lines.iter().map(|line| line.number.to_string()).collect();
        Self {
            numbers: numbers.join("\n"),
            total: raw.len() as u64,
            first: window.lines.first().map_or(1, |line| line.number),
            last: window.lines.last().map_or(1, |line| line.number),
            cut: window.cut,
            runs: runs(window.lines, odd, asked),
        }
    }
}

impl Window {
    /// Reads from the line `number`, which begins at `at`.
    fn read(raw: &[u8], regions: &[Region], mut at: usize, mut number: usize) -> Self {
        let mut lines = Vec::new();
        let mut left = BODY_BYTES_MAX;
        while at < raw.len() {
            let end = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |lf| at + lf + 1);
            let room = left.saturating_sub(LINE_BYTES);
            let text = visible(&raw[at..end.min(at + room)]);
            let shown = weight::head(&text, room);
            let mut spans = colour::spans(shown, what(regions, at));
            let weight = spans.iter().map(Span::weight).sum::<usize>();
            let fits = shown.len() == text.len() && end - at <= room && weight <= room;
            if !fits {
                // Colours weigh too: what they would push out is shown without.
                spans = if shown.is_empty() { Vec::new() } else { vec![Span::plain(shown)] };
            }
            if !spans.is_empty() {
                lines.push(Line { number, spans });
            }
            if !fits {
                return Self { lines, cut: true };
            }
            left = room - weight;
            (at, number) = (end, number + 1);
        }
        Self { lines, cut: false }
    }
}

/// What a byte belongs to.
fn what(regions: &[Region], at: usize) -> What {
    let next = regions.partition_point(|region| region.range.start <= at);
    let within = next.checked_sub(1).map(|before| &regions[before]).filter(|region| at < region.range.end);
    within.map_or(What::Between, |region| region.what)
}

/// Where the lines before `line` begin that tell where one is; none if there is no such line.
fn a_little_before(raw: &[u8], line: usize) -> Option<(usize, usize)> {
    let before = line.checked_sub(2);
    let mut at = before.map_or(Some(0), |nth| memchr::memchr_iter(b'\n', raw).nth(nth).map(|lf| lf + 1))?;
    if at >= raw.len() {
        return None;
    }
    let mut number = line;
    for _ in 0..CONTEXT_LINES {
        let Some(end) = at.checked_sub(1) else { break };
        let start = memchr::memrchr(b'\n', &raw[..end]).map_or(0, |lf| lf + 1);
        if at - start > CONTEXT_BYTES_MAX {
            break;
        }
        (at, number) = (start, number - 1);
    }
    Some((at, number))
}

/// Lines that are marked alike, together; a line that a finding is about stands alone.
fn runs(lines: Vec<Line>, odd: &[usize], asked: Option<RangeInclusive<usize>>) -> Vec<Run> {
    let odd: std::collections::BTreeSet<usize> = odd.iter().copied().collect();
    let mut runs: Vec<Run> = Vec::new();
    let mut before = None;
    for Line { number, spans } in lines {
        let is_odd = odd.contains(&number);
        let is_asked = asked.as_ref().is_some_and(|asked| asked.contains(&number));
        let kind = (is_odd.then_some(number), is_asked);
        if before != Some(kind) || runs.is_empty() {
            runs.push(Run { marked: (is_odd || is_asked).then_some(number), spans: Vec::new() });
            before = Some(kind);
        }
        let Some(run) = runs.last_mut() else { continue };
        for span in spans {
            match run.spans.last_mut() {
                Some(last) if last.class == span.class => last.text.push_str(&span.text),
                _ => run.spans.push(span),
            }
        }
    }
    runs
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

/// A number of seven digits and its line end, and `<mark></mark>` now and then.
const LINE_BYTES: usize = 15;
/// Above a line that is asked for.
const CONTEXT_LINES: usize = 40;
const CONTEXT_BYTES_MAX: usize = 4 << 10;

#[cfg(test)]
mod tests;
