//! What the pages show: plain strings, numbers and flags, ready for a template.
//!
//! Views are not the domain. Whoever fills them knows the store; they know nothing but how things look. Nothing in here
//! is escaped: the templates do that, for every value, whoever sent it.

use super::header::HeaderSpan;
use super::marked::RowHits;
use super::part::OpenPart;
use super::weight::{self, MARKUP_BYTES};
use super::words;

/// A moment as a page shows it: `<time datetime="iso" title="exact">age</time>`. See [`words::stamp`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// RFC 3339 in UTC, with milliseconds.
    pub iso: String,
    /// `2026-03-02 14:05:33 UTC`; the script puts it into the browser's zone.
    pub exact: String,
    /// `now`, `4 min`, `3 h`, `2 d`, `2 Mar`.
    pub age: String,
    /// `2 MAR`, for the postmark.
    pub day: String,
    /// `14:05`, for the postmark.
    pub hour: String,
}

/// Tags that a row has room for.
const TAGS_SHOWN_MAX: usize = 4;

/// One message in the list.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The message.
    pub id: String,
    /// The store's sequence number: `before=` of the page that goes on below this row. A later row has a greater one.
    pub cursor: String,
    /// Nobody has read it.
    pub unread: bool,
    /// It is spared when the list is cleared and when memory is full.
    pub kept: bool,
    /// The author's name, or address, or the envelope's sender; may be empty.
    pub from: String,
    /// The author's address, for those who point at the name; may be empty.
    pub from_address: String,
    /// The envelope's recipients, in order. The row shows the first and the number of the rest.
    pub to: Vec<String>,
    /// May be empty.
    pub subject: String,
    /// The first words of the text, on one line, at most some 200 characters; or those for which a search found it.
    pub snippet: String,
    /// For which pieces of these a search found it.
    pub hits: RowHits,
    /// When it was accepted.
    pub received: Stamp,
    /// Of the raw message, in bytes.
    pub size: u64,
    /// Number of attachments.
    pub attachments: usize,
    /// Its tags, by name. The row shows [`Row::tags_shown`] and the number of the rest.
    pub tags: Vec<String>,
    /// Number of findings.
    pub findings: usize,
    /// Whether one of them is worse than a note.
    pub findings_matter: bool,
    /// Whether a strict server would have refused it.
    pub refusable: bool,
    /// Its mailbox, if it is not `default`.
    pub mailbox: Option<String>,
    /// For instance `TLSv1.3`, if TLS carried it.
    pub tls: Option<String>,
    /// The user, if the client logged in.
    pub login: Option<String>,
    /// In a conversation: how many messages it hangs below.
    pub depth: usize,
    /// In a conversation: why it does not hang to what it answers, a sentence each.
    pub astray: Vec<String>,
}

impl Row {
    /// The class that indents it: a conversation may be a thousand deep, a page need not.
    pub fn indent(&self) -> usize {
        self.depth.min(8)
    }

    /// The tags that the row has room for.
    pub fn tags_shown(&self) -> &[String] {
        &self.tags[..self.tags.len().min(TAGS_SHOWN_MAX)]
    }

    /// The tags after those.
    pub fn other_tags(&self) -> usize {
        self.tags.len() - self.tags_shown().len()
    }

    /// The recipients after the first one.
    pub fn others(&self) -> usize {
        self.to.len().saturating_sub(1)
    }

    /// The subject, or the words for none.
    pub fn subject_words(&self) -> &str {
        if self.subject.trim().is_empty() { "no subject" } else { &self.subject }
    }

    /// All recipients, for those who point at the first.
    pub fn all_to(&self) -> String {
        words::some(&self.to, 20)
    }

    /// `12 kB`.
    pub fn size_words(&self) -> String {
        words::bytes(self.size)
    }
}

/// A name and an address of a header field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The display name; may be empty.
    pub name: String,
    /// The address; may be empty, in malformed mail.
    pub address: String,
}

impl Person {
    /// What it weighs in a page.
    pub fn weight(&self) -> usize {
        MARKUP_BYTES + weight::of(&self.name) + weight::of(&self.address)
    }
}

/// One oddity of the message, in the words of `mail::finding`.
#[derive(Clone, Debug, Default)]
pub struct FindingView {
    /// `note`, `warning` or `refused`.
    pub severity: &'static str,
    /// The stable name.
    pub id: String,
    /// The sentence.
    pub sentence: String,
    /// What the message adds to it; may be empty.
    pub detail: String,
    /// The clause; may be empty.
    pub rfc: String,
    /// Where it is, if at one place.
    pub place: Option<PlaceView>,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceView {
    /// A line of the source, with the bytes there.
    Line {
        /// From 1 on.
        line: usize,
        /// Printable.
        bytes: String,
    },
    /// A line of the dialogue, from 1 on.
    Said(u32),
}

impl FindingView {
    /// A few words for the strip: the stable name, with spaces.
    pub fn words(&self) -> String {
        self.id.replace('-', " ")
    }

    /// What the severity means to a sender.
    pub fn severity_words(&self) -> &'static str {
        match self.severity {
            "refused" => "strict servers refuse",
            "warning" => "some receivers mind",
            _ => "note",
        }
    }
}

/// One attachment.
#[derive(Clone, Debug, Default)]
pub struct AttachmentView {
    /// The part's number, as in its address.
    pub part: String,
    /// As sent, decoded; may be empty.
    pub name: String,
    /// `image/png`.
    pub media_type: String,
    /// Decoded, in bytes.
    pub size: u64,
    /// Whether a browser may be asked to show it as an image (png, jpeg, gif, webp; never svg) and it is not huge.
    pub preview: bool,
    /// What a click on it does.
    pub opens: Opens,
}

/// What a click on an attachment does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opens {
    /// It is saved: nobody knows what it would do in a browser.
    #[default]
    Saved,
    /// It is shown in the pane, among the parts.
    Here,
    /// It is a message, with a page of its own.
    Message,
}

impl AttachmentView {
    /// What it weighs in a page: its name stands in it twice, its address three times.
    pub fn weight(&self) -> usize {
        6 * MARKUP_BYTES + 2 * weight::of(&self.name) + weight::of(&self.media_type) + 3 * self.part.len()
    }

    /// `12 kB`.
    pub fn size_words(&self) -> String {
        words::bytes(self.size)
    }

    /// The letters on its stamp: the ending of the name, or the subtype; at most four.
    pub fn kind(&self) -> String {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 4);
        let subtype = match self.media_type.rsplit_once('/') {
            Some((_, "rfc822")) => Some("eml"),
            other => other.map(|(_, subtype)| subtype),
        };
        let kind = ending.or(subtype).unwrap_or("file");
        kind.chars().filter(char::is_ascii_alphanumeric).take(4).collect()
    }
}

/// Where a message came from that came within another.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// The ids of parts that lead to it, divided by `~`.
    pub way: String,
    /// The subject of the message around all.
    pub outer: String,
    /// The page of the message around it, below the base.
    pub up: String,
}

/// A message within a message.
#[derive(Clone, Debug, Default)]
pub struct NestedLink {
    /// The part that it is.
    pub part: String,
    /// May be empty.
    pub subject: String,
    /// Who wrote it; may be empty.
    pub from: String,
}

/// Something that the mail's HTML would fetch from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct RemoteItem {
    /// `image`, `stylesheet`, `font`, `background` …
    pub kind: String,
    /// The address as written.
    pub url: String,
    /// Why it looks as if it followed the reader, in a few words each.
    pub why: Vec<String>,
}

/// One header field, in wire order.
#[derive(Clone, Debug, Default)]
pub struct HeaderRow {
    /// The name as sent.
    pub name: String,
    /// Unfolded and decoded.
    pub decoded: String,
    /// As sent, folded, without the name and the colon.
    pub raw: String,
    /// The decoded value with its addresses as searches; empty where there are none.
    pub spans: Vec<HeaderSpan>,
}

/// One node of the MIME tree, in the order of the message; `depth` makes the tree.
#[derive(Clone, Debug, Default)]
pub struct PartNode {
    /// The part's number, as in its address.
    pub part: String,
    /// 0 for the message itself.
    pub depth: usize,
    /// `multipart/alternative`.
    pub media_type: String,
    /// May be empty.
    pub charset: String,
    /// The transfer encoding as sent; may be empty.
    pub encoding: String,
    /// `attachment`, `inline` or empty.
    pub disposition: String,
    /// The file name, decoded; may be empty.
    pub name: String,
    /// The Content-ID without its brackets; may be empty.
    pub content_id: String,
    /// Decoded, in bytes; for a multipart, as sent.
    pub size: u64,
    /// Whether it has parts of its own (then there is nothing to download but the source).
    pub multipart: bool,
    /// The lines of the source that it takes, as in `line=12-40`.
    pub lines: String,
    /// What is in it, if it is the one that is open.
    pub open: Option<Box<OpenPart>>,
}

impl PartNode {
    /// `12 kB`.
    pub fn size_words(&self) -> String {
        words::bytes(self.size)
    }

    /// Where it begins in the source: the first of its lines.
    pub fn line(&self) -> &str {
        self.lines.split('-').next().unwrap_or_default()
    }

    /// The class that indents it: hostile mail nests a hundred deep, a page need not.
    pub fn indent(&self) -> usize {
        self.depth.min(12)
    }
}

/// A word and what it says: a line of the envelope.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// `Peer`, `HELO`, `TLS` …
    pub label: String,
    /// As sent.
    pub value: String,
    /// ESMTP parameters or a remark; may be empty.
    pub note: String,
}

impl Fact {
    /// What it weighs in a page.
    pub fn weight(&self) -> usize {
        MARKUP_BYTES + weight::of(&self.label) + weight::of(&self.value) + weight::of(&self.note)
    }
}
