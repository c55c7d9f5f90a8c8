//! The inbox: the one door through which the store is written.
//!
//! Every change takes its turn, is handed to the journal, applied under the lock, and announced; only then is its
//! maker answered. Reading a message happens before the turn, so no lock is held while a large mail is parsed, and no
//! subscriber can delay a verdict: announcing is a push into a bounded ring. What is done to messages that are there is in
//! `acts`.

mod acts;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::{Mutex, Notify, broadcast};

use super::index::Index;
use super::journal::{Journal, Nowhere};
use super::large::{LARGE_BYTES, Large};
use super::raw::Packed;
use super::session_log::SessionLog;
use super::store::Applied;
use super::{Change, Event, Limits, Message, MessageId, Query, Reason, Scope, Search, Store, Stored};
use crate::clock;
use crate::mail::incoming::Incoming;
use crate::mail::view::SEARCHABLE_BYTES_MAX;
pub use acts::{Hiding, Sparing, Unkept};

/// A handle on the mailbox. Clones are the same inbox.
#[derive(Clone)]
pub struct Inbox(Arc<Inner>);

struct Inner {
    store: RwLock<Store>,
    /// Whoever holds it may write: the order of turns is the order of the journal and of the store's sequence.
    turn: Mutex<()>,
    journal: Box<dyn Journal>,
    events: broadcast::Sender<Event>,
    /// Turns to read a large message; who waits holds what came in, which the budget counts.
    large: Large,
    /// Turns to look through messages whose bodies must be decoded for it.
    looks: Arc<Large>,
    /// Wakes whoever purges what is hidden.
    hidden: Notify,
    sessions: SessionLog,
    start: Box<str>,
}

/// The answer to a message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, found by every reader and announced to every subscriber.
    Kept(MessageId),
    /// It does not fit the memory budget, even with everything else evicted.
    Full,
    /// The journal could not keep it: its sentence.
    Failed(String),
}

/// Events that a subscriber may be behind before it has to look at the store again.
const EVENTS_MAX: usize = 1024;

impl Inbox {
    /// An empty inbox in memory.
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            store: RwLock::new(Store::new(limits)),
            turn: Mutex::new(()),
            journal: Box::new(Nowhere),
            events: broadcast::channel(EVENTS_MAX).0,
            large: Large::default(),
            looks: Arc::default(),
            hidden: Notify::new(),
            sessions: SessionLog::new(limits.sessions_max, limits.session_bytes_max()),
            start: MessageId::from_bits(clock::unique()).to_string().into(),
        }))
    }

    /// The store, to read. Hold it briefly: writers wait.
    pub fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.0.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sessions, under way and ended.
    pub fn sessions(&self) -> &SessionLog {
        &self.0.sessions
    }

    /// Names this run, so that a cursor of an earlier one is not mistaken for one of this.
    pub fn start(&self) -> &str {
        &self.0.start
    }

    /// Turns to look through messages whose bodies must be decoded for it.
    pub(super) fn large_looks(&self) -> &Arc<Large> {
        &self.0.looks
    }

    /// Everything that happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// A place in the memory budget for a message that is still coming in.
    pub fn reservation(&self) -> Reservation {
        Reservation { inbox: self.clone(), bytes: 0 }
    }

    /// Keeps a message. When this answers `Kept`, every reader finds it and its event is with every subscriber.
    pub async fn accept(&self, incoming: Incoming, mut held: Reservation) -> Verdict {
        // The text to search is there before its turn is. If there is no room for it, the store will say so in its turn.
        let _ = held.cover(incoming.raw.len() + incoming.raw.len().min(SEARCHABLE_BYTES_MAX)).await;
        let (id, received) = (MessageId::from_bits(clock::unique()), clock::now());
        let (message, text) = if incoming.raw.len() <= LARGE_BYTES {
            Message::read(id, received, incoming)
        } else {
            match self.0.large.work(move || Message::read(id, received, incoming)).await {
                Ok(read) => read,
                Err(_) => return Verdict::Failed("the message could not be read".into()),
            }
        };
        let _turn = self.0.turn.lock().await;
        drop(held);
        let cost = Store::bytes_of(&message) + Index::cost(text.len());
        let Some(doomed) = self.store().room_for(cost, 1) else { return Verdict::Full };
        let kept = match self.evict(doomed).await {
            Ok(()) => self.commit(Change::Accept { message: Arc::new(message), text }).await,
            Err(sentence) => Err(sentence),
        };
        match kept {
            Ok(_) => Verdict::Kept(id),
            Err(sentence) => Verdict::Failed(sentence),
        }
    }

    /// Looks for what a query finds in a scope, the newest first.
    pub fn search(&self, scope: &Scope, query: &Query) -> Search {
        Search::new(self.clone(), scope.clone(), query.clone())
    }

    /// Whether one message is what a query asks for. One that is gone has no words any more.
    pub fn fits(&self, query: &Query, stored: &Stored) -> bool {
        if !query.has_words() {
            return query.matches(stored, "");
        }
        let text = self.store().text(stored.seq);
        text.is_some_and(|text| query.matches(stored, &text))
    }

    /// The caller holds the turn.
    async fn evict(&self, doomed: Vec<MessageId>) -> Result<(), String> {
        if !doomed.is_empty() {
            self.commit(Change::Remove { ids: doomed, reason: Reason::Evicted }).await?;
        }
        Ok(())
    }

    /// The caller holds the turn. Answers how many messages it touched.
    async fn commit(&self, change: Change) -> Result<usize, String> {
        self.0.journal.append(&change).await.map_err(|not_kept| not_kept.sentence)?;
        let mut store = self.write();
        let Applied { event, gone } = store.apply(change);
        let touched = match &event {
            None => 0,
            Some(Event::Accepted(_)) => 1,
            Some(Event::Marked { messages, .. } | Event::Removed { messages, .. }) => messages.len(),
            Some(Event::Kept { messages, .. } | Event::Restored { messages, .. }) => messages.len(),
            Some(Event::Tagged { messages, .. }) => messages.len(),
        };
        // Sent under the lock, so that events leave in the order of the sequence. An error only means nobody listens.
        let _ = event.map(|event| self.0.events.send(event));
        drop(store);
        // Taking a message apart takes longer than all the rest.
        drop(gone);
        Ok(touched)
    }

    /// Holds these messages packed, those that are still here. It takes no turn: it is no change, and only makes room.
    pub(super) fn hold_packed(&self, packed: Vec<(MessageId, Packed)>) {
        let mut store = self.write();
        let plain: Vec<_> = packed.into_iter().filter_map(|(id, packed)| store.hold_packed(id, packed)).collect();
        drop(store);
        drop(plain);
    }

    fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.0.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Memory held for one message in flight. Dropped, it is given back.
pub struct Reservation {
    inbox: Inbox,
    bytes: usize,
}

/// Nothing is left to evict: the message does not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct NoRoom;

/// Small reservations are in steps of this, so that ten thousand idle clients take little of the budget.
const STEP_BYTES: usize = 4 << 10;
/// Those from [`LARGE_BYTES`] on in steps of this, so that a long body takes the lock seldom.
const LARGE_STEP_BYTES: usize = 64 << 10;

/// `bytes` in whole steps.
fn in_steps(bytes: usize) -> usize {
    bytes.next_multiple_of(if bytes < LARGE_BYTES { STEP_BYTES } else { LARGE_STEP_BYTES })
}

impl Reservation {
    /// Bytes that are held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Sees to it that `bytes` are held, evicting the oldest messages if they must. What is held far beyond them is given
    /// back: a message that was given up must not keep others out as long as its client stays.
    ///
    /// # Errors
    /// [`NoRoom`] when even an empty store would be too small.
    pub async fn cover(&mut self, bytes: usize) -> Result<(), NoRoom> {
        let wanted = in_steps(bytes);
        if bytes <= self.bytes {
            if self.bytes - wanted >= LARGE_STEP_BYTES || bytes == 0 {
                self.release(self.bytes - wanted);
            }
            return Ok(());
        }
        let more = wanted - self.bytes;
        let _turn = self.inbox.0.turn.lock().await;
        let doomed = self.inbox.store().room_for(more, 0).ok_or(NoRoom)?;
        self.inbox.evict(doomed).await.map_err(|_| NoRoom)?;
        self.inbox.write().reserve(more, 0);
        self.bytes += more;
        Ok(())
    }

    fn release(&mut self, bytes: usize) {
        if bytes > 0 {
            self.bytes -= bytes;
            self.inbox.write().reserve(0, bytes);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.release(self.bytes);
    }
}

#[cfg(test)]
mod tests;
