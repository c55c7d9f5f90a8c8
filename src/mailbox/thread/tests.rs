use proptest::prelude::*;

use super::*;
use crate::mailbox::Limits;
use crate::mailbox::sample::{keep, with_raw};

fn mail(id: &str, subject: &str, fields: &str) -> View {
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: {id}\r\n") };
    View::read(format!("{id}Subject: {subject}\r\n{fields}\r\n\r\n").as_bytes())
}

/// The groups as sets of places in `views`.
fn groups(views: &[&View]) -> Vec<Vec<usize>> {
    let mut groups = Groups::of(views);
    let mut sets: Vec<_> = (0..views.len()).map(|at| groups.with(at)).collect();
    sets.sort();
    sets.dedup();
    sets
}

/// The reasons of the last, as sentences.
fn reasons(mails: &[View]) -> Vec<String> {
    let views: Vec<&View> = mails.iter().collect();
    let groups = Groups::of(&views);
    Others::new(&views, &groups.by_id).reasons(views[views.len() - 1]).iter().map(ToString::to_string).collect()
}

fn drawn(mails: &[View]) -> String {
    let views: Vec<&View> = mails.iter().collect();
    let mut groups = Groups::of(&views);
    let members = groups.with(0);
    order(&views, &members, &groups)
        .iter()
        .map(|(at, depth)| format!("{}{} ", "-".repeat(*depth), views[*at].subject))
        .collect()
}

proptest! {
    #[test]
    fn hanging_together_is_an_equivalence_whatever_came_first(
        mails in prop::collection::vec((0..12_u8, prop::collection::vec(0..12_u8, 0..3)), 1..12),
        turn in 0..12_usize,
    ) {
        let read = |(id, named): &(u8, Vec<u8>)| {
            let named: String = named.iter().map(|id| format!("<{id}@x> ")).collect();
            mail(&format!("<{id}@x>"), "s", &format!("References: {named}"))
        };
        let read: Vec<View> = mails.iter().map(read).collect();
        let views: Vec<&View> = read.iter().collect();
        let sets = groups(&views);
        // Each message is in one set and in no other: that is reflexive, symmetric and transitive.
        let mut all: Vec<_> = sets.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..views.len()).collect::<Vec<_>>());
        // Those that name an id of each other's are in the same one.
        let shares = |one: &View, other: &View| names(one).any(|id| names(other).any(|other| other == id));
        for one in 0..views.len() {
            for other in 0..views.len() {
                let together = sets.iter().any(|set| set.contains(&one) && set.contains(&other));
                prop_assert!(together || !shares(views[one], views[other]));
            }
        }
        // In another order of arrival they are the same.
        let turn = turn % views.len();
        let turned: Vec<&View> = views[turn..].iter().chain(&views[..turn]).copied().collect();
        let mut back: Vec<Vec<usize>> = groups(&turned)
            .into_iter()
            .map(|set| {
                let mut set: Vec<_> = set.into_iter().map(|at| (at + turn) % views.len()).collect();
                set.sort_unstable();
                set
            })
            .collect();
        back.sort();
        prop_assert_eq!(back, sets);
    }

    #[test]
    fn every_member_is_drawn_once_even_if_they_answer_each_other(
        named in prop::collection::vec(prop::collection::vec(0..8_u8, 0..4), 1..8),
    ) {
        let read: Vec<View> = named.iter().enumerate().map(|(id, named)| {
            let named: String = named.iter().map(|id| format!("<{id}@x> ")).collect();
            mail(&format!("<{id}@x>"), "s", &format!("References: {named}"))
        }).collect();
        let views: Vec<&View> = read.iter().collect();
        let mut groups = Groups::of(&views);
        let members = groups.with(0);
        let ordered = order(&views, &members, &groups);
        let mut drawn: Vec<_> = ordered.iter().map(|(at, _)| *at).collect();
        drawn.sort_unstable();
        prop_assert_eq!(drawn, members);
        prop_assert_eq!(ordered[0].1, 0);
        prop_assert!(ordered.windows(2).all(|pair| pair[1].1 <= pair[0].1 + 1), "nobody hangs deeper than one below");
    }
}

#[test]
fn answers_stand_below_what_they_answer() {
    let mails = [
        mail("<a@x>", "a", "X: y"),
        mail("<b@x>", "b", "In-Reply-To: <a@x>"),
        mail("<c@x>", "c", "References: <a@x>"),
        mail("<d@x>", "d", "References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>"),
        // Its parent is not here, but an older one is.
        mail("<e@x>", "e", "References: <a@x> <gone@x>"),
        mail("<z@x>", "z", "X: y"),
    ];
    assert_eq!(drawn(&mails), "a -b --d -c -e ");
    // One that came before what it answers.
    let mails = [mail("<b@x>", "b", "In-Reply-To: <a@x>"), mail("<a@x>", "a", "X: y")];
    assert_eq!(drawn(&mails), "a -b ");
    // Two that answer the same, which is not here, hang together all the same.
    let mails = [mail("<b@x>", "b", "In-Reply-To: <a@x>"), mail("<c@x>", "c", "In-Reply-To: <a@x>")];
    assert_eq!(drawn(&mails), "b c ");
}

#[test]
fn why_an_answer_hangs_to_nothing() {
    let order = || mail("<Order.1@shop.test>", "Order", "X: y");
    for (id, subject, fields, sentence) in [
        ("<r@x>", "Order", "X: y", ""),
        ("<r@x>", "Re: Order", "In-Reply-To: <Order.1@shop.test>", ""),
        ("<r@x>", "Fwd: Order", "X: y", ""),
        ("<r@x>", "Re: Order", "X: y", "Its subject is that of a reply, but it has neither In-Reply-To nor References"),
        (
            "<r@x>",
            "Order",
            "In-Reply-To: <no@x>",
            "Its In-Reply-To names <no@x>, which is not among the messages here.",
        ),
        ("<r@x>", "Order", "References: <no@x> <nor@x>", "Its References names <nor@x>, which is not"),
        ("<r@x>", "Order", "In-Reply-To: you", "Its In-Reply-To names no Message-ID."),
        (
            "<r@x>",
            "Order",
            "References: <order.1@SHOP.test>",
            "the Message-ID here is <Order.1@shop.test>: they differ in case,",
        ),
        (
            "<r@x>",
            "Order",
            "In-Reply-To: Order.1@shop.test",
            "In-Reply-To names Order.1@shop.test, but the Message-ID here is <Order.1@shop.test>: they differ in angle brackets,",
        ),
        ("<r@x>", "Order", "References: <Order.1@shop\r\n .test>", "they differ in white space,"),
        ("<r@x>", "Order", "References: < order.1@shop.test>", "they differ in white space and case,"),
        ("", "Re: Order", "X: y", "Its own Message-ID is missing, so nothing can refer to it."),
        (
            "r@x",
            "Re: Order",
            "X: y",
            "Its own Message-ID is r@x, not one id in angle brackets, so nothing can refer to it.",
        ),
        ("<Order.1@shop.test>", "Order", "X: y", "2 messages here share the Message-ID <Order.1@shop.test>"),
    ] {
        let told = reasons(&[order(), mail(id, subject, fields)]).join(" ");
        assert!(told.contains(sentence) && told.is_empty() == sentence.is_empty(), "{fields}: {told}");
    }
    // It is the other's id that is odd.
    let told = reasons(&[mail("a@x", "Order", "X: y"), mail("<r@x>", "Re: Order", "In-Reply-To: <a@x>")]);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("names <a@x>, but the Message-ID here is a@x: they differ in angle brackets,"),
        "{told:?}"
    );
    // A hostile id does not make a hostile page.
    let told = reasons(&[mail("<r@x>", "Order", &format!("References: <{}@x>", "é".repeat(450)))]);
    assert!(told[0].len() < 400 && told[0].contains('…'), "{told:?}");
}

#[tokio::test]
async fn a_conversation_is_of_its_mailbox_and_takes_what_comes() {
    let inbox = Inbox::new(Limits::default());
    let raw =
        |id: &str, fields: &str| format!("Message-ID: <{id}@x>\r\nSubject: {id}\r\n{fields}\r\n\r\n").into_bytes();
    let first = keep(&inbox, with_raw("ann", raw("a", "X: y"))).await;
    let other = keep(&inbox, with_raw("ann", raw("z", "X: y"))).await;
    keep(&inbox, with_raw("ann", raw("b", "References: <a@x>"))).await;
    keep(&inbox, with_raw("bob", raw("c", "References: <a@x> <b@x>"))).await;
    let ann = Scope::Mailbox(crate::mailbox::MailboxName::new("ann"));
    let mut conversation = Conversation::around(&inbox, &ann, first, 100).unwrap();
    let drawn: Vec<_> =
        conversation.shown.iter().map(|placed| (&*placed.stored.message.view.subject, placed.depth)).collect();
    assert_eq!((drawn, conversation.count), (vec![("a", 0), ("b", 1)], 2));
    let all = Conversation::around(&inbox, &Scope::All, first, 2).unwrap();
    assert_eq!((all.shown.len(), all.count), (2, 3));
    assert_eq!(Conversation::of_one(&inbox, &Scope::All, other), Some((1, Vec::new())));
    assert!(Conversation::around(&inbox, &Scope::Mailbox(crate::mailbox::MailboxName::new("bob")), first, 9).is_none());
    assert!(!conversation.ties.take(&View::read(&raw("q", "References: <z@x>"))));
    assert!(conversation.ties.take(&View::read(&raw("q", "References: <b@x>"))));
    assert!(conversation.ties.take(&View::read(&raw("w", "References: <q@x>"))));
}

/// Each of some thousands hangs to the one before it, and claims to hang to a hundred that hang below it. What is gone for
/// each is the way up from a hundred others, which is as long as the conversation: within seconds, or it would be for minutes.
#[test]
fn a_tangle_is_drawn_in_no_time() {
    let count = 3_000;
    let read = |at: usize| {
        let named =
            (0..100).map(|below| format!("<{}@x>", (at + 1 + below * 29) % count)).collect::<Vec<_>>().join(" ");
        mail(&format!("<{at}@x>"), "s", &format!("References: {named}"))
    };
    let mails: Vec<View> = (0..count).rev().map(read).collect();
    let views: Vec<&View> = mails.iter().collect();
    let mut groups = Groups::of(&views);
    let members = groups.with(0);
    let began = crate::clock::now();
    assert_eq!(order(&views, &members, &groups).len(), count);
    assert!(crate::clock::now().duration_since(began).as_secs() < 2);
}

/// As a forge writes them: hundreds of comments on an issue whose own message is not here, ids that begin alike.
#[test]
fn many_that_are_lost_are_compared_once() {
    let read = |at: usize| {
        let named = (0..10).map(|other| format!("<acme/app/issues/{other}@x>")).collect::<Vec<_>>().join(" ");
        mail(&format!("<acme/app/issues/comment/{at}@x>"), "s", &format!("References: {named}"))
    };
    let mails: Vec<View> = (0..3_000).map(read).collect();
    let views: Vec<&View> = mails.iter().collect();
    let groups = Groups::of(&views);
    let others = Others::new(&views, &groups.by_id);
    let began = crate::clock::now();
    assert!(views[..500].iter().all(|view| matches!(others.reasons(view)[..], [Astray::Unknown { .. }])));
    assert!(crate::clock::now().duration_since(began).as_secs() < 2);
}

#[test]
fn a_conversation_that_goes_on_and_on_is_followed_by_so_many_ids() {
    let mut ties = Ties::default();
    ties.add(["root@x"].into_iter());
    for at in 0..2_000 {
        let named: String = (0..99).map(|other| format!("<{at}-{other}@x> ")).collect();
        assert!(ties.take(&mail(&format!("<{at}@x>"), "s", &format!("References: <root@x> {named}"))));
    }
    assert_eq!(ties.ids.len(), TIES_MAX);
}
