//! What a hostile page or client tries by HTTP; `tests/known-failures.md` lists the classes. For mail, see `hostile_mail`.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
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
                ("POST", "/restore"),
                ("POST", "/keep"),
                ("POST", "/tag"),
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
        "/keep?all=1&keep=1",
        "/tag?all=1&add=x",
        "/restore?batch=x",
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
            format!("/static/0/{up}"),
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

#[test]
fn a_parameter_that_a_deletion_does_not_know_deletes_nothing() {
    let server = Server::start();
    server.send(b"Subject: kept\r\n\r\n");
    for (method, path, said) in [
        (
            "DELETE",
            "/api/v1/messages?mailbox=worker-3",
            "a mailbox is asked by its path, /mailbox/worker-3/api/v1/…; nothing was changed",
        ),
        ("DELETE", "/api/v1/messages?ids=x", "\"ids\" is not known here; nothing was changed"),
        (
            "PUT",
            "/api/v1/messages?mailbox=x",
            "a mailbox is asked by its path, /mailbox/x/api/v1/…; nothing was changed",
        ),
        (
            "DELETE",
            "/api/v1/search?query=kept&mailbox=x",
            "a mailbox is asked by its path, /mailbox/x/api/v1/…; nothing was changed",
        ),
        ("GET", "/api/v1/messages?mailbox=x", "a mailbox is asked by its path, /mailbox/x/api/v1/…"),
        ("GET", "/api/v1/search?query=x&mailbox=x", "a mailbox is asked by its path, /mailbox/x/api/v1/…"),
    ] {
        let answer =
            request(method, &server.http(path), &[], Some(if method == "PUT" { "{\"Read\":true}" } else { "" }));
        assert_eq!((answer.status, answer.text().as_str()), (400, said), "{method} {path}");
    }
    assert_eq!(server.json("/api/v1/info")["Unread"], 1);
    assert_eq!(server.get("/api/v1/messages?_=17").status, 200, "what a client adds to pass a cache");
}
