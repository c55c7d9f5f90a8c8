//! Packs the bytes of messages that have become old, at leisure: a tenth of one processor at most, some at a time, on a
//! thread that answers nobody. The store is held for the exchange alone, and no change waits for it.
//!
//! It goes through the messages in the order in which they came, so each is tried once. It is no change of the mailbox: no
//! event tells of it, the journal does not know it, and only the budget shows it. A message that is hidden when its turn
//! comes and is brought back stays as it is.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::raw::Press;
use super::{Inbox, Message};

/// Messages of so many bytes as sent are packed. Below, there is little to win; beyond, it is files, which are packed
/// already and take long.
const BYTES: RangeInclusive<usize> = 2 << 10..=1 << 20;
/// How old a message is before it is packed: whoever waits for it, and most who read it, have done so.
const AGE: SignedDuration = SignedDuration::from_secs(30);
/// Messages that are looked at while the store is held.
const LOOKED_AT: usize = 256;
/// Bytes that are packed at a time, and one message more.
const AT_ONCE_BYTES: usize = 256 << 10;
/// It rests so many times longer than it has worked.
const REST: u32 = 10;
/// Until it looks again whether a message has become old.
const NOTHING_OLD: Duration = Duration::from_secs(5);

/// Packs messages until `stop`; `now` is the clock.
pub async fn run(inbox: Inbox, now: impl Fn() -> Timestamp, stop: CancellationToken) {
    let mut packer = Packer::new(inbox);
    loop {
        let begun = Instant::now();
        let rest = match packer.due(now()) {
            None => NOTHING_OLD,
            Some(due) if due.is_empty() => begun.elapsed() * REST,
            Some(due) => {
                let inbox = packer.inbox.clone();
                // A panic leaves these as they are, and has been told where panics are.
                let _ = tokio::task::spawn_blocking(move || pack(&inbox, &due)).await;
                begun.elapsed() * REST
            }
        };
        tokio::select! {
            () = sleep(rest) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Packs every message that is old at `now` and worth it, without a rest, and answers when that is done. For whoever wants
/// it now: a server has [`run`].
pub fn pack_all(inbox: &Inbox, now: Timestamp) {
    let mut packer = Packer::new(inbox.clone());
    while let Some(due) = packer.due(now) {
        pack(inbox, &due);
    }
}

/// How far it has come.
struct Packer {
    inbox: Inbox,
    /// The place in the store's sequence up to which every message was tried.
    tried: u64,
}

impl Packer {
    fn new(inbox: Inbox) -> Self {
        Self { inbox, tried: 0 }
    }

    /// The next messages to try, perhaps none of those that were looked at; nothing if no message has become old. They
    /// count as tried.
    fn due(&mut self, now: Timestamp) -> Option<Vec<Arc<Message>>> {
        let store = self.inbox.store();
        let old = store.older(self.tried, now - AGE).take(LOOKED_AT);
        let (mut due, mut bytes, mut looked) = (Vec::new(), 0, false);
        for kept in old {
            (self.tried, looked) = (kept.seq, true);
            let len = kept.message.raw_len();
            if BYTES.contains(&len) {
                due.push(kept.message.clone());
                bytes += len;
            }
            if bytes >= AT_ONCE_BYTES {
                break;
            }
        }
        looked.then_some(due)
    }
}

/// Packs these where it is worth it. One that is deleted meanwhile stays as it is, for whoever still reads it.
fn pack(inbox: &Inbox, messages: &[Arc<Message>]) {
    let Some(mut press) = Press::new() else { return };
    let worth_it = |message: &Arc<Message>| press.pack(&message.raw()).map(|packed| (message.id, packed));
    let packed = messages.iter().filter_map(worth_it).collect();
    inbox.hold_packed(packed);
}

#[cfg(test)]
mod tests;
