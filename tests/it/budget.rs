//! The memory budget at its ends: a megabyte, and eight gigabytes. What the heap holds within it is counted by
//! `benches/memory`.

use crate::support::Server;

fn used(server: &Server) -> u64 {
    server.json("/api/v1/info")["Limits"]["MemoryBytesUsed"].as_u64().unwrap()
}

#[test]
fn a_megabyte_keeps_small_mail_and_says_what_does_not_fit() {
    let server = Server::with(&["--max-memory", "1MB", "--max-message-size", "960kB"]);
    let body =
        |number: usize| format!("Subject: no. {number}\r\n\r\n{}", "Good day to you.\r\n".repeat(50)).into_bytes();
    let ids: Vec<_> = (0..1_000).map(|number| server.send(&body(number))).collect();
    let info = server.json("/api/v1/info");
    assert!(info["RuntimeStats"]["MessagesEvicted"].as_u64().unwrap() > 500, "{info}");
    assert!(used(&server) <= 1 << 20, "{info}");
    assert_eq!(server.raw(ids.last().unwrap()), body(999));
    assert_eq!(server.get(&format!("/api/v1/message/{}", ids[0])).status, 404);

    // The budget is full before the limit of a message is reached.
    for kilobytes in [2_048, 950] {
        let mut smtp = server.smtp();
        smtp.say("MAIL FROM:<a@app.test>", "250");
        smtp.say("RCPT TO:<b@app.test>", "250");
        smtp.say("DATA", "354");
        smtp.write(&"0123456789abcde 0123456789abcd\r\n".repeat(kilobytes * 32).into_bytes());
        let reply = smtp.say(".", "452");
        smtp.say("QUIT", "221");
        let told = (0..500).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            let sessions = server.json("/api/v1/sessions")["Sessions"].clone();
            sessions
                .as_array()
                .unwrap()
                .iter()
                .any(|session| session["Dialogue"].as_str().unwrap().contains(reply.trim()))
        });
        assert!(told, "{reply:?}: {}", server.json("/api/v1/sessions"));
    }
    assert!(used(&server) <= 1 << 20);
    let id = server.send(&body(1_000));
    assert_eq!(server.raw(&id), body(1_000), "room again");
}

#[cfg(target_pointer_width = "64")]
#[test]
fn eight_gigabytes_are_counted_right() {
    let server = Server::with(&["--max-memory", "8GB", "--max-message-size", "5GB", "--max-messages", "100000000"]);
    let info = server.json("/api/v1/info");
    assert_eq!(info["Limits"]["MemoryBytes"], 8_u64 << 30);
    assert_eq!(info["Limits"]["MessageBytes"], 5_u64 << 30);
    let id = server.send(b"Subject: small\r\n\r\nHello\r\n");
    assert_eq!(server.raw(&id), b"Subject: small\r\n\r\nHello\r\n");
    let one = used(&server);
    assert!((100..10_000).contains(&one), "{one}");
    assert!(server.smtp_greeted().say("EHLO app.test", "250").contains(&format!("SIZE {}", 5_u64 << 30)));
}
