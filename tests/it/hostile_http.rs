//! What a hostile page, client or mail tries by way of HTTP: `tests/known-failures.md` lists the classes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Server, request};

const LETTER: &[u8] = b"From: ann@app.test\r\nSubject: secret plans\r\n\r\nhello\r\n";

/// One request as it is written, dots and all; answers the status and the whole answer. A server that has heard enough
/// may close before all is sent.
fn raw(server: &Server, head: &str, body: &[u8]) -> (u16, String) {
    let authority = server.ready["http"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let _ = stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes());
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

fn get(server: &Server, path: &str) -> (u16, String) {
    raw(server, &format!("GET {path} HTTP/1.1\r\nHost: localhost"), b"")
}

/// What a request could have changed.
fn state(server: &Server) -> Value {
    let info = server.json("/api/v1/info");
    json!([info["Messages"], info["Unread"], info["Cursor"]])
}

fn letters(server: &Server) -> Value {
    for _ in 0..3 {
        server.send(LETTER);
    }
    state(server)
}

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

#[test]
fn a_foreign_origin_neither_changes_nor_follows() {
    let server = Server::start();
    let before = letters(&server);
    let port = server.ready["http"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let origins = [
        "null".to_owned(),
        "http://evil.example".to_owned(),
        format!("http://evil.example:{port}"),
        format!("http://localhost:{port}"), // another site than 127.0.0.1, though it is the same machine
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://127.0.0.1:{port}@evil.example"),
        format!("http://evil.example/?http://127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
        "file://".to_owned(),
        "\u{fc}".to_owned(),
    ];
    for origin in &origins {
        for mount in ["", "/mailbox/default"] {
            for (method, path) in [
                ("DELETE", "/api/v1/messages"),
                ("PUT", "/api/v1/messages"),
                ("DELETE", "/api/v1/search?query=plans"),
                ("POST", "/delete"),
                ("POST", "/mark"),
                ("POST", "/test-message"),
                ("GET", "/live"),
                ("GET", "/api/events"),
                ("GET", "/api/%65vents"),
            ] {
                let head = format!(
                    "{method} {mount}{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nContent-Length: 0"
                );
                let (status, answer) = raw(&server, &head, b"");
                assert_eq!(status, 403, "{origin} {method} {mount}{path}: {answer}");
                assert!(!answer.to_lowercase().contains("access-control-allow-origin"), "{answer}");
            }
            let socket = format!(
                "GET {mount}/api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n\
                 Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
            );
            assert_eq!(raw(&server, &socket, b"").0, 403, "{origin} {mount}");
        }
        // It may load, as an image may, but its page cannot read what comes.
        let list = request("GET", &server.http("/api/v1/messages"), &[("Origin", origin)], None);
        assert_eq!(list.header("access-control-allow-origin"), "", "{origin}");
        let preflight = request("OPTIONS", &server.http("/api/v1/messages"), &[("Origin", origin)], None);
        assert_eq!(preflight.header("access-control-allow-origin"), "", "{origin}");
    }
    assert_eq!(state(&server), before);
}

#[test]
fn a_foreign_host_is_told_nothing() {
    let server = Server::start();
    let before = letters(&server);
    for host in [
        "evil.example",
        "evil.example:8025",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "restante.test.evil.example",
        "127.0.0.1.nip.io",
        "1.2.3.4.5",
        "[::1].evil.example",
        "[::1]evil.example",
        "evil.example#.test",
        "evil.example/.test",
        "evil.example\\.test",
        "evil.example@localhost",
        "localhost@evil.example",
        "evil.example.",
        "xn--bcher-kva.example",
        "b\u{fc}cher.example",
    ] {
        for path in ["/", "/api/v1/messages", "/api/v1/message/latest/raw", "/live", "/api/events", "/mailbox/default/"]
        {
            let (status, answer) = raw(&server, &format!("GET {path} HTTP/1.1\r\nHost: {host}"), b"");
            assert!([400, 421].contains(&status), "{host} {path}: {answer}");
            assert!(!answer.contains("secret plans"), "{host} {path}: {answer}");
        }
        let head = format!("DELETE /api/v1/messages HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0");
        assert!([400, 421].contains(&raw(&server, &head, b"").0), "{host}");
    }
    // The authority of an absolute address counts, not Host beside it.
    let head = "GET http://evil.example/api/v1/messages HTTP/1.1\r\nHost: localhost";
    assert_eq!(raw(&server, head, b"").0, 421);
    assert_eq!(state(&server), before);
}

#[test]
fn a_get_from_another_site_changes_nothing() {
    let server = Server::start();
    let before = letters(&server);
    let override_it = "X-HTTP-Method-Override: DELETE\r\nX-Method-Override: DELETE\r\nX-HTTP-Method: DELETE";
    for path in [
        "/delete?all=1",
        "/delete?all=1&_method=POST",
        "/mark?all=1&read=1",
        "/test-message",
        "/api/v1/messages?_method=DELETE",
        "/api/v1/search?query=plans&_method=DELETE",
        "/api/v1/message/latest",
        "/message/latest",
        "/mailbox/default/delete?all=1",
    ] {
        for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nReferer: http://evil.example/\r\nSec-Fetch-Site: cross-site\r\n{override_it}"
            );
            let (status, answer) = raw(&server, &head, b"");
            assert!([200, 400, 404, 405].contains(&status), "{method} {path}: {answer}");
        }
    }
    assert_eq!(state(&server), before);
}

#[test]
fn sixteen_megabytes_of_json_are_refused() {
    let server = Server::start();
    let before = letters(&server);
    let size = 16 << 20;
    let ids = format!("{{\"IDs\":[{}]}}", vec!["\"0123456789abcdefghijkl\""; size / 25].join(","));
    for body in ["[".repeat(size), " ".repeat(size), format!("{{\"IDs\":[\"{}\"]}}", "x".repeat(size)), ids] {
        for (method, path) in
            [("DELETE", "/api/v1/messages"), ("PUT", "/mailbox/default/api/v1/messages"), ("POST", "/delete")]
        {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}",
                body.len()
            );
            let (status, answer) = raw(&server, &head, body.as_bytes());
            // Zero: it closed while we were still sending.
            assert!(status == 0 || (400..500).contains(&status), "{method} {path}: {status} {answer}");
        }
    }
    assert_eq!(state(&server), before);
}

#[test]
fn deep_json_is_no_more_than_wrong() {
    let server = Server::start();
    let before = letters(&server);
    let deep = 100_000;
    for body in [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{{\"IDs\":{}", "[".repeat(deep)),
        format!("{{\"IDs\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        format!("{{\"Read\":{}{}}}", "{\"x\":".repeat(deep), "}".repeat(deep)),
    ] {
        for (method, path) in [
            ("DELETE", "/api/v1/messages"),
            ("PUT", "/api/v1/messages"),
            ("DELETE", "/mailbox/default/api/v1/messages"),
            ("PUT", "/mailbox/default/api/v1/messages"),
        ] {
            assert_eq!(request(method, &server.http(path), &[], Some(&body)).status, 400, "{method} {path}");
        }
    }
    assert_eq!(state(&server), before);
}

#[test]
fn a_malformed_delete_deletes_nothing() {
    let server = Server::start();
    let before = letters(&server);
    let id = server.json("/api/v1/message/latest")["ID"].as_str().unwrap().to_owned();
    let refused = [
        "{",
        "{}{}",
        "\u{feff}{}",
        "null",
        "true",
        "0",
        "\"\"",
        "[]",
        "{\"IDs\"}",
        "{\"IDs\":}",
        "{\"IDs\":NaN}",
        "{\"IDs\":[]}",
        "{\"IDs\":{}}",
        "{\"IDs\":\"all\"}",
        "{\"IDs\":[\"\\ud800\"]}",
        "{'IDs':['x']}",
        "{IDs:[]}",
        "{\"IDs\":[\"x\",]}",
        "{\"IDs\":[\"x\"]",
        "{\"ID\":[\"x\"]}",
        "{\"ids \":[\"x\"]}",
        "IDs=x",
        "{\"IDs\":[\"x\"],\"ids\":null}",
        "{\"IDs\":[\"x\"],\"IDs\":null}",
    ];
    for body in refused.into_iter().map(str::to_owned).chain([format!("{{\"IDs\":[\"{id}\"]}} and more")]) {
        for path in ["/api/v1/messages", "/mailbox/default/api/v1/messages"] {
            assert_eq!(request("DELETE", &server.http(path), &[], Some(&body)).status, 400, "{path} {body}");
        }
        assert_eq!(state(&server), before, "{body}");
    }
    // Ids that are none are ids of nothing.
    for body in ["{\"IDs\":[1,null,[],{}]}", "{\"IDs\":[\"*\",\"%\",\"\",\"latest\",\"../*\"]}"] {
        request("DELETE", &server.http("/api/v1/messages"), &[], Some(body));
        assert_eq!(state(&server), before, "{body}");
    }
    let authority = server.ready["http"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut half = TcpStream::connect(authority).unwrap();
    half.write_all(b"DELETE /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{}").unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = half.read_to_string(&mut answer);
    assert!(!answer.contains(" 200 "), "half a body is none: {answer}");
    assert_eq!(state(&server), before);
}

#[test]
fn an_id_climbs_nowhere() {
    let server = Server::start();
    let id = server.send(LETTER);
    let mut worker = server.smtp_greeted();
    worker.say(&format!("AUTH PLAIN {}", STANDARD.encode("\0worker-3\0x")), "235");
    worker.send("ann@app.test", &["bob@app.test"], LETTER);
    let before = state(&server);
    let ups = [
        "../../../../../../etc/passwd",
        "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%252f..%252fetc%252fpasswd",
        "..%5c..%5cetc%5cpasswd",
        "..\\..\\etc\\passwd",
        "%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
        "....//....//etc/passwd",
        "%00",
        "%2fetc%2fpasswd",
        "..%2fCargo.toml",
        ".",
        "..",
        "%ff",
        "%",
        "%zz",
    ];
    for up in ups.into_iter().map(str::to_owned).chain(["x".repeat(10_000)]) {
        for place in [
            format!("/api/v1/message/{up}"),
            format!("/api/v1/message/{up}/raw"),
            format!("/api/v1/message/{id}/part/{up}"),
            format!("/message/{up}"),
            format!("/message/{id}/in/{up}"),
            format!("/message/{id}/in/{up}/part/1"),
            format!("/static/{up}"),
            format!("/mailbox/{up}/api/v1/message/{id}"),
        ] {
            let (status, answer) = get(&server, &place);
            assert!((300..500).contains(&status), "{place}: {status} {answer}");
            assert!(!answer.contains("root:") && !answer.contains("[package]"), "{place}: {answer}");
        }
        for place in [format!("/mailbox/{up}/api/v1/messages"), format!("/mailbox/worker-3/{up}/api/v1/messages")] {
            raw(&server, &format!("DELETE {place} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"), b"");
            assert_eq!(state(&server), before, "{place}");
        }
        let body = json!({"IDs": [up]}).to_string();
        assert_eq!(request("DELETE", &server.http("/api/v1/messages"), &[], Some(&body)).status, 200);
        assert_eq!(state(&server), before, "{up}");
    }
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
    let id = crate::support::queued(&smtp.expect("250"));
    smtp.say("QUIT", "221");
    let mailbox = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    let mut pages = vec![
        "/".to_owned(),
        format!("/?q={mailbox}"),
        format!("/?q=subject:{mailbox}"),
        "/sessions".to_owned(),
        "/sessions?show=silent".to_owned(),
        "/setup".to_owned(),
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
    let first = crate::support::queued(&smtp.expect("250"));
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
fn a_picture_is_never_unpacked() {
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
        // Mailpit makes thumbnails here.
        assert_eq!(server.get(&format!("/api/v1/message/{id}/part/2/thumb")).status, 404);
    }
}
