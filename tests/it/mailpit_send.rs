//! What comes in by Mailpit's `send`, and the small pictures of what is in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::mailpit::{GIF, post};
use crate::support::{Server, request};

#[test]
fn a_message_is_sent_to_the_mailbox_of_its_user_or_mount() {
    let server = Server::start();
    let body = json!({"From": {"Email": "ann@app.test", "Name": "Ann"}, "To": [{"Email": "bob@app.test"}],
        "Bcc": ["hidden@app.test"], "Subject": "Grüße", "Text": "hello", "Tags": ["sent"], "Headers": {"X-Mailer": "test"},
        "Attachments": [{"Content": STANDARD.encode(GIF), "Filename": "dot.gif"}]});
    let sent = post(&server, "/api/v1/send", &body);
    assert_eq!((sent.status, sent.header("content-type")), (200, "application/json"));
    let id = sent.json()["ID"].as_str().unwrap().to_owned();
    let whole = server.json(&format!("/api/v1/message/{id}"));
    assert_eq!(
        (&whole["Subject"], &whole["Tags"], &whole["Mailbox"]),
        (&json!("Grüße"), &json!(["sent"]), &json!("default"))
    );
    assert_eq!((&whole["Bcc"][0]["Address"], &whole["Username"]), (&json!("hidden@app.test"), &json!("")));
    assert_eq!((&whole["Envelope"]["Door"], &whole["Findings"]), (&json!("http"), &json!([])), "{whole}");
    assert_eq!(whole["Envelope"]["To"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&whole["Attachments"][0]["ContentType"], &whole["Attachments"][0]["Size"]),
        (&json!("image/gif"), &json!(GIF.len()))
    );
    assert!(server.get(&format!("/message/{id}?tab=envelope")).text().contains("POST /api/v1/send"));

    let login = format!("Basic {}", STANDARD.encode("worker 7:secret"));
    let as_user = |path: &str| {
        let answer = request("POST", &server.http(path), &[("Authorization", &login)], Some(&body.to_string()));
        server.json(&format!("/api/v1/message/{}", answer.json()["ID"].as_str().unwrap()))
    };
    let theirs = as_user("/api/v1/send");
    assert_eq!((&theirs["Mailbox"], &theirs["Username"]), (&json!("worker 7"), &json!("worker 7")));
    assert_eq!(as_user("/mailbox/a%2Fb/api/v1/send")["Mailbox"], "a/b");
    assert_eq!(as_user("/mailbox/default/api/v1/send")["Mailbox"], "default");
    assert_eq!(server.json("/mailbox/worker%207/api/v1/messages")["total"], 1);

    for (wrong, sentence) in [
        (json!({}), "error building message: from not set"),
        (json!({"From": {"Email": "a@b"}}), "error building message: no recipients (to, cc, bcc) set"),
        (json!({"From": {"Email": "a@b"}, "To": [{"Email": "x"}]}), "invalid To address: x"),
        (
            json!({"From": {"Email": "a@b"}, "To": [{"Email": "c@d"}], "Headers": {"Subject": "x"}}),
            "cannot overwrite header: \"Subject\"",
        ),
    ] {
        let refused = post(&server, "/api/v1/send", &wrong);
        assert_eq!((refused.status, refused.json()), (400, json!({"Error": sentence})));
    }
    let count = server.json("/api/v1/info")["Messages"].clone();
    assert_eq!(request("POST", &server.http("/api/v1/send"), &[], Some("{")).status, 400);
    let page = [("Origin", "http://evil.example")];
    assert_eq!(request("POST", &server.http("/api/v1/send"), &page, Some(&body.to_string())).status, 403);
    assert_eq!(server.json("/api/v1/info")["Messages"], count);
}

#[test]
fn what_is_sent_is_bounded_as_mail_is() {
    let server = Server::with(&["--max-message-size", "100kb", "--max-recipients", "3"]);
    let sized = |bytes: usize| {
        let body = json!({"From": {"Email": "a@b.test"}, "To": [{"Email": "c@d.test"}], "Text": "line of text\n".repeat(bytes / 13)});
        post(&server, "/api/v1/send", &body)
    };
    assert_eq!(sized(60_000).status, 200);
    for bytes in [150_000, 6 << 20] {
        let refused = sized(bytes);
        assert_eq!(refused.status, 413);
        assert!(refused.json()["Error"].as_str().unwrap().contains("--max-message-size"));
    }
    let many = json!({"From": {"Email": "a@b.test"}, "Bcc": ["1@b.test", "2@b.test", "3@b.test", "4@b.test"]});
    assert_eq!(post(&server, "/api/v1/send", &many).json()["Error"], "too many recipients: 4, at most 3");
    // A larger message than the five megabytes of other calls.
    let large = Server::start();
    let file = "A".repeat(8 << 20);
    let body = json!({"From": {"Email": "a@b.test"}, "To": [{"Email": "c@d.test"}], "Attachments": [{"Content": file, "Filename": "x"}]});
    assert_eq!(post(&large, "/api/v1/send", &body).status, 200);
    assert_eq!(large.json("/api/v1/message/latest")["Attachments"][0]["Size"], 6 << 20);
}

#[test]
fn thumbnails_are_small_pictures_whatever_the_part_is() {
    let server = Server::start();
    // A PNG that says it is 50,000 × 50,000: ten gigabytes of pixels.
    let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x06\0\0\0\x99\xf4\x8c\x5e\0\0\0\0IDAT";
    let raw = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nx\r\n--b\r\nContent-Type: image/svg+xml\r\n\r\n<svg onload=alert(1)>\r\n--b--\r\n",
        STANDARD.encode(GIF),
        STANDARD.encode(bomb)
    );
    let id = server.send(raw.as_bytes());
    let thumb = |part: &str| server.get(&format!("/api/v1/message/{id}/part/{part}/thumb"));
    let white = thumb("3").body;
    for (part, is_white) in [("1", false), ("2", true), ("3", true), ("4", true)] {
        let answer = thumb(part);
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/jpeg"), "{part}");
        assert!(answer.header("content-disposition").starts_with("inline; filename=\""));
        assert!(answer.body.starts_with(b"\xff\xd8\xff"));
        // SOF0: height and width.
        let frame = answer.body.windows(2).position(|two| two == b"\xff\xc0").unwrap();
        assert_eq!(answer.body[frame + 5..frame + 9], [0, 120, 0, 180]);
        assert_eq!(answer.body == white, is_white, "{part}");
    }
    let held: Vec<_> = (0..8)
        .map(|_| {
            let url = server.http(&format!("/api/v1/message/{id}/part/2/thumb"));
            std::thread::spawn(move || request("GET", &url, &[], None).status)
        })
        .collect();
    assert!(held.into_iter().all(|one| one.join().unwrap() == 200));
    let missing = thumb("9");
    assert_eq!((missing.status, missing.header("content-type")), (400, "text/plain; charset=utf-8"));
}
