//! A held question: "is there a message like this, and if not yet, when it comes?"
//!
//! Nothing here polls. The wait subscribes first, looks at what is there, and then sleeps until the inbox announces a
//! message or its time is over.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;

use super::{Event, Inbox, Query, Scope, Stored};

/// What to wait for.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which mailboxes count.
    pub scope: Scope,
    /// What the message must be like.
    pub query: Query,
    /// Only messages after this place in the store's sequence; none: also what is there already.
    pub since: u64,
    /// How long to hold the question.
    pub timeout: Duration,
}

/// No message came that fits.
#[derive(Clone, Debug)]
pub struct TimedOut {
    /// What did arrive in scope since `since`, newest first, at most [`ARRIVED_MAX`].
    pub arrived: Vec<Stored>,
    /// How many that were in all.
    pub arrived_total: usize,
}

/// How many messages a time-out lists.
pub const ARRIVED_MAX: usize = 20;

impl Question {
    /// Answers the oldest message that fits, as soon as it is there.
    ///
    /// # Errors
    /// [`TimedOut`] after `timeout`, with what did arrive.
    pub async fn ask(&self, inbox: &Inbox) -> Result<Stored, TimedOut> {
        match tokio::time::timeout(self.timeout, self.first_fit(inbox)).await {
            Ok(stored) => Ok(stored),
            Err(_) => Err(self.what_arrived(inbox)),
        }
    }

    async fn first_fit(&self, inbox: &Inbox) -> Stored {
        let mut seen = self.since;
        'look: loop {
            // Subscribed before looking: what comes between the two is in both, and nothing is in neither.
            let mut events = inbox.subscribe();
            let there = inbox.store().since(&self.scope, seen);
            seen = there.last().map_or(seen, |last| last.seq);
            if let Some(stored) = self.look_through(there).await {
                return stored;
            }
            loop {
                match events.recv().await {
                    Ok(Event::Accepted(arrival)) if arrival.seq > seen => {
                        seen = arrival.seq;
                        let fits =
                            |stored: &Stored| self.scope.sees(&stored.message.mailbox) && self.query.matches(stored);
                        if let Some(stored) = arrival.stored().filter(fits) {
                            return stored;
                        }
                    }
                    Ok(_) => {}
                    // Too far behind: the store still has what the ring has not.
                    Err(RecvError::Lagged(_)) => continue 'look,
                    // The inbox outlives its waits, as the caller holds it.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        }
    }

    /// The first that fits. Many are looked through on the blocking pool: it takes milliseconds.
    async fn look_through(&self, messages: Vec<Stored>) -> Option<Stored> {
        let (query, many) = (self.query.clone(), messages.len() > INLINE_LOOK_MAX);
        let look = move || messages.into_iter().find(|stored| query.matches(stored));
        if many { tokio::task::spawn_blocking(look).await.ok().flatten() } else { look() }
    }

    fn what_arrived(&self, inbox: &Inbox) -> TimedOut {
        let mut arrived = inbox.store().since(&self.scope, self.since);
        let arrived_total = arrived.len();
        arrived.reverse();
        arrived.truncate(ARRIVED_MAX);
        TimedOut { arrived, arrived_total }
    }
}

/// More messages than this are looked through elsewhere.
const INLINE_LOOK_MAX: usize = 100;

#[cfg(test)]
mod tests;
