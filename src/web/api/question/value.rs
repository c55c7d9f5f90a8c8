//! The values of a question's members: texts, numbers, times, cursors. Whatever cannot be read is told by its name.

use std::time::Duration;

use serde_json::Value;

use super::{CLAUSES_MAX, CURSOR, MEMBER, TIME, Unread};
use crate::mailbox::query::language::instant;
use crate::mailbox::query::{Pattern, containing, equal_to, matching};
use crate::mailbox::wait::{COUNT_MAX, Expected, TIMEOUT_MAX};
use crate::mailbox::{Inbox, MessageId};

/// An object with something in it.
pub(super) fn filled<'a>(name: &str, value: &'a Value, example: &str) -> Result<&'a Value, Unread> {
    match value {
        Value::Object(members) if !members.is_empty() => Ok(value),
        _ => Err((MEMBER, format!("{name:?} must be an object with something in it; write it like {example}."))),
    }
}

/// A text, an object that says how it is meant, or a list of either.
pub(super) fn patterns(name: &str, value: &Value) -> Result<Vec<Pattern>, Unread> {
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

pub(super) fn pattern(name: &str, value: &Value) -> Result<Pattern, Unread> {
    match <[Pattern; 1]>::try_from(patterns(name, value)?) {
        Ok([one]) => Ok(one),
        Err(_) => Err((MEMBER, format!("{name:?} must be one text."))),
    }
}

/// A text that says something: an empty one, from a variable that is not set, would let any message answer.
pub(super) fn text<'a>(name: &str, value: &'a Value) -> Result<&'a str, Unread> {
    match value {
        Value::String(text) if !text.is_empty() || name == "mailbox" => Ok(text),
        Value::String(_) => Err((MEMBER, format!("{name:?} is empty; leave it out to ask for any."))),
        other => Err((MEMBER, format!("{name:?} must be a text, found {other}."))),
    }
}

pub(super) fn texts<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a str>, Unread> {
    match value {
        Value::Array(each) => each.iter().map(|one| text(name, one)).collect(),
        one => Ok(vec![text(name, one)?]),
    }
}

pub(super) fn flag(name: &str, value: &Value) -> Result<bool, Unread> {
    let read = value.as_bool().or_else(|| value.as_str()?.parse().ok());
    read.ok_or_else(|| (MEMBER, format!("{name:?} is neither true nor false.")))
}

pub(super) fn number(name: &str, value: &Value) -> Result<usize, Unread> {
    let read = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    match read {
        Some(number) if (1..=COUNT_MAX as u64).contains(&number) => Ok(number as usize),
        Some(0) => Err((MEMBER, format!("{name:?} must be 1 or more; that nothing arrives is asked by \"none\"."))),
        _ => Err((MEMBER, format!("{name:?} must be a number from 1 to {COUNT_MAX}, found {value}."))),
    }
}

/// `2`, `{"atLeast": 2}` or `{"exactly": 2}`.
pub(super) fn count(name: &str, value: &Value) -> Result<Expected, Unread> {
    let Value::Object(members) = value else { return number(name, value).map(Expected::AtLeast) };
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((how, value)), None) if how.eq_ignore_ascii_case("exactly") => number(name, value).map(Expected::Exactly),
        (Some((how, value)), None) if how.eq_ignore_ascii_case("atLeast") => number(name, value).map(Expected::AtLeast),
        _ => Err((MEMBER, format!("{name:?} is a number, {{\"atLeast\": 2}} or {{\"exactly\": 2}}."))),
    }
}

/// `5s`, `500ms`, `1m`, or a bare number of seconds.
pub(super) fn time(name: &str, value: &Value) -> Result<Duration, Unread> {
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
                "{name}: {shown} is more than the {} s for which a question is held.{}",
                TIMEOUT_MAX.as_secs(),
                if seconds.is_some() {
                    " A number without a unit is seconds; milliseconds are written like 500ms."
                } else {
                    ""
                }
            ),
        )),
        Some(time) => Ok(time),
    }
}

/// A cursor, an instant, or `now`.
pub(super) fn cursor(value: &Value, inbox: &Inbox) -> Result<u64, Unread> {
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
pub(super) fn read_cursor(text: &str, start: &str) -> Result<u64, Unread> {
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
