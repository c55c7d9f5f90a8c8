//! What is done to messages that are there: marking, tagging, keeping, deleting, and what is deleted only for a while.

use std::fmt;

use jiff::Timestamp;

use super::Inbox;
use crate::clock;
use crate::mailbox::store::TooMuchKept;
use crate::mailbox::{Batch, Change, MessageId, Query, Reason, Scope, Tags};

/// Messages that are changed while the store is held: about a millisecond.
const AT_ONCE: usize = 1_000;

const NO_ROOM_FOR_TAGS: &str =
    "There is no memory left for tags: delete messages, or do not keep so many, or raise --max-memory.";

/// What came of hiding messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiding {
    /// The name of the act, to undo it by.
    pub batch: Batch,
    /// Messages that vanished.
    pub count: usize,
    /// Kept messages that were passed over.
    pub spared: usize,
}

/// What is passed over when messages are hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sparing {
    /// Messages that somebody keeps: they were meant with all others only.
    Kept,
    /// None: each was named.
    Nothing,
}

/// Why messages are not kept, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unkept {
    /// They would be too much, beside those that are. Whoever asks may let go of some.
    TooMuch(TooMuchKept),
    /// The journal's sentence.
    Failed(String),
}

impl fmt::Display for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMuch(too_much) => too_much.fmt(f),
            Self::Failed(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Unkept {}

impl Inbox {
    /// Marks messages of this scope as read or unread; others are passed over. Answers how many changed.
    ///
    /// # Errors
    /// The journal's sentence, and nothing more has changed than what it kept before.
    pub async fn mark(&self, scope: &Scope, ids: Vec<MessageId>, read: bool) -> Result<usize, String> {
        self.change(scope, &ids, |ids| Change::Mark { ids, read }).await
    }

    /// Gives messages of this scope these tags in place of theirs; others are passed over. Answers how many changed.
    ///
    /// # Errors
    /// As for [`Self::mark`]; and when there is no memory left for tags.
    pub async fn tag(&self, scope: &Scope, ids: Vec<MessageId>, tags: &Tags) -> Result<usize, String> {
        let _turn = self.0.turn.lock().await;
        self.tag_in_turn(scope, &ids, |_| tags.clone()).await
    }

    /// Takes tags off messages of this scope, and gives them others; what else they have stays. Answers how many changed.
    ///
    /// # Errors
    /// As for [`Self::tag`].
    pub async fn retag(&self, scope: &Scope, ids: &[MessageId], add: &Tags, remove: &Tags) -> Result<usize, String> {
        let _turn = self.0.turn.lock().await;
        self.tag_in_turn(scope, ids, |tags| tags.changed(add, remove)).await
    }

    /// Gives a tag another name on every message of this scope; without a new name, takes it off. Answers how many
    /// changed.
    ///
    /// # Errors
    /// As for [`Self::tag`].
    pub async fn rename_tag(&self, scope: &Scope, from: &str, to: Option<&str>) -> Result<usize, String> {
        let _turn = self.0.turn.lock().await;
        let ids: Vec<_> = {
            let store = self.store();
            let tagged = store.newest_first(scope, None).filter(|kept| kept.tags.has(from));
            tagged.map(|kept| kept.message.id).collect()
        };
        self.tag_in_turn(scope, &ids, |tags| tags.with_renamed(from, to)).await
    }

    /// The caller holds the turn. Tags take memory, so room is made for them as for a message.
    async fn tag_in_turn(
        &self,
        scope: &Scope,
        ids: &[MessageId],
        tags: impl Fn(&Tags) -> Tags,
    ) -> Result<usize, String> {
        let mut changed = 0;
        for some in ids.chunks(AT_ONCE) {
            let (messages, doomed) = {
                let store = self.store();
                let there = store.still_kept(scope, some).map(|one| (one.message.id, tags(&one.tags)));
                let messages: Vec<_> = there.collect();
                let doomed = store.room_to_tag(&messages);
                (messages, doomed)
            };
            self.evict(doomed.ok_or(NO_ROOM_FOR_TAGS)?).await?;
            changed += self.commit(Change::Tag { messages }).await?;
            tokio::task::yield_now().await;
        }
        Ok(changed)
    }

    /// Keeps messages of this scope whatever else must go, or does not keep them any more; others are passed over. Answers
    /// how many changed.
    ///
    /// # Errors
    /// [`Unkept`]: if it is too much, nothing has changed.
    pub async fn keep(&self, scope: &Scope, ids: &[MessageId], kept: bool) -> Result<usize, Unkept> {
        let _turn = self.0.turn.lock().await;
        if kept && let Some(too_much) = self.store().too_much_kept(scope, ids) {
            return Err(Unkept::TooMuch(too_much));
        }
        let keep = |ids| Change::Keep { ids, kept };
        self.change_in_turn(scope, ids, keep).await.map_err(Unkept::Failed)
    }

    /// Makes messages of this scope vanish, to be purged later; until then they can be brought back. Others are passed over.
    /// `now` is the time from which on that counts.
    ///
    /// # Errors
    /// As for [`Self::mark`].
    pub async fn hide(
        &self,
        scope: &Scope,
        ids: &[MessageId],
        sparing: Sparing,
        now: Timestamp,
    ) -> Result<Hiding, String> {
        let _turn = self.0.turn.lock().await;
        let mut hiding = Hiding { batch: Batch::from_bits(clock::unique()), count: 0, spared: 0 };
        for some in ids.chunks(AT_ONCE) {
            let ids = {
                let store = self.store();
                let there = some.iter().filter_map(|id| store.find(scope, *id));
                let (spared, ids): (Vec<_>, Vec<_>) = there.partition(|one| one.kept && sparing == Sparing::Kept);
                hiding.spared += spared.len();
                ids.iter().map(|one| one.message.id).collect()
            };
            hiding.count += self.commit(Change::Hide { ids, batch: hiding.batch, at: now }).await?;
            // At once: whoever asked for it may be gone before the next ones are hidden.
            self.0.hidden.notify_one();
            tokio::task::yield_now().await;
        }
        Ok(hiding)
    }

    /// Brings back what this act hid, each message to its place, if at `now` it is not too late. Answers how many came.
    ///
    /// # Errors
    /// As for [`Self::mark`].
    pub async fn restore(&self, scope: &Scope, batch: Batch, now: Timestamp) -> Result<usize, String> {
        let _turn = self.0.turn.lock().await;
        let hidden = self.store().hidden_by(scope, batch, now);
        let mut restored = 0;
        while restored < hidden {
            let Some(doomed) = self.store().room_to_restore(batch, AT_ONCE) else { break };
            self.evict(doomed).await?;
            restored += self.commit(Change::Restore { batch, count: AT_ONCE }).await?;
            tokio::task::yield_now().await;
        }
        Ok(restored)
    }

    /// Lets go of what was hidden and cannot be brought back any more at `now`.
    ///
    /// # Errors
    /// As for [`Self::mark`].
    pub(in crate::mailbox) async fn purge(&self, now: Timestamp) -> Result<(), String> {
        loop {
            let _turn = self.0.turn.lock().await;
            let ids = self.store().expired(now, AT_ONCE);
            if ids.is_empty() {
                return Ok(());
            }
            self.commit(Change::Remove { ids, reason: Reason::Purged }).await?;
        }
    }

    /// Returns when something was hidden, also when that was before.
    pub(in crate::mailbox) async fn hidden(&self) {
        self.0.hidden.notified().await;
    }

    /// Deletes messages of this scope, for good, hidden ones too; others are passed over. Answers how many went that were
    /// there to be seen.
    ///
    /// # Errors
    /// As for [`Self::mark`].
    pub async fn remove(&self, scope: &Scope, ids: Vec<MessageId>) -> Result<usize, String> {
        self.change(scope, &ids, |ids| Change::Remove { ids, reason: Reason::Deleted }).await
    }

    /// Deletes every message of this scope that is there, and what is hidden: nobody's undo shall bring mail back into a
    /// mailbox that was cleared. Answers how many went that were there to be seen.
    ///
    /// # Errors
    /// As for [`Self::mark`].
    pub async fn clear(&self, scope: &Scope) -> Result<usize, String> {
        let mut ids = self.search(scope, &Query::default()).ids();
        ids.extend(self.store().hidden_in(scope));
        self.remove(scope, ids).await
    }

    /// Some at a time, lest everybody else waits for the store; no other change comes in between.
    async fn change(
        &self,
        scope: &Scope,
        ids: &[MessageId],
        change: impl Fn(Vec<MessageId>) -> Change,
    ) -> Result<usize, String> {
        let _turn = self.0.turn.lock().await;
        self.change_in_turn(scope, ids, change).await
    }

    /// The caller holds the turn.
    async fn change_in_turn(
        &self,
        scope: &Scope,
        ids: &[MessageId],
        change: impl Fn(Vec<MessageId>) -> Change,
    ) -> Result<usize, String> {
        let mut touched = 0;
        for some in ids.chunks(AT_ONCE) {
            let ids = self.only_in(scope, some);
            touched += self.commit(change(ids)).await?;
            tokio::task::yield_now().await;
        }
        Ok(touched)
    }

    fn only_in(&self, scope: &Scope, ids: &[MessageId]) -> Vec<MessageId> {
        let store = self.store();
        ids.iter().copied().filter(|&id| store.find(scope, id).is_some() || store.is_hidden(scope, id)).collect()
    }
}
