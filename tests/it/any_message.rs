//! Whatever bytes a message has: it is kept as sent, and every page and every answer of the API about it is right, at the
//! root and in its mailbox. The fuzz target `page` asks the same of more of them.

use crate::every_page::{Page, Visitor};
use crate::route_table;
use crate::support::{Server, Smtp, queued, request};
use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use restante::web::page::Tab;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A name that only fits into an address when it is encoded.
const USER: &str = "a/b <x-mail>\u{e9}";
const MAILBOX: &str = "/mailbox/a%2Fb%20%3Cx-mail%3E%C3%A9/";
/// In a debug build some ten seconds; `PROPTEST_CASES` asks for more.
const CASES: u32 = 40;

#[test]
fn every_page_of_any_message_is_right() {
    let house = House::open();
    let routes = RefCell::new(BTreeSet::new());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { config.cases } else { CASES };
    let mut runner = TestRunner::new(ProptestConfig { cases, max_shrink_time: 60_000, ..config });
    let held = runner.run(&message(), |raw| {
        routes.borrow_mut().extend(house.visited(&raw));
        Ok(())
    });
    held.unwrap_or_else(|fault| panic!("{fault}"));
    // One of each kind, so that no row of the table depends on chance.
    for raw in WHOLE {
        routes.borrow_mut().extend(house.visited(raw.replace('\n', "\r\n").as_bytes()));
    }
    let seen: Vec<_> = routes.take().into_iter().map(str::to_owned).collect();
    assert_eq!(seen, gettable(), "routes.rs and the visitor differ");
}

/// The rows of `routes.rs` under each mount that answer a GET and end.
fn gettable() -> Vec<String> {
    let routes = route_table::mounted().into_iter().filter(|route| route.method == "get" && route.ends);
    let rows: BTreeSet<_> = routes.map(|route| route.path).collect();
    assert!(rows.len() >= 20, "the table is found: {rows:?}");
    rows.into_iter().collect()
}

/// A server, and one connection that has logged in.
struct House {
    server: Server,
    smtp: RefCell<Smtp>,
}

impl House {
    fn open() -> Self {
        let server = Server::start();
        let mut smtp = server.smtp_greeted();
        smtp.say(&format!("AUTH PLAIN {}", BASE64_STANDARD.encode(format!("\0{USER}\0x"))), "235");
        Self { server, smtp: RefCell::new(smtp) }
    }

    /// Sends a message and looks at all of it; answers which routes there were.
    fn visited(&self, raw: &[u8]) -> BTreeSet<&'static str> {
        let id = self.sent(raw);
        let mut ask = |path: &str| self.page(path);
        let mut visitor = Visitor { ask: &mut ask, base: "/".into(), tabs: Tab::ALL, seen: BTreeSet::new() };
        for base in ["/", MAILBOX] {
            visitor.base = base.into();
            visitor.around(&id);
            visitor.visit(&id, raw);
        }
        // A list of one: pages of a hundred rows would be looked at a thousand times.
        assert_eq!(request("DELETE", &self.server.http("/api/v1/messages"), &[], None).status, 200);
        visitor.seen
    }

    /// BDAT, which carries any bytes.
    fn sent(&self, raw: &[u8]) -> String {
        let mut smtp = self.smtp.borrow_mut();
        smtp.say("MAIL FROM:<\"<x-mail>&\"@app.test> X=<x-mail>", "250");
        smtp.say("RCPT TO:<bob@app.test> NOTIFY=<x-mail>", "250");
        smtp.write(&[format!("BDAT {} LAST\r\n", raw.len()).as_bytes(), raw].concat());
        queued(&smtp.expect("250"))
    }

    fn page(&self, path: &str) -> Page {
        let answer = request("GET", &self.server.http(path), &[], None);
        let (content_type, policy) = (answer.header("content-type"), answer.header("content-security-policy"));
        Page {
            status: answer.status,
            content_type: content_type.to_owned(),
            policy: policy.to_owned(),
            body: answer.body,
        }
    }
}

/// Mail with something in every place, mail-like bytes, and mere bytes.
fn message() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (vec(field(), 0..8), entity(), vec(wound(), 0..3))
            .prop_map(|(fields, entity, wounds)| wounded([fields.concat(), entity].concat(), &wounds)),
        2 => vec(prop_oneof![5 => fragment(), 1 => vec(any::<u8>(), 0..6)], 0..40).prop_map(|pieces| pieces.concat()),
        1 => vec(any::<u8>(), 0..600),
    ]
}

/// What happens to bytes on their way: some are lost, some come twice, some are others.
fn wound() -> impl Strategy<Value = (prop::sample::Index, prop::sample::Index, Vec<u8>)> {
    (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop_oneof![fragment(), vec(any::<u8>(), 0..4)])
}

fn wounded(mut raw: Vec<u8>, wounds: &[(prop::sample::Index, prop::sample::Index, Vec<u8>)]) -> Vec<u8> {
    for (at, length, with) in wounds {
        let start = at.index(raw.len() + 1);
        let end = start + length.index(raw.len() - start + 1).min(40);
        raw.splice(start..end, with.iter().copied());
    }
    raw
}

fn field() -> impl Strategy<Value = Vec<u8>> {
    (select(NAMES), vec(prop_oneof![4 => fragment(), 1 => vec(any::<u8>(), 0..4)], 0..4), end())
        .prop_map(|(name, value, end)| [name.as_bytes(), &value.concat(), end].concat())
}

fn end() -> impl Strategy<Value = &'static [u8]> {
    prop_oneof![6 => Just(&b"\r\n"[..]), 2 => Just(&b"\n"[..]), 1 => Just(&b"\r"[..])]
}

/// An entity with its header and body, multiparts and messages in it.
fn entity() -> impl Strategy<Value = Vec<u8>> {
    let leaf = (select(TYPES), select(ENCODINGS), select(DISPOSITIONS), vec(fragment(), 0..8)).prop_map(
        |(kind, encoding, disposition, body)| {
            let body = body.concat();
            let body = if encoding.ends_with("64\r\n") { BASE64_STANDARD.encode(body).into_bytes() } else { body };
            [format!("{kind}\r\n{encoding}{disposition}\r\n").into_bytes(), body].concat()
        },
    );
    leaf.prop_recursive(3, 12, 4, |inner| {
        let several = (select(MULTIPARTS), 0..3_u8, vec(inner.clone(), 0..4), any::<bool>()).prop_map(
            |(kind, number, parts, closed)| {
                let mut raw = format!("Content-Type: {kind}; boundary=\"b{number}\"\r\n\r\npreamble\r\n").into_bytes();
                for part in parts {
                    raw.extend(format!("\r\n--b{number}\r\n").bytes());
                    raw.extend(part);
                }
                raw.extend(if closed { format!("\r\n--b{number}--\r\n") } else { String::new() }.bytes());
                raw
            },
        );
        let message = (vec(field(), 0..4), inner).prop_map(|(fields, inner)| {
            [b"Content-Type: message/rfc822\r\n\r\n".to_vec(), fields.concat(), inner].concat()
        });
        prop_oneof![2 => several, 1 => message]
    })
}

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    select(FRAGMENTS).prop_map(<[u8]>::to_vec)
}

const NAMES: &[&str] = &[
    "From: ",
    "To: ",
    "Cc: ",
    "Bcc: ",
    "Reply-To: ",
    "Sender: ",
    "Subject: ",
    "Date: ",
    "Message-ID: ",
    "Return-Path: ",
    "Received: ",
    "List-Unsubscribe: ",
    "X-Tags: ",
    "<x-mail>: ",
    "Content-Type: ",
    "\u{e9}: ",
    "",
];

const TYPES: &[&str] = &[
    "Content-Type: text/plain; charset=utf-8",
    "Content-Type: text/plain; charset=\"<x-mail>\"",
    "Content-Type: text/plain; format=flowed; delsp=yes",
    "Content-Type: text/plain; charset=iso-2022-jp",
    "Content-Type: text/plain; charset=utf-16",
    "Content-Type: text/html",
    "Content-Type: text/html; charset=gb18030",
    "Content-Type: text/x-amp-html",
    "Content-Type: text/calendar; method=REQUEST",
    "Content-Type: message/delivery-status",
    "Content-Type: message/rfc822",
    "Content-Type: image/png; name=\"<x-mail>\\\".png\"",
    "Content-Type: application/pkcs7-mime; smime-type=enveloped-data",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Type: <x-mail>/\"&",
    "X: y",
];

const MULTIPARTS: &[&str] = &[
    "multipart/mixed",
    "multipart/alternative",
    "multipart/related",
    "multipart/digest",
    "multipart/report; report-type=delivery-status",
    "multipart/signed; protocol=\"application/pgp-signature\"",
];

const ENCODINGS: &[&str] = &[
    "",
    "",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Transfer-Encoding: x-uuencode\r\n",
    "Content-Transfer-Encoding: <x-mail>\r\n",
];

const DISPOSITIONS: &[&str] = &[
    "",
    "",
    "Content-Disposition: attachment\r\n",
    "Content-Disposition: attachment; filename=\"<x-mail>\r\n.eml\"\r\n",
    "Content-Disposition: inline; filename*0*=utf-8''%22%0d%0a%C3; filename*1*=%A9.ics\r\n",
    "Content-ID: <a@b>\r\n",
    "Content-ID: <\"><x-mail>\r\nContent-Location: x\r\n",
];

const FRAGMENTS: &[&[u8]] = &[
    b"Ann <ann@app.test>",
    b"\"<x-mail x-mail='\" <a\"b@c>",
    b"team: a@b, c@d;",
    b"=?utf-8?q?=3Cx-mail=3E?=",
    b"=?utf-8?b?PHgtbWFpbD4=?=",
    b"=?iso-2022-jp?b?GyRC?=",
    b"=?x?q?",
    b"Mon, 20 Jul 2026 10:00:00 +0200",
    b"<a@b>",
    b"<mailto:a@b?subject=\"x>, <https://a.test/\"'>",
    b"</textarea></title></pre></script><x-mail>",
    b"<x-mail x-mail=\"'>&lt;&#0;&bad;",
    b"\"><img src=x onerror=a()>",
    b"<p>text <a href=\"javascript:a()\">x</a> <img src=\"cid:a@b\"> <img src=//far.test/x>",
    b"<style>@import 'http://far.test';</style><p style=\"background:url(http://far.test)\">",
    b"<script>a()</script><svg><script>b()</script></svg><noscript><p onclick=a()>",
    b"<!--><iframe src=x></iframe>--><math><mtext><table><mglyph><style><img src=x onerror=a()>",
    b"https://a.test/?a=1&b=\"<x-mail> http://[::1]/ mailto:a@b",
    b"> quoted\r\n>> twice \r\nflowed \r\n-- \r\n",
    b"begin 644 <x-mail>.txt\r\n#0V%T\r\n`\r\nend\r\n",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:<x-mail>\r\nDTSTART:20260305\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    b"BEGIN:VCALENDAR\r\nMETHOD:<x-mail>\r\nBEGIN:VEVENT\r\nSUMMARY:<x-mail>\r\nDTSTART;TZID=\"<\":20260305T1400\r\n",
    b"ATTENDEE;CN=\"<x-mail>\";PARTSTAT=ACCEPTED:mailto:a@b\r\nRRULE:FREQ=X\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    b"Reporting-MTA: dns; <x-mail>\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n",
    b"-----BEGIN PGP MESSAGE-----\r\n",
    b"\xe2\x80\xae\xef\xbb\xbf\xef\xbf\xbf",
    b"gr\xfc\xdfe",
    b"\x1b$B%F%9%H\x1b(B",
    b"\xff\xfe<\0x\0-\0m\0>\0",
    b"\0\x01\x08\x0b\x0c\x1b\x7f\xc2\x85",
    b"=3Cx-mail=3E=0D=0A=\r\n=ZZ",
    b"\r\n\r\n",
    b"\r\n",
    b"\r",
    b"\n",
    b"\r\n ",
    b"--b0\r\n",
    b"--b1--\r\n",
    b"; ",
    b"'",
];

const WHOLE: &[&str] = &[
    "",
    // A media type beyond ASCII was repeated in the answer's own field.
    "Content-Type: multip\u{e9}rt/mixed; boundary=b\n\n--b\n\nx\n--b--\n",
    HOSTILE,
    "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/rfc822\n\nSubject: b\nContent-Type: text/html\n\n<p>x\n--b--\n",
];

/// Something in every place that a page has.
const HOSTILE: &str = "From: \"<x-mail>\" <\"<x-mail>\"@b.test>
Sender: <x-mail>
To: <x-mail> <a@b>, <x-mail>: c@d;
Cc: \"<x-mail>\" <a@b>
Bcc: <x-mail>
Reply-To: <x-mail>
Subject: <x-mail> &amp; \" ' </title><x-mail>
Date: <x-mail>
Date: <x-mail>
Message-ID: <x-mail>
List-Unsubscribe: <javascript:a()>, <https://a.test/\"<x-mail>>
MIME-Version: <x-mail>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=\"<x-mail>\"

<x-mail> https://a.test/?a=\"<x-mail>&b=' javascript:a()
--b
Content-Type: text/html

<p>http://a.test <img src=\"http://<x-mail>\"><script>a()</script><img src=x onerror=a()>
--b
Content-Type: text/x-amp-html

</pre><x-mail>&
--b
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
METHOD:<x-mail>
BEGIN:VEVENT
SUMMARY:<x-mail>
LOCATION:<x-mail>
DESCRIPTION:<x-mail>
DTSTART;TZID=<x-mail>:<x-mail>
DTEND:<x-mail>
RRULE:<x-mail>
STATUS:<x-mail>
ORGANIZER;CN=<x-mail>:<x-mail>
ATTENDEE;CN=\"<x-mail>\";PARTSTAT=<x-mail>:mailto:<x-mail>
END:VEVENT
END:VCALENDAR
--b
Content-Type: message/delivery-status

Reporting-MTA: <x-mail>

Final-Recipient: <x-mail>
Action: <x-mail>
Status: <x-mail>
Diagnostic-Code: <x-mail>
--b
Content-Type: message/rfc822

From: \"<x-mail>\" <a@b.test>
Subject: <x-mail>
Content-Type: text/html

<p><x-mail>
--b
Content-Type: image/png; name=\"<x-mail>.png\"
Content-Disposition: attachment; filename=\"<x-mail>\"
Content-Transfer-Encoding: <x-mail>
Content-ID: <<x-mail>>

x
--b
Content-Type: <x-mail>/<x-mail>
Content-Disposition: attachment; filename*=utf-8''%3Cx-mail%3E

x
--b--
";
