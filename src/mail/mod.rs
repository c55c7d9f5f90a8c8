//! Bytes to meaning, pure: no socket, no clock, no store.
//!
//! What a message *is* (raw bytes, envelope, dialogue) and what can be *read* from it (structure, fields, text).
//! Nothing here changes a byte of what was sent.

pub mod address;
pub mod ancestry;
mod charset;
pub mod date;
pub mod dialogue;
mod encoded_word;
mod entity;
pub mod envelope;
pub mod event;
pub mod extract;
pub mod finding;
mod flowed;
pub mod from_fields;
pub mod header;
pub mod html;
pub mod incoming;
pub mod line;
pub mod mbox;
pub mod nested;
mod parameter;
mod parse;
pub mod part;
pub mod pile;
pub mod report;
pub mod seal;
pub mod structure;
mod tally;
pub mod tracking;
#[cfg(test)]
pub(crate) mod trap;
pub mod unsubscribe;
mod uuencode;
pub mod view;
pub mod weight;

pub use address::Address;
pub use date::Date;
pub use structure::{Part, Structure};
pub use view::View;

/// A short text. One of at most 24 bytes, as most addresses, charsets and media types are, takes no memory elsewhere.
pub use compact_str::CompactString as Word;
