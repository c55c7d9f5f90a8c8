//! A client that speaks to the session core, which is all of the server but the socket.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use restante::mail::envelope::{Client, Door};
use restante::mailbox::Inbox;
use restante::mailbox::inbox::Verdict;
use restante::mailbox::session_log::{Outcome, SessionRecord};
use restante::protocol::smtp::{self, Action, Policy, Session};

/// One connection.
pub(crate) struct Sender<'a> {
    inbox: &'a Inbox,
    session: Session,
}

impl<'a> Sender<'a> {
    /// One that has greeted, and logged in if there is a user.
    pub(crate) fn new(inbox: &'a Inbox, user: &str) -> Self {
        let mut client = Client::at(Door::Smtp);
        client.peer = Some(([127, 0, 0, 1], 40_000).into());
        client.local = Some(([127, 0, 0, 1], 2525).into());
        let mut sender = Self { inbox, session: Session::new(Arc::new(Policy::default()), client, 7) };
        sender.say(b"EHLO app.test\r\n");
        if !user.is_empty() {
            let secret = format!("\0{user}\0secret");
            let word = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, secret);
            sender.say(format!("AUTH PLAIN {word}\r\n").as_bytes());
        }
        sender
    }

    /// Sends a message, dots not stuffed.
    pub(crate) fn send(&mut self, mail: &[u8]) {
        self.say(format!("MAIL FROM:<bounce@app.test> SIZE={}\r\nRCPT TO:<bob@app.test>\r\n", mail.len()).as_bytes());
        self.say(format!("BDAT {} LAST\r\n", mail.len()).as_bytes());
        self.say(mail);
    }

    /// What is remembered of it.
    pub(crate) fn record(self) -> SessionRecord {
        SessionRecord {
            opened: restante::clock::now(),
            closed: restante::clock::now(),
            client: self.session.client().clone(),
            messages: self.session.messages(),
            ids: Vec::new(),
            findings: self.session.findings().to_vec(),
            outcome: Outcome::Empty("No message came.".into()),
            dialogue: self.session.dialogue().clone(),
        }
    }

    fn say(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = self.session.feed(bytes);
            bytes = &bytes[taken..];
            while let Some(action) = self.session.next_action() {
                if let Action::Deliver(incoming) = action {
                    let Verdict::Kept(id) = now(self.inbox.accept(*incoming, self.inbox.reservation())) else {
                        panic!("not kept");
                    };
                    self.session.verdict(smtp::Verdict::Kept(id.to_string().into()));
                }
            }
        }
    }
}

/// What is there when it is first asked for, or in a moment: only a large message waits, for its own thread.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => std::thread::yield_now(),
        }
    }
}
