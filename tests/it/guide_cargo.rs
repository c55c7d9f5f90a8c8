//! What `docs/guides/cargo.md` shows is this file: `guides.rs` compares them.

use std::sync::LazyLock;
use std::time::Duration;

use lettre::message::Message;
use lettre::{SmtpTransport, Transport};
use restante::blocking::Catcher;
use restante::{any, subject, to};

/// One for all tests of this file. It takes free ports, and ends with them.
static CATCHER: LazyLock<Catcher> = LazyLock::new(|| Catcher::start().expect("a catcher"));

/// The application: it has an SMTP URL in its settings, and knows nothing of the catcher.
fn sign_up(smtp_url: &str, address: &str) -> Result<(), Box<dyn std::error::Error>> {
    let message = Message::builder()
        .from("Shop <hello@shop.test>".parse()?)
        .to(address.parse()?)
        .subject("Welcome to the shop")
        .body("Your code is 481 516.\nConfirm here: https://shop.test/confirm?token=4f7k9q2m1b6n\n".to_owned())?;
    SmtpTransport::from_url(smtp_url)?.build().send(&message)?;
    Ok(())
}

#[test]
fn whoever_signs_up_is_welcomed_with_a_code_and_a_link() {
    let mailbox = CATCHER.fresh_mailbox("welcome");
    sign_up(&mailbox.smtp_url(), "ann@app.test").unwrap();
    let welcome = mailbox.assert_arrives(to("ann@app.test").subject("Welcome"));
    assert_eq!(welcome.code().as_deref(), Some("481516"));
    assert_eq!(welcome.link().as_deref(), Some("https://shop.test/confirm?token=4f7k9q2m1b6n"));
}

#[test]
fn one_mail_is_sent_not_two() {
    let mailbox = CATCHER.fresh_mailbox("one");
    sign_up(&mailbox.smtp_url(), "ann@app.test").unwrap();
    let mails = mailbox.wait(any()).exactly(1).within(Duration::from_secs(5)).unwrap();
    assert_eq!(mails[0].subject(), "Welcome to the shop");
    mailbox.assert_nothing(subject("Reset"));
}
