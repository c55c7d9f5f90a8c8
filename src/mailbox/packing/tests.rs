use super::*;
use crate::mailbox::sample::{keep, with_raw};
use crate::mailbox::{Limits, MessageId, Scope};

/// A mail of so many bytes, the same few words again and again.
fn wordy(bytes: usize) -> Vec<u8> {
    let mut mail = b"From: ann@app.test\r\nSubject: The news\r\n\r\n".to_vec();
    mail.extend(b"The news of the day, and on it goes.\r\n".iter().cycle().take(bytes - mail.len()));
    mail
}

/// As many bytes of which none tells the next (Knuth's MMIX).
fn noise(bytes: usize) -> Vec<u8> {
    let next =
        |number: &u64| Some(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(1), next).map(|number| (number >> 56) as u8).take(bytes).collect()
}

async fn kept(raw: Vec<u8>) -> (Inbox, MessageId) {
    let inbox = Inbox::new(Limits::default());
    let id = keep(&inbox, with_raw("", raw)).await;
    (inbox, id)
}

fn message(inbox: &Inbox, id: MessageId) -> Arc<Message> {
    inbox.store().find(&Scope::All, id).unwrap().message
}

fn used(inbox: &Inbox) -> usize {
    inbox.store().bytes_used()
}

/// When this message is as old as it must be.
fn old(message: &Message) -> Timestamp {
    message.received + AGE
}

#[tokio::test]
async fn what_is_old_takes_less_of_the_budget_and_reads_the_same() {
    let (inbox, id) = kept(wordy(10_000)).await;
    let (message, before) = (message(&inbox, id), used(&inbox));
    pack_all(&inbox, old(&message) - SignedDuration::from_nanos(1));
    assert_eq!(used(&inbox), before, "it is young");
    pack_all(&inbox, old(&message));
    let saved = before - used(&inbox);
    assert!(saved > 9_000, "{saved}");
    assert_eq!((&message.raw()[..], message.raw_len()), (&wordy(10_000)[..], 10_000));
    assert_eq!(inbox.store().totals().accepted_bytes, 10_000);
    pack_all(&inbox, old(&message));
    assert_eq!(used(&inbox), before - saved, "and stays so");
    inbox.clear(&Scope::All).await.unwrap();
    assert_eq!(used(&inbox), 0);
}

#[tokio::test]
async fn what_is_small_large_or_without_order_stays_as_it_is() {
    for raw in [wordy(*BYTES.start() - 1), wordy(*BYTES.end() + 1), noise(10_000)] {
        let (inbox, id) = kept(raw).await;
        let (message, before) = (message(&inbox, id), used(&inbox));
        pack_all(&inbox, old(&message));
        assert_eq!(used(&inbox), before, "{} bytes", message.raw_len());
    }
    for raw in [wordy(*BYTES.start()), wordy(*BYTES.end())] {
        let (inbox, id) = kept(raw).await;
        let (message, before) = (message(&inbox, id), used(&inbox));
        pack_all(&inbox, old(&message));
        assert!(used(&inbox) < before, "{} bytes", message.raw_len());
    }
}

#[tokio::test]
async fn each_message_is_tried_once_and_some_at_a_time() {
    let inbox = Inbox::new(Limits::default());
    for number in 0..1_000 {
        keep(&inbox, with_raw("", if number % 2 == 0 { wordy(4_000) } else { noise(4_000) })).await;
    }
    let now = crate::clock::now() + AGE;
    let mut packer = Packer::new(inbox.clone());
    let mut tried = Vec::new();
    while let Some(due) = packer.due(now) {
        assert!(due.len() <= AT_ONCE_BYTES / 4_000 + 1);
        tried.extend(due.iter().map(|message| message.id));
        pack(&inbox, &due);
    }
    tried.dedup();
    assert_eq!(tried.len(), 1_000);
    let later = keep(&inbox, with_raw("", wordy(4_000))).await;
    let due = packer.due(now + AGE).unwrap();
    assert_eq!(due.iter().map(|message| message.id).collect::<Vec<_>>(), [later], "only what came since");
}

#[tokio::test]
async fn one_that_is_deleted_while_it_is_packed_is_gone_and_stays_readable_for_who_has_it() {
    let (inbox, id) = kept(wordy(10_000)).await;
    let message = message(&inbox, id);
    let due = Packer::new(inbox.clone()).due(old(&message)).unwrap();
    inbox.remove(&Scope::All, vec![id]).await.unwrap();
    pack(&inbox, &due);
    assert_eq!(used(&inbox), 0);
    assert_eq!(&message.raw()[..], &wordy(10_000)[..]);
}

#[tokio::test]
async fn eviction_goes_by_what_packed_messages_take() {
    let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    let now = || crate::clock::now() + AGE;
    // Three times the budget, as sent.
    for _ in 0..30 {
        keep(&inbox, with_raw("", wordy(100_000))).await;
        pack_all(&inbox, now());
    }
    let (messages, totals) = (inbox.store().count(&Scope::All).0, inbox.store().totals());
    assert!(totals.bytes <= 1 << 20 && totals.evicted > 0, "{totals:?}");
    let plain = Inbox::new(Limits { memory_bytes_max: 1 << 20, ..Limits::default() });
    for _ in 0..30 {
        keep(&plain, with_raw("", wordy(100_000))).await;
    }
    let without = plain.store().count(&Scope::All).0;
    assert!(messages > without, "{messages} are kept, and {without} without packing");
    inbox.clear(&Scope::All).await.unwrap();
    assert_eq!(used(&inbox), 0);
}

#[tokio::test]
async fn the_task_packs_what_is_old_and_ends_when_it_is_told() {
    let (inbox, _) = kept(wordy(10_000)).await;
    let (before, stop) = (used(&inbox), CancellationToken::new());
    let now = || crate::clock::now() + AGE;
    let task = tokio::spawn(run(inbox.clone(), now, stop.clone()));
    while used(&inbox) == before {
        sleep(Duration::from_millis(1)).await;
    }
    stop.cancel();
    task.await.unwrap();
}
