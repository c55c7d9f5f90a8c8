//! Messages of about 600 bytes with varied words, senders and mailboxes; and what keeping one costs.

use std::sync::Arc;
use std::time::Duration;

use restante::mail::View;
use restante::mail::dialogue::Dialogue;
use restante::mail::envelope::{Addressed, Client, Door, Envelope, Login, Params, Path};
use restante::mail::incoming::Incoming;
use restante::mailbox::Inbox;
use restante::mailbox::inbox::Verdict;
use tokio::time::Instant;

use crate::table::{Column, median, shown};

/// In every second message.
pub(crate) const MANY: &str = "statement";
/// In ten of them.
pub(crate) const FEW: &str = "quokka";
/// In none.
pub(crate) const NONE: &str = "zzyzx";
/// In one in a hundred.
pub(crate) const SOME: &str = "warehouse";

const WORDS: [&str; 48] = [
    "account", "address", "amount", "answer", "basket", "before", "button", "change", "confirm", "contact", "customer",
    "daily", "delivery", "details", "discount", "email", "expires", "follow", "friday", "help", "invoice", "journey",
    "kindly", "later", "letter", "login", "member", "minute", "monday", "number", "offer", "order", "parcel",
    "password", "payment", "please", "receipt", "regards", "request", "secure", "service", "shipping", "team",
    "thanks", "ticket", "update", "welcome", "window",
];

/// Keeps so many, one after the other, and says what each cost.
pub(crate) async fn keep(inbox: &Inbox, count: usize, column: &mut Column) {
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let incoming = incoming(number, count);
        let begun = Instant::now();
        let verdict = inbox.accept(incoming, inbox.reservation()).await;
        times.push(begun.elapsed());
        assert!(matches!(verdict, Verdict::Kept(_)), "{verdict:?}");
    }
    times.sort_unstable();
    let raw = raw(7, count);
    let read = median(|| View::read_to_search(&raw));
    column.time("insert, median (a message read)", times[count / 2], read);
    column.time("insert, 99 %", times[count * 99 / 100], read);
    column.time("insert, 99.9 %", times[count * 999 / 1000], read);
    let worst: Vec<_> = times.iter().rev().take(3).map(|&time: &Duration| shown(time)).collect();
    column.say("insert, the three worst", worst.join(", "));
}

/// One that nobody has asked for yet, to this address.
pub(crate) fn to(address: &str, subject: &str) -> Incoming {
    let raw = format!("From: shop@app.test\r\nTo: {address}\r\nSubject: {subject}\r\n\r\nGood day.\r\n");
    enveloped(raw.into_bytes(), "shop@app.test", address, "")
}

fn incoming(number: usize, count: usize) -> Incoming {
    let mailbox = format!("worker-{}", number % 20);
    enveloped(raw(number, count), "bounce@shop.test", &format!("user{}@app.test", number % 1_000), &mailbox)
}

fn enveloped(raw: Vec<u8>, from: &str, to: &str, mailbox: &str) -> Incoming {
    let addressed = |path: &str| Addressed { path: Path::verbatim(path.as_bytes()), params: Params::default() };
    let mut client = Client::at(Door::Smtp);
    client.login = (!mailbox.is_empty()).then(|| Login { mechanism: "PLAIN".into(), user: mailbox.into() }.into());
    let envelope = Envelope { from: addressed(from), to: [addressed(to)].into(), client: Arc::new(client) };
    Incoming { raw, envelope, dialogue: Dialogue::new(1_000), findings: Vec::new() }
}

/// The bytes of the message of this number; the same each time.
pub(crate) fn raw(number: usize, count: usize) -> Vec<u8> {
    let mut state = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut word = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let mut text = format!(
        "From: Shop {} <shop{}@shop.test>\r\nTo: User <user{}@app.test>\r\nSubject: Your {} {number} {}\r\n\
         Message-ID: <{number}.{}@shop.test>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n",
        number % 500,
        number % 500,
        number % 1_000,
        word(),
        word(),
        word(),
    );
    for line in 0..6 {
        for _ in 0..7 {
            text.push_str(word());
            text.push(' ');
        }
        match line {
            1 if number.is_multiple_of(2) => text.push_str(MANY),
            2 if number.is_multiple_of((count / 10).max(1)) => text.push_str(FEW),
            3 if number % 100 == 3 => text.push_str(SOME),
            _ => {}
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}
