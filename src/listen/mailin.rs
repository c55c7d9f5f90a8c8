//! Our inbox behind somebody else's mailin-embedded server (feature `mailin`). The only file that names that crate.
//!
//! For programs that run mailin-embedded already: its server keeps the socket and speaks, a [`Sink`] keeps what it
//! hears. What mailin does not tell (port, TLS, parameters, the dialogue) stays empty; nothing is made up.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use mailin_embedded::{Action, Handler, Response, response};
use tokio::runtime::Handle;

use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::{Addressed, Client, Door, Envelope, Helo, Login, Params, Path};
use crate::mail::incoming::Incoming;
use crate::mailbox::Inbox;
use crate::mailbox::inbox::{NoRoom, Reservation, Verdict};

/// A [`Handler`] that gives every message to an inbox. mailin clones it for each connection; clones share the inbox and
/// nothing else.
///
/// mailin's threads wait for the inbox, so they must not be threads of the runtime.
pub struct Sink {
    inbox: Inbox,
    runtime: Handle,
    message_bytes_max: usize,
    client: Client,
    message: Message,
}

/// What is being received.
#[derive(Default)]
struct Message {
    raw: Vec<u8>,
    from: Path,
    to: Vec<Path>,
    held: Option<Reservation>,
    lost: Option<Lost>,
}

/// Why a message cannot be kept. mailin would answer an error in the middle of one with a 554 for each of its lines and
/// a 250 at the end; so it is remembered, and told once, at the end.
#[derive(Clone, Copy)]
enum Lost {
    TooLarge,
    NoRoom,
}

impl Sink {
    /// A sink into `inbox`, which is served by `runtime`. A message larger than `message_bytes_max` is refused.
    pub fn new(inbox: Inbox, runtime: Handle, message_bytes_max: usize) -> Self {
        Self { inbox, runtime, message_bytes_max, client: Client::at(Door::Mailin), message: Message::default() }
    }

    fn login(&mut self, mechanism: &str, user: &str) -> Response {
        self.client.login = Some(Login { mechanism: mechanism.into(), user: user.into() }.into());
        response::AUTH_OK
    }
}

impl Clone for Sink {
    fn clone(&self) -> Self {
        Self::new(self.inbox.clone(), self.runtime.clone(), self.message_bytes_max)
    }
}

impl Handler for Sink {
    /// mailin does not say whether it was HELO or EHLO, nor from which port.
    fn helo(&mut self, _: IpAddr, domain: &str) -> Response {
        self.client.helo = Some(Helo { extended: true, name: Path::verbatim(domain.as_bytes()) });
        response::OK
    }

    /// RSET is not announced: whatever was open is forgotten here.
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        self.message = Message { from: Path::verbatim(from.as_bytes()), ..Message::default() };
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        self.message.to.push(Path::verbatim(to.as_bytes()));
        response::OK
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, _: &[String]) -> Response {
        self.message.held = Some(self.inbox.reservation());
        response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        let message = &mut self.message;
        let Some(held) = message.held.as_mut().filter(|_| message.lost.is_none()) else { return Ok(()) };
        let size = message.raw.len() + bytes.len();
        if size > self.message_bytes_max {
            message.lost = Some(Lost::TooLarge);
        } else if size > held.bytes() && self.runtime.block_on(held.cover(size)) == Err(NoRoom) {
            message.lost = Some(Lost::NoRoom);
        } else {
            message.raw.extend_from_slice(bytes);
            return Ok(());
        }
        message.raw = Vec::new();
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let Message { raw, from, to, held, lost } = std::mem::take(&mut self.message);
        match lost {
            Some(Lost::TooLarge) => return refused(552, "5.3.4 The message is larger than the limit"),
            Some(Lost::NoRoom) => return refused(452, FULL),
            None => {}
        }
        let addressed = |path| Addressed { path, params: Params::default() };
        let envelope = Envelope {
            from: addressed(from),
            to: to.into_iter().map(addressed).collect(),
            client: Arc::new(self.client.clone()),
        };
        let incoming = Incoming { raw, envelope, dialogue: Dialogue::default(), findings: Vec::new() };
        let held = held.unwrap_or_else(|| self.inbox.reservation());
        match self.runtime.block_on(self.inbox.accept(incoming, held)) {
            Verdict::Kept(id) => Response::custom(250, format!("2.0.0 Ok: queued as {id}")),
            Verdict::Full => refused(452, FULL),
            Verdict::Failed(sentence) => refused(451, &format!("4.3.0 {sentence}")),
        }
    }

    /// Any credentials do, as at our own doors.
    fn auth_plain(&mut self, _: &str, user: &str, _: &str) -> Response {
        self.login("PLAIN", user)
    }

    fn auth_login(&mut self, user: &str, _: &str) -> Response {
        self.login("LOGIN", user)
    }
}

const FULL: &str = "4.3.1 There is no memory left for this message";

/// After a refusal at the end of a message mailin goes on to take commands for more of its text, and its client waits
/// for ever. So the connection ends with the refusal.
fn refused(code: u16, text: &str) -> Response {
    let mut response = Response::custom(code, text.to_owned());
    response.action = Action::Close;
    response
}
