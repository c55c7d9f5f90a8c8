//! lettre, the Rust client, with its own defaults: plain, STARTTLS and TLS verified against the saved CA, logged in.

use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};

use crate::support::Server;

fn letter(subject: &str) -> Message {
    let ann: Mailbox = "Änne <ann@app.test>".parse().unwrap();
    let bob: Mailbox = "bob@app.test".parse().unwrap();
    Message::builder().from(ann).to(bob).subject(subject).body("Grüße,\n.\n..dots\n".to_owned()).unwrap()
}

fn trusted(server: &Server) -> TlsParameters {
    let ca = Certificate::from_pem(&std::fs::read(server.ca()).unwrap()).unwrap();
    TlsParameters::builder("localhost".into()).add_root_certificate(ca).build_rustls().unwrap()
}

fn arrived(server: &Server, message: &Message) {
    let latest = server.json("/api/v1/message/latest");
    // lettre ends the last line, which SMTP needs.
    let sent = [message.formatted(), b"\r\n".to_vec()].concat();
    assert_eq!(server.raw(latest["ID"].as_str().unwrap()), sent);
}

#[test]
fn plain_with_its_defaults() {
    let server = Server::start();
    let transport = SmtpTransport::builder_dangerous("localhost").port(server.port("none")).build();
    for subject in ["first", "second in the same connection"] {
        let message = letter(subject);
        transport.send(&message).unwrap();
        arrived(&server, &message);
    }
}

#[test]
fn starttls_and_tls_verified_and_logged_in() {
    let server = Server::start();
    let credentials = || Credentials::new("worker 7".into(), "anything".into());
    for (mechanism, tls) in [
        (Mechanism::Plain, Tls::Required(trusted(&server))),
        (Mechanism::Login, Tls::Wrapper(trusted(&server))),
        (Mechanism::Xoauth2, Tls::Wrapper(trusted(&server))),
    ] {
        let port = server.port(if matches!(tls, Tls::Required(_)) { "starttls" } else { "implicit" });
        let transport = SmtpTransport::builder_dangerous("localhost")
            .port(port)
            .tls(tls)
            .credentials(credentials())
            .authentication(vec![mechanism])
            .build();
        let message = letter("safe");
        transport.send(&message).unwrap();
        arrived(&server, &message);
        let latest = server.json("/mailbox/worker%207/api/v1/message/latest");
        assert_eq!(latest["Envelope"]["TLS"]["Version"], "TLSv1.3");
        assert_eq!(latest["Envelope"]["Auth"]["User"], "worker 7");
    }
}

#[test]
fn an_untrusted_certificate_is_explained_in_the_sessions() {
    let server = Server::start();
    let tls = TlsParameters::builder("localhost".into()).build_rustls().unwrap();
    let transport =
        SmtpTransport::builder_dangerous("localhost").port(server.port("implicit")).tls(Tls::Wrapper(tls)).build();
    assert!(transport.send(&letter("unsafe")).is_err());
    // The session ends on the server a moment after the client gave up.
    let trouble = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        server.json("/api/v1/sessions")["Sessions"][0]["Trouble"].as_str().map(str::to_owned)
    });
    let trouble = trouble.unwrap_or_default();
    assert!(trouble.contains("trust"), "{trouble}");
}
