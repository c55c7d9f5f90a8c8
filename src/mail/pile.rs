//! Files that hold messages: where each begins and ends, and whether the last one is whole.
//!
//! Back ends that write to a file append: Django divides its messages by a line of dashes, Rails by nothing at all. A
//! message is cut off only where the next one is seen to begin, because a line of dashes or a quoted header may stand
//! in any text. Nothing here reads a file, and no byte is changed.

use std::ops::Range;

use memchr::memmem;

use super::entity::describe;
use super::header::{continues, field_name, fields, first_field, head};
use super::line::line_at;

/// How a file holds its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pile {
    /// One message: what .NET, a Maildir and a person write.
    One,
    /// Django's `filebased.EmailBackend`: after each message LF, 79 dashes, LF.
    Dashes,
    /// Rails' `:file` (Ruby's mail): one message right behind the other, with nothing between, not even a line end.
    Bare,
}

/// What a stretch of a file holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut {
    /// The messages that are whole, in order.
    pub messages: Vec<Range<usize>>,
    /// Where the one begins that is not, or may not be; the length if there is none.
    pub rest: usize,
}

impl Pile {
    /// Finds the messages of `bytes`, which begin with one. `at_end`: nothing follows them in the file.
    pub fn cut(self, bytes: &[u8], at_end: bool) -> Cut {
        let mut messages = Vec::new();
        let mut rest = 0;
        while let Some((end, next)) = self.end(bytes, rest) {
            messages.push(rest..end);
            rest = next;
        }
        if at_end && self != Self::Dashes && rest < bytes.len() && is_whole(&bytes[rest..]) {
            messages.push(rest..bytes.len());
            rest = bytes.len();
        }
        Cut { messages, rest }
    }

    /// Where the next message begins in bytes that begin in the middle of one.
    pub fn resume(self, bytes: &[u8]) -> Option<usize> {
        self.division(bytes, 0).map(|(_, next)| next)
    }

    /// Where the message that begins at `start` ends, and where the next one begins.
    fn end(self, bytes: &[u8], start: usize) -> Option<(usize, usize)> {
        match self {
            Self::One => None,
            // The writer's own line of dashes stands behind the message; there may be one in it too.
            Self::Dashes => self.division(bytes, start),
            Self::Bare => {
                let message = bytes.get(start..).filter(|message| !message.is_empty())?;
                let Shape { body, closed } = Shape::of(message);
                // Within a multipart, what looks like a message is an attached one.
                self.division(bytes, start + closed?.max(body))
            }
        }
    }

    /// The first end of a message at or behind `from`, and where the next begins.
    fn division(self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        match self {
            Self::One => None,
            Self::Dashes => {
                let found = memmem::find_iter(&bytes[from..], DASHES.as_bytes()).map(|at| from + at);
                let mut ends = found.map(|at| (at, at + DASHES.len()));
                ends.find(|(_, next)| *next == bytes.len() || header_at(bytes, *next, DJANGO).is_ok())
            }
            Self::Bare => {
                let firsts = RAILS_FIRST.iter().filter_map(|words| first_header(bytes, from, words));
                firsts.min().map(|at| (at, at))
            }
        }
    }
}

/// Where the first message stands that begins with these words; they may stand behind a text without a line end.
fn first_header(bytes: &[u8], mut from: usize, words: &str) -> Option<usize> {
    loop {
        let at = from + memmem::find(bytes.get(from..)?, words.as_bytes())?;
        if at == 0 || is_within_name(&bytes[..at]) {
            from = at + words.len();
            continue;
        }
        match header_at(bytes, at, RAILS) {
            Ok(()) => return Some(at),
            // What the whole header lacks, its later fields lack too.
            Err(end) => from = end.max(at + words.len()),
        }
    }
}

/// Whether a message is all there, as far as its own bytes can tell: the header has ended, and a multipart is closed.
pub fn is_whole(message: &[u8]) -> bool {
    let Shape { body, closed } = Shape::of(message);
    let ended = body < message.len() || message.ends_with(b"\n\n") || message.ends_with(b"\n\r\n");
    ended && closed.is_some()
}

/// Whether these bytes begin with a header field, as a message does.
pub fn is_mail(bytes: &[u8]) -> bool {
    let from = first_field(bytes);
    line_at(bytes, from).is_some_and(|line| fields(bytes, from..line.next).next().is_some())
}

/// The outline of a message.
struct Shape {
    /// Where the body begins.
    body: usize,
    /// Past the last boundary of a multipart; the body's beginning if it is none; none while it is open.
    closed: Option<usize>,
}

impl Shape {
    fn of(message: &[u8]) -> Self {
        let from = first_field(message);
        let head = head(message, from, |_| false);
        let body = head.body;
        let described = describe(message, head.header, "text/plain");
        let Some(boundary) = described.boundary.filter(|_| described.content_type.starts_with("multipart/")) else {
            return Self { body, closed: Some(body) };
        };
        let last = [b"--", &*boundary, b"--"].concat();
        let at_line_start = |at: &usize| *at == 0 || matches!(message[body + at - 1], b'\n' | b'\r');
        let closed = memmem::find_iter(&message[body..], &last).find(at_line_start).map(|at| body + at + last.len());
        Self { body, closed }
    }
}

/// Whether what follows these bytes would go on a field's name, as `Date` does behind `Resent-`.
fn is_within_name(before: &[u8]) -> bool {
    let of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let name = &before[before.len() - before.iter().rev().take(NAME_BYTES_MAX).take_while(of_name).count()..];
    name.ends_with(b"-") && name[0].is_ascii_alphabetic()
}

/// Whether a header stands at `from`, with each of these fields and the blank line behind it; else where it ends.
fn header_at(bytes: &[u8], from: usize, required: &[&str]) -> Result<(), usize> {
    let bytes = &bytes[..bytes.len().min(from + HEADER_BYTES_MAX)];
    let mut missing = required.to_vec();
    let mut at = from;
    while let Some(line) = line_at(bytes, at) {
        let text = &bytes[line.text];
        match field_name(text) {
            _ if text.is_empty() => return if missing.is_empty() { Ok(()) } else { Err(at) },
            _ if at > from && continues(text) => {}
            Some((name, _)) => missing.retain(|wanted| !wanted.eq_ignore_ascii_case(name)),
            None => break,
        }
        at = line.next;
    }
    Err(at)
}

/// `'-' * 79` between line ends; the first belongs to the line of dashes, not to the message.
const DASHES: &str = "\n-------------------------------------------------------------------------------\n";
/// Fields that Django writes into every message.
const DJANGO: &[&str] = &["date", "message-id"];
/// Fields that Ruby's mail writes into every message.
const RAILS: &[&str] = &["content-type", "date", "from", "message-id", "mime-version"];
/// The field that Ruby's mail writes first, and the one that stands before it if there is one.
const RAILS_FIRST: &[&str] = &["Return-Path: ", "Date: "];
/// Names are shorter.
const NAME_BYTES_MAX: usize = 64;
/// The header of a following message is looked at so far.
const HEADER_BYTES_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests;
