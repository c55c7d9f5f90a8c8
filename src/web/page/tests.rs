//! What holds for every page, whoever wrote the mail.

use super::body::{
    EnvelopeBody, EventBody, EventView, HeadersBody, HtmlBody, PartsBody, RecipientRow, ReportBody, dialogue_lines,
};
use super::found::{CodeView, FoundView, LinkView, UnsubscribeView};
use super::header;
use super::list::{Conversation, Entry, PaneFragment, RowFragment, RowsFragment};
use super::marked::RowHits;
use super::message::{Body, Message, Tab, ThreadLine};
use super::part::{Look, OpenPart};
use super::preview::Preview;
use super::sessions::{Brought, SessionView, Show, Totals};
use super::setup::{Door, Setup};
use super::shell::{MailboxLink, Mount, Shell, Stats};
use super::source::{Region, SourceBody, What};
use super::text::TextBody;
use super::tracking::TrackingView;
use super::view::{
    AttachmentView, Fact, FindingView, HeaderRow, NestedLink, Opens, PartNode, Person, PlaceView, RemoteItem, Row,
    Stamp,
};
use super::{ErrorPage, ListPage, Pane, SessionsPage, SetupPage};
use askama::Template;

/// Breaks out of text, of either kind of quotes, and of a script, if anything lets it.
const EVIL: &str = "</li></a>\"'><script>alert(1)</script><img src=x onerror=alert(1) style=\"x\">{{ 7 }}\u{202e}\0";
const BASE: &str = "/prefix/mailbox/a%2Fb/";

fn evil() -> String {
    EVIL.to_owned()
}

fn shell() -> Shell {
    Shell {
        mount: Mount { base: BASE.into(), root: "/prefix/".into(), mailbox: Some(evil()) },
        assets: super::shell::Assets {
            at: "/prefix/static/1/".into(),
            style: "/prefix/static/1/all.css".into(),
            scripts: vec!["/prefix/static/1/list.js".into()],
        },
        stats: Stats { total: 3, unread: 1, bytes: 9, budget: 99, evicted: 2, broken: 2, kept: 1, kept_bytes: 4 },
        at: "1-1".into(),
        tags: vec![super::side::TagLink::new("<i>", 2)],
        mailboxes_left_out: 1,
        unread_everywhere: 1,
        here: "",
        mailboxes: vec![MailboxLink { name: evil(), href: BASE.into(), total: 3, unread: 1 }],
        query: evil(),
        thread: Some(evil()),
        sessions: true,
        version: "0.1.0".into(),
    }
}

fn row() -> Row {
    Row {
        id: "1AbCdEfGhIjKlMnOpQrS00".into(),
        cursor: "7".into(),
        kept: true,
        unread: true,
        from: evil(),
        from_address: evil(),
        to: vec![evil(), evil()],
        subject: evil(),
        snippet: evil(),
        hits: RowHits {
            from: vec![1..4, 5..9],
            to: vec![0..9, 10..11],
            subject: vec![2..60, 61..62],
            snippet: vec![5..6, 7..8],
        },
        received: Stamp::default(),
        size: 12,
        tags: vec![evil(); 6],
        attachments: 1,
        findings: 2,
        findings_matter: true,
        refusable: true,
        mailbox: Some(evil()),
        tls: Some(evil()),
        login: Some(evil()),
        depth: 99,
        astray: vec![evil()],
    }
}

fn message_entry(row: Row) -> Entry {
    Entry::Message(row.into())
}

fn setup() -> Setup {
    Setup {
        doors: vec![Door { host: evil(), port: 2525, note: evil(), ..Door::default() }],
        pickup: vec![evil()],
        ca_url: Some("/prefix/ca.pem".into()),
        inbox_url: "http://localhost:8025/".into(),
        login: Some(evil()),
    }
}

fn body(tab: Tab) -> Body {
    match tab {
        Tab::Html => {
            let item = RemoteItem { kind: evil(), url: "javascript:alert(1)\"".into(), why: vec![evil()] };
            let tracking = TrackingView::new([(evil(), item)], vec![evil()]);
            Body::Html(HtmlBody { tracking, preview: Preview::default() })
        }
        Tab::Text => Body::Text(TextBody {
            hits: vec![1..4, 9..999],
            ..TextBody::new(Some(&format!("{EVIL} https://a.test/\"onclick='x'")))
        }),
        Tab::Event => Body::Event(EventBody {
            method: evil(),
            part: "2".into(),
            cut: false,
            events: vec![EventView {
                summary: evil(),
                facts: vec![Fact { label: "Starts".into(), value: evil(), note: String::new() }],
                attendees: vec![Fact { label: "Attendee".into(), value: evil(), note: evil() }],
                description: evil(),
            }],
        }),
        Tab::Report => Body::Report(ReportBody {
            facts: vec![Fact { label: "Reporting-MTA".into(), value: evil(), note: String::new() }],
            cut: false,
            recipients: vec![RecipientRow {
                address: evil(),
                action: evil(),
                status: "5.1.1".into(),
                facts: vec![Fact { label: "Diagnostic-Code".into(), value: evil(), note: String::new() }],
            }],
        }),
        Tab::Amp => Body::Amp(SourceBody::plain(EVIL)),
        Tab::Headers => Body::Headers(HeadersBody::new([header_row()])),
        Tab::Parts => Body::Parts(PartsBody::new(looks().into_iter().map(|look| PartNode {
            part: "1".into(),
            lines: "3-9".into(),
            open: open_part(look),
            depth: 99,
            media_type: evil(),
            charset: evil(),
            encoding: evil(),
            disposition: evil(),
            name: evil(),
            content_id: evil(),
            ..PartNode::default()
        }))),
        Tab::Source => Body::Source(SourceBody::new(
            format!("{EVIL}: {EVIL}\r\n\r\n--{EVIL}").as_bytes(),
            &[Region { range: 0..20, what: What::Header }],
            &[1, 2],
            Some(2..=3),
        )),
        Tab::Envelope => Body::Envelope(EnvelopeBody::new([Fact { label: evil(), value: evil(), note: evil() }], EVIL)),
        Tab::Findings => Body::Findings,
    }
}

fn header_row() -> HeaderRow {
    let value = format!("a@b.test {EVIL}");
    HeaderRow { name: evil(), raw: evil(), spans: header::spans("To", &value), decoded: value }
}

fn open_part(look: Look) -> Option<Box<OpenPart>> {
    let fact = Fact { label: evil(), value: evil(), note: evil() };
    let (text, encoded) = (Some(SourceBody::plain(EVIL)), Some(SourceBody::plain(EVIL)));
    let open = OpenPart { look, facts: vec![fact], text, encoded, ..OpenPart::default() };
    Some(Box::new(open.with_fields([header_row()])))
}

fn looks() -> Vec<Look> {
    let event = match body(Tab::Event) {
        Body::Event(event) => event,
        _ => EventBody::default(),
    };
    let inner = NestedLink { part: "2".into(), subject: evil(), from: evil() };
    let plain = [Look::Nothing, Look::Image, Look::Pdf, Look::Body("html")];
    plain.into_iter().chain([Look::TooLarge(evil()), Look::Event(event), Look::Message(inner)]).collect()
}

fn message(tab: Tab) -> Pane {
    let people = || vec![Person { name: evil(), address: evil() }, Person { name: String::new(), address: evil() }];
    Pane::Message(Box::new(Message {
        id: "1AbCdEfGhIjKlMnOpQrS00".into(),
        newer: Some("1AbCdEfGhIjKlMnOpQrS01".into()),
        older: None,
        kept: true,
        unread: true,
        subject: evil(),
        subject_hits: vec![3..30, 31..32],
        subject_cut: true,
        from: people(),
        to: people(),
        cc: people(),
        bcc: people(),
        reply_to: people(),
        date: Some(evil()),
        received: Stamp::default(),
        size: 12,
        envelope_from: evil(),
        envelope_to: vec![evil()],
        envelope_differs: true,
        mailbox: Some(evil()),
        tls: Some(evil()),
        login: Some(evil()),
        tags: vec![evil()],
        attachments: vec![
            AttachmentView {
                part: "2".into(),
                name: format!("a.{EVIL}"),
                media_type: evil(),
                size: 1,
                preview: true,
                opens: Opens::Here,
            },
            AttachmentView { opens: Opens::Message, ..AttachmentView::default() },
            AttachmentView::default(),
        ],
        attachments_left_out: 7,
        findings: vec![
            finding(),
            FindingView { place: Some(PlaceView::Said(2)), ..finding() },
            FindingView { place: Some(PlaceView::Line { line: 2, bytes: evil() }), ..finding() },
        ],
        seals: vec!["Signed with S/MIME; the signature is not checked."],
        thread: Some(ThreadLine { count: 2, astray: vec![evil()] }),
        nested: vec![NestedLink { part: "2".into(), subject: evil(), from: evil() }],
        remote: 2,
        trackers: 1,
        found: FoundView {
            unsubscribe: unsubscribe(),
            ..FoundView::new(
                [CodeView { value: evil(), context: evil() }],
                Some(LinkView::new(EVIL, EVIL, EVIL)),
                [LinkView::new(&format!("https://a.test/{EVIL}"), EVIL, "verify")],
            )
        },
        inside: None,
        has: Tab::OPTIONAL.to_vec(),
        tab_asked: Some(tab),
        body: body(tab),
    }))
}

fn unsubscribe() -> Option<UnsubscribeView> {
    let addresses =
        ["mailto:", "https://a.test/", "javascript:"].map(|head| LinkView::new(&format!("{head}{EVIL}"), "", ""));
    Some(UnsubscribeView { addresses: addresses.into(), one_click: true })
}

fn finding() -> FindingView {
    FindingView {
        severity: "refused",
        id: "no-date".into(),
        sentence: evil(),
        detail: evil(),
        rfc: evil(),
        place: None,
    }
}

fn sessions() -> SessionsPage {
    SessionsPage {
        shell: shell(),
        show: Show::Trouble,
        counts: [3, 2, 1],
        totals: Totals { ended: 9, under_way: 2 },
        sessions: vec![session(), SessionView::default()],
        older: Some(7),
        below_top: true,
        alone: false,
    }
}

fn session() -> SessionView {
    SessionView {
        number: 7,
        door: evil(),
        port: Some(2525),
        peer: Some(evil()),
        helo: Some(evil()),
        tls: Some(evil()),
        login: Some(evil()),
        file: Some(evil()),
        messages: 2,
        brought: vec![Brought { id: "1AbCdEfGhIjKlMnOpQrS00".into(), subject: evil() }, Brought::default()],
        outcome: "broken",
        sentence: evil(),
        findings: vec![finding(), FindingView { place: Some(PlaceView::Said(2)), ..finding() }],
        dialogue: dialogue_lines(&format!("C: {EVIL}\nS: {EVIL}\n# {EVIL}\n")),
        cut: 3,
        ..SessionView::default()
    }
}

fn list(pane: Pane) -> ListPage {
    ListPage {
        shell: shell(),
        rows: vec![
            message_entry(row()),
            message_entry(Row::default()),
            Entry::Session(session().into()),
            Entry::Session(SessionView::default().into()),
        ],
        older: Some("7".into()),
        below_top: true,
        found: Some(2),
        search_error: Some(evil()),
        undo: Some(super::Undo { batch: evil(), count: 2 }),
        conversation: None,
        pane,
    }
}

/// Every page and fragment, with something hostile in every field.
fn pages() -> Vec<(&'static str, String)> {
    let mut pages: Vec<(&str, String)> =
        Tab::ALL.iter().map(|tab| (tab.name(), list(message(*tab)).render().unwrap())).collect();
    pages.push(("idle", list(Pane::Idle(setup())).render().unwrap()));
    let new = Shell { stats: Stats::default(), ..shell() };
    pages.push(("new", ListPage { shell: new, rows: vec![], ..list(Pane::Idle(setup())) }.render().unwrap()));
    let conversation = Some(Conversation { count: 9, ids: vec![evil()] });
    pages.push(("conversation", ListPage { conversation, ..list(message(Tab::Text)) }.render().unwrap()));
    let conversation = Some(Conversation::default());
    pages.push(("no conversation", ListPage { conversation, rows: vec![], ..list(Pane::Gone) }.render().unwrap()));
    pages.push(("gone", list(Pane::Gone).render().unwrap()));
    pages.push(("pane", PaneFragment { shell: shell(), pane: message(Tab::Html) }.render().unwrap()));
    pages.push((
        "rows",
        RowsFragment { shell: shell(), rows: vec![message_entry(row())], older: None, found: Some(1) }
            .render()
            .unwrap(),
    ));
    pages.push(("setup", SetupPage { shell: shell(), setup: setup() }.render().unwrap()));
    pages.push(("sessions", sessions().render().unwrap()));
    pages.push(("session", SessionsPage { alone: true, ..sessions() }.render().unwrap()));
    pages.push(("no sessions", SessionsPage { sessions: vec![], show: Show::All, ..sessions() }.render().unwrap()));
    let error =
        ErrorPage { shell: shell(), status: 421, title: evil(), detail: evil(), remedy: evil(), source: evil() };
    pages.push(("error", error.render().unwrap()));
    pages
}

/// The tags of a page, each from `<` to `>`. Nothing hostile can be in one but inside its quoted attributes.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag))
}

#[test]
fn hostile_words_stay_words() {
    for (name, page) in pages() {
        assert!(!page.contains("<script>"), "{name}");
        assert!(!page.contains("<img src=x"), "{name}");
        assert!(!page.contains("</li></a>\""), "{name}");
        for tag in tags(&page) {
            // A quote or bracket of the sender's would leave an odd number of them.
            assert_eq!(tag.matches('"').count() % 2, 0, "{name}: <{tag}>");
        }
    }
}

#[test]
fn the_policy_has_nothing_to_forbid() {
    for (name, page) in pages() {
        for tag in tags(&page) {
            // Attributes stand outside of quotes: every second piece is a value.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(!names.contains("style=") && !names.contains(" on"), "{name}: <{tag}>");
            assert!(!tag.starts_with("script") || names.contains("src="), "{name}: <{tag}>");
        }
    }
}

#[test]
fn every_address_is_relative_to_the_mount_or_its_root() {
    for (name, page) in pages() {
        for tag in tags(&page).filter(|tag| !tag.starts_with("use") && !tag.starts_with("textPath")) {
            for attribute in [" href=\"", " src=\"", " action=\"", " formaction=\"", " data-copy-url=\""] {
                let Some((_, value)) = tag.split_once(attribute) else { continue };
                let (value, _) = value.split_once('"').unwrap();
                let is_ours = value.starts_with("/prefix/") || value.starts_with('#');
                let is_link_of_the_text = tag.starts_with("a ") && value.starts_with("https://a.test/");
                assert!(is_ours || is_link_of_the_text, "{name}: <{tag}>");
            }
        }
    }
}

#[test]
fn the_page_contains_the_fragment_that_the_stream_sends() {
    let page = ListPage { rows: vec![message_entry(row()), Entry::Session(session().into())], ..list(Pane::Gone) };
    let sent = super::live::session(BASE, &session());
    let sent: String = sent.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert!(page.render().unwrap().replace('\n', "").contains(&sent), "{sent}");
    let tail = page.shell.query_string();
    let fragment = RowFragment { row: &row(), base: BASE, tail: &tail, open: "" }.render().unwrap();
    assert!(page.render().unwrap().contains(&fragment));
    // What is sent is the same but for the link, which the script makes.
    let sent = super::row_fragment(&row());
    assert_eq!(
        sent,
        fragment.replace(
            &format!("{BASE}message/{}{}", row().id, tail.replace('&', "&#38;")),
            &format!("message/{}", row().id)
        )
    );
}

#[test]
fn frames_for_mail_may_run_nothing_and_are_nobody() {
    let page = list(message(Tab::Html)).render().unwrap();
    let frame = tags(&page).find(|tag| tag.starts_with("iframe")).unwrap();
    assert!(frame.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    assert!(frame.contains("referrerpolicy=\"no-referrer\""));
}

#[test]
fn remote_content_is_not_loaded_unless_asked_for() {
    let page = list(message(Tab::Html)).render().unwrap();
    assert!(page.contains(&format!("src=\"{BASE}message/1AbCdEfGhIjKlMnOpQrS00/html\"")));
    assert!(!page.contains("html?remote=1\""));
}
