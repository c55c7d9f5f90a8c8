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
