//! Pages of mails that are too large for a page: each shows the beginning and says where the rest is.

use crate::support::Server;

/// What a browser opens without thinking.
const PAGE_BYTES_MAX: usize = 3 << 19;

const TABS: [&str; 12] = [
    "html",
    "text",
    "event",
    "report",
    "amp",
    "headers",
    "parts",
    "parts&part=0",
    "source",
    "source&line=90000",
    "envelope",
    "findings",
];

/// Tabs that not every message has something for.
const OF_TYPE: [(&str, &str); 3] = [("event", "text/calendar"), ("report", "delivery-status"), ("amp", "x-amp-html")];

/// Sends a mail, opens every tab of it and the list, and gives the pages.
fn pages(server: &Server, name: &str, raw: &str) -> Vec<(String, String)> {
    let id = server.send(raw.as_bytes());
    // Without anything for it, a tab shows another, which is opened anyway.
    let there = |tab: &&&str| OF_TYPE.iter().all(|(of, media_type)| of != *tab || raw.contains(media_type));
    let tabs = TABS.iter().filter(there).map(|tab| (format!("{name}, {tab}"), format!("/message/{id}?tab={tab}")));
    let paths = tabs.chain([(format!("{name}, list"), "/".to_owned())]);
    let pages: Vec<_> = paths.map(|(name, path)| (name, server.get(&path).text())).collect();
    for (name, page) in &pages {
        assert!(page.ends_with("</html>") || page.ends_with("</html>\n"), "{name}");
        assert!(page.len() <= PAGE_BYTES_MAX, "{name}: {} bytes", page.len());
    }
    pages
}

#[test]
fn no_page_is_larger_than_a_browser_likes() {
    let server = Server::start();
    let mega = 1 << 20;
    let value = "\"<x> ".repeat(mega / 5);
    let attendee = "ATTENDEE;CN=\"<&&&&&&&>\";PARTSTAT=<&>:mailto:<&>@app.test\n".repeat(400);
    let event = format!("BEGIN:VEVENT\nSUMMARY:<\"&\n{attendee}DESCRIPTION:{}\nEND:VEVENT\n", "<&>".repeat(1_000));
    let said = format!("X-Said: {}\n", "<\"&".repeat(600)).repeat(90);
    let recipient = format!("Final-Recipient: rfc822; <&>\nAction: failed\n{said}\n");
    let fields = ["Subject", "From", "To", "Date", "Content-Type: text/plain; charset"];
    let one: String = fields.iter().map(|field| format!("{field}: {value}\n")).collect();
    for (name, raw) in [
        ("a megabyte in a field", format!("{one}\nx\n")),
        ("a hundred thousand fields", format!("{}\nx\n", "X-A: b\n".repeat(100_000))),
        ("recipients", format!("To: {}\nCc: {0}\n\nx\n", "<\"a\"@b.test>, ".repeat(10_000))),
        (
            "parts",
            format!(
                "Content-Type: multipart/mixed; boundary=b\n\n{}",
                "--b\nContent-Type: image/png; name=\"<a>.png\"\nContent-Disposition: attachment\n\nx\n".repeat(9_999)
            ),
        ),
        (
            "an invitation",
            format!(
                "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:{}\n{}",
                "<&".repeat(mega / 2),
                event.repeat(40)
            ),
        ),
        (
            "a long duration",
            format!("Content-Type: text/calendar\n\nBEGIN:VEVENT\nDURATION:{}\n", "<&".repeat(400_000)),
        ),
        ("a report", format!("Content-Type: message/delivery-status\n\nA: b\n\n{}", recipient.repeat(50))),
        ("a report of one field", format!("Content-Type: message/delivery-status\n\n{}: x\n", "A".repeat(2 * mega))),
        ("an AMP part", format!("Content-Type: text/x-amp-html\n\n{}", "<\"&\n".repeat(mega))),
        ("links", format!("Subject: x\n\n{}", "http://a ".repeat(mega / 9))),
        ("quotes", format!("Subject: x\n\n{}", "<\"&\n".repeat(mega))),
        ("line ends", format!("Subject: x\n\n{}", "\n".repeat(2 * mega))),
        (
            "remote content",
            format!(
                "Content-Type: text/html\n\n{}",
                (0..9_000).map(|n| format!("<img src=\"http://x/{n}/{}\">\n", "y".repeat(900))).collect::<String>()
            ),
        ),
    ] {
        pages(&server, name, &raw);
    }
}

#[test]
fn what_a_page_leaves_out_it_tells() {
    let server = Server::start();
    let raw = format!(
        "Subject: {}\nContent-Type: multipart/mixed; boundary=b\n{}\n{}",
        "s".repeat(100_000),
        "X-A: b\n".repeat(50_000),
        "--b\nContent-Disposition: attachment\n\nx\n".repeat(5_000)
    );
    let pages = pages(&server, "a bit of each", &raw);
    let of = |tab: &str| &pages.iter().find(|(name, _)| name.ends_with(tab)).unwrap().1;
    assert!(of("headers").contains("50002 fields, in the order of the wire"));
    assert!(of("headers").contains(" more fields are left out."));
    assert!(of("parts").contains(" more parts are left out."));
    assert!(of("source").contains("Only the beginning is shown."));
    assert!(of("parts").contains(" more attachments are left out."));
    assert!(of("parts").contains("The source has the rest"));
}

#[test]
fn an_invitation_and_a_report_that_are_cut_say_so() {
    let server = Server::start();
    let event = "BEGIN:VEVENT\nSUMMARY:One\nATTENDEE:mailto:a@app.test\nEND:VEVENT\n";
    let recipient = "Final-Recipient: rfc822; a@app.test\nAction: failed\n\n";
    for (tab, head, piece) in [
        ("event", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n", event),
        ("report", "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n", recipient),
    ] {
        for (count, cut) in [(2, false), (2_000, true)] {
            let pages = pages(&server, tab, &format!("{head}{}", piece.repeat(count)));
            let page = &pages.iter().find(|(name, _)| name.ends_with(&format!(", {tab}"))).unwrap().1;
            assert!(page.contains("a@app.test"), "{tab}");
            assert_eq!(page.contains("Only the beginning is shown."), cut, "{tab} {count}");
        }
    }
}
