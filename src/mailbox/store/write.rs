//! The changes of a store.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::{Applied, Entry, Mailbox, Store, mailbox_bytes};
use crate::mailbox::change::{Arrival, Batch, Emptied};
use crate::mailbox::raw::Packed;
use crate::mailbox::{Change, Event, MailboxName, Message, MessageId, Reason, Tags};

impl Store {
    /// Makes a change true. The same changes in the same order give the same store.
    pub(in crate::mailbox) fn apply(&mut self, change: Change) -> Applied {
        let mut gone = Vec::new();
        let event = match change {
            Change::Accept { message, text } => Some(Event::Accepted(self.insert(message, text))),
            Change::Mark { ids, read } => {
                let changed: Arc<[_]> = ids.into_iter().filter_map(|id| self.mark(id, read)).collect();
                (!changed.is_empty()).then(|| Event::Marked { seq: self.next_seq(), messages: changed, read })
            }
            Change::Tag { messages } => {
                let changed: Arc<[_]> = messages.into_iter().filter_map(|(id, tags)| self.tag(id, tags)).collect();
                (!changed.is_empty()).then(|| Event::Tagged { seq: self.next_seq(), messages: changed })
            }
            Change::Keep { ids, kept } => {
                let changed: Arc<[_]> = ids.into_iter().filter_map(|id| self.keep(id, kept)).collect();
                (!changed.is_empty()).then(|| Event::Kept { seq: self.next_seq(), messages: changed, kept })
            }
            Change::Hide { ids, batch, at } => {
                let hidden = ids.into_iter().filter_map(|id| self.hide(id, batch, at)).collect();
                self.removed(hidden, Reason::Hidden)
            }
            Change::Restore { batch, count } => {
                let places: Vec<_> = self.hidden.places(batch).take(count).collect();
                let back: Arc<[_]> = places.into_iter().filter_map(|seq| self.restore(seq)).collect();
                (!back.is_empty()).then(|| Event::Restored { seq: self.next_seq(), messages: back })
            }
            Change::Remove { ids, reason } => {
                let seen = ids.into_iter().filter_map(|id| self.remove(id, reason, &mut gone)).collect();
                if reason == Reason::Evicted {
                    self.pass_kept();
                }
                self.removed(seen, reason)
            }
        };
        Applied { event, gone }
    }

    /// Holds the bytes of a message packed, if it is still here. Answers the plain ones, to be let go of when the store is
    /// not held any more. Nobody but the budget can tell, so it is no change.
    pub(in crate::mailbox) fn hold_packed(&mut self, id: MessageId, packed: Packed) -> Option<Bytes> {
        let seq = self.places.get(&id)?;
        let listed = self.entries.get(seq);
        let entry = listed.or_else(|| self.hidden.get(*seq))?;
        let (before, kept) = (entry.cost(), entry.kept);
        let plain = entry.message.hold(packed);
        let after = entry.cost();
        let repriced = |bytes: &mut usize| *bytes = *bytes - before + after;
        repriced(&mut self.totals.bytes);
        match (listed.is_some(), kept) {
            (true, false) => {}
            (true, true) => repriced(&mut self.totals.kept_bytes),
            (false, kept) => {
                repriced(&mut self.totals.hidden_bytes);
                if kept {
                    repriced(self.hidden.kept_bytes_mut());
                }
            }
        }
        plain
    }

    /// What is told of messages that readers see no more.
    fn removed(&mut self, messages: Vec<(MessageId, MailboxName)>, reason: Reason) -> Option<Event> {
        let emptied = self.emptied_by(&messages);
        (!messages.is_empty()).then(|| Event::Removed {
            seq: self.next_seq(),
            messages: messages.into(),
            reason,
            emptied,
        })
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

    fn insert(&mut self, message: Arc<Message>, text: Box<str>) -> Arrival {
        let seq = self.next_seq();
        self.places.insert(message.id, seq);
        self.index.add(seq, text);
        // One that is hidden may come back, and the order must hold then too.
        let last = [self.entries.last_key_value().map(|(_, last)| last), self.hidden.last()];
        let latest = last.into_iter().flatten().map(|last| last.latest).fold(message.received, Timestamp::max);
        let entry = Entry { read: false, kept: false, tags: message.tags.clone(), latest, message };
        self.totals.bytes += entry.cost();
        self.totals.accepted += 1;
        self.totals.accepted_bytes += entry.message.raw_len() as u64;
        let arrival = Arrival::of(seq, &entry.message);
        self.list(seq, entry);
        arrival
    }

    /// Puts an entry where readers find it, and counts it.
    fn list(&mut self, seq: u64, entry: Entry) {
        let name = &entry.message.mailbox;
        let mailbox = self.mailboxes.entry(name.clone()).or_insert_with(|| {
            self.totals.bytes += mailbox_bytes(name);
            Mailbox::default()
        });
        mailbox.places.insert(seq);
        let unread = usize::from(!entry.read);
        mailbox.unread += unread;
        self.totals.unread += unread;
        self.totals.bytes += mailbox.tags.add(&entry.tags) + self.tags.add(&entry.tags);
        if entry.kept {
            self.totals.kept += 1;
            self.totals.kept_bytes += self.weight(seq, &entry);
        } else {
            self.spared_below = self.spared_below.min(seq);
        }
        self.entries.insert(seq, entry);
    }

    /// Takes an entry out of what readers find; its own bytes still count.
    fn unlist(&mut self, seq: u64) -> Option<Entry> {
        let entry = self.entries.remove(&seq)?;
        let unread = usize::from(!entry.read);
        self.totals.unread -= unread;
        self.totals.bytes -= self.tags.remove(&entry.tags);
        let name = &entry.message.mailbox;
        if let Some(mailbox) = self.mailboxes.get_mut(name) {
            mailbox.places.remove(&seq);
            mailbox.unread -= unread;
            self.totals.bytes -= mailbox.tags.remove(&entry.tags);
            if mailbox.places.is_empty() {
                self.totals.bytes -= mailbox_bytes(name);
                self.mailboxes.remove(name);
            }
        }
        if entry.kept {
            self.totals.kept -= 1;
            self.totals.kept_bytes -= self.weight(seq, &entry);
        }
        Some(entry)
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
        let cost = entry.cost();
        let before = std::mem::replace(&mut entry.tags, tags.clone());
        self.totals.bytes = self.totals.bytes - cost + entry.cost();
        if entry.kept {
            self.totals.kept_bytes = self.totals.kept_bytes - cost + entry.cost();
        }
        let name = entry.message.mailbox.clone();
        for counts in [&mut self.tags, &mut self.mailboxes.get_mut(&name)?.tags] {
            self.totals.bytes -= counts.remove(&before);
            self.totals.bytes += counts.add(&tags);
        }
        Some((id, name, tags))
    }

    fn keep(&mut self, id: MessageId, kept: bool) -> Option<(MessageId, MailboxName)> {
        let seq = *self.places.get(&id)?;
        let entry = self.entries.get(&seq).filter(|entry| entry.kept != kept)?;
        let weight = self.weight(seq, entry);
        if kept {
            self.totals.kept += 1;
            self.totals.kept_bytes += weight;
        } else {
            self.totals.kept -= 1;
            self.totals.kept_bytes -= weight;
            self.spared_below = self.spared_below.min(seq);
        }
        let entry = self.entries.get_mut(&seq)?;
        entry.kept = kept;
        Some((id, entry.message.mailbox.clone()))
    }

    fn hide(&mut self, id: MessageId, batch: Batch, at: Timestamp) -> Option<(MessageId, MailboxName)> {
        let seq = *self.places.get(&id)?;
        let entry = self.unlist(seq)?;
        let (name, weight) = (entry.message.mailbox.clone(), self.weight(seq, &entry));
        self.totals.hidden += 1;
        self.totals.hidden_bytes += weight;
        self.hidden.put(seq, entry, weight, batch, at);
        Some((id, name))
    }

    fn restore(&mut self, seq: u64) -> Option<(MessageId, MailboxName)> {
        let entry = self.unhide(seq)?;
        let told = (entry.message.id, entry.message.mailbox.clone());
        self.list(seq, entry);
        Some(told)
    }

    fn unhide(&mut self, seq: u64) -> Option<Entry> {
        let weight = self.weight(seq, self.hidden.get(seq)?);
        let entry = self.hidden.take(seq, weight)?;
        self.totals.hidden -= 1;
        self.totals.hidden_bytes -= weight;
        Some(entry)
    }

    /// Answers a message that was there for readers: of others nobody needs to be told. A hidden one was deleted, whatever
    /// takes it in the end.
    fn remove(
        &mut self,
        id: MessageId,
        reason: Reason,
        gone: &mut Vec<Arc<Message>>,
    ) -> Option<(MessageId, MailboxName)> {
        let seq = *self.places.get(&id)?;
        let listed = if reason == Reason::Purged { None } else { self.unlist(seq) };
        let was_listed = listed.is_some();
        let entry = listed.or_else(|| self.unhide(seq))?;
        self.places.remove(&id);
        self.index.remove(seq, |other| self.entries.contains_key(&other) || self.hidden.has(other));
        self.totals.bytes -= entry.cost();
        match (was_listed, reason) {
            (true, Reason::Evicted) => self.totals.evicted += 1,
            _ => self.totals.deleted += 1,
        }
        let told = was_listed.then(|| (id, entry.message.mailbox.clone()));
        gone.push(entry.message);
        told
    }

    /// After an eviction: what is passed now need not be passed at the next one.
    fn pass_kept(&mut self) {
        let unkept = self.entries.range(self.spared_below..).find(|(_, entry)| !entry.kept);
        self.spared_below = unkept.map_or(self.seq + 1, |(&seq, _)| seq);
    }
}
