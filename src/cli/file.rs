//! The configuration file: TOML, read into what each key says and where. The only file that names toml.
//!
//! It knows which forms a value may have (a number, text, a list), not whether the value is right: that is for the
//! reader of the flag of the same name, see `settings.rs`.

use std::io;
use std::ops::Range;
use std::path::Path;

use clap::{Arg, ArgAction, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint;
use super::flags::is_setting;
use super::kind::{self, Form, Kind};
use super::settings::{Entry, Origin};
use crate::config::reason;

/// The text of the file.
///
/// # Errors
/// It cannot be read; a sentence.
pub(super) fn text(path: &Path) -> Result<String, String> {
    let name = path.display();
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "the configuration file {name} does not exist; restante --print-config > {name} writes one to begin with"
        ),
        io::ErrorKind::IsADirectory => {
            format!("the configuration file {name} is a folder; name the file in it, such as {name}/restante.toml")
        }
        io::ErrorKind::InvalidData => format!("the configuration file {name} is not text in UTF-8; save it as UTF-8"),
        _ => format!("the configuration file {name} cannot be read: {}", reason(&error)),
    })
}

/// Everything that the text of a file sets, in the order of its lines.
///
/// # Errors
/// It is not TOML, or sets what is no setting; a sentence with the line.
pub(super) fn entries(path: &Path, text: &str, command: &Command) -> Result<Vec<Entry>, String> {
    let at = |span: Range<usize>| Origin::File { path: path.into(), line: line(text, span.start) };
    let table = DeTable::parse(text).map_err(|error| {
        let origin = at(error.span().unwrap_or(0..0));
        let what = error.message().lines().next().unwrap_or_default();
        if what.starts_with("duplicate key") {
            return format!("{origin}: this name was set before; leave one of the two lines out");
        }
        format!("{origin}: this is not TOML ({what}); a setting looks like smtp = 2525 or max-memory = \"512MB\"")
    })?;
    let mut found: Vec<_> = table.into_inner().into_iter().collect();
    found.sort_by_key(|(key, _)| key.span().start);
    let mut entries = Vec::new();
    for (key, value) in &found {
        let origin = at(key.span());
        let name = key.get_ref().as_ref();
        let arg = setting(command, name, value.get_ref()).map_err(|sentence| format!("{origin}: {sentence}"))?;
        for value in values(arg, value) {
            let origin = at(value.span());
            let value = scalar(arg, value.get_ref()).map_err(|sentence| format!("{origin}: {sentence}"))?;
            entries.push(Entry { id: arg.get_id().clone(), value, origin });
        }
    }
    Ok(entries)
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count()
}

/// The flag that a key names.
fn setting<'a>(command: &'a Command, name: &str, value: &DeValue<'_>) -> Result<&'a Arg, String> {
    if let Some(arg) = command.get_arguments().find(|arg| arg.get_long() == Some(name)) {
        return if is_setting(arg) { Ok(arg) } else { Err(format!("{name} is a flag only, a file cannot set it")) };
    }
    if matches!(value, DeValue::Table(_)) {
        return Err(format!(
            "there are no sections, so none named {name}; every setting stands for itself, such as max-memory = \"512MB\""
        ));
    }
    Err(match complaint::nearest(command, name) {
        Some(nearest) => format!("{name} is no setting; did you mean {nearest}?"),
        None => format!("{name} is no setting; restante --help lists them"),
    })
}

/// The values of a key: one, or several if its flag is repeatable. An empty list is left as it is, to be refused.
fn values<'a>(arg: &Arg, value: &'a Spanned<DeValue<'a>>) -> Vec<&'a Spanned<DeValue<'a>>> {
    match value.get_ref() {
        DeValue::Array(list) if matches!(arg.get_action(), ArgAction::Append) && !list.is_empty() => {
            list.iter().collect()
        }
        _ => vec![value],
    }
}

fn scalar(arg: &Arg, value: &DeValue<'_>) -> Result<String, String> {
    let (kind, name) = (kind::of(arg), arg.get_long().unwrap_or_default());
    let (form, text) = match value {
        DeValue::String(text) => (Some(Form::Text), text.to_string()),
        // 0x, 0o and 0b are TOML's; flags know decimal numbers only.
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => (Some(Form::Number), number.to_string()),
            Err(_) => return Err(format!("{name} is a number out of all bounds; {}", takes(kind, name))),
        },
        DeValue::Boolean(is) => (Some(Form::Switch), is.to_string()),
        _ => (None, String::new()),
    };
    match form {
        Some(form) if kind.allows(form) => Ok(text),
        _ => Err(format!("{name} is {}; {}", called(value), takes(kind, name))),
    }
}

fn takes(kind: &Kind, name: &str) -> String {
    let quoted = if kind.allows(Form::Number) {
        ""
    } else if kind.allows(Form::Text) {
        ", in quotes"
    } else {
        ", without quotes"
    };
    format!("it takes {}{quoted}, such as {name} = {}", kind.takes, kind.example)
}

/// What a value is to TOML, with its article.
fn called(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text here",
        DeValue::Integer(_) => "a number here",
        DeValue::Float(_) => "a number with a fraction here",
        DeValue::Boolean(true) => "true here",
        DeValue::Boolean(false) => "false here",
        DeValue::Datetime(_) => "a date here",
        DeValue::Array(list) if list.is_empty() => "an empty list",
        DeValue::Array(_) => "a list here",
        DeValue::Table(_) => "a section here",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;

    fn read(text: &str) -> Result<Vec<(String, String)>, String> {
        let entries = entries(Path::new("r.toml"), text, &flags::command())?;
        Ok(entries.into_iter().map(|entry| (entry.id.to_string(), entry.value)).collect())
    }

    #[test]
    fn a_value_is_a_number_text_a_switch_or_a_list() {
        let text = "smtp = [2525, \"127.0.0.1:1025\"]\nhttp = \"off\"\n# no\nstrict = true\nmax-messages = 1_0\n";
        let says = |id: &str, value: &str| (id.to_owned(), value.to_owned());
        let expected = [
            says("smtp", "2525"),
            says("smtp", "127.0.0.1:1025"),
            says("http", "off"),
            says("strict", "true"),
            says("max_messages", "10"),
        ];
        assert_eq!(read(text).unwrap(), expected);
        assert_eq!(read("max-messages = 0x10").unwrap(), [says("max_messages", "16")]);
        assert_eq!(read("").unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, said) in [
            ("\nsmpt = 2525", "r.toml, line 2: smpt is no setting; did you mean smtp?"),
            ("max_memory = 1", "r.toml, line 1: max_memory is no setting; did you mean max-memory?"),
            ("--strict = true", "r.toml, line 1: --strict is no setting; did you mean strict?"),
            ("xyz = 1", "r.toml, line 1: xyz is no setting; restante --help lists them"),
            ("config = 'a'", "r.toml, line 1: config is a flag only, a file cannot set it"),
            ("idle = 30", "r.toml, line 1: idle is a number here; it takes a time, in quotes, such as idle = \"30s\""),
            (
                "bind = ['a']",
                "r.toml, line 1: bind is a list here; it takes an IP address, in quotes, such as bind = \"0.0.0.0\"",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), said);
        }
        assert!(read("[limits]\nmax-memory = 1").unwrap_err().contains("there are no sections"));
        assert!(read("a = 1\nsmtp 2525").unwrap_err().starts_with("r.toml, line 2: this is not TOML ("));
        assert!(read("smtp = 1\nsmtp = 2").unwrap_err().contains("line 2: this name was set before"));
    }
}
