//! All that a client says, made before the clock starts.

use crate::load::Load;
use crate::words::Chance;

/// What a server must answer to a piece, in order.
pub type Codes = &'static [&'static [u8; 3]];

/// Bytes that go out in one write, and the replies that come before the next.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    pub bytes: &'a [u8],
    pub codes: Codes,
}

/// The pieces of every conversation of a load.
pub struct Letters {
    /// Each is a message, its end, and the envelope of the next.
    bodies: Vec<Vec<u8>>,
    /// How long the message itself is, from its first field to the line end before the dot.
    pub octets: usize,
}

impl Letters {
    pub fn write(load: &Load) -> Self {
        let distinct = load.messages.min((DISTINCT_OCTETS_MAX / load.octets).max(4));
        let bodies = (0..distinct as u64).map(|number| {
            let mut body = message(number, load.octets);
            body.extend_from_slice(END);
            body.extend_from_slice(ENVELOPE);
            body
        });
        Self { bodies: bodies.collect(), octets: load.octets }
    }

    pub fn hello() -> Piece<'static> {
        Piece { bytes: b"EHLO client.test\r\n", codes: &[b"250"] }
    }

    /// MAIL, RCPT and DATA together (RFC 2920 section 3.1).
    pub fn envelope() -> Piece<'static> {
        Piece { bytes: ENVELOPE, codes: &[b"250", b"250", b"354"] }
    }

    /// The same, for a server that takes one command at a time.
    pub fn mail() -> Piece<'static> {
        Piece { bytes: MAIL, codes: &[b"250"] }
    }

    pub fn rcpt() -> Piece<'static> {
        Piece { bytes: RCPT, codes: &[b"250"] }
    }

    pub fn data() -> Piece<'static> {
        Piece { bytes: DATA, codes: &[b"354"] }
    }

    /// A message, and the envelope of the next one behind it: one round trip for each message.
    pub fn message_and_envelope(&self, number: usize) -> Piece<'_> {
        Piece { bytes: self.body(number), codes: &[b"250", b"250", b"250", b"354"] }
    }

    pub fn message(&self, number: usize) -> Piece<'_> {
        let body = self.body(number);
        Piece { bytes: &body[..body.len() - ENVELOPE.len()], codes: &[b"250"] }
    }

    pub fn quit() -> Piece<'static> {
        Piece { bytes: b"QUIT\r\n", codes: &[b"221"] }
    }

    fn body(&self, number: usize) -> &[u8] {
        &self.bodies[number % self.bodies.len()]
    }
}

const END: &[u8] = b".\r\n";
const MAIL: &[u8] = b"MAIL FROM:<orders@shop.test>\r\n";
const RCPT: &[u8] = b"RCPT TO:<ann@app.test>\r\n";
const DATA: &[u8] = b"DATA\r\n";
const ENVELOPE: &[u8] = b"MAIL FROM:<orders@shop.test>\r\nRCPT TO:<ann@app.test>\r\nDATA\r\n";

/// So many octets of messages that differ; then they come again. What is small stays in the processor's cache, for the
/// client must not be what is measured.
const DISTINCT_OCTETS_MAX: usize = 64 << 20;

/// A message of exactly so many octets on the wire. A small one is text, a large one has an attachment.
fn message(number: u64, octets: usize) -> Vec<u8> {
    let mut chance = Chance::new(number + 1);
    let mut subject = String::new();
    while subject.len() < 30 {
        chance.word(&mut subject);
        subject.push(' ');
    }
    let head = format!(
        "From: The Shop <orders@shop.test>\r\nTo: Ann Archer <ann@app.test>\r\nSubject: {}\r\n\
         Date: Tue, 24 Nov 2026 10:{:02}:{:02} +0000\r\nMessage-ID: <{:016x}.{number}@shop.test>\r\nMIME-Version: 1.0\r\n",
        subject.trim_end(),
        number / 60 % 60,
        number % 60,
        chance.number(),
    );
    let plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";
    let mut message = head.into_bytes();
    if octets < ATTACHMENT_FROM {
        message.extend_from_slice(plain.as_bytes());
        let left = octets.saturating_sub(message.len()).max(40);
        message.extend_from_slice(chance.prose(left).as_bytes());
        return message;
    }
    let opening = format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n--{BOUNDARY}\r\n{plain}");
    let attachment = format!(
        "--{BOUNDARY}\r\nContent-Type: application/pdf; name=\"report.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"report.pdf\"\r\n\r\n",
    );
    let closing = format!("--{BOUNDARY}--\r\n");
    let left =
        octets - [message.len(), opening.len(), attachment.len(), closing.len(), TEXT_OCTETS].iter().sum::<usize>();
    message.extend_from_slice(opening.as_bytes());
    // The text takes what would not be a whole line of the attachment.
    message.extend_from_slice(chance.prose(TEXT_OCTETS + left % BASE64_LINE_OCTETS).as_bytes());
    message.extend_from_slice(attachment.as_bytes());
    for _ in 0..left / BASE64_LINE_OCTETS {
        base64_line(&mut chance, &mut message);
    }
    message.extend_from_slice(closing.as_bytes());
    message
}

const ATTACHMENT_FROM: usize = 256 << 10;
const BOUNDARY: &str = "=_shop-7f3a";

const TEXT_OCTETS: usize = 2_000;
/// RFC 2045 section 6.8: 76 characters, and the line end.
const BASE64_LINE_OCTETS: usize = 78;

/// A line of what a packed file looks like.
fn base64_line(chance: &mut Chance, onto: &mut Vec<u8>) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut number = 0;
    for place in 0..BASE64_LINE_OCTETS - 2 {
        if place % 10 == 0 {
            number = chance.number();
        }
        onto.push(DIGITS[(number & 63) as usize]);
        number >>= 6;
    }
    onto.extend_from_slice(b"\r\n");
}
