//! Mailpit's API v1, route by route: the shapes of its answers, the texts of its errors, and the traps that are not here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Answer, Server, request};

/// A picture of 2 × 2.
pub const GIF: &[u8] = b"GIF89a\x02\x00\x02\x00\x80\x00\x00\xff\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x02\x00\x02\x00\x00\x02\x02\x84Q\x00;";

fn letter() -> Vec<u8> {
    format!(
        "From: Ann <ann@app.test>\r\nTo: Bob <bob@app.test>\r\nSubject: 100% of_it\r\nMessage-ID: <1@app.test>\r\n\
         Date: Tue, 24 Nov 2026 10:00:00 +0100\r\nX-Tags: Alpha\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<p><a href=\"https://app.test/?a=1&amp;b=2\">in</a><img src=\"cid:dot\"></p>\r\n\
         --b\r\nContent-Type: image/gif\r\nContent-Disposition: inline; filename=dot.gif\r\nContent-ID: <dot>\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF\r\n--b--\r\n",
        STANDARD.encode(GIF)
    )
    .into_bytes()
}

fn plain(subject: &str) -> Vec<u8> {
    format!("From: ann@app.test\r\nSubject: {subject}\r\n\r\n{subject}\r\n").into_bytes()
}

fn put(server: &Server, path: &str, body: &str) -> Answer {
    request("PUT", &server.http(path), &[], Some(body))
}

fn delete(server: &Server, path: &str) -> Answer {
    request("DELETE", &server.http(path), &[], None)
}

pub fn post(server: &Server, path: &str, body: &Value) -> Answer {
    request("POST", &server.http(path), &[], Some(&body.to_string()))
}

/// Whether everything that Mailpit has is there, of the same type, and nothing is `null` in the place of a list.
fn fits(at: &str, actual: &Value, contract: &Value) {
    match contract {
        Value::Object(members) => {
            for (name, value) in members {
                let found = actual.get(name).unwrap_or_else(|| panic!("{at}.{name} is missing in {actual}"));
                fits(&format!("{at}.{name}"), found, value);
            }
        }
        Value::Array(values) => {
            let list = actual.as_array().unwrap_or_else(|| panic!("{at} is not a list: {actual}"));
            if let Some(value) = values.first() {
                assert!(!list.is_empty(), "{at} is empty");
                list.iter().for_each(|one| fits(&format!("{at}[]"), one, value));
            }
        }
        _ => {
            let same = matches!(
                (actual, contract),
                (Value::String(_), Value::String(_))
                    | (Value::Number(_), Value::Number(_))
                    | (Value::Bool(_), Value::Bool(_))
            );
            assert!(same, "{at} is {actual}, not like {contract}");
        }
    }
}

#[test]
fn every_member_of_the_contract_is_there() {
    let server = Server::start();
    let id = server.send(&letter());
    let person = json!({"Name": "", "Address": ""});
    let list = json!({"total": 0, "unread": 0, "count": 0, "messages_count": 0, "messages_unread": 0, "start": 0,
        "tags": ["x"], "messages": [{"ID": "", "MessageID": "", "Read": false, "From": person, "To": [person], "Cc": [],
        "Bcc": [], "ReplyTo": [], "Subject": "", "Created": "", "Username": "", "Tags": ["x"], "Size": 0, "Attachments": 0,
        "Snippet": ""}]});
    fits("messages", &server.json("/api/v1/messages"), &list);
    fits("search", &server.json("/api/v1/search?query=subject:of_it"), &list);
    let part = json!({"PartID": "", "FileName": "", "ContentType": "", "ContentID": "", "Size": 0,
        "Checksums": {"MD5": "", "SHA1": "", "SHA256": ""}});
    let whole = json!({"ID": "", "MessageID": "", "From": person, "To": [person], "Cc": [], "Bcc": [], "ReplyTo": [],
        "ReturnPath": "", "Subject": "", "ListUnsubscribe": {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""},
        "Date": "", "Tags": ["x"], "Username": "", "Text": "", "HTML": "", "Size": 0, "Inline": [part], "Attachments": [part]});
    let message = server.json(&format!("/api/v1/message/{id}"));
    fits("message", &message, &whole);
    assert!(!message["Text"].as_str().unwrap().trim().is_empty(), "made from the HTML");
    fits(
        "headers",
        &server.json(&format!("/api/v1/message/{id}/headers")),
        &json!({"Subject": [""], "Message-Id": [""]}),
    );
    let info = json!({"Version": "", "LatestVersion": "", "Database": "", "DatabaseSize": 0, "Messages": 0, "Unread": 0,
        "Tags": {"Alpha": 1}, "RuntimeStats": {"Uptime": 0, "Memory": 0, "MessagesDeleted": 0, "SMTPAccepted": 0,
        "SMTPAcceptedSize": 0, "SMTPRejected": 0, "SMTPIgnored": 0}});
    fits("info", &server.json("/api/v1/info"), &info);
    let webui = json!({"Label": "", "MessageRelay": {"Enabled": false, "SMTPServer": "", "ReturnPath": "",
        "AllowedRecipients": "", "BlockedRecipients": "", "OverrideFrom": "", "PreserveMessageIDs": false,
        "RecipientAllowlist": ""}, "SpamAssassin": false, "ChaosEnabled": false, "DuplicatesIgnored": false,
        "HideDeleteAllButton": false});
    fits("webui", &server.json("/api/v1/webui"), &webui);
    let links = server.json(&format!("/api/v1/message/{id}/link-check?follow=true"));
    fits("link-check", &links, &json!({"Errors": 1, "Links": [{"URL": "", "StatusCode": 0, "Status": ""}]}));
    assert_eq!(links["Links"][0]["URL"], "https://app.test/?a=1&b=2");
    assert_eq!(
        (&links["Errors"], &links["Links"][0]["StatusCode"]),
        (&json!(1), &json!(0)),
        "nothing passes unlooked at"
    );
    let empty = Server::start();
    fits("empty", &empty.json("/api/v1/messages"), &json!({"tags": [], "messages": []}));
    assert_eq!(empty.get("/api/v1/tags").text(), "[]\n");
    assert_eq!(empty.json("/api/v1/info")["Tags"], json!({}));
}

#[test]
fn tags_are_set_renamed_and_taken_off_within_the_mount() {
    let server = Server::start();
    let (one, two) = (server.send(&letter()), server.send(&plain("two")));
    let tags = |path: &str| server.json(path);
    assert_eq!(
        put(&server, "/api/v1/tags", &json!({"Tags": ["beta", " a,b", "BETA"], "IDs": [one, two]}).to_string()).text(),
        "ok"
    );
    assert_eq!(tags("/api/v1/tags"), json!(["beta"]));
    // Neither what cannot be read nor a call without ids is about any message.
    for body in [
        "{",
        "[]",
        "{\"Tags\":\"x\"}",
        "{\"Tags\":[1]}",
        "{\"Tags\":[\"x\"],\"IDs\":\"all\"}",
        "{\"Tags\":[\"x\"],\"tags\":[]}",
    ] {
        assert_eq!(put(&server, "/api/v1/tags", body).status, 400, "{body}");
    }
    for body in [
        "",
        "{}",
        "{\"Tags\":[\"x\"]}",
        "{\"Tags\":[\"x\"],\"IDs\":[]}",
        "{\"tags\":[\"x\"],\"ids\":[\"latest\",\"%\"]}",
    ] {
        assert_eq!(put(&server, "/api/v1/tags", body).text(), "ok", "{body}");
    }
    assert_eq!(tags("/api/v1/tags"), json!(["beta"]));
    assert_eq!(put(&server, "/api/v1/tags", &json!({"tags": ["Gamma ray"], "ids": [two]}).to_string()).text(), "ok");
    let refused = |path: &str, body: &str, sentence: &str| {
        let answer = put(&server, path, body);
        assert_eq!((answer.status, answer.text().as_str()), (400, sentence));
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    };
    refused("/api/v1/tags/nobody", "{\"Name\":\"x\"}", "tag not found: nobody");
    refused("/api/v1/tags/beta", "{\"Name\":\"gamma RAY\"}", "tag already exists: gamma RAY");
    refused("/api/v1/tags/beta", "{\"Name\":\" \"}", "invalid tag name:  ");
    refused("/mailbox/other/api/v1/tags/beta", "{\"Name\":\"x\"}", "tag not found: beta");
    assert_eq!(put(&server, "/api/v1/tags/beta", "{").status, 400);
    assert_eq!(put(&server, "/api/v1/tags/Gamma%20ray", "{\"Name\":\"a/b 100%\"}").text(), "ok");
    assert_eq!(put(&server, "/mailbox/default/api/v1/tags/a%2Fb%20100%25", "{\"name\":\"A/B\"}").text(), "ok");
    assert_eq!(tags("/api/v1/tags"), json!(["A/B", "beta"]));
    assert_eq!(put(&server, "/api/v1/tags/beta", "{\"Name\":\"Beta\"}").text(), "ok", "the same, written otherwise");
    assert_eq!(delete(&server, "/mailbox/other/api/v1/tags/beta").text(), "tag not found: beta");
    assert_eq!(delete(&server, "/api/v1/tags/beta").text(), "ok");
    assert_eq!(delete(&server, "/api/v1/tags/beta").status, 400);
    assert_eq!(tags("/mailbox/default/api/v1/tags"), json!(["A/B"]));
    assert_eq!(
        put(&server, "/mailbox/other/api/v1/tags", &json!({"Tags": ["x"], "IDs": [one]}).to_string()).status,
        200
    );
    assert_eq!(server.json(&format!("/api/v1/message/{one}"))["Tags"], json!([]));
    assert_eq!(put(&server, "/api/v1/tags", &json!({"IDs": [two]}).to_string()).text(), "ok");
    assert_eq!((tags("/api/v1/tags"), server.json("/api/v1/info")["Messages"].clone()), (json!([]), json!(2)));
}

#[test]
fn latest_is_known_to_every_address_also_of_those_that_a_query_finds() {
    let server = Server::start();
    server.send(&letter());
    server.send(&plain("another"));
    for (path, status) in [
        ("/api/v1/message/latest", 200),
        ("/api/v1/message/latest/headers", 200),
        ("/api/v1/message/latest/raw", 200),
        ("/api/v1/message/latest/part/2", 200),
        ("/api/v1/message/latest/part/2/thumb", 200),
        ("/api/v1/message/latest/html-check", 501),
        ("/api/v1/message/latest/link-check", 200),
        ("/view/latest.html", 200),
        ("/view/latest.txt", 200),
    ] {
        assert_eq!(server.get(&format!("{path}?query=subject:of_it&tz=Europe/Berlin")).status, status, "{path}");
        let none = server.get(&format!("{path}?query=subject:nothing"));
        assert_eq!((none.status, none.text().as_str()), (404, "Message not found"), "{path}");
        assert_eq!(server.get(&format!("{path}?query=larger:much")).status, 400, "{path}");
        assert_eq!(server.get(&format!("/mailbox/other{path}")).status, 404, "{path}");
    }
    let release = post(&server, "/api/v1/message/latest/release?query=subject:of_it", &json!({"To": ["a@b.test"]}));
    assert_eq!(release.status, 400);
    assert!(release.text().starts_with("Relay is not configured"), "{}", release.text());
    assert_eq!(post(&server, "/api/v1/message/latest/release?query=subject:nothing", &json!({})).status, 404);
    assert_eq!(server.get("/api/v1/message/latest/html-check").text(), "message does not contain HTML");
    assert_eq!(server.get("/api/v1/message/latest/sa-check").status, 404);
    assert_eq!(server.json("/api/v1/message/latest/link-check"), json!({"Errors": 0, "Links": []}));
    for method in ["GET", "PUT"] {
        let chaos = request(method, &server.http("/api/v1/chaos"), &[], Some("{}"));
        assert_eq!((chaos.status, chaos.text().as_str()), (400, "Chaos is not enabled"));
    }
    assert_eq!(server.json("/api/v1/info")["Unread"], 2, "nothing was marked by looking");
}

#[test]
fn views_show_the_mail_behind_the_one_policy() {
    let server = Server::start();
    assert_eq!(server.get("/view/latest").header("location"), "/");
    let id = server.send(&letter());
    let frame = server.get(&format!("/message/{id}/html"));
    for path in
        ["/view/latest.html".to_owned(), format!("/view/{id}.html?embed=1"), format!("/mailbox/default/view/{id}.html")]
    {
        let view = server.get(&path);
        assert_eq!(view.status, 200, "{path}");
        if !path.starts_with("/mailbox") {
            // The page's frame may be looked at in the dark, so it says that a mail that says nothing may be.
            assert!(frame.body.ends_with(&view.body), "{}", view.text());
            assert_eq!(view.header("content-security-policy"), frame.header("content-security-policy"));
        }
        assert!(view.text().contains("target=\"_blank\"") && !view.text().contains("<script"), "{}", view.text());
        assert!(view.text().contains(&format!("api/v1/message/{id}/part/2")), "{}", view.text());
        assert!(!view.header("content-security-policy").contains("allow-scripts"));
    }
    let text = server.get(&format!("/view/{id}.txt"));
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(text.text(), server.json(&format!("/api/v1/message/{id}"))["Text"].as_str().unwrap());
    let bare = server.send(&plain("no html"));
    let none = server.get(&format!("/view/{bare}.html"));
    assert_eq!((none.status, none.text().as_str()), (404, "This message does not contain a HTML part"));
    for (path, location) in [
        ("/view/latest?query=has:attachment".to_owned(), format!("/view/{id}")),
        ("/view/latest?query=subject:nothing".to_owned(), "/".to_owned()),
        (format!("/view/{id}"), format!("/message/{id}")),
        (format!("/mailbox/default/view/{id}"), format!("/mailbox/default/message/{id}")),
        ("/search?q=subject%3A%22a+b%22".to_owned(), "/?q=subject%3A%22a%20b%22".to_owned()),
        ("/view/..%2Fx".to_owned(), "/message/..%2Fx".to_owned()),
    ] {
        let answer = server.get(&path);
        assert_eq!((answer.status, answer.header("location")), (302, location.as_str()), "{path}");
    }
    assert_eq!(server.get(&format!("/message/{id}")).status, 200);
    // As clients write it that join a base and a path, both with a slash.
    for (path, location) in [("//view/x.txt?a=b", "/view/x.txt?a=b"), ("///evil.example/", "/evil.example/")] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (307, location), "{path}");
    }
    assert_eq!(server.get("/mailbox//api/v1/messages").status, 404, "a name that was forgotten is no other one");
}

#[test]
fn an_instant_cuts_a_list_and_what_is_no_instant_is_told() {
    let server = Server::start();
    for subject in ["one", "two"] {
        server.send(&plain(subject));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let rows = server.json("/api/v1/messages")["messages"].clone();
    let created = rows[0]["Created"].as_str().unwrap();
    for path in ["/api/v1/messages?", "/api/v1/search?query=app.test&"] {
        let before = server.json(&format!("{path}before={created}&tz=America/Chicago"));
        assert_eq!(
            (before["messages"].as_array().unwrap().len(), &before["messages"][0]["Subject"]),
            (1, &json!("one")),
            "{path}"
        );
        assert_eq!(before["total"], 2);
        assert_eq!(server.json(&format!("{path}before=2026-01-01"))["messages"], json!([]), "{path}");
        assert_eq!(server.json(&format!("{path}before="))["messages"].as_array().unwrap().len(), 2);
        assert_eq!(server.get(&format!("{path}before=soon")).status, 400);
    }
    assert_eq!(server.json("/api/v1/search?query=app.test&limit=0")["messages"], json!([]));
    assert_eq!(delete(&server, "/api/v1/search?query=app.test&before=2026-01-01").status, 400);
    assert_eq!(delete(&server, "/api/v1/search?query=app.test&tz=Europe/Berlin").text(), "ok");
    assert_eq!(server.json("/api/v1/info")["Messages"], 0);
}

#[test]
fn the_traps_are_not_here() {
    let server = Server::start();
    let (percent, other) = (server.send(&letter()), server.send(&plain("1000 of it")));
    let found = |query: &str| {
        let listing = server.json(&format!("/api/v1/search?query={query}"));
        listing["messages"].as_array().unwrap().iter().map(|row| row["ID"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("subject:100%25"), [json!(percent)], "a per cent sign is one");
    assert_eq!(found("subject:of_it"), [json!(percent)], "an underscore is one");
    assert_eq!(found("%25%25"), Vec::<Value>::new());
    let all = "/api/v1/messages";
    for body in
        ["{\"IDs\":[]}", "{\"IDs\":[\"", "\"IDs\"", "{\"IDs\":\"x\"}", "{\"ids\":{}}", "{\"IDs\":[\"x\"],\"ids\":null}"]
    {
        assert_eq!(request("DELETE", &server.http(all), &[], Some(body)).status, 400, "{body}");
    }
    let unknown = json!({"IDs": ["4oRBnPtCXgAqZniRhzLNmS", "latest"]}).to_string();
    assert_eq!(request("DELETE", &server.http(all), &[], Some(&unknown)).text(), "ok");
    assert_eq!(server.json("/api/v1/info")["Messages"], 2);
    // Marking loses nothing, and this is how clients mark everything.
    assert_eq!(put(&server, all, "{\"IDs\":[],\"Read\":true}").text(), "ok");
    assert_eq!(server.json("/api/v1/info")["Unread"], 0);
    assert_eq!(put(&server, all, "{\"Read\":false,\"IDs\":[\"").status, 400);
    assert_eq!(put(&server, all, &json!({"IDs": [other], "Read": false}).to_string()).text(), "ok");
    for path in [
        "/api/v1/message/{}",
        "/view/{}.html",
        "/view/{}.txt",
        "/api/v1/message/{}/link-check",
        "/api/v1/message/{}/html-check",
    ] {
        server.get(&path.replace("{}", &other));
    }
    assert_eq!(server.json("/api/v1/info")["Unread"], 1);
    let both = json!({"IDs": [other], "Search": "x", "Read": true}).to_string();
    assert_eq!(put(&server, all, &both).text(), "You may specify either IDs or a search query, not both");
}

#[test]
fn a_named_origin_may_ask_and_any_other_may_not() {
    let server = Server::with(&["--allow-origin", "http://app.example:3000"]);
    let ours = [("Origin", "http://app.example:3000")];
    for path in ["/api/v1/messages", "/api/v1/tags", "/view/latest.txt"] {
        let answer = request("GET", &server.http(path), &ours, None);
        assert_eq!(answer.header("access-control-allow-origin"), "http://app.example:3000", "{path}");
        let other = request("GET", &server.http(path), &[("Origin", "http://evil.example")], None);
        assert_eq!(other.header("access-control-allow-origin"), "", "{path}");
    }
    let preflight = request("OPTIONS", &server.http("/api/v1/send"), &ours, None);
    assert!(preflight.header("access-control-allow-headers").contains("authorization"));
    assert!(preflight.header("access-control-allow-methods").contains("PUT"));
    for path in ["/api/v1/tags", "/api/v1/webui", "/view/latest", "/api/v1/info"] {
        assert!(request("HEAD", &server.http(path), &[], None).body.is_empty(), "{path}");
    }
    assert_eq!(request("HEAD", &server.http("/api/v1/tags"), &[], None).status, 200);
    assert_eq!(request("DELETE", &server.http("/api/v1/tags"), &[], None).header("allow"), "GET, HEAD, PUT, OPTIONS");
}
