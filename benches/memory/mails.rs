//! Mails as applications send them.

use std::fmt::Write;

/// A name, and the mail of that kind with this number.
pub(crate) type Kind = (&'static str, fn(usize) -> Vec<u8>);

pub(crate) const KINDS: &[Kind] =
    &[("text of 600 bytes", text), ("HTML of 10 kB", alternative), ("attachment of 100 kB", attachment)];

fn head(number: usize) -> String {
    format!(
        "From: Ann Example <ann@app.test>\r\nTo: Bob Miller <bob{number}@app.test>\r\nSubject: Your order no. {number}\r\n\
         Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <0196.{number}.20261124120000@app.test>\r\nMIME-Version: 1.0\r\n"
    )
}

pub(crate) fn text(number: usize) -> Vec<u8> {
    let mut mail = head(number) + "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    while mail.len() < 540 {
        mail += "Dear Bob, the quick brown fox jumps over the lazy dog.\r\n";
    }
    while mail.len() < 598 {
        mail.push('.');
    }
    (mail + "\r\n").into_bytes()
}

pub(crate) fn alternative(number: usize) -> Vec<u8> {
    let mut mail = head(number) + "Content-Type: multipart/alternative; boundary=\"--=_b1\"\r\n\r\n";
    mail +=
        "----=_b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    (0..20).for_each(|line| {
        let _ = write!(mail, "Item {line}: a gr=C3=BCn box for EUR {}.00, shipped on Monday.\r\n", number % 97 + line);
    });
    mail += "----=_b1\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><table>\r\n";
    let mut line = 0;
    while mail.len() < 10_000 {
        line += 1;
        let _ = write!(
            mail,
            "<tr><td style=3D\"color:#333;font-family:Arial\"><a href=3D\"https://app.test/i/{line}\">Item {line}</a></td><td>{}.00</td></tr>\r\n",
            number % 97 + line
        );
    }
    (mail + "</table></body></html>\r\n----=_b1--\r\n").into_bytes()
}

pub(crate) fn attachment(number: usize) -> Vec<u8> {
    let mut mail =
        head(number) + "Content-Type: multipart/mixed; boundary=b2\r\n\r\n--b2\r\nContent-Type: text/plain\r\n\r\n";
    let _ = write!(
        mail,
        "Here is the invoice no. {number}.\r\n--b2\r\nContent-Type: application/pdf; name=\"invoice-{number}.pdf\"\r\n"
    );
    let _ = write!(
        mail,
        "Content-Disposition: attachment; filename=\"invoice-{number}.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    let mut random = number as u64 + 1;
    while mail.len() < 100_000 {
        for _ in 0..19 {
            random = super::chance(random);
            (0..4).for_each(|at| mail.push(char::from(LETTERS[(random >> (40 + 6 * at)) as usize % 64])));
        }
        mail += "\r\n";
    }
    (mail + "--b2--\r\n").into_bytes()
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
