//! What the document says of answers whose shapes are not types of their own: sentences, problems, the wait's.

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::web::api::shape::{Summary, Whole};
use crate::web::api::wait::{NearShape, SessionShape, Several};

/// `ok`
#[derive(IntoResponses)]
#[response(status = 200, content_type = "text/plain", description = "`ok`")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) struct Done(String);

/// What was asked cannot be read.
#[derive(IntoResponses)]
#[response(
    status = 400,
    content_type = "text/plain",
    description = "What was asked cannot be read: what, and how to mend it. Nothing was changed"
)]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) struct Misread(String);

/// No such message.
#[derive(IntoResponses)]
#[response(status = 404, content_type = "text/plain", description = "It is not there, or not in this mailbox")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) struct NoMessage(String);

/// What was asked cannot be read, as a problem.
#[derive(IntoResponses)]
#[response(
    status = 400,
    content_type = "application/problem+json",
    description = "What was asked cannot be read: what, and how to mend it"
)]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) struct ProblemOf400(ProblemShape);

/// Bytes of a message.
#[derive(Serialize, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(in crate::web::api) struct Octets(Vec<u8>);

/// How bad a finding is: `refused` is what a strict server would not have taken.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) enum Severity {
    Note,
    Warning,
    Refused,
}

/// What a link is for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) enum Purpose {
    Verify,
    Reset,
    SignIn,
    Invite,
    Unsubscribe,
    Other,
}

/// Where something was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) enum Source {
    Subject,
    Text,
    Html,
    Both,
}

/// What became of a connection.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) enum SessionOutcome {
    Done,
    Empty,
    Broken,
}

/// By which way a message came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "the document alone reads it")]
pub(in crate::web::api) enum Way {
    Smtp,
    Submission,
    Smtps,
    Page,
    Http,
    Mailin,
    Pickup,
}

/// What went wrong: RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(in crate::web::api) struct ProblemShape {
    /// Its name, at the end of a URI that leads nowhere.
    #[schema(example = "https://restante.invalid/problems/parameter-not-understood")]
    r#type: String,
    /// What it is, in a few words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and how to mend it, in sentences: to be printed as it is.
    detail: String,
}

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
