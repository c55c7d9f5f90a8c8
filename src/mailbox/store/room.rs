//! Memory: what takes how much of it, and what must go so that something else fits.

use std::collections::BTreeSet;

use super::{ENTRY_BYTES, Entry, Store, mailbox_bytes};
use crate::config::ByteSize;
use crate::mail::weight::HeapBytes;
use crate::mailbox::change::Batch;
use crate::mailbox::index::Index;
use crate::mailbox::tag::count_bytes;
use crate::mailbox::{Message, MessageId, Scope, Tags};

/// Why no more messages can be kept by hand: who looks after them would otherwise shut out all that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuchKept {
    /// They would take more memory than this.
    Bytes(usize),
    /// They would be more than so many.
    Messages(usize),
}

impl std::fmt::Display for TooMuchKept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(max) => write!(
                f,
                "Nothing was kept: kept messages can take no more than {} together, half of the memory (--max-memory).",
                ByteSize(*max)
            ),
            Self::Messages(max) => {
                let messages = if *max == 1 { "message" } else { "messages" };
                write!(
                    f,
                    "Nothing was kept: no more than {max} {messages} can be kept, half of all that there may be \
                     (--max-messages)."
                )
            }
        }
    }
}

impl Store {
    /// The most that this message can take of the budget: it may be the first of its mailbox, and of its tags.
    pub(in crate::mailbox) fn bytes_of(message: &Message) -> usize {
        message.cost() + ENTRY_BYTES + mailbox_bytes(&message.mailbox) + 2 * message.tags.counts_bytes()
    }

    /// The messages that must go so that `bytes` more and `messages` more fit: hidden ones first, then the oldest that
    /// nobody keeps. None if that would not be enough.
    pub(in crate::mailbox) fn room_for(&self, bytes: usize, messages: usize) -> Option<Vec<MessageId>> {
        self.room_beside(None, bytes, messages)
    }

    /// The messages that must go so that the first `count` of this batch can come back: their mailboxes and tags may be
    /// gone meanwhile. None of the batch is among them.
    pub(in crate::mailbox) fn room_to_restore(&self, batch: Batch, count: usize) -> Option<Vec<MessageId>> {
        let (mut bytes, mut mailboxes) = (0, BTreeSet::new());
        for entry in self.hidden.of(batch).take(count) {
            let name = &entry.message.mailbox;
            if !self.mailboxes.contains_key(name) && mailboxes.insert(name) {
                bytes += mailbox_bytes(name);
            }
            bytes += 2 * entry.tags.counts_bytes();
        }
        self.room_beside(Some(batch), bytes, 0)
    }

    /// The messages that must go so that these can have these tags.
    pub(in crate::mailbox) fn room_to_tag(&self, messages: &[(MessageId, Tags)]) -> Option<Vec<MessageId>> {
        let (mut bytes, mut named) = (0, BTreeSet::new());
        for (id, tags) in messages {
            let Some(entry) = self.places.get(id).and_then(|seq| self.entries.get(seq)) else { continue };
            bytes += tags.heap_bytes().saturating_sub(entry.tags.bytes_beside(&entry.message.tags));
            let mailbox = self.mailboxes.get(&entry.message.mailbox);
            for tag in tags.iter() {
                // Counted once for all mailboxes, and once for its own.
                for (name, counts) in
                    [(None, Some(&self.tags)), (Some(&entry.message.mailbox), mailbox.map(|it| &it.tags))]
                {
                    if counts.is_none_or(|counts| !counts.has(tag)) && named.insert((name, tag.to_lowercase())) {
                        bytes += count_bytes(tag);
                    }
                }
            }
        }
        self.room_beside(None, bytes, 0)
    }

    fn room_beside(&self, spared: Option<Batch>, bytes: usize, messages: usize) -> Option<Vec<MessageId>> {
        let bytes_max = self.limits.message_bytes_max();
        if self.reserved.saturating_add(bytes) > bytes_max || messages > self.limits.messages_max {
            return None;
        }
        let mut used = self.bytes_used() + bytes;
        let all = self.entries.len() + self.hidden.len();
        let mut count = all + messages;
        // As mostly: nobody then asks who would leave.
        if used <= bytes_max && count <= self.limits.messages_max {
            return Some(Vec::new());
        }
        let unkept = self.entries.range(self.spared_below..).filter(|(_, entry)| !entry.kept);
        let mut leaving = self.hidden.oldest_first(spared).chain(unkept.map(|(&seq, entry)| (seq, entry)));
        let (mut texts, mut doomed) = (self.index.leaving(), Vec::new());
        while used > bytes_max || count > self.limits.messages_max {
            let Some((seq, entry)) = leaving.next() else {
                // Behind the last there is only what goes with it: its mailbox, its tags.
                return (doomed.len() == all).then_some(doomed);
            };
            used -= entry.cost() + texts.bytes_of(seq);
            count -= 1;
            doomed.push(entry.message.id);
        }
        Some(doomed)
    }

    /// Holds memory for mail in flight, or gives it back.
    pub(in crate::mailbox) fn reserve(&mut self, more: usize, less: usize) {
        self.reserved = self.reserved + more - less;
    }

    /// Why these messages, those in scope that are not kept yet, cannot all be kept beside those that are.
    pub(in crate::mailbox) fn too_much_kept(&self, scope: &Scope, ids: &[MessageId]) -> Option<TooMuchKept> {
        let (bytes_max, messages_max) = (self.limits.kept_bytes_max(), self.limits.kept_messages_max());
        // What is hidden may come back.
        let mut bytes = self.totals.kept_bytes + self.hidden.kept_bytes();
        let mut messages = self.totals.kept + self.hidden.kept();
        let mut counted = BTreeSet::new();
        for seq in ids.iter().filter_map(|id| self.places.get(id)) {
            let unkept = self.entries.get(seq).filter(|entry| !entry.kept && scope.sees(&entry.message.mailbox));
            let Some(entry) = unkept.filter(|_| counted.insert(*seq)) else { continue };
            bytes += self.weight(*seq, entry);
            messages += 1;
            if messages > messages_max {
                return Some(TooMuchKept::Messages(messages_max));
            }
            if bytes > bytes_max {
                return Some(TooMuchKept::Bytes(bytes_max));
            }
        }
        None
    }

    /// The most that a message takes of the budget by itself, with its text in the index.
    pub(super) fn weight(&self, seq: u64, entry: &Entry) -> usize {
        entry.cost() + Index::cost(self.index.len_of(seq))
    }
}
