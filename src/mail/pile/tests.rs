use super::*;

const LINE: &str = "-------------------------------------------------------------------------------";

fn django(body: &str) -> String {
    format!(
        "Content-Type: text/plain; charset=\"utf-8\"\nMIME-Version: 1.0\nSubject: s\nFrom: ann@app.test\n\
         To: bob@app.test\nDate: Tue, 24 Nov 2026 12:23:24 -0000\nMessage-ID: <1@localhost>\n\n{body}"
    )
}

fn rails(body: &str) -> String {
    rails_of("text/plain;\r\n charset=UTF-8", body)
}

fn rails_of(kind: &str, body: &str) -> String {
    format!(
        "Date: Tue, 24 Nov 2026 12:23:24 +0000\r\nFrom: ann@app.test\r\nTo: bob@app.test\r\nMessage-ID: <1@box.mail>\r\n\
         Subject: s\r\nMime-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{body}"
    )
}

/// The messages and the rest, as text.
fn cut(pile: Pile, file: &str, at_end: bool) -> (Vec<&str>, &str) {
    let cut = pile.cut(file.as_bytes(), at_end);
    (cut.messages.into_iter().map(|range| &file[range]).collect(), &file[cut.rest..])
}

#[test]
fn django_divides_by_dashes_and_a_line_of_them_in_a_text_divides_nothing() {
    let (one, two) = (django(&format!("Good day,\n\n{LINE}\nnot the end.")), django("x"));
    let file = format!("{one}\n{LINE}\n{two}\n{LINE}\n");
    assert_eq!(cut(Pile::Dashes, &file, true), (vec![&*one, &*two], ""));
    // Without the last line the last message may go on.
    let file = format!("{one}\n{LINE}\n{two}\n");
    assert_eq!(cut(Pile::Dashes, &file, true), (vec![&*one], &file[one.len() + 81..]));
    // Nor is the one before it cut off while the header behind is not seen.
    let file = format!("{one}\n{LINE}\nContent-Ty");
    assert_eq!(cut(Pile::Dashes, &file, true), (vec![], &*file));
}

#[test]
fn rails_divides_by_nothing() {
    let (one, two, three) = (rails("no line end"), rails("--"), rails("three\r\n"));
    let file = format!("{one}{two}{three}");
    assert_eq!(cut(Pile::Bare, &file, true), (vec![&*one, &*two, &*three], ""));
    // The last one may go on where the file does.
    assert_eq!(cut(Pile::Bare, &file, false), (vec![&*one, &*two], &*three));
}

#[test]
fn a_return_path_belongs_to_the_message_that_it_begins() {
    let (one, two) = (rails("one\r\n"), format!("Return-Path: <b@app.test>\r\n{}", rails("two\r\n")));
    assert_eq!(cut(Pile::Bare, &format!("{one}{two}"), true), (vec![&*one, &*two], ""));
}

#[test]
fn an_attached_message_and_a_quoted_header_are_no_messages_of_their_own() {
    let inner = rails("inner\r\n");
    let outer = rails_of(
        "multipart/mixed; boundary=b",
        &format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"),
    );
    let quoting = rails("He wrote:\r\n\r\nDate: yesterday\r\nFrom: x@app.test\r\nMessage-ID: <2@x>\r\n\r\nbye\r\n");
    assert_eq!(cut(Pile::Bare, &format!("{outer}{quoting}"), true), (vec![&*outer, &*quoting], ""));
}

#[test]
fn what_is_not_all_there_is_a_rest() {
    let open = rails_of("multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n");
    for (file, whole) in [
        ("Subject: x\r\n\r\nbody", true),
        ("Subject: x\n\n", true),
        ("Subject: x\r\n\r\n", true),
        ("Subject: x\r\n", false),
        ("Subj", true), // text without a header: nothing in it tells
        (open.as_str(), false),
        (&format!("{open}--b--"), true),
    ] {
        assert_eq!(is_whole(file.as_bytes()), whole, "{file:?}");
        assert_eq!(cut(Pile::One, file, true).0.len(), usize::from(whole));
        assert!(cut(Pile::One, file, false).0.is_empty());
    }
}

#[test]
fn the_middle_of_a_message_leads_to_the_next() {
    let (dashes, bare) = (format!("end\n{LINE}\n{}", django("x")), format!("end\r\n{}", rails("x")));
    assert_eq!(Pile::Dashes.resume(dashes.as_bytes()), Some(84));
    assert_eq!(Pile::Bare.resume(bare.as_bytes()), Some(5));
    assert_eq!(Pile::One.resume(bare.as_bytes()), None);
}

#[test]
fn mail_begins_with_a_field() {
    for (bytes, mail) in [
        ("Subject: x\n\n", true),
        ("From ann Mon Jul 20 16:16:47 2026\nA: 1\n\nbody", true),
        ("\u{feff}PNG\n", false),
        ("# Read me\n\nNote: this\n", false),
        ("", false),
    ] {
        assert_eq!(is_mail(bytes.as_bytes()), mail, "{bytes:?}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of which hostile files are made.
    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let words = [
            "Date: ",
            "Return-Path: ",
            "From: a\r\n",
            "\r\n",
            "\n",
            "\r",
            "--b",
            "--b--",
            "\0",
            ":",
            " ",
            "Content-Type: multipart/mixed; boundary=b\r\n",
        ];
        prop_oneof![
            proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
            Just(DASHES.as_bytes().to_vec()),
            Just(rails("x").into_bytes()),
            Just(django("x").into_bytes()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ]
    }

    proptest! {
        #[test]
        fn any_file_is_cut_in_order_and_within_its_bounds(pieces in proptest::collection::vec(piece(), 0..40), at_end: bool) {
            let file = pieces.concat();
            for pile in [Pile::One, Pile::Dashes, Pile::Bare] {
                let cut = pile.cut(&file, at_end);
                let mut from = 0;
                for message in &cut.messages {
                    prop_assert!(message.start >= from && message.end >= message.start);
                    from = message.end;
                }
                prop_assert!(from <= cut.rest && cut.rest <= file.len());
                let lost = pile != Pile::Dashes && cut.messages.iter().map(ExactSizeIterator::len).sum::<usize>() != cut.rest;
                prop_assert!(!lost, "what is cut off is in a message");
                prop_assert!(pile.resume(&file).is_none_or(|next| next <= file.len()));
            }
        }

        #[test]
        fn what_rails_appends_is_what_comes_out(bodies in proptest::collection::vec("[ -~\r\n]{0,80}", 1..6)) {
            // `word-` at the very end would make the next Date another field's name.
            prop_assume!(!bodies.iter().any(|body| body.ends_with('-')));
            let messages: Vec<_> = bodies.iter().map(|body| rails(body)).collect();
            let file = messages.concat();
            prop_assert_eq!(cut(Pile::Bare, &file, true), (messages.iter().map(String::as_str).collect(), ""));
        }
    }
}
