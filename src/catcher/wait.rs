//! Questions as a test writes them: what, how many, since when, within what time.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::caught::{Caught, Cursor};
use super::place::Place;
use super::running::{Asked, Running};
use crate::mailbox::Query;
use crate::mailbox::wait::{Answer, Expected, Failure, Question};

/// A wait for one message.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Wait(pub(super) Asking);

/// A wait for several messages.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Several(pub(super) Asking);

/// A wait for no message.
#[derive(Clone, Debug)]
#[must_use = "it asks nothing until it is told within what time"]
pub struct Nothing(pub(super) Asking);

/// What all of them have.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    running: Arc<Running>,
    question: Question,
}

/// A wait that failed. Both shown and debugged it is the explanation, so that `unwrap`, `expect` and `?` print it.
#[derive(Clone)]
pub struct WaitFailed(Box<Failure>);

impl Wait {
    pub(super) fn new(place: &Place, query: Query) -> Self {
        Self(Asking::new(place, query, Expected::AtLeast(1)))
    }

    /// Only messages that come after this place.
    pub fn since(mut self, cursor: Cursor) -> Self {
        self.0.question.since = cursor.0;
        self
    }

    /// For so many messages, or more; of none at all there would be nothing to wait for, so that 0 is 1.
    pub fn at_least(mut self, count: usize) -> Several {
        self.0.question.expected = Expected::AtLeast(count.max(1));
        Several(self.0)
    }

    /// For so many messages, and for a moment no other. Exactly 0 is [`Nothing`], for all of the time.
    pub fn exactly(mut self, count: usize) -> Several {
        self.0.question.expected = if count == 0 { Expected::Nothing } else { Expected::Exactly(count) };
        Several(self.0)
    }

    /// The oldest message that fits, as soon as it is there.
    ///
    /// # Errors
    /// [`WaitFailed`] after this time, with what came close.
    pub async fn within(self, time: Duration) -> Result<Caught, WaitFailed> {
        self.0.ask(time).outcome().await.map(one).map_err(WaitFailed)
    }
}

impl Several {
    /// Only messages that come after this place.
    pub fn since(mut self, cursor: Cursor) -> Self {
        self.0.question.since = cursor.0;
        self
    }

    /// The messages, the oldest first, as soon as they are there.
    ///
    /// # Errors
    /// [`WaitFailed`] after this time if there are too few, at once if there are too many.
    pub async fn within(self, time: Duration) -> Result<Vec<Caught>, WaitFailed> {
        self.0.ask(time).outcome().await.map(all).map_err(WaitFailed)
    }
}

impl Nothing {
    pub(super) fn new(place: &Place, query: Query) -> Self {
        Self(Asking::new(place, query, Expected::Nothing))
    }

    /// Only messages that come after this place.
    pub fn since(mut self, cursor: Cursor) -> Self {
        self.0.question.since = cursor.0;
        self
    }

    /// Nothing, after this time.
    ///
    /// # Errors
    /// [`WaitFailed`] as soon as one does arrive, with what it is.
    pub async fn within(self, time: Duration) -> Result<(), WaitFailed> {
        self.0.ask(time).outcome().await.map(drop).map_err(WaitFailed)
    }
}

impl Asking {
    fn new(place: &Place, query: Query, expected: Expected) -> Self {
        let (running, scope) = (place.running.clone(), place.scope.clone());
        Self { running, question: Question { scope, query, since: 0, expected, timeout: Duration::ZERO } }
    }

    pub(super) fn ask(self, timeout: Duration) -> Asked<Result<Answer, Box<Failure>>> {
        let inbox = self.running.inbox().clone();
        let question = Question { timeout, ..self.question };
        let asked = self.running.ask(async move { question.ask(&inbox).await });
        // The catcher runs until its last question is answered.
        asked.keeping(self.running)
    }
}

pub(super) fn one(answer: Answer) -> Caught {
    let first = answer.messages.into_iter().next();
    Caught::new(first.expect("a wait for one is answered with one"))
}

pub(super) fn all(answer: Answer) -> Vec<Caught> {
    answer.messages.into_iter().map(Caught::new).collect()
}

impl WaitFailed {
    pub(super) fn new(failure: Box<Failure>) -> Self {
        Self(failure)
    }

    /// The parts of the explanation.
    pub fn failure(&self) -> &Failure {
        &self.0
    }

    /// Fails the test that asked, at the line where it did.
    pub(super) fn panic(&self, at: &Location<'_>) -> ! {
        panic!("{at}: {self}")
    }
}

impl fmt::Display for WaitFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for WaitFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for WaitFailed {}
