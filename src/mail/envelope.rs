//! The envelope: what the wire said about a message, kept as it was written (RFC 5321 §2.3.1).
//!
//! Nothing here judges. A path or a parameter need not be valid, or even UTF-8: it is evidence, so its bytes are kept
//! verbatim and only shown as text.

use super::weight::{ARC_BYTES, HeapBytes, heap_bytes};
use core::net::SocketAddr; // an address as data; `core` has no sockets
use std::fmt;
use std::sync::Arc;

/// A reverse-path or forward-path without its angle brackets, byte for byte as sent.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(Box<[u8]>);

impl Path {
    /// Keeps `bytes` as they are.
    pub fn verbatim(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// The null reverse-path `<>` of bounces (RFC 5321 §4.5.5).
    pub fn is_null(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as sent.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{self}>")
    }
}

/// The ESMTP parameters after a path, byte for byte as sent (RFC 5321 §4.1.2, `Mail-parameters`).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Params(Box<[u8]>);

impl Params {
    /// Keeps `bytes` as they are, without the white space around them.
    pub fn verbatim(bytes: &[u8]) -> Self {
        Self(bytes.trim_ascii().into())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as sent.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Each parameter as (keyword, value).
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.0.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(|word| {
            match word.iter().position(|&byte| byte == b'=') {
                Some(at) => (&word[..at], Some(&word[at + 1..])),
                None => (word, None),
            }
        })
    }

    /// The value of the first parameter with this keyword, case-blind (RFC 5321 §2.4); an absent value is empty.
    pub fn value(&self, keyword: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(keyword.as_bytes()))
            .map(|(_, value)| value.unwrap_or(b""))
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// A path with its parameters: what one `MAIL FROM` or one `RCPT TO` said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressed {
    /// The address.
    pub path: Path,
    /// What followed it.
    pub params: Params,
}

heap_bytes! {
    Path { 0 }
    Params { 0 }
    Addressed { path, params }
    // The client is its connection's.
    Envelope { from, to }
    Client { tls, helo, login, file }
    Tls { version, cipher, server_name }
    Helo { name }
    Login { mechanism, user }
}

/// Everything the wire said about one message; for one that came as a file, what its fields say.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// `MAIL FROM`.
    pub from: Addressed,
    /// `RCPT TO`, in order, with repeats.
    pub to: Box<[Addressed]>,
    /// Who sent it, as far as the connection told.
    pub client: Arc<Client>,
}

/// What is known of the client at the end of a connection: facts, in the order in which they are learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Where the message came in.
    pub door: Door,
    /// The other end of the socket; none for what did not come over one.
    pub peer: Option<SocketAddr>,
    /// Our end of the socket.
    pub local: Option<SocketAddr>,
    /// TLS, once agreed.
    pub tls: Option<Box<Tls>>,
    /// The last greeting.
    pub helo: Option<Helo>,
    /// The last login.
    pub login: Option<Box<Login>>,
    /// The file that held the message, where it came as one.
    pub file: Option<Box<str>>,
}

impl Client {
    /// A client of whom nothing is known but the door.
    pub fn at(door: Door) -> Self {
        Self { door, peer: None, local: None, tls: None, helo: None, login: None, file: None }
    }

    /// What it takes behind its `Arc`.
    pub(crate) fn shared_bytes(&self) -> usize {
        ARC_BYTES + size_of::<Self>() + self.heap_bytes()
    }
}

/// The way by which a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// Plain SMTP (2525, 1025): STARTTLS is understood, not advertised.
    Smtp,
    /// Submission with STARTTLS (587, RFC 6409).
    Submission,
    /// TLS from the first byte (465, RFC 8314).
    Smtps,
    /// The page's own button: a message spoken to the session core in memory.
    Page,
    /// A call of the API, with the source of a message or its pieces.
    Http,
    /// A mailin-embedded server of the program that we are part of.
    Mailin,
    /// A file in a pickup folder.
    Pickup,
}

impl Door {
    /// The word for logs, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Submission => "submission",
            Self::Smtps => "smtps",
            Self::Page => "page",
            Self::Http => "http",
            Self::Mailin => "mailin",
            Self::Pickup => "pickup",
        }
    }
}

/// The TLS that carries the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// For instance `TLSv1.3`.
    pub version: Box<str>,
    /// For instance `TLS13_AES_256_GCM_SHA384`.
    pub cipher: Box<str>,
    /// The server name that the client asked for (RFC 6066 §3).
    pub server_name: Option<Box<str>>,
}

/// The greeting of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helo {
    /// `EHLO`, not `HELO`.
    pub extended: bool,
    /// The name it gave, bytes verbatim as in [`Path`].
    pub name: Path,
}

/// An accepted login. The secret is not kept anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The mechanism, in upper case (RFC 4954).
    pub mechanism: Box<str>,
    /// The user name (PLAIN's authcid), decoded as UTF-8, lossy.
    pub user: Box<str>,
}
