use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::mailbox::sample::with_raw;
use crate::mailbox::{Message, MessageId};

pub(super) fn sample() -> (Stored, Box<str>) {
    let raw = "From: \"Anna Öberg\" <anna@shop.test>\r\nTo: bob@app.test\r\nCc: Carl <carl@app.test>\r\nReply-To: help@shop.test\r\n\
               Subject: Your Order 17 is =?utf-8?q?best=C3=A4tigt?=\r\nMessage-ID: <Order.17@shop.test>\r\n\
               X-Tags: signup, Big Day\r\nX-Mailer: PHPMailer 6.9\r\n\
               Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe parcel leaves tomorrow, 5 100% sure.\r\n\
               --b\r\nContent-Type: application/pdf; name=invoice.pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
    let (message, text) =
        Message::read(MessageId::from_bits(7), "2026-11-24T10:00:00Z".parse().unwrap(), with_raw("worker", raw.into()));
    (Stored { seq: 1, read: false, kept: false, tags: message.tags.clone(), message: Arc::new(message) }, text)
}

#[test]
fn each_term_finds_what_it_names() {
    let (stored, text) = sample();
    for (query, expected) in [
        ("", true),
        ("parcel tomorrow", true),
        ("\"parcel leaves\"", true),
        ("\"leaves parcel\"", false),
        ("PARCEL", true),
        ("parcel -tomorrow", false),
        ("-monday !tuesday", true),
        ("-\"parcel leaves\"", false),
        ("from:anna", true),
        ("from:öberg", true),
        ("from:bounce@", true),
        ("from:bob", false),
        ("-from:bob", true),
        ("to:bob", true),
        ("to:eve", true),
        ("to:carl", false),
        ("cc:carl", true),
        ("bcc:eve", true),
        ("bcc:bob", false),
        ("reply-to:help", true),
        ("addressed:carl", true),
        ("addressed:nobody", false),
        ("subject:bestätigt", true),
        ("subject:\"order 17\"", true),
        ("Subject:ORDER", true),
        ("message-id:<order.17@shop.test>", true),
        ("mailbox:worker", true),
        ("mailbox:Worker", false),
        ("is:unread", true),
        ("is:read", false),
        ("has:attachment", true),
        ("has:inline", false),
        ("has:findings", true),
        ("finding:no-date", true),
        ("finding:bare-lf", false),
        ("is:refusable", false),
        ("-is:refusable", true),
        ("larger:100 smaller:1mb", true),
        ("larger:1mb", false),
        ("before:2026-11-24", false),
        ("before:2026-11-25 after:2026-11-24", true),
        ("after:2026-11-24T10:00:01Z", false),
        ("envelope:bounce@app.test", true),
        ("envelope:anna@shop.test", false),
        ("from:=anna@shop.test", true),
        ("from:=ANNA@shop.test", true),
        ("from:=nna@shop.test", false),
        ("subject:=\"Your Order 17 is bestätigt\"", true),
        ("subject:=\"your order 17 is bestätigt\"", false),
        ("subject:/order [0-9]+ is/", true),
        ("subject:/^order/", false),
        ("-subject:/^order/", true),
        ("body:parcel", true),
        ("body:order", false),
        ("body:/leaves (today|tomorrow)/", true),
        ("header.x-mailer:phpmailer", true),
        ("Header.X-Mailer:=\"PHPMailer 6.9\"", true),
        ("header.x-other:x", false),
        ("header.:x", false),
        ("tag:signup", true),
        ("tag:SIGNUP", true),
        ("tag:sign", false),
        ("tag:\"big day\"", true),
        ("tag:/big/", true),
        ("is:tagged", true),
        ("attachment:pdf", true),
        ("attachment:application/pdf", true),
        ("attachment-name:=invoice.pdf", true),
        ("attachment-type:image/", false),
        ("attachment-digest:9dd4e461268c8034f5c8564e155c67a6", true),
        ("attachment-digest:00000000000000000000000000000000", false),
        ("\"subjct:x\"", false),
        ("form://x", false),
        ("12:30", false),
        ("/reset/confirm", false),
        ("body:/reset/confirm", false),
        ("invoice.pdf", true),
        ("http://elsewhere", false),
        ("5 100%", true),
        ("5_100%", false),
        ("- parcel", true),
        ("\"parcel", true),
        ("parcel\u{a0}tomorrow", true),
        ("monday\u{a0}tomorrow", false),
        ("tomorrow\u{3000}monday", false),
        ("\u{a0}monday\u{b}", false),
        ("mailbox:", false),
    ] {
        assert_eq!(query.parse::<Query>().unwrap().matches(&stored, &text), expected, "{query}");
    }
}

#[test]
fn a_value_that_cannot_be_read_is_said_with_one_that_can() {
    for (query, said) in [
        ("larger:much", "\"larger:much\" cannot be read; write it like larger:100kb"),
        ("finding:nonsense", "\"finding:nonsense\" cannot be read; write it like finding:bare-lf"),
        ("before:tomorrow", "\"before:tomorrow\" cannot be read; write it like before:2026-12-24"),
        ("subject:", "\"subject:\" cannot be read; write it like subject:\"reset your password\""),
        ("message-id:<>", "\"message-id:<>\" cannot be read; write it like message-id:abc@app.test"),
        ("-to:\"\"", "\"to:\" cannot be read; write it like to:ann@app.test"),
        ("is:open", "\"is:open\" cannot be read; write it like is:read, is:unread, is:tagged, is:kept or is:refusable"),
        ("body:/(/", "\"body:/(/\" cannot be read (unclosed group); write it like subject:/order #[0-9]+/"),
        (
            "subjct:x",
            "\"subjct:x\" cannot be read (there is no such term; in quotes it is words); write it like subject:\"reset your password\"",
        ),
        (
            "form:ann",
            "\"form:ann\" cannot be read (there is no such term; in quotes it is words); write it like from:billing@",
        ),
        ("subject:=", "\"subject:\" cannot be read; write it like subject:\"reset your password\""),
        (
            "attachment-digest:xyz",
            "\"attachment-digest:xyz\" cannot be read; write it like attachment-digest:d41d8cd98f00b204e9800998ecf8427e",
        ),
    ] {
        assert_eq!(query.parse::<Query>().unwrap_err().to_string(), said);
    }
}

#[test]
fn a_miss_says_what_was_expected_and_what_is_there() {
    let (stored, text) = sample();
    for (query, said) in [
        ("subject:welcome", "subject: expected to contain \"welcome\", found \"Your Order 17 is bestätigt\""),
        ("-subject:order", "subject: expected not to contain \"order\", found \"Your Order 17 is bestätigt\""),
        ("to:=ann@app.test", "to: expected to be \"ann@app.test\", found \"bob@app.test\", \"eve@app.test\""),
        ("cc:/^dora@/", "cc: expected to match /^dora@/, found \"Carl <carl@app.test>\""),
        ("header.x-kind:a", "header.x-kind: expected to contain \"a\", found no such field"),
        ("tag:beta", "tag: expected to be \"beta\", found \"Big Day\", \"signup\""),
        (
            "monday",
            "message: expected to contain \"monday\", found \"Your Order 17 is bestätigt\", \"The parcel leaves tomorrow, 5 100% sure.\"",
        ),
        ("attachment:png", "attachment: expected to contain \"png\", found \"invoice.pdf\" (application/pdf)"),
        ("mailbox:other", "mailbox: expected to be \"other\", found \"worker\""),
        ("is:read", "is: expected to be read, found unread"),
        ("larger:1mb", "larger: expected to be larger than 1 MB, found 439 B"),
        ("finding:bare-lf", "finding: expected to have bare-lf, found header-eight-bit, no-date"),
    ] {
        let misses = query.parse::<Query>().unwrap().misses(&stored, &text);
        let [Miss { term, expected, found, .. }] = &misses[..] else { panic!("{query}: {misses:?}") };
        assert_eq!(format!("{term}: expected {expected}, found {found}"), said);
    }
}

#[test]
fn signs_and_quotes_alone_ask_for_nothing() {
    for query in ["", " ", "-", "!", "\"\"", "-\"\"", "\u{a0}"] {
        assert!(query.parse::<Query>().unwrap().is_empty(), "{query:?}");
    }
}

#[test]
fn every_row_of_the_language_works_by_its_example() {
    for term in TERMS {
        let query = Query::parse(term.example).unwrap();
        assert_eq!(query.clauses.len(), 1, "{}", term.name);
        assert!(!matches!(query.clauses[0].test, Test::Text(Place::Anywhere, _)), "{}", term.name);
    }
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in "[-!\" a-z:öx0-9]{0,40}|.{0,40}") {
        if let Ok(query) = text.parse::<Query>() {
            let (stored, text) = sample();
            query.matches(&stored, &text);
        }
    }

    #[test]
    fn what_a_query_says_of_itself_means_the_same(
        text in "[a-zA-Zöß .@+/=-]{1,12}",
        how in 0..3,
        place in 0..6,
        negated: bool,
    ) {
        let pattern = match how {
            0 => containing(text.as_str()),
            1 => equal_to(text.as_str()),
            _ => matching(&text).unwrap_or_else(|_| matching(&regex::escape(&text)).unwrap()),
        };
        let built = match place {
            0 => to(pattern),
            1 => from(pattern),
            2 => subject(pattern),
            3 => body(pattern),
            4 => Query::default().header("X-Mailer", pattern),
            _ => Query::default().message_id(pattern),
        };
        let sign = if negated { "-" } else { "" };
        let said = format!("{sign}{built} is:unread");
        let read: Query = said.parse().unwrap();
        let (stored, text) = sample();
        prop_assert_eq!(read.matches(&stored, &text), built.matches(&stored, &text) != negated, "{}", said);
        if !said.contains("message-id") {
            prop_assert_eq!(read.to_string(), said);
        }
    }

    #[test]
    fn a_query_matches_what_it_misses_nothing_of(text in "[-!\" a-z:öx0-9/=]{0,40}") {
        if let Ok(query) = text.parse::<Query>() {
            let (stored, text) = sample();
            prop_assert_eq!(query.matches(&stored, &text), query.misses(&stored, &text).is_empty());
        }
    }

    #[test]
    fn plain_words_are_never_lost(words in proptest::collection::vec("[a-z]{1,8}", 1..6)) {
        let query: Query = words.join("  ").parse().unwrap();
        prop_assert_eq!(query.clauses.len(), words.len());
    }
}
