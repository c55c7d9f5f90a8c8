//! A thousand questions that are held while a message comes.

use std::time::Duration;

use restante::mailbox::inbox::Verdict;
use restante::mailbox::wait::{Expected, Question};
use restante::mailbox::{Inbox, Scope};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep};

use crate::mails::to;
use crate::table::{Column, shown};

const WAITS: usize = 1_000;
const ROUNDS: usize = 5;

/// From the handing in of the message until the last of the waits has it; the reference is as many tasks that wait for a
/// bare broadcast.
pub(crate) async fn measure(inbox: &Inbox, column: &mut Column) {
    let reference = median_of(bare).await;
    for (row, query) in [
        ("1,000 waits by `to:` and `subject:` answered (a bare broadcast)", "to:=waiting@app.test subject:code"),
        ("1,000 waits by a word answered", "code"),
        ("1,000 waits by a mailbox and a regex answered", "mailbox:default subject:/code [0-9]+/"),
    ] {
        let took = median_of(|| answered(inbox, query)).await;
        column.time(row, took, reference);
    }
    let passed = passed_over(inbox).await;
    column.say("1,000 waits pass over a message", shown(passed));
}

async fn median_of<F: Future<Output = Duration>>(work: impl Fn() -> F) -> Duration {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(work().await);
    }
    times.sort_unstable();
    times[ROUNDS / 2]
}

async fn bare() -> Duration {
    let (send, _) = tokio::sync::broadcast::channel::<u64>(16);
    let mut waits = JoinSet::new();
    for _ in 0..WAITS {
        let mut heard = send.subscribe();
        waits.spawn(async move { heard.recv().await });
    }
    settled().await;
    let begun = Instant::now();
    send.send(1).expect("they listen");
    while waits.join_next().await.is_some() {}
    begun.elapsed()
}

async fn answered(inbox: &Inbox, query: &str) -> Duration {
    let mut waits = held(inbox, query, Expected::AtLeast(1));
    settled().await;
    let begun = Instant::now();
    arrive(inbox, "waiting@app.test").await;
    while let Some(answer) = waits.join_next().await {
        assert!(answer.expect("no panic"));
    }
    begun.elapsed()
}

/// How long after a message that none of them wants one comes that all of them want.
async fn passed_over(inbox: &Inbox) -> Duration {
    let mut waits = held(inbox, "to:=waiting@app.test subject:code", Expected::AtLeast(1));
    settled().await;
    let begun = Instant::now();
    for _ in 0..PASSED_OVER {
        arrive(inbox, "other@app.test").await;
        yield_now().await;
    }
    arrive(inbox, "waiting@app.test").await;
    while waits.join_next().await.is_some() {}
    begun.elapsed() / (PASSED_OVER + 1)
}

const PASSED_OVER: u32 = 50;

fn held(inbox: &Inbox, query: &str, expected: Expected) -> JoinSet<bool> {
    let (since, query) = (inbox.store().seq(), query.parse().expect("a query"));
    let question = Question { scope: Scope::All, query, since, expected, timeout: Duration::from_secs(60) };
    let mut waits = JoinSet::new();
    for _ in 0..WAITS {
        let (question, inbox) = (question.clone(), inbox.clone());
        waits.spawn(async move { question.ask(&inbox).await.is_ok() });
    }
    waits
}

/// Until all of them are asleep.
async fn settled() {
    sleep(Duration::from_millis(100)).await;
}

async fn arrive(inbox: &Inbox, address: &str) {
    let verdict = inbox.accept(to(address, "Your code 4711"), inbox.reservation()).await;
    assert!(matches!(verdict, Verdict::Kept(_)), "{verdict:?}");
}
