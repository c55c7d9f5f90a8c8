//! The store: messages in memory, in the order of arrival, with running totals. It knows no lock, clock or task.
//!
//! Reading is public; writing is [`Store::apply`] alone, which only the inbox may call.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::ops::Bound;
use std::sync::Arc;

use super::change::{Arrival, Emptied};
use super::tag::TagCounts;
use super::{Change, Event, Limits, MailboxName, Message, MessageId, Reason, Scope, Stored, Tags};
use crate::mail::weight::HeapBytes;
use jiff::Timestamp;

/// All messages, and what is counted about them.
#[derive(Debug)]
pub struct Store {
    limits: Limits,
    /// The place of the last change. It only grows, also when what it numbered is gone.
    seq: u64,
    entries: BTreeMap<u64, Entry>,
    /// Where each message of `entries` stands there.
    places: HashMap<MessageId, u64>,
    /// Mailboxes with at least one message.
    mailboxes: HashMap<MailboxName, Mailbox>,
    tags: TagCounts,
    totals: Totals,
    reserved: usize,
}

#[derive(Debug)]
struct Entry {
    read: bool,
    tags: Tags,
    message: Arc<Message>,
}

impl Entry {
    fn cost(&self) -> usize {
        self.message.cost() + self.tags.bytes_beside(&self.message.tags) + ENTRY_BYTES
    }
}

/// What a message takes in the maps, about: a node of eleven entries is filled to seven, a table to a half or the whole.
const ENTRY_BYTES: usize = (size_of::<(u64, Entry)>() + size_of::<u64>()) * 11 / 7 + 20 + TABLE_SLOT_BYTES;
const TABLE_SLOT_BYTES: usize = (size_of::<(MessageId, u64)>() + 1) * 3 / 2;

/// What a mailbox takes with its first message, about: its slot in the table, and the node of its places.
fn mailbox_bytes(name: &MailboxName) -> usize {
    name.heap_bytes() + size_of::<(MailboxName, Mailbox)>() * 3 / 2 + 11 * size_of::<u64>() + 16
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
    /// Bytes of the budget that kept messages take.
    pub bytes: usize,
    /// Messages not marked as read.
    pub unread: usize,
    /// Messages ever kept.
    pub accepted: u64,
    /// Their bytes as sent.
    pub accepted_bytes: u64,
    /// Messages deleted on demand.
    pub deleted: u64,
    /// Messages that went because a limit was reached.
    pub evicted: u64,
}

impl Store {
    /// An empty store.
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            seq: 0,
            entries: BTreeMap::new(),
            places: HashMap::new(),
            mailboxes: HashMap::new(),
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
        self.totals
    }

    /// Bytes of the budget that are taken, mail in flight included.
    pub fn bytes_used(&self) -> usize {
        self.totals.bytes + self.reserved
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

    /// The mailboxes that hold a message, by name, with (all, unread).
    pub fn mailboxes(&self) -> Vec<(MailboxName, usize, usize)> {
        let mut all: Vec<_> =
            self.mailboxes.iter().map(|(name, mailbox)| (name.clone(), mailbox.places.len(), mailbox.unread)).collect();
        all.sort();
        all
    }

    /// The tags in scope, by name, with the messages that have them.
    pub fn tags(&self, scope: &Scope) -> Vec<(Box<str>, usize)> {
        match scope {
            Scope::All => self.tags.list(),
            Scope::Mailbox(name) => self.mailboxes.get(name).map_or_else(Vec::new, |mailbox| mailbox.tags.list()),
        }
    }

    /// The place before the first message that was received at this instant or later: a cursor made of a time.
    pub fn seq_before(&self, instant: Timestamp) -> u64 {
        // Not the last that was earlier: one that took long to read may be kept behind others that came after it.
        let first = self.entries.iter().find(|(_, entry)| entry.message.received >= instant);
        first.map_or(self.seq, |(&seq, _)| seq - 1)
    }

    /// One message, if it is in scope.
    pub fn find(&self, scope: &Scope, id: MessageId) -> Option<Stored> {
        let seq = *self.places.get(&id)?;
        self.at(seq).filter(|stored| scope.sees(&stored.message.mailbox))
    }

    /// Those of these messages that are in scope and still here, in their order. Lazy.
    pub fn still_kept<'a>(&'a self, scope: &'a Scope, ids: &'a [MessageId]) -> impl Iterator<Item = Stored> + 'a {
        ids.iter().filter_map(|id| self.find(scope, *id))
    }

    /// The messages in scope, newest first, below the place `before` if one is given. Lazy.
    pub fn newest_first<'a>(&'a self, scope: &'a Scope, before: Option<u64>) -> Box<dyn Iterator<Item = Stored> + 'a> {
        let end = before.unwrap_or(u64::MAX);
        match scope {
            Scope::All => Box::new(self.entries.range(..end).rev().map(|(&seq, entry)| stored(seq, entry))),
            Scope::Mailbox(name) => match self.mailboxes.get(name) {
                Some(mailbox) => Box::new(mailbox.places.range(..end).rev().filter_map(|&seq| self.at(seq))),
                None => Box::new(std::iter::empty()),
            },
        }
    }

    /// The messages in scope that came after the place `since`, in order.
    pub fn since(&self, scope: &Scope, since: u64) -> Vec<Stored> {
        // A cursor comes from outside and may be the last number there is.
        self.entries
            .range((Bound::Excluded(since), Bound::Unbounded))
            .filter(|(_, entry)| scope.sees(&entry.message.mailbox))
            .map(|(&seq, entry)| stored(seq, entry))
            .collect()
    }

    fn at(&self, seq: u64) -> Option<Stored> {
        self.entries.get(&seq).map(|entry| stored(seq, entry))
    }

    /// The most that this message can take of the budget: it may be the first of its mailbox, and of its tags.
    pub(super) fn bytes_of(message: &Message) -> usize {
        message.cost() + ENTRY_BYTES + mailbox_bytes(&message.mailbox) + 2 * message.tags.counts_bytes()
    }

    /// The oldest messages that must go so that `bytes` more and `messages` more fit; none if even an empty store
    /// would be too small.
    pub(super) fn room_for(&self, bytes: usize, messages: usize) -> Option<Vec<MessageId>> {
        let bytes_max = self.limits.message_bytes_max();
        if self.reserved.saturating_add(bytes) > bytes_max || messages > self.limits.messages_max {
            return None;
        }
        let mut used = self.bytes_used() + bytes;
        let mut count = self.entries.len() + messages;
        let mut oldest = self.entries.values();
        let mut doomed = Vec::new();
        while used > bytes_max || count > self.limits.messages_max {
            // Behind the last there is only what goes with it: its mailbox, its tags.
            let Some(entry) = oldest.next() else { break };
            used -= entry.cost();
            count -= 1;
            doomed.push(entry.message.id);
        }
        Some(doomed)
    }

    /// Holds memory for mail in flight, or gives it back.
    pub(super) fn reserve(&mut self, more: usize, less: usize) {
        self.reserved = self.reserved + more - less;
    }

    /// Makes a change true. The same changes in the same order give the same store.
    pub(super) fn apply(&mut self, change: Change) -> Option<Event> {
        match change {
            Change::Accept(message) => Some(Event::Accepted(Arrival::of(&self.insert(message)))),
            Change::Mark { ids, read } => {
                let changed: Arc<[_]> = ids.into_iter().filter_map(|id| self.mark(id, read)).collect();
                (!changed.is_empty()).then(|| Event::Marked { seq: self.next_seq(), messages: changed, read })
            }
            Change::Tag { messages } => {
                let changed: Arc<[_]> = messages.into_iter().filter_map(|(id, tags)| self.tag(id, tags)).collect();
                (!changed.is_empty()).then(|| Event::Tagged { seq: self.next_seq(), messages: changed })
            }
            Change::Remove { ids, reason } => {
                let gone: Arc<[_]> = ids.into_iter().filter_map(|id| self.remove(id)).collect();
                match reason {
                    Reason::Deleted => self.totals.deleted += gone.len() as u64,
                    Reason::Evicted => self.totals.evicted += gone.len() as u64,
                }
                let emptied = self.emptied_by(&gone);
                (!gone.is_empty()).then(|| Event::Removed { seq: self.next_seq(), messages: gone, reason, emptied })
            }
        }
    }

    fn emptied_by(&self, gone: &[(MessageId, MailboxName)]) -> Emptied {
        let empty = gone.iter().map(|(_, name)| name).filter(|name| !self.mailboxes.contains_key(*name));
        let mailboxes = empty.collect::<BTreeSet<_>>().into_iter().cloned().collect();
        Emptied { everywhere: self.entries.is_empty(), mailboxes }
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    fn insert(&mut self, message: Arc<Message>) -> Stored {
        let seq = self.next_seq();
        self.places.insert(message.id, seq);
        let mailbox = self.mailboxes.entry(message.mailbox.clone()).or_insert_with(|| {
            self.totals.bytes += mailbox_bytes(&message.mailbox);
            Mailbox::default()
        });
        mailbox.places.insert(seq);
        mailbox.unread += 1;
        self.totals.bytes += mailbox.tags.add(&message.tags) + self.tags.add(&message.tags);
        let entry = Entry { read: false, tags: message.tags.clone(), message };
        self.totals.unread += 1;
        self.totals.bytes += entry.cost();
        self.totals.accepted += 1;
        self.totals.accepted_bytes += entry.message.raw.len() as u64;
        let inserted = stored(seq, &entry);
        self.entries.insert(seq, entry);
        inserted
    }

    fn mark(&mut self, id: MessageId, read: bool) -> Option<(MessageId, MailboxName)> {
        let entry = self.entries.get_mut(self.places.get(&id)?)?;
        if entry.read == read {
            return None;
        }
        entry.read = read;
        let name = entry.message.mailbox.clone();
        let mailbox = self.mailboxes.get_mut(&name)?;
        if read {
            mailbox.unread -= 1;
            self.totals.unread -= 1;
        } else {
            mailbox.unread += 1;
            self.totals.unread += 1;
        }
        Some((id, name))
    }

    fn tag(&mut self, id: MessageId, tags: Tags) -> Option<(MessageId, MailboxName, Tags)> {
        let entry = self.entries.get_mut(self.places.get(&id)?)?;
        if entry.tags == tags {
            return None;
        }
        self.totals.bytes -= entry.cost();
        let before = std::mem::replace(&mut entry.tags, tags.clone());
        self.totals.bytes += entry.cost();
        let name = entry.message.mailbox.clone();
        for counts in [&mut self.tags, &mut self.mailboxes.get_mut(&name)?.tags] {
            self.totals.bytes -= counts.remove(&before);
            self.totals.bytes += counts.add(&tags);
        }
        Some((id, name, tags))
    }

    fn remove(&mut self, id: MessageId) -> Option<(MessageId, MailboxName)> {
        let seq = self.places.remove(&id)?;
        let entry = self.entries.remove(&seq)?;
        let unread = usize::from(!entry.read);
        self.totals.bytes -= entry.cost();
        self.totals.unread -= unread;
        self.totals.bytes -= self.tags.remove(&entry.tags);
        let name = entry.message.mailbox.clone();
        if let Some(mailbox) = self.mailboxes.get_mut(&name) {
            mailbox.places.remove(&seq);
            mailbox.unread -= unread;
            self.totals.bytes -= mailbox.tags.remove(&entry.tags);
            if mailbox.places.is_empty() {
                self.totals.bytes -= mailbox_bytes(&name);
                self.mailboxes.remove(&name);
            }
        }
        // What a million messages needed is not kept for the ten that are left: nothing counts it any more.
        shrink(&mut self.places);
        shrink(&mut self.mailboxes);
        Some((id, name))
    }
}

/// Gives back most of what a table has unused, as seldom as it grew.
fn shrink<K: Eq + Hash, V>(table: &mut HashMap<K, V>) {
    if table.capacity() > 1024 && table.len() < table.capacity() / 4 {
        table.shrink_to(table.len() * 2);
    }
}

fn stored(seq: u64, entry: &Entry) -> Stored {
    Stored { seq, read: entry.read, tags: entry.tags.clone(), message: entry.message.clone() }
}

#[cfg(test)]
mod tests;
