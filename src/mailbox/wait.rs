//! A held question: "are there messages like this, and if not yet, when they come?"
//!
//! Nothing here polls. The wait subscribes first, looks at what is there, and then sleeps until the inbox announces
//! something or its time is over. What it answers when it fails is made in [`failure`].

pub mod failure;

use std::collections::HashSet;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::{Event, Inbox, MessageId, Query, Scope, Search, Stored};
pub use failure::Failure;

/// What to wait for.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which mailboxes count.
    pub scope: Scope,
    /// What a message must be like.
    pub query: Query,
    /// Only messages after this place in the store's sequence; 0: also what is there already.
    pub since: u64,
    /// How many of them there shall be.
    pub expected: Expected,
    /// How long to hold the question.
    pub timeout: Duration,
}

/// How many messages there shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// So many or more; the oldest so many are the answer.
    AtLeast(usize),
    /// So many, and for [`SETTLE`] no other.
    Exactly(usize),
    /// None, for as long as the question is held.
    Nothing,
}

/// How long no further message may come after the last of an exact number.
pub const SETTLE: Duration = Duration::from_millis(200);
/// The longest that a question is held: longer than any test should take, shorter than most proxies hold a request.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(300);
/// The most messages that can be waited for: they are held until the answer.
pub const COUNT_MAX: usize = 1_000;

/// The messages that were waited for.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The oldest first; none if nothing was expected.
    pub messages: Vec<Stored>,
    /// The place to go on from: the same question asked `since` here gets none of these messages again, and misses none that
    /// came later. What was tagged or marked later but came before is behind it.
    pub cursor: u64,
}

impl Question {
    /// Answers as soon as the messages are there.
    ///
    /// # Errors
    /// [`Failure`], which explains itself: too few at the end of the time, or one too many, at once.
    pub async fn ask(&self, inbox: &Inbox) -> Result<Answer, Box<Failure>> {
        let begun = crate::clock::now();
        let deadline = Instant::now() + self.timeout.min(TIMEOUT_MAX);
        let mut watch = Watch::begin(self, inbox);
        let in_time = timeout_at(deadline, watch.look()).await.is_ok();
        let mut settled_at = None;
        loop {
            let state = if in_time { self.expected.state(watch.found.len()) } else { State::Decided };
            let heard = match state {
                State::Decided => break,
                State::Settling => {
                    let settled = *settled_at.get_or_insert_with(|| Instant::now() + SETTLE);
                    timeout_at(settled, watch.next()).await
                }
                State::Open => timeout_at(deadline, watch.next()).await,
            };
            match heard {
                Ok(true) => settled_at = None,
                // What changed was something else, as a mark on another message.
                Ok(false) => {}
                Err(_) => break,
            }
        }
        if !watch.is_whole || !in_time {
            // The time was over in the middle of a look: what has come until now shall still count.
            watch.look().await;
        }
        let Watch { found, seen, .. } = watch;
        match self.expected.is_met(found.len()) {
            true => Ok(self.answer(found, seen)),
            false => Err(Box::new(failure::explain(self, inbox, found, begun).await)),
        }
    }

    fn answer(&self, mut messages: Vec<Stored>, seen: u64) -> Answer {
        if let Expected::AtLeast(count) = self.expected {
            messages.truncate(count);
        }
        let cursor = messages.last().map_or(seen, |last| last.seq);
        Answer { messages, cursor }
    }
}

/// Where a question stands.
enum State {
    /// Nothing that comes can change the answer.
    Decided,
    /// Enough, if no other comes.
    Settling,
    Open,
}

impl Expected {
    fn state(self, found: usize) -> State {
        match self {
            Self::AtLeast(count) if found >= count => State::Decided,
            Self::Exactly(count) if found > count => State::Decided,
            Self::Exactly(count) if found == count => State::Settling,
            Self::Nothing if found > 0 => State::Decided,
            _ => State::Open,
        }
    }

    fn is_met(self, found: usize) -> bool {
        match self {
            Self::AtLeast(count) => found >= count,
            Self::Exactly(count) => found == count,
            Self::Nothing => found == 0,
        }
    }

    /// Messages that must be looked for until the answer is clear.
    fn wanted(self) -> usize {
        match self {
            Self::AtLeast(count) => count,
            Self::Exactly(count) => count.saturating_add(1),
            Self::Nothing => 1,
        }
    }
}

/// What was found up to now, and the events that may change it.
struct Watch<'a> {
    question: &'a Question,
    inbox: &'a Inbox,
    events: Receiver<Event>,
    found: Vec<Stored>,
    /// The store's place up to which it was looked.
    seen: u64,
    /// Whether `found` is all that there is up to there: not while a look is under way.
    is_whole: bool,
}

impl<'a> Watch<'a> {
    fn begin(question: &'a Question, inbox: &'a Inbox) -> Self {
        let events = inbox.subscribe();
        Self { question, inbox, events, found: Vec::new(), seen: question.since, is_whole: false }
    }

    /// Looks at all that is there; answers whether something else was found than before.
    async fn look(&mut self) -> bool {
        self.is_whole = false;
        // Subscribed before looking: what comes between the two is in both, and nothing is in neither.
        self.events = self.inbox.subscribe();
        let Question { scope, query, since, expected, .. } = self.question;
        let seq = self.inbox.store().seq();
        let search = self.inbox.search(scope, query).since(*since).before(seq + 1).oldest_first();
        let found = self.found_by(search, expected.wanted()).await;
        let is_other = !ids(&self.found).eq(ids(&found));
        (self.seen, self.found, self.is_whole) = (seq.max(*since), found, true);
        is_other
    }

    /// Bodies are decoded in turns, and many messages looked through on the blocking pool: both take milliseconds, and this
    /// thread has others to serve.
    async fn found_by(&self, search: Search, wanted: usize) -> Vec<Stored> {
        let is_small = search.is_among(INLINE_LOOK_MAX);
        let costly = self.question.query.is_costly() && !(is_small && search.bytes() <= INLINE_DECODE_BYTES_MAX);
        let look = move || search.first(wanted);
        match (costly, is_small) {
            (true, _) => self.inbox.large_looks().work(look).await.unwrap_or_default(),
            (false, true) => look(),
            (false, false) => tokio::task::spawn_blocking(look).await.unwrap_or_default(),
        }
    }

    /// Whether the one that has just come is what was asked for.
    async fn fits(&self, stored: &Stored) -> bool {
        let query = &self.question.query;
        if !query.is_costly() || stored.message.raw_len() <= INLINE_DECODE_BYTES_MAX {
            return self.inbox.fits(query, stored);
        }
        let (inbox, query, stored) = (self.inbox.clone(), query.clone(), stored.clone());
        self.inbox.large_looks().work(move || inbox.fits(&query, &stored)).await.unwrap_or_default()
    }

    /// Returns when something may have changed about what was found, and answers whether it has.
    async fn next(&mut self) -> bool {
        loop {
            match self.events.recv().await {
                Ok(Event::Accepted(arrival)) if arrival.seq > self.seen => {
                    let seen = |stored: &Stored| self.question.scope.sees(&stored.message.mailbox);
                    let Some(stored) = arrival.stored().filter(seen) else {
                        self.seen = arrival.seq;
                        continue;
                    };
                    // Given up in the middle, this message has not been looked at.
                    self.is_whole = false;
                    let fits = self.fits(&stored).await && self.inbox.store().is_there(stored.seq);
                    (self.seen, self.is_whole) = (arrival.seq, true);
                    if fits {
                        self.found.push(stored);
                        return true;
                    }
                }
                Ok(Event::Removed { messages, .. }) => {
                    if self.found.is_empty() {
                        continue;
                    }
                    let gone: HashSet<_> = messages.iter().map(|(id, _)| *id).collect();
                    let before = self.found.len();
                    self.found.retain(|stored| !gone.contains(&stored.message.id));
                    if self.found.len() != before {
                        return true;
                    }
                }
                Ok(Event::Marked { .. } | Event::Tagged { .. } | Event::Kept { .. })
                    if self.question.query.is_of_state() =>
                {
                    return self.look().await;
                }
                Ok(Event::Restored { messages, .. })
                    if messages.iter().any(|(_, mailbox)| self.question.scope.sees(mailbox)) =>
                {
                    return self.look().await;
                }
                Ok(_) => {}
                // Too far behind: the store still has what the ring has not.
                Err(RecvError::Lagged(_)) => return self.look().await,
                // The inbox outlives its waits, as the caller holds it.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

fn ids(found: &[Stored]) -> impl Iterator<Item = MessageId> {
    found.iter().map(|stored| stored.message.id)
}

/// More messages than this are looked through elsewhere.
const INLINE_LOOK_MAX: usize = 100;
/// More bytes than this are decoded elsewhere.
const INLINE_DECODE_BYTES_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests;
