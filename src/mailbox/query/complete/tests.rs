use proptest::prelude::*;

use super::*;
use crate::mailbox::Query;

fn known() -> Known {
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Known {
        tags: all(&["signup", "Big Day", "a\"b", "=x"]),
        mailboxes: all(&["worker-3", "a (b"]),
        senders: all(&["ann@shop.test", "joann@shop.test"]),
        recipients: all(&["bob@app.test"]),
    }
}

/// What is offered at the bar, and after a slash the search that the first makes, with its cursor.
fn offered(typed: &str) -> String {
    let cursor = typed.find('|').unwrap();
    let offers = complete(&typed.replace('|', ""), cursor, &known());
    let shown: Vec<_> = offers.iter().map(|offer| &*offer.shown).collect();
    let first = offers.first().map_or_else(String::new, |first| {
        let mut text = first.text.clone();
        text.insert(first.cursor, '|');
        format!(" / {text}")
    });
    shown.join(", ") + &first
}

#[test]
fn what_may_stand_at_the_cursor_is_offered() {
    for (typed, expected) in [
        ("|", "from:, to:, subject:, body:, is:, has:, tag:, - / from:|"),
        ("parcel |", "OR, from:, to:, subject:, body:, is:, has:, - / parcel OR |"),
        ("parcel OR |", "from:, to:, subject:, body:, is:, has:, tag:, - / parcel OR from:|"),
        ("(|)", "from:, to:, subject:, body:, is:, has:, tag:, - / (from:|)"),
        ("-|", "from:, to:, subject:, body:, is:, has:, tag: / -from:|"),
        ("a O|", "OR / a OR |"),
        ("O|", ""),
        ("fr|", "from: / from:|"),
        ("-(SU|) x", "subject: / -(subject:|) x"),
        ("head|", "header. / header.|"),
        ("is:|", "is:unread, is:read, is:tagged, is:kept, is:refusable / is:unread |"),
        ("is:r|) b", "is:read, is:refusable, is:unread / is:read|) b"),
        ("unr|", "is:unread / is:unread |"),
        ("is:unread|", ""),
        ("finding:no-dat|", "finding:no-date / finding:no-date |"),
        ("tag:|", "tag:signup, tag:\"Big Day\", tag:\"=x\" / tag:signup |"),
        ("tag:\"bi|", "tag:\"Big Day\" / tag:\"Big Day\" |"),
        ("tag:=sig|", "tag:=signup / tag:=signup |"),
        ("mailbox:|", "mailbox:worker-3, mailbox:\"a (b\" / mailbox:worker-3 |"),
        ("from:ann|", "from:ann@shop.test, from:joann@shop.test / from:ann@shop.test |"),
        ("x to:| y", "to:bob@app.test / x to:bob@app.test| y"),
        ("bob|", "to:bob@app.test / to:bob@app.test |"),
        ("larger:|", "larger:100kb / larger:100kb |"),
        ("larger:1|", ""),
        ("\"from:|", ""),
        ("fr|om:ann", ""),
        ("\"a b\" fro|", "from: / \"a b\" from:|"),
        ("subject:\"a b\" fro|", "from: / subject:\"a b\" from:|"),
        ("ö fro|", "from: / ö from:|"),
    ] {
        assert_eq!(offered(typed), expected, "{typed}");
    }
}

#[test]
fn each_value_is_one_of_its_term_and_each_that_is_told_is_offered() {
    for (term, value, _) in VALUES {
        assert!(format!("{term}:{value}").parse::<Query>().is_ok(), "{term}:{value}");
    }
    for term in ["is", "has"] {
        let told = format!("{term}:?").parse::<Query>().unwrap_err().example;
        let offered = VALUES.iter().filter(|(of, ..)| *of == term).count();
        assert_eq!(told.matches(&format!("{term}:")).count(), offered, "{told}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_the_offers_are_few_and_can_be_read(text in "[-!\"(): afrotisgODR=ö]{0,24}|.{0,24}", cursor in 0..40usize) {
        let offers = complete(&text, cursor, &known());
        prop_assert!(offers.len() <= COMPLETIONS_MAX);
        for offer in offers {
            prop_assert!(offer.text.is_char_boundary(offer.cursor));
            prop_assert!(offer.text[..offer.cursor].trim_end().ends_with(&offer.shown));
            prop_assert!(!offer.meaning.is_empty());
            if offer.shown.contains(':') && !offer.shown.ends_with(':') {
                prop_assert!(offer.shown.parse::<Query>().is_ok_and(|query| query.len() == 1), "{}", offer.shown);
            }
        }
    }
}
