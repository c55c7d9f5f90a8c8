//! `docs/limits.md` lists every limit that can be set and those that cannot; `UPDATE_GOLDEN=1` writes the list anew. What
//! mean inputs cost stands there too, written by `./test limits`.

use std::path::Path;

use restante::mail::nested::STEPS_MAX;
use restante::mailbox::query::language::QUERY_BYTES_MAX;
use restante::web::page::weight::BODY_BYTES_MAX;
use restante::web::routes::BODY_BYTES_MAX as REQUEST_BYTES_MAX;

use crate::support::{Server, restante};

const BEGIN: &str = "<!-- limits: written by a test, UPDATE_GOLDEN=1 writes them anew -->";
const END: &str = "<!-- end of limits -->";

/// What `/api/v1/info` tells of limits that no flag changes.
const FIXED: &[(&str, &str)] = &[
    ("CommandLineBytes", "Bytes of a command line, with its end; beyond them 500"),
    ("AuthLineBytes", "Bytes of a line of AUTH, which carries tokens; beyond them 500"),
    ("DialogueBytes", "Bytes of the recorded dialogue of a connection; what follows is not recorded"),
    ("Parts", "MIME parts of a message that are read; what follows is in the source"),
    ("Nesting", "Multiparts within multiparts that are read; deeper ones are leaves"),
];

/// The flag of each other field.
const SET: &[&str] = &[
    "MessageBytes",
    "MemoryBytes",
    "Messages",
    "Recipients",
    "Connections",
    "Sessions",
    "IdleSeconds",
    "GraceSeconds",
];

/// Flag, help and default of each limit, as `--help` says them.
fn flags() -> Vec<(String, String, String)> {
    let dir = tempfile::tempdir().unwrap();
    let help = restante(dir.path()).arg("--help").output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let section = help.split_once("\nLimits:\n").unwrap().1;
    let lines = section.lines().take_while(|line| line.is_empty() || line.starts_with(' ')).map(str::trim);
    let mut flags: Vec<(String, String, String)> = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        if let Some(default) = line.strip_prefix("[default: ") {
            flags.last_mut().unwrap().2 = default.trim_end_matches(']').to_owned();
        } else if line.starts_with("--") {
            flags.push((line.split(' ').next().unwrap().to_owned(), String::new(), String::new()));
        } else {
            let help = &mut flags.last_mut().unwrap().1;
            *help = format!("{help} {line}").trim().to_owned();
        }
    }
    flags
}

fn written() -> String {
    let flags = flags();
    assert_eq!(flags.len(), SET.len());
    let mut text = "\n| limit | default | changed by |\n|---|---|---|\n".to_owned();
    for (flag, help, default) in &flags {
        text.push_str(&format!("| {help} | {default} | `{flag}` |\n"));
    }
    let limits = Server::start().json("/api/v1/info")["Limits"].take();
    let told: Vec<&String> = limits.as_object().unwrap().keys().collect();
    let known = |name: &str| SET.contains(&name) || FIXED.iter().any(|(fixed, _)| *fixed == name);
    assert!(told.iter().all(|name| known(name) || *name == "MemoryBytesUsed"), "{told:?}");
    for (name, words) in FIXED {
        text.push_str(&format!("| {words} | {} | – |\n", limits[name].as_u64().unwrap()));
    }
    for (words, limit) in [
        ("Messages that are opened within messages, one in the other", STEPS_MAX),
        ("Bytes of a search", QUERY_BYTES_MAX),
        ("Bytes of the body of an HTTP request; beyond them 413", REQUEST_BYTES_MAX),
        ("Bytes of one tab of a message's page; beyond them the beginning, and a sentence", BODY_BYTES_MAX),
    ] {
        text.push_str(&format!("| {words} | {limit} | – |\n"));
    }
    text
}

#[test]
fn the_page_of_limits_lists_them_all() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/limits.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    let text = format!("{}\n", written().trim_end());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(&path, format!("{before}{BEGIN}{text}{END}{after}")).unwrap();
    }
    assert!(found == text, "docs/limits.md is not the list any more; UPDATE_GOLDEN=1 writes it anew");
}
