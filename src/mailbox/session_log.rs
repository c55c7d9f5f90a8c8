//! The session log: what became of every SMTP connection, with or without a message; and of files that could not be
//! taken in.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::MessageId;
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::Client;
use crate::mail::finding::Finding;
use crate::mail::weight::{ARC_BYTES, HeapBytes};

/// One ended SMTP connection, or a file that could not be taken in.
#[derive(Clone, Debug)]
pub struct SessionRecord {
    /// When it was accepted.
    pub opened: Timestamp,
    /// When it was closed.
    pub closed: Timestamp,
    /// What was known of the client at the end.
    pub client: Client,
    /// Messages that it brought.
    pub messages: u32,
    /// The last of them, at most [`IDS_MAX`]; each may be gone by now.
    pub ids: Vec<MessageId>,
    /// What was odd.
    pub findings: Vec<Finding>,
    /// How it ended.
    pub outcome: Outcome,
    /// Its lines.
    pub dialogue: Dialogue,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It brought mail, and all of it was kept.
    Done,
    /// No message came, and nothing was refused: what that may mean, as a sentence.
    Empty(String),
    /// It broke off: what happened and how to mend it, as a sentence.
    Broken(String),
}

/// Messages that a record names: the oldest of a long connection are the first to be gone.
pub const IDS_MAX: usize = 20;

impl Outcome {
    /// The word in JSON and on the page.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Empty(_) => "empty",
            Self::Broken(_) => "broken",
        }
    }

    /// What there is to say; nothing if all went well.
    pub fn sentence(&self) -> Option<&str> {
        match self {
            Self::Done => None,
            Self::Empty(sentence) | Self::Broken(sentence) => Some(sentence),
        }
    }

    /// Whether it broke off.
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(_))
    }
}

impl SessionRecord {
    fn cost(&self) -> usize {
        let sentence = match &self.outcome {
            Outcome::Done => 0,
            Outcome::Empty(sentence) | Outcome::Broken(sentence) => sentence.heap_bytes(),
        };
        let ids = size_of::<MessageId>() * self.ids.capacity();
        let held = self.client.heap_bytes() + self.findings.heap_bytes() + self.dialogue.heap_bytes() + sentence + ids;
        ARC_BYTES + size_of::<Self>() + held + PLACE_BYTES
    }
}

/// Its place in the log, which has up to twice as many as it needs.
const PLACE_BYTES: usize = size_of::<(u64, Arc<SessionRecord>)>() * 3 / 2;

/// The newest sessions, bounded in number and bytes.
#[derive(Debug)]
pub struct SessionLog {
    sessions_max: usize,
    bytes_max: usize,
    inner: Mutex<Inner>,
    under_way: AtomicUsize,
    /// The number of the last one that ended.
    last: watch::Sender<u64>,
}

/// A connection under way, for as long as it is held.
#[derive(Debug)]
pub struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
struct Inner {
    ended: VecDeque<(u64, Arc<SessionRecord>)>,
    bytes: usize,
    number: u64,
    broken: u64,
}

/// Sums over all sessions since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionCounts {
    /// All that ended.
    pub ended: u64,
    /// Those that broke off.
    pub broken: u64,
    /// Bytes that the remembered ones take.
    pub bytes: usize,
    /// Connections that have not ended yet.
    pub under_way: usize,
}

impl SessionLog {
    pub(super) fn new(sessions_max: usize, bytes_max: usize) -> Self {
        let last = watch::Sender::new(0);
        Self { sessions_max, bytes_max, inner: Mutex::default(), under_way: AtomicUsize::new(0), last }
    }

    /// A connection begins; it is under way until what this answers is dropped.
    pub fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// Remembers a session; the oldest is forgotten when there are too many.
    pub fn add(&self, record: SessionRecord) {
        let mut inner = self.lock();
        inner.number += 1;
        inner.broken += u64::from(record.outcome.is_broken());
        inner.bytes += record.cost();
        let number = inner.number;
        inner.ended.push_back((number, Arc::new(record)));
        while inner.ended.len() > self.sessions_max || inner.bytes > self.bytes_max {
            let Some((_, oldest)) = inner.ended.pop_front() else { break };
            inner.bytes -= oldest.cost();
        }
        // Under the lock, so that it only grows.
        self.last.send_replace(number);
    }

    /// The number of the last session that ended, and of each that will.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    /// The remembered sessions with a higher number, in order.
    pub fn since(&self, number: u64) -> Vec<Arc<SessionRecord>> {
        self.numbered_since(number).into_iter().map(|(_, record)| record).collect()
    }

    /// The remembered sessions with a higher number, in order, each with its number.
    pub fn numbered_since(&self, number: u64) -> Vec<(u64, Arc<SessionRecord>)> {
        let inner = self.lock();
        let newer = inner.ended.iter().rev().take_while(|(ended, _)| *ended > number);
        let mut newer: Vec<_> = newer.cloned().collect();
        newer.reverse();
        newer
    }

    /// The remembered sessions, newest first, each with its number since the start.
    pub fn newest_first(&self) -> Vec<(u64, Arc<SessionRecord>)> {
        self.lock().ended.iter().rev().cloned().collect()
    }

    /// Sums since the start.
    pub fn counts(&self) -> SessionCounts {
        let inner = self.lock();
        let under_way = self.under_way.load(Ordering::Relaxed);
        SessionCounts { ended: inner.number, broken: inner.broken, bytes: inner.bytes, under_way }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::envelope::Door;

    fn record(lines: usize) -> SessionRecord {
        let mut dialogue = Dialogue::new(1 << 20);
        (0..lines).for_each(|_| dialogue.client(b"NOOP"));
        SessionRecord {
            opened: Timestamp::UNIX_EPOCH,
            closed: Timestamp::UNIX_EPOCH,
            client: Client::at(Door::Smtp),
            messages: 0,
            ids: Vec::new(),
            findings: Vec::new(),
            outcome: Outcome::Done,
            dialogue,
        }
    }

    #[test]
    fn what_is_under_way_is_counted_and_only_what_broke_off_is_broken() {
        let log = SessionLog::new(10, 1 << 20);
        let one = log.begin();
        let two = log.begin();
        assert_eq!(log.counts().under_way, 2);
        drop((one, two));
        log.add(SessionRecord { outcome: Outcome::Empty("Nothing.".into()), ..record(1) });
        log.add(SessionRecord { outcome: Outcome::Broken("Reset.".into()), ..record(1) });
        let counts = log.counts();
        assert_eq!((counts.under_way, counts.ended, counts.broken), (0, 2, 1));
    }

    #[test]
    fn the_oldest_are_forgotten_by_number_and_by_bytes() {
        let log = SessionLog::new(3, 1 << 20);
        (0..5).for_each(|_| log.add(record(1)));
        assert_eq!(log.newest_first().iter().map(|(number, _)| *number).collect::<Vec<_>>(), [5, 4, 3]);
        assert_eq!((*log.subscribe().borrow(), log.since(4).len(), log.since(0).len()), (5, 1, 3));

        let log = SessionLog::new(100, 10_000);
        (0..50).for_each(|_| log.add(record(100)));
        assert!(log.counts().bytes <= 10_000);
        assert!(!log.newest_first().is_empty());
        assert_eq!(log.counts().ended, 50);
    }
}
