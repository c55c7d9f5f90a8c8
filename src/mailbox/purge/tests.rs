use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::mailbox::inbox::Sparing;
use crate::mailbox::sample::{incoming, keep};
use crate::mailbox::store::hidden::UNDO;
use crate::mailbox::{Limits, MessageId, Scope};

async fn hide(inbox: &Inbox, ids: &[MessageId], now: Timestamp) -> crate::mailbox::Batch {
    inbox.hide(&Scope::All, ids, Sparing::Nothing, now).await.unwrap().batch
}

#[tokio::test(start_paused = true)]
async fn what_is_hidden_goes_when_its_time_is_over_and_not_before() {
    let inbox = Inbox::new(Limits::default());
    let start = Timestamp::UNIX_EPOCH;
    let begun = tokio::time::Instant::now();
    let asked = Arc::new(AtomicI64::new(0));
    let now = move || start + begun.elapsed();
    let counted = {
        let (now, asked) = (now, asked.clone());
        move || {
            asked.fetch_add(1, Ordering::Relaxed);
            now()
        }
    };
    let stop = CancellationToken::new();
    let task = tokio::spawn(run(inbox.clone(), counted, stop.clone()));
    sleep(Duration::from_secs(3_600)).await;
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nothing is hidden, and nobody asks the time");

    let one = keep(&inbox, incoming("", "one")).await;
    let two = keep(&inbox, incoming("", "two")).await;
    let mut events = inbox.subscribe();
    hide(&inbox, &[one], now()).await;
    sleep(Duration::from_secs(4)).await;
    let later = hide(&inbox, &[two], now()).await;
    events.try_recv().unwrap();
    events.try_recv().unwrap();
    sleep(Duration::from_millis(5_900)).await;
    assert_eq!((inbox.store().totals().hidden, inbox.store().totals().deleted), (2, 0));
    sleep(Duration::from_millis(200)).await;
    assert_eq!((inbox.store().totals().hidden, inbox.store().totals().deleted), (1, 1));
    assert_eq!(inbox.restore(&Scope::All, later, now()).await, Ok(1));
    events.try_recv().unwrap();
    assert!(events.try_recv().is_err(), "nobody is told of what nobody saw");
    sleep(Duration::from_secs(20)).await;
    assert_eq!((inbox.store().count(&Scope::All).0, inbox.store().totals().deleted), (1, 1));
    assert!(asked.load(Ordering::Relaxed) < 10, "it does not poll");

    stop.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn many_go_in_one_purge_and_give_all_their_memory_back() {
    let inbox = Inbox::new(Limits::default());
    let mut ids = Vec::new();
    for number in 0..2_500 {
        ids.push(keep(&inbox, incoming("", &number.to_string())).await);
    }
    hide(&inbox, &ids, Timestamp::UNIX_EPOCH).await;
    assert_eq!(inbox.store().totals().hidden, 2_500);
    inbox.purge(Timestamp::UNIX_EPOCH + UNDO).await.unwrap();
    assert_eq!((inbox.store().totals().hidden, inbox.store().totals().deleted), (0, 2_500));
    assert_eq!(inbox.store().bytes_used(), 0);
}
