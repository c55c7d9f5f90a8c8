use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::mailbox::raw::Press;
use crate::mailbox::sample;

fn message(bits: u128, user: &str, bytes: usize) -> (Arc<Message>, Box<str>) {
    let incoming = sample::with_raw(user, vec![b'x'; bytes]);
    let (message, text) = Message::read(MessageId::from_bits(bits), Timestamp::UNIX_EPOCH, incoming);
    (Arc::new(message), text)
}

fn accept(bits: u128, user: &str, bytes: usize) -> Change {
    let (message, text) = message(bits, user, bytes);
    Change::Accept { message, text }
}

/// What can be done to a store, with small numbers so that operations meet.
#[derive(Clone, Debug)]
enum Op {
    Accept { mailbox: u8, bytes: usize },
    Mark { which: Vec<u8>, read: bool },
    Tag { which: Vec<u8>, tags: Vec<u8> },
    Remove { which: Vec<u8> },
    Pack { which: Vec<u8> },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0..3u8, 0..500usize).prop_map(|(mailbox, bytes)| Op::Accept { mailbox, bytes }),
        2 => (vec(0..20u8, 0..4), any::<bool>()).prop_map(|(which, read)| Op::Mark { which, read }),
        2 => (vec(0..20u8, 0..4), vec(0..4u8, 0..3)).prop_map(|(which, tags)| Op::Tag { which, tags }),
        1 => vec(0..20u8, 0..4).prop_map(|which| Op::Remove { which }),
        2 => vec(0..20u8, 0..4).prop_map(|which| Op::Pack { which }),
    ]
}

/// The store, told by a list that knows nothing clever.
#[derive(Default)]
struct Naive {
    messages: Vec<(Arc<Message>, bool, Tags)>,
    made: u128,
}

impl Naive {
    /// What is to be applied; nothing for what is no change.
    fn change(&mut self, op: Op) -> Option<Change> {
        Some(match op {
            Op::Pack { .. } => return None,
            Op::Accept { mailbox, bytes } => {
                self.made += 1;
                let (message, text) = message(self.made, ["", "one", "two"][mailbox as usize], bytes);
                self.messages.push((message.clone(), false, Tags::default()));
                Change::Accept { message, text }
            }
            Op::Mark { which, read } => {
                let ids = ids(&which);
                self.messages
                    .iter_mut()
                    .filter(|(message, ..)| ids.contains(&message.id))
                    .for_each(|entry| entry.1 = read);
                Change::Mark { ids, read }
            }
            Op::Tag { which, tags } => {
                let tags = Tags::new(tags.into_iter().map(|tag| ["a", "b", "c", "d"][tag as usize]));
                let ids = ids(&which);
                let tagged = self.messages.iter_mut().filter(|(message, ..)| ids.contains(&message.id));
                tagged.for_each(|entry| entry.2 = tags.clone());
                Change::Tag { messages: ids.into_iter().map(|id| (id, tags.clone())).collect() }
            }
            Op::Remove { which } => {
                let ids = ids(&which);
                self.messages.retain(|(message, ..)| !ids.contains(&message.id));
                Change::Remove { ids, reason: Reason::Deleted }
            }
        })
    }
}

/// Packs those that are here; some of them are packed already.
fn pack(store: &mut Store, which: &[u8]) {
    let mut press = Press::new().unwrap();
    for id in ids(which) {
        // One that is gone may have been packed in vain.
        let raw = store.find(&Scope::All, id).map_or_else(|| vec![b'x'; 400].into(), |found| found.message.raw());
        if let Some(packed) = press.pack(&raw) {
            store.hold_packed(id, packed);
        }
    }
}

fn ids(which: &[u8]) -> Vec<MessageId> {
    which.iter().map(|&bits| MessageId::from_bits(bits.into())).collect()
}

/// What the entries, mailboxes and tags that there are cost.
fn recount(store: &Store) -> usize {
    let counts =
        |tags: &TagCounts| tags.list().iter().map(|(name, _)| Tags::new([&**name]).counts_bytes()).sum::<usize>();
    let mailboxes = store.mailboxes.iter().map(|(name, mailbox)| mailbox_bytes(name) + counts(&mailbox.tags));
    store.entries.values().map(Entry::cost).sum::<usize>() + mailboxes.sum::<usize>() + counts(&store.tags)
}

proptest! {
    #[test]
    fn totals_equal_a_recount_after_every_change(ops in vec(op(), 0..60)) {
        let mut store = Store::new(Limits::default());
        let mut naive = Naive::default();
        let mut seq = 0;
        for op in ops {
            if let Op::Pack { which } = &op {
                pack(&mut store, which);
            }
            if let Some(event) = naive.change(op).and_then(|change| store.apply(change).event) {
                prop_assert_eq!(event.seq(), seq + 1);
                seq += 1;
            }
            prop_assert_eq!(store.seq(), seq);
            prop_assert_eq!(store.index_bytes(), store.index.recount());
            prop_assert_eq!(store.totals().bytes - store.index_bytes(), recount(&store));
            for scope in [Scope::All, Scope::Mailbox(MailboxName::new("")), Scope::Mailbox(MailboxName::new("one"))] {
                let expected: Vec<_> = naive.messages.iter().rev().filter(|(message, ..)| scope.sees(&message.mailbox)).collect();
                let found: Vec<_> = store.newest_first(&scope, None).collect();
                prop_assert_eq!(store.count(&scope), (expected.len(), expected.iter().filter(|(_, read, _)| !read).count()));
                prop_assert!(found.iter().map(|stored| (stored.message.id, stored.read)).eq(expected.iter().map(|(message, read, _)| (message.id, *read))));
                let mut tags: Vec<&str> = expected.iter().flat_map(|(.., tags)| tags.iter().map(|tag| &**tag)).collect();
                tags.sort_unstable();
                let counted: Vec<_> = tags.chunk_by(|one, other| one == other).map(|same| (same[0].into(), same.len())).collect();
                prop_assert_eq!(store.tags(&scope), counted);
                for stored in &found {
                    prop_assert_eq!(store.find(&scope, stored.message.id).map(|found| found.seq), Some(stored.seq));
                    prop_assert_eq!(&stored.message.raw()[..], &vec![b'x'; stored.message.raw_len()]);
                }
            }
        }
    }
}

#[test]
fn room_is_made_by_the_oldest_and_no_more_than_needed() {
    let (one, text) = message(0, "", 1_000);
    let cost = one.cost() + Index::cost(text.len());
    let limits = Limits { memory_bytes_max: 5 * cost, messages_max: 4, sessions_max: 0 };
    let mut store = Store::new(limits);
    assert_eq!(limits.message_bytes_max() / cost, 4, "four fit: the numbers of this test hold");
    (1..=4).for_each(|bits| drop(store.apply(accept(bits, "", 1_000))));
    assert_eq!(store.room_for(0, 0), Some(Vec::new()));
    assert_eq!(store.room_for(cost, 1), Some(vec![MessageId::from_bits(1)]));
    assert_eq!(store.room_for(0, 1), Some(vec![MessageId::from_bits(1)]), "by number alone");
    assert_eq!(store.room_for(3 * cost, 1).map(|doomed| doomed.len()), Some(3));
    assert_eq!(store.room_for(limits.message_bytes_max() + 1, 1), None);
    store.reserve(limits.message_bytes_max(), 0);
    assert_eq!(store.room_for(1, 0), None, "mail in flight cannot be evicted");
}

#[test]
fn a_mailbox_without_a_message_is_gone() {
    let mut store = Store::new(Limits::default());
    store.apply(accept(1, "one", 1));
    assert_eq!(store.mailboxes().len(), 1);
    store.apply(Change::Remove { ids: vec![MessageId::from_bits(1)], reason: Reason::Deleted });
    assert_eq!(store.mailboxes().len(), 0);
}

#[test]
fn what_a_mount_does_not_see_is_not_found_through_it() {
    let mut store = Store::new(Limits::default());
    store.apply(accept(1, "one", 1));
    let id = MessageId::from_bits(1);
    assert!(store.find(&Scope::All, id).is_some());
    assert!(store.find(&Scope::Mailbox(MailboxName::new("one")), id).is_some());
    assert!(store.find(&Scope::Mailbox(MailboxName::new("two")), id).is_none());
    assert!(store.since(&Scope::Mailbox(MailboxName::new("two")), 0).is_empty());
}
