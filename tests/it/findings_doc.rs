//! `docs/findings.md` lists the table of findings; `UPDATE_GOLDEN=1` writes it anew.

use std::path::Path;

use restante::mail::finding::{Oddity, Severity};

const HEAD: &str = "# Findings

What is odd about a message or its connection is accepted, kept as sent, and reported: on the page, in the API (`Findings`),
in a search (`has:findings`, `is:refusable`, `finding:bare-lf`). This is the whole table, which `GET /api/v1/findings` answers
as JSON. It is written by a test from `src/mail/finding.rs`: change it there.

A message with one that is *refused* bears the mark of a strict server that would not have taken it. A finding tells where it is: the
byte and line of the source, or the line of the dialogue.
";

const SECTIONS: &[(Severity, &str)] = &[
    (Severity::Refused, "refused: a strict server would not have taken it"),
    (Severity::Warning, "warning: some receivers mind"),
    (Severity::Note, "note: worth knowing"),
];

fn written() -> String {
    let mut text = HEAD.to_owned();
    for (severity, title) in SECTIONS {
        text.push_str(&format!("\n## {title}\n\n| id | what it means | clause |\n|---|---|---|\n"));
        for oddity in Oddity::ALL.iter().filter(|oddity| oddity.severity() == *severity) {
            text.push_str(&format!("| `{}` | {} | {} |\n", oddity.id(), oddity.sentence(), oddity.rfc()));
        }
    }
    text
}

#[test]
fn the_page_of_findings_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let text = written();
    assert_eq!(text.matches("\n| `").count(), Oddity::ALL.len(), "every row is in a section");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/findings.md is not the table any more; UPDATE_GOLDEN=1 writes it anew");
}
