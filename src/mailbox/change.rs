//! What can happen to a mailbox, before and after it happened.

use std::sync::{Arc, Weak};

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
    /// Messages go.
    Remove {
        /// Which; unknown ones are passed over.
        ids: Vec<MessageId>,
        /// Why.
        reason: Reason,
    },
}

/// Why messages went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody deleted them.
    Deleted,
    /// A limit was reached.
    Evicted,
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
        self.message.upgrade().map(|message| Stored { seq: self.seq, read: false, tags: message.tags.clone(), message })
    }
}

impl Event {
    /// Its place in the store's sequence.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Accepted(arrival) => arrival.seq,
            Self::Marked { seq, .. } | Self::Tagged { seq, .. } | Self::Removed { seq, .. } => *seq,
        }
    }
}
