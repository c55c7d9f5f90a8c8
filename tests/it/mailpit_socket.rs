//! The websocket at `/api/events`, in Mailpit's frames, read byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Server, request};

/// A client, its handshake done.
pub struct Socket(BufReader<TcpStream>);

impl Socket {
    pub fn open(server: &Server, path: &str) -> Self {
        let (socket, head) = Self::ask(server, path, "");
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        // The accept of RFC 6455 §1.3's own key.
        assert!(head.to_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
        assert!(!head.to_lowercase().contains("content-encoding: gzip"), "{head}");
        socket
    }

    /// The answer to a handshake with more fields.
    fn ask(server: &Server, path: &str, more: &str) -> (Self, String) {
        let authority = server.http("").replace("http://", "");
        let mut stream = TcpStream::connect(&authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let handshake = format!(
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nAccept-Encoding: gzip\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
        );
        stream.write_all(handshake.as_bytes()).unwrap();
        let mut socket = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(socket.0.read_line(&mut head).unwrap(), 0, "{head}");
        }
        (socket, head)
    }

    /// The opcode and the payload of the next frame (RFC 6455 §5.2).
    fn frame(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).unwrap();
                u16::from_be_bytes(length).into()
            }
            127 => {
                let mut length = [0; 8];
                self.0.read_exact(&mut length).unwrap();
                u64::from_be_bytes(length)
            }
            short => short.into(),
        };
        let mut payload = vec![0; length as usize];
        self.0.read_exact(&mut payload).unwrap();
        (head[0] & 0x0f, payload)
    }

    /// The next message that is not a count.
    pub fn next(&mut self) -> (String, Value) {
        loop {
            let (word, data) = self.any();
            if word != "stats" {
                return (word, data);
            }
        }
    }

    fn any(&mut self) -> (String, Value) {
        let (opcode, payload) = self.frame();
        assert_eq!(opcode, 1, "{payload:?}");
        let message: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(message.as_object().unwrap().len(), 2, "{message}");
        (message["Type"].as_str().unwrap().to_owned(), message["Data"].clone())
    }

    /// A frame of ours, masked with zeroes.
    fn write(&mut self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode, 0x80 | payload.len() as u8, 0, 0, 0, 0];
        frame.extend_from_slice(payload);
        self.0.get_mut().write_all(&frame).unwrap();
    }
}

fn letter(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\n\r\nx\r\n").into_bytes()
}

/// The beginning of what a test measures.
#[expect(clippy::disallowed_methods, reason = "a test has no other clock")]
fn clock() -> std::time::Instant {
    std::time::Instant::now()
}

#[test]
fn what_happens_is_told_in_mailpits_frames_to_those_in_scope() {
    let server = Server::start();
    let mut all = Socket::open(&server, "/api/events");
    let mut elsewhere = Socket::open(&server, "/mailbox/other/api/events");
    for socket in [&mut all, &mut elsewhere] {
        let (word, data) = socket.any();
        assert_eq!((word.as_str(), &data["Total"], &data["Unread"]), ("stats", &json!(0), &json!(0)));
        assert!(data["Version"].as_str().unwrap().starts_with('v'));
    }
    let (one, two) = (server.send(&letter("one")), server.send(&letter("two")));
    let (word, data) = all.next();
    assert_eq!((word.as_str(), &data["ID"], &data["To"], &data["Tags"]), ("new", &json!(one), &json!([]), &json!([])));
    assert_eq!(all.next().1["Subject"], "two");
    let change = |method: &str, path: &str, body: &str| {
        assert_eq!(request(method, &server.http(path), &[], Some(body)).text(), "ok");
    };
    change("PUT", "/api/v1/messages", &json!({"IDs": [one], "Read": true}).to_string());
    assert_eq!(all.next(), ("update".into(), json!({"ID": one, "Read": true})));
    change("PUT", "/api/v1/tags", &json!({"IDs": [one], "Tags": ["a"]}).to_string());
    assert_eq!(all.next(), ("update".into(), json!({"ID": one, "Tags": ["a"]})));
    change("DELETE", "/api/v1/messages", &json!({"IDs": [one]}).to_string());
    let (word, data) = all.next();
    assert_eq!((word.as_str(), &data["ID"]), ("delete", &json!(one)));
    change("DELETE", "/api/v1/messages", "");
    assert_eq!(all.next().1["ID"], json!(two));
    assert_eq!(all.next(), ("truncate".into(), Value::Null));
    let (word, data) = all.any();
    assert_eq!((word.as_str(), &data["Total"]), ("stats", &json!(0)));
    server.smtp().write(b"EHLO x\r\nMAIL FROM:<a@b.test>\r\n");
    let (word, data) = all.next();
    assert_eq!((word.as_str(), &data["Type"], &data["IP"]), ("error", &json!("smtpd"), &json!("127.0.0.1")), "{data}");
    assert!(data["Level"] == "error" && !data["Message"].as_str().unwrap().is_empty());
    let (word, _) = elsewhere.any();
    assert_eq!(word, "stats", "nothing of another mailbox but that something happened");
}

#[test]
fn many_at_once_are_a_reason_to_look_again() {
    let server = Server::start();
    let mut smtp = server.smtp_greeted();
    let ids: Vec<_> =
        (0..130).map(|number| smtp.send("a@b.test", &["c@d.test"], &letter(&number.to_string()))).collect();
    let mut socket = Socket::open(&server, "/api/events");
    let call = |method: &str, body: Value| {
        let answer = request(method, &server.http("/api/v1/messages"), &[], Some(&body.to_string()));
        assert_eq!(answer.text(), "ok");
    };
    call("PUT", json!({"Read": true}));
    assert_eq!(socket.next(), ("prune".into(), Value::Null));
    call("DELETE", json!({"IDs": ids[..110]}));
    assert_eq!(socket.next(), ("prune".into(), Value::Null));
    call("DELETE", json!({"IDs": ids[110..]}));
    for id in &ids[110..] {
        assert_eq!(socket.next().1["ID"], json!(id));
    }
    assert_eq!(socket.next().0, "truncate");
}

#[test]
fn counts_come_at_most_four_times_a_second() {
    let server = Server::start();
    let mut socket = Socket::open(&server, "/api/events");
    let mut smtp = server.smtp_greeted();
    for number in 0..60 {
        smtp.send("a@b.test", &["c@d.test"], &letter(&number.to_string()));
    }
    let (mut news, mut stats) = (0, 0);
    let began = clock();
    loop {
        let (word, data) = socket.any();
        match word.as_str() {
            "new" => news += 1,
            _ => stats += 1,
        }
        if data["Total"] == 60 && news == 60 {
            break;
        }
    }
    let quarters = began.elapsed().as_millis() / 250;
    assert!(stats as u128 <= quarters + 4, "{stats} in {quarters} quarters of a second");
}

#[test]
fn strangers_are_refused_and_the_rest_is_manners() {
    let server = Server::start();
    let refused = Socket::ask(&server, "/api/events", "Origin: http://evil.example\r\n").1;
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    let own = format!("Origin: {}\r\n", server.http(""));
    assert!(Socket::ask(&server, "/api/events", &own).1.starts_with("HTTP/1.1 101"));
    let plain = request("GET", &server.http("/api/events"), &[("Upgrade", "websocket")], None);
    assert_eq!(plain.status, 400, "no handshake");

    let mut socket = Socket::open(&server, "/api/events");
    socket.any();
    socket.write(1, b"{\"anything\":true}");
    socket.write(9, b"still there?");
    assert_eq!(socket.frame(), (10, b"still there?".to_vec()));
    server.send(&letter("after"));
    assert_eq!(socket.next().0, "new");
    socket.write(8, &1000_u16.to_be_bytes());
    assert_eq!(socket.frame().0, 8);
    // One that goes without a word leaves nothing behind that the server would wait for.
    let gone = Socket::open(&server, "/api/events");
    gone.0.get_ref().shutdown(Shutdown::Both).unwrap();
    drop(gone);
    let mut last = Socket::open(&server, "/api/events");
    last.any();
    assert_eq!(server.terminate(), Some(0));
    let (opcode, payload) = last.frame();
    assert_eq!((opcode, &payload[..2]), (8, &1001_u16.to_be_bytes()[..]), "going away");
}

#[test]
fn a_client_that_does_not_read_delays_nobody() {
    let server = Server::start();
    let _silent = Socket::open(&server, "/api/events");
    let mut smtp = server.smtp_greeted();
    let subject = "x".repeat(60_000);
    let began = clock();
    for _ in 0..200 {
        smtp.send("a@b.test", &["c@d.test"], &letter(&subject));
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    let mut other = Socket::open(&server, "/api/events");
    assert_eq!(other.any().1["Total"], 200);
    assert_eq!(server.terminate(), Some(0), "nor the stop");
}
