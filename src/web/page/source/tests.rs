use super::*;

fn marked(source: &SourceBody) -> Vec<(Option<usize>, String)> {
    source.runs.iter().map(|run| (run.marked, run.spans.iter().map(|span| span.text.as_str()).collect())).collect()
}

fn plain(text: &str) -> (Option<usize>, String) {
    (None, text.into())
}

#[test]
fn the_regions_are_coloured_and_oddities_are_drawn() {
    let raw = b"Subject: a\r\n b\r\nX:1\n\r\nbare\rcr\0\n";
    let source = SourceBody::new(raw, &[Region { range: 0..20, what: What::Header }], &[], None);
    let spans: Vec<_> = source.runs[0].spans.iter().map(|span| (span.class, span.text.as_str())).collect();
    assert_eq!(spans, [("name", "Subject:"), ("", " a\n b\n"), ("name", "X:"), ("", "1\n\nbare␍cr␀\n")]);
    assert_eq!((source.numbers.as_str(), source.first, source.last), ("1\n2\n3\n4\n5", 1, 5));
    assert!(!source.cut);
}

#[test]
fn odd_lines_stand_apart_and_nothing_is_lost() {
    let raw = b"A: 1\r\nB: 2\r\n\r\none\ntwo\nthree\nfour";
    let source = SourceBody::new(raw, &[], &[7, 2, 5, 5, 99], None);
    let odd = |line, text: &str| (Some(line), text.to_owned());
    let expected =
        [plain("A: 1\n"), odd(2, "B: 2\n"), plain("\none\n"), odd(5, "two\n"), plain("three\n"), odd(7, "four")];
    assert_eq!(marked(&source), expected);
}

#[test]
fn lines_that_are_asked_for_are_marked_together() {
    let source = SourceBody::new(b"1\n2\n3\n4\n5\n", &[], &[3], Some(2..=4));
    let marks = [(Some(2), "2\n".into()), (Some(3), "3\n".into()), (Some(4), "4\n".into())];
    assert_eq!(marked(&source)[1..4], marks);
    assert_eq!(marked(&SourceBody::new(b"1\n2\n3\n", &[], &[], Some(2..=9)))[1], (Some(2), "2\n3\n".into()));
}

#[test]
fn a_line_that_lies_deep_is_shown_with_what_stands_around_it() {
    let raw: String = (1..=200_000).map(|number| format!("line {number}\n")).collect();
    let source = SourceBody::new(raw.as_bytes(), &[], &[], Some(150_000..=150_001));
    assert_eq!(source.first, 150_000 - CONTEXT_LINES);
    assert!(source.cut && source.numbers.starts_with("149960\n"));
    assert_eq!(marked(&source)[1], (Some(150_000), "line 150000\nline 150001\n".into()));
    // Beyond the last line there is nothing to show; the beginning is.
    assert_eq!(SourceBody::new(raw.as_bytes(), &[], &[], Some(300_000..=300_000)).first, 1);
    let last = SourceBody::new(raw.as_bytes(), &[], &[], Some(200_000..=200_000));
    assert_eq!((last.last, last.cut), (200_000, false));
}

#[test]
fn a_long_message_is_cut_and_says_so() {
    let source = SourceBody::new(&vec![b'x'; BODY_BYTES_MAX + 1], &[], &[], None);
    assert!(source.cut);
    assert_eq!(source.total, BODY_BYTES_MAX as u64 + 1);
    // What is one byte in the mail is several in the page: a number, an escape, a picture, a colour.
    for (piece, what) in [
        ("\n", What::Text),
        ("<", What::Text),
        ("\0", What::Text),
        ("=C3x", What::QuotedPrintable),
        ("a=\n", What::QuotedPrintable),
    ] {
        let raw = piece.repeat(BODY_BYTES_MAX / piece.len());
        let source = SourceBody::new(raw.as_bytes(), &[Region { range: 0..raw.len(), what }], &[], None);
        let spans: usize = source.runs.iter().flat_map(|run| &run.spans).map(Span::weight).sum();
        let weight = spans + source.numbers.len();
        assert!(source.cut && weight <= BODY_BYTES_MAX, "{piece:?}: {weight}");
        assert!(weight > BODY_BYTES_MAX / 4, "{piece:?}: {weight}");
    }
}

#[test]
fn plain_text_has_no_colours() {
    let source = SourceBody::plain("a: b\nc");
    assert_eq!(marked(&source), [plain("a: b\nc")]);
    assert_eq!((source.numbers.as_str(), source.cut), ("1\n2", false));
    assert!(SourceBody::plain(&"ü".repeat(BODY_BYTES_MAX)).cut);
}

#[test]
fn nothing_is_no_trouble() {
    let nothing = SourceBody::new(b"", &[], &[], Some(1..=1));
    assert_eq!((nothing.numbers.as_str(), nothing.runs.len()), ("", 0));
    assert_eq!(SourceBody::new(b"\n\n", &[], &[], None).numbers, "1\n2");
}
