//! How much is kept.

/// Limits of the store. Past them the oldest message goes first, counted and shown.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of memory for messages, their index and dialogues, the session log, and mail in flight.
    pub memory_bytes_max: usize,
    /// Messages kept at once.
    pub messages_max: usize,
    /// Sessions remembered after they ended.
    pub sessions_max: usize,
}

/// The share of the memory budget that ended sessions may take: one part in this many.
pub(super) const SESSIONS_SHARE: usize = 16;

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes_max: 512 << 20, messages_max: 10_000, sessions_max: 1_000 }
    }
}

impl Limits {
    /// What remains of the budget for messages and mail in flight.
    pub fn message_bytes_max(&self) -> usize {
        self.memory_bytes_max - self.session_bytes_max()
    }

    /// What ended sessions may take.
    pub fn session_bytes_max(&self) -> usize {
        self.memory_bytes_max / SESSIONS_SHARE
    }

    /// What messages may take that are kept by hand: the rest is for what comes.
    pub fn kept_bytes_max(&self) -> usize {
        self.memory_bytes_max / 2
    }

    /// How many messages may be kept by hand.
    pub fn kept_messages_max(&self) -> usize {
        self.messages_max / 2
    }
}
