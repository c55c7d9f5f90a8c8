//! What clap says when it refuses, in our words: one sentence that names what is wrong, and how to mend it. Whatever it
//! may say that has no row here keeps clap's own first line.

use std::error::Error as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::{flags, kind};

/// Why the command line was refused.
pub(super) fn sentence(error: &Error) -> String {
    let arg = one(error, ContextKind::InvalidArg).map(bare).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => match one(error, ContextKind::SuggestedArg) {
            Some(nearest) => format!("{arg} is no flag; did you mean {}?", bare(nearest)),
            None if arg.starts_with('-') => format!("{arg} is no flag; restante --help lists them"),
            None => {
                let near = super::COMMANDS.iter().find(|(name, ..)| strsim::damerau_levenshtein(name, arg) <= 1);
                let meant = near.map_or_else(String::new, |(name, ..)| format!("; did you mean restante {name}?"));
                format!("{arg} stands where a flag or a command is expected; restante --help lists them{meant}")
            }
        },
        ErrorKind::InvalidValue if text(error, ContextKind::InvalidValue).is_empty() => {
            let command = flags::command();
            let flag = command.get_arguments().find(|flag| flag.get_long() == arg.strip_prefix("--"));
            format!("{arg} needs a value: it takes {}", flag.map_or("one", |flag| kind::of(flag).takes))
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => format!("{arg}: {}", value(error)),
        ErrorKind::TooManyValues => {
            format!("{arg}: {:?} is one value too many", text(error, ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => {
            let others: Vec<_> = all(error, ContextKind::PriorArg).iter().map(|other| bare(other)).collect();
            if others.is_empty() || others.iter().all(|other| *other == arg) {
                return format!("{arg} is given more than once; leave all but one out");
            }
            format!("{arg} cannot be used with {}; leave one of them out", others.join(" and "))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = all(error, ContextKind::InvalidArg);
            format!("{} is missing", missing.iter().map(|arg| bare(arg)).collect::<Vec<_>>().join(" and "))
        }
        ErrorKind::InvalidUtf8 => "a value is not text in UTF-8".into(),
        _ => {
            let said = error.to_string();
            said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    }
}

/// Why a value was refused, without the name of its flag.
pub(super) fn value(error: &Error) -> String {
    if let Some(reason) = error.source() {
        return reason.to_string();
    }
    let given = text(error, ContextKind::InvalidValue);
    match all(error, ContextKind::ValidValue).as_slice() {
        [] => format!("{given:?} is no value for it"),
        valid => format!("{given:?} is not known; write {}", valid.join(" or ")),
    }
}

/// The setting whose name is most like `name`, as far as one is like it at all: clap's own judgement.
pub(super) fn nearest(command: &Command, name: &str) -> Option<String> {
    let name = name.trim_start_matches('-');
    if command.get_arguments().any(|arg| arg.get_long() == Some(name)) {
        return Some(name.into());
    }
    let error = command.clone().try_get_matches_from(["restante", &format!("--{name}")]).err()?;
    one(&error, ContextKind::SuggestedArg).map(|nearest| nearest.trim_start_matches('-').into())
}

/// `--idle` of `--idle <TIME>`.
fn bare(arg: &str) -> &str {
    arg.split([' ', '=', '[']).next().unwrap_or(arg)
}

fn one(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    }
}

fn text(error: &Error, kind: ContextKind) -> &str {
    one(error, kind).unwrap_or_default()
}

fn all(error: &Error, kind: ContextKind) -> Vec<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text],
        Some(ContextValue::Strings(texts)) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}
