//! Renders every page and state with lifelike words into `target/pages`, to be looked at: see `tests/browser/look.mjs`.

use jiff::Timestamp;
use restante::web::page::body::{
    EnvelopeBody, EventBody, EventView, HeadersBody, HtmlBody, PartsBody, RecipientRow, ReportBody, dialogue_lines,
};
use restante::web::page::found::{CodeView, FoundView, LinkView};
use restante::web::page::message::Body;
use restante::web::page::sessions::{Brought, SessionView, Show, Totals};
use restante::web::page::setup::{Door, DoorTls};
use restante::web::page::source::SourceBody;
use restante::web::page::text::TextBody;
use restante::web::page::view::{
    Assets, AttachmentView, Fact, FindingView, HeaderRow, Inside, MailboxLink, Mount, NestedLink, PartNode, Person,
    PlaceView, RemoteItem, Row, Shell, Stamp, Stats,
};
use restante::web::page::{ErrorPage, ListPage, Message, Pane, SessionsPage, Setup, SetupPage, Tab, words};
use std::path::Path;

const NOW: i64 = 1_772_460_333;
const OPEN: &str = "1AbCdEfGhIjKlMnOpQrS00";

fn main() {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&out).expect("target/pages can be made");
    let write = |name: &str, page: &dyn askama::DynTemplate| {
        std::fs::write(out.join(name).with_extension("html"), page.dyn_render().expect("it renders")).expect("written");
    };
    write(
        "empty",
        &page(
            Shell { stats: Stats { budget: 512 << 20, ..Stats::default() }, mailboxes: vec![], ..shell() },
            vec![],
            Pane::Idle(setup()),
        ),
    );
    write("list", &page(shell(), rows(40), Pane::Idle(setup())));
    write(
        "one",
        &page(
            Shell {
                stats: Stats { total: 1, unread: 1, bytes: 4200, budget: 512 << 20, evicted: 0, broken: 2 },
                mailboxes: vec![],
                ..shell()
            },
            rows(1),
            Pane::Idle(setup()),
        ),
    );
    let found = |query: &str| Shell { query: query.into(), ..shell() };
    write("found", &ListPage { found: Some(3), ..page(found("from:acme invoice"), rows(3), Pane::Idle(setup())) });
    write(
        "nothing",
        &ListPage { found: Some(0), ..page(found("subject:\"never sent\""), vec![], Pane::Idle(setup())) },
    );
    write(
        "badsearch",
        &ListPage {
            search_error: Some("The phrase that begins with \" is never closed: add a \" at its end.".into()),
            ..page(found("subject:\"never sent"), vec![], Pane::Idle(setup()))
        },
    );
    let mount = Mount { base: "/mailbox/worker-3/".into(), root: "/".into(), mailbox: Some("worker-3".into()) };
    let boxed = Shell { mount, stats: Stats { total: 0, unread: 0, ..shell().stats }, ..shell() };
    write("mailbox-empty", &page(boxed, vec![], Pane::Idle(Setup { login: Some("worker-3".into()), ..setup() })));
    write("setup", &SetupPage { shell: shell(), setup: setup() });
    let sessions = |show, sessions| SessionsPage {
        shell: shell(),
        show,
        counts: [5, 4, 3],
        totals: Totals { ended: 312, under_way: 2 },
        sessions,
        older: Some(7),
        below_top: false,
        alone: false,
    };
    write("sessions", &sessions(Show::All, told_sessions()));
    write("sessions-none", &SessionsPage { older: None, ..sessions(Show::All, vec![]) });
    let open = SessionsPage { alone: true, older: None, ..sessions(Show::All, told_sessions().split_off(5)) };
    write("session", &open);
    write("gone", &page(shell(), rows(12), Pane::Gone));
    for tab in Tab::ALL {
        write(tab.name(), &page(shell(), rows(40), opened(invoice(body(*tab)))));
    }
    let within = |inside| Message {
        seals: vec!["Signed with S/MIME; the signature is not checked."],
        nested: vec![NestedLink {
            part: "2".into(),
            subject: "Re: Colours for the new envelope, and whether the vermilion may stay as it is".into(),
            from: "Mira Calder <mira@studio.test>".into(),
        }],
        inside,
        has: vec![Tab::Text],
        ..invoice(body(Tab::Text))
    };
    write("within", &page(shell(), rows(40), opened(within(None))));
    let way = Inside { way: "2".into(), outer: "Fwd: your invoice".into(), up: format!("message/{OPEN}") };
    write("inside", &page(shell(), rows(40), opened(within(Some(way)))));
    write("remote", &page(shell(), rows(40), opened(invoice(Body::Html(HtmlBody { remote_on: true, ..remote() })))));
    write(
        "short",
        &page(
            shell(),
            rows(40),
            opened(Message {
                subject: "Your code is 481 516".into(),
                findings: vec![],
                attachments: vec![],
                envelope_differs: false,
                found: code_and_link(),
                has: vec![Tab::Text, Tab::Envelope],
                cc: vec![],
                reply_to: vec![],
                body: Body::Text(TextBody::new(Some(
                    "Hello Jane,\n\nyour code is 481 516. It is good for ten minutes.\n\nOr follow https://app.example.test/login?code=481516&next=/home (once).\n\n-- \nExample",
                ))),
                ..invoice(body(Tab::Text))
            }),
        ),
    );
    write("hostile", &page(shell(), hostile_rows(), opened(hostile())));
    write(
        "rtl",
        &page(
            shell(),
            hostile_rows(),
            opened(Message {
                subject: "תודה על הזמנתך! מספר 4711".into(),
                from: vec![person("חנות הספרים", "shop@example.test")],
                body: Body::Text(TextBody::new(Some(
                    "שלום ג׳יין,\n\nתודה על הזמנתך. אפשר לעקוב אחריה כאן: https://example.test/orders/4711 .\n\nLatin in between, and back: סוף.",
                ))),
                ..invoke_plain()
            }),
        ),
    );
    let error = |status, title: &str, detail: &str, remedy: &str| ErrorPage {
        shell: Shell { stats: Stats::default(), mailboxes: vec![], ..shell() },
        status,
        title: title.into(),
        detail: detail.into(),
        remedy: remedy.into(),
        source: String::new(),
    };
    write(
        "error-421",
        &error(
            421,
            "This name is not served here",
            "Restante answers to localhost, IP addresses and names without a dot. mail.example.com is none of these, and a web page that guessed our port must not read your mail.",
            "restante --allow-host mail.example.com",
        ),
    );
    write(
        "error-404",
        &error(404, "There is no such page", "The address may be mistyped, or from another version.", ""),
    );
}

fn page(shell: Shell, rows: Vec<Row>, pane: Pane) -> ListPage {
    let older = (rows.len() >= 40).then(|| "41".into());
    ListPage { shell, rows, older, below_top: false, found: None, search_error: None, pane }
}

fn shell() -> Shell {
    Shell {
        mount: Mount { base: "/".into(), root: "/".into(), mailbox: None },
        assets: Assets {
            css: "/static/app.css?v=0".into(),
            js: "/static/app.js?v=0".into(),
            icon: "/static/icon.svg?v=0".into(),
        },
        stats: Stats { total: 128, unread: 4, bytes: 3_620_000, budget: 512 << 20, evicted: 0, broken: 2 },
        mailboxes: [("default", 117, 3), ("worker-3", 8, 1), ("team/π staging", 3, 0)]
            .map(|(name, total, unread)| MailboxLink {
                name: name.into(),
                href: format!("/mailbox/{}/", words::percent(name)),
                total,
                unread,
            })
            .into(),
        query: String::new(),
        version: "0.1.0".into(),
    }
}

fn setup() -> Setup {
    let door = |port, tls, note: &str| Door { host: "localhost".into(), port, tls, note: note.into() };
    Setup {
        doors: vec![
            door(2525, DoorTls::None, "Also on 1025."),
            door(1587, DoorTls::StartTls, "587 needs a privilege here."),
            door(1465, DoorTls::Implicit, "465 needs a privilege here."),
        ],
        pickup: vec!["tmp/mails".into()],
        ca_url: Some("/ca.pem".into()),
        inbox_url: "http://localhost:8025/".into(),
        login: None,
    }
}

/// The commonest answers to "why did my mail not arrive?".
fn told_sessions() -> Vec<SessionView> {
    let session = |number, ago, lasted: &str, outcome, messages, sentence: &str, dialogue: &str| SessionView {
        number,
        opened: at(ago),
        lasted: lasted.into(),
        door: "smtp".into(),
        port: Some(2525),
        peer: Some("127.0.0.1:53214".into()),
        helo: Some("EHLO app.example.test".into()),
        messages,
        outcome,
        sentence: sentence.into(),
        dialogue: dialogue_lines(dialogue),
        ..SessionView::default()
    };
    let brought = |id: &str, subject: &str| Brought { id: id.into(), subject: subject.into() };
    let said = "S: 220 localhost ESMTP Restante\nC: EHLO app.example.test\nS: 250-localhost\nS: 250 PIPELINING\nC: MAIL FROM:<billing@acme.test>\nS: 250 2.1.0 Ok\nC: RCPT TO:<jane@example.test>\nS: 250 2.1.5 Ok\nC: DATA\nS: 354 End the message with a dot on a line of its own\n# message: 184320 octets\nS: 250 2.0.0 Ok: queued as 1AbCdEfGhIjKlMnOpQrS00\nC: QUIT\nS: 221 2.0.0 Bye\n";
    vec![
        SessionView {
            brought: vec![brought(OPEN, "Your invoice for February is ready")],
            ..session(312, 8, "12 ms", "done", 1, "", said)
        },
        SessionView {
            tls: Some("TLSv1.3".into()),
            login: Some("worker-3".into()),
            door: "submission".into(),
            port: Some(1587),
            brought: vec![brought(OPEN, "Reset your password"), brought(OPEN, "481 516 is your sign-in code")],
            ..session(
                311,
                64,
                "4.1 s",
                "broken",
                2,
                "Not all of it was kept; the client was told: “552 5.3.4 26214400 octets is the message limit (--max-message-size)”. Raise --max-message-size, or send less.",
                said,
            )
        },
        SessionView {
            door: "smtps".into(),
            port: Some(1465),
            helo: None,
            ..session(
                310,
                190,
                "31 ms",
                "broken",
                0,
                "The client does not trust the certificate. Let it trust the CA (the page offers it, --tls-dir keeps it), switch its verification off, or use the plain port.",
                "# The client does not trust the certificate. Let it trust the CA.\n",
            )
        },
        session(
            309,
            640,
            "2 ms",
            "empty",
            0,
            "The client took its leave without sending a message, as tests of a connection do. If it was meant to send, it may insist on STARTTLS, before a login for instance: that is on port 1587.",
            "S: 220 localhost ESMTP Restante\nC: EHLO app.example.test\nS: 250 localhost\nC: QUIT\nS: 221 2.0.0 Bye\n",
        ),
        SessionView {
            helo: None,
            ..session(
                308,
                3_700,
                "0 ms",
                "empty",
                0,
                "The client connected and closed again without a word, as checks of a port do. If it was meant to send, it gave up by itself: its own log says why.",
                "S: 220 localhost ESMTP Restante\n",
            )
        },
        SessionView {
            findings: invoice(body(Tab::Text)).findings,
            ..session(
                307,
                8_200,
                "1.2 s",
                "broken",
                0,
                "The client went away in the middle of a message (connection reset); the 41984 bytes that it had sent were not kept. A message ends with a dot on a line of its own. Look for a crash or a time-out in the sender.",
                said,
            )
        },
    ]
}

fn at(ago: i64) -> Stamp {
    words::stamp(Timestamp::from_second(NOW - ago).expect("in range"), Timestamp::from_second(NOW).expect("in range"))
}

fn person(name: &str, address: &str) -> Person {
    Person { name: name.into(), address: address.into() }
}

type Told<'a> = (&'a str, &'a str, &'a [&'a str], &'a str, &'a str, i64, u64);

const MAILS: &[Told<'static>] = &[
    (
        "Acme Billing",
        "billing@acme.test",
        &["jane@example.test", "books@example.test"],
        "Your invoice for February is ready",
        "Hello Jane, thank you for your business. Invoice 2026-0217 over 1.284,50 € is attached as a PDF.",
        8,
        184_320,
    ),
    (
        "Example App",
        "no-reply@app.example.test",
        &["sam+t42@example.test"],
        "Reset your password",
        "Someone asked for a new password for this account. If it was you, follow this link within 30 minutes.",
        64,
        3_910,
    ),
    (
        "Example App",
        "no-reply@app.example.test",
        &["kim@example.test"],
        "481 516 is your sign-in code",
        "Your code is 481 516. It is good for ten minutes. Do not share it with anyone.",
        190,
        2_204,
    ),
    (
        "The Weekly Post",
        "letters@weekly.test",
        &[
            "a@example.test",
            "b@example.test",
            "c@example.test",
            "d@example.test",
            "e@example.test",
            "f@example.test",
            "g@example.test",
            "h@example.test",
            "i@example.test",
            "j@example.test",
            "k@example.test",
            "l@example.test",
        ],
        "Seven things we learnt about queues",
        "This week: why retries need jitter, what a poste restante counter was, and a recipe for plum cake.",
        640,
        61_440,
    ),
    (
        "cron",
        "root@build-7",
        &["ops@example.test"],
        "Cron <root@build-7> /usr/local/bin/backup --all",
        "backup: 14 volumes, 3 skipped, 0 failed backup: took 182 s",
        3_700,
        988,
    ),
    (
        "Mira Calder",
        "mira@studio.test",
        &["jane@example.test"],
        "Re: Colours for the new envelope",
        "I like the vermilion. Could we try the blue a touch darker, so that it holds on grey paper?",
        8_200,
        12_002,
    ),
    (
        "Calendar",
        "invites@cal.test",
        &["jane@example.test", "mira@studio.test"],
        "Invitation: Design review, Thu 5 Mar 14:00",
        "You are invited to Design review. When: Thursday 5 March, 14:00 to 15:00. Where: room Poste.",
        15_000,
        6_700,
    ),
    (
        "",
        "",
        &["postmaster@example.test"],
        "Undelivered mail returned to sender",
        "This is the mail system at host mx1. I could not deliver your message to one or more recipients.",
        90_000,
        5_120,
    ),
];

fn rows(count: usize) -> Vec<Row> {
    (0..count)
        .map(|index| {
            let (from, address, to, subject, snippet, ago, size) = MAILS[index % MAILS.len()];
            let ago = ago + (index / MAILS.len()) as i64 * 100_000;
            Row {
                id: format!("1AbCdEfGhIjKlMnOpQrS{index:02}"),
                cursor: (128 - index).to_string(),
                unread: matches!(index, 1 | 2 | 3 | 6),
                from: if from.is_empty() { "mailer-daemon@mx1".into() } else { from.into() },
                from_address: address.into(),
                to: to.iter().map(|&to| to.to_owned()).collect(),
                subject: subject.into(),
                snippet: snippet.into(),
                hits: Default::default(),
                received: at(ago),
                size,
                tags: ["signup", "beta"][..[0, 1, 0, 2][index % 4]].iter().map(ToString::to_string).collect(),
                attachments: if index % 8 == 0 { 2 } else { usize::from(index % 8 == 6) },
                findings: [3, 0, 0, 1, 2, 0, 0, 0][index % 8],
                findings_matter: index % 8 == 0,
                refusable: index % 8 == 0,
                mailbox: (index % 8 == 2).then(|| "worker-3".into()),
                tls: (index % 8 == 1).then(|| "TLSv1.3".into()),
                login: (index % 8 == 2).then(|| "worker-3".into()),
            }
        })
        .collect()
}

fn code_and_link() -> FoundView {
    let code = CodeView { value: "481516".into(), context: "your code is 481 516.".into() };
    let url = "https://app.example.test/login?code=481516&next=/home";
    let links = [(url, "Log in to Example", "sign-in"), ("mailto:help@example.test", "", "other")];
    let link = |(url, text, purpose)| LinkView::new(url, text, purpose);
    FoundView::new([code], Some(link(links[0])), links.map(link))
}

fn hostile_rows() -> Vec<Row> {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(4);
    let told: [(&str, &str, &str, &str); 6] = [
        (
            "<script>alert(1)</script>",
            "x\"onmouseover=alert(1)@evil.test",
            "\"><img src=x onerror=alert(1)>",
            "{{ 7*7 }} <b>not bold</b> &amp; </a></li>",
        ),
        (&long, &long, &long, &long),
        (
            "חנות הספרים",
            "shop@example.test",
            "תודה על הזמנתך! מספר 4711",
            "שלום ג׳יין, תודה על הזמנתך. אפשר לעקוב אחריה.",
        ),
        ("", "", "", ""),
        ("\u{202e}evil\u{202c} desrever", "rlo@evil.test", "invoice\u{202e}fdp.exe", "bidi override"),
        (
            "Zażółć 山田太郎 🦊",
            "ユーザー@例え.テスト",
            "🎉🎉 Grüße aus Łódź 漢字 🇵🇱",
            "Emoji, CJK and combining: Z͑ͫ̓a̴l͖g̛o e\u{301}",
        ),
    ];
    let mut rows = rows(told.len());
    for (row, (from, address, subject, snippet)) in rows.iter_mut().zip(told) {
        row.from = from.into();
        row.from_address = address.into();
        row.to = if address.is_empty() { vec![] } else { vec![address.into(), "b@c".into()] };
        row.subject = subject.into();
        row.snippet = snippet.into();
        row.mailbox = Some(if subject.len() > 200 { long.clone() } else { "<i>box</i>".into() });
    }
    rows
}

fn opened(message: Message) -> Pane {
    Pane::Message(Box::new(message))
}

fn invoke_plain() -> Message {
    Message {
        attachments: vec![],
        findings: vec![],
        cc: vec![],
        reply_to: vec![],
        has: vec![Tab::Text, Tab::Envelope],
        envelope_differs: false,
        ..invoice(body(Tab::Text))
    }
}

fn invoice(body: Body) -> Message {
    let finding = |severity, id: &str, sentence: &str, detail: &str, rfc: &str| FindingView {
        severity,
        id: id.into(),
        sentence: sentence.into(),
        detail: detail.into(),
        rfc: rfc.into(),
        place: (id == "line-too-long").then(|| PlaceView::Line {
            line: 12,
            bytes: "<table width=\\".into(),
            shown: true,
        }),
    };
    Message {
        id: OPEN.into(),
        newer: None,
        older: Some("1AbCdEfGhIjKlMnOpQrS01".into()),
        unread: false,
        subject: "Your invoice for February is ready".into(),
        subject_cut: false,
        subject_hits: Vec::new(),
        from: vec![person("Acme Billing", "billing@acme.test")],
        to: vec![person("Jane Example", "jane@example.test")],
        cc: vec![person("", "books@example.test")],
        bcc: vec![],
        reply_to: vec![person("Acme Support", "support@acme.test")],
        date: Some("Mon, 2 Mar 2026 15:05:24 +0100".into()),
        received: at(8),
        size: 184_320,
        envelope_from: "bounce+4711@mail.acme.test".into(),
        envelope_to: vec!["jane@example.test".into(), "books@example.test".into()],
        envelope_differs: true,
        mailbox: None,
        tls: Some("TLSv1.3".into()),
        login: Some("acme".into()),
        tags: vec!["billing".into(), "2026-02".into()],
        attachments_left_out: 0,
        attachments: vec![
            AttachmentView {
                part: "3".into(),
                name: "invoice-2026-0217.pdf".into(),
                media_type: "application/pdf".into(),
                size: 161_203,
                preview: false,
            },
            AttachmentView {
                part: "4".into(),
                name: "logo.png".into(),
                media_type: "image/png".into(),
                size: 9_204,
                preview: true,
            },
        ],
        findings: vec![
            finding(
                "refused",
                "line-too-long",
                "A line is longer than 998 octets.",
                "line 84: 1204 octets",
                "RFC 5322 §2.1.1",
            ),
            finding("warning", "no-message-id", "There is no Message-ID field.", "", "RFC 5322 §3.6.4"),
            finding(
                "note",
                "size-differs",
                "The message is larger than its SIZE parameter said.",
                "183002, said 180000",
                "RFC 1870 §6",
            ),
        ],
        seals: vec![],
        nested: vec![],
        inside: None,
        found: FoundView::default(),
        has: Tab::OPTIONAL.to_vec(),
        tab_asked: None,
        body,
    }
}

fn hostile() -> Message {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(4);
    Message {
        subject: format!("\"><script>alert(1)</script> {long}"),
        from: vec![person("<b onmouseover=alert(1)>x</b>", &long), person("Two", "two@authors.test")],
        to: (0..30).map(|n| person("", &format!("recipient-{n}@example.test"))).collect(),
        envelope_from: String::new(),
        envelope_to: (0..30).map(|n| format!("recipient-{n}@example.test")).collect(),
        date: Some("yesterday, <i>about</i> noon".into()),
        attachments: (0..9)
            .map(|n| AttachmentView {
                part: n.to_string(),
                name: if n == 3 { String::new() } else { format!("{n}-{long}.exe") },
                media_type: "application/x-<script>".into(),
                size: 1 << (n * 3),
                preview: n == 5,
            })
            .collect(),
        body: Body::Text(TextBody::new(Some(&format!(
            "<script>alert(1)</script>\n{long}{long}\n\nhttps://example.test/{long}?a=\"onclick=alert(1) javascript:alert(1)\n\ttab\n"
        )))),
        ..invoice(body(Tab::Text))
    }
}

fn remote() -> HtmlBody {
    let item = |kind: &str, url: &str| RemoteItem { kind: kind.into(), url: url.into() };
    HtmlBody {
        remote: vec![
            item("image", "https://tracker.acme.test/pixel.gif?u=4711&m=2026-0217"),
            item("image", "https://cdn.acme.test/mail/2026/header@2x.png"),
            item("stylesheet", "https://fonts.acme.test/css?family=Inter:400,600"),
        ],
        ..HtmlBody::default()
    }
}

const RAW: &str = "Received: from app (localhost [127.0.0.1])\r\n\tby mail.acme.test with ESMTP id 4711;\r\n\tMon, 2 Mar 2026 15:05:24 +0100\r\nDKIM-Signature: v=1; a=rsa-sha256; d=acme.test; s=mail;\r\n\tb=dGhpcyBpcyBub3QgYSBzaWduYXR1cmUgYnV0IGl0IGxvb2tzIGxpa2Ugb25lLCBkb2VzIGl0IG5vdD8=\r\nFrom: Acme Billing <billing@acme.test>\r\nTo: Jane Example <jane@example.test>\r\nCc: books@example.test\r\nReply-To: Acme Support <support@acme.test>\r\nSubject: =?utf-8?Q?Your_invoice_for_February_is_ready?=\r\nDate: Mon, 2 Mar 2026 15:05:24 +0100\r\nMIME-Version: 1.0\r\nX-Mailer: acme-mailer 3.1\r\nContent-Type: multipart/mixed; boundary=\"=_outer\"\r\n\r\n--=_outer\r\nContent-Type: multipart/alternative; boundary=\"=_inner\"\r\n\r\n--=_inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello Jane,\r\n\r\nthank you for your business.\r\n";

fn body(tab: Tab) -> Body {
    match tab {
        Tab::Html => Body::Html(remote()),
        Tab::Text => Body::Text(TextBody::new(Some(
            "Hello Jane,\n\nthank you for your business. Invoice 2026-0217 over 1.284,50 € is attached as a PDF.\nYou can also see it at https://acme.test/invoices/2026-0217?token=4f1c9a2b (sign in first).\n\n  Plan        Team, 12 seats\n  Period      1 Feb to 28 Feb 2026\n  Amount due  1.284,50 €\n\nThis is a longer paragraph that shows how text wraps when the sender did not break lines, as most of today's senders do not, so that one reads it like a letter and not like a terminal of 1978.\n\nKind regards\nAcme Billing\n\n-- \nAcme GmbH, Poststraße 1, 10178 Berlin\nhttps://acme.test/unsubscribe",
        ))),
        Tab::Event => Body::Event(EventBody {
            method: "Invitation".into(),
            part: "2".into(),
            cut: false,
            events: vec![EventView {
                summary: "Design review".into(),
                facts: vec![Fact {
                    label: "Starts".into(),
                    value: "2026-03-05 14:00 Europe/Berlin".into(),
                    note: String::new(),
                }],
                attendees: vec![Fact {
                    label: "Attendee".into(),
                    value: "Jane Example <jane@example.test>".into(),
                    note: "needs action".into(),
                }],
                description: "We look at the new envelope.\nBring colours.".into(),
            }],
        }),
        Tab::Report => Body::Report(ReportBody {
            facts: vec![Fact { label: "Reporting-MTA".into(), value: "mx1.example.test".into(), note: String::new() }],
            cut: false,
            recipients: vec![RecipientRow {
                address: "nobody@elsewhere.test".into(),
                action: "failed".into(),
                status: "5.1.1".into(),
                facts: vec![Fact {
                    label: "Diagnostic-Code".into(),
                    value: "550 5.1.1 No such user".into(),
                    note: String::new(),
                }],
            }],
        }),
        Tab::Amp => Body::Amp(SourceBody::plain("<!doctype html>\n<html ⚡4email>\n")),
        Tab::Headers => Body::Headers(HeadersBody::new(header_rows())),
        Tab::Parts => Body::Parts(PartsBody::new(nodes())),
        Tab::Source => {
            let long =
                format!("{RAW}{}\r\n{}", "x".repeat(1400), "=E2=82=AC and so on, quoted-printable\r\n".repeat(200));
            Body::Source(SourceBody::new(long.as_bytes(), &[12, 30]))
        }
        Tab::Envelope => Body::Envelope(EnvelopeBody::new(facts(), DIALOGUE)),
    }
}

fn header_rows() -> Vec<HeaderRow> {
    let mut rows: Vec<HeaderRow> = Vec::new();
    for line in RAW.split("\r\n").take_while(|line| !line.is_empty()) {
        match line.split_once(": ").filter(|_| !line.starts_with('\t')) {
            Some((name, value)) => rows.push(HeaderRow {
                name: name.into(),
                decoded: value.replace("=?utf-8?Q?", "").replace("?=", "").replace('_', " "),
                raw: value.into(),
            }),
            None => {
                if let Some(last) = rows.last_mut() {
                    last.raw.push_str("\r\n");
                    last.raw.push_str(line);
                    last.decoded.push_str(&line.replace('\t', " "));
                }
            }
        }
    }
    rows
}

fn nodes() -> Vec<PartNode> {
    let node = |part: &str, depth, media_type: &str, size| PartNode {
        part: part.into(),
        depth,
        media_type: media_type.into(),
        size,
        multipart: media_type.starts_with("multipart"),
        ..PartNode::default()
    };
    vec![
        node("0", 0, "multipart/mixed", 184_320),
        node("1", 1, "multipart/alternative", 12_904),
        PartNode { charset: "utf-8".into(), encoding: "quoted-printable".into(), ..node("2", 2, "text/plain", 612) },
        node("5", 2, "multipart/related", 11_000),
        PartNode { charset: "utf-8".into(), encoding: "base64".into(), ..node("6", 3, "text/html", 8_204) },
        PartNode {
            encoding: "base64".into(),
            disposition: "inline".into(),
            content_id: "logo@acme.test".into(),
            name: "logo.png".into(),
            ..node("4", 3, "image/png", 9_204)
        },
        PartNode {
            encoding: "base64".into(),
            disposition: "attachment".into(),
            name: "invoice-2026-0217.pdf".into(),
            ..node("3", 1, "application/pdf", 161_203)
        },
    ]
}

fn facts() -> Vec<Fact> {
    [
        ("Door", "smtps", "localhost:1465, TLS from the first byte"),
        ("Peer", "127.0.0.1:52114", ""),
        ("TLS", "TLSv1.3", "TLS13_AES_256_GCM_SHA384, asked for localhost"),
        ("EHLO", "app-7f9c.local", ""),
        ("Login", "acme", "PLAIN"),
        ("MAIL FROM", "bounce+4711@mail.acme.test", "SIZE=180000 BODY=8BITMIME"),
        ("RCPT TO", "jane@example.test", "NOTIFY=FAILURE ORCPT=rfc822;jane@example.test"),
        ("RCPT TO", "books@example.test", ""),
    ]
    .map(|(label, value, note)| Fact { label: label.into(), value: value.into(), note: note.into() })
    .into()
}

const DIALOGUE: &str = "# TLSv1.3 TLS13_AES_256_GCM_SHA384\nS: 220 localhost ESMTP Restante\nC: EHLO app-7f9c.local\nS: 250-localhost greets app-7f9c.local\nS: 250-PIPELINING\nS: 250-SIZE 52428800\nS: 250-8BITMIME\nS: 250-SMTPUTF8\nS: 250-CHUNKING\nS: 250-BINARYMIME\nS: 250-DSN\nS: 250-ENHANCEDSTATUSCODES\nS: 250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER\nC: AUTH PLAIN ***\nS: 235 2.7.0 Accepted\nC: MAIL FROM:<bounce+4711@mail.acme.test> SIZE=180000 BODY=8BITMIME\nS: 250 2.1.0 Ok\nC: RCPT TO:<jane@example.test> NOTIFY=FAILURE ORCPT=rfc822;jane@example.test\nS: 250 2.1.5 Ok\nC: RCPT TO:<books@example.test>\nS: 250 2.1.5 Ok\nC: DATA\nS: 354 End with <CRLF>.<CRLF>\n# 183002 bytes of message\nS: 250 2.0.0 Ok: queued as 1AbCdEfGhIjKlMnOpQrS00\n";
