use super::*;
use crate::mailbox::inbox::Sparing;
use crate::mailbox::sample::{incoming, keep};
use crate::mailbox::{Limits, MailboxName, MessageId, Tags};

fn question(mailbox: &str, query: &str, timeout: u64) -> Question {
    let scope = if mailbox.is_empty() { Scope::All } else { Scope::Mailbox(MailboxName::new(mailbox)) };
    let timeout = Duration::from_millis(timeout);
    Question { scope, query: query.parse().unwrap(), since: 0, expected: Expected::AtLeast(1), timeout }
}

fn expecting(expected: Expected, query: &str, timeout: u64) -> Question {
    Question { expected, ..question("", query, timeout) }
}

async fn ids(question: &Question, inbox: &Inbox) -> Vec<MessageId> {
    question.ask(inbox).await.unwrap().messages.iter().map(|stored| stored.message.id).collect()
}

/// A question that is being held.
fn held(inbox: &Inbox, question: Question) -> tokio::task::JoinHandle<Result<Answer, Box<Failure>>> {
    let inbox = inbox.clone();
    tokio::spawn(async move { question.ask(&inbox).await })
}

#[tokio::test]
async fn after_the_last_number_there_is_nothing() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "welcome")).await;
    assert_eq!(Question { since: u64::MAX, ..question("", "", 0) }.ask(&inbox).await.unwrap_err().arrived, 0);
}

#[tokio::test]
async fn what_is_there_already_answers_at_once() {
    let inbox = Inbox::new(Limits::default());
    let id = keep(&inbox, incoming("", "welcome")).await;
    let other = keep(&inbox, incoming("", "welcome again")).await;
    assert_eq!(ids(&question("", "subject:welcome", 0), &inbox).await, [id], "the oldest that fits");
    assert_eq!(ids(&expecting(Expected::AtLeast(2), "subject:welcome", 0), &inbox).await, [id, other]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_woken_by_its_message_and_by_no_other() {
    let inbox = Inbox::new(Limits::default());
    let asked = held(&inbox, question("one", "subject:reset", 10_000));
    tokio::task::yield_now().await;
    keep(&inbox, incoming("two", "reset")).await;
    keep(&inbox, incoming("one", "welcome")).await;
    tokio::task::yield_now().await;
    assert!(!asked.is_finished());
    let id = keep(&inbox, incoming("one", "reset")).await;
    assert_eq!(asked.await.unwrap().unwrap().messages[0].message.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_fell_far_behind_still_finds_its_message() {
    let inbox = Inbox::new(Limits::default());
    let asked = held(&inbox, question("", "subject:needle", 10_000));
    tokio::task::yield_now().await;
    // More than the ring of events holds, without giving the wait a turn to read.
    let id = keep(&inbox, incoming("", "needle")).await;
    for number in 0..3_000 {
        keep(&inbox, incoming("", &format!("hay {number}"))).await;
    }
    assert_eq!(asked.await.unwrap().unwrap().messages[0].message.id, id);
}

#[tokio::test(start_paused = true)]
async fn what_is_hidden_counts_as_gone_until_it_is_back() {
    let inbox = Inbox::new(Limits::default());
    let now = crate::clock::now();
    let asked = held(&inbox, expecting(Expected::AtLeast(2), "subject:code", 10_000));
    let nothing = held(&inbox, expecting(Expected::Nothing, "subject:slip", 10_000));
    tokio::task::yield_now().await;
    let first = keep(&inbox, incoming("", "code 1")).await;
    tokio::task::yield_now().await;
    let found = inbox.hide(&Scope::All, &[first], Sparing::Nothing, now).await.unwrap().batch;
    // Hidden before the waits have heard that it came.
    let slip = keep(&inbox, incoming("", "slip")).await;
    inbox.hide(&Scope::All, &[slip], Sparing::Nothing, now).await.unwrap();
    let second = keep(&inbox, incoming("", "code 2")).await;
    for _ in 0..9 {
        tokio::task::yield_now().await;
    }
    assert!(!asked.is_finished() && !nothing.is_finished());
    assert_eq!(inbox.restore(&Scope::All, found, now).await, Ok(1));
    let answer = asked.await.unwrap().unwrap();
    assert!(answer.messages.iter().map(|stored| stored.message.id).eq([first, second]), "in their order");
    assert!(nothing.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_kept_message_is_woken_by_the_keeping() {
    let inbox = Inbox::new(Limits::default());
    let id = keep(&inbox, incoming("", "code")).await;
    let asked = held(&inbox, question("", "is:kept", 10_000));
    tokio::task::yield_now().await;
    assert_eq!(inbox.keep(&Scope::All, &[id], true).await, Ok(1));
    assert!(asked.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn several_are_gathered_as_they_come() {
    let inbox = Inbox::new(Limits::default());
    let first = keep(&inbox, incoming("", "code 1")).await;
    let asked = held(&inbox, expecting(Expected::AtLeast(3), "subject:code", 10_000));
    tokio::task::yield_now().await;
    let second = keep(&inbox, incoming("", "code 2")).await;
    keep(&inbox, incoming("", "other")).await;
    let third = keep(&inbox, incoming("", "code 3")).await;
    let found: Vec<_> = asked.await.unwrap().unwrap().messages.iter().map(|stored| stored.message.id).collect();
    assert_eq!(found, [first, second, third]);
}

#[tokio::test(start_paused = true)]
async fn an_exact_number_settles_before_it_is_answered() {
    let inbox = Inbox::new(Limits::default());
    let exact = || expecting(Expected::Exactly(1), "subject:code", 10_000);
    let asked = held(&inbox, exact());
    tokio::task::yield_now().await;
    keep(&inbox, incoming("", "code")).await;
    tokio::time::sleep(SETTLE / 2).await;
    assert!(!asked.is_finished());
    keep(&inbox, incoming("", "other")).await;
    tokio::time::sleep(SETTLE).await;
    assert_eq!(asked.await.unwrap().unwrap().messages.len(), 1);

    let asked = held(&inbox, exact());
    tokio::task::yield_now().await;
    keep(&inbox, incoming("", "code again")).await;
    let failure = asked.await.unwrap().unwrap_err();
    assert!(failure.has_too_many());
    assert_eq!(failure.found.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_exact_number_at_the_end_of_the_time_is_still_given_its_settle_time() {
    let inbox = Inbox::new(Limits::default());
    let asked = held(&inbox, expecting(Expected::Exactly(1), "", 1_000));
    tokio::time::sleep(Duration::from_millis(950)).await;
    keep(&inbox, incoming("", "code")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    keep(&inbox, incoming("", "code")).await;
    assert!(asked.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_confirmed_at_the_end_and_refuted_at_once() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "other")).await;
    let quiet = expecting(Expected::Nothing, "subject:code", 500).ask(&inbox).await.unwrap();
    assert_eq!((quiet.messages.len(), quiet.cursor), (0, inbox.store().seq()));
    let asked = held(&inbox, expecting(Expected::Nothing, "subject:code", 3_600_000));
    tokio::task::yield_now().await;
    keep(&inbox, incoming("", "code")).await;
    assert_eq!(asked.await.unwrap().unwrap_err().found.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_deleted_meanwhile_does_not_count() {
    let inbox = Inbox::new(Limits::default());
    let first = keep(&inbox, incoming("", "code")).await;
    let asked = held(&inbox, expecting(Expected::AtLeast(2), "subject:code", 1_000));
    tokio::task::yield_now().await;
    inbox.remove(&Scope::All, vec![first]).await.unwrap();
    keep(&inbox, incoming("", "code")).await;
    assert_eq!(asked.await.unwrap().unwrap_err().found.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tag_set_meanwhile_answers_a_question_for_it() {
    let inbox = Inbox::new(Limits::default());
    let id = keep(&inbox, incoming("", "code")).await;
    let asked = held(&inbox, question("", "tag:done", 10_000));
    tokio::task::yield_now().await;
    inbox.tag(&Scope::All, vec![id], &Tags::new(["Done"])).await.unwrap();
    assert_eq!(asked.await.unwrap().unwrap().messages[0].message.id, id);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_gives_no_message_twice_and_skips_none() {
    let inbox = Inbox::new(Limits::default());
    let mut sent = Vec::new();
    for number in 0..5 {
        sent.push(keep(&inbox, incoming("", &format!("code {number}"))).await);
        keep(&inbox, incoming("", "other")).await;
    }
    let (mut since, mut got) = (0, Vec::new());
    for _ in 0..5 {
        let answer = Question { since, ..question("", "subject:code", 0) }.ask(&inbox).await.unwrap();
        since = answer.cursor;
        got.extend(answer.messages.iter().map(|stored| stored.message.id));
    }
    assert_eq!(got, sent);
    assert!(Question { since, ..question("", "subject:code", 50) }.ask(&inbox).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_time_becomes_a_cursor() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "code")).await;
    let seq = inbox.store().seq();
    let received = inbox.store().newest_first(&Scope::All, None).next().unwrap().message.received;
    let store = inbox.store();
    assert_eq!(store.seq_before(received), seq - 1);
    assert_eq!(store.seq_before(received + jiff::SignedDuration::from_secs(1)), seq);
}

#[tokio::test(start_paused = true)]
async fn near_misses_are_ranked_by_failed_clauses_then_likeness_then_age() {
    let inbox = Inbox::new(Limits::default());
    for subject in ["Invoice", "Reset your pasword", "Newsletter", "Reset"] {
        keep(&inbox, incoming("", subject)).await;
    }
    let failure = question("", "subject:\"reset your password\" to:bob", 0).ask(&inbox).await.unwrap_err();
    let subjects: Vec<_> = failure.near.iter().map(|near| &*near.stored.message.view.subject).collect();
    assert_eq!(subjects[..2], ["Reset your pasword", "Reset"]);
    assert_eq!(failure.near[0].misses.len(), 1);
    assert_eq!(failure.arrived, 4);
    let failure = question("", "subject:newsletter to:nobody from:ann", 0).ask(&inbox).await.unwrap_err();
    assert_eq!(&*failure.near[0].stored.message.view.subject, "Newsletter");
}

#[tokio::test(start_paused = true)]
async fn what_went_to_another_mailbox_is_told() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "reset")).await;
    keep(&inbox, incoming("two", "other")).await;
    let failure = question("one", "subject:reset", 0).ask(&inbox).await.unwrap_err();
    assert_eq!((failure.arrived, failure.arrived_elsewhere, failure.elsewhere.len()), (0, 2, 1));
    assert!(failure.to_string().contains("One that fits is in mailbox \"default\": its client did not log in."));
}

#[tokio::test(start_paused = true)]
async fn marks_on_other_messages_do_not_put_an_exact_answer_off() {
    let inbox = Inbox::new(Limits::default());
    let other = keep(&inbox, incoming("", "other")).await;
    keep(&inbox, incoming("", "code")).await;
    let asked = held(&inbox, expecting(Expected::Exactly(1), "is:unread subject:code", 10_000));
    for round in 0..20 {
        tokio::time::sleep(SETTLE / 4).await;
        inbox.mark(&Scope::All, vec![other], round % 2 == 0).await.unwrap();
        if round == 6 {
            assert!(asked.is_finished(), "the settle time is over");
        }
    }
    assert_eq!(asked.await.unwrap().unwrap().messages.len(), 1);
}

#[tokio::test]
async fn what_comes_while_the_time_is_over_in_a_look_still_counts() {
    let inbox = Inbox::new(Limits::default());
    for number in 0..150 {
        keep(&inbox, incoming("", &format!("hay {number}"))).await;
    }
    // The look of so many goes elsewhere, and the time is over before it is back.
    let id = keep(&inbox, incoming("", "needle")).await;
    assert_eq!(ids(&question("", "body:needle", 0), &inbox).await, [id]);
}

#[tokio::test(start_paused = true)]
async fn what_came_before_the_cursor_is_told() {
    let inbox = Inbox::new(Limits::default());
    keep(&inbox, incoming("", "code")).await;
    let since = inbox.store().seq();
    let failure = Question { since, ..question("", "subject:code", 20) }.ask(&inbox).await.unwrap_err();
    assert_eq!(failure.earlier.len(), 1);
    assert!(
        failure.to_string().contains("One that fits came before, and does not count; take the cursor before you send:")
    );
}

#[tokio::test(start_paused = true)]
async fn a_time_that_no_clock_can_add_is_the_longest() {
    let inbox = Inbox::new(Limits::default());
    let forever = Question { timeout: Duration::MAX, ..expecting(Expected::Exactly(usize::MAX), "", 0) };
    assert!(forever.ask(&inbox).await.is_err());
}
