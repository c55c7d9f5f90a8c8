//! A message on its way in: the octets after DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030 §2), up to its delivery.

use super::super::body;
use super::super::data::Sink;
use super::super::record;
use super::super::reply::Reply;
use super::super::transaction::{Mail, Message, Transaction};
use super::{Session, Then, Turn, Underway};
use crate::mail::envelope::Envelope;
use crate::mail::incoming::Incoming;
use std::sync::Arc;

impl Session {
    /// Takes what belongs to the message after DATA.
    pub(super) fn data(&mut self, bytes: &[u8]) -> usize {
        let Underway::Data { message, dots, .. } = &mut self.underway else { return 0 };
        let (taken, ended) = dots.take(bytes, message);
        if ended && let Underway::Data { mail, message, .. } = std::mem::replace(&mut self.underway, Underway::Command)
        {
            self.message_ended(mail, message, body::By::Data);
        }
        taken
    }

    /// BDAT: whatever it is answered, its octets follow, and are not commands.
    pub(super) fn begin_chunk(&mut self, octets: u64, last: bool) {
        let then = match self.transaction.bdat(&self.policy) {
            Ok((mail, mut message)) => {
                if let Some(why) = message.would_exceed(octets) {
                    message.give_up(why);
                }
                Then::Goes { mail, message, last }
            }
            Err(reply) => Then::Refused(reply),
        };
        self.underway = Underway::Chunk { left: octets, octets, then };
        self.chunk(&[]); // `BDAT 0 LAST` is whole as it is
    }

    /// Takes what belongs to the chunk after BDAT.
    pub(super) fn chunk(&mut self, bytes: &[u8]) -> usize {
        let Underway::Chunk { left, then, .. } = &mut self.underway else { return 0 };
        let taken = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
        *left -= taken as u64;
        if let Then::Goes { message, .. } = then {
            message.append(&bytes[..taken]);
        }
        if *left == 0
            && let Underway::Chunk { octets, then, .. } = std::mem::replace(&mut self.underway, Underway::Command)
        {
            self.chunk_ended(octets, then);
        }
        taken
    }

    fn chunk_ended(&mut self, octets: u64, then: Then) {
        self.record.remark(&format!("chunk: {octets} octets"));
        match then {
            Then::Refused(reply) => self.reply(&reply),
            Then::Goes { mail, message, last: true } => self.message_ended(mail, message, body::By::Bdat),
            // The transaction is over: what comes in further chunks would have a hole before it.
            Then::Goes { message: Message::Dropped { why, .. }, .. } => self.reply(&why.into()),
            Then::Goes { mail, message, last: false } => {
                self.transaction = Transaction::Chunked(mail, message);
                self.reply(&Reply::ChunkKept(octets));
            }
        }
    }

    fn message_ended(&mut self, mut mail: Mail, message: Message, by: body::By) {
        self.record.remark(&format!("message: {} octets", message.octets()));
        match message {
            Message::Dropped { why, .. } => self.reply(&why.into()),
            Message::Kept { mut raw, .. } => {
                raw.shrink_to_fit(); // it may be kept for long; growing left up to as much again unused
                let odd = body::judge(&raw, &mail.from.params, by);
                self.record.note(&odd);
                mail.note(&odd);
                let mut findings = self.record.opening_findings().to_vec();
                record::add(&mut findings, &mail.findings);
                self.underway = Underway::Verdict { closing: false };
                self.turn = Some(Turn::Deliver(Box::new(Incoming {
                    raw,
                    envelope: Envelope { from: mail.from, to: mail.to.into(), client: Arc::clone(&self.client) },
                    dialogue: self.record.excerpt().clone(),
                    findings,
                })));
            }
        }
    }
}
