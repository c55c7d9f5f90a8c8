//! What was typed: every flag, each also an environment variable, and how they become a [`Config`].

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::config::{ByteSize, Config, Doors, Opening, Spot, Standby, TlsSource};
use crate::mailbox::Limits;

/// Accepts every mail your application sends, delivers none, and shows them in your browser.
///
/// Point the application at localhost, port 2525 (or 587 with STARTTLS, or 465 with TLS), any user name and password,
/// and open http://localhost:8025. Every flag can also be set in the environment: --max-memory is RESTANTE_MAX_MEMORY,
/// lists are separated by commas, and a flag beats its variable.
#[derive(Parser, Debug)]
#[command(name = "restante", version, max_term_width = 100)]
pub(super) struct Flags {
    /// Plain SMTP: a port or address:port, 0 for a free one, off for none; repeatable, like all doors [default: 2525 and 1025]
    #[arg(
        long,
        value_name = "PORT",
        env = "RESTANTE_SMTP",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Doors"
    )]
    smtp: Vec<Spot>,
    /// Submission with STARTTLS [default: 587, else 1587]
    #[arg(
        long,
        value_name = "PORT",
        env = "RESTANTE_SUBMISSION",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Doors"
    )]
    submission: Vec<Spot>,
    /// SMTP in TLS from the first byte [default: 465, else 1465]
    #[arg(
        long,
        value_name = "PORT",
        env = "RESTANTE_SMTPS",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Doors"
    )]
    smtps: Vec<Spot>,
    /// The page and the API [default: 8025]
    #[arg(
        long,
        value_name = "PORT",
        env = "RESTANTE_HTTP",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Doors"
    )]
    http: Vec<Spot>,
    /// The address of every door that names none, such as 0.0.0.0 in a container [default: 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDRESS", env = "RESTANTE_BIND", hide_env = true, help_heading = "Doors")]
    bind: Option<IpAddr>,
    /// Stop with an error when any door cannot be opened, default ones too
    #[arg(long, env = "RESTANTE_STRICT", hide_env = true, help_heading = "Doors")]
    strict: bool,
    /// Write what was opened to this file, as JSON, once everything is open
    #[arg(long, value_name = "PATH", env = "RESTANTE_READY_FILE", hide_env = true, help_heading = "Doors")]
    ready_file: Option<PathBuf>,

    /// Where STARTTLS is advertised: "submission", or "all" doors. Many clients upgrade where it is, and fail without
    /// trust in the certificate
    #[arg(long, value_name = "WHERE", env = "RESTANTE_STARTTLS", hide_env = true, hide_possible_values = true, value_parser = ["submission", "all"], default_value = "submission", help_heading = "TLS and login")]
    starttls: String,
    /// Keep the CA in this folder, so that it can be trusted once and for all
    #[arg(long, value_name = "DIR", env = "RESTANTE_TLS_DIR", hide_env = true, conflicts_with_all = ["tls_cert", "tls_key"], help_heading = "TLS and login")]
    tls_dir: Option<PathBuf>,
    /// One more name for the certificate, such as a service name of your compose file. Repeatable
    #[arg(long, value_name = "NAME", env = "RESTANTE_TLS_NAME", value_delimiter = ',', value_parser = tls_name, hide_env = true, conflicts_with_all = ["tls_cert", "tls_key"], help_heading = "TLS and login")]
    tls_name: Vec<String>,
    /// Your own certificate chain, in PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "RESTANTE_TLS_CERT",
        hide_env = true,
        requires = "tls_key",
        help_heading = "TLS and login"
    )]
    tls_cert: Option<PathBuf>,
    /// Its key, in PEM
    #[arg(
        long,
        value_name = "FILE",
        env = "RESTANTE_TLS_KEY",
        hide_env = true,
        requires = "tls_cert",
        help_heading = "TLS and login"
    )]
    tls_key: Option<PathBuf>,
    /// Refuse mail from a client that has not logged in; any user name and password will do
    #[arg(long, env = "RESTANTE_AUTH_REQUIRED", hide_env = true, help_heading = "TLS and login")]
    auth_required: bool,

    /// The largest message
    #[arg(
        long,
        value_name = "SIZE",
        env = "RESTANTE_MAX_MESSAGE_SIZE",
        hide_env = true,
        default_value = "50MB",
        help_heading = "Limits"
    )]
    max_message_size: ByteSize,
    /// Memory for everything that is kept; past it the oldest messages go first
    #[arg(
        long,
        value_name = "SIZE",
        env = "RESTANTE_MAX_MEMORY",
        hide_env = true,
        default_value = "512MB",
        help_heading = "Limits"
    )]
    max_memory: ByteSize,
    /// Messages kept at once; past it the oldest go first
    #[arg(
        long,
        value_name = "NUMBER",
        env = "RESTANTE_MAX_MESSAGES",
        value_parser = count,
        hide_env = true,
        default_value_t = 10_000,
        help_heading = "Limits"
    )]
    max_messages: usize,
    /// Recipients of one message
    #[arg(
        long,
        value_name = "NUMBER",
        env = "RESTANTE_MAX_RECIPIENTS",
        value_parser = count,
        hide_env = true,
        default_value_t = 10_000,
        help_heading = "Limits"
    )]
    max_recipients: usize,
    /// SMTP connections at once
    #[arg(
        long,
        value_name = "NUMBER",
        env = "RESTANTE_MAX_CONNECTIONS",
        value_parser = count,
        hide_env = true,
        default_value_t = 10_000,
        help_heading = "Limits"
    )]
    max_connections: usize,
    /// Ended sessions remembered
    #[arg(
        long,
        value_name = "NUMBER",
        env = "RESTANTE_MAX_SESSIONS",
        hide_env = true,
        default_value_t = 1_000,
        help_heading = "Limits"
    )]
    max_sessions: usize,
    /// The longest silence of an SMTP client
    #[arg(long, value_name = "TIME", env = "RESTANTE_IDLE", hide_env = true, default_value = "5m", value_parser = duration, help_heading = "Limits")]
    idle: Duration,
    /// What a message under way gets to finish when the server is stopped
    #[arg(long, value_name = "TIME", env = "RESTANTE_GRACE", hide_env = true, default_value = "5s", value_parser = duration, help_heading = "Limits")]
    grace: Duration,

    /// Answer requests for this host name too. Names of this machine and its networks are always answered. Repeatable
    #[arg(
        long,
        value_name = "NAME",
        env = "RESTANTE_ALLOW_HOST",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Page and API"
    )]
    allow_host: Vec<String>,
    /// Let pages of this origin change things, such as http://app.example:3000. Repeatable
    #[arg(
        long,
        value_name = "ORIGIN",
        env = "RESTANTE_ALLOW_ORIGIN",
        value_delimiter = ',',
        hide_env = true,
        help_heading = "Page and API"
    )]
    allow_origin: Vec<String>,

    /// Log more: -v for every session, -vv for everything
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

/// A name that a certificate can be for: letters, digits, `-` and `_` between dots, perhaps a star before; or an address.
fn tls_name(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    // A variable that is set to nothing is no name, and no mistake.
    if text.is_empty() || text.parse::<IpAddr>().is_ok() || host.split('.').all(label) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "{text:?} is not a name that a certificate can have; write a host name (an international one as xn--…), *.NAME, or an IP address"
    ))
}

/// How many of something there may be: none would make the server useless, and more than a billion mean no limit.
fn count(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|number| (1..=COUNT_MAX).contains(number));
    number.ok_or_else(|| format!("{text:?} is not a number from 1 to {COUNT_MAX}"))
}

const COUNT_MAX: usize = 1_000_000_000;

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time; write a number with ms, s, m or h, such as 30s");
    let read: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    read.try_into().map_err(|_| wrong())
}

impl Flags {
    /// What it all means.
    ///
    /// # Errors
    /// Two flags that cannot both be right, as a sentence.
    pub(super) fn into_config(self, host: String) -> Result<Config, String> {
        // A part of the memory is for sessions: what is left must hold one message.
        let limits = Limits { memory_bytes_max: self.max_memory.0, ..Limits::default() };
        if self.max_message_size.0 > limits.message_bytes_max() {
            return Err(format!(
                "--max-message-size {} does not fit --max-memory {}, of which {} are for messages: such a message could never be kept; raise --max-memory, or lower --max-message-size",
                self.max_message_size,
                self.max_memory,
                ByteSize(limits.message_bytes_max())
            ));
        }
        let by_default = Doors::default();
        let doors = Doors {
            smtp: openings(&self.smtp, by_default.smtp),
            submission: openings(&self.submission, by_default.submission),
            smtps: openings(&self.smtps, by_default.smtps),
            http: openings(&self.http, by_default.http),
        };
        let tls = match (self.tls_cert, self.tls_key) {
            (Some(cert), Some(key)) => TlsSource::Files { cert, key },
            _ => TlsSource::Made { dir: self.tls_dir, names: self.tls_name },
        };
        Ok(Config {
            doors,
            bind: self.bind,
            strict: self.strict,
            starttls_everywhere: self.starttls == "all",
            auth_required: self.auth_required,
            tls,
            host,
            message_bytes_max: self.max_message_size.0,
            memory_bytes_max: self.max_memory.0,
            messages_max: self.max_messages,
            recipients_max: self.max_recipients,
            connections_max: self.max_connections,
            sessions_max: self.max_sessions,
            idle: self.idle,
            grace: self.grace,
            allow_hosts: self.allow_host,
            allow_origins: self.allow_origin,
            ready_file: self.ready_file,
        })
    }
}

/// What was given replaces the defaults, all of them.
fn openings(given: &[Spot], by_default: Vec<Opening>) -> Vec<Opening> {
    if given.is_empty() {
        return by_default;
    }
    given
        .iter()
        .filter_map(|spot| match *spot {
            Spot::Off => None,
            Spot::At(host, port) => Some(Opening { host, port, standby: Standby::Fail }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn config(args: &[&str]) -> Result<Config, String> {
        let flags =
            Flags::try_parse_from(std::iter::once(&"restante").chain(args)).map_err(|error| error.to_string())?;
        flags.into_config("box".into())
    }

    #[test]
    fn the_table_is_sound_and_every_flag_has_its_variable() {
        let command = Flags::command();
        command.clone().debug_assert();
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "verbose") {
            let long = arg.get_long().unwrap().to_uppercase().replace('-', "_");
            assert_eq!(arg.get_env().unwrap().to_str(), Some(format!("RESTANTE_{long}").as_str()));
        }
    }

    #[test]
    fn a_given_smtp_door_replaces_both_defaults() {
        let doors = config(&["--smtp", "0", "--submission", "off", "--http", "127.0.0.1:80,[::1]:80"]).unwrap().doors;
        assert_eq!(doors.smtp, [Opening { host: None, port: 0, standby: Standby::Fail }]);
        assert_eq!(doors.submission, []);
        assert_eq!(doors.smtps, Doors::default().smtps);
        assert_eq!(doors.http.len(), 2);
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        for (args, part) in [
            (&["--max-message-size", "1GB"][..], "raise --max-memory"),
            (&["--max-memory", "50MB"], "of which 46.8 MB are for messages"),
            (&["--max-connections", "0"], "from 1 to"),
            (&["--max-connections", "18446744073709551615"], "from 1 to"),
            (&["--tls-name", "a..b"], "xn--"),
            (&["--tls-name", "a b"], "xn--"),
            (&["--tls-name", "grün.example"], "xn--"),
            (&["--idle", "soon"], "such as 30s"),
            (&["--smtp", "99999"], "is not a port"),
            (&["--tls-cert", "a.pem"], "--tls-key"),
            (&["--smpt", "0"], "--smtp"),
        ] {
            let said = config(args).unwrap_err();
            assert!(said.contains(part), "{args:?}: {said}");
        }
    }
}
