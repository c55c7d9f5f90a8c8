//! A stock mailin-embedded server with our inbox behind it (feature `mailin`), as `examples/mailin.rs` shows it.

use std::net::TcpListener;

use lettre::transport::smtp::client::Tls;
use lettre::{Message, SmtpTransport, Transport};
use mailin_embedded::{Server as MailinServer, SslConfig};
use restante::mailbox::{Inbox, Limits, Scope};
use restante::mailin::Sink;
use tokio::runtime::Runtime;

use crate::support::Smtp;

/// The inbox, and the port of a server in front of it. The server cannot be stopped; it ends with the process.
fn start(limits: Limits, message_bytes_max: usize) -> (Inbox, u16, Runtime) {
    let runtime = Runtime::new().unwrap();
    let inbox = Inbox::new(limits);
    let sink = Sink::new(inbox.clone(), runtime.handle().clone(), message_bytes_max);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut server = MailinServer::new(sink);
        server.with_name("localhost").with_ssl(SslConfig::None).unwrap();
        server.with_tcp_listener(listener);
        server.serve().unwrap();
    });
    (inbox, port, runtime)
}

#[test]
fn what_mailin_hears_is_kept() {
    let (inbox, port, _runtime) = start(Limits::default(), 1 << 20);
    let raw = b"Subject: through mailin\r\n\r\n.dot\r\n\xff\r\n";
    let mut smtp = Smtp::connect(port);
    smtp.say("EHLO app.test", "250");
    let id = smtp.send("ann@app.test", &["bob@app.test", "eve@app.test"], raw);
    let stored = inbox.store().find(&Scope::All, id.parse().unwrap()).unwrap();
    assert_eq!(&stored.message.raw()[..], raw);
    let envelope = &stored.message.envelope;
    assert_eq!(envelope.from.path.to_string(), "ann@app.test");
    assert_eq!(envelope.to.iter().map(|to| to.path.to_string()).collect::<Vec<_>>(), ["bob@app.test", "eve@app.test"]);
    assert_eq!((envelope.client.door.name(), envelope.client.peer), ("mailin", None), "nothing is made up");

    // RSET is not announced to a handler: nothing of what was open may be in the next message.
    smtp.say("MAIL FROM:<old@app.test>", "250");
    smtp.say("RCPT TO:<old@app.test>", "250");
    smtp.say("RSET", "250");
    let id = smtp.send("new@app.test", &["new@app.test"], b"Subject: next\r\n\r\n");
    let stored = inbox.store().find(&Scope::All, id.parse().unwrap()).unwrap();
    assert_eq!(stored.message.envelope.to.len(), 1);
}

#[test]
fn what_is_too_large_is_refused_once_and_leaves_nothing_behind() {
    let (inbox, port, _runtime) = start(Limits::default(), 10_000);
    let mut smtp = Smtp::connect(port);
    smtp.say("EHLO app.test", "250");
    smtp.say("MAIL FROM:<a@app.test>", "250");
    smtp.say("RCPT TO:<b@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(&b"0123456789\r\n".repeat(2_000));
    smtp.say(".", "552");
    let mut smtp = Smtp::connect(port);
    smtp.say("EHLO app.test", "250");
    smtp.send("a@app.test", &["b@app.test"], b"Subject: small\r\n\r\n");
    assert_eq!((inbox.store().count(&Scope::All).0, inbox.store().bytes_used()), (1, inbox.store().totals().bytes));
}

#[test]
fn lettre_sends_through_it() {
    let (inbox, port, _runtime) = start(Limits::default(), 1 << 20);
    let message = Message::builder()
        .from("ann@app.test".parse().unwrap())
        .to("bob@app.test".parse().unwrap())
        .subject("lettre")
        .body("Grüße".to_owned())
        .unwrap();
    SmtpTransport::builder_dangerous("localhost").port(port).tls(Tls::None).build().send(&message).unwrap();
    assert_eq!(inbox.store().count(&Scope::All).0, 1);
}
