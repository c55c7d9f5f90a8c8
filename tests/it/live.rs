//! The event streams, as a browser and as a test client read them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::{Server, request};

/// An open stream of server-sent events, its frames read one by one.
pub struct Stream(BufReader<TcpStream>);

pub struct Frame {
    pub id: String,
    pub event: String,
    pub data: String,
}

impl Stream {
    pub fn open(server: &Server, path: &str, last: Option<&str>) -> Self {
        let authority = server.ready["http"].as_str().unwrap().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let last = last.map_or_else(String::new, |last| format!("Last-Event-ID: {last}\r\n"));
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{last}\r\n").unwrap();
        let mut stream = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(stream.0.read_line(&mut head).unwrap(), 0);
        }
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("text/event-stream") && !head.contains("gzip"), "{head}");
        stream
    }

    /// The next frame with this event's name.
    pub fn next(&mut self, event: &str) -> Frame {
        loop {
            let frame = self.any();
            if frame.event == event {
                return frame;
            }
        }
    }

    pub fn any(&mut self) -> Frame {
        let mut frame = Frame { id: String::new(), event: String::new(), data: String::new() };
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() && !frame.event.is_empty() {
                return frame;
            }
            for (field, value) in [("id: ", &mut frame.id), ("event: ", &mut frame.event), ("data: ", &mut frame.data)]
            {
                if let Some(rest) = line.strip_prefix(field) {
                    value.push_str(rest);
                    if field == "data: " {
                        value.push('\n');
                    }
                }
            }
        }
    }
}

fn letter(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\n\r\nx\r\n").into_bytes()
}

#[test]
fn a_row_comes_to_every_page_that_looks_at_it() {
    let server = Server::start();
    let mut all = Stream::open(&server, "/live", None);
    let mut searching = Stream::open(&server, "/live?q=subject:second", None);
    let mut elsewhere = Stream::open(&server, "/mailbox/other/live", None);
    for stream in [&mut all, &mut searching, &mut elsewhere] {
        stream.next("stats");
    }
    let first = server.send(&letter("first <b>&"));
    let second = server.send(&letter("second"));
    let row = all.next("row");
    assert!(row.data.contains(&first) && row.data.contains("first &#60;b&#62;&#38;"), "{}", row.data);
    assert!(all.next("row").data.contains(&second));
    assert!(searching.next("row").data.contains(&second));
    request("DELETE", &server.http("/api/v1/messages"), &[], Some(&format!("{{\"IDs\":[\"{first}\"]}}")));
    assert!(all.next("gone").data.contains(&first));
    let stats = elsewhere.next("stats");
    assert!(stats.data.contains("\"total\":0"), "{}", stats.data);
}

#[test]
fn pages_of_one_place_hear_the_same_and_those_that_come_later_only_what_comes_later() {
    let server = Server::start();
    let mut first = Stream::open(&server, "/live", None);
    first.next("stats");
    let early = server.send(&letter("early"));
    let mut second = Stream::open(&server, "/live", None);
    assert!(second.next("stats").data.contains("\"total\":1"));
    let late = server.send(&letter("late"));
    assert!(first.next("row").data.contains(&early));
    let (one, other) = (first.next("row"), second.next("row"));
    assert!(one.data.contains(&late), "{}", one.data);
    assert_eq!((one.id, one.data), (other.id, other.data));
}

#[test]
fn a_stream_that_all_have_left_begins_anew() {
    let server = Server::start();
    for subject in ["one", "two", "three"] {
        let mut stream = Stream::open(&server, "/live?q=subject:t", None);
        stream.next("stats");
        let sent = server.send(&letter(&format!("the {subject}")));
        assert!(stream.next("row").data.contains(&sent));
        drop(stream);
        // Nobody is there to hear of it.
        server.send(&letter("this one"));
    }
}

#[test]
fn a_page_that_comes_back_looks_again_only_if_it_missed_something() {
    let server = Server::start();
    let mut stream = Stream::open(&server, "/live", None);
    stream.next("stats");
    server.send(&letter("one"));
    let seen = stream.next("row").id;
    let mut again = Stream::open(&server, "/live", Some(&seen));
    assert_eq!(again.any().event, "stats");
    server.send(&letter("two"));
    assert_eq!(Stream::open(&server, "/live", Some(&seen)).any().event, "reset");
    assert_eq!(Stream::open(&server, "/live", Some("another-1")).any().event, "reset");
}

#[test]
fn test_clients_hear_of_messages_and_of_those_they_missed() {
    let server = Server::start();
    let mut stream = Stream::open(&server, "/api/events", None);
    stream.next("stats");
    let one = server.send(&letter("one"));
    let heard = stream.next("new");
    assert!(heard.data.contains(&one));
    let two = server.send(&letter("two"));
    let mut again = Stream::open(&server, "/api/events", Some(&heard.id));
    let missed = again.any();
    assert_eq!(missed.event, "new", "nothing but messages was missed");
    assert!(missed.data.contains(&two));
    request("PUT", &server.http("/api/v1/messages"), &[], Some("{\"Read\":true}"));
    assert!(again.next("update").data.contains("\"Read\":true"));
    request("DELETE", &server.http("/api/v1/messages"), &[], None);
    assert!(again.next("delete").data.contains("\"ID\""));
    assert_eq!(Stream::open(&server, "/api/events", Some(&missed.id)).any().event, "prune");
}

#[test]
fn the_stop_ends_a_stream() {
    let server = Server::start();
    let mut stream = Stream::open(&server, "/live", None);
    stream.next("stats");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_stream_has_no_head() {
    let server = Server::start();
    for path in ["/live", "/api/events", "/mailbox/x/api/events"] {
        assert_eq!(request("HEAD", &server.http(path), &[], None).status, 405, "{path}");
    }
    for path in ["/livez", "/mailbox/x/livez", "/mailbox/x/readyz", "/mailbox/x/ca.pem"] {
        assert_eq!(request("HEAD", &server.http(path), &[], None).status, 200, "{path}");
    }
}
