//! The API over HTTP: Mailpit's shapes, our additions, and the manners of the house.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Answer, Server, Smtp, request};

const LETTER: &[u8] = b"From: Ann <ann@app.test>\r\nTo: Bob <bob@app.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
    Message-ID: <1@app.test>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nX-Twice: one\r\nX-Twice: two\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
    --a\r\nContent-Type: text/plain\r\n\r\nYour code is 123456.\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>Your code is <b>123456</b>.</p>\r\n--a--\r\n\
    --b\r\nContent-Type: application/pdf; name=\"invoice.pdf\"\r\nContent-Disposition: attachment; filename=\"invoice.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n";

fn subjects(listing: &Value) -> Vec<&str> {
    listing["messages"].as_array().unwrap().iter().map(|row| row["Subject"].as_str().unwrap()).collect()
}

fn plain(subject: &str) -> Vec<u8> {
    format!("From: ann@app.test\r\nSubject: {subject}\r\n\r\n{subject}\r\n").into_bytes()
}

fn delete(server: &Server, path: &str, body: Option<&str>) -> Answer {
    request("DELETE", &server.http(path), &[], body)
}

#[test]
fn a_message_is_told_whole_and_in_pieces() {
    let server = Server::start();
    let id = server.send(LETTER);
    let whole = server.json(&format!("/api/v1/message/{id}"));
    assert_eq!(whole["Subject"], "Grüße");
    assert_eq!(whole["From"], json!({"Name": "Ann", "Address": "ann@app.test"}));
    assert_eq!(whole["To"], json!([{"Name": "Bob", "Address": "bob@app.test"}]));
    assert_eq!(
        (&whole["Cc"], &whole["Bcc"], &whole["ReplyTo"], &whole["Tags"]),
        (&json!([]), &json!([]), &json!([]), &json!([]))
    );
    assert_eq!(whole["Date"], "2026-11-23T10:00:00+01:00");
    assert_eq!(whole["Text"].as_str().unwrap().trim(), "Your code is 123456.");
    assert_eq!(whole["HTML"].as_str().unwrap().trim(), "<p>Your code is <b>123456</b>.</p>");
    assert_eq!(whole["Size"], LETTER.len());
    let file = &whole["Attachments"][0];
    assert_eq!(
        (&file["FileName"], &file["ContentType"], &file["Size"]),
        (&json!("invoice.pdf"), &json!("application/pdf"), &json!(4))
    );
    assert_eq!(file["Checksums"]["MD5"], "bfa4b10a76324b166cfdad5e02a63730", "of %PDF");
    assert_eq!(whole["Envelope"]["To"], json!([{"Address": "bob@app.test", "Parameters": ""}]));
    assert_eq!(whole["Envelope"]["From"]["Parameters"], "BODY=8BITMIME");

    let part = server.get(&format!("/api/v1/message/{id}/part/{}", file["PartID"].as_str().unwrap()));
    assert_eq!((part.body.as_slice(), part.header("content-type")), (&b"%PDF"[..], "application/pdf"));
    assert!(part.header("content-disposition").starts_with("attachment; filename=\"invoice.pdf\""));
    assert!(part.header("content-security-policy").starts_with("sandbox"));
    let headers = server.json(&format!("/api/v1/message/{id}/headers"));
    assert_eq!(headers["X-Twice"], json!(["one", "two"]));
    assert_eq!(headers["Message-Id"], json!(["<1@app.test>"]));
    assert_eq!(headers["Subject"], json!(["=?utf-8?q?Gr=C3=BC=C3=9Fe?="]));
    let decoded = server.json(&format!("/api/v1/message/{id}/headers?decoded=1"));
    assert_eq!((&decoded["Subject"], &decoded["X-Twice"]), (&json!(["Grüße"]), &headers["X-Twice"]));
    assert_eq!(server.raw(&id), LETTER);
    let saved = server.get(&format!("/api/v1/message/{id}/raw?dl=1"));
    assert!(saved.header("content-disposition").contains(&format!("{id}.eml")));
    assert_eq!(server.get(&format!("/api/v1/message/{id}/part/99")).status, 404);
}

#[test]
fn lists_are_newest_first_paged_and_searched() {
    let server = Server::start();
    for number in 0..7 {
        server.send(&plain(&format!("letter {number}")));
    }
    let page = server.json("/api/v1/messages?start=2&limit=3");
    assert_eq!(subjects(&page), ["letter 4", "letter 3", "letter 2"]);
    assert_eq!(
        (&page["total"], &page["count"], &page["unread"], &page["start"]),
        (&json!(7), &json!(3), &json!(7), &json!(2))
    );
    assert_eq!(subjects(&server.json("/api/v1/messages?limit=0")).len(), 7);
    assert_eq!(subjects(&server.json("/api/v1/messages?limit=x&start=-1")).len(), 7);
    let found = server.json("/api/v1/search?query=subject:%22letter+3%22");
    assert_eq!((subjects(&found), &found["messages_count"], &found["total"]), (vec!["letter 3"], &json!(1), &json!(7)));
    assert_eq!(subjects(&server.json("/api/v1/search?query=letter+-3+-4&limit=2")), ["letter 6", "letter 5"]);
    assert_eq!(server.get("/api/v1/search?query=").status, 400);
    assert!(server.get("/api/v1/search?query=larger:much").text().contains("larger:100kb"));
    assert_eq!(server.json("/api/v1/message/latest")["Subject"], "letter 6");
    assert_eq!(server.json("/api/v1/message/latest?query=%223%22")["Subject"], "letter 3");
    assert_eq!(server.get("/api/v1/message/latest?query=nothing").text(), "Message not found");
}

#[test]
fn marking_is_its_own_call_and_reading_marks_nothing() {
    let server = Server::start();
    let (one, two) = (server.send(&plain("one")), server.send(&plain("two")));
    for path in ["/api/v1/message/{}", "/api/v1/message/{}/raw", "/message/{}", "/message/{}/html"] {
        server.get(&path.replace("{}", &one));
    }
    assert_eq!(server.json("/api/v1/info")["Unread"], 2);
    let put = |body: Value| request("PUT", &server.http("/api/v1/messages"), &[], Some(&body.to_string()));
    assert_eq!(put(json!({"Read": true, "IDs": [one]})).text(), "ok");
    assert_eq!(server.json(&format!("/api/v1/message/{one}"))["Read"], true);
    assert_eq!(subjects(&server.json("/api/v1/search?query=is:unread")), ["two"]);
    assert_eq!(put(json!({"read": true, "search": "subject:two"})).status, 200);
    assert_eq!(server.json("/api/v1/info")["Unread"], 0);
    assert_eq!(put(json!({"Read": false})).status, 200);
    assert_eq!(server.json("/api/v1/info")["Unread"], 2);
    assert_eq!(put(json!({"Read": true, "IDs": [two], "Search": "x"})).status, 400);
    assert_eq!(put(json!({"Read": "yes"})).status, 400);
    assert_eq!(server.json("/api/v1/info")["Unread"], 2);
}

#[test]
fn what_cannot_be_understood_deletes_nothing() {
    let server = Server::start();
    let (one, _) = (server.send(&plain("one")), server.send(&plain("two")));
    for body in
        ["{", "nonsense", "[]", "{\"IDs\":[]}", "{\"IDs\":\"x\"}", "{\"IDs\":null,\"Search\":5}", &"[".repeat(100_000)]
    {
        assert_eq!(delete(&server, "/api/v1/messages", Some(body)).status, 400, "{}", &body[..body.len().min(40)]);
    }
    for body in ["{\"ID\":[\"x\"]}", "{\"Search\":\"\"}"] {
        assert_eq!(delete(&server, "/api/v1/messages", Some(body)).status, 400, "{body}");
    }
    let halves = ["-(one", "one)+OR+two)", "one+OR", "OR+one", "()", "-()", "one+OR+%22%22", ")"];
    for query in ["larger:much", "", "-", "%22%22", "subject:", "to:%22%22"].into_iter().chain(halves) {
        assert_eq!(delete(&server, &format!("/api/v1/search?query={query}"), None).status, 400, "{query}");
    }
    assert_eq!(delete(&server, "/api/v1/search?query=one%C2%A0nowhere", None).status, 200);
    assert_eq!(delete(&server, "/api/v1/messages", Some("{\"IDs\":[\"../../etc/passwd\"]}")).status, 200);
    assert_eq!(server.json("/api/v1/info")["Messages"], 2);
    assert_eq!(delete(&server, "/api/v1/messages", Some(&json!({"IDs": [one]}).to_string())).text(), "ok");
    assert_eq!(subjects(&server.json("/api/v1/messages")), ["two"]);
    assert_eq!(delete(&server, "/api/v1/search?query=subject:none", None).status, 200);
    assert_eq!(delete(&server, "/api/v1/messages", None).status, 200);
    assert_eq!(server.json("/api/v1/info")["Messages"], 0);
}

#[test]
fn a_mailbox_is_the_login_and_sees_only_its_own() {
    let server = Server::start();
    let send_as = |user: &str, subject: &str| {
        let mut smtp = server.smtp();
        smtp.say("EHLO test", "250");
        let secret = STANDARD.encode(format!("\0{user}\0secret"));
        smtp.say(&format!("AUTH PLAIN {secret}"), "235");
        smtp.send("a@app.test", &["b@app.test"], &plain(subject))
    };
    let odd = "a/b c@d%📮";
    let segment = "a%2Fb%20c%40d%25%F0%9F%93%AE";
    let ours = send_as("worker-3", "ours");
    send_as(odd, "odd");
    server.send(&plain("anybody's"));
    assert_eq!(subjects(&server.json("/api/v1/messages")), ["anybody's", "odd", "ours"]);
    assert_eq!(subjects(&server.json("/mailbox/worker-3/api/v1/messages")), ["ours"]);
    assert_eq!(subjects(&server.json("/mailbox/default/api/v1/messages")), ["anybody's"]);
    let listing = server.json(&format!("/mailbox/{segment}/api/v1/messages"));
    assert_eq!((subjects(&listing), &listing["messages"][0]["Mailbox"]), (vec!["odd"], &json!(odd)));
    assert_eq!(subjects(&server.json("/api/v1/search?query=mailbox:worker-3")), ["ours"]);
    assert_eq!(server.get(&format!("/mailbox/default/api/v1/message/{ours}")).status, 404);
    assert_eq!(server.json("/mailbox/default/api/v1/message/latest")["Subject"], "anybody's");
    assert_eq!(
        delete(&server, "/mailbox/default/api/v1/messages", Some(&json!({"IDs": [ours]}).to_string())).status,
        200
    );
    assert_eq!(delete(&server, &format!("/mailbox/{segment}/api/v1/messages"), None).status, 200);
    assert_eq!(subjects(&server.json("/api/v1/messages")), ["anybody's", "ours"]);
    assert_eq!(server.get("/mailbox/worker-3").header("location"), "/mailbox/worker-3/");
    assert!(server.get(&format!("/mailbox/{segment}/")).text().contains("a/b c@d%📮"));
}

#[test]
fn a_wait_holds_until_its_message_and_explains_when_there_is_none() {
    let server = Server::start();
    server.send(&plain("welcome"));
    let url = server.http("/api/v1/wait?query=subject:reset&timeout=30s");
    let held = std::thread::spawn(move || request("GET", &url, &[], None));
    while server.json("/api/v1/info")["Messages"] != 1 || held.is_finished() {
        assert!(!held.is_finished());
    }
    let id = server.send(&plain("reset"));
    let answer = held.join().unwrap();
    assert_eq!((answer.status, &answer.json()["ID"]), (200, &json!(id)));

    let answer = server.get("/api/v1/wait?query=subject:invoice&timeout=50ms");
    assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
    let problem = answer.json();
    assert!(problem["type"].as_str().unwrap().ends_with("/wait-timed-out"));
    assert_eq!(problem["arrivedCount"], 2);
    assert_eq!(problem["nearMisses"][1]["message"]["Subject"], "reset");
    let failed = json!([{"clause": "subject", "expected": "to contain \"invoice\"", "found": "\"reset\""}]);
    assert_eq!(problem["nearMisses"][1]["failed"], failed);
    assert!(problem["detail"].as_str().unwrap().contains("\"welcome\" from ann@app.test to bob@app.test"), "{problem}");

    let cursor = server.json("/api/v1/info")["Cursor"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/api/v1/wait?query=subject:reset&timeout=0&since={cursor}")).status, 404);
    assert_eq!(server.get("/mailbox/elsewhere/api/v1/wait?timeout=0").status, 404);
    for wrong in ["q=x", "query=larger:much", "timeout=soon", "timeout=2h", "since=elsewhere-1"] {
        let answer = server.get(&format!("/api/v1/wait?{wrong}"));
        assert_eq!((answer.status, answer.header("content-type")), (400, "application/problem+json"), "{wrong}");
    }
}

#[test]
fn a_held_wait_does_not_delay_the_stop() {
    let server = Server::start();
    let url = server.http("/api/v1/wait?query=never&timeout=60s");
    let held = std::thread::spawn(move || request("GET", &url, &[], None));
    // Until the question is held, there is nothing to end.
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(held.join().unwrap().status, 503);
}

#[test]
fn strangers_are_kept_out() {
    let server = Server::start();
    server.send(&plain("one"));
    let list = server.http("/api/v1/messages");
    let foreign = request("GET", &list, &[("Host", "evil.example")], None);
    assert_eq!(foreign.status, 421);
    assert!(foreign.text().contains("--allow-host evil.example"));
    assert!(!foreign.text().contains("Subject"));
    for host in ["mailpit:8025", "app.localhost", "[::1]:8025", "restante.test"] {
        assert_eq!(request("GET", &list, &[("Host", host)], None).status, 200, "{host}");
    }
    for origin in ["null", "http://evil.example", "http://localhost:1"] {
        let refused = request("DELETE", &list, &[("Origin", origin)], None);
        assert_eq!(refused.status, 403, "{origin}");
        for path in ["/delete", "/restore", "/mark", "/keep", "/tag", "/test-message"] {
            let form = [("Origin", origin), ("Content-Type", "application/x-www-form-urlencoded")];
            assert_eq!(request("POST", &server.http(path), &form, Some("all=1")).status, 403);
        }
        assert_eq!(request("GET", &server.http("/live"), &[("Origin", origin)], None).status, 403);
        for path in ["/api/events", "/api/%65vents", "/mailbox/x/%6cive"] {
            assert_eq!(request("GET", &server.http(path), &[("Origin", origin)], None).status, 403, "{path}");
        }
    }
    assert_eq!(server.json("/api/v1/info")["Messages"], 1);
    let own = server.http("");
    assert_eq!(request("DELETE", &list, &[("Origin", &own)], None).status, 200);
    assert_eq!(server.json("/api/v1/info")["Messages"], 0);

    let open = Server::with(&["--allow-origin", "http://app.example:3000", "--allow-host", "mail.example"]);
    let list = open.http("/api/v1/messages");
    let preflight = request("OPTIONS", &list, &[("Origin", "http://app.example:3000")], None);
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "http://app.example:3000"));
    assert_eq!(request("DELETE", &list, &[("Origin", "http://app.example:3000")], None).status, 200);
    assert_eq!(request("GET", &list, &[("Host", "mail.example")], None).status, 200);
}

#[test]
fn neither_a_header_nor_a_mail_writes_into_a_policy_or_a_type() {
    let server = Server::start();
    let raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n\
        --b\r\nContent-Type: text/plain; charset=\"x, text/html\"\r\n\r\n<h1>x</h1>\r\n--b--\r\n";
    let id = server.send(raw);
    for forged in ["evil.example", "*; script-src *", "x y"] {
        let url = server.http(&format!("/message/{id}/html"));
        let frame = request("GET", &url, &[("X-Forwarded-Host", forged)], None);
        let policy = frame.header("content-security-policy");
        assert!(!policy.contains(forged) && policy.contains("img-src 127.0.0.1:"), "{policy}");
    }
    assert_eq!(server.get(&format!("/api/v1/message/{id}/part/2")).header("content-type"), "text/plain");
}

#[test]
fn every_answer_carries_its_policy_and_no_get_writes() {
    let server = Server::start();
    let id = server.send(LETTER);
    let before = server.json("/api/v1/info");
    for path in [
        "/",
        "/?q=code",
        "/setup",
        "/complete?q=from:&at=5",
        "/nowhere",
        "/api/nowhere",
        "/api/v1/messages",
        "/delete",
        "/restore",
        "/mark",
        "/keep",
        "/tag",
        "/test-message",
        "/download?all=1",
        "/ca.pem",
        &format!("/message/{id}"),
        &format!("/message/{id}/html"),
    ] {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
    }
    let frame = server.get(&format!("/message/{id}/html"));
    assert!(
        frame.header("content-security-policy").starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; ")
    );
    assert!(!frame.header("content-security-policy").contains("allow-scripts"));
    let mut after = server.json("/api/v1/info");
    after["RuntimeStats"]["Uptime"] = before["RuntimeStats"]["Uptime"].clone();
    assert_eq!(before, after);
    let refused = request("PATCH", &server.http("/api/v1/messages"), &[], None);
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, POST, PUT, DELETE, OPTIONS"));
    let told = request("OPTIONS", &server.http("/api/v1/search"), &[], None);
    assert_eq!((told.status, told.header("allow")), (200, "GET, HEAD, DELETE, OPTIONS"));
    assert_eq!(request("HEAD", &server.http("/"), &[], None).status, 200);
}

#[test]
fn forms_work_without_a_script() {
    let server = Server::start();
    let form = |path: &str, body: &str| {
        request("POST", &server.http(path), &[("Content-Type", "application/x-www-form-urlencoded")], Some(body))
    };
    assert_eq!(form("/test-message", "").status, 303);
    assert_eq!(server.json("/api/v1/message/latest")["Findings"], json!([]));
    assert_eq!(form("/mailbox/worker-3/test-message", "").header("location"), "/mailbox/worker-3/");
    assert_eq!(subjects(&server.json("/mailbox/worker-3/api/v1/messages")).len(), 1);
    let one = server.send(&plain("one"));
    let two = server.send(&plain("two"));
    let marked = form("/mark", &format!("id={one}&read=1&open={one}&q=subject%3Aone"));
    assert_eq!((marked.status, marked.header("location")), (303, format!("/message/{one}?q=subject%3Aone").as_str()));
    assert_eq!(server.json("/api/v1/info")["Unread"], 3);
    assert_eq!(form("/delete", "all=1&q=larger%3Amuch").status, 303);
    assert_eq!(form("/delete", "all=1&q=-%28one").status, 303);
    assert_eq!(form("/delete", "all=1&q=one+OR").status, 303);
    assert_eq!(form("/delete", "").status, 303);
    assert_eq!(server.json("/api/v1/info")["Messages"], 4, "what means nothing deletes nothing");
    assert_eq!(form("/delete", &format!("id={one}&id={two}")).status, 303);
    assert_eq!(form("/delete", "all=1&q=mailbox%3Aworker-3").status, 303);
    assert_eq!(server.json("/api/v1/info")["Messages"], 1);
    assert!(form("/delete", "all=1").header("location").starts_with("/?undo="));
    assert_eq!(server.json("/api/v1/info")["Messages"], 0);
}

#[test]
fn tls_at_a_plain_door_and_plain_at_a_tls_door_are_told_where_to_go() {
    let server = Server::start();
    let mut smtp = Smtp::open(server.port("implicit"));
    smtp.write(b"EHLO x\r\n");
    assert!(smtp.expect("421 4.7.0").contains(&format!("port {}", server.port("none"))));
    let mut silent = Smtp::open(server.port("implicit"));
    silent.expect("421 4.7.0");
    let mut late = server.smtp();
    late.write(&[0x16, 0x03, 0x01, 0x00, 0x05, 1, 0, 0, 1, 0]);
    assert!(late.expect("421").contains(&format!("port {}", server.port("implicit"))));
    // A record is there a moment after the reply.
    let told = (0..500).map(|_| server.json("/api/v1/sessions")).any(|sessions| sessions["Broken"] == 3);
    assert!(told, "{}", server.json("/api/v1/sessions"));
}

#[test]
fn every_limit_can_be_read() {
    let server = Server::with(&["--max-recipients", "7", "--idle", "90s"]);
    let limits = server.json("/api/v1/info")["Limits"].clone();
    assert_eq!((&limits["Recipients"], &limits["IdleSeconds"]), (&json!(7), &json!(90)));
    for (name, value) in [
        ("MessageBytes", 50 << 20),
        ("MemoryBytes", 512 << 20),
        ("Messages", 10_000),
        ("Connections", 10_000),
        ("Sessions", 1_000),
        ("GraceSeconds", 5),
        ("CommandLineBytes", 4 << 10),
        ("AuthLineBytes", 12 << 10),
        ("DialogueBytes", 64 << 10),
        ("Parts", 10_000),
        ("Nesting", 100),
    ] {
        assert_eq!(limits[name], value, "{name}");
    }
}

#[test]
fn a_finding_tells_where_it_is_and_who_would_refuse_it() {
    let server = Server::start();
    let fine = server.smtp_greeted().send("ann@app.test", &["bob@app.test"], LETTER);
    let mut smtp = server.smtp_greeted();
    smtp.say("MAIL FROM: <ann@app.test>", "250");
    smtp.say("RCPT TO:<bob@app.test>", "250");
    smtp.say("DATA", "354");
    smtp.write(b"Subject: odd\r\nno field\r\nX: 1\r\n\r\none\ntwo \xfc\r\n<b>\rthree\r\n.\r\n");
    let odd = crate::support::queued(&smtp.expect("250"));
    let whole = server.json(&format!("/api/v1/message/{odd}"));
    let finding = |id: &str| {
        let all = whole["Findings"].as_array().unwrap();
        all.iter().find(|one| one["ID"] == id).unwrap_or_else(|| panic!("{id} in {whole}")).clone()
    };
    let place = |id: &str| {
        let one = finding(id);
        (one["Offset"].as_u64(), one["Line"].as_u64(), one["Bytes"].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(place("bare-lf"), (Some(35), Some(5), "one\\n".into()));
    assert_eq!(place("eight-bit-undeclared").1, Some(6));
    assert_eq!(place("bare-cr"), (Some(46), Some(7), "<b>\\rthree\\r\\n".into()));
    assert_eq!(place("header-line-unread"), (Some(14), Some(2), "no field\\r\\n".into()));
    assert_eq!(place("no-date"), (None, None, String::new()));
    let said = finding("space-after-colon")["DialogueLine"].as_u64().unwrap();
    let envelope = server.get(&format!("/message/{odd}?tab=envelope")).text();
    assert!(envelope.contains(&format!("id=\"said-{said}\">C: MAIL FROM:")), "{said}: {envelope}");
    assert_eq!(whole["Refusable"], true);
    let connections = server.get("/sessions").text();
    assert!(!connections.contains("line 1 <code>"), "a byte of a message that may be gone has no line: {connections}");

    let source = server.get(&format!("/message/{odd}?tab=source")).text();
    let findings = server.get(&format!("/message/{odd}?tab=findings")).text();
    for (line, text) in [(2, "no field"), (5, "one\n"), (6, "two \u{fffd}\n"), (7, "&#60;b&#62;␍three\n")] {
        let link = format!("tab=source&amp;line={line}#line-{line}\"");
        assert!(findings.contains(&link), "{line}: {findings}");
        assert!(source.contains(&format!("<mark id=\"line-{line}\">{text}")), "{line}: {source}");
    }
    assert!(source.contains("A strict server would refuse this message."));
    let ids = |query: &str| {
        let found = server.json(&format!("/api/v1/search?query={query}"));
        found["messages"].as_array().unwrap().iter().map(|row| row["ID"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids("is:refusable"), [json!(odd)]);
    assert_eq!(ids("finding:bare-cr"), [json!(odd)]);
    assert_eq!(ids("-is:refusable"), [json!(fine)]);
    assert_eq!(server.get("/").text().matches("class=\"mark refusable\"").count(), 1);
    let table = server.json("/api/v1/findings");
    assert!(table.as_array().unwrap().iter().any(|row| row["ID"] == "bare-lf" && row["Severity"] == "refused"));
}

#[test]
fn a_connection_tells_what_it_brought_and_what_to_change() {
    let server = Server::start();
    let id = server.send(LETTER);
    let kept = server.send(&plain("in a mailbox of its own, below"));
    Smtp::connect(server.port("none")).say("QUIT", "221");
    let mut worker = server.smtp();
    worker.say("EHLO w", "250");
    worker.say(&format!("AUTH PLAIN {}", STANDARD.encode("\0worker-3\0x")), "235");
    worker.say("MAIL FROM:<a@app.test> SIZE=999999999999", "552");
    worker.say("QUIT", "221");
    delete(&server, "/api/v1/messages", Some(&json!({"IDs": [id]}).to_string()));
    // Each client but the last two went away without a QUIT: its end is noticed a moment later.
    let sessions = (0..500).map(|_| server.json("/api/v1/sessions")).find(|all| all["Ended"] == 4).unwrap();
    assert_eq!((&sessions["Broken"], &sessions["UnderWay"]), (&json!(1), &json!(0)), "{sessions}");
    let row = |outcome: &str, messages: u32| {
        let all = sessions["Sessions"].as_array().unwrap().iter();
        all.filter(|one| one["Outcome"] == outcome && one["Messages"] == messages).cloned().collect::<Vec<_>>()
    };
    let ids: Vec<_> = row("done", 1).iter().map(|one| one["MessageIDs"].clone()).collect();
    assert!(ids.contains(&json!([])) && ids.contains(&json!([kept])), "{ids:?}");
    let left = &row("empty", 0)[0];
    assert!(left["Trouble"].is_null() && left["Remark"].as_str().unwrap().contains("STARTTLS"), "{left}");
    let broken = &row("broken", 0)[0];
    assert!(broken["Trouble"].as_str().unwrap().contains("Raise --max-message-size"), "{broken}");

    let page = |path: &str| server.get(path).text();
    let all = page("/sessions");
    assert!(all.contains("4 ended since the start") && all.contains("C: EHLO w"), "{all}");
    assert!(
        all.contains(&format!("href=\"/message/{kept}\"")) && !all.contains(&format!("href=\"/message/{id}\"")),
        "{all}"
    );
    let count = |path: &str| page(path).matches("<li class=\"session ").count();
    assert_eq!((count("/sessions"), count("/sessions?show=silent"), count("/sessions?show=trouble")), (4, 2, 1));
    assert_eq!((count("/mailbox/worker-3/sessions"), count("/mailbox/nobody/sessions")), (1, 0));
    assert_eq!((count("/sessions?before=3"), count("/sessions?number=2"), count("/sessions?show=nonsense")), (2, 1, 4));
    assert_eq!(server.get("/sessions?number=77").status, 404);
    assert!(page("/").contains("<b data-stat=\"broken\">1</b>"));
}
