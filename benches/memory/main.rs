//! What kept mail takes, counted at the allocator: bytes that were asked for, not what the system made of them.
//!
//! `./test memory` runs it, and so does `cargo test --bench memory`; it counts and does not time, so any build will do.
//! A bound that is broken is named, and the exit code is 1.

mod budget;
mod counted;
mod mails;
mod packed;
mod sender;

use std::alloc::System;
use std::process::{Command, ExitCode};

use cap::Cap;
use restante::mailbox::{Inbox, Limits, Query, Scope};
use sender::Sender;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

/// One counts bytes and blocks, the other knows the most that there ever was.
#[global_allocator]
static HEAP: Cap<&StatsAlloc<System>> = Cap::new(&INSTRUMENTED_SYSTEM, usize::MAX);

/// Messages that a kind is measured with.
const MESSAGES: usize = 2_000;
/// Beside dialogue and index, a message may take its bytes and a tenth of them and this.
const EXTRA_BYTES: usize = 1 << 10;

fn main() -> ExitCode {
    let mut broken = Vec::new();
    if std::env::args().any(|argument| argument == BURST) {
        budget::hold(&mut broken);
        return told(&broken);
    }
    // A process of its own: the peak is the process's, and what a server leaves behind ends when it likes.
    let burst = std::env::current_exe().and_then(|bench| Command::new(bench).arg(BURST).status());
    if !burst.is_ok_and(|status| status.success()) {
        broken.push("the budget under a burst".into());
    }
    by_kind(&mut broken);
    packed::agree(&mut broken);
    counted::agree(&mut broken);
    told(&broken)
}

/// The argument that asks for the burst alone.
const BURST: &str = "--burst";

fn told(broken: &[String]) -> ExitCode {
    for bound in broken {
        println!("BROKEN: {bound}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What an ordinary message takes, of each kind.
fn by_kind(broken: &mut Vec<String>) {
    println!(
        "\n{:<34} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "bytes a message", "raw", "dialogue", "search", "rest", "held", "blocks", "counted", "of held"
    );
    for (kind, mail) in mails::KINDS {
        for (a_connection, how) in [(1, "one a connection"), (100, "100 a connection")] {
            let inbox = inbox(usize::MAX / 2);
            // What is made once: tables of other crates, what the first message makes of them.
            Sender::new(&inbox, "").send(&mail(0));
            let before = Held::now();
            let (counted_before, index_before) = (inbox.store().totals().bytes, inbox.store().index_bytes());
            for group in 0..MESSAGES / a_connection {
                let mut sender = Sender::new(&inbox, "");
                for number in 0..a_connection {
                    sender.send(&mail(1 + group * a_connection + number));
                }
            }
            let held = before.since();
            let counted = (inbox.store().totals().bytes - counted_before) / MESSAGES;
            let (bytes, blocks) = (held.bytes / MESSAGES, held.blocks as f64 / MESSAGES as f64);
            let newest = inbox.search(&Scope::All, &Query::default()).first(1).remove(0).message;
            let search = (inbox.store().index_bytes() - index_before) / MESSAGES;
            let (raw, dialogue) = (newest.raw_len(), newest.dialogue.len());
            let rest = bytes.saturating_sub(raw + dialogue + search);
            let share = counted as f64 / bytes as f64;
            let name = format!("{kind}, {how}");
            println!(
                "{name:<34} {raw:>8} {dialogue:>8} {search:>8} {rest:>8} {bytes:>8} {blocks:>8.1} {counted:>8} {share:>8.3}"
            );
            if rest > EXTRA_BYTES + raw / 10 {
                broken.push(format!("{name}: {rest} bytes beside {raw} bytes of mail, its dialogue and its index"));
            }
            agrees(&name, counted, bytes, broken);
            drop(newest);
            sender::now(inbox.clear(&Scope::All)).expect("nothing keeps it");
            let left = before.since().bytes;
            if left > held.bytes / 50 {
                broken.push(format!("{name}: {left} bytes are held when all mail is gone"));
            }
        }
    }
}

/// What is counted may be off by a fiftieth.
fn agrees(what: &str, counted: usize, held: usize, broken: &mut Vec<String>) {
    if counted.abs_diff(held) * 50 > held {
        broken.push(format!("{what}: {counted} bytes are counted, {held} are held"));
    }
}

/// An inbox of so many bytes that keeps no sessions.
fn inbox(memory_bytes_max: usize) -> Inbox {
    Inbox::new(Limits { memory_bytes_max, messages_max: 1_000_000, sessions_max: 0 })
}

/// The next number of a simple sequence that looks like chance (Knuth's MMIX).
fn chance(number: u64) -> u64 {
    number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
}

/// Bytes and blocks of the heap.
#[derive(Clone, Copy)]
struct Held {
    bytes: usize,
    blocks: usize,
}

impl Held {
    fn now() -> Self {
        let stats = INSTRUMENTED_SYSTEM.stats();
        Self {
            bytes: stats.bytes_allocated.wrapping_sub(stats.bytes_deallocated),
            blocks: stats.allocations.wrapping_sub(stats.deallocations),
        }
    }

    /// What came to it until now.
    fn since(self) -> Self {
        let now = Self::now();
        Self { bytes: now.bytes.saturating_sub(self.bytes), blocks: now.blocks.saturating_sub(self.blocks) }
    }
}
