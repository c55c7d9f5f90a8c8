//! The budget under bursts: many senders at once push five times what fits into a whole server, and the heap is watched.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use restante::config::{Config, Doors, Opening, Standby};
use restante::mail::envelope::Door;
use restante::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{HEAP, chance};

const BUDGET_BYTES: usize = 32 << 20;
const SENDERS: usize = 64;
const LARGEST_BYTES: usize = 1 << 20;
/// Reading takes about the size of a message once more for a moment, outside the budget: two large ones are read at once,
/// and on each worker a small one.
const READING_BYTES: usize = 4 * LARGEST_BYTES;
const WORKERS: usize = 2;

const FREE: Opening = Opening { host: None, port: 0, standby: Standby::Fail };

/// Sends five budgets' worth.
pub(crate) fn hold(broken: &mut Vec<String>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let (before, most, accepted) = runtime.expect("a runtime").block_on(burst());
    let above = most.saturating_sub(before);
    let share = above as f64 / BUDGET_BYTES as f64;
    println!(
        "{SENDERS} senders, {} MB in {accepted} mails: the heap grew by {above} bytes at most, {share:.3} of the budget of {BUDGET_BYTES}",
        (5 * BUDGET_BYTES) >> 20
    );
    if above > BUDGET_BYTES + BUDGET_BYTES / 50 + READING_BYTES {
        broken.push(format!("a burst: {above} bytes are held within a budget of {BUDGET_BYTES}"));
    }
}

/// The heap before and at its largest, and the messages that were kept.
async fn burst() -> (usize, usize, u64) {
    let config = Config {
        doors: Doors { smtp: vec![FREE], submission: Vec::new(), smtps: Vec::new(), http: vec![FREE] },
        memory_bytes_max: BUDGET_BYTES,
        messages_max: 1_000_000,
        ..Config::default()
    };
    let server = Server::start(&config).await.expect("a server");
    let address = server.opened().smtp_address(Door::Smtp).expect("a door");
    let text: Arc<[u8]> =
        b"The quick brown fox jumps over the lazy dog, and on it goes.\r\n".repeat(LARGEST_BYTES / 62 + 1).into();
    let left = Arc::new(AtomicUsize::new(5 * BUDGET_BYTES));
    let mut clients = Vec::new();
    for number in 0..SENDERS {
        clients.push(Client::connect(address, number as u64 + 1).await);
    }
    // One whole message, so that what is made once is made.
    clients[0].send(&text, 2_000).await;
    let before = HEAP.allocated();
    let senders: Vec<_> =
        clients.into_iter().map(|client| tokio::spawn(client.push(text.clone(), left.clone()))).collect();
    for sender in senders {
        sender.await.expect("a sender");
    }
    let most = HEAP.max_allocated();
    let accepted = server.inbox().store().totals().accepted;
    server.stop().await;
    (before, most, accepted)
}

/// A connection, and its chance.
struct Client {
    stream: TcpStream,
    random: u64,
}

impl Client {
    async fn connect(address: SocketAddr, random: u64) -> Self {
        let mut client = Self { stream: TcpStream::connect(address).await.expect("a connection"), random };
        client.reply().await;
        client.say("EHLO app.test\r\n").await;
        client
    }

    /// Sends mails of a kilobyte to a megabyte, as many small as large ones, until so many bytes are sent by all together.
    async fn push(mut self, text: Arc<[u8]>, left: Arc<AtomicUsize>) {
        loop {
            self.random = chance(self.random);
            let kilobytes = 1 << ((self.random >> 33) % 10);
            let bytes = kilobytes * 1024 + (self.random >> 40) as usize % (kilobytes * 1024);
            let bytes = bytes.min(LARGEST_BYTES);
            if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_err() {
                return;
            }
            self.send(&text, bytes).await;
        }
    }

    async fn send(&mut self, text: &[u8], bytes: usize) {
        self.say("MAIL FROM:<ann@app.test>\r\n").await;
        self.say("RCPT TO:<bob@app.test>\r\n").await;
        self.say("DATA\r\n").await;
        let head = b"From: ann@app.test\r\nTo: bob@app.test\r\nSubject: A burst\r\n\r\n";
        self.stream.write_all(head).await.expect("a head");
        self.stream.write_all(&text[..bytes - head.len()]).await.expect("a body");
        self.say("\r\n.\r\n").await;
    }

    async fn say(&mut self, line: &str) {
        self.stream.write_all(line.as_bytes()).await.expect("a line");
        self.reply().await;
    }

    async fn reply(&mut self) {
        let mut reply = [0; 1024];
        let mut read = 0;
        while !reply[..read].ends_with(b"\n") {
            read += self.stream.read(&mut reply[read..]).await.expect("a reply");
        }
    }
}
