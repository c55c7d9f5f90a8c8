//! `restante ls`: lists the messages of a running Restante.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use serde_json::Value;

use super::remote::{self, Remote, Unanswered};
use super::{print, told};
use crate::web::page::words::percent;

/// Lists messages, the newest first
#[derive(Parser, Clone, Debug)]
#[command(max_term_width = 100)]
struct Flags {
    /// What they must be like, as on the page: restante ls to:ann@app.test; without it, all
    #[arg(value_name = "SEARCH")]
    search: Vec<String>,
    /// How many at most
    #[arg(long, short = 'n', value_name = "NUMBER", default_value = "50", value_parser = super::kind::at_least_one)]
    limit: usize,
    /// Print what is known of each as JSON, an object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(typed: Vec<OsString>) -> ExitCode {
    match remote::typed::<Flags>("ls", typed) {
        Ok(flags) => flags.list().unwrap_or_else(|unanswered| unanswered.exit()),
        Err(code) => code,
    }
}

impl Flags {
    fn list(&self) -> Result<ExitCode, Unanswered> {
        let (limit, search) = (self.limit, remote::search(&self.search));
        let path = match search.trim() {
            "" => format!("messages?limit={limit}"),
            search => format!("search?limit={limit}&query={}", percent(search)),
        };
        let listing = remote::json(&self.remote.get(&path)?)?;
        let messages = listing["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        if self.json {
            return Ok(print(&messages.iter().map(|message| format!("{message}\n")).collect::<String>()));
        }
        let rows: Vec<_> = messages.iter().map(row).collect();
        let mut widths = vec![22];
        widths.extend(told::ROW_WIDTHS);
        let all = listing["messages_count"].as_u64().unwrap_or_default();
        let more = all.saturating_sub(messages.len() as u64);
        let rest = if more > 0 { format!("… and {more} more; -n {all} lists all\n") } else { String::new() };
        Ok(print(&format!("{}{rest}", told::table(&rows, &widths))))
    }
}

fn row(message: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let envelope = &message["Envelope"];
    let sender = match &message["From"]["Address"] {
        Value::String(from) if !from.is_empty() => from.clone(),
        _ => format!("<{}>", text(&envelope["From"]["Address"])),
    };
    let to = envelope["To"].as_array().map(Vec::as_slice).unwrap_or_default();
    let first = to.first().map_or_else(String::new, |to| text(&to["Address"]));
    let to = if to.len() > 1 { format!("{first} +{}", to.len() - 1) } else { first };
    let mut row = vec![text(&message["ID"])];
    row.extend(told::row(&text(&message["Created"]), &sender, &to, &text(&message["Subject"])));
    row
}
