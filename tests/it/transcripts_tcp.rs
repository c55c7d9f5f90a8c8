//! The same dialogues over a real socket, through the real driver and into a real inbox.
//!
//! Left out are those that only a driver without a socket can play: what it reports (`! expired` and its like), the
//! handshake (`T:`), and verdicts that an inbox does not give. The rest is most of them, and asserted to be.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use restante::listen::listener;
use restante::listen::smtp::{Gate, Timing, serve};
use restante::listen::tls::Terminator;
use restante::listen::tls_knock::Knocks;
use restante::listen::{bind, certificate};
use restante::mail::envelope::Door;
use restante::mailbox::{Inbox, Limits, Scope};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::transcript::{Stimulus, Transcript, escape};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "txt") {
            found.push(path);
        }
    }
}

fn is_for_a_socket(script: &Transcript) -> bool {
    let plays = |stimulus: &Stimulus| matches!(stimulus, Stimulus::Connected | Stimulus::Client(_));
    !script.tls
        && script.verdicts.is_empty()
        && script.exchanges.iter().all(|exchange| plays(&exchange.stimulus))
        // A driver under TLS waits for a handshake here.
        && !script.exchanges.iter().flat_map(|exchange| &exchange.answer.lines).any(|line| line.starts_with(b"220 2.0.0"))
        // Its answers have the seed in them.
        && !script.exchanges.iter().flat_map(|exchange| &exchange.answer.lines).any(|line| line.starts_with(b"334 P"))
}

/// A server with the policy of the script.
async fn open(script: &Transcript, inbox: &Inbox, stop: &CancellationToken) -> u16 {
    let identity = certificate::make("restante.test", &[], None, jiff::Timestamp::UNIX_EPOCH).unwrap();
    let gate = Arc::new(Gate {
        door: Door::Smtp,
        policy: Arc::new(script.policy.clone()),
        tls: Terminator::new(&identity).unwrap(),
        inbox: inbox.clone(),
        timing: Timing::default(),
        knocks: Knocks::default(),
    });
    let socket = bind::bind(&bind::LOOPBACK[..1], 0).unwrap().remove(0);
    let port = socket.local_addr().unwrap().port();
    let socket = tokio::net::TcpListener::from_std(socket).unwrap();
    let permits = Arc::new(tokio::sync::Semaphore::new(4));
    let (sessions, token) = (TaskTracker::new(), stop.clone());
    let handle = move |stream, peer| serve(gate.clone(), stream, peer, token.clone());
    tokio::spawn(listener::run(socket, permits, sessions, stop.clone(), handle));
    port
}

/// Sends all of it in one go and reads until the server closes.
fn converse(port: u16, script: &Transcript) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut replies = Vec::new();
    // The greeting first: a ClientHello before it would be served TLS.
    let mut byte = [0];
    while !replies.ends_with(b"\n") {
        stream.read_exact(&mut byte).unwrap();
        replies.push(byte[0]);
    }
    let mut reading = stream.try_clone().unwrap();
    let reader = std::thread::spawn(move || {
        // A reset after the close is no loss: what was read is what counts.
        let mut rest = Vec::new();
        let _ = reading.read_to_end(&mut rest);
        rest
    });
    for exchange in &script.exchanges {
        if let Stimulus::Client(pieces) = &exchange.stimulus
            && stream.write_all(&pieces.concat()).is_err()
        {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    replies.extend(reader.join().unwrap());
    replies
}

/// A queued id is the inbox's own; the file has a number.
fn comparable(line: &[u8]) -> String {
    let line = escape(line);
    match line.split_once("queued as ") {
        Some((before, _)) => format!("{before}queued as ID"),
        None => line,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogues_are_the_same_over_tcp() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts"), &mut paths);
    let mut played = 0;
    for path in paths {
        let script = Arc::new(Transcript::read(&std::fs::read_to_string(&path).unwrap()));
        if !is_for_a_socket(&script) {
            continue;
        }
        played += 1;
        let (inbox, stop) = (Inbox::new(Limits::default()), CancellationToken::new());
        let port = open(&script, &inbox, &stop).await;
        let client = {
            let script = script.clone();
            tokio::task::spawn_blocking(move || converse(port, &script))
        };
        let replies = client.await.unwrap();
        let got: Vec<_> =
            replies.split_inclusive(|&byte| byte == b'\n').map(|line| comparable(line.trim_ascii_end())).collect();
        let lines = script.exchanges.iter().flat_map(|exchange| &exchange.answer.lines);
        let expected: Vec<_> = lines.map(|line| comparable(line.trim_ascii_end())).collect();
        assert_eq!(got, expected, "{}", path.display());
        if !script.messages.is_empty() {
            let kept: Vec<_> =
                inbox.store().newest_first(&Scope::All, None).map(|stored| stored.message.raw()).collect();
            let sent: Vec<_> = script.messages.iter().rev().map(|message| &message.raw[..]).collect();
            assert!(kept.iter().map(|raw| &raw[..]).eq(sent), "{}: the bytes differ", path.display());
        }
        stop.cancel();
    }
    assert!(played >= 150, "only {played} dialogues are for a socket");
}
