//! `--print-config`: the settings that result, as a file that says the same when it is read back.

use std::fmt::Write as _;

use clap::{Arg, ArgAction};

use super::flags::{self, is_setting};
use super::kind::{self, Form, Kind};
use super::settings::Settings;
use crate::config::Doors;

/// The whole file: a paragraph a setting, with its help and where its value is from. What is not set stands there as
/// a comment with an example.
pub(super) fn as_toml(settings: &Settings) -> String {
    let mut file = format!(
        "# Settings of Restante {}, for --config FILE. A flag beats its variable, a variable beats this file.\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut heading = None;
    for arg in flags::command().get_arguments().filter(|arg| is_setting(arg)) {
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            let _ = write!(file, "\n\n# {}\n", heading.unwrap_or_default().to_uppercase());
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(file, "\n# {help}");
        let name = arg.get_long().unwrap_or_default();
        let origin = settings.origin(arg.get_id().as_str());
        let _ = match (value(settings, arg), origin) {
            (Some(value), Some(origin)) => writeln!(file, "# From {origin}.\n{name} = {value}"),
            (Some(value), None) => writeln!(file, "# The default.\n{name} = {value}"),
            (None, _) => writeln!(file, "# Not set.\n#{name} = {}", example(arg)),
        };
    }
    file
}

/// The value as TOML writes it; none: it is not set.
fn value(settings: &Settings, arg: &Arg) -> Option<String> {
    let (matches, id, kind) = (&settings.matches, arg.get_id().as_str(), kind::of(arg));
    if matches!(arg.get_action(), ArgAction::Count) {
        return Some(matches.get_count(id).to_string());
    }
    if kind.allows(Form::Switch) {
        return matches.get_one::<bool>(id).map(bool::to_string);
    }
    let written: Vec<_> = matches.get_raw(id)?.map(|raw| scalar(kind, &raw.to_string_lossy())).collect();
    Some(listed(&written))
}

/// What could stand there: for a door its default, so that no two of a file's examples are the same port.
fn example(arg: &Arg) -> String {
    let doors = Doors::default();
    let openings = match arg.get_id().as_str() {
        "smtp" => &doors.smtp,
        "submission" => &doors.submission,
        "smtps" => &doors.smtps,
        "http" => &doors.http,
        _ => return kind::of(arg).example.into(),
    };
    listed(&openings.iter().map(|opening| opening.port.to_string()).collect::<Vec<_>>())
}

fn listed(written: &[String]) -> String {
    match written {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn scalar(kind: &Kind, text: &str) -> String {
    match text.parse::<i64>() {
        Ok(number) if kind.allows(Form::Number) => number.to_string(),
        // A JSON string is a TOML string, but for one character that only TOML wants escaped.
        _ => serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f"),
    }
}
