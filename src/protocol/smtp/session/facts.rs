//! What is known of a connection.

use super::super::Patience;
use super::super::transaction::Transaction;
use super::{Refusal, Session, Then, Underway};
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::Client;
use crate::mail::finding::Finding;

impl Session {
    /// What is known of the other end.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The lines so far, secrets redacted.
    pub fn dialogue(&self) -> &Dialogue {
        self.record.dialogue()
    }

    /// What was odd so far; what is odd twice is noted once.
    pub fn findings(&self) -> &[Finding] {
        self.record.findings()
    }

    /// What the session waits for.
    pub fn patience(&self) -> Patience {
        match self.underway {
            Underway::Command | Underway::Login(_) => Patience::Command,
            Underway::Data { .. } | Underway::Chunk { .. } => Patience::Data,
            Underway::Verdict { .. } => Patience::Verdict,
            Underway::Tls => Patience::Tls,
            Underway::Closed => Patience::Closed,
        }
    }

    /// Bytes of memory that the client's words take: the message in flight, its recipients, the dialogue. The driver
    /// reserves them.
    pub fn memory(&self) -> usize {
        self.memory_with(0)
    }

    /// The same when so many more octets of a message have been fed.
    pub fn memory_with(&self, more: usize) -> usize {
        let underway = match &self.underway {
            Underway::Data { mail, message, .. } | Underway::Chunk { then: Then::Goes { mail, message, .. }, .. } => {
                mail.memory() + message.memory_with(more)
            }
            _ => 0,
        };
        let open = match &self.transaction {
            Transaction::Idle => 0,
            Transaction::Open(mail) => mail.memory(),
            Transaction::Chunked(mail, message) => mail.memory() + message.memory_with(more),
        };
        underway + open + self.record.memory()
    }

    /// Octets of the message in flight.
    pub fn holding(&self) -> usize {
        match (&self.underway, &self.transaction) {
            (Underway::Data { message, .. } | Underway::Chunk { then: Then::Goes { message, .. }, .. }, _)
            | (_, Transaction::Chunked(_, message)) => message.holding(),
            _ => 0,
        }
    }

    /// Whether a transaction is open or a message underway: what the peer loses if it goes away now.
    pub fn in_transaction(&self) -> bool {
        matches!(self.underway, Underway::Data { .. } | Underway::Chunk { .. } | Underway::Verdict { .. })
            || !matches!(self.transaction, Transaction::Idle)
    }

    /// Messages kept so far.
    pub fn messages(&self) -> u32 {
        self.messages
    }

    /// The last reply that refused something, as it was sent.
    pub fn last_error(&self) -> Option<&str> {
        self.last_error.as_ref().map(|refusal| &*refusal.line)
    }

    /// The last reply that refused something, and what to change.
    pub fn last_refusal(&self) -> Option<&Refusal> {
        self.last_error.as_ref()
    }

    /// The last refusal that cost a message or a recipient; others may have arrived all the same.
    pub fn loss(&self) -> Option<&Refusal> {
        self.loss.as_ref()
    }
}
