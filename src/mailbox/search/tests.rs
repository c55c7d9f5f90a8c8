use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::mailbox::sample::{keep, with_raw};
use crate::mailbox::{Limits, MailboxName, Message};

#[derive(Clone, Debug)]
enum Op {
    Keep { mailbox: usize, subject: String, body: String, times: usize },
    Remove(usize),
    MarkRead(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let times = prop_oneof![3 => Just(1), 1 => 1..5_000usize];
    let keep = (0..2usize, "[aBß ]{0,5}", "[abS ]{0,5}", times);
    prop_oneof![
        6 => keep.prop_map(|(mailbox, subject, body, times)| Op::Keep { mailbox, subject, body, times }),
        1 => any::<usize>().prop_map(Op::Remove),
        1 => any::<usize>().prop_map(Op::MarkRead),
    ]
}

fn clause() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        4 => Just(""),
        2 => Just("subject:"),
        1 => Just("from:"),
        1 => Just("to:"),
        1 => Just("bcc:"),
        1 => Just("addressed:"),
        1 => Just("body:"),
        1 => Just("header.subject:"),
    ];
    let value = prop_oneof![
        3 => "[abß]{1,2}",
        1 => Just("ann".to_owned()),
        1 => Just("=eve@app.test".to_owned()),
        1 => "\"[ab] [ab]\"",
        1 => "/[ab]s/",
    ];
    let found_by = (term, value).prop_map(|(term, value)| format!("{term}{value}"));
    let clause = prop_oneof![6 => found_by, 1 => Just("is:unread".to_owned()), 1 => Just("mailbox:one".to_owned())];
    let signed = |(negated, clause): (bool, String)| if negated { format!("-{clause}") } else { clause };
    let clause = (any::<bool>(), clause).prop_map(signed);
    clause.prop_recursive(3, 16, 4, move |inner| {
        let all = vec(inner, 1..3).prop_map(|clauses| clauses.join(" "));
        let either = vec(all, 1..4).prop_map(|all| format!("({})", all.join(" OR ")));
        (any::<bool>(), either).prop_map(signed)
    })
}

/// Does all of it in a budget that soon is full; answers the texts as they were read, by id.
async fn made(ops: Vec<Op>) -> (Inbox, Vec<(MessageId, Box<str>)>) {
    let inbox = Inbox::new(Limits { memory_bytes_max: 400 << 10, ..Limits::default() });
    let mut texts = Vec::new();
    let at = |texts: &[(MessageId, Box<str>)], rank: usize| texts.get(rank % texts.len().max(1)).map(|(id, _)| *id);
    for op in ops {
        match op {
            Op::Keep { mailbox, subject, body, times } => {
                let raw = format!("From: Ann <ann@shop.test>\r\nSubject: {subject}\r\n\r\n{}", body.repeat(times));
                let incoming = || with_raw(["", "one"][mailbox], raw.clone().into_bytes());
                let id = keep(&inbox, incoming()).await;
                texts.push((id, Message::read(id, jiff::Timestamp::UNIX_EPOCH, incoming()).1));
            }
            Op::Remove(rank) => _ = inbox.remove(&Scope::All, at(&texts, rank).into_iter().collect()).await.unwrap(),
            Op::MarkRead(rank) => {
                _ = inbox.mark(&Scope::All, at(&texts, rank).into_iter().collect(), true).await.unwrap();
            }
        }
        assert!(inbox.store().bytes_used() <= inbox.store().limits().message_bytes_max());
    }
    (inbox, texts)
}

fn ids(each: impl FnOnce(&mut dyn FnMut(Kept<'_>) -> ControlFlow<()>)) -> Vec<MessageId> {
    let mut found = Vec::new();
    each(&mut |kept| {
        found.push(kept.message.id);
        ControlFlow::Continue(())
    });
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn it_finds_what_asking_each_message_finds(
        ops in vec(op(), 1..60),
        clauses in prop_oneof![4 => vec(clause(), 0..3), 1 => (clause(), clause()).prop_map(|(a, b)| vec![a, "OR".into(), b])],
        since in 0..20u64,
        in_one: bool,
        oldest_first: bool,
    ) {
        let Ok(query) = clauses.join(" ").parse::<Query>() else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (inbox, texts) = runtime.block_on(made(ops));
        let scope = if in_one { Scope::Mailbox(MailboxName::new("one")) } else { Scope::All };
        let mut expected: Vec<_> = inbox.store().since(&scope, since);
        let text = |stored: &Stored| &*texts.iter().find(|(id, _)| *id == stored.message.id).unwrap().1;
        expected.retain(|stored| query.matches(stored, text(stored)));
        let mut expected: Vec<_> = expected.iter().map(|stored| stored.message.id).collect();
        let mut search = inbox.search(&scope, &query).since(since);
        if oldest_first {
            search = search.oldest_first();
        } else {
            expected.reverse();
        }
        prop_assert_eq!(&ids(|found| _ = search.each_of_all(found)), &expected);
        if let Some(words) = Words::of(&query) {
            prop_assert_eq!(&ids(|found| _ = search.each_with(&words, found)), &expected);
        }
        let first = search.first(2).into_iter().map(|stored| stored.message.id);
        prop_assert!(first.eq(expected.into_iter().take(2)));
    }
}

#[tokio::test]
async fn what_was_cut_off_the_text_is_found_by_its_own_term_all_the_same() {
    let inbox = Inbox::new(Limits::default());
    let raw = format!("Subject: {}\r\nFrom: Zed <zed@late.test>\r\n\r\ntext\r\n", "long ".repeat(300_000));
    let id = keep(&inbox, with_raw("", raw.into_bytes())).await;
    for query in ["from:zed@late.test", "from:=zed@late.test", "subject:long from:zed"] {
        let query = query.parse().unwrap();
        let search = inbox.search(&Scope::All, &query);
        let words = Words::of(&query).unwrap();
        assert_eq!(ids(|found| _ = search.each_with(&words, found)), [id], "{query}");
    }
}

#[tokio::test]
async fn more_than_a_step_is_found_in_order_from_either_end() {
    let inbox = Inbox::new(Limits::default());
    let mut kept = Vec::new();
    for number in 0..3 * STEP / 2 {
        kept.push(keep(&inbox, with_raw("", format!("Subject: round {number}\r\n\r\n").into_bytes())).await);
    }
    for query in ["", "round", "subject:/round/"] {
        let search = inbox.search(&Scope::All, &query.parse().unwrap());
        assert_eq!(search.clone().oldest_first().ids(), kept, "{query}");
        assert!(search.clone().ids().iter().eq(kept.iter().rev()), "{query}");
        assert_eq!(search.clone().among_newest(10).ids().len(), 10);
        assert_eq!(search.before(5).ids().len(), 4);
    }
}
