//! What the document says of a wait's answers, which are put together of pieces.

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::{NearShape, SessionShape, Several};
use crate::web::api::shape::{Summary, Whole};
use crate::web::api::told::ProblemShape;

/// The message, and where to go on.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer)]
pub(in crate::web::api) struct Answer {
    #[serde(flatten)]
    message: Whole,
    /// A wait with `since` set to it does not get this message again, and skips none that came later.
    #[serde(rename = "Cursor")]
    cursor: String,
}

/// A wait that failed.
#[derive(Serialize, ToSchema)]
#[schema(as = WaitFailed)]
#[serde(rename_all = "camelCase")]
pub(in crate::web::api) struct WaitFailed<'a> {
    /// Ends in `/wait-timed-out` or `/wait-too-many`.
    #[schema(example = "https://restante.invalid/problems/wait-timed-out")]
    r#type: String,
    /// What it is, in a few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What came close and why it does not fit, for a person: to be printed as it is.
    detail: String,
    /// What was asked, as a search.
    query: String,
    /// How long it was held, in milliseconds.
    timeout_ms: u64,
    /// How many were expected, in words.
    expected: String,
    /// How many fit.
    found_count: usize,
    /// Those that fit.
    found: Vec<Summary>,
    /// How many there were to choose from.
    arrived_count: usize,
    /// The nearest first, ten at most.
    near_misses: Vec<NearShape<'a>>,
    /// What fits and came before `since`.
    earlier: Vec<Summary>,
    /// What fits, in other mailboxes.
    elsewhere: Vec<Summary>,
    /// Connections that broke off meanwhile.
    sessions: Vec<SessionShape>,
}

/// How a wait is answered.
#[derive(IntoResponses)]
#[allow(dead_code, clippy::large_enum_variant, reason = "the document alone reads it")]
pub(in crate::web::api) enum Waited {
    /// The message; with `count`, `exactly` or `none` the messages.
    #[response(status = 200)]
    Answered(Outcome),
    /// The question is not understood: which member, and how to write it.
    #[response(status = 400, content_type = "application/problem+json")]
    Misread(ProblemShape),
    /// Too few came within the time. Not 408, which several clients repeat on their own.
    #[response(status = 404, content_type = "application/problem+json")]
    TooFew(WaitFailed<'static>),
    /// There are more than should be.
    #[response(status = 409, content_type = "application/problem+json")]
    TooMany(WaitFailed<'static>),
    /// The server was stopped meanwhile.
    #[response(status = 503, content_type = "application/problem+json")]
    Stopped(ProblemShape),
}

/// The message, or with `count`, `exactly` or `none` the messages.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant, reason = "the document alone reads it")]
pub(in crate::web::api) enum Outcome {
    /// Without `count`, `exactly` and `none`.
    One(Answer),
    /// With one of them.
    Several(Several),
}
