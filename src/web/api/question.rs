//! A wait's question as it comes: as parameters of a GET or members of a JSON object, which mean the same.
//!
//! ```json
//! {"to": "ann@app.test", "subject": {"regex": "order #[0-9]+"}, "count": 2, "timeout": "5s"}
//! ```
//!
//! Names are understood whatever their case, with `-` and `_` or without. A text is contained, whatever the case; a whole
//! address is meant as a whole; `{"contains": …}`, `{"equals": …}` and `{"regex": …}` say otherwise. A list means all of
//! its members. What is not understood is refused: a misspelt name would let any message answer.

mod clause;
mod value;

use std::time::Duration;

use actix_web::http::StatusCode;
use serde_json::{Map, Value};

use super::query_problem;
use crate::mailbox::wait::{Expected, Question};
use crate::mailbox::{Inbox, MailboxName, Query, Scope};
use crate::web::problem::Problem;
#[cfg(test)]
pub(in crate::web::api) use clause::NAMES;
use clause::clause;
use value::{count, cursor, number, text, time};

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
            "since" => cursor(&value, inbox).map(|place| since = place),
            "timeout" => time(&name, &value).map(|held| timeout = Some(held)),
            "mailbox" => text(&name, &value).and_then(|mailbox| narrowed(&scope, mailbox)).map(|one| scope = one),
            "count" => count(&name, &value).and_then(|some| once(&mut expected, some)),
            "exactly" => number(&name, &value).and_then(|some| once(&mut expected, Expected::Exactly(some))),
            "none" => time(&name, &value).and_then(|held| {
                quiet = Some(held);
                once(&mut expected, Expected::Nothing)
            }),
            _ => clause(query.clone(), &plain, &name, &value).map(|more| query = more),
        };
        outcome.map_err(problem)?;
        if query.len() > CLAUSES_MAX {
            return Err(problem((MEMBER, format!("A question can have {CLAUSES_MAX} clauses, not more."))));
        }
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

fn once(expected: &mut Option<Expected>, now: Expected) -> Result<(), Unread> {
    match expected.replace(now) {
        None => Ok(()),
        Some(_) => Err((MEMBER, "Of count, exactly and none only one can be asked for.".into())),
    }
}

#[cfg(test)]
mod tests;
