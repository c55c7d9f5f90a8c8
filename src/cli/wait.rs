//! `restante wait`: asks a running Restante for a message and prints it, or says why there is none.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::{ArgGroup, Parser};
use serde_json::{Map, Value, json};

use super::remote::{self, Remote, Unanswered};
use super::show::Form;
use super::{kind, print_bytes};

/// Waits for a message and prints it. Exits with 1, and says what came close, if none comes in time
///
/// The search is that of the page: `restante wait 'to:ann@app.test subject:"Reset your password"' --link`.
#[derive(Parser, Clone, Debug)]
#[command(max_term_width = 100, group = ArgGroup::new("number").args(["count", "exactly", "none"]))]
struct Flags {
    /// What the message must be like; without it, any message
    #[arg(value_name = "SEARCH")]
    search: Vec<String>,
    /// How long to wait
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = kind::duration)]
    timeout: Duration,
    /// Wait for so many messages
    #[arg(long, value_name = "NUMBER")]
    count: Option<usize>,
    /// Wait for so many messages, and no other
    #[arg(long, value_name = "NUMBER")]
    exactly: Option<usize>,
    /// Confirm that no such message is there, nor comes within this time
    #[arg(long, value_name = "TIME", value_parser = kind::duration, conflicts_with = "timeout")]
    none: Option<Duration>,
    /// Only messages after this cursor or time; "now" for those that come from now on
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(typed: Vec<OsString>) -> ExitCode {
    match remote::typed::<Flags>("wait", typed) {
        Ok(flags) => flags.ask().unwrap_or_else(|unanswered| unanswered.exit()),
        Err(code) => code,
    }
}

impl Flags {
    fn ask(&self) -> Result<ExitCode, Unanswered> {
        let time = |time: Duration| format!("{}ms", time.as_millis());
        let mut question = Map::new();
        let mut ask = |name: &str, value: Option<Value>| question.extend(value.map(|value| (name.to_owned(), value)));
        ask("query", (!self.search.is_empty()).then(|| json!(remote::search(&self.search))));
        ask("since", self.since.as_ref().map(|since| json!(since)));
        ask("count", self.count.map(|count| json!(count)));
        ask("exactly", self.exactly.map(|exactly| json!(exactly)));
        match self.none {
            Some(none) => ask("none", Some(json!(time(none)))),
            None => ask("timeout", Some(json!(time(self.timeout)))),
        }
        let patience = self.none.unwrap_or(self.timeout);
        let answer = remote::json(&self.remote.post("wait", &Value::Object(question), patience)?)?;
        let messages = match answer["Messages"].as_array() {
            Some(several) => several.clone(),
            None => vec![answer],
        };
        let mut all = Vec::new();
        for message in &messages {
            all.extend(self.form.of(message, &self.remote)?);
        }
        Ok(print_bytes(&all))
    }
}
