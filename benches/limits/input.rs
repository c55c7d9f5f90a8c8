//! The inputs that were made to hurt: a row of the table each. All of them are within what somebody may send; none is
//! sent to anybody but the server that is measured.

use std::io::Write;

use base64::{Engine, prelude::BASE64_STANDARD};

/// What is sent, and how.
pub enum Input {
    /// A message by DATA, as it is: no line of it begins with a dot. By so many clients at once.
    Mail(Vec<u8>, usize),
    /// A small message to so many recipients.
    Recipients(usize),
    /// Something too long to be held: these commands, each with the code of its reply; then `begins`, `again` until there
    /// are so many bytes, and `ends`.
    Stream {
        after: &'static [(&'static str, &'static str)],
        begins: &'static str,
        again: Vec<u8>,
        bytes: u64,
        ends: &'static str,
    },
    /// A body of JSON for an effect of the API.
    Json(Vec<u8>),
}

impl Input {
    /// Bytes on the wire, commands and frames aside.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Mail(raw, at_once) => (raw.len() * at_once) as u64,
            Self::Recipients(count) => (*count * RECIPIENT_BYTES) as u64,
            Self::Stream { bytes, .. } => *bytes,
            Self::Json(body) => body.len() as u64,
        }
    }

    /// A plain mail of equal size, sent by as many clients, that the others are compared with.
    pub fn plain(&self) -> Self {
        match self {
            Self::Mail(raw, at_once) => plain(raw.len() as u64, *at_once),
            _ => plain(self.bytes(), 1),
        }
    }
}

/// What one more recipient is on the wire, about.
const RECIPIENT_BYTES: usize = 38;
const MEGABYTE: usize = 1 << 20;
/// The largest message by default, and a little room for its header.
const LARGEST: usize = 50 * MEGABYTE - 1_000;
/// What no buffer should ever hold.
const GIGABYTE: u64 = 1 << 30;
/// Where a message is on its way.
const MESSAGE: &[(&str, &str)] = &[("MAIL FROM:<a@app.test>", "250"), ("RCPT TO:<b@app.test>", "250"), ("DATA", "354")];

/// Every row: what it is called, and what is sent.
pub fn all() -> Vec<(&'static str, Input)> {
    vec![
        (
            "1.4 million tiny parts",
            mail(&multipart(&"--b\r\nContent-Type: image/png\r\n\r\nxxx\r\n".repeat(1_400_000))),
        ),
        ("100,000 multiparts within each other", mail(&nested_multiparts())),
        ("100,000 messages within each other", mail(&nested_messages())),
        ("the same in base64", mail(&base64_mail("message/rfc822", nested_messages().as_bytes()))),
        ("1 MB of `(` in From", mail(&format!("From: {}\r\n\r\nx\r\n", "(".repeat(MEGABYTE)))),
        (
            "a million blank lines, then a message",
            mail(&format!("{}Subject: x\r\n\r\nx\r\n", "\r\n".repeat(1_000_000))),
        ),
        ("a header field of 1 MB", mail(&format!("X-Long: {}\r\n\r\nx\r\n", "folded\r\n ".repeat(MEGABYTE / 9)))),
        ("100,000 header fields", mail(&format!("{}\r\nx\r\n", "X-Field: value\r\n".repeat(100_000)))),
        ("10,000 recipients", Input::Recipients(10_000)),
        ("a PNG of 4 gigapixels", mail(&base64_mail("image/png", &image_bomb()))),
        ("an attachment of 50 MB in base64", mail(&base64_mail("application/zip", &noise(LARGEST / 78 * 57)))),
        ("HTML of 5 MB", mail(&html(&newsletter(5 * MEGABYTE)))),
        ("the same by 8 clients at once", Input::Mail(html(&newsletter(5 * MEGABYTE)).into_bytes(), 8)),
        ("HTML of 50 MB", mail(&html(&newsletter(LARGEST)))),
        ("HTML with a million `<div>` that never close", mail(&html(&"<div>".repeat(1_000_000)))),
        ("the same with `<a>`, by 8 clients at once", Input::Mail(html(&"<a b>".repeat(1_000_000)).into_bytes(), 8)),
        ("a text of 50 MB in quoted-printable", mail(&quoted(LARGEST))),
        ("50 messages of 1 MB side by side", mail(&multipart(&side_by_side(50, MEGABYTE - 1_000)))),
        ("an invitation of 50 MB", mail(&invitation(LARGEST))),
        ("a delivery report of 50 MB", mail(&report(LARGEST))),
        ("a mail of 60 MB, beyond the limit", plain(60 << 20, 1)),
        ("a command line of 1 GB", line(&[], "", "\r\n")),
        ("an AUTH line of 1 GB", line(&[], "AUTH PLAIN ", "\r\n")),
        ("a body line of 1 GB", line(MESSAGE, "", "\r\n.\r\n")),
        (
            "JSON of 16 MB to the API",
            Input::Json(format!("{{\"IDs\":[{}\"x\"]}}", "\"x\",".repeat(4 * MEGABYTE)).into()),
        ),
        ("JSON of a million levels to the API", Input::Json(format!("{{\"IDs\":{}", "[".repeat(1_000_000)).into())),
    ]
}

/// Lines of text: within the limit a message, beyond it a stream that is refused.
fn plain(bytes: u64, at_once: usize) -> Input {
    let again = b"The quick brown fox jumps over the lazy dog, as it does in each line.\r\n".to_vec();
    if bytes > LARGEST as u64 {
        let again = again.repeat(1_000);
        return Input::Stream { after: MESSAGE, begins: "Subject: plain\r\n\r\n", again, bytes, ends: "\r\n.\r\n" };
    }
    let body = again.repeat((bytes as usize / again.len()).max(1));
    Input::Mail([&b"Subject: plain\r\n\r\n"[..], &body].concat(), at_once)
}

fn line(after: &'static [(&'static str, &'static str)], begins: &'static str, ends: &'static str) -> Input {
    Input::Stream { after, begins, again: vec![b'x'; 64 << 10], bytes: GIGABYTE, ends }
}

fn mail(raw: &str) -> Input {
    Input::Mail(raw.as_bytes().to_vec(), 1)
}

fn multipart(parts: &str) -> String {
    format!("Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n")
}

fn nested_multiparts() -> String {
    let level = |n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n");
    (0..100_000).map(level).collect()
}

fn nested_messages() -> String {
    "Content-Type: message/rfc822\r\n\r\n".repeat(100_000)
}

/// One part, an attachment, in lines of 76 as encoders write them.
fn base64_mail(media_type: &str, bytes: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(bytes);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
    multipart(&format!(
        "--b\r\nContent-Type: {media_type}; name=\"file\"\r\nContent-Disposition: attachment\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    ))
}

fn html(body: &str) -> String {
    format!("Subject: HTML\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}\r\n")
}

/// Tables, styles, links and pictures, as newsletters have them.
fn newsletter(bytes: usize) -> String {
    let row = "<tr><td style=\"padding:4px;color:#333\"><a href=\"https://shop.test/item?a=1&amp;b=2\">An offer</a></td>\r\n\
               <td><img src=\"https://img.test/1.png\" alt=\"A picture\" width=\"60\"><p>Some words about it.</p></td></tr>\r\n";
    format!("<html><body><table>\r\n{}</table></body></html>", row.repeat(bytes / row.len()))
}

/// Soft line breaks, escapes, lines that flow.
fn quoted(bytes: usize) -> String {
    let line = "Gr=C3=BC=C3=9Fe an alle, die in der Zeile weiterlesen, bis sie =\r\nzu Ende ist. \r\n";
    format!(
        "Subject: text\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n{}",
        line.repeat(bytes / line.len())
    )
}

fn side_by_side(count: usize, bytes: usize) -> String {
    let line = "A line of the message within, as long as others are.\r\n";
    let inner = format!("From: a@app.test\r\nSubject: inner\r\n\r\n{}", line.repeat(bytes / line.len()));
    format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}").repeat(count)
}

fn invitation(bytes: usize) -> String {
    let attendee = "ATTENDEE;CN=\"<Ann & Bob>\";PARTSTAT=NEEDS-ACTION:mailto:ann@app.test\r\n".repeat(100);
    let event = format!("BEGIN:VEVENT\r\nSUMMARY:\"<Review>\"\r\n{attendee}END:VEVENT\r\n");
    let events = event.repeat(bytes / event.len());
    format!(
        "Subject: calendar\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n\
         BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n{events}END:VCALENDAR\r\n"
    )
}

/// RFC 3464, a group of fields a recipient.
fn report(bytes: usize) -> String {
    let group = "Final-Recipient: rfc822; <ann@app.test>\r\nAction: failed\r\nStatus: 5.1.1\r\n".to_owned()
        + &"X-Diagnostic: \"<&>\" and so on, a line long\r\n".repeat(90)
        + "\r\n";
    format!(
        "Subject: report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n{}",
        group.repeat(bytes / group.len())
    )
}

/// Bytes that no packer makes smaller: the same each time.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut out: Vec<u8> = Vec::with_capacity(bytes + 8);
    while out.len() < bytes {
        out.extend(next());
    }
    out
}

/// Black, 65,535 by 65,535, a bit a pixel: half a gigabyte once it is unpacked (W3C PNG §5).
fn image_bomb() -> Vec<u8> {
    const SIDE: u32 = 65_535;
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(data);
        png.extend((data.len() as u32).to_be_bytes());
        png.extend_from_slice(name);
        png.extend_from_slice(data);
        png.extend(sum.sum().to_be_bytes());
    };
    let side = SIDE.to_be_bytes();
    // Depth 1, grey, the usual packing and filter, not interlaced.
    chunk(b"IHDR", &[&side[..], &side, &[1, 0, 0, 0, 0]].concat());
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let row = vec![0; 1 + SIDE.div_ceil(8) as usize];
    for _ in 0..SIDE {
        packed.write_all(&row).expect("memory");
    }
    chunk(b"IDAT", &packed.finish().expect("memory"));
    chunk(b"IEND", &[]);
    png
}
