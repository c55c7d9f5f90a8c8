use proptest::prelude::*;

use super::*;
use crate::mailbox::query::tests::sample;

/// The text with its pieces in brackets.
fn marked(query: &str, shown: Shown, text: &str) -> String {
    let mut marked = text.to_owned();
    for hit in query.parse::<Query>().unwrap().hits(shown, text).into_iter().rev() {
        marked.insert(hit.end, ']');
        marked.insert(hit.start, '[');
    }
    marked
}

#[test]
fn what_is_asked_for_is_marked_where_it_may_stand() {
    for (query, shown, text) in [
        ("order", Shown::Subject, "Your [Order] 17, re[order]"),
        ("order subject:17", Shown::Subject, "Your [Order] [17]"),
        ("ord rder", Shown::Subject, "[order]"),
        ("\"order 17\"", Shown::Text, "your [ORDER 17]"),
        ("-order", Shown::Subject, "order"),
        ("-(order OR -17)", Shown::Subject, "order 17"),
        ("order OR (17 is:read)", Shown::Subject, "[order] [17]"),
        ("subject:order", Shown::Text, "order"),
        ("subject:/o[a-z]+r|$/", Shown::Subject, "[order] 17"),
        ("subject:=\"Order 17\"", Shown::Subject, "[Order 17]"),
        ("subject:=\"order 17\"", Shown::Subject, "Order 17"),
        ("body:/ann/", Shown::Text, "[ANN]a"),
        ("from:ann", Shown::Sender, "[Ann] <[ann]@app.test>"),
        ("from:ann", Shown::Recipient, "ann@app.test"),
        ("to:1@app", Shown::Recipient, "11@app.test"),
        ("to:1@app", Shown::Recipient, "[1@app].test"),
        ("to:=ANN@app.test", Shown::Recipient, "[ann@app.test]"),
        ("addressed:ann envelope:app", Shown::Sender, "[ann]@[app].test"),
        ("tag:order has:attachment", Shown::Subject, "order"),
        ("öster", Shown::Subject, "Am [ÖSTER]reicher"),
        ("straße", Shown::Subject, "Zur [STRAẞE]!"),
        ("i", Shown::Subject, "[İ]stanbul"),
        ("ΟΔΟΣ", Shown::Subject, "[Οδος] 1"),
        ("b", Shown::Subject, "İİ[b]İ"),
    ] {
        assert_eq!(marked(query, shown, &text.replace(['[', ']'], "")), text, "{query}");
    }
}

#[test]
fn there_are_never_more_marks_than_a_page_can_bear() {
    let query: Query = "a".parse().unwrap();
    assert_eq!(query.hits(Shown::Text, &"a ".repeat(100_000)).len(), HITS_MAX);
    let many = (0..1_000).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" OR ");
    assert!(many.parse::<Query>().unwrap().can_hit(Shown::Text));
}

proptest! {
    #[test]
    fn pieces_are_in_order_apart_and_on_boundaries(
        words in proptest::collection::vec("[aßİiΣσς ]{1,2}|[aé]", 1..4),
        text in "[aAßẞİiIΣσς é]{0,30}|.{0,30}",
    ) {
        let query = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
        let Ok(query) = query.parse::<Query>() else { return Ok(()) };
        let hits = query.hits(Shown::Text, &text);
        prop_assert!(hits.iter().all(|hit| text.get(hit.clone()).is_some_and(|piece| !piece.is_empty())));
        prop_assert!(hits.windows(2).all(|pair| pair[0].end < pair[1].start));
        let lower = text.to_lowercase();
        prop_assert_eq!(hits.is_empty(), !words.iter().any(|word| lower.contains(&word.to_lowercase())));
    }

    #[test]
    fn what_cannot_hit_never_does(query in "(subject:|from:|body:|-|tag:)[a-z]{1,3}") {
        let (stored, _) = sample();
        let query: Query = query.parse().unwrap();
        for shown in [Shown::Sender, Shown::Recipient, Shown::Subject, Shown::Text] {
            prop_assert!(query.can_hit(shown) || query.hits(shown, &stored.message.view.subject).is_empty());
        }
    }
}
