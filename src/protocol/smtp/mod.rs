//! The SMTP server's side of a connection, without a connection (RFC 5321).
//!
//! Job: read what the client says, keep its order, answer, and hand over whole messages. Non-job: sockets, time, TLS,
//! keeping mail. The driver (`listen/smtp.rs`) feeds bytes to a [`Session`] and does what [`Session::next_action`]
//! says; the mailbox decides, and its [`Verdict`] comes back down.
//!
//! One line's way through the files: `line` cuts it off the stream, `command` reads it (with `path` for what stands
//! in angle brackets), `session` knows who said what before, `transaction` what is open, `auth` and `data` what is
//! underway between two commands, `body` what was odd in it, and `reply` says it. `extension` is the table behind EHLO, `policy` the limits,
//! `record` what is remembered of it all.
//!
//! Absent, on purpose: no reply code outside `reply`, no clock, no chance (the one seed is an argument), no refusal
//! that is not a limit of [`Policy`] or a line that cannot be read.
//!
//! ```
//! use restante::mail::envelope::{Client, Door};
//! use restante::protocol::smtp::{Action, Session, Verdict};
//!
//! let mut session = Session::new(Default::default(), Client::at(Door::Smtp), 0);
//! session.feed(b"EHLO app\r\nMAIL FROM:<a@app.test>\r\nRCPT TO:<b@app.test>\r\nDATA\r\nHello\r\n.\r\nQUIT\r\n");
//! assert!(matches!(session.next_action(), Some(Action::Send(_)))); // all replies up to here, in one piece
//! let Some(Action::Deliver(incoming)) = session.next_action() else { panic!() };
//! assert_eq!(incoming.raw, b"Hello\r\n");
//! session.verdict(Verdict::Kept("1".into()));
//! session.feed(b"QUIT\r\n"); // it took no input in the meantime: the rest is fed again
//! let Some(Action::Send(bytes)) = session.next_action() else { panic!() };
//! assert_eq!(bytes, b"250 2.0.0 Ok: queued as 1\r\n221 2.0.0 Bye\r\n");
//! assert!(matches!(session.next_action(), Some(Action::Close)));
//! ```

mod auth;
mod body;
mod command;
mod data;
mod extension;
mod line;
mod path;
mod policy;
mod record;
mod reply;
mod session;
mod transaction;

pub use policy::{Policy, Signposts, StartTls};
pub use session::{Refusal, Session};

use crate::mail::incoming::Incoming;

/// What the driver must do, in the order in which it is given.
#[derive(Debug)]
pub enum Action {
    /// Write these bytes. Replies that follow each other come as one (RFC 2920 §3.2: one write per batch).
    Send(Vec<u8>),
    /// Throw away what was read beyond this point, shake hands, then call [`Session::tls_done`] (RFC 3207 §4).
    StartTls,
    /// Have the message kept, then call [`Session::verdict`]. Until then the session takes no input.
    Deliver(Box<Incoming>),
    /// Write nothing more and close.
    Close,
}

/// The mailbox's answer to [`Action::Deliver`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, under this id.
    Kept(Box<str>),
    /// There is no room for it.
    Full,
    /// It could not be kept, for a reason that may pass; the sentence says which.
    Failed(Box<str>),
    /// A rule of the user's refuses it; the sentence says which.
    Refused(Box<str>),
}

/// What a session waits for; the driver turns it into seconds (RFC 5321 §4.5.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// The peer: its next command or AUTH line.
    Command,
    /// The peer: more of a message.
    Data,
    /// Us: the mailbox.
    Verdict,
    /// Us: the handshake, which has its own limit.
    Tls,
    /// Nobody; it is over.
    Closed,
}
