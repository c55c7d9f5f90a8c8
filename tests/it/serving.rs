//! The program as a user starts it: doors, ready file, signals, limits.

use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Server, Smtp, restante, signal, wait_for};

#[test]
fn the_ready_file_names_every_door_and_all_of_them_are_open() {
    let server = Server::start();
    assert_eq!(server.ready["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(server.ready["pid"], server.pid());
    let kinds: Vec<_> =
        server.ready["smtp"].as_array().unwrap().iter().map(|door| door["tls"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["none", "starttls", "implicit"]);
    for tls in ["none", "starttls"] {
        Smtp::connect(server.port(tls)).say("QUIT", "221");
    }
    assert_eq!(server.get("/readyz").status, 200);
    assert!(server.ca().ends_with("tls/ca.pem"));
}

#[test]
fn a_free_port_is_open_on_both_loopback_addresses() {
    let server = Server::start();
    let v6: IpAddr = "::1".parse().unwrap();
    if TcpListener::bind((v6, 0)).is_err() {
        return println!("skipped: this machine has no IPv6");
    }
    for port in [server.port("none"), server.port("implicit")] {
        std::net::TcpStream::connect((v6, port)).unwrap();
    }
}

#[test]
fn it_stops_in_order_on_a_signal() {
    assert_eq!(Server::start().terminate(), Some(0));
    let server = Server::start();
    let mut idle = server.smtp();
    signal(server.pid(), "INT");
    idle.expect("421");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_message_under_way_is_finished_before_the_stop() {
    let server = Server::start();
    let mut smtp = server.smtp();
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(b"Subject: late\r\n");
    signal(server.pid(), "TERM");
    // The listener is gone before the message is.
    while std::net::TcpStream::connect(("127.0.0.1", server.port("none"))).is_ok() {
        std::thread::sleep(Duration::from_millis(5));
    }
    smtp.write(b"\r\nbody\r\n.\r\n");
    smtp.expect("250");
    // It need not quit for the server to go.
    smtp.expect("421");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_message_that_never_ends_gets_its_grace_and_no_more() {
    let server = Server::with(&["--grace", "100ms"]);
    let mut smtp = server.smtp();
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(b"Subject: never\r\n");
    signal(server.pid(), "TERM");
    smtp.expect("421");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_grace_is_for_all_that_is_to_come_and_not_for_each_line_of_it() {
    let server = Server::with(&["--grace", "400ms"]);
    let mut smtp = server.smtp();
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    signal(server.pid(), "TERM");
    let mut writer = smtp.stream().try_clone().unwrap();
    std::thread::spawn(move || {
        while std::io::Write::write_all(&mut writer, b"and so on\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    smtp.expect("421");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_handshake_that_never_ends_does_not_delay_the_stop() {
    let server = Server::with(&["--grace", "60s"]);
    let mut first = Smtp::open(server.port("implicit"));
    first.write(b"\x16\x03\x01\x02\x00");
    let mut second = Smtp::connect(server.port("starttls"));
    second.say("EHLO app.test", "250");
    second.say("STARTTLS", "220");
    let begun = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    assert_eq!(server.terminate(), Some(0));
    assert!(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap() - begun < Duration::from_secs(30));
}

#[test]
fn few_connections_are_shared_by_all_doors() {
    let server = Server::with(&["--max-connections", "1"]);
    for door in ["none", "starttls", "none"] {
        Smtp::connect(server.port(door)).say("QUIT", "221");
    }
}

#[test]
fn a_silent_client_is_told_and_the_session_says_why() {
    let server = Server::with(&["--idle", "50ms"]);
    let mut smtp = server.smtp();
    smtp.expect("421");
    // Whoever has seen the close finds the session.
    std::io::copy(&mut smtp.stream(), &mut std::io::sink()).unwrap();
    let sessions = server.json("/api/v1/sessions");
    assert!(sessions["Sessions"][0]["Trouble"].as_str().unwrap().contains("patience"), "{sessions}");
}

#[test]
fn the_ready_file_of_an_earlier_run_is_not_left_to_mislead() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let dir = tempfile::tempdir().unwrap();
    let stale = dir.path().join("ready.json");
    std::fs::write(&stale, "{}").unwrap();
    let mut command = restante(dir.path());
    let output = command.args(["--ready-file", "ready.json", "--http", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!stale.exists());
}

#[test]
fn over_size_mail_is_refused_and_the_session_stays_in_step() {
    let server = Server::with(&["--max-message-size", "10kB"]);
    let mut smtp = server.smtp();
    smtp.say("EHLO x", "250");
    smtp.say("MAIL FROM:<a@app.test> SIZE=20000", "552");
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(&b"0123456789\r\n".repeat(2_000));
    smtp.say(".", "552");
    let id = smtp.send("a@app.test", &["b@app.test"], b"Subject: next\r\n\r\nok\r\n");
    assert_eq!(server.raw(&id), b"Subject: next\r\n\r\nok\r\n");
    assert_eq!(server.json("/api/v1/info")["Messages"], 1);
}

#[test]
fn the_memory_budget_evicts_the_oldest_and_refuses_what_never_fits() {
    let server = Server::with(&["--max-memory", "1MB", "--max-message-size", "960kB"]);
    let body = |letter: u8| {
        [
            b"Subject: x\r\n\r\n".to_vec(),
            [letter; 64].repeat(3_000).chunks(64).flat_map(|line| [line, b"\r\n"].concat()).collect(),
        ]
        .concat()
    };
    let ids: Vec<_> = (b'a'..=b'h').map(|letter| server.send(&body(letter))).collect();
    let info = server.json("/api/v1/info");
    assert!(info["RuntimeStats"]["MessagesEvicted"].as_u64().unwrap() > 0, "{info}");
    assert!(info["Limits"]["MemoryBytesUsed"].as_u64().unwrap() <= 1 << 20, "{info}");
    assert_eq!(server.get(&format!("/api/v1/message/{}", ids[0])).status, 404);
    assert_eq!(server.raw(ids.last().unwrap()), body(b'h'));

    let mut smtp = server.smtp();
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(&b"0123456789 0123456789 0123456789\r\n".repeat(28_800));
    smtp.say(".", "452");
    smtp.say("NOOP", "250");
}

#[test]
fn a_reset_in_mid_message_loses_that_message_only() {
    let server = Server::start();
    let kept = server.send(b"Subject: kept\r\n\r\n");
    let mut smtp = server.smtp();
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(b"Subject: half\r\n");
    socket2::SockRef::from(smtp.stream()).set_linger(Some(Duration::ZERO)).unwrap();
    drop(smtp);
    let wait = server.get("/api/v1/wait?query=subject:half&timeout=100ms");
    assert_eq!(wait.status, 404);
    assert_eq!(server.raw(&kept), b"Subject: kept\r\n\r\n");
    // Two clients went away; which end is noticed first is not said.
    let told = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        server.json("/api/v1/sessions")["Sessions"].to_string().contains("in the middle of a message")
    });
    assert!(told, "{}", server.json("/api/v1/sessions"));
}

#[test]
fn recipients_without_a_message_are_within_the_budget_too() {
    let server = Server::with(&["--max-memory", "2MB", "--max-message-size", "1MB"]);
    let mut clients: Vec<_> = (0..8).map(|_| server.smtp()).collect();
    let mut refused = 0;
    for smtp in &mut clients {
        smtp.say("MAIL FROM:<a@app.test>", "250");
        for number in 0..1_000 {
            smtp.write(format!("RCPT TO:<{}{number}@app.test>\r\n", "x".repeat(400)).as_bytes());
        }
        refused += (0..1_000).filter(|_| smtp.reply().starts_with("452")).count();
    }
    assert!(refused > 1_000, "only {refused} of 8,000 were refused");
    let info = server.json("/api/v1/info");
    assert!(info["Limits"]["MemoryBytesUsed"].as_u64().unwrap() <= 2 << 20, "{info}");
    drop(clients);
    // The server hears of it a moment later.
    while server.json("/api/v1/sessions")["Ended"] != 8 {
        std::thread::yield_now();
    }
    let id = server.send(b"Subject: room again\r\n\r\n");
    assert_eq!(server.raw(&id), b"Subject: room again\r\n\r\n");
}

#[test]
fn mail_under_way_holds_its_place_and_keeps_others_out_until_it_is_gone() {
    let server = Server::with(&["--max-memory", "2MB", "--max-message-size", "1MB"]);
    let half = b"0123456789 0123456789 0123456789\r\n".repeat(26_000);
    let begin = || {
        let mut smtp = server.smtp();
        smtp.say("MAIL FROM:<a@app.test>", "250");
        smtp.say("RCPT TO:<b@app.test>", "250");
        smtp.say("DATA", "354");
        smtp.write(&half);
        smtp
    };
    let used = || server.json("/api/v1/info")["Limits"]["MemoryBytesUsed"].as_u64().unwrap() as usize;
    // What was written is held once it was read.
    let held = |bytes: usize| {
        (0..1_000).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            used() >= bytes
        })
    };
    let first = begin();
    assert!(held(half.len()), "{} of {}", used(), half.len());
    // There is nothing to evict: both cannot be kept, and the later one is told so once it has said all.
    let mut second = begin();
    second.say(".", "452");
    second.say("NOOP", "250");
    assert!(used() <= 2 << 20);
    // Whoever goes away gives its place back.
    socket2::SockRef::from(first.stream()).set_linger(Some(Duration::ZERO)).unwrap();
    drop(first);
    let again = (0..1_000).any(|_| {
        second.say("MAIL FROM:<a@app.test>", "250");
        second.say("RCPT TO:<b@app.test>", "250");
        second.say("DATA", "354");
        second.write(&half);
        second.write(b".\r\n");
        second.reply().starts_with("250")
    });
    assert!(again);
    assert_eq!(server.json("/api/v1/info")["Messages"], 1);
}

#[test]
fn one_slow_client_delays_nobody() {
    /// Beside those that send.
    const IDLE: usize = 1_000;
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    let all = rustix::process::Rlimit { current: limit, maximum: limit };
    rustix::process::setrlimit(rustix::process::Resource::Nofile, all).unwrap();
    let server = Server::start();
    let mut idle: Vec<_> = (0..IDLE).map(|_| server.smtp()).collect();
    let mut slow = server.smtp();
    slow.say("MAIL FROM:<slow@app.test>", "250");
    slow.say("RCPT TO:<b@app.test>", "250");
    slow.say("DATA", "354");
    slow.write(b"Subject: slow\r\n\r\n");
    let mut writer = slow.stream().try_clone().unwrap();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let dripping = std::thread::spawn(move || {
        let mut sent = 0;
        loop {
            std::io::Write::write_all(&mut writer, b"x").unwrap();
            sent += 1;
            if stopped.recv_timeout(Duration::from_secs(1)) != Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                return sent;
            }
        }
    });
    for number in 0..50 {
        let raw = format!("Subject: quick {number}\r\n\r\nwhole\r\n");
        let id = server.send(raw.as_bytes());
        assert_eq!(server.raw(&id), raw.as_bytes());
    }
    // All of them are there, and the slow one is not: it was under way all the time.
    assert_eq!(server.json("/api/v1/info")["Messages"], 50);
    drop(stop);
    let sent = dripping.join().unwrap();
    slow.write(b"\r\n.\r\n");
    slow.expect("250");
    let raw = server.get("/api/v1/message/latest/raw?query=subject:slow").text();
    assert_eq!(raw, format!("Subject: slow\r\n\r\n{}\r\n", "x".repeat(sent)));
    for smtp in &mut idle {
        smtp.say("NOOP", "250");
    }
}

#[test]
fn a_log_that_nobody_reads_delays_nobody() {
    /// Whose lines fill any pipe several times.
    const MESSAGES: usize = 3_000;
    let dir = tempfile::tempdir().unwrap();
    let ready = dir.path().join("ready.json");
    let mut command = restante(dir.path());
    command.args(["--ready-file", "ready.json", "--submission", "off", "--smtps", "off"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let port = wait_for(&mut child, &ready)["smtp"][0]["port"].as_u64().unwrap();
    let mut smtp = Smtp::connect(port as u16);
    for number in 0..MESSAGES {
        smtp.send("a@app.test", &["b@app.test"], format!("Subject: {number}\r\n\r\n\r\n").as_bytes());
    }
    smtp.say("QUIT", "221");
    let mut log = child.stderr.take().unwrap();
    signal(child.id(), "TERM");
    let mut said = String::new();
    log.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    let kept = said.lines().filter(|line| line.contains(" kept ")).count();
    assert!((1..=MESSAGES).contains(&kept), "{kept}");
}

/// As a client library starts it: one flag, one line, and no process left behind when the test is killed.
#[test]
fn attached_it_says_where_it_is_in_one_line_and_goes_with_the_program_that_started_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
    // Where the server of the developer listens, who runs the tests beside it.
    command
        .env("RESTANTE_SMTP", "127.0.0.1:1")
        .env("RESTANTE_SMTPS", "off")
        .env("RESTANTE_READY_FILE", "/nowhere/ready");
    command.args(["--attached", "--submission", "off"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (stdin, mut stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["pid"], child.id());
    let doors = ready["smtp"].as_array().unwrap();
    assert_eq!(doors.iter().map(|door| &door["tls"]).collect::<Vec<_>>(), ["none", "implicit"]);
    let port = doors[0]["port"].as_u64().unwrap();
    assert_ne!(port, 2525);
    TcpStream::connect(("127.0.0.1", u16::try_from(port).unwrap())).unwrap();
    assert!(child.try_wait().unwrap().is_none(), "it ended while its input was open");
    drop(stdin);
    assert!(child.wait().unwrap().success());
    line.clear();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "", "a program reads one line, and no more");
}
