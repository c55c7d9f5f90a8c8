use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::mailbox::sample::with_raw;
use crate::mailbox::{Message, MessageId};

fn sample() -> Stored {
    let raw = "From: \"Anna Öberg\" <anna@shop.test>\r\nTo: bob@app.test\r\nCc: Carl <carl@app.test>\r\nReply-To: help@shop.test\r\n\
               Subject: Your Order 17 is =?utf-8?q?best=C3=A4tigt?=\r\nMessage-ID: <Order.17@shop.test>\r\n\
               Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe parcel leaves tomorrow, 5 100% sure.\r\n\
               --b\r\nContent-Type: application/pdf; name=invoice.pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
    let message =
        Message::read(MessageId::from_bits(7), "2026-11-24T10:00:00Z".parse().unwrap(), with_raw("worker", raw.into()));
    Stored { seq: 1, read: false, message: Arc::new(message) }
}

#[test]
fn each_term_finds_what_it_names() {
    let stored = sample();
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
        assert_eq!(query.parse::<Query>().unwrap().matches(&stored), expected, "{query}");
    }
}

#[test]
fn a_value_that_cannot_be_read_is_said_with_one_that_can() {
    for (query, said) in [
        ("larger:much", "\"larger:much\" cannot be read; write it like larger:100kb"),
        ("finding:nonsense", "\"finding:nonsense\" cannot be read; write it like finding:bare-lf"),
        ("before:tomorrow", "\"before:tomorrow\" cannot be read; write it like before:2026-12-24"),
        ("subject:", "\"subject:\" cannot be read; write it like subject:\"reset your password\""),
        ("-to:\"\"", "\"to:\" cannot be read; write it like to:ann@app.test"),
        ("is:open", "\"is:open\" cannot be read; write it like is:unread"),
    ] {
        assert_eq!(query.parse::<Query>().unwrap_err().to_string(), said);
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
        assert!(!matches!(query.clauses[0].test, Test::Word(_)), "{}", term.name);
    }
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in "[-!\" a-z:öx0-9]{0,40}|.{0,40}") {
        if let Ok(query) = text.parse::<Query>() {
            query.matches(&sample());
        }
    }

    #[test]
    fn plain_words_are_never_lost(words in proptest::collection::vec("[a-z]{1,8}", 1..6)) {
        let query: Query = words.join("  ").parse().unwrap();
        prop_assert_eq!(query.clauses.len(), words.len());
    }
}
