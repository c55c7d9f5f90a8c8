//! The floors of the house: imports point strictly down, neighbours are blind to each other, and what must be pure
//! knows no socket, clock, task or log. The check is shown to bite.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// From the ground up; the modules of one row are neighbours.
const FLOORS: &[&[&str]] = &[
    &["clock", "config", "mail"],
    &["protocol", "mailbox"],
    &["listen", "send", "check"],
    &["web"],
    &["server"],
    &["cli", "catcher"],
    &["main", "lib"],
];

/// What a floor may not name, and who may not.
const ABSENT: &[(&str, &[&str])] = &[
    ("mail", &["tokio", "std::net", "std::fs", "std::time", "tracing", "actix_web", "clock::"]),
    ("protocol", &["tokio", "std::net", "std::fs", "std::time", "tracing", "actix_web", "clock::"]),
    ("config", &["tokio", "std::fs", "tracing", "clap", "clock::"]),
    ("mailbox", &["tokio::net", "std::net", "std::fs", "tracing", "actix_web"]),
    ("listen", &["actix_web", "askama"]),
    ("web", &["std::fs", "TcpStream", "ureq::", "lettre::"]),
    ("web/page", &["actix_web", "tokio", "crate::mailbox", "crate::listen", "crate::clock", "crate::mail::"]),
];

/// Foreign crates whose language one file speaks.
const ONE_FILE: &[(&str, &str)] = &[
    ("mail_parser", "mail/parse.rs"),
    ("oem_cp", "mail/charset/code_page.rs"),
    ("chardetng", "mail/charset/detect.rs"),
    ("rcgen", "listen/certificate.rs"),
    ("notify", "listen/changes.rs"),
    ("winnow", "mailbox/query/grammar.rs"),
    ("rust_embed", "web/asset.rs"),
    ("socket2", "listen/bind.rs"),
    ("mailin_embedded", "listen/mailin.rs"),
    ("uuid", "clock.rs"),
    ("toml", "cli/file.rs"),
    ("ureq", "cli/remote.rs"),
    ("regex", "mailbox/query/pattern.rs"),
    ("mail_builder", "web/api/compose.rs"),
    ("actix_ws", "web/api/socket.rs"),
    ("image", "web/api/thumb.rs"),
    ("zip", "web/archive.rs"),
    ("zstd", "mailbox/raw.rs"),
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|row| row.contains(&module))
}

/// What is wrong with one file: `path` below `src/`, and its text without its tests.
fn faults(path: &str, text: &str) -> Vec<String> {
    let module = path.split(['/', '.']).next().unwrap();
    let mut faults = Vec::new();
    let Some(own) = floor(module) else { return vec![format!("{path}: {module} stands on no floor")] };
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        if line.starts_with("//") {
            continue;
        }
        for used in line.match_indices("crate::").map(|(at, _)| &line[at + 7..]) {
            let other = used.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap();
            match floor(other) {
                Some(below) if below < own || other == module => {}
                Some(_) => faults.push(format!("{path}:{number}: {module} looks up or sideways at {other}")),
                // `use crate::{a, b}` would hide from this check.
                None => faults.push(format!("{path}:{number}: write crate::NAME, not {line}")),
            }
        }
        for (place, words) in ABSENT {
            let inside = path.starts_with(&format!("{place}/")) || path == format!("{place}.rs");
            for word in words.iter().filter(|word| inside && line.contains(**word)) {
                faults.push(format!("{path}:{number}: {place} must not know {word}"));
            }
        }
        for (name, home) in ONE_FILE {
            if line.contains(&format!("{name}::")) && path != *home {
                faults.push(format!("{path}:{number}: only {home} speaks {name}"));
            }
        }
    }
    faults
}

/// The text before the tests.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().unwrap()
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_point_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "the sources are found");
    let mut all = String::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        if path.ends_with("tests.rs") || path.ends_with("sample.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for fault in faults(&path, without_tests(&text)) {
            let _ = writeln!(all, "{fault}");
        }
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn the_check_bites() {
    for (path, text) in [
        ("mail/part.rs", "use crate::mailbox::Inbox;"),
        ("protocol/smtp/session.rs", "use crate::mailbox::Store;"),
        ("mailbox/store.rs", "use crate::protocol::smtp::Session;"),
        ("listen/smtp.rs", "let page = crate::web::page::ListPage {};"),
        ("web/live.rs", "use crate::{server, cli};"),
        ("web/page/list.rs", "use crate::mailbox::Stored;"),
        ("protocol/smtp/data.rs", "use tokio::io::AsyncRead;"),
        ("mail/view.rs", "let now = std::time::Instant::now();"),
        ("mail/view.rs", "mail_parser::MessageParser::default()"),
        ("cli/settings.rs", "toml::de::DeTable::parse(text)"),
        ("attic/box.rs", ""),
    ] {
        assert!(!faults(path, text).is_empty(), "{path}: {text}");
    }
    assert!(faults("mailbox/store.rs", "// crate::web is far above\nuse crate::mail::view::View;").is_empty());
}
