//! What is shown beside text and HTML: messages within messages, reports, invitations, wrappings, files in the text.

use crate::support::Server;

const NESTED: &str = "From: ann@app.test\r\nSubject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\n\r\nouter text\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
    From: cem@app.test\r\nSubject: <i>inner</i>\r\nContent-Type: multipart/related; boundary=i\r\n\r\n\
    --i\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><img src=\"cid:a@b\"><p>inner html</p>\r\n\
    --i\r\nContent-Type: image/png\r\nContent-ID: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
    --i\r\nContent-Type: message/rfc822\r\n\r\nSubject: innermost\r\n\r\nthe last text\r\n--i--\r\n--b--\r\n";

#[test]
fn a_message_within_a_message_is_one_of_its_own() {
    let server = Server::start();
    let id = server.send(NESTED.as_bytes());
    let outer = server.get(&format!("/message/{id}")).text();
    assert!(outer.contains(&format!("href=\"/message/{id}/in/2\"")) && outer.contains("&#60;i&#62;inner"), "{outer}");

    let page = server.get(&format!("/message/{id}/in/2"));
    assert_eq!(page.status, 200);
    let text = page.text();
    for there in [
        format!("src=\"/message/{id}/in/2/html\""),
        format!("href=\"/message/{id}/in/2?tab=headers\""),
        format!("href=\"/message/{id}/in/2~3\""),
        format!("href=\"/message/{id}/in/2/raw?dl=1\""),
        format!("href=\"/message/{id}\""),
    ] {
        assert!(text.contains(&there), "{there} in {text}");
    }
    assert!(!text.contains("tab=envelope"), "no wire carried it by itself");

    let frame = server.get(&format!("/message/{id}/in/2/html"));
    let policy = frame.header("content-security-policy").to_owned();
    assert!(policy.starts_with("sandbox ") && policy.contains(&format!("/message/{id}/in/2/part/ data:")), "{policy}");
    let html = frame.text();
    assert!(html.contains(&format!("/message/{id}/in/2/part/2")) && !html.contains("<script"), "{html}");
    assert_eq!(server.get(&format!("/message/{id}/in/2/part/2")).body, b"\x89PNG\r\n\x1a\n");

    let innermost = server.get(&format!("/message/{id}/in/2~3")).text();
    assert!(innermost.contains("the last text") && innermost.contains(&format!("href=\"/message/{id}/in/2\"")));
    assert_eq!(server.get(&format!("/message/{id}/in/2~3/raw")).body, b"Subject: innermost\r\n\r\nthe last text");
    for nowhere in ["in/1", "in/9", "in/2~1", "in/2~3~0", "in/~", "in/2/part/9", "in/1/html", "in/1/raw"] {
        assert_eq!(server.get(&format!("/message/{id}/{nowhere}")).status, 404, "{nowhere}");
    }
    assert_eq!(server.get(&format!("/mailbox/default/message/{id}/in/2")).status, 200);
}

#[test]
fn every_message_of_our_own_is_shown_with_what_it_has() {
    let server = Server::start();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eml/restante");
    for (mail, tab, words) in [
        ("delivery-status", "report", &["nobody@elsewhere.test", "failed", "5.1.1", "no such user", "slow@"][..]),
        (
            "invitation",
            "event",
            &["Invitation", "Design review, part two", "2026-03-05 14:00 Europe/Berlin", "accepted"],
        ),
        ("amp", "amp", &["html amp4email"]),
        ("smime-signed", "text", &["Signed with S/MIME; the signature is not checked."]),
        ("smime-opaque", "parts", &["Encrypted with S/MIME"]),
        ("pgp-inline", "text", &["Encrypted with PGP"]),
        ("winmail-dat", "text", &["winmail.dat: Outlook"]),
        ("flowed", "text", &["&#62; What do you think of it?", "It is a paragraph that flows."]),
        ("uuencode-in-text", "text", &["cat.txt", "/part/0-uu1?dl=1"]),
        ("message-in-base64", "text", &["Attached message:", "/in/2\""]),
    ] {
        let id = server.send(&std::fs::read(folder.join(mail).with_extension("eml")).unwrap());
        let page = server.get(&format!("/message/{id}?tab={tab}")).text();
        assert!(page.contains(&format!("data-tab=\"{tab}\"")), "{mail}");
        for word in words {
            assert!(page.contains(word), "{mail}: {word}");
        }
    }
}

#[test]
fn a_file_in_the_text_is_an_attachment_of_the_api() {
    let server = Server::start();
    let id = server.send(b"Subject: x\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n");
    let whole = server.json(&format!("/api/v1/message/{id}"));
    assert_eq!(whole["Attachments"][0]["FileName"], "cat.txt");
    assert_eq!(whole["Attachments"][0]["PartID"], "0-uu1");
    assert_eq!(server.get(&format!("/api/v1/message/{id}/part/0-uu1")).body, b"Cat");
}
