//! One conversation, without its socket: what is to be written, and what a reply makes of it.

use tokio::time::Instant;

use crate::letter::{Codes, Letters, Piece};

/// A client between its greeting and its QUIT. It reads of each reply only the code and where it ends.
pub struct Client<'a> {
    letters: &'a Letters,
    /// What is still to be written.
    unsent: &'a [u8],
    /// What is still to be answered.
    codes: Codes,
    stage: Stage,
    line: Line,
    /// Whether the server said that it takes several commands at once (RFC 2920); else each waits for its reply.
    pipelining: bool,
    /// The number of the message that is sent next, and how many are left with it.
    next: usize,
    left: usize,
}

/// What the replies under way answer.
enum Stage {
    Greeting,
    Hello,
    Mail,
    Rcpt,
    /// What ends in 354.
    Envelope,
    /// The first reply is that of the message; `sent` is when its dot was written.
    Message {
        sent: Option<Instant>,
    },
    Quit,
    Over,
}

/// The beginning of a reply line that may come in pieces.
#[derive(Default)]
struct Line {
    head: [u8; HEAD_OCTETS],
    seen: usize,
}

/// As much of a line as is looked at, or told of one that is wrong.
const HEAD_OCTETS: usize = 32;

/// What happened while replies were read.
pub trait Observer {
    /// A message was acknowledged, so long after its dot.
    fn acknowledged(&mut self, after: std::time::Duration);
}

impl<'a> Client<'a> {
    /// One that sends so many messages, from this number on.
    pub fn new(letters: &'a Letters, next: usize, left: usize) -> Self {
        Self {
            letters,
            unsent: b"",
            codes: &[b"220"],
            stage: Stage::Greeting,
            line: Line::default(),
            pipelining: false,
            next,
            left,
        }
    }

    pub fn unsent(&self) -> &'a [u8] {
        self.unsent
    }

    /// So much of it was written, by now.
    pub fn wrote(&mut self, octets: usize, now: Instant) {
        self.unsent = &self.unsent[octets..];
        if let (Stage::Message { sent }, []) = (&mut self.stage, self.unsent) {
            *sent = Some(now);
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// Reads what the server said. Afterwards there may be more to write.
    pub fn read(&mut self, mut said: &[u8], now: Instant, observer: &mut impl Observer) -> Result<(), String> {
        while let Some(end) = memchr::memchr(b'\n', said) {
            let (line, rest) = said.split_at(end + 1);
            self.line.take(line);
            said = rest;
            let line = std::mem::take(&mut self.line);
            if let Stage::Hello = self.stage
                && line.head[4..].to_ascii_uppercase().starts_with(b"PIPELINING")
            {
                self.pipelining = true;
            }
            // RFC 5321 section 4.2.1: all lines but the last of a reply have a hyphen there.
            if line.head[3] != b'-' {
                self.reply(&line.head[..line.seen], now, observer)?;
            }
        }
        self.line.take(said);
        Ok(())
    }

    fn reply(&mut self, head: &[u8], now: Instant, observer: &mut impl Observer) -> Result<(), String> {
        let Some((awaited, codes)) = self.codes.split_first() else {
            return Err(format!("a reply that nothing asked for: {}", head.escape_ascii()));
        };
        if !head.starts_with(&awaited[..]) {
            return Err(format!("expected {}, got {}", awaited.escape_ascii(), head.escape_ascii()));
        }
        if let Stage::Message { sent } = &mut self.stage
            && let Some(sent) = sent.take()
        {
            observer.acknowledged(now - sent);
        }
        self.codes = codes;
        if codes.is_empty() {
            self.step();
        }
        Ok(())
    }

    /// Everything was answered: the next piece.
    fn step(&mut self) {
        let (stage, piece) = match self.stage {
            Stage::Greeting => (Stage::Hello, Letters::hello()),
            Stage::Hello => self.envelope(),
            Stage::Mail => (Stage::Rcpt, Letters::rcpt()),
            Stage::Rcpt => (Stage::Envelope, Letters::data()),
            Stage::Message { .. } if self.left == 0 => (Stage::Quit, Letters::quit()),
            Stage::Message { .. } if !self.pipelining => self.envelope(),
            Stage::Envelope | Stage::Message { .. } => self.message(),
            Stage::Quit | Stage::Over => (Stage::Over, Piece { bytes: b"", codes: &[] }),
        };
        self.stage = stage;
        self.unsent = piece.bytes;
        self.codes = piece.codes;
    }

    fn envelope(&self) -> (Stage, Piece<'a>) {
        if self.pipelining { (Stage::Envelope, Letters::envelope()) } else { (Stage::Mail, Letters::mail()) }
    }

    fn message(&mut self) -> (Stage, Piece<'a>) {
        let another = self.pipelining && self.left > 1;
        let piece =
            if another { self.letters.message_and_envelope(self.next) } else { self.letters.message(self.next) };
        self.next += 1;
        self.left -= 1;
        (Stage::Message { sent: None }, piece)
    }
}

impl Line {
    fn take(&mut self, piece: &[u8]) {
        let room = self.head.len().saturating_sub(self.seen).min(piece.len());
        self.head[self.seen..][..room].copy_from_slice(&piece[..room]);
        self.seen += room;
    }
}
