//! A driver of the SMTP core without a socket: does at once what the session asks for, and keeps what came out.

use crate::transcript::escape;
use restante::mail::envelope::Tls;
use restante::mail::incoming::Incoming;
use restante::protocol::smtp::{Action, Session, Verdict};
use std::collections::VecDeque;

pub(crate) struct Driver {
    pub(crate) session: Session,
    /// For the next deliveries; then each is kept under its number.
    pub(crate) verdicts: VecDeque<Verdict>,
    pub(crate) sent: Vec<u8>,
    pub(crate) turns: Vec<&'static str>,
    pub(crate) deliveries: Vec<Incoming>,
}

impl Driver {
    pub(crate) fn new(session: Session) -> Self {
        let mut driver =
            Self { session, verdicts: VecDeque::new(), sent: Vec::new(), turns: Vec::new(), deliveries: Vec::new() };
        driver.act();
        driver
    }

    /// Feeds piece by piece, what was not taken again, until it is over.
    pub(crate) fn feed<T: AsRef<[u8]>>(&mut self, pieces: &[T]) {
        for piece in pieces {
            let mut rest = piece.as_ref();
            while !rest.is_empty() {
                let taken = self.session.feed(rest);
                self.act();
                rest = &rest[taken..];
                if taken == 0 {
                    assert_eq!(self.turns.last(), Some(&"close"), "only a closed session takes nothing");
                    return;
                }
            }
        }
    }

    /// Does what the session asks for.
    pub(crate) fn act(&mut self) {
        while let Some(action) = self.session.next_action() {
            match action {
                Action::Send(bytes) => self.sent.extend(bytes),
                Action::StartTls => self.turns.push("tls"),
                Action::Close => self.turns.push("close"),
                Action::Deliver(incoming) => {
                    self.turns.push("deliver");
                    self.deliveries.push(*incoming);
                    let id = self.deliveries.len().to_string().into();
                    let verdict = self.verdicts.pop_front().unwrap_or(Verdict::Kept(id));
                    self.session.verdict(verdict);
                }
            }
        }
    }

    /// The replies so far, each as its code.
    pub(crate) fn codes(&self) -> Vec<u16> {
        self.sent
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|line| line[3] == b' ')
            .map(|line| std::str::from_utf8(&line[..3]).expect("digits").parse().expect("digits"))
            .collect()
    }

    /// All that came out, as text.
    pub(crate) fn outcome(&self) -> String {
        let mut text = format!("sent:\n{}\nturns: {:?}\n", escape(&self.sent).replace("\\r\\n", "\n"), self.turns);
        let session = &self.session;
        text.push_str(&format!("{:?}, {} messages\n", session.patience(), session.messages()));
        text.push_str(&format!("{:?}\n{:?}\n{}", session.last_error(), session.findings(), session.dialogue()));
        for incoming in &self.deliveries {
            let Incoming { raw, envelope, dialogue, findings } = incoming;
            text.push_str(&format!("message: {}\n{envelope:?}\n{findings:?}\n{dialogue}", escape(raw)));
        }
        text
    }
}

pub(crate) fn tls() -> Tls {
    Tls { version: "TLSv1.3".into(), cipher: "TLS13_AES_256_GCM_SHA384".into(), server_name: None }
}
