//! What the pages and the API tell of this run.

use std::sync::Arc;

use jiff::Timestamp;

use crate::mail::envelope::Door;

/// This run.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The SMTP doors that are open.
    pub doors: Vec<DoorFact>,
    /// The folders whose files are taken in.
    pub pickup: Vec<String>,
    /// The CA to trust, in PEM, if the certificate is ours.
    pub ca_pem: Option<Arc<str>>,
    /// The largest message, in bytes.
    pub message_bytes_max: usize,
    /// Recipients of one message.
    pub recipients_max: usize,
    /// SMTP connections at once.
    pub connections_max: usize,
    /// When it began.
    pub started: Timestamp,
}

/// One SMTP door.
#[derive(Clone, Debug)]
pub struct DoorFact {
    /// Its kind.
    pub door: Door,
    /// Whether it only doubles another.
    pub quiet: bool,
    /// `localhost`, or the address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
