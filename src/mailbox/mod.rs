//! Where messages are kept, found and waited for.
//!
//! [`Inbox`] is the one door for writing: accept, mark, tag, keep, hide, restore, remove, clear all pass it, each as one
//! [`Change`] that the journal has seen before the [`Store`] applies it and every [`Event`] subscriber hears of it. Reading goes to the
//! store and changes nothing.

pub mod change;
pub mod id;
pub mod inbox;
pub mod index;
pub mod journal;
pub mod large;
pub mod limits;
pub mod message;
pub mod name;
pub mod packing;
pub mod purge;
pub mod query;
mod raw;
#[cfg(test)]
mod sample;
pub mod search;
pub mod session_log;
pub mod store;
pub mod tag;
pub mod thread;
pub mod wait;

pub use change::{Batch, Change, Event, Reason};
pub use id::MessageId;
pub use inbox::Inbox;
pub use limits::Limits;
pub use message::{Kept, Message, Stored};
pub use name::{MailboxName, Scope};
pub use query::Query;
pub use search::Search;
pub use store::Store;
pub use tag::Tags;
