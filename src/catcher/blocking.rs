//! The same for tests that block: every call returns when it has its answer.

use std::ops::Deref;
use std::time::Duration;

use super::running::Running;
use super::wait::{all, one};
use super::{ARRIVES_WITHIN, Caught, Cursor, NOTHING_FOR, Place, WaitFailed};
use crate::config::Config;
use crate::mailbox::Query;
use crate::server::ServerError;

/// A mail catcher of this process, as [`super::Catcher`], for code that blocks. Tests share one:
///
/// ```
/// use std::sync::LazyLock;
/// use restante::blocking::Catcher;
///
/// static CATCHER: LazyLock<Catcher> = LazyLock::new(|| Catcher::start().expect("a catcher"));
///
/// let mailbox = CATCHER.fresh_mailbox("sign-up");
/// assert!(mailbox.smtp_url().starts_with("smtp://sign-up-"));
/// ```
#[derive(Debug)]
pub struct Catcher {
    all: Mailbox,
}

/// One mailbox of a catcher, or all of them, as [`super::Mailbox`], for code that blocks.
#[derive(Clone, Debug)]
pub struct Mailbox(super::Mailbox);

/// A wait for one message.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Wait(super::Wait);

/// A wait for several messages.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Several(super::Several);

/// A wait for no message.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Nothing(super::Nothing);

impl Catcher {
    /// Starts one on free ports of the loopback addresses.
    ///
    /// # Errors
    /// No port can be had, or no thread.
    pub fn start() -> Result<Self, ServerError> {
        Self::with(Config::on_free_ports())
    }

    /// Starts one that is set up otherwise: `Config { auth_required: true, ..Config::on_free_ports() }`.
    ///
    /// # Errors
    /// What keeps it from starting, as a sentence.
    pub fn with(config: Config) -> Result<Self, ServerError> {
        let running = Running::start(config)?.blocked()?;
        Ok(Self { all: Mailbox(super::Mailbox(Place::all(running))) })
    }

    /// The mailbox of this name: of the messages whose client logged in by it. `default` has those of nobody.
    pub fn mailbox(&self, name: &str) -> Mailbox {
        Mailbox(super::Mailbox(self.all.0.named(name)))
    }

    /// A mailbox that nobody else has: its name is `hint` and a number.
    pub fn fresh_mailbox(&self, hint: &str) -> Mailbox {
        Mailbox(super::Mailbox(self.all.0.fresh(hint)))
    }
}

impl Deref for Catcher {
    type Target = Mailbox;

    fn deref(&self) -> &Mailbox {
        &self.all
    }
}

impl Deref for Mailbox {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.0
    }
}

impl Mailbox {
    /// A question: is there a message like this, and if not yet, when it comes?
    pub fn wait(&self, query: Query) -> Wait {
        Wait(self.0.wait(query))
    }

    /// The opposite question: does no message like this come?
    pub fn nothing(&self, query: Query) -> Nothing {
        Nothing(self.0.nothing(query))
    }

    /// The oldest message like this, within [`ARRIVES_WITHIN`].
    ///
    /// # Panics
    /// If none comes: with what came close, and why it does not fit.
    #[track_caller]
    pub fn assert_arrives(&self, query: Query) -> Caught {
        match self.wait(query).within(ARRIVES_WITHIN) {
            Ok(caught) => caught,
            Err(failure) => panic!("{failure}"),
        }
    }

    /// That no message like this comes within [`NOTHING_FOR`], nor has come.
    ///
    /// # Panics
    /// If one does: with what it is.
    #[track_caller]
    pub fn assert_nothing(&self, query: Query) {
        if let Err(failure) = self.nothing(query).within(NOTHING_FOR) {
            panic!("{failure}");
        }
    }

    /// Deletes every message of this mailbox, and of no other.
    pub fn clear(&self) {
        self.0.clearing().blocked();
    }
}

impl Wait {
    /// Only messages that come after this place.
    pub fn since(self, cursor: Cursor) -> Self {
        Self(self.0.since(cursor))
    }

    /// For so many messages, or more.
    pub fn at_least(self, count: usize) -> Several {
        Several(self.0.at_least(count))
    }

    /// For so many messages, and for a moment no other.
    pub fn exactly(self, count: usize) -> Several {
        Several(self.0.exactly(count))
    }

    /// The oldest message that fits, as soon as it is there.
    ///
    /// # Errors
    /// [`WaitFailed`] after this time, with what came close.
    pub fn within(self, time: Duration) -> Result<Caught, WaitFailed> {
        self.0.0.ask(time).blocked().map(one).map_err(WaitFailed::new)
    }
}

impl Several {
    /// Only messages that come after this place.
    pub fn since(self, cursor: Cursor) -> Self {
        Self(self.0.since(cursor))
    }

    /// The messages, the oldest first, as soon as they are there.
    ///
    /// # Errors
    /// [`WaitFailed`] after this time if there are too few, at once if there are too many.
    pub fn within(self, time: Duration) -> Result<Vec<Caught>, WaitFailed> {
        self.0.0.ask(time).blocked().map(all).map_err(WaitFailed::new)
    }
}

impl Nothing {
    /// Only messages that come after this place.
    pub fn since(self, cursor: Cursor) -> Self {
        Self(self.0.since(cursor))
    }

    /// Nothing, after this time.
    ///
    /// # Errors
    /// [`WaitFailed`] as soon as one does arrive, with what it is.
    pub fn within(self, time: Duration) -> Result<(), WaitFailed> {
        self.0.0.ask(time).blocked().map(drop).map_err(WaitFailed::new)
    }
}
