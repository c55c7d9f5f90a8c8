//! What the page does to messages: as a form does it, as the script does it, and what everybody else hears of it.

use serde_json::{Value, json};

use crate::live::Stream;
use crate::mailpit_socket::Socket;
use crate::support::{Answer, Server, request};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn letter(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\n\r\nx\r\n").into_bytes()
}

/// As a form without the script.
fn form(server: &Server, path: &str, body: &str) -> Answer {
    request("POST", &server.http(path), &[FORM], Some(body))
}

/// As the script does it.
fn act(server: &Server, path: &str, body: &str) -> Answer {
    request("POST", &server.http(path), &[FORM, ("X-Fragment", "act")], Some(body))
}

/// What came of it.
fn done(server: &Server, path: &str, body: &str) -> Value {
    let answer = act(server, path, body);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    answer.json()
}

fn subjects(server: &Server, path: &str) -> Vec<String> {
    let list = server.json(path);
    list["messages"].as_array().unwrap().iter().map(|one| one["Subject"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_a_form_deletes_is_gone_for_everybody_and_can_be_brought_back() {
    let server = Server::start();
    let (one, two) = (server.send(&letter("one")), server.send(&letter("two")));
    request("PUT", &server.http("/api/v1/tags"), &[], Some(&format!("{{\"IDs\":[\"{one}\"],\"Tags\":[\"beta\"]}}")));
    server.send(&letter("three"));
    let deleted = form(&server, "/delete", &format!("id={one}&id={two}&q=subject%3Ao"));
    assert_eq!(deleted.status, 303);
    let address = deleted.header("location").to_owned();
    assert!(address.starts_with("/?q=subject%3Ao&undo="), "{address}");
    assert_eq!(subjects(&server, "/api/v1/messages"), ["three"]);
    assert_eq!(subjects(&server, "/api/v1/search?query=subject:one"), Vec::<String>::new());
    for path in [format!("/api/v1/message/{one}"), format!("/message/{one}"), format!("/api/v1/message/{one}/raw")] {
        assert_eq!(server.get(&path).status, 404, "{path}");
    }
    assert_eq!(server.get("/api/v1/wait?subject=one&timeout=0").status, 404);
    let info = server.json("/api/v1/info");
    assert_eq!((&info["Messages"], &info["Tags"], &info["Hidden"]["Messages"]), (&json!(1), &json!({}), &json!(2)));
    assert!(info["Hidden"]["Bytes"].as_u64().unwrap() > 100);
    assert_eq!(info["RuntimeStats"]["MessagesDeleted"], 0, "not yet");

    let page = server.get(&address).text();
    let batch = address.rsplit_once('=').unwrap().1;
    assert!(page.contains("2 deleted") && page.contains(&format!("name=\"batch\" value=\"{batch}\"")), "{page}");
    assert!(!server.get("/?undo=nonsense").text().contains("class=\"undo\""));
    assert_eq!(form(&server, "/mailbox/other/restore", &format!("batch={batch}")).status, 303);
    assert_eq!(subjects(&server, "/api/v1/messages"), ["three"], "not from there");
    let back = form(&server, "/restore", &format!("batch={batch}&q=subject%3Ao"));
    assert_eq!((back.status, back.header("location")), (303, "/?q=subject%3Ao"));
    assert_eq!(subjects(&server, "/api/v1/messages"), ["three", "two", "one"]);
    assert_eq!(server.json("/api/v1/info")["Tags"], json!({ "beta": 1 }));
    assert!(!server.get(&address).text().contains("class=\"undo\""), "there is nothing to undo any more");
}

#[test]
fn the_script_is_told_what_came_of_its_acts() {
    let server = Server::start();
    let (one, two) = (server.send(&letter("one")), server.send(&letter("two")));
    assert_eq!(done(&server, "/keep", &format!("id={one}&keep=1")), json!({ "count": 1 }));
    assert_eq!(done(&server, "/mark", &format!("id={one}&id={two}&read=1")), json!({ "count": 2 }));
    let deleted = done(&server, "/delete", "all=1");
    assert_eq!((&deleted["count"], &deleted["spared"]), (&json!(1), &json!(1)));
    let undo = format!("batch={}", deleted["batch"].as_str().unwrap());
    assert_eq!(done(&server, "/restore", &undo), json!({ "count": 1 }));
    assert_eq!(done(&server, "/restore", &undo), json!({ "count": 0 }), "too late");
    assert_eq!(done(&server, "/restore", "batch=x"), json!({ "count": 0 }));
    assert_eq!(done(&server, "/tag", &format!("id={one}&id={two}&add=beta&add=new")), json!({ "count": 2 }));
    assert_eq!(done(&server, "/tag", &format!("id={one}&remove=BETA")), json!({ "count": 1 }));
    assert_eq!(server.json(&format!("/api/v1/message/{one}"))["Tags"], json!(["new"]));
    assert_eq!(server.json(&format!("/api/v1/message/{two}"))["Tags"], json!(["beta", "new"]));
    let deleted = done(&server, "/delete", &format!("id={one}"));
    assert_eq!((&deleted["count"], &deleted["spared"]), (&json!(1), &json!(0)), "named, it is not spared");
    request("DELETE", &server.http("/api/v1/messages"), &[], None);
    let undo = format!("batch={}", deleted["batch"].as_str().unwrap());
    assert_eq!(done(&server, "/restore", &undo), json!({ "count": 0 }), "a program has cleared the mailbox");
    let info = server.json("/api/v1/info");
    assert_eq!((&info["Hidden"]["Messages"], &info["RuntimeStats"]["MessagesDeleted"]), (&json!(0), &json!(2)));
}

#[test]
fn what_cannot_be_done_is_one_sentence_for_the_script_and_a_page_for_others() {
    let server = Server::with(&["--max-messages", "3"]);
    let (one, two) = (server.send(&letter("one")), server.send(&letter("two")));
    for (path, body, status, said) in [
        ("/keep", format!("id={one}&id={two}&keep=1"), 409, "1 message"),
        ("/keep", "all=1&keep=1".to_owned(), 409, "--max-messages"),
        ("/tag", format!("id={one}&add=a%2Cb"), 400, "\"a,b\" cannot be a tag"),
        ("/tag", format!("id={one}&add=fine&remove=&remove={}", "x".repeat(101)), 400, "at least one character"),
    ] {
        let refused = act(&server, path, &body);
        assert_eq!((refused.status, refused.header("content-type")), (status, "application/problem+json"), "{body}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{detail}");
        let page = form(&server, path, &body);
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"), "{body}");
    }
    let shown = server.json(&format!("/api/v1/message/{one}"));
    assert_eq!((&shown["Kept"], &shown["Tags"]), (&json!(false), &json!([])), "and nothing has changed");
}

#[test]
fn kept_messages_are_shown_found_and_left_by_eviction() {
    let server = Server::with(&["--max-messages", "4"]);
    let one = server.send(&letter("one"));
    let kept = form(&server, "/keep", &format!("id={one}&keep=1&open={one}&q=one"));
    assert_eq!((kept.status, kept.header("location")), (303, format!("/message/{one}?q=one").as_str()));
    (2..9).for_each(|number| _ = server.send(&letter(&number.to_string())));
    assert_eq!(subjects(&server, "/api/v1/messages"), ["8", "7", "6", "one"]);
    assert_eq!(subjects(&server, "/api/v1/search?query=is:kept"), ["one"]);
    let list = server.get("/").text();
    assert_eq!(list.matches("class=\"mark kept\"").count(), 1);
    let info = server.json("/api/v1/info");
    assert_eq!((&info["Kept"]["Messages"], &info["Kept"]["MessagesMax"]), (&json!(1), &json!(2)));
    assert!(info["Kept"]["Bytes"].as_u64().unwrap() > 100 && info["Kept"]["BytesMax"] == 256 << 20);
    assert_eq!(form(&server, "/delete", "all=1&q=subject%3Aone").status, 303);
    assert_eq!(subjects(&server, "/api/v1/messages"), ["8", "7", "6", "one"], "it was not named");

    let put = |body: &str| request("PUT", &server.http("/api/v1/messages"), &[], Some(body));
    assert_eq!(put("{\"Kept\":1}").status, 400);
    let refused = put("{\"Kept\":true,\"Read\":true}");
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("--max-messages"), "{}", refused.text());
    assert_eq!(server.json("/api/v1/info")["Unread"], 4, "nor was it marked");
    assert_eq!(put("{\"Kept\":true,\"Search\":\"subject:8\"}").text(), "ok");
    let eight = server.json("/api/v1/search?query=subject:8")["messages"][0].clone();
    assert_eq!((&eight["Kept"], &eight["Read"]), (&json!(true), &json!(false)), "its mark is left alone");
    assert_eq!(put("{\"Kept\":false,\"Read\":true}").text(), "ok");
    let info = server.json("/api/v1/info");
    assert_eq!((&info["Kept"]["Messages"], &info["Kept"]["Bytes"], &info["Unread"]), (&json!(0), &json!(0), &json!(0)));
}

#[test]
fn open_pages_follow_every_act() {
    let server = Server::start();
    let ids: Vec<_> = (0..60).map(|number| server.send(&letter(&format!("no. {number}")))).collect();
    let mut page = Stream::open(&server, "/live", None);
    let mut searching = Stream::open(&server, "/live?q=subject:3", None);
    let mut elsewhere = Stream::open(&server, "/mailbox/other/live", None);
    page.next("stats");
    done(&server, "/keep", &format!("id={}", ids[3]));
    let kept = page.next("keep");
    assert_eq!(serde_json::from_str::<Value>(&kept.data).unwrap(), json!({ "ids": [ids[3]], "kept": true }));
    let stats: Value = serde_json::from_str(&page.next("stats").data).unwrap();
    assert!(stats["kept"] == 1 && stats["keptBytes"].as_u64().unwrap() > 100, "{stats}");
    done(&server, "/mark", &format!("id={}", ids[4]));

    let deleted = done(&server, "/delete", &format!("id={}&id={}", ids[4], ids[3]));
    let gone = page.next("gone");
    assert!(gone.data.contains(&ids[3]) && gone.data.contains(&ids[4]));
    let undo = format!("batch={}", deleted["batch"].as_str().unwrap());
    done(&server, "/restore", &undo);
    let (first, second) = (page.next("row"), page.next("row"));
    assert!(first.data.contains(&ids[3]) && first.data.contains("mark kept"), "{}", first.data);
    assert!(second.data.contains(&ids[4]) && !second.data.contains("unread"), "{}", second.data);
    assert!(searching.next("row").data.contains(&ids[3]));

    let deleted = done(&server, "/delete", "all=1");
    assert_eq!(deleted["count"], 59);
    done(&server, "/restore", &format!("batch={}", deleted["batch"].as_str().unwrap()));
    page.next("reset");
    let last = server.send(&letter("last"));
    assert!(page.next("row").data.contains(&last), "one reset, and no row of those that came back");
    assert!(elsewhere.any().event == "stats" && elsewhere.any().event == "stats", "nothing happened there");
}

#[test]
fn for_programs_that_listen_a_deletion_in_the_page_is_one_and_its_undo_an_arrival() {
    let server = Server::start();
    let one = server.send(&letter("one"));
    let mut stream = Stream::open(&server, "/api/events", None);
    let mut socket = Socket::open(&server, "/api/events");
    done(&server, "/keep", &format!("id={one}"));
    let data = |data: &str| serde_json::from_str::<Value>(data).unwrap();
    assert_eq!(data(&stream.next("update").data), json!({ "ID": one, "Kept": true }));
    assert_eq!(socket.next(), ("update".into(), json!({ "ID": one, "Kept": true })));
    let deleted = done(&server, "/delete", &format!("id={one}"));
    assert_eq!(data(&stream.next("delete").data), json!({ "ID": one, "Evicted": false }));
    assert_eq!(socket.next().0, "delete");
    assert_eq!(socket.next().0, "truncate", "nothing is left");
    done(&server, "/restore", &format!("batch={}", deleted["batch"].as_str().unwrap()));
    let back = data(&stream.next("new").data);
    assert_eq!((&back["ID"], &back["Kept"]), (&json!(one), &json!(true)));
    let (word, data) = socket.next();
    assert_eq!((word.as_str(), &data["ID"], &data["Subject"]), ("new", &json!(one), &json!("one")));
}
