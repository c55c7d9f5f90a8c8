//! What a message says, read once at arrival: the fields a list shows, the tree, and what was odd.
//!
//! A view holds no body: its methods read from the bytes it was made of. Every input has a view; what cannot be read
//! is told by a finding. It comes from [`super::incoming`] and is kept beside the bytes; the rules of good mail are
//! not its business, only what could be read.

mod people;
mod reading;
mod references;
mod searchable;
mod shown;
mod snippet;

use super::address::Address;
use super::ancestry::{self, Ancestry};
use super::charset::Label;
use super::date::Date;
use super::entity::unbracketed;
use super::finding::{Finding, Oddity};
use super::header::{Field, Fields, fields};
use super::html;
use super::line::{first_longer, lines};
use super::structure::{BodyOf, Disposition, Listed, Part, Structure, TransferEncoding};
use super::tally::Tally;
use super::weight::heap_bytes;
use super::{charset, encoded_word, flowed};
use people::{Gathered, Kind, People};
pub use references::References;
pub use searchable::SEARCHABLE_BYTES_MAX;
pub use snippet::SNIPPET_CHARS_MAX;
use std::borrow::Cow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A message as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Decoded; empty if there is none.
    pub subject: Box<str>,
    people: People,
    /// Message-ID without brackets; empty if there is none.
    pub message_id: Box<str>,
    /// What it says of the messages before it; none if it says nothing.
    pub ancestry: Option<Box<Ancestry>>,
    /// The Date field, if it is a date. Never a reason for order or eviction.
    pub date: Option<Date>,
    /// Of the HTML, if it was made of that, which takes long to read.
    snippet: Option<Box<str>>,
    /// The MIME tree.
    pub structure: Structure,
    /// What was odd, one finding for each kind.
    pub findings: Box<[Finding]>,
}

heap_bytes! { View { subject, people, message_id, ancestry, snippet, structure, findings } }

impl View {
    /// Reads a message. Never panics, never fails, in time linear in the size of `raw`.
    pub fn read(raw: &[u8]) -> Self {
        catch_unwind(AssertUnwindSafe(|| read(raw))).unwrap_or_else(|_| unread(raw))
    }

    /// Reads a message and [`View::searchable`] of it. What makes either panic is kept unread, and not found by its words.
    pub fn read_to_search(raw: &[u8]) -> (Self, String) {
        let both = catch_unwind(AssertUnwindSafe(|| {
            let view = read(raw);
            let searchable = view.searchable(raw);
            (view, searchable)
        }));
        both.unwrap_or_else(|_| (unread(raw), String::new()))
    }

    /// Where the message's own header lies.
    pub fn header(&self) -> Range<usize> {
        self.structure.root().header.clone()
    }

    /// The message's own fields, in wire order.
    pub fn fields<'a>(&self, raw: &'a [u8]) -> Fields<'a> {
        fields(raw, self.header())
    }

    /// The first field of this name, decoded.
    pub fn value(&self, raw: &[u8], name: &str) -> Option<String> {
        self.fields(raw).find(|field| field.is(name)).map(|field| field.value())
    }

    /// Return-Path without brackets; empty for the null path, none if there is no such field.
    pub fn return_path(&self, raw: &[u8]) -> Option<String> {
        let path = self.fields(raw).find(|field| field.is("Return-Path"))?;
        Some(unbracketed(&bounded(&path).unfolded()).to_owned())
    }

    /// The part with this id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.structure.find(id)
    }

    /// The part that a reference in the HTML may mean. For more than one, see [`View::references`].
    pub fn referred(&self, reference: &str) -> Option<&Part> {
        self.references().find(reference)
    }

    /// What the HTML may refer to.
    pub fn references(&self) -> References<'_> {
        References::of(self)
    }

    /// The parts that make up the plain text.
    pub fn text_parts(&self) -> impl Iterator<Item = &Part> {
        self.structure.parts.iter().filter(|part| part.body_of == Some(BodyOf::Text))
    }

    /// The HTML part.
    pub fn html_part(&self) -> Option<&Part> {
        self.structure.parts.iter().find(|part| part.body_of == Some(BodyOf::Html))
    }

    /// The attachments.
    pub fn attachments(&self) -> impl ExactSizeIterator<Item = &Part> {
        self.listed(Listed::Attachment)
    }

    /// All other parts that are not the text.
    pub fn inline(&self) -> impl ExactSizeIterator<Item = &Part> {
        self.listed(Listed::Inline)
    }

    /// Breadth first, as enmime goes where the order shows.
    fn listed(&self, how: Listed) -> impl ExactSizeIterator<Item = &Part> {
        let mut parts: Vec<_> = self.structure.parts.iter().filter(|part| part.listed == Some(how)).collect();
        parts.sort_by_key(|part| part.depth);
        parts.into_iter()
    }

    /// The first words of the text, on one line, at most [`SNIPPET_CHARS_MAX`] characters. Plain text is read anew: it is
    /// the beginning of one part.
    pub fn snippet(&self, raw: &[u8]) -> Cow<'_, str> {
        match &self.snippet {
            Some(kept) => Cow::Borrowed(kept),
            None => catch_unwind(AssertUnwindSafe(|| snippet::of(&self.plain_head(raw)).into())).unwrap_or_default(),
        }
    }

    /// The snippet, where it is kept: that of a HTML takes long to find.
    pub fn snippet_kept(&self) -> Option<&str> {
        self.snippet.as_deref()
    }

    fn plain_head(&self, raw: &[u8]) -> String {
        let plain = self.text_parts().next();
        plain.map(|part| flowed::joined(part.text_head(raw, SNIPPET_READ_BYTES_MAX), part.flow)).unwrap_or_default()
    }

    /// The text to read: the plain one, else one made from the HTML, else nothing. Line ends are as sent.
    pub fn text(&self, raw: &[u8]) -> String {
        self.plain_text(raw).or_else(|| self.html(raw).map(|html| html::html_to_text(&html))).unwrap_or_default()
    }

    /// The plain text. Where several parts make it up, `\n--\n` stands between them, as with Mailpit.
    pub fn plain_text(&self, raw: &[u8]) -> Option<String> {
        let mut texts = self.text_parts().map(|part| part.text(raw));
        let first = texts.next()?;
        Some(texts.fold(first, |whole, text| whole + "\n--\n" + &text))
    }

    /// The HTML as sent, in UTF-8. Not fit to be shown: see [`html::prepare`].
    pub fn html(&self, raw: &[u8]) -> Option<String> {
        self.html_part().map(|part| part.text(raw))
    }

    fn html_as_text(&self, raw: &[u8], bytes_max: usize) -> String {
        let html = self.html_part().map(|part| part.text_head(raw, bytes_max));
        html.map_or_else(String::new, |html| html::html_to_text(&html))
    }
}

fn read(raw: &[u8]) -> View {
    #[cfg(test)]
    super::trap::spring("reading", raw);
    let mut odd = Tally::default();
    let mut structure = Structure::read(raw, &mut odd);
    shown::sort(&mut structure);
    let mut view = View { structure, ..empty() };
    read_fields(&mut view, raw, &mut odd);
    look_at_bodies(&view.structure, raw, &mut odd);
    look_at_lines(raw, &mut odd);
    if view.html_part().is_some() && view.plain_head(raw).trim().is_empty() {
        view.snippet = Some(snippet::of(&view.html_as_text(raw, SNIPPET_HTML_BYTES_MAX)).into());
    }
    view.findings = odd.into_findings().into();
    view
}

/// The view of what made the reading panic.
fn unread(raw: &[u8]) -> View {
    let whole = Part {
        id: "0".into(),
        body: 0..raw.len(),
        content_type: "text/plain".into(),
        body_of: Some(BodyOf::Text),
        ..Part::default()
    };
    View {
        structure: Structure { parts: [whole].into() },
        snippet: Some("".into()),
        findings: [Finding::bare(Oddity::ReadingFailed)].into(),
        ..empty()
    }
}

fn empty() -> View {
    View {
        subject: "".into(),
        people: People::default(),
        message_id: "".into(),
        ancestry: None,
        date: None,
        snippet: None,
        structure: Structure { parts: [].into() },
        findings: [].into(),
    }
}

/// RFC 5322 §3.6: which fields there must be, and which may be there once.
fn read_fields(view: &mut View, raw: &[u8], odd: &mut Tally) {
    let header = view.header();
    if header.is_empty() {
        odd.bare(Oddity::NoHeader);
    }
    let mut seen = [false; ONCE.len()];
    let mut people = Gathered::default();
    for field in fields(raw, header) {
        if !field.raw.is_ascii() {
            let read = charset::guessed(&field.raw[..field.raw.len().min(FIELD_BYTES_MAX)]).1;
            odd.note_at(field.range.start, Oddity::HeaderEightBit, format_args!("{}: read as {read}", field.name));
        }
        let Some(which) = ONCE.iter().position(|name| field.is(name)) else {
            read_ancestors(&mut view.ancestry, &field);
            continue;
        };
        let again = std::mem::replace(&mut seen[which], true);
        if again {
            odd.note_at(field.range.start, Oddity::FieldRepeated, field.name);
        }
        let line = bounded(&field).unfolded();
        if let Some(word) = encoded_word::bad(&line) {
            odd.note_at(field.range.start, Oddity::EncodedWordBad, format_args!("{}: {word}", field.name));
        }
        let mut add = |kind, most| people.add(kind, Address::list(&line), most);
        match ONCE[which] {
            "To" => add(Kind::To, ADDRESSES_MAX),
            "Cc" => add(Kind::Cc, ADDRESSES_MAX),
            "Bcc" => add(Kind::Bcc, ADDRESSES_MAX),
            "Reply-To" => add(Kind::ReplyTo, ADDRESSES_MAX),
            _ if again => {}
            "From" => add(Kind::From, ADDRESSES_MAX),
            "Sender" => add(Kind::Sender, 1),
            "Subject" => view.subject = encoded_word::decode(&line).into(),
            "Message-ID" => {
                view.message_id = unbracketed(&line).into();
                if let Some(odd) = ancestry::odd_own(&line) {
                    view.ancestry.get_or_insert_default().own_as_written = Some(odd);
                }
            }
            "Return-Path" => {}
            _ => {
                view.date = Date::read(&line);
                if view.date.is_none() {
                    odd.note_at(field.range.start, Oddity::DateUnread, line);
                }
            }
        }
    }
    view.people = people.into_people();
    for (which, oddity) in [(0, Oddity::NoDate), (1, Oddity::NoFrom), (2, Oddity::NoMessageId)] {
        if !seen[which] {
            odd.bare(oddity);
        }
    }
}

fn read_ancestors(of: &mut Option<Box<Ancestry>>, field: &Field<'_>) {
    if field.is("In-Reply-To") {
        Ancestry::add(&mut of.get_or_insert_default().in_reply_to, &bounded(field).unfolded());
    } else if field.is("References") {
        Ancestry::add(&mut of.get_or_insert_default().references, &bounded(field).unfolded());
    }
}

const ONCE: [&str; 10] =
    ["Date", "From", "Message-ID", "Sender", "To", "Cc", "Bcc", "Reply-To", "Subject", "Return-Path"];

fn bounded<'a>(field: &Field<'a>) -> Field<'a> {
    Field { raw: &field.raw[..field.raw.len().min(FIELD_BYTES_MAX)], ..field.clone() }
}

/// Whether bodies can be read as they say, without reading them.
fn look_at_bodies(structure: &Structure, raw: &[u8], odd: &mut Tally) {
    for part in structure.parts.iter().filter(|part| !part.is_multipart()) {
        if !part.is_clean(raw) {
            let word = if part.encoding == TransferEncoding::Base64 { "base64" } else { "quoted-printable" };
            odd.note_at(part.body.start, Oddity::EncodingBroken, format_args!("part {}: {word}", part.id));
        }
        if !part.is_text() {
            continue;
        }
        let said = part.charset.as_deref().unwrap_or("");
        let at = part.header.start;
        match part.label(raw, CHARSET_READ_BYTES_MAX) {
            Label::Right => {}
            Label::Broken => {
                odd.note_at(part.body.start, Oddity::CharsetBroken, format_args!("part {}: {said}", part.id));
            }
            // A file of unsaid charset is its reader's business.
            Label::Missing(_) if part.disposition == Disposition::Attachment => {}
            Label::Missing(read) => {
                odd.note_at(at, Oddity::CharsetMissing, format_args!("part {}: read as {read}", part.id));
            }
            Label::Unknown(_) => odd.note_at(at, Oddity::CharsetUnknown, format_args!("part {}: {said}", part.id)),
            Label::Wrong(read) => {
                odd.note_at(at, Oddity::CharsetWrong, format_args!("part {}: {said}, read as {read}", part.id));
            }
        }
    }
}

/// RFC 5322 §2.1.1.
fn look_at_lines(raw: &[u8], odd: &mut Tally) {
    let (mut from, mut before) = (0, 0);
    while let Some(line) = first_longer(raw, from, LINE_BYTES_MAX) {
        before += lines(&raw[..line.text.start], from).count();
        let (number, octets) = (before + 1, line.text.len());
        odd.note_at(line.text.start, Oddity::LineTooLong, format_args!("line {number} has {octets} octets"));
        (from, before) = (line.next, number);
    }
}

/// RFC 5322 §2.1.1, without the line end.
const LINE_BYTES_MAX: usize = 998;
/// Of each part, to see whether its label is right.
const CHARSET_READ_BYTES_MAX: usize = 1 << 20;
const SNIPPET_READ_BYTES_MAX: usize = 16 << 10;
/// A newsletter's styles come first, and are long.
const SNIPPET_HTML_BYTES_MAX: usize = 256 << 10;
const FIELD_BYTES_MAX: usize = 1 << 20;
/// As many as an envelope may have recipients.
const ADDRESSES_MAX: usize = 10_000;

#[cfg(test)]
mod tests;
