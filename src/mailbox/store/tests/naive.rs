//! A store that is nothing but a list, to be compared with.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// What can be done to a store, with small numbers so that operations meet.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Accept { mailbox: u8, bytes: usize, at: u8 },
    Mark { which: Vec<u8>, read: bool },
    Tag { which: Vec<u8>, tags: Vec<u8> },
    Keep { which: Vec<u8>, kept: bool },
    Hide { which: Vec<u8>, batch: u8 },
    Restore { batch: u8, count: usize },
    Remove { which: Vec<u8>, reason: Reason },
    Pack { which: Vec<u8> },
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let which = || vec(0..20u8, 0..4);
    let reason = prop_oneof![Just(Reason::Deleted), Just(Reason::Evicted), Just(Reason::Purged)];
    prop_oneof![
        4 => (0..3u8, 0..500usize, 0..9u8).prop_map(|(mailbox, bytes, at)| Op::Accept { mailbox, bytes, at }),
        2 => (which(), any::<bool>()).prop_map(|(which, read)| Op::Mark { which, read }),
        2 => (which(), vec(0..4u8, 0..3)).prop_map(|(which, tags)| Op::Tag { which, tags }),
        2 => (which(), any::<bool>()).prop_map(|(which, kept)| Op::Keep { which, kept }),
        2 => (which(), 0..3u8).prop_map(|(which, batch)| Op::Hide { which, batch }),
        2 => (0..3u8, 0..4usize).prop_map(|(batch, count)| Op::Restore { batch, count }),
        1 => (which(), reason).prop_map(|(which, reason)| Op::Remove { which, reason }),
        2 => which().prop_map(|which| Op::Pack { which }),
    ]
}

/// A message, told by a list that knows nothing clever.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) message: Arc<Message>,
    pub(super) read: bool,
    pub(super) kept: bool,
    pub(super) tags: Tags,
    pub(super) hidden: Option<u8>,
}

#[derive(Default)]
pub(super) struct Naive {
    /// In the order of arrival.
    pub(super) messages: Vec<Told>,
    made: u128,
    pub(super) deleted: u64,
    pub(super) evicted: u64,
}

impl Naive {
    /// Those of these that are there to be seen.
    fn seen<'a>(&'a mut self, ids: &'a [MessageId]) -> impl Iterator<Item = &'a mut Told> {
        self.messages.iter_mut().filter(|told| told.hidden.is_none() && ids.contains(&told.message.id))
    }

    /// What is to be applied; nothing for what is no change.
    pub(super) fn change(&mut self, op: Op) -> Option<Change> {
        Some(match op {
            Op::Pack { .. } => return None,
            Op::Accept { mailbox, bytes, at } => {
                self.made += 1;
                let mailbox = ["", "one", "two"][mailbox as usize];
                let (message, text) = message_at(self.made, mailbox, bytes, moment(at));
                let (read, kept, tags, hidden) = (false, false, Tags::default(), None);
                self.messages.push(Told { message: message.clone(), read, kept, tags, hidden });
                Change::Accept { message, text }
            }
            Op::Mark { which, read } => {
                let ids = ids(&which);
                self.seen(&ids).for_each(|told| told.read = read);
                Change::Mark { ids, read }
            }
            Op::Tag { which, tags } => {
                let (ids, tags) = (ids(&which), named(&tags));
                self.seen(&ids).for_each(|told| told.tags = tags.clone());
                Change::Tag { messages: ids.into_iter().map(|id| (id, tags.clone())).collect() }
            }
            Op::Keep { which, kept } => {
                let ids = ids(&which);
                self.seen(&ids).for_each(|told| told.kept = kept);
                Change::Keep { ids, kept }
            }
            Op::Hide { which, batch: number } => {
                let ids = ids(&which);
                self.seen(&ids).for_each(|told| told.hidden = Some(number));
                Change::Hide { ids, batch: batch(number), at: moment(number) }
            }
            Op::Restore { batch: number, count } => {
                let hidden = self.messages.iter_mut().filter(|told| told.hidden == Some(number));
                hidden.take(count).for_each(|told| told.hidden = None);
                Change::Restore { batch: batch(number), count }
            }
            Op::Remove { which, reason } => {
                let ids = ids(&which);
                let goes =
                    |told: &Told| ids.contains(&told.message.id) && (told.hidden.is_some() || reason != Reason::Purged);
                for told in self.messages.extract_if(.., |told| goes(told)) {
                    match (told.hidden, reason) {
                        (None, Reason::Evicted) => self.evicted += 1,
                        _ => self.deleted += 1,
                    }
                }
                Change::Remove { ids, reason }
            }
        })
    }
}
