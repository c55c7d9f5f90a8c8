//! What can happen to a mailbox, before and after it happened.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Weak};

use jiff::Timestamp;

use super::id::NotAnId;
use super::{MailboxName, Message, MessageId, Scope, Stored, Tags};

/// One thing that shall happen. The journal keeps it, the store applies it; ids and times are in it already, so that
/// applying the same changes gives the same store anywhere.
#[derive(Clone, Debug)]
pub enum Change {
    /// A message is kept.
    Accept {
        /// The message.
        message: Arc<Message>,
        /// What a search looks in.
        text: Box<str>,
    },
    /// Messages are marked as read or unread.
    Mark {
        /// Which; unknown ones are passed over.
        ids: Vec<MessageId>,
        /// Read, or unread.
        read: bool,
    },
    /// Messages get other tags.
    Tag {
        /// Which, with all the tags that each shall have; unknown ones are passed over.
        messages: Vec<(MessageId, Tags)>,
    },
    /// Messages are kept, whatever else must go, or not any more.
    Keep {
        /// Which; unknown ones are passed over.
        ids: Vec<MessageId>,
        /// Kept, or not any more.
        kept: bool,
    },
    /// Messages vanish, and can be brought back for [`super::store::hidden::UNDO`].
    Hide {
        /// Which; unknown ones are passed over.
        ids: Vec<MessageId>,
        /// The act that they vanish by: all that it hid comes back by one name.
        batch: Batch,
        /// When that was.
        at: Timestamp,
    },
    /// Messages that were hidden come back to their places.
    Restore {
        /// The act that hid them.
        batch: Batch,
        /// The first so many of them.
        count: usize,
    },
    /// Messages go, hidden ones too.
    Remove {
        /// Which; unknown ones are passed over.
        ids: Vec<MessageId>,
        /// Why.
        reason: Reason,
    },
}

/// The name of one act of hiding. No two are the same, not those of two runs either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Batch(MessageId);

impl Batch {
    /// The name with these bits; [`crate::clock::unique`] makes them.
    pub fn from_bits(bits: u128) -> Self {
        Self(MessageId::from_bits(bits))
    }
}

impl fmt::Display for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Batch {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self)
    }
}

/// Why messages went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody deleted them.
    Deleted,
    /// A limit was reached.
    Evicted,
    /// Somebody deleted them in the page; for a while they can come back.
    Hidden,
    /// They were hidden, and that while is over. It concerns hidden messages alone, and nobody is told.
    Purged,
}

/// One thing that has happened, told to every subscriber in the order of the store's sequence. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message was kept.
    Accepted(Arrival),
    /// Messages changed their read mark.
    Marked {
        /// Its place in the store's sequence.
        seq: u64,
        /// Which, with their mailboxes.
        messages: Arc<[(MessageId, MailboxName)]>,
        /// Read, or unread.
        read: bool,
    },
    /// Messages got other tags.
    Tagged {
        /// Its place in the store's sequence.
        seq: u64,
        /// Which, with their mailboxes and tags.
        messages: Arc<[(MessageId, MailboxName, Tags)]>,
    },
    /// Messages are kept, or not any more.
    Kept {
        /// Its place in the store's sequence.
        seq: u64,
        /// Which, with their mailboxes.
        messages: Arc<[(MessageId, MailboxName)]>,
        /// Kept, or not any more.
        kept: bool,
    },
    /// Hidden messages came back.
    Restored {
        /// Its place in the store's sequence, which is not theirs.
        seq: u64,
        /// Which, with their mailboxes, in the order of their places.
        messages: Arc<[(MessageId, MailboxName)]>,
    },
    /// Messages went.
    Removed {
        /// Its place in the store's sequence.
        seq: u64,
        /// Which, with their mailboxes.
        messages: Arc<[(MessageId, MailboxName)]>,
        /// Why.
        reason: Reason,
        /// Where nothing is left.
        emptied: Emptied,
    },
}

/// Where a removal left nothing behind: known only while it is done, for the next message may come at once.
#[derive(Clone, Debug, Default)]
pub struct Emptied {
    pub(super) everywhere: bool,
    pub(super) mailboxes: Arc<[MailboxName]>,
}

impl Emptied {
    /// Whether whoever sees this scope sees nothing any more.
    pub fn is(&self, scope: &Scope) -> bool {
        match scope {
            Scope::All => self.everywhere,
            Scope::Mailbox(name) => self.mailboxes.contains(name),
        }
    }
}

/// A message that came. It is not held by being announced: one slow subscriber would otherwise keep a thousand messages
/// in memory that were evicted long ago, beyond any budget.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Its place in the store's sequence.
    pub seq: u64,
    message: Weak<Message>,
}

impl Arrival {
    pub(super) fn of(seq: u64, message: &Arc<Message>) -> Self {
        Self { seq, message: Arc::downgrade(message) }
    }

    /// The message as it came; none if it is gone already.
    pub fn stored(&self) -> Option<Stored> {
        self.message.upgrade().map(|message| Stored {
            seq: self.seq,
            read: false,
            kept: false,
            tags: message.tags.clone(),
            message,
        })
    }
}

impl Event {
    /// Its place in the store's sequence.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Accepted(arrival) => arrival.seq,
            Self::Marked { seq, .. } | Self::Tagged { seq, .. } | Self::Kept { seq, .. } => *seq,
            Self::Restored { seq, .. } | Self::Removed { seq, .. } => *seq,
        }
    }
}
