//! `restante show`: prints a message of a running Restante. The forms in which it can be printed are those of
//! `restante wait` too.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Args, Parser};
use serde_json::Value;

use super::remote::{self, Remote, Unanswered};
use super::{print_bytes, told};
use crate::web::page::words::percent;

/// Prints a message
#[derive(Parser, Clone, Debug)]
#[command(max_term_width = 100)]
struct Flags {
    /// The id of the message; without it, the newest
    #[arg(value_name = "ID", default_value = "latest")]
    which: String,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    remote: Remote,
}

/// What is printed of a message; without any of these, its head and its text.
#[derive(Args, Clone, Debug)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag, and clap sees to it that one is set at most")]
pub(super) struct Form {
    /// Print all that is known of it, as JSON
    #[arg(long)]
    json: bool,
    /// Print its source, byte for byte
    #[arg(long)]
    raw: bool,
    /// Print its text alone
    #[arg(long)]
    text: bool,
    /// Print its HTML
    #[arg(long)]
    html: bool,
    /// Print the one-time code in it; exit with 1 if there is none
    #[arg(long)]
    code: bool,
    /// Print the link that it asks to follow; exit with 1 if there is none
    #[arg(long)]
    link: bool,
    /// Print its id
    #[arg(long)]
    id: bool,
}

pub(super) fn run(typed: Vec<OsString>) -> ExitCode {
    match remote::typed::<Flags>("show", typed) {
        Ok(flags) => flags.ask().unwrap_or_else(|unanswered| unanswered.exit()),
        Err(code) => code,
    }
}

impl Flags {
    fn ask(&self) -> Result<ExitCode, Unanswered> {
        let absent = || match &*self.which {
            "" | "latest" => "there is no message; restante ls lists what there is".into(),
            id => format!("there is no message {id:?}; restante ls lists what there is"),
        };
        let which = if self.which.is_empty() { "latest" } else { &self.which };
        let answer = self.remote.get(&format!("message/{}", percent(which)));
        let message = remote::json(&answer.map_err(|unanswered| unanswered.or_absent(absent))?)?;
        Ok(print_bytes(&self.form.of(&message, &self.remote)?))
    }
}

impl Form {
    /// A message of the API in this form, with a line end.
    pub(super) fn of(&self, message: &Value, remote: &Remote) -> Result<Vec<u8>, Unanswered> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let lacks = |what: &str| {
            let subject = told::line(message["Subject"].as_str().unwrap_or_default());
            Unanswered::new(format!("the message {subject:?} has no {what}"))
        };
        let found = |value: &Value, what| Some(text(value)).filter(|text| !text.is_empty()).ok_or_else(|| lacks(what));
        let mut form = match () {
            () if self.raw => return remote.get(&format!("message/{}/raw", text(&message["ID"]))),
            () if self.json => message.to_string(),
            () if self.text && std::io::stdout().is_terminal() => told::harmless(&text(&message["Text"])),
            () if self.text => text(&message["Text"]),
            () if self.html => found(&message["HTML"], "HTML")?,
            () if self.code => found(&message["Codes"][0]["Value"], "one-time code")?,
            () if self.link => told::line(&found(&message["MainLink"]["URL"], "link to follow")?),
            () if self.id => text(&message["ID"]),
            () => told::message(message),
        };
        if !form.ends_with('\n') {
            form.push('\n');
        }
        Ok(form.into_bytes())
    }
}
