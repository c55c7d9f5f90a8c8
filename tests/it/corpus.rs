//! Every message of the collection beside the project goes in by SMTP and comes out by the API byte for byte, and every
//! page of it is answered.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Server, corpus};

fn messages(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            messages(&path, found);
        } else if path.extension().is_some_and(|ending| ["eml", "mbox", "html"].iter().any(|known| ending == *known)) {
            found.push(path);
        }
    }
}

/// What SMTP can carry by DATA: it ends in CRLF, as the final dot needs (RFC 5321 §4.1.1.4).
fn ended(mut raw: Vec<u8>) -> Vec<u8> {
    if !raw.ends_with(b"\r\n") {
        raw.extend_from_slice(b"\r\n");
    }
    raw
}

#[test]
fn every_message_comes_back_equal_and_every_page_of_it_is_answered() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    messages(&corpus, &mut files);
    assert!(files.len() > 1_000, "{} files", files.len());
    let server = Server::with(&["--max-messages", "20000"]);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut smtp = server.smtp();
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let raw = ended(std::fs::read(file).unwrap());
                    let id = smtp.send("ann@app.test", &["bob@app.test"], &raw);
                    assert!(server.raw(&id) == raw, "{}: the bytes differ", file.display());
                    for page in [
                        "?tab=html",
                        "?tab=text",
                        "?tab=event",
                        "?tab=report",
                        "?tab=amp",
                        "?tab=headers",
                        "?tab=parts",
                        "?tab=source",
                        "?tab=envelope",
                    ] {
                        let answer = server.get(&format!("/message/{id}{page}"));
                        assert_eq!(answer.status, 200, "{} {page}", file.display());
                        assert!(
                            String::from_utf8(answer.body).unwrap().trim_end().ends_with("</html>"),
                            "{}",
                            file.display()
                        );
                    }
                    let whole = server.json(&format!("/api/v1/message/{id}"));
                    assert_eq!(whole["Size"], raw.len());
                    let frame = server.get(&format!("/message/{id}/html")).status;
                    assert_eq!(frame, if whole["HTML"] == "" { frame } else { 200 }, "{}", file.display());
                }
            });
        }
    });
    assert_eq!(server.json("/api/v1/info")["Messages"], files.len());
}
