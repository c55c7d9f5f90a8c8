//! A load test against the real binary, on loopback, that ends by itself: `cargo bench --bench load -- --seconds 300`.
//!
//! Thousands of idle connections, senders in bursts, clients that send a byte a second and clients that are reset in
//! mid-message, all at once. At the end every message that was acknowledged must be stored, byte for byte and once, and
//! nothing else. `RESTANTE_BIN` names the binary.

mod support;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use support::{Client, Server, get, queued};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// How much of what.
struct Plan {
    seconds: u64,
    idle: usize,
    senders: usize,
    slow: usize,
    dying: usize,
}

/// What the clients share.
#[derive(Default)]
struct Tally {
    over: AtomicBool,
    /// Each acknowledged message: its id, and the number that stands in its body.
    acknowledged: Mutex<Vec<(String, u64)>>,
    made: AtomicU64,
    reset: AtomicU64,
    failed: Mutex<Vec<String>>,
    /// Microseconds from the final dot to the 250, of a client that sends one message at a time.
    probes: Mutex<Vec<u128>>,
}

fn main() {
    let plan = Plan::from_args();
    let server = start();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let report = runtime.block_on(run(&plan, server.smtp, &server.http));
    let memory = server.process.memory("VmRSS").map_or_else(|| "?".to_owned(), |bytes| (bytes >> 10).to_string());
    drop(server);
    match report {
        Ok(report) => println!("{report}\nresident memory of the server at the end: {memory} kB"),
        Err(fault) => {
            eprintln!("FAILED: {fault}");
            std::process::exit(1);
        }
    }
}

impl Plan {
    fn from_args() -> Self {
        let mut plan = Self { seconds: 300, idle: 9_000, senders: 200, slow: 100, dying: 50 };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut number = || args.next().and_then(|number| number.parse().ok()).expect("a number after it");
            match arg.as_str() {
                "--seconds" => plan.seconds = number(),
                "--idle" => plan.idle = number() as usize,
                "--senders" => plan.senders = number() as usize,
                // What cargo adds.
                "--bench" => {}
                other => panic!("no such argument: {other}"),
            }
        }
        plan
    }
}

fn start() -> Server {
    support::allow_many_files();
    // Whoever is idle is idle for as long as it all takes, which by default is when patience ends.
    Server::start(&["--max-memory", "8GB", "--max-messages", "5000000", "--max-connections", "20000", "--idle", "1h"])
}

async fn run(plan: &Plan, smtp: SocketAddr, http: &str) -> Result<String, String> {
    let tally = Arc::new(Tally::default());
    let mut clients = JoinSet::new();
    let mut idle = Vec::with_capacity(plan.idle);
    let opening = Instant::now();
    while idle.len() < plan.idle {
        idle.push(Client::connect(smtp).await.map_err(|error| format!("idle connection {}: {error}", idle.len()))?);
    }
    let opened = opening.elapsed();
    for _ in 0..plan.senders {
        clients.spawn(bursts(smtp, tally.clone()));
    }
    for _ in 0..plan.slow {
        clients.spawn(slowly(smtp, tally.clone()));
    }
    for _ in 0..plan.dying {
        clients.spawn(dying(smtp, tally.clone()));
    }
    clients.spawn(probe(smtp, tally.clone()));
    sleep(Duration::from_secs(plan.seconds)).await;
    tally.over.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        ended.map_err(|error| error.to_string())?;
    }
    // Who was idle all the time is still served.
    let mut served = 0;
    for client in idle.iter_mut().step_by(100) {
        client.say("NOOP", "250").await.map_err(|error| format!("an idle connection: {error}"))?;
        served += 1;
    }
    drop(idle);
    check(plan, &tally, http, opened, served).await
}

/// Compares what was acknowledged with what is stored.
async fn check(plan: &Plan, tally: &Tally, http: &str, opened: Duration, served: usize) -> Result<String, String> {
    if let Some(first) = tally.failed.lock().await.first() {
        return Err(first.clone());
    }
    let acknowledged = tally.acknowledged.lock().await;
    let listing = get(format!("{http}/api/v1/messages?limit=0")).await?;
    let listing: Value = serde_json::from_slice(&listing).map_err(|error| error.to_string())?;
    let stored: HashMap<&str, &str> = listing["messages"]
        .as_array()
        .ok_or("no list")?
        .iter()
        .map(|row| (row["ID"].as_str().unwrap_or(""), row["Subject"].as_str().unwrap_or("")))
        .collect();
    for (id, number) in acknowledged.iter() {
        if stored.get(id.as_str()) != Some(&format!("load {number}").as_str()) {
            return Err(format!("{id} was acknowledged and is not stored as sent: {:?}", stored.get(id.as_str())));
        }
    }
    if stored.len() != acknowledged.len() {
        return Err(format!("{} were acknowledged, {} are stored", acknowledged.len(), stored.len()));
    }
    for (id, number) in acknowledged.iter().step_by(acknowledged.len() / 500 + 1) {
        if get(format!("{http}/api/v1/message/{id}/raw")).await? != message(*number).into_bytes() {
            return Err(format!("{id}: the bytes differ"));
        }
    }
    let mut probes = tally.probes.lock().await;
    probes.sort_unstable();
    let at = |part: f64| probes.get(((probes.len() as f64 - 1.0) * part) as usize).copied().unwrap_or(0);
    Ok(format!(
        "{} messages acknowledged and stored, none lost, none twice, in {} s\n\
         {} connections opened in {opened:?} and idle beside; {served} of them asked at the end, all answered\n\
         {} clients of a byte a second, {} messages reset in their middle\n\
         a message sent alone beside all that was acknowledged after {} us (median), {} us (99 %), {} us (most), of {}",
        acknowledged.len(),
        plan.seconds,
        plan.idle,
        plan.slow,
        tally.reset.load(Ordering::Relaxed),
        at(0.5),
        at(0.99),
        at(1.0),
        probes.len(),
    ))
}

/// Ends in CRLF, has a dot to stuff, and says its number.
fn message(number: u64) -> String {
    format!("Subject: load {number}\r\n\r\n.dot {number}\r\n{}\r\n", "x".repeat(70 + (number % 900) as usize))
}

async fn send(client: &mut Client, number: u64, tally: &Tally) -> io::Result<()> {
    client.begin().await?;
    let wire = message(number).replace("\r\n.", "\r\n..") + ".\r\n";
    client.0.write_all(wire.as_bytes()).await?;
    let id = queued(&client.expect("250").await?);
    tally.acknowledged.lock().await.push((id, number));
    Ok(())
}

async fn bursts(smtp: SocketAddr, tally: Arc<Tally>) {
    let going = async {
        while !tally.over.load(Ordering::Relaxed) {
            let mut client = Client::connect(smtp).await?;
            for _ in 0..20 {
                send(&mut client, tally.made.fetch_add(1, Ordering::Relaxed), &tally).await?;
            }
            client.say("QUIT", "221").await?;
            sleep(Duration::from_secs(2)).await;
        }
        io::Result::Ok(())
    };
    if let Err(error) = going.await {
        tally.failed.lock().await.push(format!("a sender: {error}"));
    }
}

async fn probe(smtp: SocketAddr, tally: Arc<Tally>) {
    let going = async {
        let mut client = Client::connect(smtp).await?;
        while !tally.over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            send(&mut client, tally.made.fetch_add(1, Ordering::Relaxed), &tally).await?;
            tally.probes.lock().await.push(begun.elapsed().as_micros());
            sleep(Duration::from_millis(20)).await;
        }
        io::Result::Ok(())
    };
    if let Err(error) = going.await {
        tally.failed.lock().await.push(format!("the probe: {error}"));
    }
}

/// A byte a second, never done.
async fn slowly(smtp: SocketAddr, tally: Arc<Tally>) {
    let going = async {
        let mut client = Client::connect(smtp).await?;
        client.begin().await?;
        while !tally.over.load(Ordering::Relaxed) {
            client.0.write_all(b"y").await?;
            sleep(Duration::from_secs(1)).await;
        }
        io::Result::Ok(())
    };
    if let Err(error) = going.await {
        tally.failed.lock().await.push(format!("a slow client: {error}"));
    }
}

/// Begins a message and is gone with a reset.
async fn dying(smtp: SocketAddr, tally: Arc<Tally>) {
    let going = async {
        while !tally.over.load(Ordering::Relaxed) {
            let mut client = Client::connect(smtp).await?;
            client.begin().await?;
            client.0.write_all(b"Subject: never\r\n\r\nhalf a li").await?;
            let mut stream = client.0.into_inner();
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
            // What is still to be read would make the close a plain one.
            let _ = tokio::time::timeout(Duration::from_millis(1), stream.read(&mut [0; 64])).await;
            drop(stream);
            tally.reset.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(200)).await;
        }
        io::Result::Ok(())
    };
    if let Err(error) = going.await {
        tally.failed.lock().await.push(format!("a dying client: {error}"));
    }
}
