//! Restante is a local mail catcher: it accepts every message an application sends, delivers none of them,
//! shows them in a live web inbox, and answers a test suite's question "did the mail arrive, and was it right?".
//!
//! The house, from the ground up (imports point down only, neighbours on a floor are blind to each other;
//! `tests/it/layers.rs` holds this):
//!
//! | floor | modules |
//! |---|---|
//! | ground | [`clock`], [`config`], [`mail`] |
//! | first | [`protocol`], [`mailbox`] |
//! | second | [`listen`] |
//! | third | [`web`] |
//! | fourth | [`server`] |
//! | roof | [`cli`], [`catcher`] |
//!
//! To read along one message's way: [`listen`] hands bytes to [`protocol::smtp::Session`], whose `Deliver` goes to
//! [`mailbox::Inbox::accept`]; [`web`] hears the event and shows the row.

pub use catcher::{Catcher, Caught, WaitFailed, blocking};
#[cfg(feature = "mailin")]
pub use listen::mailin;
pub use mailbox::query::{any, attachment, body, containing, equal_to, from, matching, subject, tag, to};

pub mod catcher;
pub mod cli;
pub mod clock;
pub mod config;
pub mod listen;
pub mod mail;
pub mod mailbox;
pub mod protocol;
pub mod server;
pub mod web;
