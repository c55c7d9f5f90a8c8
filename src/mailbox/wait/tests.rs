use super::*;
use crate::mailbox::sample::{incoming, keep};
use crate::mailbox::{Limits, MailboxName};

fn question(mailbox: &str, query: &str, timeout: u64) -> Question {
    let scope = if mailbox.is_empty() { Scope::All } else { Scope::Mailbox(MailboxName::new(mailbox)) };
    Question { scope, query: query.parse().unwrap(), since: 0, timeout: Duration::from_millis(timeout) }
}

#[tokio::test]
async fn after_the_last_number_there_is_nothing() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "welcome")).await;
    assert_eq!(Question { since: u64::MAX, ..question("", "", 0) }.ask(&inbox).await.unwrap_err().arrived_total, 0);
}

#[tokio::test]
async fn what_is_there_already_answers_at_once() {
    let inbox = Inbox::new(Limits::default());
    let id = keep(&inbox, incoming("", "welcome")).await;
    keep(&inbox, incoming("", "welcome again")).await;
    assert_eq!(question("", "subject:welcome", 0).ask(&inbox).await.unwrap().message.id, id, "the oldest that fits");
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_woken_by_its_message_and_by_no_other() {
    let inbox = Inbox::new(Limits::default());
    let asked = {
        let inbox = inbox.clone();
        tokio::spawn(async move { question("one", "subject:reset", 10_000).ask(&inbox).await })
    };
    tokio::task::yield_now().await;
    keep(&inbox, incoming("two", "reset")).await;
    keep(&inbox, incoming("one", "welcome")).await;
    tokio::task::yield_now().await;
    assert!(!asked.is_finished());
    let id = keep(&inbox, incoming("one", "reset")).await;
    assert_eq!(asked.await.unwrap().unwrap().message.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_fell_far_behind_still_finds_its_message() {
    let inbox = Inbox::new(Limits::default());
    let asked = {
        let inbox = inbox.clone();
        tokio::spawn(async move { question("", "subject:needle", 10_000).ask(&inbox).await })
    };
    tokio::task::yield_now().await;
    // More than the ring of events holds, without giving the wait a turn to read.
    let id = keep(&inbox, incoming("", "needle")).await;
    for number in 0..3_000 {
        keep(&inbox, incoming("", &format!("hay {number}"))).await;
    }
    assert_eq!(asked.await.unwrap().unwrap().message.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_tells_what_did_arrive_in_its_scope() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("one", "first")).await;
    keep(&inbox, incoming("two", "elsewhere")).await;
    keep(&inbox, incoming("one", "second")).await;
    let timed_out = question("one", "subject:third", 50).ask(&inbox).await.unwrap_err();
    let subjects: Vec<_> = timed_out.arrived.iter().map(|stored| &*stored.message.view.subject).collect();
    assert_eq!((subjects, timed_out.arrived_total), (vec!["second", "first"], 2));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_passes_over_what_came_before_it() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "code")).await;
    let since = inbox.store().seq();
    let later = Question { since, ..question("", "subject:code", 50) };
    assert!(later.ask(&inbox).await.is_err());
    let id = keep(&inbox, incoming("", "code")).await;
    assert_eq!(later.ask(&inbox).await.unwrap().message.id, id);
}
