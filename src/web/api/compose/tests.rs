//! What is composed, and what is refused.

use super::*;
use crate::mail::View;

fn compose(body: &str) -> Result<Composed, String> {
    Letter::read(body.as_bytes())?.compose(Timestamp::UNIX_EPOCH, "1")
}

fn with(more: &str) -> Result<Composed, String> {
    compose(&format!("{{\"From\":{{\"Email\":\"a@b.test\"}},\"To\":[{{\"Email\":\"c@d.test\"}}],{more}}}"))
}

#[test]
fn everything_that_is_given_is_in_the_message() {
    let composed = compose(
        r#"{"from":{"name":"Jö, \"A\"","email":"a@b.test"},"TO":[{"Email":"c@d.test","Name":"C"}],"Cc":null,"Bcc":["e@f.test"],
        "ReplyTo":[{"Email":"r@b.test"}],"Subject":"Grüße","Text":"Hällo\n.\nx","HTML":"<img src=\"cid:logo\">","Tags":["one","two"],
        "Headers":{"X-Mailer":"php","message-id":"<own@x.test>"},
        "Attachments":[{"Content":"data:image/png;base64,iVBORw0K\nGgo=","Filename":"a.png","ContentID":"<logo>"},{"Content":"JVBERi0=","Filename":"ü.pdf"}]}"#,
    )
    .unwrap();
    assert_eq!((composed.from.as_str(), composed.to.join(" ")), ("a@b.test", "c@d.test e@f.test".into()));
    let (raw, view) = (&composed.raw, View::read(&composed.raw));
    assert_eq!((&*view.subject, &*view.from()[0].name, &*view.message_id), ("Grüße", "Jö, \"A\"", "own@x.test"));
    assert_eq!((&*view.bcc()[0].address, &*view.reply_to()[0].address), ("e@f.test", "r@b.test"));
    assert_eq!(view.value(raw, "X-Tags").unwrap(), "one, two");
    assert_eq!(view.value(raw, "X-Mailer").unwrap(), "php");
    assert_eq!(view.text(raw).replace("\r\n", "\n").trim_end(), "Hällo\n.\nx");
    assert!(view.html(raw).unwrap().contains("cid:logo"));
    let file = view.attachments().next().unwrap();
    assert_eq!(
        (file.name(), &*file.content_type, &*file.bytes(raw)),
        (Some("ü.pdf"), "application/pdf", &b"%PDF-"[..])
    );
    let logo = view.referred("logo").unwrap();
    assert_eq!(
        (logo.name(), &*logo.content_type, &*logo.bytes(raw)),
        (Some("a.png"), "image/png", &b"\x89PNG\r\n\x1a\n"[..])
    );
    assert!(view.findings.is_empty(), "{:?}", view.findings);
}

#[test]
fn what_is_given_stays_within_its_field() {
    let raw = with(r#""Subject":"a\r\nBcc: x@y.test","Headers":{"X-A":"b\r\nX-Evil: 1"},"Attachments":[{"Content":"eA==","Filename":"a\"\r\nX-Evil: 2"}]"#)
        .unwrap()
        .raw;
    let view = View::read(&raw);
    assert!(view.bcc().is_empty() && view.value(&raw, "X-Evil").is_none(), "{}", String::from_utf8_lossy(&raw));
    let part = view.attachments().next().unwrap();
    assert!(!String::from_utf8_lossy(&raw[part.header.clone()]).contains("\nX-Evil"));
    for (more, sentence) in [
        (r#""Cc":[{"Email":"x"}]"#, "invalid Cc address: x"),
        (r#""Bcc":["a@b\r\nc"]"#, "invalid Bcc address: a@b\r\nc"),
        (r#""Headers":{"subject":"x"}"#, "cannot overwrite header: \"subject\""),
        (r#""Tags":["x"],"Headers":{"X-Tags":"x"}"#, "cannot overwrite header: \"X-Tags\""),
        (r#""Headers":{"X A":"x"}"#, "invalid header name: \"X A\""),
        (r#""Attachments":[{"Content":"eA==","ContentType":"a\r\nb/c"}]"#, "invalid content type"),
        (r#""Attachments":[{"Content":"eA==","ContentType":"Multipart/mixed"}]"#, "invalid content type"),
        (r#""Attachments":[{"Content":"eA==","ContentID":"a b"}]"#, "invalid Content-ID"),
        (r#""Attachments":[{"Content":"*","Filename":"f"}]"#, "error decoding base64 attachment \"f\": "),
        (r#""Text":5"#, "the body cannot be read: "),
    ] {
        let refused = with(more).unwrap_err();
        assert!(refused.starts_with(sentence), "{more}: {refused}");
    }
    for (body, sentence) in [
        ("{}", "error building message: from not set"),
        (r#"{"From":{"Email":"a@b"}}"#, "error building message: no recipients"),
        ("[]", "the body is not a JSON object"),
        ("{", "the body is not JSON"),
    ] {
        assert!(compose(body).unwrap_err().starts_with(sentence), "{body}");
    }
    assert_eq!(View::read(&with("\"Text\":\"\"").unwrap().raw).text(&with("\"Text\":\"\"").unwrap().raw).trim(), "");
}
