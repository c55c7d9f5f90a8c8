//! Every kind of failed wait, word for word as its asker reads it: the files of `tests/waits`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};
use regex::Regex;

use crate::support::{Server, Smtp, request};

#[test]
fn every_failed_wait_says_what_its_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waits");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (mut played, mut faults) = (0, String::new());
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "txt")) {
        let text = fs::read_to_string(path).unwrap();
        let (setting, expected) = text.split_once("--\n").unwrap_or((&text, ""));
        let said = play(setting);
        played += 1;
        if said == expected {
            continue;
        }
        match update {
            true => fs::write(path, format!("{setting}--\n{said}")).unwrap(),
            false => _ = write!(faults, "{}\nexpected:\n{expected}\nsaid:\n{said}\n", path.display()),
        }
    }
    assert!(played >= 18, "{played}");
    assert!(faults.is_empty(), "{faults}");
}

/// Plays what stands before `--` and answers status, type and detail.
fn play(setting: &str) -> String {
    let server = Server::start();
    let mut answer = None;
    for line in setting.lines() {
        let (word, rest) = line.split_once(": ").unwrap_or((line, ""));
        match word {
            "mail" => mail(&server, rest),
            "broken" => broken(&server, rest),
            "ask" => {
                let at = rest.find('{').unwrap();
                let mailbox = rest[..at].trim().replace(' ', "%20");
                let mount = if mailbox.is_empty() { String::new() } else { format!("/mailbox/{mailbox}") };
                let url = server.http(&format!("{mount}/api/v1/wait"));
                answer = Some(request("POST", &url, &[], Some(&rest[at..])));
            }
            _ => assert!(line.is_empty() || line.starts_with('#'), "{line}"),
        }
    }
    let answer = answer.expect("a question");
    let problem = answer.json();
    let kind = problem["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let said = format!("{} {kind}\n{}\n", answer.status, problem["detail"].as_str().unwrap());
    let ages = Regex::new(r"\d+(\.\d)? s ago").unwrap();
    let ports = Regex::new(r"(127\.0\.0\.1|\[::1\]):\d+").unwrap();
    ports.replace_all(&ages.replace_all(&said, "N s ago"), "127.0.0.1:PORT").into_owned()
}

fn mail(server: &Server, words: &str) {
    let value = |key: &str| words.split("; ").find_map(|pair| pair.strip_prefix(&format!("{key}=")));
    let mut smtp = server.smtp_greeted();
    if let Some(user) = value("user") {
        smtp.say(&format!("AUTH PLAIN {}", BASE64_STANDARD.encode(format!("\0{user}\0x"))), "235");
    }
    let from = value("from").expect("a sender");
    let to: Vec<_> = value("to").unwrap_or("bob@app.test").split(", ").collect();
    let mut raw = format!("From: {from}\r\nTo: {}\r\n", to.join(", "));
    for (name, key) in [("Subject: ", "subject"), ("", "header")] {
        if let Some(value) = value(key) {
            let _ = write!(raw, "{name}{value}\r\n");
        }
    }
    let _ = write!(raw, "\r\n{}\r\n", value("body").unwrap_or("Good day."));
    smtp.send(from, &to, raw.as_bytes());
}

fn broken(server: &Server, lines: &str) {
    let mut smtp: Smtp = server.smtp();
    for line in lines.split(" | ") {
        smtp.write(format!("{line}\r\n").as_bytes());
        if !line.contains(": ") {
            smtp.reply();
        }
    }
    drop(smtp);
    // Told once it is over.
    while server.json("/api/v1/sessions")["Ended"] == 0 {
        std::thread::yield_now();
    }
}
