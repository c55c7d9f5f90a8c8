//! An application that sends by lettre, and its tests: `cargo test --example lettre`, or `cargo run --example lettre`.
//!
//! All tests share one catcher. Each has a mailbox of its own, so they run in parallel and never see each other's mail.

use std::sync::LazyLock;

use lettre::message::{Mailbox, Message};
use lettre::{SmtpTransport, Transport};
use restante::blocking::Catcher;
use restante::to;

/// What the application does: it knows an SMTP URL from its settings, and nothing of the catcher.
fn sign_up(smtp_url: &str, address: &str) -> Result<(), Box<dyn std::error::Error>> {
    let shop: Mailbox = "Shop <hello@shop.test>".parse()?;
    let body = format!("Welcome!\n\nConfirm here: https://shop.test/confirm?address={address}\n");
    let message = Message::builder().from(shop).to(address.parse()?).subject("Welcome to the shop").body(body)?;
    SmtpTransport::from_url(smtp_url)?.build().send(&message)?;
    Ok(())
}

static CATCHER: LazyLock<Catcher> = LazyLock::new(|| Catcher::start().expect("a catcher"));

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mailbox = CATCHER.fresh_mailbox("sign-up");
    sign_up(&mailbox.smtp_url(), "ann@app.test")?;
    let welcome = mailbox.assert_arrives(to("ann@app.test").subject("Welcome"));
    println!("{} to {:?}:\n{}", welcome.subject(), welcome.to(), welcome.text());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_up_is_welcomed() {
        let mailbox = CATCHER.fresh_mailbox("welcome");
        sign_up(&mailbox.smtp_url(), "ann@app.test").unwrap();
        let welcome = mailbox.assert_arrives(to("ann@app.test").subject("Welcome"));
        assert!(welcome.text().contains("https://shop.test/confirm?address=ann@app.test"));
    }

    #[test]
    fn nobody_else_is() {
        let mailbox = CATCHER.fresh_mailbox("nobody-else");
        sign_up(&mailbox.smtp_url(), "bob@app.test").unwrap();
        mailbox.assert_arrives(to("bob@app.test"));
        mailbox.assert_nothing(to("ann@app.test"));
    }
}
