//! Opening the doors: which ports are had, what is taken instead, and what is said about the rest.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use tracing::debug;

use crate::config::{Config, Opening, Standby};
use crate::listen::bind::{LOOPBACK, bind};
use crate::mail::envelope::Door;

/// Everything that was opened, not yet accepting.
pub struct Doors {
    /// SMTP doors, in the order of the settings.
    pub smtp: Vec<SmtpDoor>,
    /// HTTP doors; at least one.
    pub http: Vec<BoundDoor>,
    /// What a user should know of those that are not as they should be.
    pub remarks: Vec<String>,
}

/// One SMTP door.
pub struct SmtpDoor {
    /// Its kind.
    pub door: Door,
    /// Whether it is the one that nobody is told about first.
    pub quiet: bool,
    /// Its sockets.
    pub bound: BoundDoor,
}

/// One port, on one or two addresses.
pub struct BoundDoor {
    /// The sockets, listening.
    pub listeners: Vec<TcpListener>,
    /// Where they are.
    pub addresses: Vec<SocketAddr>,
}

/// A door that must be had cannot be.
#[derive(Debug)]
pub enum DoorError {
    /// It was asked for, or is the page's.
    Unavailable {
        /// The flag that moves it.
        flag: &'static str,
        /// Why, as a sentence.
        why: String,
    },
    /// It was asked for on an address that this machine does not have.
    Elsewhere {
        /// The flag that says so.
        flag: &'static str,
        /// The address.
        host: IpAddr,
    },
    /// No SMTP door is open.
    NoSmtp(Vec<String>),
    /// `--http off` leaves no way to read what is caught.
    NoHttp,
}

impl fmt::Display for DoorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable { flag, why } => {
                write!(f, "{why} Choose another with {flag} PORT, or {flag} 0 for a free one.")
            }
            Self::Elsewhere { flag, host } => {
                let all = if host.is_ipv4() { "0.0.0.0" } else { "::" };
                write!(f, "{flag} names {host}, which is no address of this machine. {all} stands for all it has.")
            }
            Self::NoSmtp(remarks) if remarks.is_empty() => {
                f.write_str("every SMTP door is off: no mail could come in. Open one, such as --smtp 2525.")
            }
            Self::NoSmtp(remarks) => {
                write!(f, "no SMTP door could be opened: {} Choose another with --smtp PORT.", remarks.join(" "))
            }
            Self::NoHttp => {
                f.write_str("--http off leaves no page and no API to read the mail with. Use --http 0 for a free port.")
            }
        }
    }
}

impl std::error::Error for DoorError {}

/// Opens the doors of the settings.
///
/// # Errors
/// A door that was asked for, all SMTP doors, or all HTTP doors cannot be had; with `strict` any door.
pub fn open(config: &Config) -> Result<Doors, DoorError> {
    let mut opener = Opener { config, ours: Vec::new(), remarks: Vec::new() };
    let kinds = [
        (Door::Smtp, "--smtp", &config.doors.smtp),
        (Door::Submission, "--submission", &config.doors.submission),
        (Door::Smtps, "--smtps", &config.doors.smtps),
    ];
    let mut smtp = Vec::new();
    for (door, flag, openings) in kinds {
        for opening in openings {
            if let Some(bound) = opener.open(flag, opening)? {
                smtp.push(SmtpDoor { door, quiet: opening.standby == Standby::Quiet, bound });
            }
        }
    }
    if smtp.is_empty() {
        return Err(DoorError::NoSmtp(opener.remarks));
    }
    let mut http = Vec::new();
    for opening in &config.doors.http {
        // Without the page there is nothing to serve, so its default port is no less wanted than one asked for.
        let opening = Opening { standby: Standby::Fail, ..*opening };
        http.extend(opener.open("--http", &opening)?);
    }
    if http.is_empty() { Err(DoorError::NoHttp) } else { Ok(Doors { smtp, http, remarks: opener.remarks }) }
}

struct Opener<'a> {
    config: &'a Config,
    /// What is open already, to tell ourselves from another program.
    ours: Vec<(&'static str, u16)>,
    remarks: Vec<String>,
}

impl Opener<'_> {
    fn open(&mut self, flag: &'static str, opening: &Opening) -> Result<Option<BoundDoor>, DoorError> {
        let hosts = hosts(self.config, opening.host);
        let error = match bind(&hosts, opening.port) {
            Ok(listeners) => return Ok(Some(self.had(flag, listeners))),
            Err(error) => error,
        };
        let why = self.unavailable(opening.port, &error);
        if self.config.strict || opening.standby == Standby::Fail {
            return Err(
                match opening.host.map(|host| (flag, host)).or(self.config.bind.map(|host| ("--bind", host))) {
                    Some((flag, host)) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                        DoorError::Elsewhere { flag, host }
                    }
                    _ => DoorError::Unavailable { flag, why },
                },
            );
        }
        match opening.standby {
            Standby::Quiet => debug!("{why}"),
            Standby::Instead(other) if error.kind() == io::ErrorKind::PermissionDenied => {
                let (port, privilege) = (opening.port, privilege(opening.port));
                return Ok(match bind(&hosts, other) {
                    Ok(listeners) => {
                        let remark = format!("Port {port} needs a privilege, so {other} is open instead. {privilege}");
                        self.remarks.push(remark);
                        Some(self.had(flag, listeners))
                    }
                    Err(error) => {
                        let remark = format!("Port {port} needs a privilege. {}", self.unavailable(other, &error));
                        self.remarks.push(remark);
                        None
                    }
                });
            }
            _ => self.remarks.push(why),
        }
        Ok(None)
    }

    fn had(&mut self, flag: &'static str, listeners: Vec<TcpListener>) -> BoundDoor {
        let addresses: Vec<_> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        self.ours.extend(addresses.first().map(|address| (flag, address.port())));
        BoundDoor { listeners, addresses }
    }

    /// Why a port cannot be had, and what to look for.
    fn unavailable(&self, port: u16, error: &io::Error) -> String {
        let ours = self.ours.iter().find(|(_, taken)| *taken == port);
        match (error.kind(), ours) {
            (io::ErrorKind::AddrInUse, Some((flag, _))) => format!("Port {port} is open for {flag} already."),
            (io::ErrorKind::AddrInUse, None) => {
                format!("Port {port} is taken by another program ({} shows it).", who_has(port))
            }
            (io::ErrorKind::PermissionDenied, _) => format!("Port {port} needs a privilege. {}", privilege(port)),
            (io::ErrorKind::AddrNotAvailable, _) => {
                format!("Port {port} cannot be opened: this machine does not have that address.")
            }
            _ => format!("Port {port} cannot be opened: {error}."),
        }
    }
}

fn hosts(config: &Config, given: Option<IpAddr>) -> Vec<IpAddr> {
    given.or(config.bind).map_or_else(|| LOOPBACK.to_vec(), |host| vec![host])
}

fn who_has(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("ss -ltnp 'sport = :{port}'")
    } else if cfg!(windows) {
        format!("netstat -ano | findstr :{port}")
    } else {
        format!("lsof -nP -iTCP:{port} -sTCP:LISTEN")
    }
}

/// How to get it. The system knows one number from which ports are free for all; 465 frees both doors that need it.
fn privilege(port: u16) -> String {
    if cfg!(target_os = "linux") {
        format!("To allow it: `sudo sysctl net.ipv4.ip_unprivileged_port_start={}`.", port.min(465))
    } else {
        "To allow it, start with administrator rights.".into()
    }
}
