//! One hot path, so many times: for a tool that counts instructions, which a busy machine does not change.
//!
//! `cargo bench --bench instructions -- PATH COUNT` walks it and says nothing; `./test instructions` counts each path
//! under callgrind and holds it to `benches/instructions.tsv`. What the set-up costs goes by counting twice.

#[path = "support/mail.rs"]
mod mail;

use std::hint::black_box;
use std::sync::Arc;

use restante::mail::envelope::{Client, Door};
use restante::mail::view::View;
use restante::mailbox::inbox::Verdict;
use restante::mailbox::{Inbox, Limits, Query, Scope};
use restante::protocol::smtp::{self, Action, Policy, Session};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [path, count] = &args[..] else {
        // `cargo bench` and `cargo test --benches` come without.
        return PATHS.iter().for_each(|(name, _)| println!("{name}"));
    };
    let Some((_, walk)) = PATHS.iter().find(|(name, _)| name == path) else { panic!("no such path: {path}") };
    walk(count.parse().expect("a number"));
}

/// What is counted. Each takes the number of times.
const PATHS: &[(&str, fn(usize))] = &[
    ("session: one message a connection", |count| (0..count).for_each(|_| converse(&mail::small(0), 1))),
    ("session: a hundred messages a connection", |count| (0..count).for_each(|_| converse(&mail::small(0), 100))),
    ("session: a megabyte", |count| (0..count).for_each(|_| converse(&mail::with_attachment(1 << 20), 1))),
    ("read: text of 1 kB", |count| read(count, &mail::small(0))),
    ("read: HTML and text of 10 kB", |count| read(count, &mail::newsletter())),
    ("read: an attachment of 1 MB", |count| read(count, &mail::with_attachment(1 << 20))),
    ("keep: text of 1 kB", keep),
    ("search: a word in 10,000 messages", search),
];

/// A connection that brings so many messages, without a socket and a mailbox.
fn converse(message: &[u8], messages: usize) {
    let mut session = Session::new(Arc::new(Policy::default()), Client::at(Door::Smtp), 0);
    let wire = mail::conversation(message, messages);
    let mut rest = &wire[..];
    while !rest.is_empty() {
        rest = &rest[session.feed(rest)..];
        while let Some(action) = session.next_action() {
            if let Action::Deliver(incoming) = black_box(action) {
                drop(incoming);
                session.verdict(smtp::Verdict::Kept("0123456789012345678901".into()));
            }
        }
    }
    assert_eq!(session.messages() as usize, messages);
}

fn read(count: usize, message: &[u8]) {
    for _ in 0..count {
        black_box(View::read_to_search(black_box(message)));
    }
}

fn keep(count: usize) {
    filled(count);
}

fn search(count: usize) {
    let inbox = filled(10_000);
    for _ in 0..count {
        let query: Query = "nowhere".parse().expect("a word");
        let found = inbox.snapshot(&Scope::All).iter().filter(|stored| query.matches(stored)).count();
        assert_eq!(black_box(found), 0);
    }
}

/// An inbox with so many messages of 1 kB in it.
fn filled(count: usize) -> Inbox {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let inbox = Inbox::new(Limits { messages_max: usize::MAX, memory_bytes_max: 8 << 30, ..Limits::default() });
    runtime.block_on(async {
        for number in 0..count {
            let verdict = inbox.accept(mail::incoming(mail::small(number)), inbox.reservation()).await;
            assert!(matches!(verdict, Verdict::Kept(_)));
        }
    });
    inbox
}
