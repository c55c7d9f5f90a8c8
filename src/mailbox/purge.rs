//! Lets go of what was deleted in the page, when it cannot be brought back any more. It sleeps until the next is due, and
//! while nothing is hidden until something is.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Inbox;

/// Until it tries again what the journal did not keep.
const AGAIN: Duration = Duration::from_secs(5);

/// Purges until `stop`; `now` is the clock.
pub async fn run(inbox: Inbox, now: impl Fn() -> Timestamp, stop: CancellationToken) {
    tokio::select! {
        () = purge(&inbox, now) => {}
        () = stop.cancelled() => {}
    }
}

async fn purge(inbox: &Inbox, now: impl Fn() -> Timestamp) {
    loop {
        let next = inbox.store().next_purge();
        match next {
            None => inbox.hidden().await,
            // What is hidden meanwhile is due later.
            Some(due) => {
                sleep(due.duration_since(now()).try_into().unwrap_or_default()).await;
                if inbox.purge(now()).await.is_err() {
                    sleep(AGAIN).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
