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
        /// The port.
        port: u16,
        /// Why.
        error: io::Error,
    },
    /// No SMTP door is open.
    NoSmtp(Vec<String>),
    /// `--http off` leaves no way to read what is caught.
    NoHttp,
}

impl fmt::Display for DoorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable { flag, port, error } => {
                write!(f, "{} Choose another with {flag} PORT, or {flag} 0 for a free one.", unavailable(*port, error))
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
    let mut remarks = Vec::new();
    let kinds = [
        (Door::Smtp, "--smtp", &config.doors.smtp),
        (Door::Submission, "--submission", &config.doors.submission),
        (Door::Smtps, "--smtps", &config.doors.smtps),
    ];
    let mut smtp = Vec::new();
    for (door, flag, openings) in kinds {
        for opening in openings {
            if let Some(bound) = open_one(config, flag, opening, &mut remarks)? {
                smtp.push(SmtpDoor { door, quiet: opening.standby == Standby::Quiet, bound });
            }
        }
    }
    if smtp.is_empty() {
        return Err(DoorError::NoSmtp(remarks));
    }
    let mut http = Vec::new();
    for opening in &config.doors.http {
        // Without the page there is nothing to serve, so its default port is no less wanted than one asked for.
        let opening = Opening { standby: Standby::Fail, ..*opening };
        http.extend(open_one(config, "--http", &opening, &mut remarks)?);
    }
    if http.is_empty() { Err(DoorError::NoHttp) } else { Ok(Doors { smtp, http, remarks }) }
}

fn open_one(
    config: &Config,
    flag: &'static str,
    opening: &Opening,
    remarks: &mut Vec<String>,
) -> Result<Option<BoundDoor>, DoorError> {
    let hosts = hosts(config, opening.host);
    let error = match bind(&hosts, opening.port) {
        Ok(listeners) => return Ok(Some(bound(listeners))),
        Err(error) => error,
    };
    if config.strict {
        return Err(DoorError::Unavailable { flag, port: opening.port, error });
    }
    match opening.standby {
        Standby::Fail => Err(DoorError::Unavailable { flag, port: opening.port, error }),
        Standby::Quiet => {
            debug!("{}", unavailable(opening.port, &error));
            Ok(None)
        }
        Standby::Warn => {
            remarks.push(unavailable(opening.port, &error));
            Ok(None)
        }
        Standby::Instead(other) if error.kind() == io::ErrorKind::PermissionDenied => {
            let taken = bind(&hosts, other);
            remarks.push(match &taken {
                Ok(_) => {
                    format!("Port {} needs a privilege, so {other} is open instead. {}", opening.port, privilege())
                }
                Err(error) => format!("Port {} needs a privilege. {}", opening.port, unavailable(other, error)),
            });
            Ok(taken.ok().map(bound))
        }
        Standby::Instead(_) => {
            remarks.push(unavailable(opening.port, &error));
            Ok(None)
        }
    }
}

fn hosts(config: &Config, given: Option<IpAddr>) -> Vec<IpAddr> {
    given.or(config.bind).map_or_else(|| LOOPBACK.to_vec(), |host| vec![host])
}

fn bound(listeners: Vec<TcpListener>) -> BoundDoor {
    let addresses = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
    BoundDoor { listeners, addresses }
}

/// Why a port cannot be had, and what to look for.
fn unavailable(port: u16, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("Port {port} is taken by another program ({} shows it).", who_has(port)),
        io::ErrorKind::PermissionDenied => format!("Port {port} needs a privilege. {}", privilege()),
        io::ErrorKind::AddrNotAvailable => {
            format!("Port {port} cannot be opened: this machine does not have that address.")
        }
        _ => format!("Port {port} cannot be opened: {error}."),
    }
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

fn privilege() -> &'static str {
    if cfg!(target_os = "linux") {
        "To allow it: sudo sysctl net.ipv4.ip_unprivileged_port_start=465"
    } else {
        "To allow it, start with administrator rights."
    }
}
