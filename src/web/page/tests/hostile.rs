//! Every page and fragment, with something hostile in every field.

use super::super::body::{
    EnvelopeBody, EventBody, EventView, HeadersBody, HtmlBody, PartsBody, RecipientRow, ReportBody, dialogue_lines,
};
use super::super::complete::{CompleteFragment, CompleteOption};
use super::super::found::{CodeView, FoundView, LinkView, UnsubscribeView};
use super::super::header;
use super::super::list::{Conversation, Entry, PaneFragment, RowsFragment};
use super::super::marked::RowHits;
use super::super::message::{Body, Message, Tab, ThreadLine};
use super::super::part::{Look, OpenPart};
use super::super::preview::Preview;
use super::super::sessions::{Brought, SessionView, Show, Totals};
use super::super::setup::{Door, Setup};
use super::super::shell::{MailboxLink, Mount, Shell, Stats};
use super::super::side::{CountedFragment, TagLink};
use super::super::source::{Region, SourceBody, What};
use super::super::text::TextBody;
use super::super::tracking::TrackingView;
use super::super::view::{
    AttachmentView, Fact, FindingView, HeaderRow, NestedLink, Opens, PartNode, Person, PlaceView, RemoteItem, Row,
    Stamp,
};
use super::super::{ErrorPage, ListPage, Pane, SessionsPage, SetupPage, Undo};
use askama::Template;

/// Breaks out of text, of either kind of quotes, and of a script, if anything lets it.
pub(super) const EVIL: &str =
    "</li></a>\"'><script>alert(1)</script><img src=x onerror=alert(1) style=\"x\">{{ 7 }}\u{202e}\0";
pub(super) const BASE: &str = "/prefix/mailbox/a%2Fb/";

pub(super) fn evil() -> String {
    EVIL.to_owned()
}

pub(super) fn shell() -> Shell {
    Shell {
        mount: Mount { base: BASE.into(), root: "/prefix/".into(), mailbox: Some(evil()) },
        assets: super::super::shell::Assets {
            at: "/prefix/static/1/".into(),
            style: "/prefix/static/1/all.css".into(),
            scripts: vec!["/prefix/static/1/list.js".into()],
        },
        stats: Stats { total: 3, unread: 1, bytes: 9, budget: 99, evicted: 2, broken: 2, kept: 1, kept_bytes: 4 },
        at: "1-1".into(),
        tags: vec![TagLink::new("<i>", 2)],
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

pub(super) fn row() -> Row {
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

pub(super) fn message_entry(row: Row) -> Entry {
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

pub(super) fn message(tab: Tab) -> Pane {
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

pub(super) fn session() -> SessionView {
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

pub(super) fn list(pane: Pane) -> ListPage {
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
        undo: Some(Undo { batch: evil(), count: 2 }),
        conversation: None,
        pane,
    }
}

/// Each with its name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
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
    pages.push(("side", CountedFragment { shell: shell() }.render().unwrap()));
    let option = CompleteOption { text: evil(), at: 3, shown: evil(), meaning: evil() };
    pages.push(("complete", CompleteFragment { options: vec![option], wrong: Some(evil()) }.render().unwrap()));
    pages
}
