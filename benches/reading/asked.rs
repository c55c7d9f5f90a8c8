//! Lists, counts and searches, as the page and the API ask for them.

use std::ops::ControlFlow;
use std::time::Duration;

use memchr::memmem;
use restante::mail::View;
use restante::mailbox::wait::{Expected, Question};
use restante::mailbox::{Inbox, MailboxName, Query, Scope, Stored};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::mails::{FEW, MANY, NONE, SOME, raw};
use crate::table::{Column, median};

/// Rows of a page.
const ROWS: usize = 100;

pub(crate) fn measure(runtime: &Runtime, inbox: &Inbox, column: &mut Column) {
    let count = inbox.store().count(&Scope::All).0;
    let one = Scope::Mailbox(MailboxName::new("worker-7"));
    let rows = page(inbox, &Scope::All, None);
    let cloned = median(|| rows.clone());
    let cursor = inbox.store().seq() / 2;
    column.time("first page (100 rows cloned)", median(|| page(inbox, &Scope::All, None)), cloned);
    column.time("first page of a mailbox", median(|| page(inbox, &one, None)), cloned);
    column.time("page in the middle", median(|| page(inbox, &Scope::All, Some(cursor))), cloned);
    column.time("API, first page", median(|| offset(inbox, 0)), cloned);
    column.time("API, `start` in the middle", median(|| offset(inbox, count / 2)), cloned);
    column.time("counts, mailboxes, tags", median(|| counts(inbox, &one)), cloned);
    let latest = rows[0].message.received;
    column.time("cursor of a time", median(|| inbox.store().seq_before(latest)), cloned);

    let text = texts(count);
    let scanned = |needle: &str| median(|| memmem::find_iter(text.as_bytes(), needle).count());
    let mut search = |row, query: &str, reference: Duration| {
        let query: Query = query.parse().expect("a query");
        column.time(row, median(|| found(inbox, &Scope::All, &query)), reference);
    };
    let none = scanned(NONE);
    search("word without a hit (memmem over one text)", NONE, none);
    search("word with 10 hits", FEW, scanned(FEW));
    search("word with hits in 1 %", SOME, scanned(SOME));
    search("word with hits in 50 %", MANY, scanned(MANY));
    search("two words", &format!("{SOME} {MANY}"), scanned(SOME));
    search("not a word", &format!("-{MANY}"), scanned(MANY));
    search("`subject:` with 10 hits or so", &format!("subject:{}", count / 2), none);
    search("`to:` of 0.1 %", "to:user77@app.test", none);
    search("`is:unread`", "is:unread", none);
    column.time("word in one mailbox", median(|| found(inbox, &one, &SOME.parse().expect("a query"))), none);

    let ask = |query: &str, since| Question {
        scope: Scope::All,
        query: query.parse().expect("a query"),
        since,
        expected: Expected::AtLeast(1),
        timeout: Duration::ZERO,
    };
    let now = inbox.store().seq();
    for (row, question, met) in [
        ("wait, met by what is there (10 hits)", ask(FEW, 0), true),
        ("wait, `subject:` of the last", ask(&format!("subject:{}", count - 1), 0), true),
        ("wait since now, not met, with why", ask("subject:nothing", now), false),
        ("wait since ever, not met, with why", ask(NONE, 0), false),
    ] {
        let answered = || assert_eq!(runtime.block_on(question.ask(inbox)).is_ok(), met, "{row}");
        column.time(row, median(answered), none);
    }
    let index = inbox.store().index_bytes();
    let (mebibytes, share) = (index as f64 / f64::from(1 << 20), index as f64 / text.len() as f64);
    column.say("index (the texts by themselves)", format!("{mebibytes:.1} MiB (×{share:.2})"));
}

/// Deletes everything.
pub(crate) async fn clear(inbox: &Inbox, column: &mut Column) {
    let count = inbox.store().count(&Scope::All).0;
    let begun = Instant::now();
    assert_eq!(inbox.clear(&Scope::All).await, Ok(count));
    column.say("everything deleted", crate::table::shown(begun.elapsed()));
}

/// What is looked in, in one piece.
fn texts(count: usize) -> String {
    let mut all = String::new();
    for number in 0..count {
        let raw = raw(number, count);
        all.push_str(&View::read(&raw).searchable(&raw));
        all.push_str("\nbounce@shop.test\nuser@app.test");
    }
    all
}

fn page(inbox: &Inbox, scope: &Scope, before: Option<u64>) -> Vec<Stored> {
    inbox.store().newest_first(scope, before).take(ROWS).map(|kept| kept.stored()).collect()
}

fn offset(inbox: &Inbox, start: usize) -> Vec<Stored> {
    inbox.store().newest_first(&Scope::All, None).skip(start).take(ROWS / 2).map(|kept| kept.stored()).collect()
}

fn counts(inbox: &Inbox, scope: &Scope) -> (usize, usize, usize) {
    let store = inbox.store();
    (store.count(scope).0 + store.count(&Scope::All).1, store.mailboxes().len(), store.tags(scope).len())
}

/// How many there are, how many unread, and the first page of them.
fn found(inbox: &Inbox, scope: &Scope, query: &Query) -> (usize, usize, Vec<Stored>) {
    let (mut count, mut unread, mut rows) = (0, 0, Vec::new());
    inbox.search(scope, query).each(|kept| {
        count += 1;
        unread += usize::from(!kept.read);
        if rows.len() < ROWS {
            rows.push(kept.stored());
        }
        ControlFlow::Continue(())
    });
    (count, unread, rows)
}
