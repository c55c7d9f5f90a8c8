//! The store: messages in memory, in the order of arrival, with running totals. It knows no lock, clock or task.
//!
//! Reading is public; writing is [`Store::apply`] alone, which only the inbox may call (`write`). What must go so that
//! something fits is found in `room`; what was deleted in the page and can still be brought back is in [`hidden`], where no
//! reader sees it.

pub mod hidden;
mod room;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::index::{Index, Text, Texts};
use super::tag::TagCounts;
use super::{Event, Kept, Limits, MailboxName, Message, MessageId, Scope, Stored, Tags};
use crate::mail::weight::HeapBytes;
use hidden::Hidden;
use jiff::Timestamp;
pub use room::TooMuchKept;

/// All messages, and what is counted about them. Its maps are trees: a hash map grows by moving all that it holds, while
/// everybody waits.
#[derive(Debug)]
pub struct Store {
    limits: Limits,
    /// The place of the last change. It only grows, also when what it numbered is gone.
    seq: u64,
    entries: BTreeMap<u64, Entry>,
    hidden: Hidden,
    /// Where each message of `entries` stands there, or of `hidden`.
    places: BTreeMap<MessageId, u64>,
    /// Every message of `entries` below this place is kept by hand: whoever looks for the oldest that may go begins here.
    spared_below: u64,
    /// Mailboxes with at least one message.
    mailboxes: BTreeMap<MailboxName, Mailbox>,
    index: Index,
    tags: TagCounts,
    totals: Totals,
    reserved: usize,
}

#[derive(Debug)]
struct Entry {
    read: bool,
    kept: bool,
    tags: Tags,
    /// When the last one came in of all up to this: what took long to read may be kept behind what came later.
    latest: Timestamp,
    message: Arc<Message>,
}

impl Entry {
    fn cost(&self) -> usize {
        self.message.cost() + self.tags.bytes_beside(&self.message.tags) + ENTRY_BYTES
    }

    fn kept(&self, seq: u64) -> Kept<'_> {
        Kept { seq, read: self.read, kept: self.kept, tags: &self.tags, message: &self.message }
    }
}

/// What a message takes in the maps, about: a node of eleven entries is filled to seven, and others stand above it.
const ENTRY_BYTES: usize = (size_of::<(u64, Entry)>() + size_of::<(MessageId, u64)>() + size_of::<u64>()) * 11 / 7 + 30;

/// What a mailbox takes with its first message, about: its entry, and the node of its places.
fn mailbox_bytes(name: &MailboxName) -> usize {
    name.heap_bytes() + size_of::<(MailboxName, Mailbox)>() * 11 / 7 + 11 * size_of::<u64>() + 16
}

#[derive(Debug, Default)]
struct Mailbox {
    places: BTreeSet<u64>,
    unread: usize,
    tags: TagCounts,
}

/// Counters since the start, and sums of what is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes of the budget that messages take, hidden ones too.
    pub bytes: usize,
    /// Messages not marked as read.
    pub unread: usize,
    /// Messages that are spared from eviction, because somebody wants to keep them.
    pub kept: usize,
    /// The most that those take of the budget.
    pub kept_bytes: usize,
    /// Messages that were deleted in the page and can still be brought back.
    pub hidden: usize,
    /// The most that those take of the budget.
    pub hidden_bytes: usize,
    /// Messages ever kept.
    pub accepted: u64,
    /// Their bytes as sent.
    pub accepted_bytes: u64,
    /// Messages deleted on demand, once they cannot be brought back.
    pub deleted: u64,
    /// Messages that went because a limit was reached.
    pub evicted: u64,
}

/// Places are gone through one by one where one in so many is wanted.
const DENSE: usize = 8;

/// What a change came to.
#[derive(Debug)]
pub(super) struct Applied {
    pub(super) event: Option<Event>,
    /// Messages that went, to be let go of when the store is not held any more.
    pub(super) gone: Vec<Arc<Message>>,
}

impl Store {
    /// An empty store.
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            seq: 0,
            entries: BTreeMap::new(),
            hidden: Hidden::default(),
            spared_below: 0,
            places: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            index: Index::default(),
            tags: TagCounts::default(),
            totals: Totals::default(),
            reserved: 0,
        }
    }

    /// The limits it was made with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The place of the last change: a cursor that skips nothing and repeats nothing.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Sums and counters of the whole store.
    pub fn totals(&self) -> Totals {
        Totals { bytes: self.totals.bytes + self.index.bytes(), ..self.totals }
    }

    /// Bytes of the budget that are taken, mail in flight included.
    pub fn bytes_used(&self) -> usize {
        self.totals().bytes + self.reserved
    }

    /// Those of them that the index takes: the texts that a search looks in.
    pub fn index_bytes(&self) -> usize {
        self.index.bytes()
    }

    /// Messages in scope: (all, unread). Constant time.
    pub fn count(&self, scope: &Scope) -> (usize, usize) {
        match scope {
            Scope::All => (self.entries.len(), self.totals.unread),
            Scope::Mailbox(name) => {
                self.mailboxes.get(name).map_or((0, 0), |mailbox| (mailbox.places.len(), mailbox.unread))
            }
        }
    }

    /// The mailboxes that hold a message, by name, with (all, unread). Lazy.
    pub fn mailboxes(&self) -> impl ExactSizeIterator<Item = (&MailboxName, usize, usize)> {
        self.mailboxes.iter().map(|(name, mailbox)| (name, mailbox.places.len(), mailbox.unread))
    }

    /// The tags in scope, by name, with the messages that have them.
    pub fn tags(&self, scope: &Scope) -> Vec<(Box<str>, usize)> {
        match scope {
            Scope::All => self.tags.list(),
            Scope::Mailbox(name) => self.mailboxes.get(name).map_or_else(Vec::new, |mailbox| mailbox.tags.list()),
        }
    }

    /// Those of them that the most messages have, at most so many, by name: of a hundred thousand the others are not even
    /// copied while the store is held.
    pub fn tags_of_most(&self, scope: &Scope, count: usize) -> Vec<(Box<str>, usize)> {
        match scope {
            Scope::All => self.tags.most(count),
            Scope::Mailbox(name) => self.mailboxes.get(name).map_or_else(Vec::new, |mailbox| mailbox.tags.most(count)),
        }
    }

    /// The place before the first message that was received at this instant or later: a cursor made of a time.
    pub fn seq_before(&self, instant: Timestamp) -> u64 {
        // Not the last that was earlier: one that took long to read may be kept behind others that came after it.
        let (mut from, mut to) = (0, self.seq + 1);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.entries.range(middle..to).next() {
                Some((&seq, entry)) if entry.latest < instant => from = seq + 1,
                _ => to = middle,
            }
        }
        // The latest of those up to here may be gone meanwhile, and it was for that one.
        let first = self.entries.range(from..).find(|(_, entry)| entry.message.received >= instant);
        first.map_or(self.seq, |(&seq, _)| seq - 1)
    }

    /// One message, if it is in scope.
    pub fn find(&self, scope: &Scope, id: MessageId) -> Option<Stored> {
        let seq = *self.places.get(&id)?;
        self.at(seq).filter(|kept| scope.sees(&kept.message.mailbox)).map(|kept| kept.stored())
    }

    /// Those of these messages that are in scope and still here, in their order. Lazy.
    pub fn still_kept<'a>(&'a self, scope: &'a Scope, ids: &'a [MessageId]) -> impl Iterator<Item = Stored> + 'a {
        ids.iter().filter_map(|id| self.find(scope, *id))
    }

    /// The messages in scope behind the place `since` and below the place `before`, in order, from either end. Lazy.
    pub fn between<'a>(
        &'a self,
        scope: &Scope,
        since: u64,
        before: u64,
    ) -> Box<dyn DoubleEndedIterator<Item = Kept<'a>> + 'a> {
        // A cursor comes from outside and may be any number.
        let range = (Bound::Excluded(since.min(before.saturating_sub(1))), Bound::Excluded(before.max(1)));
        match scope {
            Scope::All => Box::new(self.entries.range(range).map(|(&seq, entry)| entry.kept(seq))),
            Scope::Mailbox(name) => match self.mailboxes.get(name) {
                Some(mailbox) => Box::new(mailbox.places.range(range).filter_map(|&seq| self.at(seq))),
                None => Box::new(std::iter::empty()),
            },
        }
    }

    /// The messages in scope, newest first, below the place `before` if one is given. Lazy.
    pub fn newest_first<'a>(&'a self, scope: &Scope, before: Option<u64>) -> impl Iterator<Item = Kept<'a>> + use<'a> {
        self.between(scope, 0, before.unwrap_or(u64::MAX)).rev()
    }

    /// The messages in scope that came after the place `since`, in order.
    pub fn since(&self, scope: &Scope, since: u64) -> Vec<Stored> {
        self.between(scope, since, u64::MAX).map(|kept| kept.stored()).collect()
    }

    /// How many they are. Constant time if that is all of them.
    pub fn count_since(&self, scope: &Scope, since: u64) -> usize {
        match self.entries.first_key_value() {
            Some((&first, _)) if first <= since => self.between(scope, since, u64::MAX).count(),
            _ => self.count(scope).0,
        }
    }

    /// The messages behind the place `since`, in order, up to the first that was not there yet at this instant. Lazy.
    pub(super) fn older(&self, since: u64, instant: Timestamp) -> impl Iterator<Item = Kept<'_>> {
        let behind = self.entries.range((Bound::Excluded(since), Bound::Unbounded));
        behind.take_while(move |(_, entry)| entry.latest <= instant).map(|(&seq, entry)| entry.kept(seq))
    }

    /// The messages in scope at these places, which are in order.
    pub(super) fn kept_at(&self, scope: &Scope, places: &[u64]) -> Vec<Kept<'_>> {
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return Vec::new() };
        if (last - first) as usize > places.len() * DENSE {
            let kept = places.iter().filter_map(|&seq| self.at(seq));
            return kept.filter(|kept| scope.sees(&kept.message.mailbox)).collect();
        }
        // Going on in a tree is much less than finding something in it.
        let mut wanted = places.iter().peekable();
        let is_wanted = |kept: &Kept<'_>| {
            while wanted.next_if(|&&seq| seq < kept.seq).is_some() {}
            wanted.peek() == Some(&&kept.seq)
        };
        self.between(scope, first - 1, last + 1).filter(is_wanted).collect()
    }

    /// Whether the message at this place is there for readers: neither gone nor hidden.
    pub(super) fn is_there(&self, seq: u64) -> bool {
        self.entries.contains_key(&seq)
    }

    fn at(&self, seq: u64) -> Option<Kept<'_>> {
        self.entries.get(&seq).map(|entry| entry.kept(seq))
    }

    /// What a search looks in of the message at this place.
    pub fn text(&self, seq: u64) -> Option<Text> {
        self.entries.get(&seq).and_then(|_| self.index.text(seq))
    }

    /// What a search looks in of all messages that came after the place `since`.
    pub(super) fn texts(&self, since: u64) -> Texts {
        self.index.texts(since)
    }
}

#[cfg(test)]
mod tests;
