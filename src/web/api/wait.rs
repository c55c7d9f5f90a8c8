//! `/api/v1/wait`: the held question. "Did it arrive, and if not, what came close?"

pub(super) mod told;

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::asked::{Parameters, Question};
use super::question::{self, Asked};
use super::shape::{Summary, Whole};
use super::{answer, line};
use crate::mailbox::Stored;
use crate::mailbox::wait::Failure;
use crate::mailbox::wait::failure::Near;
use crate::web::Web;
use crate::web::large;
use crate::web::mount::Mount;
use crate::web::problem::Problem;
use told::Waited;

/// Wait for a message
///
/// Answers as soon as it is there, already or later. All that is asked must hold. A header field is
/// asked for by `header.` and its name, `header.x-kind=welcome`; a parameter given twice is a list of
/// which all must hold; a plus is written `%2B`. What is not understood is refused: a misspelt name would let any message
/// answer.
#[utoipa::path(get, path = "/api/v1/wait", tag = "Wait", operation_id = "wait", params(Parameters), responses(Waited))]
pub async fn get(web: Data<Web>, mount: Mount, request: HttpRequest) -> HttpResponse {
    match parameters(&request) {
        Ok(members) => wait(&web, &mount, members).await,
        Err(refusal) => refusal,
    }
}

/// Wait for a message, asked for by an object
///
/// The same question; a part of it may stand in the address.
#[utoipa::path(post, path = "/api/v1/wait", tag = "Wait", operation_id = "waitFor",
    request_body(content = Question, content_type = "application/json"), responses(Waited))]
pub async fn post(web: Data<Web>, mount: Mount, request: HttpRequest, body: Bytes) -> HttpResponse {
    let parameters = match parameters(&request) {
        Ok(members) => members,
        Err(refusal) => return refusal,
    };
    if body.trim_ascii().is_empty() {
        return wait(&web, &mount, parameters).await;
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(members)) => match question::together(parameters, members) {
            Ok(members) => wait(&web, &mount, members).await,
            Err(problem) => problem.respond(),
        },
        Err(error) if error.is_eof() => bad(format!("The body is JSON without its end: {error}. {LIKE}")),
        Ok(_) | Err(_) => bad(format!("The body is not a JSON object. {LIKE}")),
    }
}

const LIKE: &str = "Write it like {\"to\": \"ann@app.test\"}, or ask by GET, with ?to=ann@app.test.";

fn parameters(request: &HttpRequest) -> Result<Map<String, Value>, HttpResponse> {
    match UrlQuery::<Vec<(String, String)>>::from_query(request.query_string()) {
        Ok(parameters) => Ok(question::from_parameters(parameters.into_inner())),
        Err(error) => Err(bad(format!("The parameters cannot be read: {error}."))),
    }
}

fn bad(sentence: String) -> HttpResponse {
    Problem::new(StatusCode::BAD_REQUEST, "parameter-not-understood", "The question cannot be read", sentence).respond()
}

async fn wait(web: &Web, mount: &Mount, members: Map<String, Value>) -> HttpResponse {
    let Asked { question, for_one } = match question::read(members, &mount.scope, &web.inbox) {
        Ok(asked) => asked,
        Err(problem) => return problem.respond(),
    };
    tokio::select! {
        outcome = question.ask(&web.inbox) => match outcome {
            Ok(answer) => answered(web, answer.messages, format!("{}-{}", web.inbox.start(), answer.cursor), for_one).await,
            Err(failure) => explain(&failure),
        },
        () = web.stop.cancelled() => {
            let sentence = "The server was stopped before a message came.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The server stops", sentence).respond()
        }
    }
}

/// The message that was an answer last, written down: of a thousand tests that wait for one message each gets the same.
#[derive(Debug, Default)]
pub struct Written(Mutex<Option<(Stored, Arc<str>)>>);

impl Written {
    /// The message as an object, without its last brace.
    fn opened(&self, stored: &Stored) -> serde_json::Result<Arc<str>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, text)) = &*last
            && (before.seq, before.read, &before.tags) == (stored.seq, stored.read, &stored.tags)
        {
            return Ok(text.clone());
        }
        let text: Arc<str> = opened(stored)?.into();
        *last = Some((stored.clone(), text.clone()));
        Ok(text)
    }
}

fn opened(stored: &Stored) -> serde_json::Result<String> {
    let mut text = serde_json::to_string(&Whole::of(stored))?;
    text.pop();
    Ok(text)
}

/// One message, with the cursor to go on from.
fn one(opened: &str, cursor: &str) -> serde_json::Result<String> {
    Ok(format!("{opened},\"Cursor\":{}}}\n", serde_json::to_string(cursor)?))
}

/// The answer to `count`, `exactly` and `none`.
#[derive(Serialize, ToSchema)]
#[schema(as = Messages)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Several {
    /// The oldest first; of `none`, none.
    messages: Vec<Whole>,
    /// A wait with `since` set to it gets none of these again, and skips none that came later.
    cursor: String,
}

/// Parts are decoded and written down off the thread that answers requests.
async fn answered(web: &Web, messages: Vec<Stored>, cursor: String, for_one: bool) -> HttpResponse {
    let bytes = messages.iter().map(|stored| stored.message.raw_len()).sum();
    if let [message] = &messages[..]
        && for_one
        && bytes <= INLINE_BYTES_MAX
    {
        return answer(web.written.opened(message).and_then(|opened| one(&opened, &cursor)));
    }
    let write = move || match &messages[..] {
        [message] if for_one => opened(message).and_then(|opened| one(&opened, &cursor)),
        several => line(&Several { messages: several.iter().map(Whole::of).collect(), cursor }),
    };
    answer(large::work(&web.large, bytes, write).await)
}

/// Reading no more than this takes less than going to another thread for it.
const INLINE_BYTES_MAX: usize = 16 << 10;

/// One clause that a near miss failed.
#[derive(Serialize, ToSchema)]
#[schema(as = FailedClause)]
struct FailedShape<'a> {
    /// Which one.
    clause: &'a str,
    /// What was asked.
    expected: &'a str,
    /// What is there.
    found: &'a str,
}

/// A message that did not fit, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = NearMiss)]
pub(super) struct NearShape<'a> {
    message: Summary,
    failed: Vec<FailedShape<'a>>,
}

impl<'a> From<&'a Near> for NearShape<'a> {
    fn from(Near { stored, misses }: &'a Near) -> Self {
        let failed =
            misses.iter().map(|miss| FailedShape { clause: &miss.term, expected: &miss.expected, found: &miss.found });
        Self { message: Summary::of(stored), failed: failed.collect() }
    }
}

/// A connection that broke off while it was waited.
#[derive(Serialize, ToSchema)]
#[schema(as = BrokenSession)]
pub(super) struct SessionShape {
    number: u64,
    #[schema(required)]
    peer: Option<String>,
    door: &'static str,
    /// What went wrong and how to mend it.
    #[schema(required)]
    trouble: Option<String>,
}

fn explain(failure: &Failure) -> HttpResponse {
    let summaries = |messages: &[Stored]| messages.iter().map(Summary::of).collect::<Vec<_>>();
    let sessions = failure.sessions.iter().map(|(number, record)| SessionShape {
        number: *number,
        peer: record.client.peer.map(|peer| peer.to_string()),
        door: record.client.door.name(),
        trouble: record.outcome.sentence().map(str::to_owned),
    });
    // 404: it is not there. 409: there is what should not be. Neither is sent again by a client on its own, as 408 is.
    let (code, name, title) = match failure.has_too_many() {
        true => (StatusCode::CONFLICT, "wait-too-many", "More messages arrived than expected"),
        false => (StatusCode::NOT_FOUND, "wait-timed-out", "No matching message arrived"),
    };
    Problem::new(code, name, title, failure.to_string())
        .with("query", failure.question.query.to_string())
        .with("timeoutMs", failure.question.timeout.as_millis() as u64)
        .with("expected", failure.expectation())
        .with("foundCount", failure.found.len())
        .with("found", summaries(&failure.found))
        .with("arrivedCount", failure.arrived)
        .with("nearMisses", failure.near.iter().map(NearShape::from).collect::<Vec<_>>())
        .with("earlier", summaries(&failure.earlier))
        .with("elsewhere", summaries(&failure.elsewhere))
        .with("sessions", sessions.collect::<Vec<_>>())
        .respond()
}
