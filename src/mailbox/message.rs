//! A kept message: the evidence as it came, and what was read of it.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::raw::{Packed, Raw};
use super::{MailboxName, MessageId, Tags};
use crate::mail::envelope::Envelope;
use crate::mail::finding::{Finding, Severity};
use crate::mail::incoming::Incoming;
use crate::mail::view::View;
use crate::mail::weight::{ARC_BYTES, HeapBytes};

/// One message. Nothing in it changes once it is made, but how its bytes are held; what may change is in [`Stored`].
#[derive(Debug)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// When it came in; its Date field is never asked for order or eviction.
    pub received: Timestamp,
    /// The mailbox it belongs to, the only one.
    pub mailbox: MailboxName,
    /// The bytes as sent, after dot-unstuffing.
    raw: Raw,
    /// What the wire said.
    pub envelope: Envelope,
    /// The lines of the connection that brought it.
    pub dialogue: Box<str>,
    /// What was read of the bytes.
    pub view: View,
    /// What was odd on the wire; what was odd in the bytes is in the view.
    pub findings: Box<[Finding]>,
    /// The tags that it brought; those that it has now are in [`Stored`].
    pub tags: Tags,
    /// What all but `raw` takes.
    cost: usize,
}

impl Message {
    /// Reads what came in, once; also answers what a word of a search is looked for in, in lower case, which the store keeps
    /// in its index. Pure but slow for large mail: the inbox decides on which thread.
    pub(super) fn read(id: MessageId, received: Timestamp, incoming: Incoming) -> (Self, Box<str>) {
        let Incoming { raw, envelope, dialogue, mut findings } = incoming;
        let (mailbox, odd_name) = MailboxName::of(&envelope.client);
        findings.extend(odd_name);
        let (view, mut searchable) = View::read_to_search(&raw);
        for address in std::iter::once(&envelope.from).chain(&envelope.to) {
            searchable.push('\n');
            searchable.push_str(&address.path.to_string().to_lowercase());
        }
        let tags = Tags::of(&envelope, &view, &raw);
        // The client is paid for by the first message of its connection, when nobody but the session and it know it.
        let alone = Arc::strong_count(&envelope.client) <= 2;
        let mut message = Self {
            id,
            received,
            mailbox,
            raw: Raw::plain(raw),
            cost: if alone { envelope.client.shared_bytes() } else { 0 },
            envelope,
            dialogue: dialogue.into(),
            view,
            findings: findings.into(),
            tags,
        };
        message.cost += ARC_BYTES + size_of::<Self>() + message.heap_bytes();
        (message, searchable.into())
    }

    /// Without the bytes as sent.
    fn heap_bytes(&self) -> usize {
        let sent = self.envelope.heap_bytes() + self.mailbox.heap_bytes();
        let read = self.view.heap_bytes() + self.tags.heap_bytes();
        sent + read + self.dialogue.heap_bytes() + self.findings.heap_bytes()
    }

    /// The memory that it takes without its text in the index, in bytes: counted once, for it is asked under the lock. It is
    /// less once the message is packed, which happens while the store is held.
    pub fn cost(&self) -> usize {
        self.cost + self.raw.heap_bytes()
    }

    /// The bytes as sent, after dot-unstuffing. Those of an old message are unpacked for it, some ten microseconds for ten
    /// kilobytes: ask once and pass them on.
    ///
    /// # Panics
    /// If there is no memory to unpack them.
    pub fn raw(&self) -> Bytes {
        self.raw.bytes()
    }

    /// How many they are; known without unpacking.
    pub fn raw_len(&self) -> usize {
        self.raw.len()
    }

    /// The first words of the text, on one line.
    pub fn snippet(&self) -> Cow<'_, str> {
        match self.view.snippet_kept() {
            Some(kept) => Cow::Borrowed(kept),
            None => Cow::Owned(self.view.snippet(&self.raw()).into_owned()),
        }
    }

    /// Holds its bytes packed; answers the plain ones, to be let go of. Its cost is another then.
    pub(super) fn hold(&self, packed: Packed) -> Option<Bytes> {
        self.raw.hold(packed)
    }

    /// Everything odd: on the wire first, then in the bytes.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(self.view.findings.iter())
    }

    /// Whether a strict server would have refused it.
    pub fn is_refusable(&self) -> bool {
        self.all_findings().any(|finding| finding.oddity.severity() == Severity::Refused)
    }
}

/// A message with its state, as it was when the store was asked.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its place in the store's sequence: no two changes share one, later is larger.
    pub seq: u64,
    /// Whether it was marked as read.
    pub read: bool,
    /// Whether it is spared when the list is cleared and when memory is full.
    pub kept: bool,
    /// Its tags.
    pub tags: Tags,
    /// The message itself.
    pub message: Arc<Message>,
}

/// A message as the store holds it, while the store is held. It costs nothing to look at.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// Its place in the store's sequence.
    pub seq: u64,
    /// Whether it is marked as read.
    pub read: bool,
    /// Whether it is spared when the list is cleared and when memory is full.
    pub kept: bool,
    /// Its tags.
    pub tags: &'a Tags,
    /// The message itself.
    pub message: &'a Arc<Message>,
}

impl Kept<'_> {
    /// To be taken along.
    pub fn stored(&self) -> Stored {
        Stored {
            seq: self.seq,
            read: self.read,
            kept: self.kept,
            tags: self.tags.clone(),
            message: self.message.clone(),
        }
    }
}

impl Stored {
    /// As if the store were held.
    pub(super) fn as_kept(&self) -> Kept<'_> {
        Kept { seq: self.seq, read: self.read, kept: self.kept, tags: &self.tags, message: &self.message }
    }
}
