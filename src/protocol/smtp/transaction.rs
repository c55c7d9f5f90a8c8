//! A mail transaction (RFC 5321 §3.3): what is open between MAIL and the end of the message.
//!
//! A state owns what exists in it: there are no recipients before there is a sender. A step consumes the state and
//! returns the next, whole. Non-job: who the client is, and what comes between two commands.

use super::data::Sink;
use super::policy::Policy;
use super::record;
use super::reply::Reply;
use crate::mail::envelope::{Addressed, Params};
use crate::mail::finding::{Finding, Oddity};

/// What is open.
#[derive(Default)]
pub(super) enum Transaction {
    /// Nothing.
    #[default]
    Idle,
    /// A sender, and who has been added since.
    Open(Mail),
    /// A message that comes in chunks (RFC 3030 §2), between two of them.
    Chunked(Mail, Message),
}

/// The envelope so far.
pub(super) struct Mail {
    pub(super) from: Addressed,
    pub(super) to: Vec<Addressed>,
    /// What was odd about it.
    pub(super) findings: Vec<Finding>,
    recipient_octets: usize,
    /// There is no memory for more recipients.
    closed: bool,
}

/// A message that is being received.
pub(super) enum Message {
    /// All of it so far.
    Kept { raw: Vec<u8>, octets_max: usize },
    /// Given up; the rest is counted and thrown away, so that the session stays in step.
    Dropped { why: Dropped, octets: u64 },
}

/// Why a message is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dropped {
    /// It is larger than the limit, which was this.
    TooLarge(usize),
    /// The driver found no memory for it.
    NoMemory,
}

impl Transaction {
    /// MAIL. A transaction that was open is forgotten: the client has begun again (§4.1.4 would have it refused).
    pub(super) fn mail(self, from: Addressed, mut findings: Vec<Finding>) -> Self {
        if !matches!(self, Self::Idle) {
            findings.push(Finding::bare(Oddity::NestedMail));
        }
        Self::Open(Mail { from, to: Vec::new(), findings, recipient_octets: 0, closed: false })
    }

    /// RCPT.
    pub(super) fn rcpt(mut self, rcpt: Addressed, policy: &Policy) -> (Self, Reply<'static>) {
        let reply = match &mut self {
            Self::Idle => Reply::MailFirst,
            Self::Open(mail) | Self::Chunked(mail, _) => mail.rcpt(rcpt, policy),
        };
        (self, reply)
    }

    /// DATA: takes the envelope out, or leaves the transaction as it was.
    pub(super) fn data(&mut self) -> Result<Mail, Reply<'static>> {
        match std::mem::take(self) {
            Self::Open(mail) if !mail.to.is_empty() => Ok(mail),
            Self::Chunked(mail, message) => {
                *self = Self::Chunked(mail, message);
                Err(Reply::BdatBegun)
            }
            same => Err(self.too_early(same)),
        }
    }

    /// BDAT: likewise, with what came in the chunks before.
    pub(super) fn bdat(&mut self, policy: &Policy) -> Result<(Mail, Message), Reply<'static>> {
        match std::mem::take(self) {
            Self::Open(mail) if !mail.to.is_empty() => Ok((mail, Message::empty(policy))),
            Self::Chunked(mail, message) => Ok((mail, message)),
            same => Err(self.too_early(same)),
        }
    }

    /// §3.3: without sender or recipients there is nothing that a message could belong to.
    fn too_early(&mut self, same: Self) -> Reply<'static> {
        *self = same;
        if matches!(self, Self::Idle) { Reply::MailFirst } else { Reply::RcptFirst }
    }

    /// The envelope that is open.
    pub(super) fn mail_mut(&mut self) -> Option<&mut Mail> {
        match self {
            Self::Idle => None,
            Self::Open(mail) | Self::Chunked(mail, _) => Some(mail),
        }
    }

    /// The parameters of MAIL.
    pub(super) fn params(&self) -> Option<&Params> {
        match self {
            Self::Idle => None,
            Self::Open(mail) | Self::Chunked(mail, _) => Some(&mail.from.params),
        }
    }
}

impl Mail {
    fn rcpt(&mut self, rcpt: Addressed, policy: &Policy) -> Reply<'static> {
        if self.to.len() >= policy.recipients_max {
            return Reply::RecipientsFull(policy.recipients_max);
        }
        let octets = self.recipient_octets + rcpt.path.as_bytes().len() + rcpt.params.as_bytes().len();
        if self.closed {
            return Reply::Full;
        }
        if octets > RECIPIENT_OCTETS_MAX {
            return Reply::RecipientsLong;
        }
        self.recipient_octets = octets;
        self.to.push(rcpt);
        Reply::RecipientKept
    }

    /// Takes no more recipients.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        self.recipient_octets + self.to.capacity() * size_of::<Addressed>()
    }

    pub(super) fn note(&mut self, findings: &[Finding]) {
        record::add(&mut self.findings, findings);
    }
}

impl Message {
    pub(super) fn empty(policy: &Policy) -> Self {
        Self::Kept { raw: Vec::new(), octets_max: policy.message_bytes_max }
    }

    /// Gives the message up and its memory back.
    pub(super) fn give_up(&mut self, why: Dropped) {
        if let Self::Kept { raw, .. } = self {
            *self = Self::Dropped { why, octets: raw.len() as u64 };
        }
    }

    /// How many octets came in, kept or not.
    pub(super) fn octets(&self) -> u64 {
        match self {
            Self::Kept { raw, .. } => raw.len() as u64,
            Self::Dropped { octets, .. } => *octets,
        }
    }

    /// How many are held in memory.
    pub(super) fn holding(&self) -> usize {
        match self {
            Self::Kept { raw, .. } => raw.len(),
            Self::Dropped { .. } => 0,
        }
    }

    /// Bytes of memory that it takes when so many more octets are there: it grows ahead of what comes.
    pub(super) fn memory_with(&self, more: usize) -> usize {
        match self {
            Self::Kept { raw, .. } if more <= raw.capacity() - raw.len() => raw.capacity(),
            Self::Kept { raw, .. } => {
                (raw.len() + more).max(raw.capacity() + (raw.capacity() / 2).max(GROWTH_BYTES_MIN))
            }
            Self::Dropped { .. } => 0,
        }
    }

    /// Whether `octets` more go beyond the limit.
    pub(super) fn would_exceed(&self, octets: u64) -> Option<Dropped> {
        match self {
            Self::Kept { raw, octets_max } => {
                (octets > (octets_max - raw.len()) as u64).then_some(Dropped::TooLarge(*octets_max))
            }
            Self::Dropped { .. } => None,
        }
    }
}

impl Sink for Message {
    fn append(&mut self, bytes: &[u8]) {
        if let Some(why) = self.would_exceed(bytes.len() as u64) {
            self.give_up(why);
        }
        let memory = self.memory_with(bytes.len());
        match self {
            Self::Kept { raw, .. } => {
                // Not by as much again, as a vector would: what is held has to be found before, in a full mailbox.
                raw.reserve_exact(memory - raw.len());
                raw.extend_from_slice(bytes);
            }
            Self::Dropped { octets, .. } => *octets = octets.saturating_add(bytes.len() as u64),
        }
    }
}

impl From<Dropped> for Reply<'static> {
    fn from(why: Dropped) -> Self {
        match why {
            Dropped::TooLarge(max) => Self::TooLarge(max),
            Dropped::NoMemory => Self::Full,
        }
    }
}

/// A message of many short lines would else grow by each.
const GROWTH_BYTES_MIN: usize = 1 << 10;
/// All recipients of one message together: 10,000 of the longest that RFC 5321 §4.5.3.1.3 allows, with parameters.
const RECIPIENT_OCTETS_MAX: usize = 4 << 20;
