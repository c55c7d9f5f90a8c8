//! Variables of other catchers, which stay behind in a compose file when the image is changed: what is said to each.
//!
//! `SMTP_PORT` and `HTTP_PORT` (MailCrab) are not here: many applications have them for themselves.

use super::settings::variable_name;

/// What became of a setting.
enum Here {
    /// It is this flag.
    Is(&'static str),
    /// It needs no setting, because …
    Needless(&'static str),
    /// It cannot be set, because …
    Absent(&'static str),
}

use Here::{Absent, Is, Needless};

const ANY_LOGIN: Here = Needless("any login is accepted, or none");
const IN_MEMORY: Here = Absent("what is caught is kept in memory and goes with the process");
const OPEN: Here = Absent("the page has no login; publish its port on 127.0.0.1");
const AT_ROOT: Here = Absent("the page is at /");

const VARIABLES: &[(&str, &str, Here)] = &[
    ("MP_SMTP_AUTH_ACCEPT_ANY", "Mailpit", ANY_LOGIN),
    ("MP_SMTP_AUTH_ALLOW_INSECURE", "Mailpit", ANY_LOGIN),
    ("MP_SMTP_AUTH", "Mailpit", ANY_LOGIN),
    ("MP_SMTP_AUTH_FILE", "Mailpit", ANY_LOGIN),
    ("MP_MAX_MESSAGES", "Mailpit", Is("max-messages")),
    ("MP_SMTP_BIND_ADDR", "Mailpit", Is("smtp")),
    ("MP_UI_BIND_ADDR", "Mailpit", Is("http")),
    ("MP_SMTP_TLS_CERT", "Mailpit", Is("tls-cert")),
    ("MP_SMTP_TLS_KEY", "Mailpit", Is("tls-key")),
    ("MP_SMTP_MAX_RECIPIENTS", "Mailpit", Is("max-recipients")),
    ("MP_UI_AUTH", "Mailpit", OPEN),
    ("MP_UI_AUTH_FILE", "Mailpit", OPEN),
    ("MP_WEBROOT", "Mailpit", AT_ROOT),
    ("MP_DATABASE", "Mailpit", IN_MEMORY),
    ("MP_DATA_FILE", "Mailpit", IN_MEMORY),
    ("MH_SMTP_BIND_ADDR", "MailHog", Is("smtp")),
    ("MH_UI_BIND_ADDR", "MailHog", Is("http")),
    ("MH_API_BIND_ADDR", "MailHog", Is("http")),
    ("MH_CORS_ORIGIN", "MailHog", Is("allow-origin")),
    ("MH_STORAGE", "MailHog", IN_MEMORY),
    ("MH_MAILDIR_PATH", "MailHog", IN_MEMORY),
    ("MH_UI_WEB_PATH", "MailHog", AT_ROOT),
    ("MH_AUTH_FILE", "MailHog", OPEN),
    ("MH_HOSTNAME", "MailHog", Needless("the greeting has this machine's name")),
    ("MAILDEV_SMTP_PORT", "maildev", Is("smtp")),
    ("MAILDEV_WEB_PORT", "maildev", Is("http")),
    ("MAILDEV_IP", "maildev", Is("bind")),
    ("MAILDEV_INCOMING_USER", "maildev", ANY_LOGIN),
    ("MAILDEV_INCOMING_PASS", "maildev", ANY_LOGIN),
    ("MAILDEV_WEB_USER", "maildev", OPEN),
    ("MAILDEV_MAIL_DIRECTORY", "maildev", IN_MEMORY),
    ("MAILDEV_BASE_PATHNAME", "maildev", AT_ROOT),
    ("MAILCRAB_PREFIX", "MailCrab", AT_ROOT),
];

/// A remark for each of those that is set (`has`), unless what it is here was set too (`heeded`, asked by the name of
/// the flag): then its reader has understood.
pub(super) fn remarks(has: impl Fn(&str) -> bool, heeded: impl Fn(&str) -> bool) -> Vec<String> {
    let mut remarks = Vec::new();
    for (name, whose, here) in VARIABLES.iter().filter(|(name, _, _)| has(name)) {
        match here {
            Is(long) if heeded(long) => {}
            Is(long) => remarks.push(format!("{name} is {whose}'s; here it is {}.", variable_name(long))),
            Needless(why) => remarks.push(format!("{name} is {whose}'s and not needed here: {why}.")),
            Absent(why) => remarks.push(format!("{name} is {whose}'s and says nothing here: {why}.")),
        }
    }
    remarks
}

/// A remark for each variable that has our prefix and is no setting: the nearest name, or what it is not. Some are for
/// others, who start us or ask us.
pub(super) fn misspelt<'a>(set: impl Iterator<Item = &'a str>, settings: &[String]) -> Vec<String> {
    let ours = set.filter(|name| name.starts_with("RESTANTE_") && !FOR_OTHERS.contains(name));
    ours.filter(|name| !settings.iter().any(|setting| setting == name))
        .map(|name| {
            let near = settings.iter().map(|setting| (strsim::jaro(name, setting), setting));
            match near.max_by(|one, other| one.0.total_cmp(&other.0)) {
                Some((likeness, setting)) if likeness > 0.9 => format!("{name} is no setting; did you mean {setting}?"),
                _ => format!("{name} is no setting."),
            }
        })
        .collect()
}

/// Variables that tell others where we are.
const FOR_OTHERS: [&str; 4] = ["RESTANTE_URL", "RESTANTE_BIN", "RESTANTE_SMTP_ADDRESS", "RESTANTE_MAILIN"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::flags;

    #[test]
    fn a_misspelt_variable_is_told_with_the_nearest() {
        let settings = ["RESTANTE_SMTP".to_owned(), "RESTANTE_SMTPS".into(), "RESTANTE_MAX_MEMORY".into()];
        let set = ["RESTANTE_SMPT", "RESTANTE_SMTP", "RESTANTE_COLOUR", "RESTANTE_URL", "PATH"];
        let said = misspelt(set.into_iter(), &settings);
        assert_eq!(
            said,
            ["RESTANTE_SMPT is no setting; did you mean RESTANTE_SMTP?", "RESTANTE_COLOUR is no setting."]
        );
    }

    #[test]
    fn every_row_names_a_flag_that_there_is_and_no_variable_stands_twice() {
        let command = flags::command();
        for (at, (name, _, here)) in VARIABLES.iter().enumerate() {
            assert!(VARIABLES[..at].iter().all(|(other, _, _)| other != name), "{name}");
            if let Is(long) = here {
                assert!(command.get_arguments().any(|arg| arg.get_long() == Some(long)), "{long}");
            }
        }
    }

    #[test]
    fn a_variable_of_elsewhere_is_answered_once_and_only_if_it_is_set() {
        let set = ["MP_MAX_MESSAGES", "MP_SMTP_AUTH_ACCEPT_ANY", "MAILDEV_SMTP_PORT", "SMTP_PORT"];
        let said = remarks(|name| set.contains(&name), |long| long == "smtp");
        assert_eq!(
            said,
            [
                "MP_SMTP_AUTH_ACCEPT_ANY is Mailpit's and not needed here: any login is accepted, or none.",
                "MP_MAX_MESSAGES is Mailpit's; here it is RESTANTE_MAX_MESSAGES.",
            ]
        );
        assert!(remarks(|_| false, |_| false).is_empty());
    }
}
