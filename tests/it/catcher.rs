//! The catcher in this process: what `restante::Catcher` and `restante::blocking::Catcher` promise a test.

use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Message, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use restante::{any, blocking, subject, to};

/// Long enough for a busy machine; a wait that is answered takes none of it.
const SOON: Duration = Duration::from_secs(30);

static SHARED: LazyLock<blocking::Catcher> = LazyLock::new(|| blocking::Catcher::start().unwrap());

fn send(smtp_url: &str, to: &str, subject: &str) {
    let message = Message::builder()
        .from("Shop <hello@shop.test>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject(subject)
        .body("Good day.\r\n".to_owned())
        .unwrap();
    SmtpTransport::from_url(smtp_url).unwrap().build().send(&message).unwrap();
}

#[test]
fn a_message_is_asked_for_and_read() {
    let mailbox = SHARED.fresh_mailbox("read");
    let file =
        Attachment::new("rechnung.pdf".into()).body(b"%PDF".to_vec(), ContentType::parse("application/pdf").unwrap());
    let message = Message::builder()
        .from("Shop <hello@shop.test>".parse().unwrap())
        .to("ann+beta@app.test".parse().unwrap())
        .bcc("eve@app.test".parse().unwrap())
        .subject("Grüße")
        .multipart(MultiPart::mixed().singlepart(SinglePart::html("<p>Hello <b>you</b>".to_owned())).singlepart(file))
        .unwrap();
    SmtpTransport::from_url(&mailbox.smtp_url()).unwrap().build().send(&message).unwrap();
    let caught = mailbox.wait(to("ann+beta@app.test").subject("grüße").tag("beta")).within(SOON).unwrap();
    assert_eq!((caught.subject(), caught.from(), caught.to()), ("Grüße", "hello@shop.test", vec!["ann+beta@app.test"]));
    assert_eq!(caught.envelope_to(), ["ann+beta@app.test", "eve@app.test"]);
    assert_eq!((caught.text().as_str(), caught.html().as_deref()), ("Hello you", Some("<p>Hello <b>you</b>")));
    assert_eq!((caught.tags(), caught.mailbox()), (vec!["beta"], mailbox.name().unwrap()));
    assert_eq!(caught.header("subject").as_deref(), Some("Grüße"));
    let [file] = &caught.attachments()[..] else { panic!("one attachment") };
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str(), &*file.bytes),
        ("rechnung.pdf", "application/pdf", &b"%PDF"[..])
    );
    assert!(caught.raw().starts_with(b"From: "));
    assert_eq!(mailbox.messages().len(), 1);
    mailbox.clear();
    assert!(mailbox.messages().is_empty());
}

#[test]
fn codes_and_links_are_at_hand() {
    let mailbox = SHARED.fresh_mailbox("codes");
    let message = Message::builder()
        .from("hello@shop.test".parse().unwrap())
        .to("ann@app.test".parse().unwrap())
        .subject("Sign in")
        .body(
            "Your code is 481 516.\r\n\r\nOr sign in here: https://shop.test/signin?token=4f7k9q2m1b6n\r\n".to_owned(),
        )
        .unwrap();
    SmtpTransport::from_url(&mailbox.smtp_url()).unwrap().build().send(&message).unwrap();
    let caught = mailbox.assert_arrives(to("ann@app.test"));
    assert_eq!(caught.code().as_deref(), Some("481516"));
    assert_eq!(caught.link().as_deref(), Some("https://shop.test/signin?token=4f7k9q2m1b6n"));
    assert_eq!((caught.codes().len(), caught.links().len()), (1, 1));
}

#[test]
fn parallel_tests_share_one_and_never_see_each_other() {
    std::thread::scope(|scope| {
        for worker in 0..16 {
            scope.spawn(move || {
                for round in 0..5 {
                    let mailbox = SHARED.fresh_mailbox("worker");
                    let url = mailbox.smtp_url();
                    std::thread::spawn(move || send(&url, "ann@app.test", &format!("{worker}/{round}")));
                    let caught = mailbox.wait(to("ann@app.test")).within(SOON).unwrap();
                    assert_eq!(caught.subject(), format!("{worker}/{round}"));
                    assert_eq!(mailbox.messages().len(), 1);
                }
            });
        }
    });
}

#[test]
fn several_none_and_later_ones() {
    let mailbox = SHARED.fresh_mailbox("several");
    send(&mailbox.smtp_url(), "ann@app.test", "one");
    send(&mailbox.smtp_url(), "ann@app.test", "two");
    let both = mailbox.wait(any()).at_least(2).within(SOON).unwrap();
    assert_eq!(both.iter().map(|caught| caught.subject()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(mailbox.wait(any()).exactly(2).within(SOON).unwrap().len(), 2);
    assert!(mailbox.wait(any()).exactly(1).within(SOON).is_err());
    assert!(mailbox.nothing(subject("three")).within(Duration::from_millis(10)).is_ok());
    let later = mailbox.wait(any()).since(both[0].cursor()).within(SOON).unwrap();
    assert_eq!(later.subject(), "two");
    assert!(mailbox.wait(any()).since(mailbox.cursor()).within(Duration::ZERO).is_err());
}

#[test]
fn a_failed_assertion_says_what_came_close() {
    let mailbox = SHARED.mailbox("close");
    send(&mailbox.smtp_url(), "ann@app.test", "Reset your password");
    let message = |outcome: std::thread::Result<()>| *outcome.unwrap_err().downcast::<String>().unwrap();
    let panicked = message(catch_unwind(AssertUnwindSafe(|| {
        let failure = mailbox.wait(to("ann@app.test").subject("Welcome")).within(Duration::from_millis(20));
        failure.map(drop).unwrap();
    })));
    let ages = regex::Regex::new(r"\d+\.\d s ago").unwrap();
    assert_eq!(
        ages.replace_all(&panicked, "N s ago"),
        "called `Result::unwrap()` on an `Err` value: No message in mailbox \"close\" matched to:=ann@app.test subject:Welcome within 20 ms.\n\
         One message arrived that did not match:\n\
         1. \"Reset your password\" from hello@shop.test to ann@app.test, N s ago\n   \
            - subject: expected to contain \"Welcome\", found \"Reset your password\""
    );
    let panicked = message(catch_unwind(AssertUnwindSafe(|| mailbox.assert_nothing(to("ann@app.test")))));
    assert_eq!(
        ages.replace_all(&panicked, "N s ago"),
        "No message was expected in mailbox \"close\", but one matched to:=ann@app.test:\n\
         - \"Reset your password\" from hello@shop.test to ann@app.test, N s ago"
    );
}

#[test]
fn its_certificate_can_be_trusted() {
    let ca = Certificate::from_pem(SHARED.ca_pem().unwrap().as_bytes()).unwrap();
    let tls = TlsParameters::builder("localhost".into()).add_root_certificate(ca).build_rustls().unwrap();
    let mailbox = SHARED.fresh_mailbox("tls");
    let transport = SmtpTransport::from_url(&mailbox.smtps_url().replace("127.0.0.1", "localhost")).unwrap();
    let message = Message::builder()
        .from("hello@shop.test".parse().unwrap())
        .to("ann@app.test".parse().unwrap())
        .subject("safe")
        .body(String::new())
        .unwrap();
    transport.tls(Tls::Wrapper(tls)).build().send(&message).unwrap();
    mailbox.assert_arrives(subject("safe"));
}

#[test]
fn dropped_it_stops() {
    let catcher = blocking::Catcher::start().unwrap();
    let address = catcher.smtp_address();
    let open = TcpStream::connect(address).unwrap();
    drop(catcher);
    let gone = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        TcpStream::connect(address).is_err()
    });
    assert!(gone, "the door is still open");
    drop(open);
}

/// On a runtime of one thread, which the test itself blocks while it sends.
#[tokio::test]
async fn the_async_one_waits_beside_a_test_that_blocks() {
    let catcher = restante::Catcher::start().await.unwrap();
    let mailbox = catcher.fresh_mailbox("async");
    send(&mailbox.smtp_url(), "ann@app.test", "one");
    let caught = mailbox.wait(to("ann@app.test")).within(SOON).await.unwrap();
    assert_eq!((caught.subject(), catcher.messages().len()), ("one", 1));
    mailbox.assert_arrives(subject("one")).await;
    mailbox.assert_nothing(subject("two")).await;
    let url = mailbox.smtp_url();
    let (several, ()) = tokio::join!(mailbox.wait(any()).at_least(2).within(SOON), async move {
        tokio::task::spawn_blocking(move || send(&url, "ann@app.test", "two")).await.unwrap();
    });
    assert_eq!(several.unwrap().len(), 2);
    // Blocking calls are no harm either: tokio's own would panic here.
    let blocking = blocking::Catcher::start().unwrap();
    assert!(blocking.wait(any()).within(Duration::ZERO).is_err());
    mailbox.clear().await;
    assert!(catcher.messages().is_empty());
}

#[test]
fn its_page_shows_the_mailbox() {
    let mailbox = SHARED.fresh_mailbox("page ä");
    send(&mailbox.smtp_url(), "ann@app.test", "on the page");
    let page = crate::support::request("GET", &format!("{}/", mailbox.http_url()), &[], None);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("on the page"));
}
