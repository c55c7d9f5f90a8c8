//! Golden views: messages of other projects' tests (`tests/eml/<origin>/`, with licence and source) and what we read
//! from each, as text beside it. `UPDATE_GOLDEN=1` writes the latter anew. Each is also read with every line end
//! changed, which must change nothing; and the whole corpus, where there is one, is read for what must never happen.

use restante::mail::event::Calendar;
use restante::mail::html::prepare;
use restante::mail::nested::{Nested, opens};
use restante::mail::report::{Report, is_report};
use restante::mail::seal::seals;
use restante::mail::structure::{BodyOf, Listed};
use restante::mail::{Address, View};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[test]
fn every_message_reads_as_its_golden_view_says() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mails = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml"), &["eml"]);
    assert!(mails.len() >= 40, "only {} golden mails", mails.len());
    let mut failed = Vec::new();
    for mail in &mails {
        let raw = std::fs::read(mail).unwrap();
        let read = shown(&raw);
        let golden = mail.with_extension("view");
        if update {
            std::fs::write(&golden, &read).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if read != expected {
            failed.push(format!("=== {}\n--- expected\n{expected}--- read\n{read}", mail.display()));
        }
        for (ends, twin) in twins(&raw) {
            let read = shown(&twin);
            if read != expected {
                failed.push(format!("=== {} with {ends}\n--- expected\n{expected}--- read\n{read}", mail.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{}\n{} differ; UPDATE_GOLDEN=1 takes what was read", failed.join("\n"), failed.len());
}

#[test]
fn every_folder_of_mails_tells_its_licence_and_its_source() {
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml")).unwrap();
    let mut count = 0;
    for folder in folders.map(|folder| folder.unwrap().path()) {
        assert!(folder.join("LICENSE").is_file() && folder.join("SOURCE.md").is_file(), "{}", folder.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn the_whole_corpus_is_read_without_a_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: there is no corpus beside this checkout");
        return;
    }
    let all = files(&corpus, &["eml", "mbox", "html"]);
    assert!(!all.is_empty());
    for file in &all {
        let raw = std::fs::read(file).unwrap();
        let view = View::read(&raw);
        assert!(view.findings.iter().all(|finding| finding.oddity.id() != "reading-failed"), "{}", file.display());
        let text = view.text(&raw);
        view.searchable(&raw);
        view.reading(&raw);
        seals(&view, &raw);
        let html = if file.extension().is_some_and(|extension| extension == "html") {
            Some(String::from_utf8_lossy(&raw).into_owned())
        } else {
            view.html(&raw)
        };
        if let Some(html) = html {
            let references = view.references();
            let prepared =
                prepare(&html, |reference| references.find(reference).map(|part| part.id.to_string()), false);
            assert!(!prepared.html.starts_with("<pre>"), "{} could not be rewritten", file.display());
            assert!(!prepared.html.contains("<script"), "{}", file.display());
        }
        for part in &view.structure.parts {
            assert!(part.body.end <= raw.len());
            Report::read(&part.bytes(&raw));
            if part.is_text() {
                Calendar::read(&part.text(&raw));
            }
            if opens(part) {
                Nested::of(&raw, part);
            }
            let name = part.safe_name();
            assert!(!name.is_empty() && !name.contains(['/', '\\', '\0', '\n']), "{name:?}");
        }
        drop(text);
    }
    println!("{} files read", all.len());
}

/// Everything that is worth comparing, but for offsets and line ends.
fn shown(raw: &[u8]) -> String {
    let view = View::read(raw);
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{name}: {}", value.replace(char::is_control, "�"));
        }
    };
    line("subject", &view.subject);
    for (name, list) in [
        ("from", view.from()),
        ("to", view.to()),
        ("cc", view.cc()),
        ("bcc", view.bcc()),
        ("reply-to", view.reply_to()),
    ] {
        list.iter().for_each(|one| line(name, &address(one)));
    }
    view.sender().iter().for_each(|one| line("sender", &address(one)));
    line("message-id", &view.message_id);
    line("date", &view.date.map_or(String::new(), |date| date.to_string()));
    line("return-path", &view.return_path(raw).unwrap_or_default());
    line("snippet", &view.snippet(raw));
    for part in &view.structure.parts {
        let mut told = format!("{} {:?} {:?}", part.content_type, part.encoding, part.disposition);
        for (name, value) in [
            ("charset", part.charset.as_deref()),
            ("name", part.file_name()),
            ("id", part.content_id()),
            ("at", part.location()),
        ] {
            value.iter().for_each(|value| told.push_str(&format!(" {name}={value}")));
        }
        if !part.is_multipart() {
            told.push_str(&format!(" {} bytes", lf(&part.bytes(raw)).len()));
        }
        let roles = [
            (part.body_of == Some(BodyOf::Text), " [text]"),
            (part.body_of == Some(BodyOf::Html), " [html]"),
            (part.listed == Some(Listed::Attachment), " [attachment]"),
            (part.listed == Some(Listed::Inline), " [inline]"),
        ];
        roles.iter().filter(|(is, _)| *is).for_each(|(_, role)| told.push_str(role));
        if part.name().is_some_and(|name| name != part.safe_name()) {
            told.push_str(&format!(" saved as {}", part.safe_name()));
        }
        line(&format!("part {}", part.id), &told);
    }
    for finding in &view.findings {
        line("finding", format!("{} {}", finding.oddity.id(), finding.detail).trim());
    }
    if let Some(html) = view.html(raw) {
        let (references, mut told) = (view.references(), Vec::new());
        let found = |reference: &str| {
            let part = references.find(reference).map(|part| part.id.to_string());
            told.extend(part.iter().map(|id| format!("refers: {reference} is part {id}")));
            part
        };
        let prepared = prepare(&html, found, false);
        told.dedup();
        told.iter().for_each(|line| out.push_str(&format!("{line}\n")));
        for remote in prepared.remote.iter().filter(|remote| remote.url.starts_with("cid:")) {
            let _ = writeln!(out, "refers: {} is no part", remote.url);
        }
    }
    for seal in seals(&view, raw) {
        let _ = writeln!(out, "seal: {seal}");
    }
    for part in &view.structure.parts {
        if is_report(part) {
            let _ = writeln!(out, "report: {:?}", Report::read(&part.bytes(raw)).groups);
        }
        if &*part.content_type == "text/calendar" {
            let _ = writeln!(out, "calendar: {:?}", Calendar::read(&part.text(raw)));
        }
        if opens(part) {
            let inner = Nested::of(raw, part).view;
            let _ = writeln!(out, "within {}: {} ({} parts)", part.id, inner.subject, inner.structure.parts.len());
        }
    }
    let reading = view
        .reading(raw)
        .filter(|reading| lf(reading.as_bytes()) != lf(view.plain_text(raw).unwrap_or_default().as_bytes()));
    for text in reading.iter().flat_map(|reading| reading.split(['\r', '\n'])).filter(|line| !line.is_empty()).take(40)
    {
        let _ = writeln!(out, "> {text}");
    }
    // Joined by hand: the `\n--\n` between them would make one line end of a part's last CR.
    let texts: Vec<_> = view.text_parts().map(|part| part.text(raw)).collect();
    let texts = if texts.is_empty() { vec![view.text(raw)] } else { texts };
    let texts: Vec<_> = texts.iter().map(|text| String::from_utf8(lf(text.as_bytes())).unwrap()).collect();
    let text = texts.join("\n--\n");
    for text in text.lines().take(40) {
        let _ = writeln!(out, "| {text}");
    }
    out.replace('\0', "␀")
}

fn address(address: &Address) -> String {
    format!("{} <{}>", address.name, address.address)
}

fn twins(raw: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    let lf = lf(raw);
    let with = |ends: &[u8]| {
        let mut twin = Vec::new();
        for &byte in &lf {
            if byte == b'\n' { twin.extend_from_slice(ends) } else { twin.push(byte) }
        }
        twin
    };
    [("CRLF", with(b"\r\n")), ("CR", with(b"\r")), ("LF", lf.clone())]
}

fn lf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
            b'\r' => out.push(b'\n'),
            _ => out.push(byte),
        }
    }
    out
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| extensions.contains(&it)) {
            found.push(path);
        }
    }
    found.sort();
    found
}
