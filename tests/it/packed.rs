//! Nobody can tell whether a message is packed: every address answers as before.

use std::collections::BTreeSet;

use restante::config::Config;
use restante::mail::envelope::Door;
use restante::mailbox::packing;
use restante::server::Server;
use restante::web::page::Tab;

use crate::every_page::{Page, Visitor};
use crate::support::{Smtp, request};

/// Text, HTML, a file, and a message within it; long enough to be packed.
fn letter() -> Vec<u8> {
    let text = "Good day, here is the news of the hour.\r\n".repeat(60);
    let html = "<tr><td style=3D\"color:#333\"><a href=3D\"https://app.test/x\">needle</a></td></tr>\r\n".repeat(60);
    let file = "JVBERi0xLjcKJeLjz9MKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+PgplbmRvYmoK\r\n".repeat(40);
    format!(
        "From: shop@app.test\r\nTo: ann@app.test\r\nSubject: a letter\r\nX-Kind: long\r\n\
         List-Unsubscribe: <https://app.test/u>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{html}\r\n\
         --b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\n\r\n{text}\r\n--b--\r\n"
    )
    .into_bytes()
}

/// What a program is told about this message.
fn addresses(id: &str) -> Vec<String> {
    let of_it = ["", "/headers", "/raw", "/raw?dl=1", "/part/1", "/part/2", "/part/3", "/part/4", "/part/3/thumb"];
    let of_it = of_it.iter().chain(&["/link-check"]).map(|path| format!("/api/v1/message/{id}{path}"));
    let shown = ["html", "txt"].map(|kind| format!("/view/{id}.{kind}"));
    let found =
        ["body:needle", "body:hour+header.x-kind:long", "-body:haystack", "attachment:a.pdf", "larger:10kB", "needle"];
    let found = found.map(|query| format!("/api/v1/search?query={query}"));
    let list = ["/api/v1/messages".to_owned(), format!("/message/{id}/html"), format!("/message/{id}/in/4/raw")];
    of_it.chain(shown).chain(found).chain(list).collect()
}

#[test]
fn what_is_packed_is_shown_searched_and_downloaded_as_before() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(&Config::on_free_ports())).unwrap();
    let mut smtp = Smtp::connect(server.opened().smtp_address(Door::Smtp).unwrap().port());
    smtp.say("EHLO app.test", "250");
    let letter = letter();
    let id = smtp.send("ann@app.test", &["bob@app.test"], &letter);
    let url = |path: &str| format!("{}{path}", server.opened().http_url().trim_end_matches('/'));
    let ask = |path: &str| request("GET", &url(path), &[], None);
    let answers = || addresses(&id).iter().map(|path| (path.clone(), ask(path))).collect::<Vec<_>>();

    let (before, used) = (answers(), server.inbox().store().bytes_used());
    packing::pack_all(server.inbox(), restante::clock::now() + jiff::SignedDuration::from_mins(1));
    let packed = server.inbox().store().bytes_used();
    assert!(used - packed > letter.len() * 3 / 4, "{packed} of {used}");
    for ((path, before), (_, after)) in before.iter().zip(answers()) {
        assert_eq!((before.status, before.text()), (after.status, after.text()), "{path}");
        assert_eq!(before.status, 200, "{path}: {}", before.text());
        assert!(
            before
                .headers
                .iter()
                .filter(|(name, _)| *name != "date")
                .eq(after.headers.iter().filter(|(name, _)| *name != "date"))
        );
    }
    assert_eq!(ask(&format!("/api/v1/message/{id}/raw")).body, letter);

    let mut page = |path: &str| {
        let answer = ask(path);
        let (content_type, policy) = (answer.header("content-type"), answer.header("content-security-policy"));
        Page { status: answer.status, content_type: content_type.into(), policy: policy.into(), body: answer.body }
    };
    let mut visitor = Visitor { ask: &mut page, base: "/".into(), tabs: Tab::ALL, seen: BTreeSet::new() };
    visitor.visit(&id, &letter);
    runtime.block_on(server.stop());
}
