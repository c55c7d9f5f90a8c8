//! What listens: sockets, TLS, and the driver that carries bytes between a client and a protocol core.
//!
//! Async lives here. This floor knows the protocols and the mailbox below it, and nothing of pages or settings.

pub mod bind;
pub mod certificate;
pub mod changes;
pub mod listener;
#[cfg(feature = "mailin")]
pub mod mailin;
pub mod pickup;
pub mod smtp;
pub mod tls;
pub mod tls_knock;
pub mod tls_reload;
