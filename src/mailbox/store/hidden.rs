//! What was deleted in the page and can still be brought back. No reader sees it; its bytes are in the budget until it is
//! gone, and it is the first to go.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Entry, Store};
use crate::mailbox::change::Batch;
use crate::mailbox::{MessageId, Scope};

/// How long what was deleted in the page can be brought back: long enough to see a slip, and short enough that memory is
/// free again soon.
pub const UNDO: SignedDuration = SignedDuration::from_secs(10);

/// The hidden messages.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    entries: BTreeMap<u64, (Batch, Entry)>,
    batches: BTreeMap<Batch, Hiding>,
    /// The batches, the one that was hidden first in front.
    order: BTreeSet<(Timestamp, Batch)>,
    kept: usize,
    kept_bytes: usize,
}

/// What was hidden by one act.
#[derive(Debug)]
struct Hiding {
    at: Timestamp,
    places: BTreeSet<u64>,
}

impl Hidden {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Those of them that were kept by hand.
    pub(super) fn kept(&self) -> usize {
        self.kept
    }

    pub(super) fn kept_bytes(&self) -> usize {
        self.kept_bytes
    }

    pub(super) fn has(&self, seq: u64) -> bool {
        self.entries.contains_key(&seq)
    }

    pub(super) fn get(&self, seq: u64) -> Option<&Entry> {
        self.entries.get(&seq).map(|(_, entry)| entry)
    }

    /// The one that came last.
    pub(super) fn last(&self) -> Option<&Entry> {
        self.entries.last_key_value().map(|(_, (_, entry))| entry)
    }

    /// Those of a batch, in the order of their places.
    pub(super) fn of(&self, batch: Batch) -> impl Iterator<Item = &Entry> {
        self.places(batch).filter_map(|seq| self.get(seq))
    }

    pub(super) fn places(&self, batch: Batch) -> impl Iterator<Item = u64> {
        self.batches.get(&batch).into_iter().flat_map(|hiding| &hiding.places).copied()
    }

    /// All but those of one batch, what was hidden first in front.
    pub(super) fn oldest_first(&self, spared: Option<Batch>) -> impl Iterator<Item = (u64, &Entry)> {
        let batches = self.order.iter().map(|(_, batch)| *batch).filter(move |batch| Some(*batch) != spared);
        let places = batches.flat_map(|batch| self.places(batch));
        places.filter_map(|seq| self.get(seq).map(|entry| (seq, entry)))
    }

    pub(super) fn put(&mut self, seq: u64, entry: Entry, weight: usize, batch: Batch, at: Timestamp) {
        let hiding = self.batches.entry(batch).or_insert_with(|| {
            self.order.insert((at, batch));
            Hiding { at, places: BTreeSet::new() }
        });
        hiding.places.insert(seq);
        if entry.kept {
            self.kept += 1;
            self.kept_bytes += weight;
        }
        self.entries.insert(seq, (batch, entry));
    }

    pub(super) fn take(&mut self, seq: u64, weight: usize) -> Option<Entry> {
        let (batch, entry) = self.entries.remove(&seq)?;
        if let Some(hiding) = self.batches.get_mut(&batch) {
            hiding.places.remove(&seq);
            if hiding.places.is_empty() {
                self.order.remove(&(hiding.at, batch));
                self.batches.remove(&batch);
            }
        }
        if entry.kept {
            self.kept -= 1;
            self.kept_bytes -= weight;
        }
        Some(entry)
    }

    /// For when one of those that were kept is packed.
    pub(super) fn kept_bytes_mut(&mut self) -> &mut usize {
        &mut self.kept_bytes
    }
}

impl Store {
    /// How many messages come back if this act is undone at `now`: none when its time is over, when they are gone, or
    /// when some were hidden that this scope does not see.
    pub fn hidden_by(&self, scope: &Scope, batch: Batch, now: Timestamp) -> usize {
        let Some(hiding) = self.hidden.batches.get(&batch).filter(|hiding| now < hiding.at + UNDO) else { return 0 };
        let are_seen = self.hidden.of(batch).all(|entry| scope.sees(&entry.message.mailbox));
        if are_seen { hiding.places.len() } else { 0 }
    }

    /// When the next hidden messages shall go; none while nothing is hidden.
    pub(in crate::mailbox) fn next_purge(&self) -> Option<Timestamp> {
        self.hidden.order.first().map(|(at, _)| *at + UNDO)
    }

    /// Hidden messages whose time is over at `now`, at most so many.
    pub(in crate::mailbox) fn expired(&self, now: Timestamp, count: usize) -> Vec<MessageId> {
        let over = self.hidden.order.iter().take_while(|(at, _)| *at + UNDO <= now);
        over.flat_map(|(_, batch)| self.hidden.of(*batch)).take(count).map(|entry| entry.message.id).collect()
    }

    /// The hidden messages of this scope.
    pub(in crate::mailbox) fn hidden_in(&self, scope: &Scope) -> Vec<MessageId> {
        let seen = self.hidden.entries.values().filter(|(_, entry)| scope.sees(&entry.message.mailbox));
        seen.map(|(_, entry)| entry.message.id).collect()
    }

    /// Whether this message is hidden, and in scope.
    pub(in crate::mailbox) fn is_hidden(&self, scope: &Scope, id: MessageId) -> bool {
        let entry = self.places.get(&id).and_then(|&seq| self.hidden.get(seq));
        entry.is_some_and(|entry| scope.sees(&entry.message.mailbox))
    }
}
