//! Differential: the crate `mailin`, another sans-I/O SMTP server, as a partner. In its sub-language (CRLF, plain
//! paths, no parameter but BODY, no login), what mailin accepts we accept, and deliver the same.
//!
//! Known deviations, which is why only the lines that mailin accepts are compared: mailin refuses MAIL before HELO,
//! nested MAIL, the null sender, every other parameter and a space or LF too many, all of which we take; its texts and
//! enhanced codes are its own; VRFY it knows in one state only. Each message it delivers, we deliver.

use crate::smtp_driver::Driver;
use crate::transcript::escape;
use mailin::{Action, Handler, Response, SessionBuilder, response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use restante::mail::envelope::{Client, Door};
use restante::protocol::smtp::{Policy, Session};
use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::sync::Arc;

/// What one side delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Mail {
    from: String,
    to: Vec<String>,
    raw: Vec<u8>,
}

/// mailin's side of a delivery.
#[derive(Clone, Default)]
struct Sink {
    open: Mail,
    kept: Rc<RefCell<Vec<Mail>>>,
}

impl Handler for Sink {
    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.open = Mail { from: from.to_owned(), to: to.to_vec(), raw: Vec::new() };
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.open.raw.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.kept.borrow_mut().push(std::mem::take(&mut self.open));
        response::OK
    }
}

proptest! {
    #[test]
    fn what_mailin_accepts_we_accept(steps in vec(step(), 0..40)) {
        let sink = Sink::default();
        let kept = Rc::clone(&sink.kept);
        let mut theirs = SessionBuilder::new("restante.test").build(IpAddr::V4(Ipv4Addr::LOCALHOST), sink);
        let mut ours = Driver::new(Session::new(Arc::new(Policy::default()), Client::at(Door::Smtp), 0));
        let mut accepted = 0;
        for (command, body) in &steps {
            let answer = theirs.process(command.as_bytes());
            if answer.code >= 400 {
                continue;
            }
            ours.feed(&[command.as_bytes()]);
            accepted += 1;
            prop_assert_eq!(*ours.codes().last().unwrap(), answer.code, "{}\n{}", command, ours.outcome());
            if answer.code == 354 {
                let mut end = answer;
                for line in body.iter().map(String::as_str).chain([".\r\n"]) {
                    end = theirs.process(line.as_bytes());
                    ours.feed(&[line.as_bytes()]);
                    prop_assert_eq!(end.action == Action::NoReply, line != ".\r\n");
                }
                prop_assert_eq!(*ours.codes().last().unwrap(), end.code);
                accepted += 1;
            }
        }
        prop_assert_eq!(ours.codes().len(), 1 + accepted, "the greeting, and one reply each");
        let delivered: Vec<_> = ours.deliveries.iter().map(|incoming| Mail {
            from: incoming.envelope.from.path.to_string(),
            to: incoming.envelope.to.iter().map(|to| to.path.to_string()).collect(),
            raw: incoming.raw.clone(),
        }).collect();
        prop_assert_eq!(&delivered, &*kept.borrow(), "{}", delivered.iter().map(|mail| escape(&mail.raw)).collect::<String>());
    }
}

/// The generator reaches what it is for: a whole mail.
#[test]
fn the_partner_delivers() {
    let sink = Sink::default();
    let kept = Rc::clone(&sink.kept);
    let mut theirs = SessionBuilder::new("restante.test").build(IpAddr::V4(Ipv4Addr::LOCALHOST), sink);
    for line in ["EHLO a\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<b@c>\r\n", "DATA\r\n", "..x\r\n", ".\r\n"] {
        assert!(theirs.process(line.as_bytes()).code < 400, "{line}");
    }
    assert_eq!(*kept.borrow(), [Mail { from: "a@b".into(), to: vec!["b@c".into()], raw: b".x\r\n".to_vec() }]);
}

/// Lines of mailin's language, a mail's among them so often that whole mails come about; and a body for DATA.
fn step() -> impl Strategy<Value = (String, Vec<String>)> {
    let path = || select(&["a@b", "ann+tag@app.test", "x@[127.0.0.1]", "Ünï@çödé.test", "bounce=x=y@lists.test"][..]);
    let command = prop_oneof![
        2 => select(&["EHLO a\r\n", "HELO b.test\r\n", "ehlo c\r\n"][..]).prop_map(str::to_owned),
        4 => path().prop_map(|path| format!("MAIL FROM:<{path}>\r\n")),
        1 => path().prop_map(|path| format!("mail from:<{path}> BODY=8BITMIME\r\n")),
        4 => path().prop_map(|path| format!("RCPT TO:<{path}>\r\n")),
        4 => Just("DATA\r\n".to_owned()),
        1 => select(&["RSET\r\n", "NOOP\r\n", "VRFY a@b\r\n"][..]).prop_map(str::to_owned),
    ];
    let line = select(&["Subject: x\r\n", "\r\n", "..\r\n", "..x\r\n", "x.\r\n", "MAIL FROM:<e@f>\r\n", "ü\r\n"][..]);
    (command, vec(line.prop_map(str::to_owned), 0..6))
}
