//! A running Restante, as the commands that ask one see it: where it is, and its answers.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser};
use serde_json::Value;

use super::{complaint, failed, told, wrong};
use crate::web::page::words::percent;

/// Which Restante, and which of its mailboxes.
#[derive(Args, Clone, Debug)]
pub(super) struct Remote {
    /// Where it runs [default: RESTANTE_URL, else http://127.0.0.1:8025]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Only this mailbox: of the messages whose client logged in by this name
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
}

/// Where one runs that was started without flags.
const DEFAULT_URL: &str = "http://127.0.0.1:8025";
/// What an answer may take beside what is waited for.
const MARGIN: Duration = Duration::from_secs(30);

/// Why there is no answer, as a sentence, and the exit code that it makes.
#[derive(Debug)]
pub(super) struct Unanswered {
    sentence: String,
    why: Why,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// What was asked for is not there.
    Absent,
    /// The question was at fault.
    AskedWrong,
    /// Nobody answers there who could.
    Silent,
}

/// The exit code where no Restante answers: a script can tell it from a message that is not there.
const SILENT: u8 = 3;

impl Unanswered {
    pub(super) fn new(sentence: String) -> Self {
        Self { sentence, why: Why::Absent }
    }

    fn silent(sentence: String) -> Self {
        Self { sentence, why: Why::Silent }
    }

    /// The same with another sentence, if what was asked for is not there.
    pub(super) fn or_absent(self, sentence: impl FnOnce() -> String) -> Self {
        if self.why == Why::Absent { Self::new(sentence()) } else { self }
    }

    /// Says it.
    pub(super) fn exit(&self) -> ExitCode {
        // It may quote mail.
        let sentence = told::harmless(&self.sentence);
        match self.why {
            Why::Absent => failed(&sentence),
            Why::AskedWrong => wrong(&sentence),
            Why::Silent => {
                failed(&sentence);
                ExitCode::from(SILENT)
            }
        }
    }
}

/// Reads what was typed to a command.
///
/// # Errors
/// The exit code, after the help or the mistake was told.
pub(super) fn typed<T: Parser>(name: &'static str, mut arguments: Vec<OsString>) -> Result<T, ExitCode> {
    if let Some(first) = arguments.first_mut() {
        *first = format!("restante {name}").into();
    }
    let command = T::command().bin_name(format!("restante {name}"));
    let matches = command.try_get_matches_from(arguments).and_then(|mut matches| T::from_arg_matches_mut(&mut matches));
    matches.map_err(|error| {
        use clap::error::ErrorKind::{DisplayHelp, DisplayVersion};
        if matches!(error.kind(), DisplayHelp | DisplayVersion) {
            error.exit();
        }
        let sentence = complaint::sentence(&error);
        let behind = if sentence.starts_with('-') && !sentence.starts_with("--") {
            " A search that begins with - stands behind --."
        } else {
            ""
        };
        wrong(&format!("{sentence}\n\nrestante {name} --help tells what it takes.{behind}"))
    })
}

impl Remote {
    fn root(&self) -> String {
        let named = || std::env::var("RESTANTE_URL").ok().filter(|url| !url.is_empty());
        let url = self.url.clone().or_else(named).unwrap_or_else(|| DEFAULT_URL.to_owned());
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        url.trim_end_matches('/').to_owned()
    }

    /// The address of a path of the API, such as `messages?limit=5`.
    fn address(&self, path: &str) -> String {
        let mount = self.mailbox.as_ref().map_or_else(String::new, |name| format!("/mailbox/{}", percent(name)));
        format!("{}{mount}/api/v1/{path}", self.root())
    }

    /// Asks by GET.
    ///
    /// # Errors
    /// Nobody answers, or what is asked for is not there.
    pub(super) fn get(&self, path: &str) -> Result<Vec<u8>, Unanswered> {
        self.ask("GET", path, Vec::new(), Duration::ZERO)
    }

    /// Asks by POST with a JSON object, whose answer may take so long.
    ///
    /// # Errors
    /// Nobody answers, or the answer is a refusal.
    pub(super) fn post(&self, path: &str, body: &Value, patience: Duration) -> Result<Vec<u8>, Unanswered> {
        self.ask("POST", path, body.to_string().into_bytes(), patience)
    }

    /// Hands in bytes by POST.
    ///
    /// # Errors
    /// Nobody answers, or the answer is a refusal.
    pub(super) fn deliver(&self, path: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        self.ask("POST", path, bytes, Duration::ZERO)
    }

    fn ask(&self, method: &str, path: &str, body: Vec<u8>, patience: Duration) -> Result<Vec<u8>, Unanswered> {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(patience + MARGIN));
        // What HTTP_PROXY names is for the web; mail is for nobody else.
        let agent: ureq::Agent = config.proxy(None).build().into();
        let address = self.address(path);
        let request = ureq::http::Request::builder().method(method).uri(&address).body(body);
        let request = request.map_err(|_| Unanswered {
            sentence: format!("{} is not an address; write it like {DEFAULT_URL}", self.root()),
            why: Why::AskedWrong,
        })?;
        let mut answer = agent.run(request).map_err(|error| Unanswered::silent(self.silence(&error)))?;
        let body = answer.body_mut().with_config().limit(u64::MAX).read_to_vec();
        let body =
            body.map_err(|error| Unanswered::new(format!("the answer of {} broke off: {error}", self.root())))?;
        match answer.status().as_u16() {
            200..300 => Ok(body),
            400 => Err(Unanswered { sentence: refusal(&body), why: Why::AskedWrong }),
            _ => Err(Unanswered::new(refusal(&body))),
        }
    }

    fn silence(&self, error: &ureq::Error) -> String {
        use std::io::ErrorKind::{ConnectionRefused, TimedOut};
        let why = match error {
            ureq::Error::Io(error) if matches!(error.kind(), ConnectionRefused | TimedOut) => error.kind().to_string(),
            ureq::Error::Io(error) => error.to_string(),
            ureq::Error::HostNotFound => "there is no such host".into(),
            ureq::Error::Protocol(_) => "what answers there is no web server; is it the port of SMTP?".into(),
            error => error.to_string(),
        };
        format!(
            "no Restante answers at {} ({why}); start one with `restante`, or say where it is by --url or RESTANTE_URL",
            self.root()
        )
    }
}

/// The sentence of a refusal: a problem's detail, or plain text.
fn refusal(body: &[u8]) -> String {
    let problem: Option<Value> = serde_json::from_slice(body).ok();
    let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str());
    detail.map_or_else(|| String::from_utf8_lossy(body).trim().to_owned(), str::to_owned)
}

/// A search as a shell hands it over: in `subject:"Reset your password"` it has eaten the quotes.
pub(super) fn search(words: &[String]) -> String {
    let requoted = |word: &String| match word.split_once(':') {
        Some((term, value))
            if value.contains(char::is_whitespace)
                && !value.contains(['"', ':'])
                && !value.starts_with('/')
                && term.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) =>
        {
            format!("{term}:\"{value}\"")
        }
        _ => word.clone(),
    };
    words.iter().map(requoted).collect::<Vec<_>>().join(" ")
}

/// JSON of an answer.
///
/// # Errors
/// It is none: something else than Restante answers there.
pub(super) fn json(body: &[u8]) -> Result<Value, Unanswered> {
    let other =
        |_| Unanswered::silent("what answers there is not Restante; say where it is by --url or RESTANTE_URL".into());
    serde_json::from_slice(body).map_err(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_that_a_shell_has_eaten_are_put_back() {
        for (words, expected) in [
            (
                &["subject:Reset your password", "to:ann@app.test"][..],
                "subject:\"Reset your password\" to:ann@app.test",
            ),
            (&["to:ann@app.test subject:\"Reset it\""], "to:ann@app.test subject:\"Reset it\""),
            (&["to:ann@app.test subject:x"], "to:ann@app.test subject:x"),
            (&["subject:/a b/"], "subject:/a b/"),
            (&["two words"], "two words"),
        ] {
            let words: Vec<_> = words.iter().map(ToString::to_string).collect();
            assert_eq!(search(&words), expected);
        }
    }
}
