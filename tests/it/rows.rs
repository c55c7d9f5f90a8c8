//! What else the list shows: conversations, and connections that brought no message.

use std::time::Duration;

use crate::live::Stream;
use crate::support::{Server, request};

fn mail(id: &str, subject: &str, fields: &str) -> Vec<u8> {
    format!("Message-ID: <{id}@app.test>\r\nSubject: {subject}\r\n{fields}\r\nX-Mailer: app\r\n\r\nGood day.\r\n")
        .into_bytes()
}

/// The rows of a page in their order: ids of messages, numbers of connections.
fn rows(page: &str) -> Vec<&str> {
    let list = page.split_once("<ol id=\"rows\">").unwrap().1.split_once("</ol>").unwrap().0;
    let row = |row| ["data-id=\"", "data-session=\""].into_iter().find_map(|name| attribute(row, name));
    list.split("<li class=\"row").skip(1).filter_map(row).collect()
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split_once(name).map(|(_, rest)| rest.split_once('"').unwrap().0)
}

/// A connection that ends without a message.
fn silent(server: &Server) {
    let mut smtp = server.smtp_greeted();
    smtp.say("QUIT", "221");
}

/// Waits until so many connections have ended.
fn ended(server: &Server, count: u64) {
    for _ in 0..1_000 {
        if server.json("/api/v1/sessions?limit=1")["Ended"] == count {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{count} connections have not ended");
}

#[test]
fn a_conversation_is_a_list_and_says_why_a_reply_hangs_to_nothing() {
    let server = Server::start();
    let order = server.send(&mail("a", "Order", "X: y"));
    let other = server.send(&mail("z", "Parcel", "X: y"));
    let later = server.send(&mail("c", "Re: Order", "References: <a@app.test> <b@app.test>"));
    let reply = server.send(&mail("b", "Re: Order", "In-Reply-To: <a@app.test>"));
    let lost = server.send(&mail("l", "Re: Parcel", "In-Reply-To: <Z@app.test>"));

    let page = server.get(&format!("/?thread={later}&q=subject:order")).text();
    assert!(page.contains("Conversation of 3 messages<"), "{page}");
    assert_eq!(rows(&page), [&order, &reply, &later]);
    let class = |id: &str| {
        page.split(&format!("\" data-id=\"{id}\"")).next().unwrap().rsplit_once("<li class=\"").unwrap().1.to_owned()
    };
    assert_eq!(
        [&order, &reply, &later].map(|id| class(id)),
        ["row unread", "row depth-1 unread", "row depth-2 unread"]
    );
    // The way back is to the list that it was; each row leads on within the conversation.
    assert!(page.contains("href=\"/?q=subject%3Aorder\" aria-label=\"Back to the list\""), "{page}");
    let open = format!("/message/{reply}?q=subject%3Aorder&thread={later}");
    assert!(page.contains(&open.replace('&', "&#38;")), "{page}");
    assert_eq!(rows(&server.get(&open).text()), [&order, &reply, &later]);

    // What the message says of it.
    let line = |id: &str| {
        let page = server.get(&format!("/message/{id}")).text();
        page.split_once("<p class=\"thread-line\"").map(|(_, rest)| rest.split_once("</p>").unwrap().0.to_owned())
    };
    assert!(
        line(&order).unwrap().contains(&format!("href=\"/?thread={order}\">Conversation (3)</a>")),
        "{:?}",
        line(&order)
    );
    assert_eq!(line(&other), None);
    let said = line(&lost).unwrap();
    let sentence = "Its In-Reply-To names &#60;Z@app.test&#62;, but the Message-ID here is &#60;z@app.test&#62;: they differ in case";
    assert!(said.contains(sentence), "{said}");
    let alone = server.get(&format!("/?thread={lost}")).text();
    assert!(alone.contains("Conversation of 1 message<"), "{alone}");
    assert!(alone.split_once("class=\"row-why\"").unwrap().1.contains(sentence), "{alone}");

    // One that is not here, or not in this mailbox.
    for path in ["/?thread=nothing".to_owned(), format!("/mailbox/ann/?thread={order}")] {
        let page = server.get(&path);
        assert_eq!((page.status, rows(&page.text()).len()), (200, 0), "{path}");
        assert!(page.text().contains("no longer here"), "{path}");
    }
}

#[test]
fn an_open_conversation_is_fetched_anew_when_it_grows_and_not_for_others() {
    let server = Server::start();
    let order = server.send(&mail("a", "Order", "X: y"));
    let mut stream = Stream::open(&server, &format!("/live?thread={order}"), None);
    stream.next("stats");
    server.send(&mail("z", "Parcel", "X: y"));
    server.send(&mail("b", "Re: Order", "References: <a@app.test>"));
    server.send(&mail("c", "Re: Order", "References: <b@app.test>"));
    let mut resets = 0;
    while resets < 2 {
        let frame = stream.any();
        assert_ne!(frame.event, "row");
        resets += usize::from(frame.event == "reset");
    }
    // Two messages belong to it, and the other is no reason.
    server.send(&mail("d", "Re: Order", "References: <c@app.test>"));
    assert!(stream.next("reset").id.ends_with("-5"));
}

/// What an open conversation hears of mail that another window deletes and brings back: a row for each would put letters
/// into it that have nothing to do with it.
#[test]
fn what_comes_back_is_in_an_open_conversation_only_if_it_belongs_to_it() {
    let server = Server::start();
    let order = server.send(&mail("a", "Order", "X: y"));
    let reply = server.send(&mail("b", "Re: Order", "References: <a@app.test>"));
    let other = server.send(&mail("z", "Parcel", "X: y"));
    let mut stream = Stream::open(&server, &format!("/live?thread={order}"), None);
    stream.next("stats");
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("X-Fragment", "act")];
    let act = |path: &str, body: &str| request("POST", &server.http(path), &form, Some(body)).json();
    for id in [&other, &reply] {
        let batch = act("/delete", &format!("id={id}"))["batch"].as_str().unwrap().to_owned();
        assert_eq!(act("/restore", &format!("batch={batch}"))["count"], 1);
    }
    // Four messages and acts before it: the reset is for the reply.
    let mut heard = Vec::new();
    while !heard.iter().any(|event| event == "reset") {
        heard.push(stream.any().event);
    }
    assert!(!heard.contains(&"row".to_owned()), "{heard:?}");
    assert_eq!(heard.iter().filter(|event| *event == "gone").count(), 2, "{heard:?}");
}

#[test]
fn a_conversation_is_found_among_thousands() {
    let server = Server::start();
    let mut smtp = server.smtp_greeted();
    let mut first = String::new();
    for n in 0..3_000 {
        let fields = if n % 100 == 0 && n > 0 { format!("References: <{}@app.test>", n - 100) } else { "X: y".into() };
        let id = smtp.send("a@b.test", &["c@d.test"], &mail(&n.to_string(), "s", &fields));
        if n == 0 {
            first = id;
        }
    }
    let page = server.get(&format!("/?thread={first}")).text();
    assert!(page.contains("Conversation of 30 messages"));
}

#[test]
fn connections_without_a_message_are_rows_where_they_are_asked_for() {
    let server = Server::start();
    silent(&server);
    ended(&server, 1);
    let one = server.send(&mail("a", "One", "X: y"));
    ended(&server, 2);
    silent(&server);
    ended(&server, 3);
    let two = server.send(&mail("b", "Two", "X: y"));
    ended(&server, 4);
    // One that begins, brings nothing and logged in elsewhere.
    let mut smtp = server.smtp_greeted();
    smtp.say("AUTH PLAIN AGFubgB4", "235");
    smtp.say("QUIT", "221");
    ended(&server, 5);

    let shown = |path: &str| server.get(path).text();
    assert_eq!(rows(&shown("/")), [&two, &one]);
    let page = shown("/?sessions=1");
    // Connections 2 and 4 brought mail.
    assert_eq!(rows(&page), ["5", &two, "3", &one, "1"]);
    assert!(page.contains("<b>No message</b>: ") && page.contains("href=\"/sessions?number=3\""), "{page}");
    assert!(page.contains("data-sessions href=\"/\" aria-current=\"true\""), "{page}");
    assert!(shown("/").contains("data-sessions href=\"/?sessions=1\""));
    assert_eq!(rows(&shown("/mailbox/ann/?sessions=1")), ["5"]);
    assert_eq!(rows(&shown("/mailbox/default/?sessions=1")), [&two, "3", &one, "1"]);
    let searched = shown("/?sessions=1&q=subject:one");
    assert_eq!(rows(&searched), [&one]);
    assert!(searched.contains("are no rows while you search"));
    // A message that is open keeps them in the list beside it.
    assert_eq!(rows(&shown(&format!("/message/{one}?sessions=1"))), ["5", &two, "3", &one, "1"]);
}

#[test]
fn each_page_has_the_connections_of_its_time() {
    let server = Server::start();
    let mut smtp = server.smtp_greeted();
    let mut number = 0;
    for n in 0..150 {
        smtp.send("a@b.test", &["c@d.test"], &mail(&n.to_string(), "s", "X: y"));
        if n % 50 == 10 {
            silent(&server);
            number += 1;
            ended(&server, number);
        }
    }
    let newest = server.get("/?sessions=1").text();
    let connections =
        |page: &str| -> Vec<String> { rows(page).into_iter().filter(|row| row.len() < 5).map(str::to_owned).collect() };
    assert_eq!(connections(&newest), ["3", "2"]);
    let older = newest.split_once("id=\"older\"").and_then(|(_, rest)| attribute(rest, "href=\"")).unwrap();
    assert!(older.contains("sessions=1"), "{older}");
    let older = server.get(&older.replace("&amp;", "&")).text();
    assert_eq!(connections(&older), ["1"]);
    assert_eq!(rows(&older).len(), 51);
}

#[test]
fn a_connection_without_a_message_appears_at_once() {
    let server = Server::start();
    let mut plain = Stream::open(&server, "/live", None);
    let mut asked = Stream::open(&server, "/live?sessions=1", None);
    let mut ann = Stream::open(&server, "/mailbox/ann/live?sessions=1", None);
    for stream in [&mut plain, &mut asked, &mut ann] {
        stream.next("stats");
    }
    silent(&server);
    let frame = asked.next("session");
    assert!(
        frame.id.is_empty() && frame.data.contains("data-session=\"1\"") && frame.data.contains("No message"),
        "{}",
        frame.data
    );
    let page = server.get("/?sessions=1").text();
    assert!(page.replace('\n', "").contains(&frame.data.replace('\n', "")), "the page draws the same row");
    // A message that comes is a row, and its connection is none.
    let id = server.send(&mail("a", "One", "X: y"));
    assert!(asked.next("row").data.contains(&id));
    // Nobody else is told of it.
    assert_eq!(plain.any().event, "row");
    let mut smtp = server.smtp_greeted();
    smtp.say("AUTH PLAIN AGFubgB4", "235");
    smtp.say("QUIT", "221");
    assert!(ann.next("session").data.contains("href=\"/mailbox/ann/sessions?number=3\""));
    assert!(asked.next("session").data.contains("data-session=\"3\""));
    // Who comes back is told to look again: what was missed has no place in the sequence.
    let id = Stream::open(&server, "/live?sessions=1", None).next("stats").id;
    assert_eq!(Stream::open(&server, "/live?sessions=1", Some(&id)).any().event, "reset");
    assert_eq!(Stream::open(&server, "/live", Some(&id)).any().event, "stats");
}
