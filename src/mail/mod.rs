//! Bytes to meaning, pure: no socket, no clock, no store.
//!
//! What a message *is* (raw bytes, envelope, dialogue) and what can be *read* from it (structure, fields, text).
//! Nothing here changes a byte of what was sent.

pub mod dialogue;
pub mod envelope;
pub mod finding;
pub mod incoming;
