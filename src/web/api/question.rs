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
use crate::mailbox::query::language::{bytes as read_bytes, instant};
use crate::mailbox::query::{AttachmentTest, HexDigest, Pattern, containing, equal_to, matching};
use crate::mailbox::wait::{COUNT_MAX, Expected, Question, TIMEOUT_MAX};
use crate::mailbox::{Inbox, MailboxName, MessageId, Query, Scope};
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

/// Clauses of one question: each is compared with every message, and an answer names each that failed.
const CLAUSES_MAX: usize = 100;
/// How long a question is held without `timeout`: shorter than the five seconds after which test runners give a test up,
/// or nobody would read why it failed.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Why a question cannot be asked: the name of the problem, and a sentence.
type Unread = (&'static str, String);

/// The members of a query string: what is given twice is a list, `header.x-kind=welcome` is `{"header": {"x-kind": …}}`.
pub fn from_parameters(parameters: Vec<(String, String)>) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in parameters {
        let (members, name) = match name.split_once('.') {
            Some((outer, inner)) => {
                let outer = members.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                match outer {
                    Value::Object(object) => (object, inner.to_owned()),
                    // `size=5&size.larger=4`: the first is refused by its name.
                    _ => continue,
                }
            }
            None => (&mut members, name),
        };
        match members.get_mut(&name) {
            None => _ = members.insert(name, Value::String(value)),
            Some(Value::Array(values)) => values.push(Value::String(value)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(value)]),
        }
    }
    members
}

/// Both at once: a POST may have parameters too.
///
/// # Errors
/// 400, with the name that stands in both.
pub fn together(parameters: Map<String, Value>, mut body: Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    for (name, value) in parameters {
        if body.insert(name.clone(), value).is_some() {
            return Err(problem((
                MEMBER,
                format!("{name:?} stands in the address and in the body; leave one of them out."),
            )));
        }
    }
    Ok(body)
}

/// Reads a question about what a mount sees.
///
/// # Errors
/// 400, with a sentence that names the member.
pub fn read(members: Map<String, Value>, scope: &Scope, inbox: &Inbox) -> Result<Asked, Problem> {
    let (mut query, mut scope) = (Query::default(), scope.clone());
    let (mut since, mut timeout, mut quiet, mut expected) = (0, None, None, None);
    for (name, value) in members {
        if query.len() > CLAUSES_MAX {
            return Err(problem((MEMBER, format!("A question can have {CLAUSES_MAX} clauses, not more."))));
        }
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
            "timeout" => read_time(&name, &value).map(|time| timeout = Some(time)),
            "mailbox" => text(&name, &value).and_then(|mailbox| narrowed(&scope, mailbox)).map(|one| scope = one),
            "count" => read_count(&name, &value).and_then(|count| once(&mut expected, count)),
            "exactly" => number(&name, &value).and_then(|count| once(&mut expected, Expected::Exactly(count))),
            "none" => read_time(&name, &value).and_then(|time| {
                quiet = Some(time);
                once(&mut expected, Expected::Nothing)
            }),
            _ => clause(query.clone(), &plain, &name, &value).map(|more| query = more),
        };
        outcome.map_err(problem)?;
    }
    if timeout.is_some() && quiet.is_some() {
        return Err(problem((TIME, "\"none\" says how long already; leave \"timeout\" out.".into())));
    }
    let (for_one, timeout) = (expected.is_none(), timeout.or(quiet).unwrap_or(TIMEOUT));
    let expected = expected.unwrap_or(Expected::AtLeast(1));
    Ok(Asked { question: Question { scope, query, since, expected, timeout }, for_one })
}

/// A mailbox that is asked for at the root, as if it had been asked below its path.
fn narrowed(scope: &Scope, mailbox: &str) -> Result<Scope, Unread> {
    let asked = MailboxName::new(mailbox);
    match scope {
        Scope::Mailbox(here) if *here != asked => {
            let sentence = format!("\"mailbox\" is {mailbox:?}, and the address asks mailbox {:?}.", here.as_str());
            Err((MEMBER, sentence))
        }
        _ => Ok(Scope::Mailbox(asked)),
    }
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
    if let ("from" | "to" | "cc" | "bcc" | "replyto" | "envelope", Some(address)) = (plain, value.as_str())
        && address.contains('@')
        && address.contains(' ')
        && !address.contains('<')
    {
        let sentence =
            format!("{name}: there is a space in {address:?}; a plus stands in an address of the web as %2B.");
        return Err((MEMBER, sentence));
    }
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
        "tag" | "tags" => texts(name, value)?.into_iter().try_fold(query, |query, tag| Ok(query.tag(tag))),
        "header" | "headers" => headers(query, name, value),
        "attachment" | "attachments" => attachments(query, name, value),
        "size" => size(query, name, value),
        "finding" | "findings" => findings(query, name, value),
        "refusable" => Ok(query.refusable(flag(name, value)?)),
        _ => {
            let name: String = name.chars().take(NAME_CHARS_MAX).collect();
            let near = |known: &&&str| {
                let distance = strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase());
                distance <= 2 && 2 * distance < known.len()
            };
            let meant =
                NAMES.iter().find(near).map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near:?}?"));
            Err((MEMBER, format!("{name:?} is not known here{meant} There are {}.", NAMES.join(", "))))
        }
    }
}

/// A name is named up to here.
const NAME_CHARS_MAX: usize = 40;

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
    let Value::Object(fields) = filled(name, value, "{\"X-Mailer\": \"php\"} or header.x-mailer=php")? else {
        return Ok(query);
    };
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if let Some(field) = fields.keys().find(|field| field.is_empty() || !is_name(field)) {
        return Err((MEMBER, format!("{name:?}: {field:?} cannot be the name of a field.")));
    }
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
        Value::Object(members) if !members.is_empty() => {
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
        _ => Err((MEMBER, format!("{name:?} must be true, false, a name, or an object with name, type or digest."))),
    }
}

fn size(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    let Value::Object(members) = filled(name, value, "{\"larger\": \"100kb\"} or size.larger=100kb")? else {
        return Ok(query);
    };
    members.iter().try_fold(query, |query, (member, value)| {
        let path = format!("{name}.{member}");
        let bytes = match value {
            Value::Number(number) => number.as_u64().map(|bytes| bytes as usize),
            Value::String(text) => read_bytes(text),
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

/// An object with something in it.
fn filled<'a>(name: &str, value: &'a Value, example: &str) -> Result<&'a Value, Unread> {
    match value {
        Value::Object(members) if !members.is_empty() => Ok(value),
        _ => Err((MEMBER, format!("{name:?} must be an object with something in it; write it like {example}."))),
    }
}

/// A text, an object that says how it is meant, or a list of either.
fn patterns(name: &str, value: &Value) -> Result<Vec<Pattern>, Unread> {
    match value {
        Value::Array(each) if each.len() > CLAUSES_MAX => {
            Err((MEMBER, format!("{name:?}: a question can have {CLAUSES_MAX} clauses, not more.")))
        }
        Value::Array(each) => Ok(each.iter().map(|one| patterns(name, one)).collect::<Result<Vec<_>, _>>()?.concat()),
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(how, value)| {
                let path = format!("{name}.{how}");
                let text = text(&path, value)?;
                match how.to_lowercase().as_str() {
                    "contains" => Ok(containing(text)),
                    "equals" => Ok(equal_to(text)),
                    "regex" | "matches" => matching(text)
                        .map_err(|error| (MEMBER, format!("{path:?}: {text:?} is not a regular expression: {error}."))),
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
        Value::String(text) if !text.is_empty() || name == "mailbox" => Ok(text),
        Value::String(_) => Err((MEMBER, format!("{name:?} is empty; leave it out to ask for any."))),
        other => Err((MEMBER, format!("{name:?} must be a text, found {other}."))),
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
        Some(0) => Err((MEMBER, format!("{name:?} must be 1 or more; that nothing arrives is asked by \"none\"."))),
        _ => Err((MEMBER, format!("{name:?} must be a number from 1 to {COUNT_MAX}, found {value}."))),
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
                "{name}: {shown} is more than the {} s for which a question is held. A number without a unit is seconds; \
                 milliseconds are written like 500ms.",
                TIMEOUT_MAX.as_secs()
            ),
        )),
        Some(time) => Ok(time),
    }
}

/// A cursor, an instant, or `now`.
fn read_since(value: &Value, inbox: &Inbox) -> Result<u64, Unread> {
    let Some(text) = value.as_str() else {
        return Err((CURSOR, format!("\"since\" must be a text, found {value}; {CURSORS}.")));
    };
    if text == "now" {
        return Ok(inbox.store().seq());
    }
    if let Some(instant) = instant(text) {
        return Ok(inbox.store().seq_before(instant));
    }
    read_cursor(text, inbox.start())
}

/// What can stand there.
const CURSORS: &str =
    "take the Cursor of an answer or of /api/v1/info, a day or time like 2026-11-24T10:00:00Z, or now";

/// A cursor is `START-SEQ`, as waits, info and event streams give it. One of another run would skip or repeat messages.
fn read_cursor(text: &str, start: &str) -> Result<u64, Unread> {
    let parts = text.rsplit_once('-').and_then(|(run, seq)| Some((run, seq.parse().ok()?)));
    match parts {
        Some((run, seq)) if run == start => Ok(seq),
        Some((run, _)) if run.parse::<MessageId>().is_ok() => {
            let sentence = "its messages are gone. Take one of this run, or leave it out";
            Err((CURSOR, format!("{text:?} is a cursor of an earlier run of the server; {sentence}.")))
        }
        _ => Err((CURSOR, format!("{text:?} is not a cursor; {CURSORS}."))),
    }
}

#[cfg(test)]
mod tests;
