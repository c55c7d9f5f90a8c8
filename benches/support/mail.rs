//! Messages that an application sends, made from a few words: no two alike, and each run the same.

#![allow(unreachable_pub, reason = "shared by several benches")]

use restante::mail::dialogue::Dialogue;
use restante::mail::envelope::{Addressed, Client, Door, Envelope, Path};
use restante::mail::incoming::Incoming;

/// A text of about a kilobyte.
pub fn small(number: usize) -> Vec<u8> {
    let head = format!(
        "Date: Tue, 24 Nov 2026 10:{:02}:{:02} +0000\r\nFrom: \"The Shop\" <shop@app.test>\r\nTo: Ann Example \
         <ann{number}@app.test>\r\nSubject: Your order {number} is on its way\r\nMessage-ID: <{number}.shop@app.test>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         Hello Ann,\r\n\r\n",
        number / 60 % 60,
        number % 60,
    );
    head.into_bytes().into_iter().chain(text(number, 640).into_bytes()).collect()
}

/// Lines of words.
fn text(number: usize, bytes: usize) -> String {
    let (mut text, mut line, mut state) = (String::new(), 0, number as u64 + 1);
    while text.len() < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = WORDS[(state >> 33) as usize % WORDS.len()];
        line += word.len() + 1;
        text.push_str(word);
        text.push_str(if line > 68 { "\r\n" } else { " " });
        line = if line > 68 { 0 } else { line };
    }
    text.truncate(text.trim_end().len());
    text + "\r\n"
}

/// Text and HTML, about ten kilobytes.
pub fn newsletter() -> Vec<u8> {
    let rows: String = (0..24)
        .map(|row| format!("<tr><td style=\"padding:8px;color:#333\"><p>{}</p></td></tr>\r\n", text(row, 240)))
        .collect();
    format!(
        "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nFrom: \"The Shop\" <shop@app.test>\r\nTo: Ann <ann@app.test>\r\n\
         Subject: =?utf-8?q?News_f=C3=BCr_Sie?=\r\nMessage-ID: <news.shop@app.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\
         \r\n{}\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         <html><head><style>p {{ margin:0 }}</style></head><body><table>\r\n{}</table></body></html>\r\n--b1--\r\n",
        text(7, 1_000),
        rows.replace('=', "=3D"),
    )
    .into_bytes()
}

/// A text with a file of so many bytes in base64.
pub fn with_attachment(bytes: usize) -> Vec<u8> {
    let line = "JVBERi0xLjcKJeLjz9MKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+PgplbmRvYmoK\r\n";
    let base64 = line.repeat(bytes / line.len());
    format!(
        "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nFrom: shop@app.test\r\nTo: ann@app.test\r\nSubject: Your invoice\r\n\
         Message-ID: <invoice.shop@app.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n\
         --b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHere it is.\r\n--b1\r\nContent-Type: application/pdf; \
         name=invoice.pdf\r\nContent-Disposition: attachment; filename=invoice.pdf\r\nContent-Transfer-Encoding: base64\
         \r\n\r\n{base64}--b1--\r\n"
    )
    .into_bytes()
}

/// What a client says that sends a message so many times.
pub fn conversation(message: &[u8], messages: usize) -> Vec<u8> {
    let mut wire = b"EHLO app.test\r\n".to_vec();
    for _ in 0..messages {
        wire.extend_from_slice(b"MAIL FROM:<shop@app.test>\r\nRCPT TO:<ann@app.test>\r\nDATA\r\n");
        wire.extend_from_slice(message);
        wire.extend_from_slice(b".\r\n");
    }
    wire.extend_from_slice(b"QUIT\r\n");
    wire
}

/// The message as the wire hands it to the inbox.
pub fn incoming(raw: Vec<u8>) -> Incoming {
    let addressed = |address: &str| Addressed { path: Path::verbatim(address.as_bytes()), ..Addressed::default() };
    let client = Client::at(Door::Smtp).into();
    let envelope = Envelope { from: addressed("shop@app.test"), to: [addressed("ann@app.test")].into(), client };
    Incoming { raw, envelope, dialogue: Dialogue::new(64 << 10), findings: Vec::new() }
}

const WORDS: [&str; 48] = [
    "order",
    "parcel",
    "thank",
    "you",
    "please",
    "confirm",
    "account",
    "address",
    "delivery",
    "the",
    "your",
    "with",
    "invoice",
    "payment",
    "received",
    "Tuesday",
    "between",
    "morning",
    "shop",
    "number",
    "item",
    "return",
    "within",
    "fourteen",
    "days",
    "courier",
    "tracking",
    "link",
    "below",
    "button",
    "password",
    "reset",
    "welcome",
    "team",
    "support",
    "question",
    "answer",
    "reply",
    "this",
    "message",
    "automatic",
    "newsletter",
    "unsubscribe",
    "total",
    "price",
    "tax",
    "quantity",
    "kind",
];
