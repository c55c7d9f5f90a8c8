//! Many clients at once, and slow ones: nobody waits for another, and what was acknowledged is there.

use std::io::{Read, Write};
use std::time::Duration;

use crate::support::{Server, Smtp};

const LETTER: &[u8] = b"Subject: x\r\n\r\nx\r\n";

#[test]
fn ten_thousand_messages_in_one_burst_are_all_kept() {
    let server = Server::with(&["--max-messages", "20000"]);
    let message = b"MAIL FROM:<a@app.test>\r\nRCPT TO:<b@app.test>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let smtp = server.smtp_greeted();
                let mut stream = smtp.stream().try_clone().unwrap();
                let sender = std::thread::spawn(move || {
                    stream.write_all(&message.repeat(500)).unwrap();
                    stream.write_all(b"QUIT\r\n").unwrap();
                });
                let mut replies = String::new();
                smtp.stream().try_clone().unwrap().read_to_string(&mut replies).unwrap();
                sender.join().unwrap();
                assert_eq!(replies.matches("250 2.0.0 Ok: queued as").count(), 500);
            });
        }
    });
    assert_eq!(server.json("/api/v1/info")["Messages"], 10_000);
}

#[test]
fn idle_clients_delay_nobody() {
    let server = Server::start();
    // As many as a test may have open; the limit of the server itself is 10,000.
    let _idle: Vec<_> = (0..400).map(|_| server.smtp()).collect();
    let _half_open: Vec<_> = (0..100).map(|_| Smtp::open(server.port("implicit"))).collect();
    for _ in 0..20 {
        server.send(LETTER);
    }
    assert_eq!(server.json("/api/v1/info")["Messages"], 20);
}

#[test]
fn a_client_of_one_byte_at_a_time_delays_nobody_and_is_heard() {
    let server = Server::start();
    let mut slow = server.smtp();
    let wire = b"EHLO app.test\r\nMAIL FROM:<a@app.test>\r\nRCPT TO:<b@app.test>\r\nDATA\r\nSubject: slow\r\n\r\n..x\r\n.\r\nQUIT\r\n";
    for (at, byte) in wire.iter().enumerate() {
        slow.write(&[*byte]);
        std::thread::sleep(Duration::from_millis(2));
        if at % 20 == 0 {
            server.send(LETTER);
        }
    }
    while !slow.reply().starts_with("221") {}
    let found = server.json("/api/v1/search?query=subject:slow");
    let id = found["messages"][0]["ID"].as_str().unwrap();
    assert_eq!(server.raw(id), b"Subject: slow\r\n\r\n.x\r\n");
}
