//! `/api/v1/wait`: the held question. "Did it arrive, and if not, what did?"

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::message::whole;
use super::query_problem;
use super::shape::Summary;
use crate::mailbox::Query;
use crate::mailbox::wait::{Question, TimedOut};
use crate::web::Web;
use crate::web::mount::Mount;
use crate::web::problem::Problem;

/// How long a question is held without `timeout`.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest: longer than any test should take, shorter than most proxies hold a request.
const TIMEOUT_MAX: Duration = Duration::from_secs(300);

/// The question as it was typed.
#[derive(Debug, Deserialize)]
// A misspelt name would let any message answer.
#[serde(deny_unknown_fields)]
pub struct Asked {
    query: Option<String>,
    timeout: Option<String>,
    since: Option<String>,
}

/// `GET /api/v1/wait?query=…&timeout=5s&since=CURSOR`: the oldest message that fits, as soon as it is there. Without
/// `since` a message that is there already counts too.
pub async fn wait(web: Data<Web>, mount: Mount, request: HttpRequest) -> HttpResponse {
    let asked = match UrlQuery::<Asked>::from_query(request.query_string()) {
        Ok(asked) => asked,
        Err(error) => return bad("parameter-not-understood", "A parameter cannot be read", format!("{error}.")),
    };
    let text = asked.query.clone().unwrap_or_default();
    let query: Query = match text.parse() {
        Ok(query) => query,
        Err(error) => return query_problem(&error),
    };
    let timeout = match asked.timeout.as_deref().map_or(Ok(TIMEOUT), read_timeout) {
        Ok(timeout) => timeout,
        Err(sentence) => return bad("timeout-not-understood", "The time cannot be read", sentence),
    };
    let since = match asked.since.as_deref().map_or(Ok(0), |since| read_cursor(since, web.inbox.start())) {
        Ok(since) => since,
        Err(sentence) => return bad("cursor-not-understood", "The cursor cannot be read", sentence),
    };
    let question = Question { scope: mount.scope.clone(), query, since, timeout };
    tokio::select! {
        answer = question.ask(&web.inbox) => match answer {
            Ok(stored) => whole(&web, stored).await,
            Err(timed_out) => explain(&timed_out, &text, timeout, &mount),
        },
        () = web.stop.cancelled() => {
            let sentence = "The server was stopped before a message came.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "The server stops", sentence).respond()
        }
    }
}

fn bad(name: &str, title: &'static str, sentence: String) -> HttpResponse {
    Problem::new(StatusCode::BAD_REQUEST, name, title, sentence).respond()
}

/// `5s`, `500ms`, `1m`, or a bare number of seconds.
fn read_timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let timeout = seconds.or_else(|| text.parse::<jiff::SignedDuration>().ok()?.try_into().ok());
    match timeout {
        None => Err(format!("{text:?} is not a time; write it like 5s, 500ms or 1m.")),
        Some(timeout) if timeout > TIMEOUT_MAX => {
            Err(format!("{text:?} is longer than a question is held; at most {} s.", TIMEOUT_MAX.as_secs()))
        }
        Some(timeout) => Ok(timeout),
    }
}

/// A cursor is `START-SEQ`, as the event streams give it. One of another run would skip or repeat messages.
fn read_cursor(text: &str, start: &str) -> Result<u64, String> {
    let (run, seq) = text.rsplit_once('-').unwrap_or((start, text));
    match seq.parse() {
        Ok(seq) if run == start => Ok(seq),
        Ok(_) => Err(format!("{text:?} is from an earlier run of the server; its messages are gone. Leave it out.")),
        Err(_) => Err(format!("{text:?} is not a cursor; take one from the id of an event, or leave it out.")),
    }
}

fn explain(timed_out: &TimedOut, query: &str, timeout: Duration, mount: &Mount) -> HttpResponse {
    let TimedOut { arrived, arrived_total } = timed_out;
    let place = mount.mailbox().map_or_else(String::new, |name| format!(" in mailbox {name}"));
    let mut detail = match query {
        "" => format!("No message arrived{place} within {timeout:?}."),
        query => format!("No message{place} matched {query} within {timeout:?}."),
    };
    match arrived_total {
        0 if mount.mailbox().is_some() => detail.push_str(
            " Nothing arrived in it. Mail that was sent without a login is in the mailbox default, with another user \
             name in the one of that name.",
        ),
        0 => detail.push_str(" Nothing arrived at all."),
        1 => detail.push_str(" One other did arrive:"),
        total => detail.push_str(&format!(" {total} others did arrive, the newest first:")),
    }
    for stored in arrived {
        let message = &stored.message;
        let to: Vec<_> = message.envelope.to.iter().take(3).map(|to| to.path.to_string()).collect();
        let subject = &message.view.subject;
        detail.push_str(&format!("\n- {subject:?} from {} to {}", message.envelope.from.path, to.join(", ")));
        if !message.mailbox.is_default() {
            detail.push_str(&format!(" in mailbox {}", message.mailbox));
        }
    }
    Problem::new(StatusCode::NOT_FOUND, "wait-timed-out", "No matching message arrived", detail)
        .with("query", query)
        .with("timeoutMs", timeout.as_millis() as u64)
        .with("arrivedCount", arrived_total)
        .with("arrived", arrived.iter().map(Summary::of).collect::<Vec<_>>())
        .respond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_a_unit() {
        assert_eq!(read_timeout("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(read_timeout("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(read_timeout("2"), Ok(Duration::from_secs(2)));
        assert_eq!(read_timeout("0"), Ok(Duration::ZERO));
        for wrong in ["", "soon", "-1s", "-1", "NaN", "1h"] {
            assert!(read_timeout(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_cursor_belongs_to_a_run() {
        assert_eq!(read_cursor("abc-17", "abc"), Ok(17));
        assert_eq!(read_cursor("17", "abc"), Ok(17));
        assert!(read_cursor("xyz-17", "abc").is_err());
        assert!(read_cursor("latest", "abc").is_err());
    }
}
