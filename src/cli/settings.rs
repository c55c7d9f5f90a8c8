//! The settings, gathered: a flag beats the environment, the environment beats the file, and each knows where it is
//! from. There is one table, `flags.rs`; what a variable or a key of the file says becomes the argument that its flag
//! would have been, so it is read by the same readers.
//!
//! Everything is judged where it stands, also what something else beats: a wrong line of the file is found today, not
//! on the day when the flag is left out. What excludes what is judged at the end.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command, FromArgMatches, Id};

use super::flags::{self, Flags};
use super::{complaint, file};

/// Every setting, and where each is from.
pub(super) struct Settings {
    pub(super) flags: Flags,
    /// The same as clap keeps it, with what was written.
    pub(super) matches: ArgMatches,
    /// Of those that were set.
    origins: BTreeMap<Id, Origin>,
}

/// One value that was found somewhere; a list of the file is several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Id,
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// Where a setting was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// On a line of the file.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// In a variable.
    Variable(String),
    /// On the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag => f.write_str("the command line"),
        }
    }
}

/// Why there are no settings.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The help or the version was asked for.
    Told(clap::Error),
    /// Something is wrong; a sentence.
    Wrong(String),
}

/// Reads the command line, the environment and, if one is named, the file.
///
/// # Errors
/// The first thing that is wrong.
pub(super) fn gather(typed: &[OsString], variable: impl Fn(&str) -> Option<OsString>) -> Result<Settings, Refusal> {
    let command = flags::command();
    let single = apart(&command);
    let by_flag = single.clone().try_get_matches_from(typed).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Refusal::Told(error),
        _ => Refusal::Wrong(complaint::sentence(&error)),
    })?;
    let mut origins = BTreeMap::new();
    for id in by_flag.ids().filter(|id| by_flag.value_source(id.as_str()) == Some(ValueSource::CommandLine)) {
        origins.insert(id.clone(), Origin::Flag);
    }
    let by_variable = by_variable(&command, &variable).map_err(Refusal::Wrong)?;
    let typed_flags = Flags::from_arg_matches(&by_flag).map_err(Refusal::Told)?;
    let by_file = by_file(&command, typed_flags.config, &variable).map_err(Refusal::Wrong)?;

    // The program's name, then the rest: what stands before a wrong flag cannot be swallowed by it.
    let mut args: Vec<OsString> = typed.iter().take(1).cloned().collect();
    for entry in by_variable.into_iter().chain(by_file) {
        let as_args = as_args(&command, &entry).map_err(|words| Refusal::Wrong(blame(&command, &entry, &words)))?;
        let alone = std::iter::once("restante".to_owned()).chain(as_args.iter().cloned());
        if let Err(error) = single.clone().try_get_matches_from(alone) {
            return Err(Refusal::Wrong(blame(&command, &entry, &complaint::value(&error))));
        }
        // Where another one listens is not where the one of a test shall.
        if typed_flags.attached && flags::is_place(entry.id.as_str()) {
            continue;
        }
        match origins.get(&entry.id) {
            Some(Origin::Flag | Origin::Variable(_)) => continue,
            // One more value of the same list: no name stands twice in a file.
            Some(Origin::File { .. }) => {}
            None => _ = origins.insert(entry.id, entry.origin),
        }
        args.extend(as_args.into_iter().map(OsString::from));
    }
    args.extend(typed.iter().skip(1).cloned());
    let matches = command
        .try_get_matches_from(args)
        .map_err(|error| Refusal::Wrong(placed(&origins, complaint::sentence(&error))))?;
    let flags = Flags::from_arg_matches(&matches).map_err(Refusal::Told)?;
    Ok(Settings { flags, matches, origins })
}

impl Settings {
    /// Where a setting is from; none: it has its default.
    pub(super) fn origin(&self, id: &str) -> Option<&Origin> {
        self.origins.get(id)
    }

    /// A sentence that names flags, with where they were set if it was not on the command line.
    pub(super) fn placed(&self, sentence: String) -> String {
        placed(&self.origins, sentence)
    }
}

/// The table without what excludes flags from each other, to read one without the others.
fn apart(command: &Command) -> Command {
    command.clone().mut_args(|arg| arg.conflicts_with(Resettable::Reset))
}

/// `RESTANTE_MAX_MEMORY` for `max-memory`.
pub(super) fn variable_name(long: &str) -> String {
    format!("RESTANTE_{}", long.to_uppercase().replace('-', "_"))
}

/// The variables of all flags.
pub(super) fn variables() -> Vec<String> {
    flags::command().get_arguments().filter_map(|arg| arg.get_long().map(variable_name)).collect()
}

/// A variable that says something: an empty one, as compose files make of `${IT:-}`, is as good as none.
fn given(variable: &impl Fn(&str) -> Option<OsString>, name: &str) -> Option<OsString> {
    variable(name).filter(|value| !value.is_empty())
}

fn by_variable(command: &Command, variable: &impl Fn(&str) -> Option<OsString>) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for arg in command.get_arguments().filter(|arg| flags::is_setting(arg)) {
        let name = variable_name(arg.get_long().unwrap_or_default());
        if let Some(value) = given(variable, &name) {
            let value = value.into_string().map_err(|_| format!("{name} is not text in UTF-8"))?;
            entries.push(Entry { id: arg.get_id().clone(), value, origin: Origin::Variable(name) });
        }
    }
    Ok(entries)
}

fn by_file(
    command: &Command,
    named: Option<PathBuf>,
    variable: &impl Fn(&str) -> Option<OsString>,
) -> Result<Vec<Entry>, String> {
    let name = variable_name("config");
    let (path, place) = match (named, given(variable, &name)) {
        (Some(path), _) => (path, String::new()),
        (None, Some(path)) => (path.into(), format!(" ({name} names it)")),
        (None, None) => return Ok(Vec::new()),
    };
    let text = file::text(&path).map_err(|sentence| sentence + &place)?;
    file::entries(&path, &text, command)
}

/// What would have been typed.
fn as_args(command: &Command, entry: &Entry) -> Result<Vec<String>, String> {
    let arg = command.get_arguments().find(|arg| *arg.get_id() == entry.id);
    let long = arg.and_then(|arg| arg.get_long()).unwrap_or_default();
    if arg.is_some_and(|arg| matches!(arg.get_action(), ArgAction::Count)) {
        let text = &entry.value;
        let times = text.parse::<usize>().ok().filter(|&times| times <= TIMES_MAX);
        let times = times.ok_or_else(|| format!("{text:?} is not a number from 0 to {TIMES_MAX}"))?;
        return Ok(vec![format!("--{long}"); times]);
    }
    Ok(vec![format!("--{long}={}", entry.value)])
}

/// `-vv` is all there is to ask for.
const TIMES_MAX: usize = 2;

/// A value that was refused, with its place.
fn blame(command: &Command, entry: &Entry, words: &str) -> String {
    match &entry.origin {
        Origin::File { .. } => {
            let arg = command.get_arguments().find(|arg| *arg.get_id() == entry.id);
            let long = arg.and_then(|arg| arg.get_long()).unwrap_or_default();
            format!("{}: {long}: {words}", entry.origin)
        }
        Origin::Variable(_) | Origin::Flag => format!("{}: {words}", entry.origin),
    }
}

/// The sentence, and after it where the flags that it names were set.
fn placed(origins: &BTreeMap<Id, Origin>, sentence: String) -> String {
    let mut places = Vec::new();
    for (at, _) in sentence.match_indices("--") {
        let rest = &sentence[at..];
        let end = rest.find(|char: char| !char.is_ascii_lowercase() && char != '-').unwrap_or(rest.len());
        let id = rest[..end].trim_matches('-').replace('-', "_");
        if let Some(origin) = origins.get(id.as_str())
            && *origin != Origin::Flag
        {
            let place = format!("{} is set in {origin}", &rest[..end]);
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    if places.is_empty() {
        return sentence;
    }
    let end = if sentence.ends_with('.') { "." } else { "" };
    format!("{} ({}){end}", sentence.trim_end_matches('.'), places.join("; "))
}

#[cfg(test)]
mod tests;
