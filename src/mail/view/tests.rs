use super::*;

fn found(view: &View) -> String {
    view.findings.iter().map(|finding| format!("{} ", finding.oddity.id())).collect()
}

const HEAD: &str = "From: Ann <ann@app.test>\nDate: Mon, 20 Jul 2026 16:16:47 +0200\nMessage-ID: <1@app.test>\n";

#[test]
fn an_ordinary_message() {
    let raw = format!(
        "{HEAD}Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nTo: bob@app.test, Cem <cem@app.test>\nTo: d@app.test\nCc: e@app.test\nReturn-Path: <>\nList-Unsubscribe: <http://x.test>\n\nHello\n  there,\n\nBob.\n"
    );
    let view = View::read(raw.as_bytes());
    assert_eq!(&*view.subject, "Grüße");
    assert_eq!(view.from()[0].to_string(), "Ann <ann@app.test>");
    assert_eq!(view.to().len(), 3);
    assert_eq!(&*view.message_id, "1@app.test");
    assert_eq!(view.date.unwrap().to_string(), "2026-07-20T16:16:47+02:00");
    assert_eq!(view.return_path(raw.as_bytes()).as_deref(), Some(""));
    assert_eq!(&*view.snippet(raw.as_bytes()), "Hello there, Bob.");
    assert_eq!(view.text(raw.as_bytes()), "Hello\n  there,\n\nBob.\n");
    assert_eq!(view.value(raw.as_bytes(), "list-unsubscribe").as_deref(), Some("<http://x.test>"));
    assert_eq!(found(&view), "field-repeated ");
    let searchable = view.searchable(raw.as_bytes());
    assert!(searchable.starts_with("grüße\nann <ann@app.test>\n") && searchable.contains("bob.\n"), "{searchable}");
}

#[test]
fn what_is_hardly_a_message_is_still_read() {
    for (raw, text, findings) in [
        ("", "", "no-header no-date no-from no-message-id "),
        ("just text", "just text", "no-header no-date no-from no-message-id "),
        ("From ann Mon Jul 20\nFrom: a@b\n\nx", "x", "no-date no-message-id "),
        ("Subject: x\nbody", "body", "no-date no-from no-message-id "),
        ("Subject: x\n\n", "", "no-date no-from no-message-id "),
        ("\n\n\n", "", "no-header no-date no-from no-message-id "),
        ("Date: tomorrow\n\n", "", "date-unread no-from no-message-id "),
    ] {
        let view = View::read(raw.as_bytes());
        assert_eq!((view.text(raw.as_bytes()).trim(), found(&view).as_str()), (text, findings), "{raw:?}");
    }
}

#[test]
fn an_author_that_is_no_address_is_a_name() {
    let view = View::read(b"From: The Mail System\n\n");
    assert_eq!((&*view.from()[0].name, &*view.from()[0].address), ("The Mail System", ""));
}

#[test]
fn ten_thousand_addresses_in_one_field_leave_room_in_the_others() {
    let raw = format!("To: {}\nCc: boss@app.test\nBcc: spy@app.test\n\n", "a@b,".repeat(ADDRESSES_MAX + 1));
    let view = View::read(raw.as_bytes());
    assert_eq!((view.to().len(), view.cc().len(), view.bcc().len()), (ADDRESSES_MAX, 1, 1));
}

/// (text, html, attachments, inline) as part ids.
fn shown(parts: &[&str], root: &str) -> String {
    let body: String = parts.iter().map(|part| format!("--b\n{part}\n\nx\n")).collect();
    let raw = format!("{HEAD}Content-Type: {root}; boundary=b\n\n{body}--b--\n");
    let view = View::read(raw.as_bytes());
    let ids = |parts: &mut dyn Iterator<Item = &Part>| parts.map(|part| &*part.id).collect::<Vec<_>>().join(",");
    format!(
        "{}|{}|{}|{}",
        ids(&mut view.text_parts()),
        ids(&mut view.html_part().into_iter()),
        ids(&mut view.attachments()),
        ids(&mut view.inline())
    )
}

#[test]
fn parts_are_sorted_as_mailpit_sorts_them() {
    let (plain, html) = ("Content-Type: text/plain", "Content-Type: text/html");
    let inline = "Content-Type: image/png; name=a.png\nContent-Disposition: inline";
    let unsaid = "Content-Type: image/png\nContent-ID: <a>";
    let attached = "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt";
    let octets = "Content-Type: application/octet-stream";
    let calendar = "Content-Type: text/calendar; method=REQUEST";
    let named = "Content-Type: text/plain; name=notes.txt\nContent-Disposition: inline";
    for (parts, root, expected) in [
        (vec![plain, html], "multipart/alternative", "1|2||"),
        (vec![plain, html, calendar], "multipart/alternative", "1|2||3"),
        (vec![plain, plain], "multipart/alternative", "1|||2"),
        (vec![plain, attached, plain], "multipart/mixed", "1,3||2|"),
        (vec![html, inline, unsaid, octets], "multipart/related", "|1|4|2,3"),
        (vec![plain, named], "multipart/mixed", "1,2|||2"),
        (vec![calendar], "multipart/mixed", "1|||1"),
        (vec!["Content-Type: message/rfc822"], "multipart/mixed", "|||1"),
    ] {
        assert_eq!(shown(&parts, root), expected, "{root} {parts:?}");
    }
}

#[test]
fn a_message_that_is_nothing_but_a_file_is_an_attachment() {
    let view = View::read(b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nSGk=");
    assert_eq!((view.attachments().len(), view.text_parts().count()), (1, 0));
}

#[test]
fn texts_are_joined_and_html_stands_in() {
    let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n";
    assert_eq!(View::read(raw.as_bytes()).text(raw.as_bytes()), "one\n--\ntwo");
    let raw = "Content-Type: text/html\n\n<style>x</style><p>Hello <b>you</b></p>";
    let view = View::read(raw.as_bytes());
    assert_eq!(view.plain_text(raw.as_bytes()), None);
    assert_eq!(view.text(raw.as_bytes()).trim(), "Hello you");
    assert_eq!(&*view.snippet(raw.as_bytes()), "Hello you");
}

#[test]
fn references_are_found_however_they_are_written() {
    let part = |fields: &str| format!("--b\nContent-Type: image/png\n{fields}\n\nx\n");
    let raw = format!(
        "Content-Type: multipart/related; boundary=b\n\n{}{}{}",
        part("Content-ID: <a+b=c%d@e>"),
        part("Content-Location: http://x.test/\n logo.png"),
        part("Content-Disposition: attachment; filename=\"logo 2.png\""),
    ) + &part("Content-ID: <cid:x@y>")
        + &part("Content-Location: \"images/a b.png\"")
        + "--b--";
    let view = View::read(raw.as_bytes());
    for (reference, id) in [
        ("a+b=c%d@e", Some("1")),
        ("a+b=c%25d@e", Some("1")),
        ("a%2Bb%3Dc%25d%40e", Some("1")),
        ("<A+B=C%D@E>", Some("1")),
        ("http://x.test/logo.png", Some("2")),
        ("logo 2.png", Some("3")),
        ("logo%202.png", Some("3")),
        ("x@y", Some("4")),
        ("cid:x@y", Some("4")),
        ("images/a b.png", Some("5")),
        ("images/a%20b.png", Some("5")),
        ("", None),
        ("other", None),
    ] {
        assert_eq!(view.referred(reference).map(|part| &*part.id), id, "{reference}");
    }
}

#[test]
fn a_snippet_is_short_and_without_padding() {
    let raw = format!("A: 1\n\n\u{200b}\u{34f}Hello \u{200c} you {}", "word ".repeat(100));
    let view = View::read(raw.as_bytes());
    let snippet = view.snippet(raw.as_bytes());
    assert!(snippet.starts_with("Hello you word") && snippet.chars().count() <= SNIPPET_CHARS_MAX, "{snippet}");
}

#[test]
fn what_is_odd_about_bodies_is_told() {
    let raw = format!(
        "{HEAD}Content-Type: text/plain; charset=x-no\nContent-Transfer-Encoding: base64\n\n*\n{}\n",
        "x".repeat(1_000)
    );
    assert_eq!(found(&View::read(raw.as_bytes())), "encoding-broken charset-unknown line-too-long ");
    let raw = format!("{HEAD}Content-Transfer-Encoding: x-rot13\nnonsense\nA: 1\n\n");
    assert_eq!(found(&View::read(raw.as_bytes())), "header-line-unread encoding-unknown ");
}

#[test]
fn an_ordinary_view_is_small() {
    let part = size_of::<Part>();
    assert!(size_of::<View>() <= 400 && part <= 160, "{} and {part} bytes", size_of::<View>());
}

#[test]
fn files_in_the_text_are_attachments_and_left_out_of_the_reading() {
    let raw = format!(
        "{HEAD}Content-Type: text/plain; format=flowed\n\nHello \nyou\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye\n"
    );
    let view = View::read(raw.as_bytes());
    let file = view.attachments().next().unwrap();
    assert_eq!((&*file.id, file.name(), &*file.bytes(raw.as_bytes())), ("0-uu1", Some("cat.txt"), &b"Cat"[..]));
    assert_eq!(view.reading(raw.as_bytes()).unwrap(), "Hello you\nBye\n");
    assert!(view.text(raw.as_bytes()).contains("Hello \nyou\nbegin 644"));
}

#[test]
fn parts_behind_a_file_in_the_text_keep_their_parents() {
    let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nbegin 644 x\n#0V%T\n`\nend\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ninner\n--b--\n--a--\n";
    let view = View::read(raw.as_bytes());
    let tree: Vec<_> = view.structure.parts.iter().map(|part| (&*part.id, part.parent)).collect();
    assert_eq!(tree, [("0", None), ("1", Some(0)), ("1-uu1", Some(1)), ("2.0", Some(0)), ("2.1", Some(3))]);
}
