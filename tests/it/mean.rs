//! Mails that were made to hurt: the inputs that abort or choke other parsers, on the stack of a server's worker.
//! What is asserted is the outcome and its limits, never the time; a test that hangs has failed.

use crate::checked::{checked, opened};
use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::prelude::*;
use restante::mail::View;
use restante::mail::html::{html_to_text, prepare};
use restante::mail::structure::{NESTING_MAX, PARTS_MAX};
use restante::mail::weight::HeapBytes;

/// Reads a mail as a worker does, holds the view to what must be true of any, and says what was found.
fn read(raw: impl Into<Vec<u8>>) -> (View, String) {
    let raw = raw.into();
    let worker = std::thread::Builder::new().stack_size(2 << 20);
    let (view, found) = worker.spawn(move || (checked(&raw), raw)).unwrap().join().unwrap().0;
    (view, found)
}

#[test]
fn five_thousand_messages_within_each_other_within_base64() {
    let nest = "Content-Type: message/rfc822\r\n\r\n".repeat(5_000);
    let raw = format!(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        BASE64_STANDARD.encode(nest)
    );
    assert!(raw.len() > 110_000);
    let (view, _) = read(raw.clone());
    assert_eq!(view.structure.parts.len(), 1);
    // Opened as a message of its own it is the same again.
    let inner = view.structure.root().bytes(raw.as_bytes()).into_owned();
    assert_eq!(read(inner).0.structure.parts.len(), 1);
}

#[test]
fn fifty_thousand_references_to_ten_thousand_parts() {
    let images: String = (1..PARTS_MAX).map(|n| format!("--b\nContent-ID: <c{n}>\n\n")).collect();
    let html = "<img src=\"cid:nowhere\">\n".repeat(50_000);
    let raw = format!("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{html}{images}");
    let (view, _) = read(raw);
    assert_eq!(view.structure.parts.len(), PARTS_MAX);
    assert_eq!(view.referred("c9000").map(|part| &*part.id), Some("9001"));
}

#[test]
fn a_hundred_thousand_messages_within_each_other() {
    let (view, _) = read("Content-Type: message/rfc822\n\n".repeat(100_000));
    assert_eq!(view.structure.parts.len(), 1);
    let digest: String =
        (0..20_000).map(|n| format!("Content-Type: multipart/digest; boundary=\"{n}\"\n\n--{n}\n\n")).collect();
    assert_eq!(read(digest).0.structure.parts.len(), 2);
}

#[test]
fn a_hundred_thousand_multiparts_within_each_other() {
    let raw: String =
        (0..100_000).map(|n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n")).collect();
    let (view, found) = read(raw);
    assert_eq!(view.structure.parts.len(), NESTING_MAX + 1);
    assert!(found.contains("too-deep"), "{found}");
}

#[test]
fn the_same_boundary_within_itself_a_hundred_thousand_times() {
    let (view, found) = read("Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(100_000));
    assert!(view.structure.parts.len() > NESTING_MAX);
    assert!(found.contains("too-deep"), "{found}");
}

#[test]
fn a_label_of_a_hundred_kilobytes_that_ten_thousand_parts_inherit() {
    let label = "x".repeat(100_000);
    let raw = format!("Content-Type: multipart/mixed; charset={label}; boundary=b\n\n{}", "--b\n\n".repeat(PARTS_MAX));
    let bytes = raw.len();
    let (view, found) = read(raw);
    assert!(found.contains("charset-unknown"), "{found}");
    assert!(view.heap_bytes() < 50 * bytes, "{} for {bytes}", view.heap_bytes());
}

#[test]
fn two_hundred_thousand_tiny_parts() {
    let part = "--b\nContent-Type: image/png\n\nx\n";
    for kind in ["mixed", "alternative", "digest"] {
        let raw = format!("Content-Type: multipart/{kind}; boundary=b\n\n{}--b--\n", part.repeat(200_000));
        let (view, found) = read(raw);
        assert_eq!(view.structure.parts.len(), PARTS_MAX);
        assert!(found.contains("too-many-parts"), "{found}");
    }
}

#[test]
fn a_megabyte_of_one_thing_in_every_field() {
    let fields = ["From", "To", "Subject", "Date", "Received", "Message-ID", "Content-Type", "Content-Disposition"];
    for thing in ["(", "<", "\"", ",", ";", "\\", "=?u?Q?", "=?utf-8?q?a?= ", ":", "@", "a*0=", "\t", "\n ", "\u{fc}"] {
        let value = thing.repeat(120_000 / thing.len());
        let raw: String = fields.iter().map(|field| format!("{field}: {value}\n")).collect();
        read(raw + "\nbody\n");
    }
    let (view, _) = read(format!("From: {}\n\n", "(".repeat(1 << 20)));
    assert!(view.from().len() <= 1);
}

#[test]
fn a_hundred_thousand_fields() {
    let (view, found) = read("X-A: b\n".repeat(100_000) + "Subject: last\n\n");
    assert_eq!(&*view.subject, "last");
    assert!(!found.contains("header-line-unread"));
    let (view, found) = read("no field\nTo: a@b.test\n".repeat(50_000));
    assert!(found.contains("header-line-unread") && found.contains("field-repeated"), "{found}");
    assert!(view.to().len() <= 50_000);
}

#[test]
fn a_million_blank_lines() {
    assert!(read("\r\n".repeat(1_000_000)).1.contains("no-header"));
    assert_eq!(&*read("\n".repeat(1_000_000) + "Subject: x\n\n").0.subject, "x");
    read("\r".repeat(1_000_000));
}

#[test]
fn near_misses_of_a_boundary() {
    let boundary = "-".repeat(70);
    let head = format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n");
    assert!(read(format!("{head}{}", "-".repeat(2_000_000))).1.contains("boundary-missing"));
    let long = "x".repeat(100_000);
    let misses = format!("--{long}y\n").repeat(40);
    let raw = format!("Content-Type: multipart/mixed; boundary=\"{long}\"\n\n{misses}--{long}\n\nfound\n--{long}--\n");
    assert_eq!(read(raw).0.structure.parts.len(), 2);
}

#[test]
fn a_hundred_thousand_sections_of_a_file_name() {
    let sections: String = (0..100_000).map(|n| format!(";\n filename*{n}*=%41")).collect();
    read(format!("Content-Disposition: attachment{sections}\n\n"));
}

#[test]
fn what_panicked_mail_parser() {
    for raw in [
        "Received:\n\t",
        "Received: from x (y)\r\n\t",
        "Received: from x by y;\r\n\t",
        "",
        "\n",
        "From:",
        "Content-Disposition: =?utf-8?q?attachment?=; filename=\"=?utf-8?q?=C3=BC?=\"",
        "Content-Disposition: attachment; filename==?utf-8?B?w7w=?=; filename*=x'",
        "Content-Type: multipart/mixed; boundary=",
        "Content-Type: multipart/mixed; boundary=x\n\n--x",
        "Content-Type: multipart/mixed; boundary=x\n\n--x--",
        "Content-Transfer-Encoding: quoted-printable\n\n=",
        "Content-Transfer-Encoding: base64\n\n=",
        "Subject: =?",
        "Date: 99999999999999999999 Jan 99999999 99:99:99 +99999",
    ] {
        for raw in [raw.to_owned(), format!("{raw}\r\n\r\n"), raw.replace('\n', "\r")] {
            read(raw);
        }
    }
}

#[test]
fn a_megabyte_of_html_that_never_closes() {
    for thing in ["<div>", "<a href=x>", "<!--", "<style>", "<td", "&#", "<p style='background:url("] {
        let body = thing.repeat(500_000 / thing.len());
        read(format!("Content-Type: text/html\n\n{body}"));
    }
}

/// Bytes folded to what mail is made of, so that they get deep.
fn mail_shaped() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: multipart/digest; boundary=\"c\"",
        "Content-Type: ",
        "text/html; charset=",
        "utf-8",
        "iso-2022-jp",
        "utf-16",
        "message/rfc822",
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable",
        "Content-Disposition: attachment; filename",
        "*0*=utf-8''%C3",
        "*1=",
        "=?utf-8?q?=C3?=",
        "=?x?b?",
        "?=",
        "From: ",
        "To: ",
        "Date: ",
        "Subject: ",
        "Message-ID: <",
        "Mon, 20 Jul 2026",
        "--b",
        "--c",
        "--",
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\n ",
        "\t",
        " ",
        ";",
        ":",
        "=",
        "\"",
        "<",
        ">",
        "(",
        ")",
        "@",
        ",",
        "\\",
        "<p>",
        "<style>",
        "<img src=cid:x>",
        "url(",
        "</a>",
        "&amp;",
        "\0",
        "\u{1b}$B",
        "ü",
        "From ",
    ]);
    let piece = prop_oneof![9 => pieces.prop_map(|piece| piece.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..4)];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_message(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        checked(&raw);
    }

    #[test]
    fn anything_like_a_mail_is_a_message(raw in mail_shaped()) {
        let (view, _) = checked(&raw);
        for part in &view.structure.parts {
            checked(&part.bytes(&raw));
        }
        opened(&raw, &view);
    }

    #[test]
    fn any_text_is_html(html in "([<>/='\"&;:() a-z]|<(a|img|p|style|script|svg) (href|src|style|onload)=|url\\(|javascript:|cid:|\\PC){0,200}") {
        prepare(&html, |reference| Some(reference.to_owned()), true);
        let prepared = prepare(&html, |_| None, false);
        let again = prepare(&prepared.html, |_| None, false);
        prop_assert!(again.remote.is_empty(), "{:?} is still fetched by {}", again.remote, prepared.html);
        html_to_text(&html);
    }
}
