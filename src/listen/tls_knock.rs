//! TLS clients at a plain door: seen before the greeting when they are quick, remembered when they are not.
//!
//! SMTP servers speak first, so a plain door greets at once. A client that speaks TLS there has sent its ClientHello
//! before it reads anything: if that is readable already, it is served TLS. If it comes after the greeting, the
//! session ends with a sentence that names the right port, and the peer is remembered for some minutes: its next
//! greeting is held for a moment, so that the retry is served TLS.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::Instant;

/// The peers of one door that spoke TLS too late.
#[derive(Debug, Default)]
pub struct Knocks(Mutex<HashMap<IpAddr, Instant>>);

/// How long a peer is remembered.
const REMEMBERED: Duration = Duration::from_secs(5 * 60);
/// How long the greeting is held for a remembered peer.
const HELD: Duration = Duration::from_millis(20);
const PEERS_MAX: usize = 256;

impl Knocks {
    /// This peer spoke TLS after the greeting.
    pub fn remember(&self, peer: IpAddr) {
        let mut peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        peers.retain(|_, since| now.duration_since(*since) < REMEMBERED);
        if peers.len() < PEERS_MAX {
            peers.insert(peer, now);
        }
    }

    /// Whether the client has begun a TLS handshake by the time that it should be greeted.
    pub async fn is_tls(&self, stream: &TcpStream, peer: IpAddr) -> bool {
        if self.remembers(peer) {
            tokio::time::timeout(HELD, first_byte(stream)).await.is_ok_and(|byte| byte.is_ok_and(is_handshake))
        } else {
            readable_now(stream).is_some_and(is_handshake)
        }
    }

    fn remembers(&self, peer: IpAddr) -> bool {
        let peers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        peers.get(&peer).is_some_and(|since| since.elapsed() < REMEMBERED)
    }
}

/// Whether a connection that begins with this byte is TLS: a record of type handshake (RFC 8446 §5.1). No SMTP verb
/// begins so.
pub fn is_handshake(byte: u8) -> bool {
    byte == 0x16
}

/// Waits for the first byte and leaves it where it is.
///
/// # Errors
/// The connection broke or was closed before one came.
pub async fn first_byte(stream: &TcpStream) -> io::Result<u8> {
    let mut byte = [0];
    match stream.peek(&mut byte).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(byte[0]),
    }
}

/// The first byte if it is here this very moment. Asks the socket itself: the runtime learns of readiness only later.
#[cfg(unix)]
fn readable_now(stream: &TcpStream) -> Option<u8> {
    use rustix::net::{RecvFlags, recv};
    let mut byte = [0];
    let (_, count) = recv(stream, &mut byte[..], RecvFlags::PEEK | RecvFlags::DONTWAIT).ok()?;
    (count > 0).then_some(byte[0])
}

#[cfg(not(unix))]
fn readable_now(_: &TcpStream) -> Option<u8> {
    None
}
