//! The MIME tree of a message (RFC 2046 §5.1): which bytes are which part.
//!
//! One pass over the lines, an explicit stack, offsets into bytes that stay untouched: time and memory are linear
//! whatever was sent, and nothing recurses. A `message/rfc822` is a leaf; who wants to look inside opens its decoded
//! bytes as a message of its own. What a part *means* is decided in [`super::view`].

use super::Word;
use super::entity::{self, Description, Names};
use super::finding::Oddity;
use super::header::{first_field, head};
use super::line::{Line, line_at, line_end};
use super::tally::Tally;
use super::uuencode;
use super::weight::heap_bytes;
use std::fmt::Write;
use std::ops::Range;

pub use super::entity::{Disposition, Flow, TransferEncoding};

/// Multiparts within multiparts that are read; deeper ones are leaves.
pub const NESTING_MAX: usize = 100;

/// Parts that are read; what follows the last is in the source only.
pub const PARTS_MAX: usize = 10_000;

/// The parts of a message, each before its children, in wire order. Never empty: the first is the message itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// The parts.
    pub parts: Box<[Part]>,
}

/// One MIME entity: where it is, and what its fields say. The bytes stay in the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Mailpit's PartID: the message itself is `0`, also as a multipart; its children are `1`, `2`, …; theirs `2.1`;
    /// a multipart among them is named with a final `.0`, as in `2.0`. A file that stands uuencoded in the text of `1`
    /// is `1-uu1`.
    pub id: Word,
    /// The index of the multipart that holds it; none for the message itself.
    pub parent: Option<u32>,
    /// How many multiparts hold it.
    pub depth: u8,
    /// Its fields, with their line ends, without the blank line.
    pub header: Range<usize>,
    /// Its body as sent; a multipart's covers its children, preamble and epilogue.
    pub body: Range<usize>,
    /// `type/subtype` in lower case (RFC 2045 §5.2 where it says none).
    pub content_type: Word,
    /// As labelled.
    pub charset: Option<Word>,
    /// Whether its lines may be joined.
    pub flow: Flow,
    /// How it asks to be shown.
    pub disposition: Disposition,
    /// How its body was encoded.
    pub encoding: TransferEncoding,
    /// Whether it is a multipart with parts in it.
    pub has_children: bool,
    /// Whether it is what is read of the message.
    pub body_of: Option<BodyOf>,
    /// Where it is listed beside that.
    pub listed: Option<Listed>,
    pub(super) names: Option<Box<Names>>,
}

/// What is read of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyOf {
    /// The plain text, or a piece of it.
    Text,
    /// The HTML.
    Html,
}

/// What a message has beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// An attachment, in Mailpit's sense: it says so, or is `application/octet-stream`, or is all there is.
    Attachment,
    /// Anything else that is not the body: inline images, calendars, delivery reports, nested messages. Mailpit leaves
    /// out those that have no [`Part::name`].
    Inline,
}

heap_bytes! {
    Structure { parts }
    Part { id, content_type, charset, names }
}

impl Structure {
    /// Walks a message. Every input has a structure; what was odd about it goes to `odd`.
    pub(super) fn read(raw: &[u8], odd: &mut Tally) -> Self {
        Walk { raw, odd, parts: Vec::new(), open: Vec::new(), running: Vec::new() }.walk()
    }

    /// The message itself.
    pub fn root(&self) -> &Part {
        &self.parts[0]
    }

    /// The part with this id.
    pub fn find(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| &*part.id == id)
    }
}

/// A multipart whose next part may begin at any line.
struct Open {
    part: usize,
    boundary: Box<[u8]>,
    children: usize,
}

/// What a line means to the multiparts that are open: the index into the stack.
enum Delimiter {
    Next(usize),
    Close(usize),
}

struct Walk<'a> {
    raw: &'a [u8],
    odd: &'a mut Tally,
    parts: Vec<Part>,
    /// The multiparts that can still get parts, outermost first.
    open: Vec<Open>,
    /// The parts whose end is not known yet, each within the one before it.
    running: Vec<usize>,
}

impl Walk<'_> {
    fn walk(mut self) -> Structure {
        let mut at = self.begin(first_field(self.raw), None);
        // Nothing ends before it: the beginning of a body, or a delimiter.
        let mut floor = at;
        while let Some(Line { text, next }) = self.dashed_line(at) {
            let before = text.start - line_end(&self.raw[floor..text.start]);
            match self.delimiter(&self.raw[text.clone()]) {
                Some(Delimiter::Next(level)) => {
                    self.finish(level, before);
                    if self.parts.len() == PARTS_MAX {
                        self.odd.note_at(next, Oddity::TooManyParts, format_args!("{PARTS_MAX} parts are read"));
                        self.open.clear(); // no more is looked for, so nothing is missing
                        break;
                    }
                    at = self.begin(next, Some(level));
                    floor = at;
                }
                Some(Delimiter::Close(level)) => {
                    self.finish(level, before);
                    self.open.truncate(level);
                    (floor, at) = (text.end, next);
                }
                None => at = next,
            }
        }
        self.close_from(0);
        self.end_from(0, self.raw.len());
        Structure { parts: uuencode::with_files(self.raw, self.parts).into() }
    }

    /// The next line from `at` on that may be a delimiter. Where no multipart is open there is none to be found. Not cut
    /// line by line: an attachment has a hundred thousand, and no dash.
    fn dashed_line(&self, at: usize) -> Option<Line> {
        if self.open.is_empty() {
            return None;
        }
        let begins_line = |start: &usize| *start == at || matches!(self.raw[start - 1], b'\n' | b'\r');
        let mut dashes = memchr::memmem::find_iter(&self.raw[at..], b"--").map(|found| at + found);
        line_at(self.raw, dashes.find(begins_line)?)
    }

    /// Reads the header at `from` as a new part, and gives the place where its body begins.
    fn begin(&mut self, from: usize, level: Option<usize>) -> usize {
        let head = head(self.raw, from, |line| self.delimiter(line).is_some());
        if let Some((count, first)) = head.unread {
            let line = String::from_utf8_lossy(&self.raw[first.start..first.end.min(first.start + 200)]);
            self.odd.note_at(first.start, Oddity::HeaderLineUnread, format_args!("{line:?}{}", more(count)));
        }
        let parent = level.map(|level| self.open[level].part);
        // RFC 2046 §5.1.5: in a digest, a part that says nothing is a message.
        let in_digest = parent.is_some_and(|parent| &*self.parts[parent].content_type == "multipart/digest");
        let default = if in_digest { "message/rfc822" } else { "text/plain" };
        let said = entity::describe(self.raw, head.header.clone(), default);
        if let Some(word) = &said.encoding_word {
            self.odd.note_at(head.header.start, Oddity::EncodingUnknown, word);
        }
        let index = self.parts.len();
        let depth = parent.map_or(0, |parent| self.parts[parent].depth + 1);
        let boundary = self.boundary(&said, usize::from(depth), head.body);
        let id = self.id(level, boundary.is_some());
        // Only the part itself may name its charset (RFC 2046 §4.1.2); senders that name it above mean it below.
        let inherited = parent.and_then(|parent| self.parts[parent].charset.clone());
        let inherited = inherited.filter(|_| said.content_type.starts_with("text/"));
        self.parts.push(Part {
            id,
            parent: parent.and_then(|parent| parent.try_into().ok()),
            depth,
            header: head.header,
            body: head.body..head.body,
            content_type: said.content_type,
            charset: said.charset.or(inherited),
            flow: said.flow,
            disposition: said.disposition,
            encoding: said.encoding,
            has_children: false,
            body_of: None,
            listed: None,
            names: said.names.boxed(),
        });
        self.running.push(index);
        if let Some(level) = level {
            self.open[level].children += 1;
            let parent = self.open[level].part;
            self.parts[parent].has_children = true;
        }
        if let Some(boundary) = boundary {
            self.open.push(Open { part: index, boundary, children: 0 });
        }
        head.body
    }

    /// The boundary of a multipart that is to be read as one.
    fn boundary(&mut self, said: &Description, depth: usize, body: usize) -> Option<Box<[u8]>> {
        if !said.content_type.starts_with("multipart/") {
            return None;
        }
        if depth >= NESTING_MAX {
            self.odd.note_at(body, Oddity::TooDeep, format_args!("{NESTING_MAX} levels are read"));
            return None;
        }
        said.boundary.clone().or_else(|| {
            let guessed = self.sniffed_boundary(body);
            self.odd.note_at(
                body,
                Oddity::BoundaryMissing,
                if guessed.is_some() { "none is named; it was guessed" } else { "none is named" },
            );
            guessed
        })
    }

    /// The first line of a body that could be a delimiter, unless one of a multipart around it comes first. Bounded, for
    /// every one of ten thousand parts may ask.
    fn sniffed_boundary(&self, body: usize) -> Option<Box<[u8]>> {
        let head = &self.raw[..self.raw.len().min(body + SNIFFED_BYTES_MAX)];
        let own = super::line::lines(head, body).map(|line| &head[line.text]);
        own.take_while(|line| self.delimiter(line).is_none()).find_map(|line| {
            let boundary = line.strip_prefix(b"--")?.trim_ascii_end();
            let fits = (1..=70).contains(&boundary.len()) && boundary.iter().all(u8::is_ascii_graphic);
            fits.then(|| boundary.into())
        })
    }

    fn id(&self, level: Option<usize>, multipart: bool) -> Word {
        let Some(open) = level.map(|level| &self.open[level]) else { return "0".into() };
        let parent = &*self.parts[open.part].id;
        let mut id = match parent.strip_suffix(".0") {
            Some(stem) => format!("{stem}."),
            None => String::new(), // the root's children
        };
        let _ = write!(id, "{}{}", open.children + 1, if multipart { ".0" } else { "" });
        id.into()
    }

    /// RFC 2046 §5.1.1: the innermost multipart is asked first, but an outer one's delimiter ends those within it.
    fn delimiter(&self, line: &[u8]) -> Option<Delimiter> {
        let rest = line.strip_prefix(b"--")?;
        self.open.iter().enumerate().rev().find_map(|(level, open)| {
            // Whole, up to transport padding: a boundary may be the beginning of another.
            match rest.strip_prefix(&*open.boundary)?.trim_ascii_end() {
                b"" => Some(Delimiter::Next(level)),
                b"--" => Some(Delimiter::Close(level)),
                _ => None,
            }
        })
    }

    /// A delimiter of `level` was met: whatever is within it has ended at `end`.
    fn finish(&mut self, level: usize, end: usize) {
        self.close_from(level + 1);
        self.end_from(usize::from(self.parts[self.open[level].part].depth) + 1, end);
    }

    /// The multiparts from `level` on get no more parts, though none was closed.
    fn close_from(&mut self, level: usize) {
        for open in self.open.drain(level.min(self.open.len())..) {
            let Part { id, body, .. } = &self.parts[open.part];
            match open.children {
                0 => self.odd.note_at(
                    body.start,
                    Oddity::BoundaryMissing,
                    format_args!("the boundary of part {id} never occurs"),
                ),
                _ => self.odd.note_at(body.start, Oddity::BoundaryUnclosed, format_args!("part {id}")),
            }
        }
    }

    /// Every running part at `depth` or deeper ends at `end`; one that had not begun yet is empty.
    fn end_from(&mut self, depth: usize, mut end: usize) {
        while let Some(&last) = self.running.last().filter(|&&last| usize::from(self.parts[last].depth) >= depth) {
            let body = &mut self.parts[last].body;
            // A part never ends before the one within it.
            end = end.max(body.start);
            body.end = end;
            self.running.pop();
        }
    }
}

fn more(count: usize) -> String {
    if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() }
}

const SNIFFED_BYTES_MAX: usize = 4 << 10;

const _: () = assert!(NESTING_MAX < u8::MAX as usize, "a depth is a u8");

#[cfg(test)]
mod tests;
