//! What a search shows of what it found.

use crate::support::Server;

fn mail(subject: &str, body: &str) -> Vec<u8> {
    format!("From: Ann Needle <ann@shop.test>\r\nTo: bob@app.test\r\nSubject: {subject}\r\n\r\n{body}\r\n").into_bytes()
}

#[test]
fn what_was_found_is_marked_in_the_list_and_in_the_message() {
    let server = Server::start();
    let id = server.send(&mail("A <Needle> & more", "hay http://needle.test/ hay"));
    let list = server.get("/?q=needle").text();
    for html in [
        "Ann <mark>Needle</mark></span>",
        "A &#60;<mark>Needle</mark>&#62; &#38; more</span>",
        "hay http://<mark>needle</mark>.test/ hay",
    ] {
        assert!(list.contains(html), "{html}\n{list}");
    }
    let message = server.get(&format!("/message/{id}?q=needle&tab=text")).text();
    for html in [
        "A &#60;<mark>Needle</mark>&#62; &#38; more</h1>",
        "hay <a href=\"http://needle.test/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">http://<mark>needle</mark>.test/</a> hay",
    ] {
        assert!(message.contains(html), "{html}\n{message}");
    }
    for path in ["/", "/?q=is:unread", "/?q=-haystack", &format!("/message/{id}?tab=text"), "/?q=(needle"] {
        assert!(!server.get(path).text().contains("<mark>"), "{path}");
    }
    assert!(server.get("/?q=to:bob@").text().contains("<bdi class=\"cut\"><mark>bob@</mark>app.test</bdi>"));
}

#[test]
fn what_is_found_far_down_in_the_text_is_shown_in_its_row() {
    let server = Server::start();
    server.send(&mail("Hay", &format!("{}\r\nThe needle\r\nis here.", "hay ".repeat(200))));
    assert!(server.get("/?q=needle+here").text().contains("hay The <mark>needle</mark> is <mark>here</mark>.</span>"));
    assert!(!server.get("/").text().contains("is here."));
    // A large message is not read anew.
    server.send(&mail("Barn", &format!("{}\r\nThe pin is there.", "hay ".repeat(20_000))));
    let list = server.get("/?q=pin").text();
    assert!(list.contains("Barn") && !list.contains("<mark>pin"));
}

#[test]
fn what_may_be_typed_next_is_offered_from_what_is_there() {
    let server = Server::start();
    server.send(b"From: a@app.test\r\nX-Tags: Big <Day>, beta\r\nSubject: one\r\n\r\nx\r\n");
    let offered = |query: &str| server.get(&format!("/complete?{query}")).text();
    let option = |number: usize, text: &str, at: usize, shown: &str| {
        format!(
            "<li role=\"option\" id=\"complete-{number}\" data-text=\"{text}\" data-at=\"{at}\"><b dir=\"auto\">{shown}</b>"
        )
    };
    // A letter of two units, as the browser counts.
    let list = offered("q=%F0%9F%93%AE+ta+x&at=5");
    assert!(list.contains(&option(0, "📮 tag: x", 7, "tag:")), "{list}");
    assert!(list.contains("<span class=\"quiet\">the tag of this name"), "{list}");
    let list = offered("q=tag:%22b");
    assert!(list.contains(&option(0, "tag:beta ", 9, "tag:beta")), "{list}");
    let big = "tag:&#34;Big &#60;Day&#62;&#34;";
    assert!(list.contains(&option(1, &format!("{big} "), 16, big)), "{list}");
    assert!(offered("q=from:").contains(&option(0, "from:a@app.test ", 16, "from:a@app.test")));
    let wrong = "<li class=\"wrong\" role=\"none\">&#34;(a&#34; cannot be read (its bracket is never closed";
    assert!(offered("q=(a&at=0").contains(wrong), "{}", offered("q=(a&at=0"));
    assert_eq!((server.get("/complete?q=zzz&at=3").status, offered("q=zzz&at=3").trim()), (200, ""));
    // Another mailbox's are not offered.
    assert!(!server.get("/mailbox/other/complete?q=tag:").text().contains("beta"));
    for query in ["", "q", "at=x", "at=-1", "q=a&at=99999999999999999999999", "q=%FF%00&at=1", "q=%22&at=1"] {
        assert_eq!(server.get(&format!("/complete?{query}")).status, 200, "{query}");
    }
}
