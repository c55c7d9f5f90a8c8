//! The SMTP driver: carries bytes between a client and the protocol core, owns its clock, and asks the inbox.
//!
//! It knows no grammar and no reply. It reads, feeds [`Session`], and does what the session's actions say: send,
//! shake hands, deliver and hand back the verdict, close. When the connection is over it is a record in the session
//! log, with or without a message.

mod ending;
mod told;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

use super::tls::{self, Terminator};
use super::tls_knock::{self, Knocks};
use crate::clock;
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::{Client, Door};
use crate::mailbox::inbox::{Reservation, Verdict};
use crate::mailbox::session_log::{IDS_MAX, Outcome, SessionRecord};
use crate::mailbox::{Inbox, MessageId};
use crate::protocol::smtp::{self, Action, Patience, Policy, Session};
use ending::End;
use told::Summary;

/// What every session of one door shares.
pub struct Gate {
    /// Where this door stands.
    pub door: Door,
    /// What its sessions may do.
    pub policy: Arc<Policy>,
    /// Its certificate.
    pub tls: Terminator,
    /// Where messages go.
    pub inbox: Inbox,
    /// The driver's own options.
    pub timing: Timing,
    /// Peers that spoke TLS to this door when it was too late.
    pub knocks: Knocks,
}

/// How long the driver waits.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The longest silence of a client (RFC 5321 §4.5.3.2 asks for at least five minutes).
    pub idle: Duration,
    /// What a message under way gets to finish when the server stops.
    pub grace: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self { idle: Duration::from_secs(5 * 60), grace: Duration::from_secs(5) }
    }
}

/// A client on 465 that says nothing waits for a greeting: it speaks plain SMTP.
const TLS_FIRST_BYTE: Duration = Duration::from_secs(2);
const HANDSHAKE_MAX: Duration = Duration::from_secs(30);
const WRITE_MAX: Duration = Duration::from_secs(60);
/// Small while commands come, so that ten thousand idle clients cost little; large while a message comes.
const COMMAND_BUFFER_BYTES: usize = 4 << 10;
const DATA_BUFFER_BYTES: usize = 64 << 10;

/// Serves one client over a socket.
pub async fn serve(gate: Arc<Gate>, stream: TcpStream, peer: SocketAddr, stop: CancellationToken) {
    // A reply is one write; holding it back for more would only make the client wait.
    let _ = stream.set_nodelay(true);
    let opened = clock::now();
    let _under_way = gate.inbox.sessions().begin();
    let mut client = Client::at(gate.door);
    client.peer = Some(peer);
    client.local = stream.local_addr().ok();
    let tls_first = match gate.door {
        Door::Smtps => match tokio::time::timeout(TLS_FIRST_BYTE, tls_knock::first_byte(&stream)).await {
            Ok(Ok(byte)) => Some(tls_knock::is_handshake(byte)),
            Ok(Err(_)) => return never_spoke(&gate, client, opened, Outcome::Empty(ending::SILENT.into())),
            Err(_) => Some(false),
        },
        _ => gate.knocks.is_tls(&stream, peer.ip()).await.then_some(true),
    };
    match tls_first {
        Some(true) => match shake(&gate.tls, Box::new(stream), &stop).await {
            Ok((wire, tls)) => {
                client.tls = Some(tls.into());
                Driver::new(&gate, client, opened).serve(wire, stop).await;
            }
            Err(error) => never_spoke(&gate, client, opened, Outcome::Broken(tls::cure(&error))),
        },
        Some(false) => {
            let session = Session::refusing_plain(gate.policy.clone(), client);
            Driver::with(&gate, session, opened).serve(Box::new(stream), stop).await;
        }
        None => Driver::new(&gate, client, opened).serve(Box::new(stream), stop).await,
    }
}

/// Serves one client in memory: no socket, no TLS, the same session.
pub async fn serve_in_memory(gate: Arc<Gate>, stream: tokio::io::DuplexStream) {
    let driver = Driver::new(&gate, Client::at(gate.door), clock::now());
    driver.serve(Box::new(stream), CancellationToken::new()).await;
}

/// A connection that was over before a word was said is a session all the same: it answers "why did nothing arrive?".
fn never_spoke(gate: &Gate, client: Client, opened: Timestamp, outcome: Outcome) {
    let sentence = outcome.sentence().unwrap_or_default();
    info!(peer = %shown(client.peer), door = gate.door.name(), "{sentence}");
    let mut dialogue = Dialogue::new(gate.policy.dialogue_bytes_max);
    dialogue.remark(sentence);
    gate.inbox.sessions().add(SessionRecord {
        opened,
        closed: clock::now(),
        client,
        messages: 0,
        ids: Vec::new(),
        findings: Vec::new(),
        outcome,
        dialogue,
    });
}

/// A stream of bytes, plain or not.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// One connection under way.
struct Driver<'a> {
    gate: &'a Gate,
    opened: Timestamp,
    session: Session,
    held: Reservation,
    /// The messages that were kept, the newest [`IDS_MAX`].
    ids: Vec<MessageId>,
    first_input: bool,
    /// The stream, once all is said and only the close is left.
    farewell: Option<Box<dyn Wire>>,
}

impl<'a> Driver<'a> {
    fn new(gate: &'a Gate, client: Client, opened: Timestamp) -> Self {
        Self::with(gate, Session::new(gate.policy.clone(), client, clock::seed()), opened)
    }

    fn with(gate: &'a Gate, session: Session, opened: Timestamp) -> Self {
        Self {
            gate,
            opened,
            session,
            held: gate.inbox.reservation(),
            ids: Vec::new(),
            first_input: true,
            farewell: None,
        }
    }

    async fn serve(mut self, wire: Box<dyn Wire>, stop: CancellationToken) {
        let end = self.converse(wire, stop).await;
        let farewell = self.farewell.take();
        self.record(end);
        // Last, so that whoever has seen the close finds the session in the log.
        if let Some(mut wire) = farewell {
            let _ = tokio::time::timeout(WRITE_MAX, wire.shutdown()).await;
        }
    }

    async fn converse(&mut self, mut wire: Box<dyn Wire>, stop: CancellationToken) -> End {
        let mut buffer = Vec::with_capacity(COMMAND_BUFFER_BYTES);
        // What was read and not taken yet begins here.
        let mut unread = 0;
        // The end of the grace, once the server stops: for all that is to come, not for each line of it.
        let mut last_call: Option<Instant> = None;
        let mut stopped = pin!(stop.cancelled());
        // Set anew only when it rings, not for each line.
        let mut alarm = pin!(sleep_until(Instant::now() + self.gate.timing.idle));
        let mut expired = false;
        loop {
            // Before anything is said: the replies to commands that came together leave together (RFC 2920 §3.2).
            if unread < buffer.len() {
                // Before it is taken, so that never more is there than is held; and after, for less may be needed then.
                let beside = beside_session(&buffer);
                if self.held.cover(self.session.memory_with(buffer.len() - unread) + beside).await.is_err() {
                    self.session.storage_full();
                }
                unread += self.session.feed(&buffer[unread..]);
                if self.held.cover(self.session.memory() + beside).await.is_err() {
                    self.session.storage_full();
                }
            }
            while let Some(action) = self.session.next_action() {
                match action {
                    Action::Send(bytes) => match tokio::time::timeout(WRITE_MAX, send(&mut wire, &bytes)).await {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => return End::Gone(Some(error)),
                        Err(_) => return End::Gone(Some(io::ErrorKind::TimedOut.into())),
                    },
                    Action::StartTls => {
                        // Plaintext behind STARTTLS is never taken for what came under TLS (RFC 3207 §4.2).
                        unread = buffer.len();
                        match shake(&self.gate.tls, wire, &stop).await {
                            Ok((secured, tls)) => {
                                wire = secured;
                                self.session.tls_done(tls);
                            }
                            Err(error) => return End::NoTls(error),
                        }
                    }
                    Action::Deliver(incoming) => {
                        let held = std::mem::replace(&mut self.held, self.gate.inbox.reservation());
                        let about = tracing::enabled!(tracing::Level::INFO).then(|| Summary::of(&incoming));
                        let verdict = self.gate.inbox.accept(*incoming, held).await;
                        if let Some(about) = about {
                            about.log(&verdict);
                        }
                        self.remember(&verdict);
                        self.session.verdict(spoken(verdict));
                        if unread < buffer.len() {
                            break;
                        }
                    }
                    Action::Close => {
                        self.farewell = Some(wire);
                        return if expired { End::Expired } else { End::Closed };
                    }
                }
            }
            if unread < buffer.len() {
                continue;
            }
            let patience = self.session.patience();
            // The grace is for a message under way; between two of them is where a session ends.
            if last_call.is_some() && patience == Patience::Command {
                self.session.shutdown();
                continue;
            }
            self.make_room(&mut buffer, patience).await;
            unread = 0;
            let silent_since = Instant::now();
            let until = || last_call.unwrap_or_else(|| silent_since + self.gate.timing.idle);
            loop {
                tokio::select! {
                    biased; // a client that never pauses must not keep the server from stopping
                    () = &mut stopped, if last_call.is_none() => {
                        let end = Instant::now() + self.gate.timing.grace;
                        last_call = Some(end);
                        alarm.as_mut().reset(end);
                        break;
                    }
                    read = wire.read_buf(&mut buffer) => match read {
                        Ok(0) => return End::Gone(None),
                        Ok(_) => {
                            self.look_at_first(buffer[0]);
                            break;
                        }
                        Err(error) => return End::Gone(Some(error)),
                    },
                    () = &mut alarm => {}
                }
                if Instant::now() < until() {
                    alarm.as_mut().reset(until());
                    continue;
                }
                match last_call {
                    Some(_) => self.session.shutdown(),
                    None => {
                        expired = true;
                        self.session.expired();
                    }
                }
                break;
            }
        }
    }

    /// Empties the buffer. Only a message that fills it gets a larger one, if the budget has it, and only until its end: ten
    /// thousand idle clients should cost little, and a small message should not pay for a large one.
    async fn make_room(&mut self, buffer: &mut Vec<u8>, patience: Patience) {
        let filled = buffer.len() == buffer.capacity();
        buffer.clear();
        let large = DATA_BUFFER_BYTES;
        let wants_large = patience == Patience::Data && filled && buffer.capacity() < large;
        if wants_large && self.held.cover(self.session.memory() + large).await.is_ok() {
            *buffer = Vec::with_capacity(large);
        } else if patience == Patience::Command && buffer.capacity() > COMMAND_BUFFER_BYTES {
            *buffer = Vec::with_capacity(COMMAND_BUFFER_BYTES);
        }
    }

    fn remember(&mut self, verdict: &Verdict) {
        if let Verdict::Kept(id) = verdict {
            if self.ids.len() == IDS_MAX {
                self.ids.remove(0);
            }
            self.ids.push(*id);
        }
    }

    fn look_at_first(&mut self, byte: u8) {
        let first = std::mem::take(&mut self.first_input);
        if let Some(peer) = self.session.client().peer
            && first
            && self.session.client().tls.is_none()
            && tls_knock::is_handshake(byte)
        {
            self.gate.knocks.remember(peer.ip());
        }
    }

    fn record(self, end: End) {
        let outcome = ending::outcome(&self.session, !self.first_input, &end, self.gate.policy.signposts);
        if let Some(sentence) = outcome.sentence() {
            let (peer, door) = (shown(self.session.client().peer), self.gate.door.name());
            // A port that is only knocked at, as probes do, is no news; a client that failed is.
            if matches!(outcome, Outcome::Broken(_)) {
                info!(%peer, door, "{sentence}");
            } else {
                debug!(%peer, door, "{sentence}");
            }
        }
        self.gate.inbox.sessions().add(SessionRecord {
            opened: self.opened,
            closed: clock::now(),
            client: self.session.client().clone(),
            messages: self.session.messages(),
            ids: self.ids,
            findings: self.session.findings().to_vec(),
            outcome,
            dialogue: self.session.dialogue().clone(),
        });
    }
}

/// What a large buffer takes of the budget. The small ones are the connections' own, as their tasks and sockets are.
fn beside_session(buffer: &Vec<u8>) -> usize {
    if buffer.capacity() > COMMAND_BUFFER_BYTES { buffer.capacity() } else { 0 }
}

/// Writes, and flushes: a TLS stream whose socket is full keeps the end for later, and the client would wait for it.
async fn send(wire: &mut Box<dyn Wire>, bytes: &[u8]) -> io::Result<()> {
    wire.write_all(bytes).await?;
    wire.flush().await
}

fn shown(peer: Option<SocketAddr>) -> String {
    peer.map_or_else(|| "nobody".into(), |peer| peer.to_string())
}

/// Shakes hands, unless the server stops: nobody has said anything that could be lost.
async fn shake(
    tls: &Terminator,
    wire: Box<dyn Wire>,
    stop: &CancellationToken,
) -> io::Result<(Box<dyn Wire>, crate::mail::envelope::Tls)> {
    tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE_MAX, tls.accept(wire)) => match shaken {
            Ok(shaken) => shaken.map(|(stream, tls)| (Box::new(stream) as Box<dyn Wire>, tls)),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        },
        () = stop.cancelled() => Err(io::Error::other("the server was stopped")),
    }
}

fn spoken(verdict: Verdict) -> smtp::Verdict {
    match verdict {
        Verdict::Kept(id) => smtp::Verdict::Kept(id.to_string().into()),
        Verdict::Full => smtp::Verdict::Full,
        Verdict::Failed(sentence) => smtp::Verdict::Failed(sentence.into()),
    }
}

#[cfg(test)]
mod tests;
