//! How soon a message is with everybody who waits for it: a thousand open streams and a thousand held questions, on one
//! machine with their clients. `cargo bench --bench live`; `-- --streams N --waits N --rounds N` change it.
//!
//! Timed from the message's 250 to the moment at which a client has read its row, or its answer. The reference beside it is
//! what the same clients take to read the same number of bytes, on as many connections, from a program that has nothing to
//! find out: what is above it is ours, what is below it is the machine's.

mod support;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use support::{Client, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, broadcast, mpsc};
use tokio::time::{Instant, sleep, timeout};

struct Plan {
    streams: usize,
    waits: usize,
    rounds: usize,
}

fn main() {
    let plan = Plan::from_args();
    // Each connection is an open file here and one there.
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit { current: limit, maximum: limit },
    );
    let server = Server::start(&["--max-messages", "100000"]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(run(&plan, &server)) {
        Ok(()) => {}
        Err(fault) => {
            eprintln!("FAILED: {fault}");
            std::process::exit(1);
        }
    }
}

impl Plan {
    fn from_args() -> Self {
        let mut plan = Self { streams: 1_000, waits: 1_000, rounds: 50 };
        let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(arg) = args.next() {
            let number = args.next().and_then(|number| number.parse().ok()).expect("a number after it");
            match arg.as_str() {
                "--streams" => plan.streams = number,
                "--waits" => plan.waits = number,
                "--rounds" => plan.rounds = number,
                other => panic!("no such argument: {other}"),
            }
        }
        plan
    }
}

async fn run(plan: &Plan, server: &Server) -> io::Result<()> {
    let http: SocketAddr =
        server.http.trim_start_matches("http://").trim_end_matches('/').parse().map_err(io::Error::other)?;
    let (read, mut reads) = mpsc::unbounded_channel();
    let again = Arc::new(Notify::new());
    for _ in 0..plan.streams {
        let stream = ask(http, "/live").await?;
        tokio::spawn(listen(stream, read.clone()));
    }
    for _ in 0..plan.waits {
        tokio::spawn(wait(http, read.clone(), again.clone()));
    }
    let mut smtp = Client::connect(server.smtp).await?;
    let (mut last, mut median) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        // Held, all of them: a question is held as soon as it is read.
        sleep(HELD).await;
        smtp.begin().await?;
        smtp.0.write_all(format!("Subject: live {round}\r\n\r\nHello.\r\n.\r\n").as_bytes()).await?;
        smtp.expect("250").await?;
        let mut late = heard(&mut reads, plan.streams + plan.waits, Instant::now()).await?;
        late.sort_unstable();
        median.push(late[late.len() / 2]);
        last.push(late[late.len() - 1]);
        again.notify_waiters();
    }
    let floor = floor(plan).await?;
    println!(
        "| {} streams, {} waits, {} rounds | median | most |\n|---|---|---|",
        plan.streams, plan.waits, plan.rounds
    );
    println!("| half of them have the message | {:.1?} | {:.1?} |", middle(&mut median), median[median.len() - 1]);
    println!("| all of them have it | {:.1?} | {:.1?} |", middle(&mut last), last[last.len() - 1]);
    println!("| the same bytes from a program that only writes | {:.1?} | {:.1?} |", floor.0, floor.1);
    println!("| ratio of the medians | {:.1} | |", middle(&mut last).as_secs_f64() / floor.0.as_secs_f64());
    Ok(())
}

/// How late so many clients have read it.
async fn heard(
    reads: &mut mpsc::UnboundedReceiver<Instant>,
    clients: usize,
    since: Instant,
) -> io::Result<Vec<Duration>> {
    let mut late = Vec::with_capacity(clients);
    while late.len() < clients {
        match timeout(PATIENCE, reads.recv()).await {
            Ok(Some(at)) => late.push(at.saturating_duration_since(since)),
            _ => return Err(io::Error::other(format!("{} of {clients} clients heard of it", late.len()))),
        }
    }
    Ok(late)
}

async fn ask(http: SocketAddr, path: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(http).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request(path).as_bytes()).await?;
    Ok(stream)
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// An open page.
async fn listen(mut stream: TcpStream, read: mpsc::UnboundedSender<Instant>) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = stream.read(&mut buffer).await?;
        let at = Instant::now();
        if count == 0 {
            return Ok(());
        }
        if buffer[..count].windows(10).any(|bytes| bytes == b"event: row") {
            let _ = read.send(at);
        }
    }
}

/// A test that asks for the next message, and again when everybody has this one.
async fn wait(http: SocketAddr, read: mpsc::UnboundedSender<Instant>, again: Arc<Notify>) -> io::Result<()> {
    let mut stream = ask(http, "/api/v1/wait?query=subject:live&timeout=300s").await?;
    let (mut buffer, mut answer) = (vec![0; BUFFER_BYTES], Vec::new());
    loop {
        let count = stream.read(&mut buffer).await?;
        let at = Instant::now();
        if count == 0 {
            return Ok(());
        }
        answer.extend_from_slice(&buffer[..count]);
        // An answer ends in the object and a line end.
        if !answer.ends_with(b"}\n") {
            continue;
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        let next = again.notified();
        let _ = read.send(at);
        let cursor = cursor(&answer).ok_or_else(|| io::Error::other("an answer without a cursor"))?;
        answer.clear();
        next.await;
        let path = format!("/api/v1/wait?query=subject:live&timeout=300s&since={cursor}");
        stream.write_all(request(&path).as_bytes()).await?;
    }
}

/// Where the answer says to go on from.
fn cursor(answer: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let behind = text.split_once("\"Cursor\":")?.1.trim_start_matches('"');
    Some(behind.chars().take_while(|char| char.is_ascii_alphanumeric() || *char == '-').collect())
}

/// The median and the most until all have read, from a program that writes what was made before.
async fn floor(plan: &Plan) -> io::Result<(Duration, Duration)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (go, _) = broadcast::channel::<()>(4);
    let ready = Arc::new(());
    let writer = go.clone();
    let token = ready.clone();
    // Threads of its own, as the server has.
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = listener.into_std()?;
    threads.spawn(async move {
        let Ok(listener) = TcpListener::from_std(listener) else { return };
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut heard = writer.subscribe();
            let token = token.clone();
            tokio::spawn(async move {
                let _held = token;
                let row = [b"event: row".as_slice(), &[b'x'; ROW_BYTES]].concat();
                while heard.recv().await.is_ok() && stream.write_all(&row).await.is_ok() {}
            });
        }
    });
    let clients = plan.streams + plan.waits;
    let (read, mut reads) = mpsc::unbounded_channel();
    for _ in 0..clients {
        tokio::spawn(listen(TcpStream::connect(address).await?, read.clone()));
    }
    while Arc::strong_count(&ready) < clients + 2 {
        sleep(Duration::from_millis(10)).await;
    }
    let mut last = Vec::new();
    for _ in 0..plan.rounds {
        sleep(Duration::from_millis(20)).await;
        let since = Instant::now();
        let _ = go.send(());
        let late = heard(&mut reads, clients, since).await?;
        last.extend(late.into_iter().max());
    }
    threads.shutdown_background();
    let median = middle(&mut last);
    Ok((median, last[last.len() - 1]))
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

const HELD: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(20);
const BUFFER_BYTES: usize = 16 << 10;
/// About what a row takes, with the counts behind it.
const ROW_BYTES: usize = 1_500;
