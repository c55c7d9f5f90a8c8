mod naive;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::mailbox::raw::Press;
use crate::mailbox::{Batch, Change, Reason, sample};
use naive::{Naive, Op, Told, op};

fn message_at(bits: u128, user: &str, bytes: usize, received: Timestamp) -> (Arc<Message>, Box<str>) {
    let incoming = sample::with_raw(user, vec![b'x'; bytes]);
    let (message, text) = Message::read(MessageId::from_bits(bits), received, incoming);
    (Arc::new(message), text)
}

fn message(bits: u128, user: &str, bytes: usize) -> (Arc<Message>, Box<str>) {
    message_at(bits, user, bytes, Timestamp::UNIX_EPOCH)
}

fn accept(bits: u128, user: &str, bytes: usize) -> Change {
    let (message, text) = message(bits, user, bytes);
    Change::Accept { message, text }
}

/// A moment so many seconds after the first one.
fn moment(seconds: u8) -> Timestamp {
    Timestamp::UNIX_EPOCH + std::time::Duration::from_secs(seconds.into())
}

fn batch(number: u8) -> Batch {
    Batch::from_bits(number.into())
}

/// The most that those of [`named`] take.
const TAGS_BYTES_MAX: usize = 200;

fn named(tags: &[u8]) -> Tags {
    Tags::new(tags.iter().map(|&tag| ["a", "b", "c", "d"][usize::from(tag)]))
}

/// Packs those that are here; some of them are packed already.
fn pack(store: &mut Store, which: &[u8]) {
    let mut press = Press::new().unwrap();
    for id in ids(which) {
        let seq = store.places.get(&id).copied().unwrap_or_default();
        let entry = store.entries.get(&seq).or_else(|| store.hidden.get(seq));
        // One that is gone may have been packed in vain.
        let raw = entry.map_or_else(|| vec![b'x'; 400].into(), |entry| entry.message.raw());
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
    let entries = store.entries.values().chain(store.hidden.oldest_first(None).map(|(_, entry)| entry));
    entries.map(Entry::cost).sum::<usize>() + mailboxes.sum::<usize>() + counts(&store.tags)
}

/// How many these are, and what they weigh.
fn weighed<'a>(store: &Store, entries: impl Iterator<Item = (u64, &'a Entry)>) -> (usize, usize) {
    entries.fold((0, 0), |(count, bytes), (seq, entry)| (count + 1, bytes + store.weight(seq, entry)))
}

/// What is kept, hidden, and both: counted anew, beside what the store says.
fn assert_shares(store: &Store) {
    let totals = store.totals();
    let kept = store.entries.iter().map(|(&seq, entry)| (seq, entry)).filter(|(_, entry)| entry.kept);
    assert_eq!((totals.kept, totals.kept_bytes), weighed(store, kept));
    let hidden = || store.hidden.oldest_first(None);
    assert_eq!((totals.hidden, totals.hidden_bytes), weighed(store, hidden()));
    let both = weighed(store, hidden().filter(|(_, entry)| entry.kept));
    assert_eq!((store.hidden.kept(), store.hidden.kept_bytes()), both);
    assert!(store.entries.range(..store.spared_below).all(|(_, entry)| entry.kept), "one that may go is passed over");
    let mut all: Vec<_> = store.entries.iter().map(|(&seq, entry)| (seq, entry)).chain(hidden()).collect();
    all.sort_by_key(|(seq, _)| *seq);
    assert!(all.is_sorted_by_key(|(_, entry)| entry.latest));
}

/// All that a reader can see of a store, and the counts behind it.
fn sight(store: &Store) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows = store.between(&Scope::All, 0, u64::MAX);
    let rows: Vec<_> = rows.map(|kept| (kept.seq, kept.message.id, kept.read, kept.kept, kept.tags.clone())).collect();
    let mailboxes: Vec<_> = store.mailboxes().map(|(name, all, unread)| (name.clone(), all, unread)).collect();
    let first_behind = |seq| store.between(&Scope::All, seq, u64::MAX).next().map(|kept| kept.seq);
    let before: Vec<_> = (0..9).map(|seconds| first_behind(store.seq_before(moment(seconds)))).collect();
    let hidden: Vec<_> = store.hidden.oldest_first(None).map(|(seq, _)| seq).collect();
    (rows, mailboxes, store.tags(&Scope::All), store.totals(), before, hidden)
}

proptest! {
    #[test]
    fn totals_equal_a_recount_after_every_change(ops in vec(op(), 0..80)) {
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
            prop_assert_eq!((store.totals().deleted, store.totals().evicted), (naive.deleted, naive.evicted));
            assert_shares(&store);
            for number in 0..3 {
                let hidden = naive.messages.iter().filter(|told| told.hidden == Some(number)).count();
                prop_assert_eq!(store.hidden_by(&Scope::All, batch(number), moment(number)), hidden);
            }
            for scope in [Scope::All, Scope::Mailbox(MailboxName::new("")), Scope::Mailbox(MailboxName::new("one"))] {
                let seen = |told: &&Told| told.hidden.is_none() && scope.sees(&told.message.mailbox);
                let expected: Vec<_> = naive.messages.iter().rev().filter(seen).collect();
                let found: Vec<_> = store.newest_first(&scope, None).collect();
                prop_assert_eq!(store.count(&scope), (expected.len(), expected.iter().filter(|told| !told.read).count()));
                let rows = found.iter().map(|kept| (kept.message.id, kept.read, kept.kept));
                prop_assert!(rows.eq(expected.iter().map(|told| (told.message.id, told.read, told.kept))));
                let mut tags: Vec<&str> = expected.iter().flat_map(|told| told.tags.iter().map(|tag| &**tag)).collect();
                tags.sort_unstable();
                let counted: Vec<_> = tags.chunk_by(|one, other| one == other).map(|same| (same[0].into(), same.len())).collect();
                prop_assert_eq!(store.tags(&scope), counted);
                for stored in &found {
                    prop_assert_eq!(store.find(&scope, stored.message.id).map(|found| found.seq), Some(stored.seq));
                    prop_assert_eq!(&stored.message.raw()[..], &vec![b'x'; stored.message.raw_len()]);
                    prop_assert!(store.text(stored.seq).is_some());
                }
            }
            for told in naive.messages.iter().filter(|told| told.hidden.is_some()) {
                prop_assert!(store.find(&Scope::All, told.message.id).is_none());
                let seq = store.places[&told.message.id];
                prop_assert!(store.text(seq).is_none() && !store.is_there(seq));
            }
        }
    }

    #[test]
    fn what_is_brought_back_is_as_if_it_had_never_gone(ops in vec(op(), 0..40), which in vec(0..20u8, 1..6)) {
        let mut store = Store::new(Limits::default());
        let mut naive = Naive::default();
        for change in ops.into_iter().filter_map(|op| naive.change(op)) {
            store.apply(change);
        }
        let before = sight(&store);
        let act = batch(9);
        let hidden = store.apply(Change::Hide { ids: ids(&which), batch: act, at: moment(9) }).event;
        let back = store.apply(Change::Restore { batch: act, count: usize::MAX }).event;
        prop_assert_eq!(sight(&store), before);
        prop_assert_eq!(hidden.is_some(), back.is_some());
        let (Some(Event::Removed { messages: hidden, reason: Reason::Hidden, .. }), Some(Event::Restored { messages: back, .. })) =
            (hidden, back)
        else {
            return Ok(());
        };
        let mut hidden = hidden.to_vec();
        hidden.sort_by_key(|(id, _)| store.places[id]);
        prop_assert_eq!(&*back, &hidden[..], "in the order of their places");
    }

    /// As the inbox does it: what must go goes first.
    #[test]
    fn what_is_kept_stays_and_the_budget_holds(ops in vec(op(), 0..120), messages_max in 1..12usize, kilobytes in 8..40usize) {
        let limits = Limits { memory_bytes_max: kilobytes << 10, messages_max, sessions_max: 0 };
        let mut store = Store::new(limits);
        let mut naive = Naive::default();
        for op in ops {
            let kept: Vec<_> = store.entries.values().filter(|entry| entry.kept).map(|entry| entry.message.id).collect();
            let oldest: Vec<_> = store.hidden.oldest_first(None).map(|(_, entry)| entry.message.id)
                .chain(store.entries.values().filter(|entry| !entry.kept).map(|entry| entry.message.id)).collect();
            let doomed = match &op {
                Op::Remove { .. } => continue,
                Op::Tag { which, tags } => {
                    let tags = named(tags);
                    let messages: Vec<_> = ids(which).into_iter().map(|id| (id, tags.clone())).collect();
                    let Some(doomed) = store.room_to_tag(&messages) else { continue };
                    doomed
                }
                Op::Accept { mailbox, bytes, .. } => {
                    let (message, text) = message(0, ["", "one", "two"][*mailbox as usize], *bytes);
                    let cost = Store::bytes_of(&message) + Index::cost(text.len());
                    let Some(doomed) = store.room_for(cost, 1) else {
                        let kept = store.totals().kept_bytes + 2 * cost + (1 << 10);
                        prop_assert!(kept > limits.message_bytes_max() || store.totals().kept >= messages_max, "there is room");
                        continue;
                    };
                    prop_assert_eq!(&doomed[..], &oldest[..doomed.len()], "hidden ones first, then the oldest");
                    doomed
                }
                Op::Keep { which, kept: true } => {
                    let before = store.totals();
                    if store.too_much_kept(&Scope::All, &ids(which)).is_some() {
                        prop_assert_eq!(store.totals(), before);
                        continue;
                    }
                    Vec::new()
                }
                Op::Restore { batch: number, count } => {
                    let Some(doomed) = store.room_to_restore(batch(*number), *count) else { continue };
                    let coming: Vec<_> = store.hidden.of(batch(*number)).map(|entry| entry.message.id).collect();
                    prop_assert!(doomed.iter().all(|id| !coming.contains(id)));
                    doomed
                }
                Op::Pack { which } => {
                    pack(&mut store, which);
                    Vec::new()
                }
                _ => Vec::new(),
            };
            if !doomed.is_empty() {
                store.apply(Change::Remove { ids: doomed, reason: Reason::Evicted });
            }
            prop_assert!(kept.iter().all(|id| store.find(&Scope::All, *id).is_some()), "what is kept stays");
            if let Some(change) = naive.change(op) {
                store.apply(change);
            }
            assert_shares(&store);
            prop_assert!(store.bytes_used() <= limits.message_bytes_max());
            prop_assert!(store.entries.len() + store.hidden.len() <= messages_max);
            let totals = store.totals();
            let (kept, bytes) = (totals.kept + store.hidden.kept(), totals.kept_bytes + store.hidden.kept_bytes());
            // Tags may come later.
            prop_assert!(kept <= limits.kept_messages_max() && bytes <= limits.kept_bytes_max() + kept * TAGS_BYTES_MAX);
        }
    }
}

#[test]
fn thousands_of_kept_messages_are_passed_once() {
    let mut store = Store::new(Limits { messages_max: 5_001, ..Limits::default() });
    (1..=5_001).for_each(|bits| drop(store.apply(accept(bits, "", 1))));
    store.apply(Change::Keep { ids: (1..=5_000).map(MessageId::from_bits).collect(), kept: true });
    for bits in 5_002..5_010 {
        let doomed = store.room_for(0, 1).unwrap();
        assert_eq!(doomed, [MessageId::from_bits(bits - 1)]);
        store.apply(Change::Remove { ids: doomed, reason: Reason::Evicted });
        assert_eq!(store.spared_below, store.seq(), "the next one begins behind them");
        store.apply(accept(bits, "", 1));
    }
    store.apply(Change::Keep { ids: vec![MessageId::from_bits(7)], kept: false });
    assert_eq!(store.room_for(0, 1), Some(vec![MessageId::from_bits(7)]));
    let all = (1..=5_009).map(MessageId::from_bits).collect();
    store.apply(Change::Keep { ids: all, kept: true });
    assert_eq!(store.room_for(0, 1), None);
    assert_eq!(store.room_for(0, 0), Some(Vec::new()));
}

#[test]
fn an_act_is_undone_in_time_and_where_all_of_it_is_seen() {
    let mut store = Store::new(Limits::default());
    store.apply(accept(1, "one", 1));
    store.apply(accept(2, "two", 1));
    store.apply(Change::Hide { ids: ids(&[1, 2]), batch: batch(1), at: moment(1) });
    let last = moment(1) + hidden::UNDO;
    let just_before = last - jiff::SignedDuration::from_nanos(1);
    assert_eq!(store.hidden_by(&Scope::All, batch(1), just_before), 2);
    assert_eq!(store.hidden_by(&Scope::All, batch(1), last), 0, "too late");
    assert_eq!(store.hidden_by(&Scope::All, batch(2), moment(1)), 0, "another act");
    assert_eq!(store.hidden_by(&Scope::Mailbox(MailboxName::new("one")), batch(1), moment(1)), 0);
    assert_eq!((store.next_purge(), store.expired(just_before, 9).len()), (Some(last), 0));
    assert_eq!((store.expired(last, 9), store.expired(last, 1)), (ids(&[1, 2]), ids(&[1])));
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
