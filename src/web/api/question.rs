//! A wait's question as it comes: as parameters of a GET or members of a JSON object, which mean the same.
//!
//! ```json
//! {"to": "ann@app.test", "subject": {"regex": "order #[0-9]+"}, "count": 2, "timeout": "5s"}
//! ```
//!
//! Names are understood whatever their case, with `-` and `_` or without. A text is contained, whatever the case; a whole
//! address is meant as a whole; `{"contains": …}`, `{"equals": …}` and `{"regex": …}` say otherwise. A list means all of
//! its members. What is not understood is refused: a misspelt name would let any message answer.

use std::time::Duration;

use serde_json::{Map, Value};

use super::query_problem;
use crate::mail::finding::Oddity;
use crate::mailbox::query::{AttachmentTest, HexDigest, Pattern, containing, equal_to, matching};
use crate::mailbox::wait::{COUNT_MAX, Expected, Question};
use crate::mailbox::{Inbox, Query, Scope};
use crate::web::problem::Problem;
use actix_web::http::StatusCode;

/// A question, and whether it is for one message: it is answered by that alone then, not by a list.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub question: Question,
    /// Whether neither a count nor none was asked for.
    pub for_one: bool,
}

/// How long a question is held without `timeout`.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest: longer than any test should take, shorter than most proxies hold a request.
const TIMEOUT_MAX: Duration = Duration::from_secs(300);

/// Why a question cannot be asked: the name of the problem, and a sentence.
type Unread = (&'static str, String);

/// The members of a query string; what is given twice is a list.
pub fn from_parameters(parameters: Vec<(String, String)>) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in parameters {
        match members.get_mut(&name) {
            None => _ = members.insert(name, Value::String(value)),
            Some(Value::Array(values)) => values.push(Value::String(value)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
        }
    }
    members
}

/// Reads a question about what a mount sees.
///
/// # Errors
/// 400, with a sentence that names the member.
pub fn read(members: Map<String, Value>, scope: &Scope, inbox: &Inbox) -> Result<Asked, Problem> {
    let mut query = Query::default();
    let (mut since, mut timeout, mut expected) = (0, TIMEOUT, None);
    for (name, value) in members {
        let plain = name.to_lowercase().replace(['-', '_'], "");
        let outcome = match plain.as_str() {
            "query" => match text(&name, &value).map(|text| text.parse::<Query>()) {
                Ok(Ok(other)) => {
                    query = query.and(other);
                    Ok(())
                }
                Ok(Err(error)) => return Err(query_problem(&error)),
                Err(unread) => Err(unread),
            },
            "since" => read_since(&value, inbox).map(|place| since = place),
            "timeout" => read_time(&name, &value).map(|time| timeout = time),
            "count" => read_count(&name, &value).and_then(|count| once(&mut expected, count)),
            "exactly" => number(&name, &value).and_then(|count| once(&mut expected, Expected::Exactly(count))),
            "none" => read_time(&name, &value).and_then(|time| {
                timeout = time;
                once(&mut expected, Expected::Nothing)
            }),
            _ => clause(query.clone(), &plain, &name, &value).map(|more| query = more),
        };
        outcome.map_err(problem)?;
    }
    let for_one = expected.is_none();
    let expected = expected.unwrap_or(Expected::AtLeast(1));
    Ok(Asked { question: Question { scope: scope.clone(), query, since, expected, timeout }, for_one })
}

fn problem((name, sentence): Unread) -> Problem {
    let title = match name {
        TIME => "The time cannot be read",
        CURSOR => "The cursor cannot be read",
        _ => "The question cannot be read",
    };
    Problem::new(StatusCode::BAD_REQUEST, name, title, sentence)
}

const TIME: &str = "timeout-not-understood";
const CURSOR: &str = "cursor-not-understood";
const MEMBER: &str = "parameter-not-understood";

fn clause(query: Query, plain: &str, name: &str, value: &Value) -> Result<Query, Unread> {
    let each = |query, add: fn(Query, Pattern) -> Query| {
        patterns(name, value)?.into_iter().try_fold(query, |query, pattern| Ok(add(query, pattern)))
    };
    match plain {
        "from" => each(query, Query::from),
        "to" => each(query, Query::to),
        "cc" => each(query, Query::cc),
        "bcc" => each(query, Query::bcc),
        "replyto" => each(query, Query::reply_to),
        "envelope" => each(query, Query::envelope),
        "subject" => each(query, Query::subject),
        "body" | "text" => each(query, Query::body),
        "messageid" => each(query, Query::message_id),
        "mailbox" => Ok(query.mailbox(text(name, value)?)),
        "tag" | "tags" => texts(name, value)?.into_iter().try_fold(query, |query, tag| Ok(query.tag(tag))),
        "header" | "headers" => headers(query, name, value),
        "attachment" | "attachments" => attachments(query, name, value),
        "size" => size(query, name, value),
        "finding" | "findings" => findings(query, name, value),
        "refusable" => Ok(query.refusable(flag(name, value)?)),
        _ => {
            let near = NAMES.iter().find(|known| strsim::damerau_levenshtein(&known.to_lowercase(), plain) <= 2);
            let meant = near.map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near:?}?"));
            Err((MEMBER, format!("{name:?} is not known here{meant} There are {}.", NAMES.join(", "))))
        }
    }
}

/// Every name, for those who misspelt one.
const NAMES: &[&str] = &[
    "query",
    "mailbox",
    "from",
    "to",
    "cc",
    "bcc",
    "replyTo",
    "envelope",
    "subject",
    "body",
    "messageId",
    "header",
    "tag",
    "attachment",
    "size",
    "findings",
    "refusable",
    "count",
    "exactly",
    "none",
    "since",
    "timeout",
];

fn headers(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    let Value::Object(fields) = value else {
        return Err((MEMBER, format!("{name:?} is not an object; write it like {{\"X-Mailer\": \"php\"}}.")));
    };
    fields.iter().try_fold(query, |query, (field, value)| match value {
        Value::Bool(true) => Ok(query.has_header(field)),
        value => Ok(patterns(&format!("{name}.{field}"), value)?
            .into_iter()
            .fold(query, |query, pattern| query.header(field, pattern))),
    })
}

fn attachments(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    match value {
        Value::Bool(has) => Ok(query.has_attachment(*has)),
        Value::String(file) if file.parse::<bool>().is_ok() => Ok(query.has_attachment(file == "true")),
        Value::String(file) => {
            Ok(query.attachment(AttachmentTest { name: Some(file.into()), ..AttachmentTest::default() }))
        }
        Value::Array(each) => each.iter().try_fold(query, |query, one| attachments(query, name, one)),
        Value::Object(members) => {
            let mut test = AttachmentTest::default();
            for (member, value) in members {
                let path = format!("{name}.{member}");
                match member.to_lowercase().as_str() {
                    "name" | "filename" => test.name = Some(pattern(&path, value)?),
                    "type" | "contenttype" => test.media_type = Some(pattern(&path, value)?),
                    "digest" | "md5" | "sha1" | "sha256" => {
                        let digest = HexDigest::read(text(&path, value)?);
                        let sentence = || format!("{path:?} is not a digest; write 32, 40 or 64 hexadecimal digits.");
                        test.digest = Some(digest.ok_or_else(|| (MEMBER, sentence()))?);
                    }
                    _ => return Err((MEMBER, format!("{path:?} is not known here; there are name, type and digest."))),
                }
            }
            Ok(query.attachment(test))
        }
        _ => Err((MEMBER, format!("{name:?} is neither true, false, a name, nor an object."))),
    }
}

fn size(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    let Value::Object(members) = value else {
        return Err((MEMBER, format!("{name:?} is not an object; write it like {{\"larger\": \"100kb\"}}.")));
    };
    members.iter().try_fold(query, |query, (member, value)| {
        let path = format!("{name}.{member}");
        let bytes = match value {
            Value::Number(number) => number.as_u64().map(|bytes| bytes as usize),
            Value::String(text) => text.parse::<crate::config::ByteSize>().ok().map(|size| size.0),
            _ => None,
        };
        let bytes =
            bytes.ok_or_else(|| (MEMBER, format!("{path:?} is not a size; write it like \"100kb\" or 4096.")))?;
        match member.to_lowercase().as_str() {
            "larger" => Ok(query.larger(bytes)),
            "smaller" => Ok(query.smaller(bytes)),
            _ => Err((MEMBER, format!("{path:?} is not known here; there are larger and smaller."))),
        }
    })
}

fn findings(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    match value {
        Value::Bool(has) => Ok(query.has_findings(*has)),
        Value::String(word) if word.parse::<bool>().is_ok() => Ok(query.has_findings(word == "true")),
        value => texts(name, value)?.into_iter().try_fold(query, |query, id| match Oddity::named(id) {
            Some(oddity) => Ok(query.finding(oddity)),
            None => Err((MEMBER, format!("{name:?}: there is no finding {id:?}; /api/v1/findings lists all."))),
        }),
    }
}

/// A text, an object that says how it is meant, or a list of either.
fn patterns(name: &str, value: &Value) -> Result<Vec<Pattern>, Unread> {
    match value {
        Value::Array(each) => Ok(each.iter().map(|one| patterns(name, one)).collect::<Result<Vec<_>, _>>()?.concat()),
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(how, value)| {
                let path = format!("{name}.{how}");
                let text = text(&path, value)?;
                match how.to_lowercase().as_str() {
                    "contains" => Ok(containing(text)),
                    "equals" => Ok(equal_to(text)),
                    "regex" | "matches" => {
                        matching(text).map_err(|error| (MEMBER, format!("{path:?} is not an expression: {error}.")))
                    }
                    _ => Err((MEMBER, format!("{path:?} is not known here; there are contains, equals and regex."))),
                }
            })
            .collect(),
        value => Ok(vec![text(name, value)?.into()]),
    }
}

fn pattern(name: &str, value: &Value) -> Result<Pattern, Unread> {
    match <[Pattern; 1]>::try_from(patterns(name, value)?) {
        Ok([one]) => Ok(one),
        Err(_) => Err((MEMBER, format!("{name:?} must be one text."))),
    }
}

/// A text that says something: an empty one, from a variable that is not set, would let any message answer.
fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Unread> {
    match value {
        Value::String(text) if !text.is_empty() || name == "query" || name == "mailbox" => Ok(text),
        Value::String(_) => Err((MEMBER, format!("{name:?} is empty; leave it out to ask for any."))),
        _ => Err((MEMBER, format!("{name:?} is not a text."))),
    }
}

fn texts<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a str>, Unread> {
    match value {
        Value::Array(each) => each.iter().map(|one| text(name, one)).collect(),
        one => Ok(vec![text(name, one)?]),
    }
}

fn flag(name: &str, value: &Value) -> Result<bool, Unread> {
    let read = value.as_bool().or_else(|| value.as_str()?.parse().ok());
    read.ok_or_else(|| (MEMBER, format!("{name:?} is neither true nor false.")))
}

fn number(name: &str, value: &Value) -> Result<usize, Unread> {
    let read = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    match read {
        Some(number) if (1..=COUNT_MAX as u64).contains(&number) => Ok(number as usize),
        _ => Err((
            MEMBER,
            format!("{name:?} is not a number from 1 to {COUNT_MAX}; to ask that nothing arrives, write none=500ms."),
        )),
    }
}

/// `2`, `{"atLeast": 2}` or `{"exactly": 2}`.
fn read_count(name: &str, value: &Value) -> Result<Expected, Unread> {
    let Value::Object(members) = value else { return number(name, value).map(Expected::AtLeast) };
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((how, value)), None) if how.eq_ignore_ascii_case("exactly") => number(name, value).map(Expected::Exactly),
        (Some((how, value)), None) if how.eq_ignore_ascii_case("atLeast") => number(name, value).map(Expected::AtLeast),
        _ => Err((MEMBER, format!("{name:?} is a number, {{\"atLeast\": 2}} or {{\"exactly\": 2}}."))),
    }
}

fn once(expected: &mut Option<Expected>, now: Expected) -> Result<(), Unread> {
    match expected.replace(now) {
        None => Ok(()),
        Some(_) => Err((MEMBER, "Of count, exactly and none only one can be asked for.".into())),
    }
}

/// `5s`, `500ms`, `1m`, or a bare number of seconds.
fn read_time(name: &str, value: &Value) -> Result<Duration, Unread> {
    let shown = value.as_str().map_or_else(|| value.to_string(), |text| format!("{text:?}"));
    let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let time = match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        None => value.as_str().and_then(|text| text.parse::<jiff::SignedDuration>().ok()?.try_into().ok()),
    };
    match time {
        None => Err((TIME, format!("{name}: {shown} is not a time; write it like 5s, 500ms or 1m."))),
        Some(time) if time > TIMEOUT_MAX => Err((
            TIME,
            format!(
                "{name}: {shown} is longer than a question is held; at most {} s. A number without a unit is seconds.",
                TIMEOUT_MAX.as_secs()
            ),
        )),
        Some(time) => Ok(time),
    }
}

/// A cursor, an instant, or `now`.
fn read_since(value: &Value, inbox: &Inbox) -> Result<u64, Unread> {
    let number = value.as_u64().map(|number| number.to_string());
    let Some(text) = number.as_deref().or_else(|| value.as_str()) else {
        return Err((CURSOR, format!("{value} is not a cursor; it is a text.")));
    };
    if text == "now" {
        return Ok(inbox.store().seq());
    }
    if let Ok(instant) = text.parse() {
        return Ok(inbox.store().seq_before(instant));
    }
    read_cursor(text, inbox.start())
}

/// A cursor is `START-SEQ`, as waits and event streams give it. One of another run would skip or repeat messages.
fn read_cursor(text: &str, start: &str) -> Result<u64, Unread> {
    let (run, seq) = text.rsplit_once('-').unwrap_or((start, text));
    let sentence = match seq.parse() {
        Ok(seq) if run == start => return Ok(seq),
        Ok(_) => format!("{text:?} is from an earlier run of the server; its messages are gone. Leave it out."),
        Err(_) => {
            format!("{text:?} is not a cursor; take the Cursor of an answer, a time like 2026-11-24T10:00:00Z, or now.")
        }
    };
    Err((CURSOR, sentence))
}

#[cfg(test)]
mod tests;
