use super::*;
use crate::mailbox::sample::{incoming, keep, with_raw};

#[tokio::test]
async fn a_kept_message_is_found_and_announced_before_its_verdict() {
    let inbox = Inbox::new(Limits::default());
    let mut events = inbox.subscribe();
    let id = keep(&inbox, incoming("worker", "hello")).await;
    let Ok(Event::Accepted(announced)) = events.try_recv() else { panic!("no event") };
    assert_eq!(announced.stored().unwrap().message.id, id);
    let found = inbox.store().find(&Scope::Mailbox(crate::mailbox::MailboxName::new("worker")), id).unwrap();
    assert_eq!((found.seq, found.read), (announced.seq, false));
    assert_eq!(&found.message.raw()[..], &incoming("worker", "hello").raw[..]);
}

#[tokio::test]
async fn only_what_the_scope_sees_is_marked_removed_or_cleared() {
    let inbox = Inbox::new(Limits::default());
    let (one, two) = (keep(&inbox, incoming("one", "a")).await, keep(&inbox, incoming("two", "b")).await);
    let only = |name: &str| Scope::Mailbox(crate::mailbox::MailboxName::new(name));
    assert_eq!(inbox.mark(&only("one"), vec![one, two], true).await, Ok(1));
    assert_eq!(inbox.remove(&only("one"), vec![two]).await, Ok(0));
    assert_eq!(inbox.clear(&only("two")).await, Ok(1));
    assert_eq!(inbox.store().count(&Scope::All), (1, 0));
    assert_eq!(inbox.clear(&Scope::All).await, Ok(1));
    assert_eq!(inbox.store().totals().deleted, 2);
}

#[tokio::test]
async fn past_the_limit_the_oldest_goes_is_counted_and_told() {
    let inbox = Inbox::new(Limits { messages_max: 2, ..Limits::default() });
    let first = keep(&inbox, incoming("", "1")).await;
    keep(&inbox, incoming("", "2")).await;
    let mut events = inbox.subscribe();
    keep(&inbox, incoming("", "3")).await;
    let Ok(Event::Removed { messages, reason: Reason::Evicted, .. }) = events.try_recv() else { panic!("no event") };
    assert_eq!(messages.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [first]);
    assert_eq!((inbox.store().count(&Scope::All).0, inbox.store().totals().evicted), (2, 1));
}

#[tokio::test]
async fn a_slow_subscriber_does_not_hold_what_is_gone() {
    let inbox = Inbox::new(Limits { messages_max: 1, ..Limits::default() });
    let mut events = inbox.subscribe();
    keep(&inbox, incoming("", "1")).await;
    let last = keep(&inbox, incoming("", "2")).await;
    let told = std::iter::from_fn(|| events.try_recv().ok()).filter_map(|event| match event {
        Event::Accepted(arrival) => Some(arrival.stored().map(|stored| stored.message.id)),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [None, Some(last)]);
}

#[tokio::test]
async fn mail_in_flight_takes_its_place_and_gives_it_back() {
    let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    keep(&inbox, with_raw("", vec![b'x'; 300 << 10])).await;
    let mut held = inbox.reservation();
    assert_eq!(held.cover(900 << 10).await, Ok(()));
    assert_eq!(inbox.store().count(&Scope::All).0, 0, "the old one made room");
    let mut other = inbox.reservation();
    assert_eq!(other.cover(200 << 10).await, Err(NoRoom));
    drop(held);
    assert_eq!(other.cover(200 << 10).await, Ok(()));
    drop(other);
    assert_eq!(inbox.store().bytes_used(), 0);
}

#[tokio::test]
async fn a_message_that_is_given_up_gives_its_memory_back() {
    let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    let mut held = inbox.reservation();
    assert_eq!(held.cover(900 << 10).await, Ok(()));
    assert_eq!(held.cover(0).await, Ok(()), "too large, or RSET; its client stays");
    assert_eq!(inbox.store().bytes_used(), 0);
}

#[tokio::test]
async fn a_message_beyond_the_budget_is_full_and_evicts_nothing() {
    let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    keep(&inbox, incoming("", "stays")).await;
    let verdict = inbox.accept(with_raw("", vec![b'x'; 2 << 20]), inbox.reservation()).await;
    assert_eq!(verdict, Verdict::Full);
    assert_eq!(inbox.store().count(&Scope::All).0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_lose_nothing_and_come_in_the_order_of_the_sequence() {
    let inbox = Inbox::new(Limits::default());
    let mut events = inbox.subscribe();
    let senders = (0..16).map(|sender| {
        let inbox = inbox.clone();
        tokio::spawn(async move {
            for number in 0..50 {
                keep(&inbox, incoming("", &format!("{sender}-{number}"))).await;
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    assert_eq!(inbox.store().count(&Scope::All).0, 800);
    let told: Vec<u64> = std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.seq()).collect();
    assert_eq!(told, (1..=800).collect::<Vec<_>>());
}
