//! Kinds of values: what a flag takes, said in words and by example, and the readers of those that are not types of
//! their own. Which flag is of which kind stands in `flags.rs`: it is the name of its value.

use std::net::IpAddr;
use std::time::Duration;

use clap::{Arg, ArgAction};

/// What a kind of value is.
pub(super) struct Kind {
    /// The name of the value in the help; none: of a flag that is counted.
    name: &'static str,
    /// What it takes, after "it takes".
    pub(super) takes: &'static str,
    /// A value as the file writes it.
    pub(super) example: &'static str,
    /// How the file may write it.
    forms: &'static [Form],
}

/// What a value of the file is to TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotes.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
}

use Form::{Number, Switch, Text};

const fn kind(name: &'static str, takes: &'static str, example: &'static str, forms: &'static [Form]) -> Kind {
    Kind { name, takes, example, forms }
}

const KINDS: &[Kind] = &[
    kind("PORT", "a port, address:port or off", "2525", &[Number, Text]),
    kind("ADDRESS", "an IP address", "\"0.0.0.0\"", &[Text]),
    kind("PATH", "a path", "\"ready.json\"", &[Text]),
    kind("FILE", "a path", "\"server.pem\"", &[Text]),
    kind("DIR", "a folder", "\"certificates\"", &[Text]),
    kind("FOLDER", "a folder", "\"tmp/mails\"", &[Text]),
    kind("NAME", "a host name", "\"mail.test\"", &[Text]),
    kind("ORIGIN", "an origin", "\"http://app.example:3000\"", &[Text]),
    kind("WHERE", "submission or all", "\"all\"", &[Text]),
    kind("FORMAT", "text or json", "\"json\"", &[Text]),
    kind("SIZE", "a size", "\"50MB\"", &[Number, Text]),
    kind("TIME", "a time", "\"30s\"", &[Text]),
    kind("NUMBER", "a whole number", "1000", &[Number]),
    kind("BOOL", "true or false", "true", &[Switch]),
    kind("", "0, 1 or 2", "1", &[Number]),
];

/// What `arg` takes.
pub(super) fn of(arg: &Arg) -> &'static Kind {
    let name = match (arg.get_action(), arg.get_value_names()) {
        (ArgAction::Count, _) | (_, None) => "",
        (_, Some(names)) => names[0].as_str(),
    };
    // The last row is the one for a flag without a name of its value; a test asserts that it is the only such flag.
    KINDS.iter().find(|kind| kind.name == name).unwrap_or(&KINDS[KINDS.len() - 1])
}

impl Kind {
    /// Whether the file may write it so.
    pub(super) fn allows(&self, form: Form) -> bool {
        self.forms.contains(&form)
    }
}

/// A duration, as flags write it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time; write a number with ms, s, m or h, such as 30s");
    let read: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    read.try_into().map_err(|_| wrong())
}

/// An IP address.
pub(super) fn address(text: &str) -> Result<IpAddr, String> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().map_err(|_| format!("{text:?} is not an IP address; write one such as 127.0.0.1, 0.0.0.0 or ::1"))
}

/// A name for the certificate: letters, digits, `-` and `_` between dots, perhaps a star before; or an address.
pub(super) fn certified(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let fits = text.parse::<IpAddr>().is_ok() || host.split('.').all(label);
    let wrong =
        || format!("{text:?} is no name for a certificate; write one in ASCII, such as mail.test or xn--mil-qla.test");
    fits.then(|| text.to_owned()).ok_or_else(wrong)
}

/// A number of things; none is a number too.
pub(super) fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text:?} is not a whole number; write one such as 1000"))
}

/// More than any machine holds, and far below where sums of it would overflow.
const COUNT_MAX: usize = 1_000_000_000;

/// A number of things of which there must be one.
pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    match number(text)? {
        0 => Err("0 would let nothing in, and there is no \"without limit\"; write a number from 1".into()),
        number if number > COUNT_MAX => Err(format!("{number} is more than can be; write a number up to {COUNT_MAX}")),
        number => Ok(number),
    }
}

/// A switch, as the environment writes it.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;

    #[test]
    fn every_setting_has_a_kind_whose_example_it_takes() {
        for arg in flags::command().get_arguments().filter(|arg| flags::is_setting(arg)) {
            let kind = of(arg);
            assert_eq!(kind.name.is_empty(), arg.get_id() == "verbose", "{}", arg.get_id());
            let example = kind.example.trim_matches('"');
            let typed = format!("--{}={example}", arg.get_long().unwrap());
            if arg.get_id() != "verbose" {
                flags::command().try_get_matches_from(["restante", &typed]).unwrap();
            }
        }
    }

    #[test]
    fn what_is_no_value_of_its_kind_is_said() {
        assert!(duration("soon").unwrap_err().contains("such as 30s"));
        assert!(address("nowhere").unwrap_err().contains("such as 127.0.0.1"));
        assert!(certified("mäil.test").is_err() && certified("").is_err());
        assert_eq!(certified("*.mail.test").as_deref(), Ok("*.mail.test"));
        assert!(number("-1").unwrap_err().contains("whole number"));
        assert!(at_least_one("0").unwrap_err().contains("from 1"));
        assert!(at_least_one("18446744073709551615").unwrap_err().contains("up to"));
        assert!(certified("a..b").is_err() && certified("*").is_err());
        assert!(yes_or_no("maybe").is_err());
        assert_eq!(address("[::1]"), Ok("::1".parse().unwrap()));
        assert_eq!(yes_or_no("ON"), Ok(true));
    }
}
