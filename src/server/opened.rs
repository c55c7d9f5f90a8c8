//! What was opened, for those who ask: the block on the terminal, the ready file, the page.

use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::doors::Doors;
use crate::config::Config;
use crate::listen::bind::LOOPBACK;
use crate::listen::certificate::Ca;
use crate::mail::envelope::Door;
use crate::protocol::smtp::Signposts;
use crate::web::facts::{DoorFact, Facts};

/// Every door of this run.
#[derive(Clone, Debug)]
pub struct Opened {
    smtp: Vec<OpenDoor>,
    http: Vec<SocketAddr>,
    pickup: Vec<PathBuf>,
    ca: Option<Ca>,
    remarks: Vec<String>,
    starttls_everywhere: bool,
}

#[derive(Clone, Debug)]
struct OpenDoor {
    door: Door,
    quiet: bool,
    addresses: Vec<SocketAddr>,
}

/// Below this many open files the number of connections is limited by them.
const SPARE_FILES: u64 = 64;

impl Opened {
    pub(super) fn new(config: &Config, doors: &Doors, ca: Option<Ca>, files_max: Option<u64>) -> Self {
        let smtp: Vec<_> = doors
            .smtp
            .iter()
            .map(|smtp| OpenDoor { door: smtp.door, quiet: smtp.quiet, addresses: smtp.bound.addresses.clone() })
            .collect();
        let http: Vec<_> = doors.http.iter().flat_map(|door| door.addresses.clone()).collect();
        let mut remarks = doors.remarks.clone();
        if let Some(files) = files_max
            && files < (config.connections_max as u64).saturating_add(SPARE_FILES)
        {
            remarks.push(format!(
                "The system allows {files} open files, so there can be no more connections (ulimit -n)."
            ));
        }
        if let Some(Ca { refused, path: Some(path), .. }) = ca.as_ref().filter(|ca| !ca.refused.is_empty()) {
            remarks.push(format!(
                "The certificate is not for {}: the CA in {} may not sign that. To have a new CA made, and to trust it \
                 anew, move the folder away.",
                refused.join(", "),
                path.display()
            ));
        }
        let beyond = |address: &SocketAddr| !address.ip().is_loopback();
        if smtp.iter().flat_map(|door| &door.addresses).chain(&http).any(beyond) {
            remarks.push(
                "Doors are open beyond this machine: whoever reaches them can send mail here, read all of it and delete it."
                    .into(),
            );
        }
        let pickup = config.pickup.clone();
        Self { smtp, http, pickup, ca, remarks, starttls_everywhere: config.starttls_everywhere }
    }

    /// The page, as a browser on this machine would write it.
    pub fn http_url(&self) -> String {
        self.http.first().map_or_else(String::new, |address| format!("http://{}", reachable(*address)))
    }

    /// The certificate of the authority that signed this run's, in PEM; none if the user brought their own.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca.as_ref().map(|ca| &*ca.pem)
    }

    /// The first address of the first door of a kind.
    pub fn smtp_address(&self, door: Door) -> Option<SocketAddr> {
        self.smtp.iter().find(|open| open.door == door).and_then(|open| open.addresses.first().copied())
    }

    /// Where a client at the wrong door is sent.
    pub(super) fn signposts(&self) -> Signposts {
        let port = |door| self.smtp_address(door).map(|address| address.port());
        let http = self.http.first().map(SocketAddr::port);
        Signposts { plain: port(Door::Smtp), starttls: port(Door::Submission), tls: port(Door::Smtps), http }
    }

    /// What the page and the API tell of this run.
    pub(super) fn facts(&self, config: &Config) -> Facts {
        let doors = self.smtp.iter().map(|open| DoorFact {
            door: open.door,
            quiet: open.quiet,
            host: shown_host(&open.addresses),
            port: open.addresses.first().map_or(0, SocketAddr::port),
        });
        Facts {
            doors: doors.collect(),
            pickup: self.pickup.iter().map(|path| path.display().to_string()).collect(),
            ca_pem: self.ca.as_ref().map(|ca| ca.pem.clone()),
            message_bytes_max: config.message_bytes_max,
            recipients_max: config.recipients_max,
            connections_max: config.connections_max,
            started: crate::clock::now(),
        }
    }

    /// Every address that is open, with the kind of its door.
    pub fn addresses(&self) -> impl Iterator<Item = (&'static str, SocketAddr)> {
        let smtp = self.smtp.iter().flat_map(|open| open.addresses.iter().map(|address| (open.door.name(), *address)));
        smtp.chain(self.http.iter().map(|address| ("http", *address)))
    }

    /// What a user should know of this run.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// A short block for the terminal: each door and what it offers, the page, what should be known, how to stop.
    /// `beside` are remarks of others.
    pub fn block(&self, beside: &[String]) -> String {
        let mut rows: Vec<(&str, String, String)> = Vec::new();
        for open in self.smtp.iter().filter(|open| !open.quiet) {
            let label = if rows.is_empty() { "SMTP" } else { "" };
            rows.push((label, place(&open.addresses), self.offer(open.door)));
        }
        if rows.is_empty() {
            rows.extend(self.smtp.iter().map(|open| ("SMTP", place(&open.addresses), self.offer(open.door))));
        }
        for (at, path) in self.pickup.iter().enumerate() {
            let label = if at == 0 { "Pickup" } else { "" };
            rows.push((label, path.display().to_string(), "files of mail, left as they are".into()));
        }
        for (at, url) in self.http_places().into_iter().enumerate() {
            rows.push((if at == 0 { "Inbox" } else { "" }, url, String::new()));
        }
        let offers = rows.iter().filter(|(.., offer)| !offer.is_empty());
        let width = offers.map(|(_, place, _)| place.len()).max().unwrap_or(0);
        let mut block = format!("Restante {} accepts every mail and delivers none.\n\n", env!("CARGO_PKG_VERSION"));
        for (label, place, offer) in rows {
            let line = format!("  {label:<6} {place:<width$}  {offer}");
            let _ = writeln!(block, "{}", line.trim_end());
        }
        for remark in &self.remarks {
            let _ = writeln!(block, "\n  {remark}");
        }
        if !beside.is_empty() {
            let _ = writeln!(block, "\n  {}", beside.join("\n  "));
        }
        block.push_str("\n  Ctrl-C stops it; what was caught goes with it.\n");
        block
    }

    fn offer(&self, door: Door) -> String {
        let quiet = self.smtp.iter().find(|open| open.door == door && open.quiet);
        let also = quiet.map_or_else(String::new, |open| format!(", also on {}", open.addresses[0].port()));
        match door {
            Door::Smtp if self.starttls_everywhere => format!("STARTTLS, any login or none{also}"),
            Door::Smtp => format!("plain, any login or none{also}"),
            Door::Submission => "STARTTLS, any login or none".into(),
            Door::Smtps => "TLS from the first byte, any login or none".into(),
            Door::Page | Door::Http | Door::Pickup | Door::Mailin => String::new(),
        }
    }

    fn http_places(&self) -> Vec<String> {
        let mut places: Vec<_> = self.http.iter().map(|address| format!("http://{}", place(&[*address]))).collect();
        if self.http.iter().all(is_localhost) {
            places = self.http.iter().map(|address| format!("http://localhost:{}", address.port())).collect();
        }
        places.dedup();
        places
    }

    /// What was opened, for a program: one line of JSON, without its end.
    pub fn ready(&self) -> String {
        let entries = self.smtp.iter().filter_map(|open| {
            let address = open.addresses.first()?;
            let tls = match open.door {
                Door::Smtps => "implicit",
                Door::Submission => "starttls",
                Door::Smtp if self.starttls_everywhere => "starttls",
                _ => "none",
            };
            Some(ReadyDoor { host: local(address.ip()).to_string(), port: address.port(), tls })
        });
        let ready =
            Ready {
                version: env!("CARGO_PKG_VERSION"),
                pid: std::process::id(),
                http: self.http_url(),
                smtp: entries.collect(),
                ca: self.ca.as_ref().and_then(|ca| ca.path.as_ref()).map(|path| {
                    std::path::absolute(path).unwrap_or_else(|_| path.clone()).to_string_lossy().into_owned()
                }),
            };
        serde_json::to_string(&ready).expect("texts and numbers can be written")
    }

    /// Writes what was opened to a file, in one rename: whoever finds the file finds it whole.
    ///
    /// # Errors
    /// The file or its neighbour cannot be written.
    pub(super) fn write_ready_file(&self, path: &Path) -> io::Result<()> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.tmp", std::process::id()));
        std::fs::write(&beside, self.ready())?;
        std::fs::rename(&beside, path)
    }
}

#[derive(Serialize)]
struct Ready {
    version: &'static str,
    pid: u32,
    http: String,
    smtp: Vec<ReadyDoor>,
    ca: Option<String>,
}

#[derive(Serialize)]
struct ReadyDoor {
    host: String,
    port: u16,
    tls: &'static str,
}

/// `localhost:2525` when it is this machine's own, else the address.
fn place(addresses: &[SocketAddr]) -> String {
    let port = addresses.first().map_or(0, SocketAddr::port);
    let host = shown_host(addresses);
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

fn shown_host(addresses: &[SocketAddr]) -> String {
    match addresses {
        [first, ..] if !addresses.iter().all(is_localhost) => first.ip().to_string(),
        _ => "localhost".into(),
    }
}

/// Whether `localhost` leads there: 127.0.0.2 is of this machine too, and has another name.
fn is_localhost(address: &SocketAddr) -> bool {
    LOOPBACK.contains(&address.ip())
}

/// The address for a client on this machine: `0.0.0.0` is every address, also this one.
pub fn local(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(v4) if v4.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(v6) if v6.is_unspecified() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        other => other,
    }
}

fn reachable(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(local(address.ip()), address.port())
}
