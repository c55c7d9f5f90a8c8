//! A message on its way from the wire to the mailbox: what the protocol hands over and nobody has read yet.

use super::dialogue::Dialogue;
use super::envelope::Envelope;
use super::finding::Finding;

/// A whole message as it came in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The message, byte for byte after dot-unstuffing (RFC 5321 §4.5.2).
    pub raw: Vec<u8>,
    /// What the wire said about it.
    pub envelope: Envelope,
    /// The connection's lines that tell how it came: its opening (greeting, TLS, login) and this transaction.
    pub dialogue: Dialogue,
    /// What was odd on the way.
    pub findings: Vec<Finding>,
}
