//! The session: who may say what when, and what follows (RFC 5321 §3, §4.1.4).
//!
//! Job: the face towards the driver, and the facts of the connection. `session/facts.rs` tells them, `session/commands.rs` dispatches what was read
//! to the step it means, `session/messages.rs` takes what comes between DATA and its answer. Non-job: grammar
//! (`command`), words (`reply`), the transaction itself (`transaction`).

mod commands;
mod facts;
mod messages;

use super::auth::{Challenges, Exchange};
use super::data::{self, Dots};
use super::line::Lines;
use super::policy::Policy;
use super::record::{self, Record};
use super::reply::Reply;
use super::transaction::{Dropped, Mail, Message, Transaction};
use super::{Action, Verdict};
use crate::mail::envelope::{Client, Tls};
use crate::mail::finding::{Finding, Oddity};
use crate::mail::incoming::Incoming;
use std::sync::Arc;

/// One SMTP connection, from the greeting to the close.
///
/// Its methods are of four kinds. *Facts*: [`client`](Self::client), [`dialogue`](Self::dialogue),
/// [`findings`](Self::findings), [`patience`](Self::patience), [`holding`](Self::holding),
/// [`in_transaction`](Self::in_transaction), [`messages`](Self::messages), [`last_error`](Self::last_error),
/// [`last_refusal`](Self::last_refusal), [`loss`](Self::loss).
/// *What the world did*: [`feed`](Self::feed), [`verdict`](Self::verdict), [`tls_done`](Self::tls_done),
/// [`storage_full`](Self::storage_full), [`expired`](Self::expired), [`shutdown`](Self::shutdown),
/// [`remark`](Self::remark).
/// *What the driver must do*: [`next_action`](Self::next_action), asked until it has nothing more.
///
/// Any split of the input between calls of `feed` gives the same bytes out and the same messages.
pub struct Session {
    policy: Arc<Policy>,
    client: Arc<Client>,
    record: Record,
    challenges: Challenges,
    lines: Lines,
    underway: Underway,
    transaction: Transaction,
    /// Replies that were not sent yet.
    replies: Vec<u8>,
    /// What the driver must do after sending them.
    turn: Option<Turn>,
    /// AUTH was said and no command was recognised since: the next line may be a secret that missed its exchange.
    wary: bool,
    messages: u32,
    last_error: Option<Refusal>,
    loss: Option<Refusal>,
}

/// A reply that refused something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its last line, as it was sent.
    pub line: Box<str>,
    /// What to change, as a sentence; empty where the line says it, or where nobody knows.
    pub cure: &'static str,
}

/// What is in progress between the session and the world.
enum Underway {
    /// A command is next.
    Command,
    /// A line of an AUTH exchange is next.
    Login(Exchange),
    /// The message after DATA.
    Data { mail: Mail, message: Message, dots: Dots },
    /// The octets after BDAT.
    Chunk { left: u64, octets: u64, then: Then },
    /// The mailbox decides. `closing`: a shutdown waits for its answer.
    Verdict { closing: bool },
    /// The handshake is the driver's.
    Tls,
    /// It is over.
    Closed,
}

/// What a chunk is for.
enum Then {
    /// It belongs to a message.
    Goes { mail: Mail, message: Message, last: bool },
    /// There is none; this is said when it has been thrown away (RFC 3030 §2).
    Refused(Reply<'static>),
}

/// An action that is not a reply. As long as one waits, no input is taken.
enum Turn {
    StartTls,
    Deliver(Box<Incoming>),
    Close,
}

impl Session {
    /// A connection begins. The greeting is its first action.
    ///
    /// `client` carries the door, the addresses, and the TLS that is on already (RFC 8314). `seed` is the chance in
    /// CRAM-MD5's challenges.
    pub fn new(policy: Arc<Policy>, client: Client, seed: u64) -> Self {
        let mut session = Self {
            record: Record::new(policy.dialogue_bytes_max),
            client: Arc::new(client),
            challenges: Challenges::new(seed),
            lines: Lines::default(),
            underway: Underway::Command,
            transaction: Transaction::Idle,
            replies: Vec::new(),
            turn: None,
            wary: false,
            messages: 0,
            last_error: None,
            loss: None,
            policy,
        };
        if let Some(tls) = &session.client.tls {
            session.record.remark(&tls_remark(tls));
        }
        let policy = Arc::clone(&session.policy);
        session.reply(&Reply::Greeting(&policy.host));
        session.record.end_opening();
        session
    }

    /// A connection to a door that begins with TLS, on which the client does not: told so, in plain, and closed.
    pub fn refusing_plain(policy: Arc<Policy>, client: Client) -> Self {
        let mut session = Self::new(policy, client, 0);
        session.replies.clear();
        session.record = Record::new(session.policy.dialogue_bytes_max);
        let ports = session.policy.signposts;
        session.close_with(&Reply::PlainOnTls(ports));
        session
    }

    // What the world did

    /// Bytes came in. Answers how many were taken: fewer where the session waits for the driver, or for its replies to
    /// be sent. The rest is to be fed again when the driver has done what [`Self::next_action`] says.
    ///
    /// What comes between the acceptance of STARTTLS and [`Self::tls_done`] was not encrypted, and may be an
    /// attacker's: it is taken and thrown away (RFC 3207 §4.2, CVE-2011-0411).
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while !rest.is_empty() {
            if matches!(self.underway, Underway::Tls) {
                self.note(&[Finding::bare(Oddity::PlaintextAfterStarttls)], Concerns::Connection);
                return bytes.len();
            }
            if self.turn.is_some() || self.replies.len() >= REPLIES_BYTES_MAX {
                break;
            }
            let taken = match self.underway {
                Underway::Command | Underway::Login(_) => self.line(rest),
                Underway::Data { .. } => self.data(rest),
                Underway::Chunk { .. } => self.chunk(rest),
                Underway::Verdict { .. } | Underway::Tls | Underway::Closed => break,
            };
            rest = &rest[taken..];
        }
        bytes.len() - rest.len()
    }

    /// The mailbox has decided about the message that was delivered. Without one this does nothing.
    pub fn verdict(&mut self, verdict: Verdict) {
        let Underway::Verdict { closing } = self.underway else { return };
        self.underway = Underway::Command;
        match verdict {
            Verdict::Kept(id) => {
                self.messages = self.messages.saturating_add(1);
                self.reply(&Reply::Queued(&id));
            }
            Verdict::Full => self.reply(&Reply::Full),
            Verdict::Failed(why) => self.reply(&Reply::Failed(&why)),
            Verdict::Refused(why) => self.reply(&Reply::Refused(&why)),
        }
        if closing {
            self.close_with(&Reply::ShuttingDown);
        }
    }

    /// The handshake that [`Action::StartTls`] asked for is done. All that the client said before is forgotten, its
    /// login too: it was not encrypted (RFC 3207 §4.2).
    pub fn tls_done(&mut self, tls: Tls) {
        if !matches!(self.underway, Underway::Tls) {
            return;
        }
        self.underway = Underway::Command;
        self.transaction = Transaction::Idle;
        self.record.remark(&tls_remark(&tls));
        self.record.end_opening();
        let client = Arc::make_mut(&mut self.client);
        client.tls = Some(tls.into());
        client.helo = None;
        client.login = None;
    }

    /// No memory is to be had for the message in flight: it is given up, and its end answered with 452. Before the
    /// message, further recipients are.
    pub fn storage_full(&mut self) {
        match (&mut self.underway, &mut self.transaction) {
            (Underway::Data { message, .. } | Underway::Chunk { then: Then::Goes { message, .. }, .. }, _)
            | (_, Transaction::Chunked(_, message)) => message.give_up(Dropped::NoMemory),
            (_, Transaction::Open(mail)) => mail.close(),
            _ => {}
        }
    }

    /// The peer has been silent for longer than [`Self::patience`] allows (RFC 5321 §4.5.3.2), or the handshake has.
    pub fn expired(&mut self) {
        let reply = match &self.underway {
            Underway::Command | Underway::Login(_) if self.lines.ends_in_cr() => Reply::ExpiredAfterCr,
            Underway::Data { message: Message::Kept { raw, .. }, .. } if data::ends_oddly(raw) => {
                Reply::ExpiredInMessage
            }
            Underway::Verdict { .. } | Underway::Closed => return, // it is not the peer's turn
            _ => Reply::Expired,
        };
        self.close_with(&reply);
    }

    /// The server stops. A message that the mailbox decides about is answered first.
    pub fn shutdown(&mut self) {
        match &mut self.underway {
            Underway::Verdict { closing } => *closing = true,
            Underway::Closed => {}
            _ => self.close_with(&Reply::ShuttingDown),
        }
    }

    /// Something that only the driver saw, for the dialogue: a handshake that failed, a connection that was reset.
    pub fn remark(&mut self, text: &str) {
        self.record.remark(text);
    }

    // What the driver must do

    /// The next action, until there is none.
    pub fn next_action(&mut self) -> Option<Action> {
        if !self.replies.is_empty() {
            return Some(Action::Send(std::mem::take(&mut self.replies)));
        }
        Some(match self.turn.take()? {
            Turn::StartTls => Action::StartTls,
            Turn::Deliver(incoming) => Action::Deliver(incoming),
            Turn::Close => Action::Close,
        })
    }
}

impl Session {
    /// Says a reply, and remembers that it was said.
    fn reply(&mut self, reply: &Reply<'_>) {
        let start = self.replies.len();
        self.replies.reserve(USUAL_REPLY_BYTES);
        let refused = reply.write(&mut self.replies);
        let mut last: &[u8] = b"";
        for line in lines(&self.replies[start..]) {
            self.record.server(line);
            last = line;
        }
        if refused {
            self.last_error = Some(Refusal { line: String::from_utf8_lossy(last).into(), cure: reply.cure() });
            if reply.loses_mail() {
                self.loss.clone_from(&self.last_error);
            }
        }
    }

    /// Says a last reply. In mid-handshake nothing can be said, plain or encrypted.
    fn close_with(&mut self, reply: &Reply<'_>) {
        if !matches!(self.underway, Underway::Tls) {
            self.reply(reply);
        }
        self.close();
    }

    fn close(&mut self) {
        self.underway = Underway::Closed;
        self.transaction = Transaction::Idle;
        self.turn = Some(Turn::Close);
    }

    /// Notes what was odd, where it will be looked for.
    fn note(&mut self, findings: &[Finding], concerns: Concerns) {
        if findings.is_empty() {
            return;
        }
        self.record.note_said(findings);
        let here = record::moved(findings, self.record.here());
        match (concerns, &mut self.underway) {
            (Concerns::Connection, _) => self.record.note_opening(findings),
            (
                Concerns::Transaction,
                Underway::Data { mail, .. } | Underway::Chunk { then: Then::Goes { mail, .. }, .. },
            ) => mail.note(&here),
            (Concerns::Transaction, _) => {
                if let Some(mail) = self.transaction.mail_mut() {
                    mail.note(&here);
                }
            }
        }
    }
}

/// Whom a finding concerns: every message of the connection, or the one underway.
#[derive(Clone, Copy)]
enum Concerns {
    Connection,
    Transaction,
}

/// The lines of a reply, without their CRLF.
fn lines(reply: &[u8]) -> impl Iterator<Item = &[u8]> {
    reply.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r\n").unwrap_or(line))
}

fn tls_remark(tls: &Tls) -> String {
    format!("TLS: {} {}", tls.version, tls.cipher)
}

/// A reply of one line.
const USUAL_REPLY_BYTES: usize = 128;

/// Replies that may wait to be sent. A client that pipelines HELP by the thousand reads first, then goes on.
const REPLIES_BYTES_MAX: usize = 64 << 10;
