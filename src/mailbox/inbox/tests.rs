use super::*;
use crate::mailbox::Tags;
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

fn only(name: &str) -> Scope {
    Scope::Mailbox(crate::mailbox::MailboxName::new(name))
}

#[tokio::test]
async fn what_was_hidden_comes_back_to_its_place_as_it_was() {
    let inbox = Inbox::new(Limits::default());
    let mut ids = Vec::new();
    for number in 0..1_200 {
        ids.push(keep(&inbox, incoming("", &number.to_string())).await);
    }
    let tags = Tags::new(["a"]);
    inbox.mark(&Scope::All, vec![ids[3]], true).await.unwrap();
    inbox.tag(&Scope::All, vec![ids[3]], &tags).await.unwrap();
    inbox.keep(&Scope::All, &ids[3..4], true).await.unwrap();
    let before: Vec<_> =
        inbox.store().since(&Scope::All, 0).iter().map(|stored| (stored.seq, stored.message.id)).collect();
    let now = clock::now();
    let hiding = inbox.hide(&Scope::All, &ids, Sparing::Nothing, now).await.unwrap();
    assert_eq!((hiding.count, hiding.spared, inbox.store().count(&Scope::All)), (1_200, 0, (0, 0)));
    assert!(inbox.search(&Scope::All, &"good".parse().unwrap()).ids().is_empty(), "no search finds them");
    assert_eq!(inbox.restore(&only("other"), hiding.batch, now).await, Ok(0));
    assert_eq!(inbox.restore(&Scope::All, hiding.batch, now).await, Ok(1_200));
    assert_eq!(inbox.restore(&Scope::All, hiding.batch, now).await, Ok(0), "once");
    let after = inbox.store().since(&Scope::All, 0);
    assert!(after.iter().map(|stored| (stored.seq, stored.message.id)).eq(before));
    assert_eq!((after[3].read, after[3].kept, &after[3].tags), (true, true, &tags));
    assert_eq!(inbox.search(&Scope::All, &"good".parse().unwrap()).ids().len(), 1_200);
    let late = inbox.hide(&Scope::All, &ids[..1], Sparing::Nothing, now).await.unwrap();
    assert_eq!(inbox.restore(&Scope::All, late.batch, now + crate::mailbox::store::hidden::UNDO).await, Ok(0));
}

#[tokio::test]
async fn a_kept_message_is_spared_when_it_was_not_named() {
    let inbox = Inbox::new(Limits::default());
    let (one, two) = (keep(&inbox, incoming("", "1")).await, keep(&inbox, incoming("", "2")).await);
    assert_eq!(inbox.keep(&Scope::All, &[one], true).await, Ok(1));
    let hiding = inbox.hide(&Scope::All, &[one, two], Sparing::Kept, clock::now()).await.unwrap();
    assert_eq!((hiding.count, hiding.spared), (1, 1));
    let named = inbox.hide(&Scope::All, &[one], Sparing::Nothing, clock::now()).await.unwrap();
    assert_eq!((named.count, named.spared), (1, 0));
    assert_eq!(inbox.restore(&Scope::All, named.batch, clock::now()).await, Ok(1));
    assert_eq!(inbox.clear(&Scope::All).await, Ok(1), "an API's delete spares nothing");
    assert_eq!(inbox.store().bytes_used(), 0);
}

#[tokio::test]
async fn a_program_that_clears_its_mailbox_ends_every_undo() {
    let inbox = Inbox::new(Limits::default());
    let (one, two) = (keep(&inbox, incoming("one", "a")).await, keep(&inbox, incoming("two", "b")).await);
    let now = clock::now();
    let first = inbox.hide(&Scope::All, &[one], Sparing::Nothing, now).await.unwrap();
    let second = inbox.hide(&Scope::All, &[two], Sparing::Nothing, now).await.unwrap();
    assert_eq!(inbox.clear(&only("one")).await, Ok(0));
    assert_eq!(inbox.restore(&Scope::All, first.batch, now).await, Ok(0));
    assert_eq!(inbox.store().totals().deleted, 1);
    assert_eq!(inbox.restore(&Scope::All, second.batch, now).await, Ok(1));
    let third = inbox.hide(&Scope::All, &[two], Sparing::Nothing, now).await.unwrap();
    assert_eq!(inbox.remove(&Scope::All, vec![two]).await, Ok(0), "nobody saw it");
    assert_eq!(inbox.restore(&Scope::All, third.batch, now).await, Ok(0));
}

#[tokio::test]
async fn more_than_half_cannot_be_kept_and_nothing_is_kept_by_halves() {
    let inbox = Inbox::new(Limits { messages_max: 4, ..Limits::default() });
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(keep(&inbox, incoming("", &number.to_string())).await);
    }
    let refused = inbox.keep(&Scope::All, &ids, true).await.unwrap_err();
    assert!(refused.to_string().contains("2 messages") && refused.to_string().contains("--max-messages"), "{refused}");
    assert_eq!(inbox.store().totals().kept, 0);
    assert_eq!(inbox.keep(&Scope::All, &[ids[0], ids[0], ids[1]], true).await, Ok(2));
    assert_eq!(inbox.keep(&Scope::All, &ids[..2], true).await, Ok(0), "they are kept already");
    // What is hidden may come back, so it counts.
    let hiding = inbox.hide(&Scope::All, &ids[..1], Sparing::Nothing, clock::now()).await.unwrap();
    assert!(inbox.keep(&Scope::All, &ids[2..], true).await.is_err());
    assert_eq!(inbox.restore(&Scope::All, hiding.batch, clock::now()).await, Ok(1));
    for number in 3..9 {
        keep(&inbox, incoming("", &number.to_string())).await;
    }
    let left: Vec<_> = inbox.store().since(&Scope::All, 0).iter().map(|stored| stored.message.id).collect();
    assert_eq!((&left[..2], left.len()), (&ids[..2], 4));

    let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    let large = [
        keep(&inbox, with_raw("", vec![b'x'; 200 << 10])).await,
        keep(&inbox, with_raw("", vec![b'x'; 200 << 10])).await,
    ];
    let refused = inbox.keep(&Scope::All, &large, true).await.unwrap_err();
    assert!(refused.to_string().contains("512 kB") && refused.to_string().contains("--max-memory"), "{refused}");
    assert_eq!(inbox.keep(&Scope::All, &large[..1], true).await, Ok(1));
    let verdict = inbox.accept(with_raw("", vec![b'x'; 400 << 10]), inbox.reservation()).await;
    assert_eq!(verdict, Verdict::Full, "its text takes as much again");
    assert_eq!(inbox.store().count(&Scope::All).0, 2, "and nothing went for it in vain");
}

#[tokio::test]
async fn what_is_hidden_makes_room_first() {
    let inbox = Inbox::new(Limits { messages_max: 2, ..Limits::default() });
    let (one, two) = (keep(&inbox, incoming("", "1")).await, keep(&inbox, incoming("", "2")).await);
    let hiding = inbox.hide(&Scope::All, &[two], Sparing::Nothing, clock::now()).await.unwrap();
    let mut events = inbox.subscribe();
    let three = keep(&inbox, incoming("", "3")).await;
    assert!(matches!(events.try_recv(), Ok(Event::Accepted(_))), "who saw it go is not told again");
    let left: Vec<_> = inbox.store().since(&Scope::All, 0).iter().map(|stored| stored.message.id).collect();
    assert_eq!(left, [one, three]);
    assert_eq!((inbox.store().totals().deleted, inbox.store().totals().evicted), (1, 0));
    assert_eq!(inbox.restore(&Scope::All, hiding.batch, clock::now()).await, Ok(0));
}

#[tokio::test]
async fn tags_come_and_go_and_the_others_stay() {
    let inbox = Inbox::new(Limits::default());
    let (one, two) = (keep(&inbox, incoming("", "1")).await, keep(&inbox, incoming("", "2")).await);
    inbox.tag(&Scope::All, vec![one], &Tags::new(["stays", "goes"])).await.unwrap();
    let (add, remove) = (Tags::new(["new"]), Tags::new(["Goes"]));
    assert_eq!(inbox.retag(&Scope::All, &[one, two], &add, &remove).await, Ok(2));
    assert_eq!(inbox.retag(&Scope::All, &[one, two], &add, &remove).await, Ok(0));
    let tags = |id| inbox.store().find(&Scope::All, id).unwrap().tags;
    assert_eq!((tags(one), tags(two)), (Tags::new(["new", "stays"]), Tags::new(["new"])));
}
