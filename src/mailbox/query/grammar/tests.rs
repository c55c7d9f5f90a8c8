use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::mailbox::query::tests::sample;

#[test]
fn alternatives_and_groups_mean_what_they_say() {
    let (stored, text) = sample();
    for (query, expected) in [
        ("monday OR parcel", true),
        ("monday OR tuesday", false),
        ("parcel OR monday", true),
        // What stands side by side belongs together.
        ("monday tomorrow OR parcel", true),
        ("parcel monday OR tuesday", false),
        ("parcel (monday OR tomorrow)", true),
        ("monday (parcel OR tomorrow)", false),
        ("(monday OR parcel) (tuesday OR tomorrow)", true),
        ("-(monday OR tuesday)", true),
        ("-(monday OR parcel)", false),
        ("-(parcel tomorrow)", false),
        ("-(parcel monday)", true),
        ("!(parcel monday)", true),
        ("-(-(parcel))", true),
        ("-(-parcel OR monday)", true),
        ("-(-parcel OR tomorrow)", false),
        ("(((parcel)))", true),
        ("( parcel )", true),
        ("(monday OR (tuesday OR (wednesday OR parcel)))", true),
        // Words and what stands beside them, in one.
        ("(is:read OR parcel)", true),
        ("(is:read OR monday)", false),
        ("(is:unread monday OR parcel from:anna)", true),
        ("-(is:unread parcel)", false),
        ("-(is:unread monday)", true),
        ("-(is:unread OR parcel)", false),
        ("(from:nobody OR body:parcel) has:attachment", true),
        ("(body:monday OR body:tuesday)", false),
        ("(subject:/^your/ OR monday)", true),
        ("(tag:signup)", true),
        ("(subject:\"order 17\")", true),
        ("(subject:=\"Your Order 17 is bestätigt\" OR monday)", true),
        ("monday OR\u{3000}parcel", true),
    ] {
        assert_eq!(query.parse::<Query>().unwrap().matches(&stored, &text), expected, "{query}");
    }
}

#[test]
fn brackets_within_words_and_small_letters_stay_words() {
    for (query, read) in [
        ("a or b", "a or b"),
        ("a Or b", "a Or b"),
        ("\"OR\"", "\"OR\""),
        ("a \"OR\" b", "a \"OR\" b"),
        ("ORDER", "ORDER"),
        ("-OR", "-\"OR\""),
        ("foo(bar)", "\"foo(bar)\""),
        (":)", "\":)\""),
        (":(", "\":(\""),
        ("f(x))", "\"f(x))\""),
        ("subject:(x)", "subject:\"(x)\""),
        ("(foo(bar))", "\"foo(bar)\""),
        ("(foo(bar) OR is:read)", "\"foo(bar)\" OR is:read"),
        ("(subject:f(x) b)", "subject:\"f(x)\" b"),
        ("(subject:/a(b|c)/)", "subject:/a(b|c)/"),
        ("subject:/a\\)/ OR b", "subject:/a\\)/ OR b"),
        ("\"a)\" OR b", "\"a)\" OR b"),
        ("tag:=\"a)\" OR b", "tag:=\"a)\" OR b"),
        ("a OR(b c)", "a OR b c"),
    ] {
        assert_eq!(query.parse::<Query>().unwrap().to_string(), read, "{query}");
    }
}

#[test]
fn what_has_no_other_side_is_refused_with_the_place_and_a_way_out() {
    for (query, said) in [
        (
            "a (b OR c",
            "\"(b OR c\" cannot be read (its bracket is never closed; in quotes it is a word); write it like (from:ann OR from:bob) is:unread",
        ),
        (
            "(a) b)",
            "\"b)\" cannot be read (its bracket was never opened; in quotes it is a word); write it like (from:ann OR from:bob) is:unread",
        ),
        (
            "a OR",
            "\"OR\" cannot be read (nothing stands behind this OR; in quotes it is a word); write it like from:ann OR from:bob",
        ),
        (
            "OR a",
            "\"OR a\" cannot be read (nothing stands before this OR; in quotes it is a word); write it like from:ann OR from:bob",
        ),
        (
            "a ()",
            "\"()\" cannot be read (nothing stands between the brackets; in quotes it is a word); write it like (from:ann OR from:bob) is:unread",
        ),
        (
            "(0)30",
            "\")30\" cannot be read (a space is missing behind the bracket; in quotes it is a word); write it like (from:ann OR from:bob) is:unread",
        ),
    ] {
        assert_eq!(query.parse::<Query>().unwrap_err().to_string(), said, "{query}");
    }
    let others = [
        "(",
        ")",
        "a )",
        "-(",
        "-()",
        "(-)",
        "(\"\")",
        "a OR -",
        "- OR a",
        "a OR \"\"",
        "a OR OR b",
        "(a OR) b",
        "(OR a)",
        "OR",
        "(OR)",
        "((a)",
        "(a))",
        ":) OR b",
        "(:) OR b)",
        "subject:(a OR b)",
        "(\"a)",
        "(from:) a",
        "(a OR subjct:x)",
    ];
    for query in others {
        assert!(query.parse::<Query>().is_err(), "{query}");
    }
}

#[test]
fn twenty_groups_within_each_other_are_read_and_no_more() {
    let nested = |depth| format!("{}parcel{}", "-(is:unread ".repeat(depth), ")".repeat(depth));
    let (stored, text) = sample();
    assert!(nested(DEPTH_MAX).parse::<Query>().unwrap().matches(&stored, &text));
    let said = nested(DEPTH_MAX + 1).parse::<Query>().unwrap_err().to_string();
    assert!(said.contains("(brackets can be 20 deep, not more)"), "{said}");
}

/// Five hundred of `/\w{8}/` took nine seconds and a quarter of a gigabyte, at each letter typed behind them.
#[test]
fn twenty_expressions_are_made_and_no_more() {
    let many = |count| "subject:/order/ ".repeat(count);
    assert_eq!(many(EXPRESSIONS_MAX).parse::<Query>().unwrap().len(), EXPRESSIONS_MAX);
    for text in [many(EXPRESSIONS_MAX + 1), format!("({}) OR ({0})", many(EXPRESSIONS_MAX - 1).trim_end())] {
        let said = text.parse::<Query>().unwrap_err().to_string();
        assert!(said.contains("(a search can have 20 regular expressions, not more)"), "{said}");
    }
}

fn nested() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("parcel"),
        Just("monday"),
        Just("tomorrow"),
        Just("\"OR\""),
        Just("\"a (b\""),
        Just("\"from:x\""),
        Just("f(x)"),
        Just("is:unread"),
        Just("is:read"),
        Just("from:anna"),
        Just("-from:bob"),
        Just("subject:/order (17|18)/"),
        Just("to:=bob@app.test"),
        Just("body:parcel"),
        Just("tag:signup"),
        Just("has:inline"),
        Just("-mailbox:worker"),
    ];
    word.prop_map(str::to_owned).prop_recursive(5, 40, 4, |inner| {
        let all = vec(inner, 1..4).prop_map(|all| all.join(" "));
        let either = vec(all, 1..4).prop_map(|all| all.join(" OR "));
        (any::<bool>(), either).prop_map(|(negated, all)| format!("{}({all})", if negated { "-" } else { "" }))
    })
}

/// The meaning by the book: the innermost brackets first.
fn by_the_book(query: &str, holds: &mut impl FnMut(&str) -> bool) -> bool {
    let mut tokens = Vec::new();
    let (mut quoted, mut begun, mut depth) = (false, 0, 0);
    for (at, char) in query.char_indices().chain([(query.len(), ' ')]) {
        match char {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ' ' if !quoted && depth == 0 => {
                tokens.push(&query[begun..at]);
                begun = at + 1;
            }
            _ => {}
        }
    }
    tokens.split(|token| *token == "OR").any(|all| {
        all.iter().all(|token| match token.strip_prefix('-') {
            Some(rest) => !by_the_book_one(rest, holds),
            None => by_the_book_one(token, holds),
        })
    })
}

fn by_the_book_one(token: &str, holds: &mut impl FnMut(&str) -> bool) -> bool {
    match token.strip_prefix('(').and_then(|token| token.strip_suffix(')')) {
        Some(inner) => by_the_book(inner, holds),
        None => holds(token),
    }
}

proptest! {
    #[test]
    fn nested_searches_mean_what_algebra_says(query in nested()) {
        // An expression with a space in it is a word of its own here.
        let query = query.replace("subject:/order (17|18)/", "subject:/order.(17|18)/");
        let (stored, text) = sample();
        let read: Query = query.parse().unwrap();
        let expected = by_the_book(&query, &mut |one| one.parse::<Query>().unwrap().matches(&stored, &text));
        prop_assert_eq!(read.matches(&stored, &text), expected);
        prop_assert_eq!(read.misses(&stored, &text).is_empty(), expected);
        if !read.is_mixed() {
            prop_assert_eq!(read.fits_text(&text) && read.matches_beside_words(stored.as_kept()), expected);
        }
    }

    #[test]
    fn what_a_nested_search_says_of_itself_is_itself(query in nested()) {
        let read: Query = query.parse().unwrap();
        let said = read.to_string();
        let again: Query = said.parse().unwrap();
        let (stored, text) = sample();
        prop_assert_eq!(again.matches(&stored, &text), read.matches(&stored, &text));
        prop_assert_eq!(again.to_string(), said);
    }

    #[test]
    fn what_is_built_is_what_algebra_says(one in nested(), other in nested()) {
        let (stored, text) = sample();
        let [one, other]: [Query; 2] = [one.parse().unwrap(), other.parse().unwrap()];
        let holds = |query: &Query| query.to_string().parse::<Query>().unwrap().matches(&stored, &text);
        let both = one.clone().and(other.clone());
        prop_assert_eq!(holds(&both), holds(&one) && holds(&other));
        prop_assert_eq!(holds(&one.clone().or(other.clone())), holds(&one) || holds(&other));
        prop_assert_eq!(holds(&both.negated()), !(holds(&one) && holds(&other)));
    }

    #[test]
    fn whatever_is_typed_without_quotes_says_itself(
        pieces in vec(prop_oneof![
            "[-!=/():<>a-zOR.@ö]{1,4}", Just(" ".to_owned()), Just(" OR ".to_owned()), Just("(".to_owned()), Just(")".to_owned()),
            "-?(subject|from|message-id|tag|mailbox|header[.]x|attachment|is):",
        ], 0..8),
    ) {
        if let Ok(read) = pieces.concat().parse::<Query>() {
            let said = read.to_string();
            let again = said.parse::<Query>();
            prop_assert!(again.is_ok(), "{} {:?}", said, again);
            prop_assert_eq!(again.unwrap().to_string(), said);
        }
    }

    #[test]
    fn no_bracket_makes_a_search_that_finds_everything(text in "[-a(\" )OR:/=]{0,24}") {
        if let Ok(query) = text.parse::<Query>() {
            let asks = text.contains(|char: char| !char.is_whitespace() && !"-\"".contains(char));
            prop_assert!(!asks || !query.is_empty(), "{}", query);
            let again = query.to_string().parse::<Query>();
            prop_assert!(again.is_ok_and(|again| again.len() == query.len()) || text.contains('"'), "{}", query);
        }
    }
}

#[test]
fn nothing_and_everything_have_their_opposites() {
    let (stored, text) = sample();
    let nothing = Query::default().negated();
    assert!(!nothing.matches(&stored, &text) && !nothing.to_string().parse::<Query>().unwrap().matches(&stored, &text));
    assert!(Query::default().or(nothing).is_empty());
}
