//! What becomes of a message at which we panic, from the wire to the page. `mail::trap` makes us.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use tokio::task::block_in_place;

use super::*;
use crate::config::{Doors, Opening, Standby};

/// A server in this process, and a client on the wire.
struct House {
    server: Server,
    smtp: BufReader<TcpStream>,
}

impl House {
    async fn open() -> Self {
        let free = || vec![Opening { host: None, port: 0, standby: Standby::Fail }];
        let doors = Doors { smtp: free(), submission: Vec::new(), smtps: Vec::new(), http: free() };
        let server = Server::start(&Config { doors, ..Config::default() }).await.unwrap();
        let stream = TcpStream::connect(server.opened().smtp_address(Door::Smtp).unwrap()).unwrap();
        let mut house = Self { server, smtp: BufReader::new(stream) };
        assert!(house.reply().starts_with("220 "));
        house
    }

    fn reply(&mut self) -> String {
        let mut line = String::new();
        block_in_place(|| self.smtp.read_line(&mut line)).unwrap();
        line
    }

    /// Sends a message, all of it over the one connection, and answers its id.
    fn send(&mut self, raw: &str) -> String {
        let size = raw.len();
        let wire = format!("HELO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT {size} LAST\r\n{raw}");
        self.smtp.get_mut().write_all(wire.as_bytes()).unwrap();
        let replies = [(); 4].map(|()| self.reply());
        assert!(replies.iter().all(|reply| reply.starts_with("250 ")), "{replies:?}");
        replies[3].trim_end().rsplit(' ').next().unwrap().to_owned()
    }

    fn get(&self, path: &str) -> (u16, String) {
        let url = format!("{}{path}", self.server.opened().http_url());
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = block_in_place(|| agent.get(url).call()).unwrap();
        (answer.status().as_u16(), block_in_place(|| answer.body_mut().read_to_string()).unwrap())
    }

    /// Another message, and everything that is not about the one at which we panicked, is as ever.
    fn is_well(&mut self, id: &str, raw: &str) {
        assert_eq!(self.get(&format!("/api/v1/message/{id}/raw")), (200, raw.to_owned()), "byte for byte");
        let (status, list) = self.get("/");
        assert!(status == 200 && list.contains(&format!("/message/{id}")), "{list}");
        let found = self.get("/api/v1/messages").1;
        assert!(found.contains(id), "{found}");
        let other = self.send(&format!("Subject: not {id}\r\nContent-Type: text/html\r\n\r\n<p>well\r\n"));
        for path in ["message", "api/v1/message", "mailbox/default/message"] {
            let (status, page) = self.get(&format!("/{path}/{other}"));
            assert!(status == 200 && page.contains(&format!("not {id}")), "{page}");
        }
        assert!(self.get(&format!("/message/{other}/html")).1.contains("<p>well"));
        let waited = self.get(&format!("/api/v1/wait?query=subject:{id}&timeout=5s"));
        assert!(waited.0 == 200 && waited.1.contains(&other), "{waited:?}");
        let found = self.get("/api/v1/search?query=to:b@c").1;
        assert!(found.contains(id) && found.contains(&other), "{found}");
    }
}

fn trapped(place: &str) -> String {
    format!("Subject: caught\r\nX-Trap: {place}\r\nContent-Type: text/html\r\n\r\n<p>\u{e9} & more\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_is_kept_and_says_so() {
    let mut house = House::open().await;
    // The second is so large that it is read on another thread.
    let large = trapped("reading") + &"x\r\n".repeat(100_000);
    for raw in [trapped("reading"), large, trapped("searching")] {
        let id = house.send(&raw);
        let (status, page) = house.get(&format!("/message/{id}"));
        assert!(status == 200 && page.contains("The message could not be read; its source is kept as sent."), "{page}");
        assert!(page.contains("&#60;p&#62;\u{e9} &#38; more"), "what is there is shown as text: {page}");
        assert_eq!(house.get(&format!("/message/{id}?tab=source")).0, 200);
        assert!(house.get(&format!("/api/v1/message/{id}")).1.contains("reading-failed"));
        assert!(house.get("/api/v1/search?query=finding:reading-failed").1.contains(&id));
        house.is_well(&id, &raw);
    }
    house.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_shown_is_kept_and_says_so() {
    let mut house = House::open().await;
    let raw = trapped("showing");
    let id = house.send(&raw);
    for base in ["/", "/mailbox/default/"] {
        let source = format!("{base}api/v1/message/{id}/raw");
        for path in ["", "?tab=source", "?tab=html", "/html"] {
            let (status, page) = house.get(&format!("{base}message/{id}{path}"));
            assert_eq!(status, 500, "{page}");
            assert!(page.contains("The message is kept as it was sent"), "{page}");
            assert!(page.contains(&format!("href=\"{source}\"")), "{page}");
        }
        let (status, problem) = house.get(&format!("{base}api/v1/message/{id}"));
        assert_eq!(status, 500, "{problem}");
        assert!(problem.contains("/problems/fault\"") && problem.contains(&format!("\"source\":\"{source}\"")));
        assert_eq!(house.get(&source), (200, raw.clone()));
    }
    house.is_well(&id, &raw);
    house.server.stop().await;
}
