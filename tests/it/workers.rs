//! A test suite's whole day: 64 workers of 50 tests each on one instance, each worker with a mailbox of its own. No mail
//! is seen by another, no wait is left asleep, and nobody sleeps or polls.

use std::sync::mpsc;
use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use crate::support::{Server, Smtp, request};

const WORKERS: usize = 64;
const TESTS: usize = 50;

#[test]
fn sixty_four_workers_of_fifty_tests_see_their_own_mail_alone() {
    let server = Server::with(&["--max-messages", "100000"]);
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let server = &server;
            scope.spawn(move || work(server, worker));
        }
    });
    let info = server.json("/api/v1/info");
    assert_eq!(info["Messages"], 0, "each worker has deleted its own");
    assert_eq!(info["RuntimeStats"]["SMTPAccepted"], WORKERS * TESTS);
}

fn work(server: &Server, worker: usize) {
    let name = format!("worker {worker}/ä");
    let mount = format!("/mailbox/worker%20{worker}%2F%C3%A4");
    let mut smtp = logged_in(server, &name);
    for test in 0..TESTS {
        let subject = format!("code {worker}.{test}");
        // All workers write to the same address and ask the same question: only the mailbox tells them apart.
        let url = server.http(&format!("{mount}/api/v1/wait?to=ann@app.test&subject=code&timeout=60s"));
        let raw = format!("To: ann@app.test\r\nSubject: {subject}\r\n\r\nx\r\n");
        let answer = if test % 2 == 0 {
            smtp.send("shop@app.test", &["ann@app.test"], raw.as_bytes());
            request("GET", &url, &[], None)
        } else {
            // Asked first: the wait may be held already when the message comes, or not yet.
            let (answered, answer) = mpsc::channel();
            std::thread::spawn(move || answered.send(request("GET", &url, &[], None)));
            smtp.send("shop@app.test", &["ann@app.test"], raw.as_bytes());
            answer.recv_timeout(Duration::from_secs(60)).expect("an answer")
        };
        assert_eq!(answer.status, 200, "{}", answer.text());
        let message: Value = answer.json();
        assert_eq!((&message["Subject"], &message["Mailbox"]), (&subject.into(), &name.clone().into()));
        let cleared = request("DELETE", &server.http(&format!("{mount}/api/v1/messages")), &[], None);
        assert_eq!(cleared.status, 200);
    }
}

fn logged_in(server: &Server, name: &str) -> Smtp {
    let mut smtp = server.smtp_greeted();
    smtp.say(&format!("AUTH PLAIN {}", BASE64_STANDARD.encode(format!("\0{name}\0x"))), "235");
    smtp
}
