//! The settings as they are meant. What was typed is in `cli/flags.rs`; a [`Config`] that exists can be served.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Everything that can be set. Only `server.rs` and the command line know it whole; others get their own few options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where each kind of door opens.
    pub doors: Doors,
    /// The address of all doors that name none; none: both loopback addresses.
    pub bind: Option<IpAddr>,
    /// Any door that cannot be had is an error, default ones too.
    pub strict: bool,
    /// STARTTLS is advertised on the plain doors too.
    pub starttls_everywhere: bool,
    /// A login is needed before MAIL.
    pub auth_required: bool,
    /// The certificate.
    pub tls: TlsSource,
    /// The name in the greeting, the certificate and EHLO's answer: this machine's.
    pub host: String,
    /// The largest message, in bytes.
    pub message_bytes_max: usize,
    /// The budget for everything kept, in bytes.
    pub memory_bytes_max: usize,
    /// Messages kept at once.
    pub messages_max: usize,
    /// Recipients of one message.
    pub recipients_max: usize,
    /// SMTP connections at once, over all doors.
    pub connections_max: usize,
    /// Ended sessions remembered.
    pub sessions_max: usize,
    /// The longest silence of a client.
    pub idle: Duration,
    /// What a session in the middle of a message gets to finish it when the server stops.
    pub grace: Duration,
    /// Host names that the page and the API answer to, beside the harmless ones.
    pub allow_hosts: Vec<String>,
    /// Origins whose requests may have an effect, beside our own.
    pub allow_origins: Vec<String>,
    /// Folders whose files are taken in as mail.
    pub pickup: Vec<PathBuf>,
    /// Where to write what was opened.
    pub ready_file: Option<PathBuf>,
    /// Whether open pages load themselves anew when a static file of the project changes.
    pub reload_sources: bool,
}

impl Default for Config {
    /// What a start without flags means, on a machine named localhost.
    fn default() -> Self {
        Self {
            doors: Doors::default(),
            pickup: Vec::new(),
            bind: None,
            strict: false,
            starttls_everywhere: false,
            auth_required: false,
            tls: TlsSource::Made { dir: None, names: Vec::new() },
            host: "localhost".into(),
            message_bytes_max: 50 << 20,
            memory_bytes_max: 512 << 20,
            messages_max: 10_000,
            recipients_max: 10_000,
            connections_max: 10_000,
            sessions_max: 1_000,
            idle: Duration::from_secs(5 * 60),
            grace: Duration::from_secs(5),
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            ready_file: None,
            reload_sources: false,
        }
    }
}

impl Config {
    /// The defaults, but every door on a free port of the loopback addresses: for tests, which run beside each other.
    pub fn on_free_ports() -> Self {
        let free = || vec![Opening { host: None, port: 0, standby: Standby::Fail }];
        Self { doors: Doors { smtp: free(), submission: free(), smtps: free(), http: free() }, ..Self::default() }
    }
}

/// Where each kind of door opens, in the order in which they are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doors {
    /// Plain SMTP.
    pub smtp: Vec<Opening>,
    /// Submission with STARTTLS.
    pub submission: Vec<Opening>,
    /// TLS from the first byte.
    pub smtps: Vec<Opening>,
    /// The page and the API.
    pub http: Vec<Opening>,
}

impl Default for Doors {
    fn default() -> Self {
        let by_default = |port, standby| Opening { host: None, port, standby };
        Self {
            smtp: vec![by_default(2525, Standby::Warn), by_default(1025, Standby::Quiet)],
            submission: vec![by_default(587, Standby::Instead(1587))],
            smtps: vec![by_default(465, Standby::Instead(1465))],
            http: vec![by_default(8025, Standby::Warn)],
        }
    }
}

/// One place to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The address; none: what `--bind` says, else both loopback addresses.
    pub host: Option<IpAddr>,
    /// The port; 0: a free one.
    pub port: u16,
    /// What to do when it cannot be had.
    pub standby: Standby,
}

/// What to do when a door cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standby {
    /// It was asked for: an error.
    Fail,
    /// A default: say so and go on without it.
    Warn,
    /// A default nobody misses.
    Quiet,
    /// A default that needs a privilege: without it, take this port.
    Instead(u16),
}

/// The value of `--smtp` and its like: `off`, a port, or `address:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// No door of this kind.
    Off,
    /// One here.
    At(Option<IpAddr>, u16),
}

impl FromStr for Spot {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("off") {
            return Ok(Self::Off);
        }
        let (host, port) = match text.rsplit_once(':') {
            None => (None, text),
            Some(("" | "localhost", port)) => (None, port),
            Some((host, port)) => {
                let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
                let address = bare.parse().map_err(|_| {
                    format!("{host:?} is not an IP address; write an address and a port, such as 127.0.0.1:2525 or [::1]:2525")
                })?;
                (Some(address), port)
            }
        };
        let port = port.parse().map_err(|_| {
            format!("{port:?} is not a port; write a number from 0 (a free one) to 65535, an address and a port such as 127.0.0.1:2525, or off")
        })?;
        Ok(Self::At(host, port))
    }
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsSource {
    /// Made at the start, signed by a CA of our own; kept in the folder, if there is one.
    Made {
        /// Where the CA is kept over restarts.
        dir: Option<PathBuf>,
        /// More names for the certificate, beside localhost and the machine's.
        names: Vec<String>,
    },
    /// The user's own files, in PEM.
    Files {
        /// The chain, the server's certificate first.
        cert: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

/// A number of bytes, as flags write it: `50MB`, `512MiB`, `1000`. A kB has 1,024 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub usize);

/// Why a path of the settings cannot be used, in words, after "cannot be read:" and its like.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "you have no right to it".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::AlreadyExists => "a file of that name is in the way".into(),
        io::ErrorKind::NotADirectory => "a file stands where its folder should be".into(),
        _ => error.to_string(),
    }
}

const UNITS: [(&str, usize); 4] = [("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10), ("B", 1)];

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
        let unit = text[digits..].trim().to_ascii_lowercase();
        let factor = match unit.as_str() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            _ => return Err(format!("{text:?} is not a size; write a number with B, kB, MB or GB, such as 50MB")),
        };
        let number = text[..digits].parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
        number
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not a size; write a number with B, kB, MB or GB, such as 50MB"))
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = UNITS.iter().find(|(_, factor)| self.0 >= *factor).unwrap_or(&UNITS[3]);
        let tenths = (self.0 as u128 * 10 / *factor as u128) as u64;
        match tenths % 10 {
            0 => write!(f, "{} {unit}", tenths / 10),
            tenth => write!(f, "{}.{tenth} {unit}", tenths / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_is_a_port_an_address_with_a_port_or_off() {
        assert_eq!("2525".parse(), Ok(Spot::At(None, 2525)));
        assert_eq!("localhost:2525".parse(), Ok(Spot::At(None, 2525)));
        assert_eq!(":2525".parse(), Ok(Spot::At(None, 2525)));
        assert_eq!("0.0.0.0:25".parse(), Ok(Spot::At(Some([0, 0, 0, 0].into()), 25)));
        assert_eq!("[::1]:0".parse(), Ok(Spot::At(Some("::1".parse().unwrap()), 0)));
        assert_eq!("OFF".parse(), Ok(Spot::Off));
        for wrong in ["", "70000", "example.com:25", "127.0.0.1:", "smtp"] {
            assert!(wrong.parse::<Spot>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_are_read_and_shown() {
        for (text, bytes, shown) in [
            ("1000", 1000, "1000 B"),
            ("50MB", 50 << 20, "50 MB"),
            ("1 GiB", 1 << 30, "1 GB"),
            ("1536k", 1536 << 10, "1.5 MB"),
        ] {
            let size: ByteSize = text.parse().unwrap();
            assert_eq!((size.0, size.to_string()), (bytes, shown.to_owned()));
        }
        for wrong in ["", "MB", "5 parsecs", "-1", "99999999999999999999GB"] {
            assert!(wrong.parse::<ByteSize>().is_err(), "{wrong}");
        }
    }
}
