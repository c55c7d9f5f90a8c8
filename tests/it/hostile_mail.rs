//! What a hostile mail tries in the browser and in the API; `tests/known-failures.md` lists the classes.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::{Server, queued, request};

/// The messages of our own tests that have these words in their names.
fn ours(words: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml/restante");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .filter(|(name, _)| words.iter().any(|word| name.contains(word)))
        .collect();
    found.sort();
    assert!(found.len() >= words.len(), "{words:?}");
    found
}

/// Tags that would show themselves on a page where they are not escaped.
const TAGS: [&str; 6] = ["<script>", "<img src=x", "<svg onload", "<b>owned", "\" onmouseover=", "' onmouseover="];

#[test]
fn markup_is_words_on_every_page() {
    let server = Server::start();
    let evil = "<script>alert(1)</script>\"><img src=x onerror=alert(1)><svg onload=alert(1)><b>owned\" onmouseover=x ' onmouseover=x";
    let mut smtp = server.smtp();
    smtp.say(&format!("EHLO {evil}"), "250");
    smtp.say(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{evil}\0x"))), "235");
    smtp.say(&format!("{evil} is no command"), "500");
    smtp.say("MAIL FROM:<\"<script>alert(1)</script>\"@app.test> ENVID=<svg/onload=alert(1)>", "250");
    smtp.say("RCPT TO:<\"<img src=x onerror=alert(1)>\"@app.test> X-<script>=<b>owned", "250");
    smtp.say("DATA", "354");
    let quoted = evil.replace('"', "\\\"");
    smtp.write(
        format!(
            "From: \"{quoted}\" <\"<b>owned\"@app.test>\r\nTo: {evil}\r\nCc: \"{quoted}\" <x@app.test>\r\nSubject: {evil}\r\n\
             Date: {evil}\r\nMessage-ID: <{evil}>\r\nX-Tags: {evil}\r\nX-<script>: {evil}\r\n{evil}\r\n\
             List-Unsubscribe: <javascript:alert(1)>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain; charset=\"<script>\"\r\n\r\n{evil} https://app.test/\"onmouseover=x javascript:alert(1)\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>{evil}\r\n\
             --b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:{evil}\r\nBEGIN:VEVENT\r\nSUMMARY:{evil}\r\n\
             LOCATION:{evil}\r\nATTENDEE;CN=\"{evil}\":mailto:{evil}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {evil}\r\n\r\nFinal-Recipient: rfc822; {evil}\r\nDiagnostic-Code: {evil}\r\n\
             --b\r\nContent-Type: image/png; name=\"{quoted}.png\"\r\nContent-ID: <{evil}>\r\nContent-Disposition: attachment; filename=\"{quoted}\"\r\n\
             Content-Transfer-Encoding: {evil}\r\n\r\nx\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: {evil}\r\nFrom: \"{quoted}\" <x@app.test>\r\n\r\n{evil}\r\n--b--\r\n.\r\n"
        )
        .as_bytes(),
    );
    let id = queued(&smtp.expect("250"));
    smtp.say("QUIT", "221");
    let mailbox = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    let mut pages = vec![
        "/".to_owned(),
        format!("/?q={mailbox}"),
        format!("/?q=subject:{mailbox}"),
        "/sessions".to_owned(),
        "/sessions?show=silent".to_owned(),
        "/setup".to_owned(),
        "/api/".to_owned(),
        format!("/mailbox/{mailbox}/"),
        format!("/mailbox/{mailbox}/setup"),
        format!("/mailbox/{mailbox}/sessions"),
        format!("/message/{mailbox}"),
        format!("/nowhere/{mailbox}"),
        format!("/message/{id}/in/6"),
        format!("/message/{id}/in/6?tab=headers"),
        format!("/message/{id}/in/6?tab=source"),
    ];
    for tab in ["html", "text", "event", "report", "amp", "headers", "parts", "source", "envelope", mailbox] {
        pages.push(format!("/message/{id}?tab={tab}&q={mailbox}"));
    }
    let mut shown = 0;
    for path in &pages {
        let page = server.get(path);
        let text = page.text();
        for tag in TAGS {
            assert!(!text.contains(tag), "{path} has {tag}: {}", &text[text.find(tag).unwrap()..][..80]);
        }
        assert!(!text.contains("href=\"javascript:") && !text.contains("src=\"javascript:"), "{path}");
        shown += usize::from(text.contains("&#60;script&#62;") || text.contains("&lt;script&gt;"));
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
    assert!(shown >= pages.len() - 5, "{shown} of {} pages show it", pages.len());
    let frame = server.get(&format!("/message/{id}/html"));
    assert!(frame.header("content-security-policy").starts_with("sandbox "));
    for acts in ["<script", "onerror", "onload", "onmouseover=x\""] {
        assert!(!frame.text().contains(acts), "{acts}: {}", frame.text());
    }
    let refusal = request("GET", &server.http("/"), &[("Host", "<script>.example"), ("Accept", "text/html")], None);
    assert!(refusal.status >= 400 && !refusal.text().contains("<script>"), "{}", refusal.text());
}

#[test]
fn nothing_that_can_run_is_served_in_place() {
    let server = Server::start();
    let run = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    let kinds = [
        "image/svg+xml",
        "IMAGE/SVG+XML",
        "image/svg+xml; charset=utf-8",
        "image/svg",
        "text/html",
        "Text/HTML; charset=utf-7",
        "application/xhtml+xml",
        "text/xml",
        "application/xml",
        "application/rss+xml",
        "text/xsl",
        "text/javascript",
        "application/javascript",
        "text/css",
        "application/pdf",
        "application/x-shockwave-flash",
        "multipart/x-mixed-replace",
        "message/rfc822",
        "text/html,image/png",
        "image/png,text/html",
        "image/png text/html",
        "text/cache-manifest",
        "x",
    ];
    let parts: String = kinds
        .iter()
        .map(|kind| {
            format!("--b\r\nContent-Type: {kind}\r\nContent-Disposition: inline; filename=\"x.svg\"\r\n\r\n{run}\r\n")
        })
        .collect();
    let id = server.send(format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n").as_bytes());
    for (number, kind) in (1..).zip(kinds) {
        for query in ["", "?dl=1", "?dl=0", "?inline=1"] {
            let part = server.get(&format!("/api/v1/message/{id}/part/{number}{query}"));
            assert_eq!(part.status, 200, "{kind}");
            let (disposition, media) = (part.header("content-disposition"), part.header("content-type"));
            let harmless = ["image/png", "text/plain"].contains(&media) || media.starts_with("text/plain;");
            assert!(disposition.starts_with("attachment") || harmless, "{kind}: {disposition} {media}");
            assert!(part.header("content-security-policy").starts_with("sandbox; default-src 'none'"), "{kind}");
            assert_eq!(part.header("x-content-type-options"), "nosniff", "{kind}");
        }
    }
    let source = server.get(&format!("/api/v1/message/{id}/raw"));
    assert_eq!(source.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(source.header("x-content-type-options"), "nosniff");
    assert!(source.header("content-security-policy").starts_with("sandbox"));
    let within = server.send(
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: image/svg+xml\r\n\r\n<svg/>\r\n--o--\r\n",
    );
    let part = server.get(&format!("/message/{within}/in/1/part/0"));
    assert!(part.header("content-disposition").starts_with("attachment"), "{}", part.header("content-disposition"));
}

#[test]
fn a_download_header_is_whole_and_no_path() {
    let server = Server::start();
    let mut seen = 0;
    for (name, mail) in
        ours(&["file-name", "maildev-467", "content-id", "rfc2231", "markup", "uuencode", "nul", "surrogates"])
    {
        let id = server.send(&mail);
        let whole = server.json(&format!("/api/v1/message/{id}"));
        let all = whole["Attachments"].as_array().unwrap().iter().chain(whole["Inline"].as_array().unwrap());
        for part in all {
            let part = part["PartID"].as_str().unwrap();
            let answer = server.get(&format!("/api/v1/message/{id}/part/{part}?dl=1"));
            assert_eq!(answer.headers.get_all("content-disposition").iter().count(), 1);
            assert!(answer.headers.get("x-evil").is_none());
            let header = answer.header("content-disposition");
            let rest = header.strip_prefix("attachment; filename=\"").unwrap_or_else(|| panic!("{name}: {header}"));
            let (plain, coded) = rest.split_once("\"; filename*=UTF-8''").unwrap_or_else(|| panic!("{name}: {header}"));
            assert!(
                coded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~%".contains(&byte)),
                "{header}"
            );
            let coded = percent_encoding::percent_decode_str(coded).decode_utf8().unwrap();
            for file in [plain, &coded] {
                assert!(!file.is_empty() && file.len() <= 255, "{name}: {header}");
                assert!(!file.contains(['/', '\\', '"', '\0', '\u{202e}', '\u{2066}']), "{name}: {header}");
                assert!(!file.contains(char::is_control) && !file.starts_with('.'), "{name}: {header}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn json_is_json_whatever_a_field_has_in_it() {
    let server = Server::start();
    let mut smtp = server.smtp();
    smtp.write(b"EHLO \xed\xa0\x80\0\xff\r\n");
    smtp.expect("250");
    smtp.say(&format!("AUTH PLAIN {}", STANDARD.encode(b"\0\xed\xa0\x80\x01\xff\"\\\0x")), "235");
    smtp.write(b"MAIL FROM:<\xed\xa0\x80\0@\xff> ENVID=\xfe\r\n");
    smtp.expect("250");
    smtp.write(b"RCPT TO:<\"\\\"\xc3\x1b\"@app.test>\r\n");
    smtp.expect("250");
    smtp.say("DATA", "354");
    let fields = [
        "Subject",
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Message-ID",
        "Date",
        "X-Tags",
        "X-\u{fc}",
        "Return-Path",
        "List-Unsubscribe",
    ];
    for field in fields {
        smtp.write(field.as_bytes());
        smtp.write(b": \xed\xa0\x80\0\x01\x1b\x7f\xff\xc3 \\ud800 \\\" \xe2\x80\xa8 <\xf5@\xfe>\r\n");
    }
    smtp.write(b"Content-Type: text/plain; charset=\xff; name=\"\xed\xbf\xbf\0.txt\"\r\nContent-Disposition: attachment; filename=\"\xff\0\"\r\n\r\n\xff\0\xed\xa0\x80\r\n.\r\n");
    let first = queued(&smtp.expect("250"));
    let mut ids = vec![first];
    for (_, mail) in
        ours(&["surrogates", "nul", "utf8-broken", "utf-16", "utf-7", "charset-unknown", "markup", "right-to-left"])
    {
        ids.push(server.send(&mail));
    }
    for id in &ids {
        for path in ["", "/headers"] {
            let answer = server.get(&format!("/api/v1/message/{id}{path}"));
            let text = String::from_utf8(answer.body).expect("JSON is UTF-8");
            let value: Value = serde_json::from_str(&text).unwrap_or_else(|why| panic!("{why}: {text}"));
            assert!(value.is_object());
        }
    }
    for path in [
        "/api/v1/messages",
        "/api/v1/search?query=%22a%22",
        "/api/v1/search?query=%ED%A0%80",
        "/api/v1/sessions",
        "/api/v1/info",
        "/api/v1/wait?query=%22%5C%22%00%FF&timeout=0",
        "/api/v1/wait?query=nowhere&timeout=0",
    ] {
        let answer = server.get(path);
        let text = String::from_utf8(answer.body.clone()).expect("JSON is UTF-8");
        if answer.header("content-type").contains("json") {
            serde_json::from_str::<Value>(&text).unwrap_or_else(|why| panic!("{path}: {why}: {text}"));
        }
        assert!(answer.status < 500, "{path}: {text}");
    }
    assert_eq!(server.json("/api/v1/messages?limit=0")["messages"].as_array().unwrap().len(), ids.len());
}

#[test]
fn a_date_neither_orders_nor_evicts() {
    let server = Server::with(&["--max-messages", "4"]);
    let dates = [
        "Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n",
        "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n",
        "",
        "Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
        "Date: Mon, 1 Jan 0001 00:00:00 +0000\r\n",
        "Date: Fri, 1 Jan 3000 00:00:00 -2359\r\n",
    ];
    let ids: Vec<_> =
        dates.iter().map(|date| server.send(format!("Subject: x\r\n{date}\r\nx\r\n").as_bytes())).collect();
    let list = server.json("/api/v1/messages");
    let kept: Vec<_> = list["messages"].as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap()).collect();
    let expected: Vec<_> = ids[2..].iter().rev().map(String::as_str).collect();
    assert_eq!(kept, expected, "the last four, newest first");
    assert_eq!(server.json("/api/v1/message/latest")["ID"], ids[5].as_str());
}

#[test]
fn a_picture_that_promises_gigapixels_is_not_unpacked() {
    let server = Server::start();
    // A header that promises four gigapixels, and nothing behind it.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0\0\0\0\0";
    let gif = b"GIF89a\xff\xff\xff\xff\xf7\0\0";
    let bmp = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\x01\0\x20\0";
    for (kind, bytes) in [("png", &png[..]), ("gif", gif), ("bmp", bmp)] {
        let mail = format!(
            "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<img src=cid:a>\r\n\
             --b\r\nContent-Type: image/{kind}\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
            STANDARD.encode(bytes)
        );
        let id = server.send(mail.as_bytes());
        assert_eq!(server.get(&format!("/api/v1/message/{id}/part/2")).body, bytes);
        for path in ["", "?tab=html", "?tab=parts"] {
            assert_eq!(server.get(&format!("/message/{id}{path}")).status, 200);
        }
        let thumb = server.get(&format!("/api/v1/message/{id}/part/2/thumb"));
        assert_eq!((thumb.status, thumb.header("content-type")), (200, "image/jpeg"), "a white one");
    }
}
