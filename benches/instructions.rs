//! How many instructions the hot paths take, counted by callgrind: a busy machine does not change it, so a change of a few
//! percent shows. `cargo bench --bench instructions` counts every path and holds it to its limit; `-- NAME` those whose name
//! has it. `./test instructions` is the same.
//!
//! A limit is what was counted when it was last set and a tenth more. Who makes a path shorter sets it anew; who makes it
//! longer says why in the commit that does.

#[path = "support/mail.rs"]
mod mail;

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use restante::mail::envelope::{Client, Door};
use restante::mail::view::View;
use restante::mailbox::inbox::Verdict;
use restante::mailbox::{Inbox, Limits, Query, Scope};
use restante::protocol::smtp::{self, Action, Policy, Session};

/// What is counted.
struct Path {
    name: &'static str,
    /// Walked so often, for what is counted also holds what the program takes to start.
    times: usize,
    /// The most instructions that it may take once.
    limit: u64,
    walk: fn(usize),
}

const PATHS: &[Path] = &[
    Path {
        name: "session: a connection with one message of 1 kB",
        times: 50,
        limit: 56_000,
        walk: |times| converse(times, &mail::small(0), 1),
    },
    Path {
        name: "session: a connection with a hundred of them",
        times: 5,
        limit: 2_670_000,
        walk: |times| converse(times, &mail::small(0), 100),
    },
    Path {
        name: "session: a connection with one of 1 MB",
        times: 3,
        limit: 3_750_000,
        walk: |times| converse(times, &mail::with_attachment(1 << 20), 1),
    },
    Path { name: "read: text of 1 kB", times: 100, limit: 56_000, walk: |times| read(times, &mail::small(0)) },
    Path {
        name: "read: text and HTML of 10 kB",
        times: 20,
        limit: 348_000,
        walk: |times| read(times, &mail::newsletter()),
    },
    Path {
        name: "read: an attachment of 1 MB",
        times: 3,
        limit: 3_090_000,
        walk: |times| read(times, &mail::with_attachment(1 << 20)),
    },
    Path {
        name: "keep: text of 1 kB, read, stored, announced",
        times: 500,
        limit: 90_000,
        walk: |times| _ = filled(times),
    },
    Path { name: "search: a word that nothing has, in 5,000 messages", times: 5, limit: 2_060_000, walk: search },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [word, name, times] = &args[..]
        && word == WALK
    {
        let path = PATHS.iter().find(|path| path.name == name).expect("a path");
        (path.walk)(times.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    println!("| path | instructions | limit |\n|---|---|---|");
    let mut over = 0;
    for path in PATHS.iter().filter(|path| args.iter().all(|word| path.name.contains(word.as_str()))) {
        match path.count() {
            Ok(count) => {
                println!("| {} | {count} | {} |", path.name, path.limit);
                over += usize::from(count > path.limit);
            }
            Err(fault) => {
                eprintln!("FAILED: {}: {fault}", path.name);
                return ExitCode::FAILURE;
            }
        }
    }
    if over > 0 {
        eprintln!("FAILED: {over} of them take more than their limit");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

impl Path {
    /// Instructions of walking it once.
    fn count(&self) -> Result<u64, String> {
        let (none, all) = (self.counted(0)?, self.counted(self.times)?);
        Ok(all.saturating_sub(none) / self.times as u64)
    }

    /// Instructions of this program when it walks so often.
    fn counted(&self, times: usize) -> Result<u64, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let answer = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program)
            .args([WALK, self.name, &times.to_string()])
            .output()
            .map_err(|error| format!("valgrind cannot be started: {error}"))?;
        let said = String::from_utf8_lossy(&answer.stderr);
        let count = said.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
        count.filter(|_| answer.status.success()).ok_or_else(|| format!("{}: {said}", answer.status))
    }
}

/// So called, the program only walks.
const WALK: &str = "walk";

/// Connections that bring so many messages each, without a socket and a mailbox.
fn converse(times: usize, message: &[u8], messages: usize) {
    let wire = mail::conversation(message, messages);
    for _ in 0..times {
        let mut session = Session::new(Arc::new(Policy::default()), Client::at(Door::Smtp), 0);
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
}

fn read(times: usize, message: &[u8]) {
    for _ in 0..times {
        black_box(View::read_to_search(black_box(message)));
    }
}

fn search(times: usize) {
    let inbox = filled(5_000);
    let query: Query = "nowhere".parse().expect("a word");
    for _ in 0..times {
        let found = inbox.search(&Scope::All, &query).ids();
        assert_eq!(black_box(found), []);
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
