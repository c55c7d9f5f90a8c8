//! What was typed: the table of all flags, and how they become a [`Config`]. Each is also a variable and a key of the
//! configuration file; those are read by `settings.rs`, from this same table.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, Command, CommandFactory, Parser};

use super::{kind, log};
use crate::config::{ByteSize, Config, Doors, Opening, Spot, Standby, TlsSource};
use crate::mailbox::Limits;

/// Accepts every mail your application sends, delivers none, and shows them in your browser.
///
/// Point the application at localhost, port 2525 (or 587 with STARTTLS, or 465 with TLS), any user name and password,
/// and open http://localhost:8025. Every flag can also be set in the environment (--max-memory is
/// RESTANTE_MAX_MEMORY, lists are separated by commas) and in a file (max-memory = "512MB"): a flag beats its variable,
/// a variable beats the file.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "restante",
    version,
    max_term_width = 100,
    override_usage = "restante [OPTIONS]\n       restante COMMAND …"
)]
pub(super) struct Flags {
    /// Plain SMTP: a port or address:port, 0 for a free one, off for none; repeatable, like all doors [default: 2525 and 1025]
    #[arg(long, value_name = "PORT", value_delimiter = ',', help_heading = "Doors")]
    smtp: Vec<Spot>,
    /// Submission with STARTTLS [default: 587, else 1587]
    #[arg(long, value_name = "PORT", value_delimiter = ',', help_heading = "Doors")]
    submission: Vec<Spot>,
    /// SMTP in TLS from the first byte [default: 465, else 1465]
    #[arg(long, value_name = "PORT", value_delimiter = ',', help_heading = "Doors")]
    smtps: Vec<Spot>,
    /// The page and the API [default: 8025]
    #[arg(long, value_name = "PORT", value_delimiter = ',', help_heading = "Doors")]
    http: Vec<Spot>,
    /// Take in the mail that an application writes into this folder: Rails' :file, Django's filebased backend, .NET's
    /// pickup directory, a Maildir, .eml files. Nothing in it is written or deleted. Repeatable
    #[arg(long, value_name = "FOLDER", value_delimiter = ',', help_heading = "Doors")]
    pickup: Vec<PathBuf>,
    /// The address of every door that names none, such as 0.0.0.0 in a container [default: 127.0.0.1 and ::1]
    #[arg(long, value_name = "ADDRESS", value_parser = kind::address, help_heading = "Doors")]
    bind: Option<IpAddr>,
    /// Stop with an error when any door cannot be opened, default ones too
    #[arg(long, help_heading = "Doors")]
    strict: bool,
    /// Write what was opened to this file, as JSON, once everything is open
    #[arg(long, value_name = "PATH", help_heading = "Doors")]
    ready_file: Option<PathBuf>,
    /// Belong to the program that starts it, such as a test: on free ports, but for the doors that other flags name (variables
    /// and a file do not count here); what was opened is one line of JSON on standard output, and the end of standard input, which
    /// comes with the end of that program, stops it
    #[arg(long, help_heading = "Doors")]
    pub(super) attached: bool,

    /// Where STARTTLS is advertised: "submission", or "all" doors. Many clients upgrade where it is, and fail without
    /// trust in the certificate
    #[arg(long, value_name = "WHERE", hide_possible_values = true, value_parser = ["submission", "all"], default_value = "submission", help_heading = "TLS and login")]
    starttls: String,
    /// Keep the CA in this folder, so that it can be trusted once and for all
    #[arg(long, value_name = "DIR", conflicts_with_all = ["tls_cert", "tls_key"], help_heading = "TLS and login")]
    tls_dir: Option<PathBuf>,
    /// One more name for the certificate, such as a service name of your compose file. Repeatable
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = kind::certified, conflicts_with_all = ["tls_cert", "tls_key"], help_heading = "TLS and login")]
    tls_name: Vec<String>,
    /// Your own certificate chain, in PEM; read again when the file changes
    #[arg(long, value_name = "FILE", help_heading = "TLS and login")]
    tls_cert: Option<PathBuf>,
    /// Its key, in PEM
    #[arg(long, value_name = "FILE", help_heading = "TLS and login")]
    tls_key: Option<PathBuf>,
    /// Refuse mail from a client that has not logged in; any user name and password will do
    #[arg(long, help_heading = "TLS and login")]
    auth_required: bool,

    /// The largest message
    #[arg(long, value_name = "SIZE", default_value = "50MB", help_heading = "Limits")]
    max_message_size: ByteSize,
    /// Memory for everything that is kept; past it the oldest messages go first
    #[arg(long, value_name = "SIZE", default_value = "512MB", help_heading = "Limits")]
    max_memory: ByteSize,
    /// Messages kept at once; past it the oldest go first
    #[arg(long, value_name = "NUMBER", default_value = "10000", value_parser = kind::at_least_one, help_heading = "Limits")]
    max_messages: usize,
    /// Recipients of one message
    #[arg(long, value_name = "NUMBER", default_value = "10000", value_parser = kind::at_least_one, help_heading = "Limits")]
    max_recipients: usize,
    /// SMTP connections at once
    #[arg(long, value_name = "NUMBER", default_value = "10000", value_parser = kind::at_least_one, help_heading = "Limits")]
    max_connections: usize,
    /// Ended sessions remembered
    #[arg(long, value_name = "NUMBER", default_value = "1000", value_parser = kind::number, help_heading = "Limits")]
    max_sessions: usize,
    /// The longest silence of an SMTP client
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = kind::duration, help_heading = "Limits")]
    idle: Duration,
    /// What a message under way gets to finish when the server is stopped
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = kind::duration, help_heading = "Limits")]
    grace: Duration,

    /// Answer requests for this host name too. Names of this machine and its networks are always answered. Repeatable
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Page and API")]
    allow_host: Vec<String>,
    /// Let pages of this origin change things, such as http://app.example:3000. Repeatable
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',', help_heading = "Page and API")]
    allow_origin: Vec<String>,

    /// Log more: -v for every session, -vv for everything
    #[arg(short, long, action = ArgAction::Count, help_heading = "Log and settings")]
    pub(super) verbose: u8,
    /// How the log is written: as text, or as JSON, an object a line
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true,
        help_heading = "Log and settings"
    )]
    pub(super) log_format: log::Format,
    /// Read settings from this file, in TOML: the names of the flags without their dashes
    #[arg(long, value_name = "FILE", help_heading = "Log and settings")]
    pub(super) config: Option<PathBuf>,
    /// Print the settings that result, as such a file, and stop
    #[arg(long, help_heading = "Log and settings")]
    pub(super) print_config: bool,
}

/// The table as clap knows it. Switches take a value too: `--strict=false` beats what the environment or a file says.
pub(super) fn command() -> Command {
    Flags::command().after_help(super::commands_help()).mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue if arg.get_id() != "print_config" => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .value_name("BOOL")
            .default_missing_value("true")
            .default_value("false")
            .hide_default_value(true)
            .value_parser(kind::yes_or_no),
        _ => arg,
    })
}

/// Whether it can be set in the environment and in a file: all but what acts at once.
pub(super) fn is_setting(arg: &Arg) -> bool {
    !["config", "print_config", "help", "version"].contains(&arg.get_id().as_str())
}

/// Whether it says where this one is, and no other may be: what belongs to a program takes it from the command line alone.
pub(super) fn is_place(id: &str) -> bool {
    ["smtp", "submission", "smtps", "http", "ready_file"].contains(&id)
}

impl Flags {
    /// Where each kind of door opens; those that were not named on free ports.
    pub(super) fn doors_or_free(&self) -> Doors {
        let free = || vec![Opening { host: None, port: 0, standby: Standby::Fail }];
        self.doors(Doors { smtp: free(), submission: free(), smtps: free(), http: free() })
    }

    fn doors(&self, by_default: Doors) -> Doors {
        Doors {
            smtp: openings(&self.smtp, by_default.smtp),
            submission: openings(&self.submission, by_default.submission),
            smtps: openings(&self.smtps, by_default.smtps),
            http: openings(&self.http, by_default.http),
        }
    }

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
        let doors = if self.attached { self.doors_or_free() } else { self.doors(Doors::default()) };
        let tls = match (self.tls_cert, self.tls_key) {
            (Some(cert), Some(key)) => TlsSource::Files { cert, key },
            (Some(_), None) => return Err("--tls-cert needs the key of the certificate too: add --tls-key".into()),
            (None, Some(_)) => return Err("--tls-key needs the certificate of the key too: add --tls-cert".into()),
            (None, None) => TlsSource::Made { dir: self.tls_dir, names: self.tls_name },
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
            // Who works on a template wants to see it at once.
            reload_sources: cfg!(debug_assertions),
            allow_hosts: self.allow_host,
            allow_origins: self.allow_origin,
            pickup: self.pickup,
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
    use clap::FromArgMatches;

    fn config(args: &[&str]) -> Result<Config, String> {
        let typed = std::iter::once(&"restante").chain(args);
        let matches = command().try_get_matches_from(typed).map_err(|error| error.to_string())?;
        Flags::from_arg_matches(&matches).unwrap().into_config("box".into())
    }

    #[test]
    fn the_table_is_sound_and_every_flag_has_a_long_name_and_a_heading() {
        command().debug_assert();
        for arg in command().get_arguments() {
            assert_eq!(arg.get_long().map(|long| long.replace('-', "_")).as_deref(), Some(arg.get_id().as_str()));
            assert!(arg.get_help_heading().is_some(), "{}", arg.get_id());
        }
    }

    #[test]
    fn no_flags_mean_the_defaults_of_the_library() {
        let flags = format!("{:?}", config(&[]).unwrap());
        let here = Config { host: "box".into(), reload_sources: cfg!(debug_assertions), ..Config::default() };
        assert_eq!(flags, format!("{here:?}"));
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
    fn a_switch_is_on_when_it_is_named_and_can_be_switched_off() {
        for (args, expected) in
            [(&[][..], false), (&["--strict"], true), (&["--strict=false"], false), (&["--strict=1"], true)]
        {
            assert_eq!(config(args).unwrap().strict, expected, "{args:?}");
        }
    }
}
