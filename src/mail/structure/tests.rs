use super::*;

/// One line for each part: id, type, body.
fn tree(raw: &str) -> String {
    let (structure, _) = read(raw.as_bytes());
    structure
        .parts
        .iter()
        .map(|part| format!("{} {} {:?}\n", part.id, part.content_type, &raw[part.body.clone()]))
        .collect()
}

fn ids(raw: &str) -> String {
    read(raw.as_bytes()).0.parts.iter().map(|part| format!("{}:{} ", part.id, part.content_type)).collect()
}

fn read(raw: &[u8]) -> (Structure, String) {
    let mut odd = Tally::default();
    let structure = Structure::read(raw, &mut odd);
    for part in &structure.parts {
        assert!(part.header.start <= part.header.end && part.header.end <= part.body.start, "{part:?}");
        assert!(part.body.start <= part.body.end && part.body.end <= raw.len(), "{part:?}");
        if let Some(parent) = part.parent.map(|parent| &structure.parts[parent as usize]) {
            assert!(
                parent.body.start <= part.header.start && part.body.end <= parent.body.end,
                "{part:?} in {parent:?}"
            );
        }
    }
    let found = odd.into_findings().iter().map(|finding| format!("{} ", finding.oddity.id())).collect();
    (structure, found)
}

fn findings(raw: &str) -> String {
    read(raw.as_bytes()).1
}

const MIXED: &str = "Content-Type: multipart/mixed; boundary=\"b\"\n\n";

#[test]
fn a_message_of_one_part_is_part_0() {
    assert_eq!(tree("A: 1\n\nhello\n"), "0 text/plain \"hello\\n\"\n");
    assert_eq!(tree(""), "0 text/plain \"\"\n");
}

#[test]
fn ids_are_mailpits() {
    let inner =
        "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--c\nContent-Type: text/html\n\ny\n--c--\n";
    let raw = format!("{MIXED}--b\n\none\n--b\n{inner}--b\nContent-Type: image/png\n\nz\n--b--\n");
    assert_eq!(
        ids(&raw),
        "0:multipart/mixed 1:text/plain 2.0:multipart/alternative 2.1:text/plain 2.2:text/html 3:image/png "
    );
    let deeper = format!("Content-Type: multipart/related; boundary=d\n\n--d\n{inner}--d--\n");
    assert!(
        ids(&format!("{MIXED}--b\n{deeper}--b--")).contains("1.0:multipart/related 1.1.0:multipart/alternative 1.1.1:")
    );
}

#[test]
fn the_line_end_before_a_delimiter_is_not_the_parts() {
    for ends in ["\n", "\r\n", "\r", "\r\r\n"] {
        let raw = format!("{MIXED}preamble\n--b\nA: 1\n\none\n\n--b\n\n--b--\nepilogue\n").replace('\n', ends);
        let (structure, _) = read(raw.as_bytes());
        let bodies: Vec<_> = structure.parts[1..].iter().map(|part| &raw[part.body.clone()]).collect();
        assert_eq!(bodies, [format!("one{ends}").as_str(), ""], "{ends:?}");
    }
}

#[test]
fn a_digests_parts_are_messages() {
    let raw = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@b\n\nx\n--b\nContent-Type: text/plain\n\ny\n--b--";
    assert_eq!(ids(raw), "0:multipart/digest 1:message/rfc822 2:text/plain ");
}

#[test]
fn boundaries_as_the_wild_breaks_them() {
    for (raw, parts, found) in [
        ("--b\n\none\n--b--\n", 2, ""),
        ("--b  \n\none\n--b--\t\n", 2, ""),
        ("--b\n\none", 2, "boundary-unclosed "),
        ("--b\n\none\n--bb\n--b-\n--b --\nx\n--b--", 2, ""),
        ("no delimiter\n-- b\n", 1, "boundary-missing "),
        ("--b\nA: 1\n--b\n--b\n\n--b--", 4, ""),
        ("--b--\n--b\n\n", 1, ""),
        ("", 1, "boundary-missing "),
    ] {
        let (structure, findings) = read(format!("{MIXED}{raw}").as_bytes());
        assert_eq!((structure.parts.len(), findings.as_str()), (parts, found), "{raw:?}");
    }
}

#[test]
fn a_boundary_that_is_not_named_is_guessed() {
    for named in ["", "; boundary=", "; boundary=\"\""] {
        let raw = format!("Content-Type: multipart/mixed{named}\n\ntext\n-- \n--x\n\none\n--x\n\ntwo\n--x--\n");
        assert_eq!(ids(&raw), "0:multipart/mixed 1:text/plain 2:text/plain ", "{named}");
        assert_eq!(findings(&raw), "boundary-missing ");
    }
}

#[test]
fn a_boundary_is_never_guessed_to_be_that_of_what_is_around() {
    let raw = format!("{MIXED}--b\nContent-Type: multipart/mixed\n\none\n--b\n\ntwo\n--b--\n");
    assert_eq!(ids(&raw), "0:multipart/mixed 1:multipart/mixed 2:text/plain ");
    assert_eq!(findings(&raw), "boundary-missing ");
}

#[test]
fn an_outer_delimiter_ends_what_is_within() {
    let raw = format!("{MIXED}--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n");
    assert_eq!(ids(&raw), "0:multipart/mixed 1.0:multipart/mixed 1.1:text/plain 2:text/plain ");
    assert_eq!(findings(&raw), "boundary-unclosed ");
}

#[test]
fn the_same_boundary_nested_closes_the_inner_one_first() {
    let raw = format!("{MIXED}--b\n{MIXED}--b\n\none\n--b--\n--b\n\ntwo\n--b--\n");
    assert_eq!(ids(&raw), "0:multipart/mixed 1.0:multipart/mixed 1.1:text/plain 2:text/plain ");
}

#[test]
fn a_boundary_may_be_the_beginning_of_another() {
    let raw =
        format!("{MIXED}--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n");
    assert_eq!(ids(&raw), "0:multipart/mixed 1.0:multipart/mixed 1.1:text/plain 2:text/plain ");
    assert_eq!(findings(&raw), "");
}

#[test]
fn nesting_and_number_have_a_limit() {
    let nested: String = (0..NESTING_MAX + 50)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n"))
        .collect();
    let (structure, found) = read(nested.as_bytes());
    assert_eq!(structure.parts.len(), NESTING_MAX + 1);
    assert!(found.contains("too-deep"), "{found}");
    let many = format!("{MIXED}{}--b--\n", "--b\n\nx\n".repeat(PARTS_MAX + 50));
    let (structure, found) = read(many.as_bytes());
    assert_eq!((structure.parts.len(), found.as_str()), (PARTS_MAX, "too-many-parts "));
    assert_eq!(&many[structure.parts[PARTS_MAX - 1].body.clone()], "x");
}

#[test]
fn a_nested_message_is_a_leaf() {
    let raw = format!("{MIXED}--b\nContent-Type: message/rfc822\n\n{MIXED}--c\n\nx\n--c--\n--b--\n");
    assert_eq!(ids(&raw), "0:multipart/mixed 1:message/rfc822 ");
}
