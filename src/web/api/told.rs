//! What the document says of answers that several operations have: sentences, problems, bytes; and the words that stand in
//! their JSON.

use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

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
