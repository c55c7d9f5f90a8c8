//! What reading costs with a thousand, ten thousand, a hundred thousand and a million messages: `cargo bench --bench reading`.
//! Numbers after `--` are other counts. Messages are of about 600 bytes, kept in this process through the inbox.
//!
//! Each figure stands beside a reference of the same run, as how many times as long it took: a machine that is busy or slow
//! slows both.

mod asked;
mod mails;
mod table;
mod waits;

use restante::mailbox::{Inbox, Limits};
use table::{Column, Table};

fn main() {
    let counts: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 10_000, 100_000, 1_000_000] } else { counts };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
    let mut table = Table::default();
    for &count in &counts {
        let inbox = Inbox::new(Limits { memory_bytes_max: 1 << 40, messages_max: 2 * count, sessions_max: 0 });
        let mut column = Column::new(count);
        runtime.block_on(mails::keep(&inbox, count, &mut column));
        asked::measure(&runtime, &inbox, &mut column);
        runtime.block_on(waits::measure(&inbox, &mut column));
        runtime.block_on(asked::clear(&inbox, &mut column));
        table.add(column);
    }
    println!("{table}");
}
