//! Takes the new messages of one file into the inbox, and says what it could not take.
//!
//! A file is read in windows, each covered by the memory budget like mail that comes in by SMTP, and never past what
//! one message may be.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::{info, warn};

use super::ledger::{Due, State, Taken};
use crate::clock;
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::{Client, Door, Envelope};
use crate::mail::from_fields;
use crate::mail::incoming::Incoming;
use crate::mail::pile::{self, Cut, Pile};
use crate::mailbox::Inbox;
use crate::mailbox::inbox::{Reservation, Verdict};
use crate::mailbox::session_log::{Outcome, SessionRecord};

/// Where messages go, and how large they may be.
pub struct Taker {
    /// The inbox.
    pub inbox: Inbox,
    /// The largest message, in bytes.
    pub message_bytes_max: usize,
}

/// What is read at once of a file that holds many messages; more where one is larger.
const WINDOW_BYTES: u64 = 1 << 20;
/// Behind the largest message the next one's header has to be seen too.
const SLACK_BYTES: u64 = 64 << 10;
/// What a message and its record say of their file.
const DIALOGUE_BYTES_MAX: usize = 8 << 10;

impl Taker {
    /// Takes what is new in a file. Answers how far it came, and what is left to do.
    pub async fn take(&self, due: &Due) -> (Taken, State) {
        let path = &due.entry.path;
        let mut taken = due.taken;
        let state = match self.try_take(due, &mut taken).await {
            Ok(state) => state,
            // Gone between the look and now: deleted, or moved from `new` to `cur`.
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::Waiting,
            Err(error) => {
                let why = "its mail was not taken in; when it can be read, touch it";
                self.report(path, &format!("The file cannot be read ({error}); {why}."));
                State::Done
            }
        };
        (taken, state)
    }

    async fn try_take(&self, due: &Due, taken: &mut Taken) -> io::Result<State> {
        let (path, bytes) = (&due.entry.path, due.entry.stamp.bytes);
        let origin = Origin::of(due);
        if taken.bytes > 0 {
            let known = read(path, taken.last, taken.bytes.saturating_sub(taken.last)).await?;
            if bytes < taken.bytes || print(&known) != taken.print {
                *taken = Taken::default();
            } else if bytes == taken.bytes {
                return Ok(State::Done);
            }
        }
        let head = read(path, taken.bytes, (bytes - taken.bytes).min(SLACK_BYTES)).await?;
        // An .eml that grows by what is no header was taken too early: its name vouches for its beginning only.
        let vouched = origin.is_mail && taken.bytes == 0;
        if !vouched && !pile::is_mail(&head) {
            if taken.bytes == 0 {
                if !taken.foreign {
                    self.report(path, "The file does not begin with a header field, so it is not mail; it was passed over. Name it .eml if it is.");
                }
                taken.foreign = true;
                return Ok(State::Done);
            }
            if origin.pile != Pile::Dashes {
                self.report(path, "The file grew after its message was taken in; the message was taken again, whole. Write it elsewhere and move it here.");
                taken.bytes = taken.last;
            }
        }
        self.windows(due, &origin, taken).await
    }

    /// Takes the messages from `taken.bytes` on.
    async fn windows(&self, due: &Due, origin: &Origin, taken: &mut Taken) -> io::Result<State> {
        let (path, bytes) = (&due.entry.path, due.entry.stamp.bytes);
        let longest = self.message_bytes_max as u64 + SLACK_BYTES;
        if origin.pile == Pile::One && bytes - taken.bytes > self.message_bytes_max as u64 {
            self.too_large(path, &format!("a message of {} bytes", bytes - taken.bytes));
            *taken = Taken::default();
            return Ok(State::Done);
        }
        let first = if origin.pile == Pile::One { longest } else { WINDOW_BYTES };
        let mut size = first;
        while taken.bytes < bytes {
            let (from, left) = (taken.bytes, bytes - taken.bytes);
            let (want, at_end) = (left.min(size), left <= size);
            let mut held = self.inbox.reservation();
            if held.cover(want as usize).await.is_err() {
                self.report(path, "The message does not fit into the memory budget and was not taken in; raise --max-memory and start again.");
                return Ok(State::Done);
            }
            let (mut window, mut cut) = read_and_cut(path, from, want, origin.pile, at_end).await?;
            if (window.len() as u64) < want {
                // It has shrunk under our eyes.
                return Ok(State::Waiting);
            }
            if at_end && due.as_it_is && cut.rest < window.len() {
                if origin.pile == Pile::Dashes {
                    let rest = window.len() - cut.rest;
                    self.report(path, &format!("The last {rest} bytes have no line of 79 dashes behind them, as Django writes it behind each message; they were not taken in."));
                } else {
                    cut.messages.push(cut.rest..window.len());
                    cut.rest = window.len();
                }
            }
            if cut.rest == 0 && !at_end {
                if want < longest {
                    size = (size * 4).min(longest);
                    continue;
                }
                self.too_large(path, &format!("the message at byte {from}"));
                drop((window, held));
                let next = self.next_message(path, from + 1, bytes, origin.pile).await?;
                *taken = Taken { bytes: next, last: next, print: print(&[]), foreign: false };
                size = first;
                continue;
            }
            let mut held = Some(held);
            for (at, message) in cut.messages.iter().enumerate() {
                let end = cut.messages.get(at + 1).map_or(cut.rest, |next| next.start);
                let print = print(&window[message.start..end]);
                let alone = message.len() == window.len();
                let raw = if alone { std::mem::take(&mut window) } else { window[message.clone()].to_vec() };
                // Among others it is a copy, and the window stays as long as they are taken.
                let covered = if alone { held.take() } else { None };
                let covered = covered.unwrap_or_else(|| self.inbox.reservation());
                self.accept(origin, path, from + message.start as u64, raw, covered).await;
                *taken = Taken { bytes: from + end as u64, last: from + message.start as u64, print, foreign: false };
            }
            if at_end {
                break;
            }
            size = first;
        }
        Ok(if taken.bytes == bytes || due.as_it_is { State::Done } else { State::Partial })
    }

    /// Where the next message begins behind one that is passed over; the end if there is none.
    async fn next_message(&self, path: &Path, mut from: u64, bytes: u64, pile: Pile) -> io::Result<u64> {
        while from < bytes {
            let window = read(path, from, (bytes - from).min(WINDOW_BYTES)).await?;
            match pile.resume(&window) {
                Some(next) => return Ok(from + next as u64),
                // A header may lie across the end of a window.
                None if window.len() as u64 == WINDOW_BYTES => from += WINDOW_BYTES - SLACK_BYTES,
                None => break,
            }
        }
        Ok(bytes)
    }

    async fn accept(&self, origin: &Origin, path: &Path, from: u64, raw: Vec<u8>, held: Reservation) {
        let bytes = raw.len();
        if bytes > self.message_bytes_max {
            return self.too_large(path, &format!("a message of {bytes} bytes"));
        }
        let read = from_fields::Read::of(&raw, origin.named.as_deref());
        let envelope = Envelope { from: read.from, to: read.to.into(), client: Arc::new(client(path)) };
        let mut dialogue = Dialogue::new(DIALOGUE_BYTES_MAX);
        dialogue.remark(&format!("{bytes} bytes were read from {}, from byte {from} on", path.display()));
        dialogue.remark("a file has no envelope: sender and recipients were read from the fields");
        let (sender, recipients) = (envelope.from.path.to_string(), envelope.to.len());
        match self.inbox.accept(Incoming { raw, envelope, dialogue, findings: Vec::new() }, held).await {
            Verdict::Kept(id) => {
                info!(%id, door = Door::Pickup.name(), from = sender, recipients, bytes, file = %path.display(), "kept");
            }
            Verdict::Full => {
                self.report(path, "The message does not fit into the memory budget and was not taken in; raise --max-memory and start again.");
            }
            Verdict::Failed(why) => self.report(path, &format!("The message was not kept: {why}.")),
        }
    }

    fn too_large(&self, path: &Path, what: &str) {
        let limit = self.message_bytes_max;
        self.report(path, &format!("The file holds {what}, and the limit is {limit} bytes; it was not taken in. Raise --max-message-size and start again."));
    }

    /// Tells the log and the session log of what was not taken, as of an SMTP session that brought nothing.
    pub fn report(&self, path: &Path, sentence: &str) {
        warn!("{}: {sentence}", path.display());
        let mut dialogue = Dialogue::new(DIALOGUE_BYTES_MAX);
        dialogue.remark(&format!("{}: {sentence}", path.display()));
        let now = clock::now();
        self.inbox.sessions().add(SessionRecord {
            opened: now,
            closed: now,
            client: client(path),
            messages: 0,
            ids: Vec::new(),
            findings: Vec::new(),
            outcome: Outcome::Broken(sentence.into()),
            dialogue,
        });
    }
}

/// What the place and the name of a file tell of its writer.
struct Origin {
    pile: Pile,
    /// Its place or its name says that it is mail, whatever is in it.
    is_mail: bool,
    /// The recipient after whom Rails named it.
    named: Option<String>,
}

impl Origin {
    fn of(due: &Due) -> Self {
        if due.entry.whole {
            return Self { pile: Pile::One, is_mail: true, named: None };
        }
        let name = due.entry.path.file_name().unwrap_or_default().to_string_lossy();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let eml = ending.eq_ignore_ascii_case("eml");
        let named = if eml { stem } else { &name };
        let is_address = named.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        let named = (is_address && !named.contains(char::is_whitespace)).then(|| named.to_owned());
        let pile = match &named {
            Some(_) => Pile::Bare,
            None if ending.eq_ignore_ascii_case("log") => Pile::Dashes,
            None => Pile::One,
        };
        Self { pile, is_mail: eml, named }
    }
}

fn client(path: &Path) -> Client {
    let mut client = Client::at(Door::Pickup);
    client.file = Some(path.to_string_lossy().into());
    client
}

async fn read_and_cut(path: &Path, from: u64, bytes: u64, pile: Pile, at_end: bool) -> io::Result<(Vec<u8>, Cut)> {
    blocking(path, move |path| {
        let window = read_now(path, from, bytes)?;
        let cut = pile.cut(&window, at_end);
        Ok((window, cut))
    })
    .await
}

async fn read(path: &Path, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    blocking(path, move |path| read_now(path, from, bytes)).await
}

fn read_now(path: &Path, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut read = Vec::with_capacity(bytes as usize);
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// Files may be slow: they are read where waiting stops nobody.
async fn blocking<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let path: PathBuf = path.to_owned();
    tokio::task::spawn_blocking(move || work(&path)).await.map_err(io::Error::other)?
}

fn print(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
