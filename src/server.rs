//! The composition root: binds, builds the handles, spawns, and stops in order. The only file that knows every floor.

pub mod doors;
pub mod machine;
pub mod opened;
mod sources;

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::clock;
use crate::config::{Config, TlsSource, reason};
use crate::listen::certificate::{self, CertificateError, Identity, Pem};
use crate::listen::listener;
use crate::listen::pickup;
use crate::listen::pickup::folder::{Folder, FolderError};
use crate::listen::pickup::take::Taker;
use crate::listen::smtp::{self, Gate, Timing};
use crate::listen::tls::Terminator;
use crate::listen::tls_knock::Knocks;
use crate::listen::tls_reload;
use crate::mail::envelope::Door;
use crate::mailbox::{Inbox, Limits, packing, purge};
use crate::protocol::smtp::{Policy, StartTls};
use crate::web;
use doors::{DoorError, SmtpDoor};
use opened::Opened;

/// A server that runs. Dropped, it stops at once; [`Server::stop`] stops it in order.
pub struct Server {
    opened: Opened,
    inbox: Inbox,
    stop: CancellationToken,
    sessions: TaskTracker,
    http: web::Serving,
    timing: Timing,
    ready_file: Option<std::path::PathBuf>,
}

/// What keeps the server from starting; each is a sentence for whoever started it.
#[derive(Debug)]
pub enum ServerError {
    /// A door cannot be opened.
    Door(DoorError),
    /// A pickup folder cannot be read.
    Pickup(FolderError),
    /// The certificate cannot be had; with the flags that say where it comes from.
    Certificate(&'static str, CertificateError),
    /// The TLS library refuses its own defaults.
    Tls(rustls::Error),
    /// The page cannot be served.
    Http(io::Error),
    /// The system gives no threads.
    Threads(io::Error),
    /// The ready file cannot be written.
    ReadyFile(std::path::PathBuf, io::Error),
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Door(error) => error.fmt(f),
            Self::Pickup(error) => error.fmt(f),
            Self::Certificate("", error) => error.fmt(f),
            Self::Certificate(flags, error) => write!(f, "{flags}: {error}"),
            Self::Tls(error) => write!(f, "TLS cannot be set up: {error}"),
            Self::Http(error) => write!(f, "the page cannot be served: {error}"),
            Self::Threads(error) => write!(f, "the system gives no threads: {error}"),
            Self::ReadyFile(path, error) => {
                write!(f, "--ready-file {} cannot be written: {}", path.display(), reason(error))
            }
        }
    }
}

impl std::error::Error for ServerError {}

impl Server {
    /// Opens every door and serves on them. When this returns, clients can connect.
    ///
    /// # Errors
    /// The first thing that keeps it from serving; nothing stays open then.
    pub async fn start(config: &Config) -> Result<Self, ServerError> {
        if let Some(path) = &config.ready_file {
            // That of an earlier run would send whoever waits for it to doors that are closed. None there: so much the better.
            let _ = std::fs::remove_file(path);
        }
        let files_max = machine::raise_open_files();
        let folders = folders(config).map_err(ServerError::Pickup)?;
        let bound = doors::open(config).map_err(ServerError::Door)?;
        let (identity, files) = identity(config)?;
        let tls = Terminator::new(&identity).map_err(ServerError::Tls)?;
        let opened = Opened::new(config, &bound, identity.ca, files_max);

        let inbox = Inbox::new(limits(config));
        let (server_inbox, gate_inbox) = (inbox.clone(), inbox.clone());
        let stop = CancellationToken::new();
        let sessions = TaskTracker::new();
        let timing = Timing { idle: config.idle, grace: config.grace };
        let (reload, _) = tokio::sync::watch::channel(());
        let signposts = opened.signposts();
        let gate = |door| {
            let policy = Policy { signposts, ..policy(config, door) };
            let (policy, tls, inbox) = (Arc::new(policy), tls.clone(), gate_inbox.clone());
            Arc::new(Gate { door, policy, tls, inbox, timing, knocks: Knocks::default() })
        };
        // First, for whoever starts this waits for a greeting; the page takes some milliseconds more.
        let unless_served = stop.clone().drop_guard();
        let permits = Arc::new(Semaphore::new(config.connections_max));
        for SmtpDoor { door, bound, .. } in bound.smtp {
            let gate = gate(door);
            for socket in bound.listeners {
                let socket = TcpListener::from_std(socket).map_err(ServerError::Http)?;
                let (gate, token) = (gate.clone(), stop.clone());
                let handle = move |stream, peer| smtp::serve(gate.clone(), stream, peer, token.clone());
                tokio::spawn(listener::run(socket, permits.clone(), sessions.clone(), stop.clone(), handle));
            }
        }
        let http = web::serve(
            bound.http.into_iter().flat_map(|door| door.listeners).collect(),
            web::Parts {
                inbox: server_inbox,
                page_gate: gate(Door::Page),
                http_gate: gate(Door::Http),
                facts: opened.facts(config),
                access: web::guard::Access::new(&config.host, &config.allow_hosts, &config.allow_origins),
                reload: reload.clone(),
                stop: stop.clone(),
            },
        )
        .map_err(ServerError::Http)?;
        if config.reload_sources {
            tokio::spawn(sources::watch(env!("CARGO_MANIFEST_DIR").into(), reload, stop.clone()));
        }
        let server = Self { opened, inbox, stop, sessions, http, timing, ready_file: config.ready_file.clone() };
        unless_served.disarm();
        if let (TlsSource::Files { cert, key }, Some(pem)) = (&config.tls, files) {
            let (cert, key, stop) = (cert.clone(), key.clone(), server.stop.clone());
            tokio::spawn(tls_reload::run(cert, key, pem, tls.clone(), stop));
        }
        tokio::spawn(packing::run(server.inbox.clone(), clock::now, server.stop.clone()));
        tokio::spawn(purge::run(server.inbox.clone(), clock::now, server.stop.clone()));
        for folder in folders {
            let taker = Taker { inbox: server.inbox.clone(), message_bytes_max: config.message_bytes_max };
            server.sessions.spawn(pickup::run(folder, taker, server.stop.clone()));
        }
        if let Some(path) = &config.ready_file {
            server.opened.write_ready_file(path).map_err(|error| ServerError::ReadyFile(path.clone(), error))?;
        }
        Ok(server)
    }

    /// What was opened.
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// The mailbox, for those in the same process.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Stops in order: no new connections, held questions and streams end, idle sessions are told, messages under way
    /// get their grace, then the page goes.
    pub async fn stop(self) {
        self.stop.cancel();
        self.sessions.close();
        // Each session minds its own grace; the margin is for their last words.
        if tokio::time::timeout(self.timing.grace * 2, self.sessions.wait()).await.is_err() {
            warn!("{} sessions did not end in time", self.sessions.len());
        }
        self.http.stop().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        self.http.abort();
        // Whoever finds it would be sent to doors that are closed.
        if let Some(path) = &self.ready_file {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The certificate, and what was in the files of the user's own.
fn identity(config: &Config) -> Result<(Identity, Option<Pem>), ServerError> {
    match &config.tls {
        TlsSource::Files { cert, key } => {
            let refused = |error| ServerError::Certificate("--tls-cert and --tls-key", error);
            let pem = certificate::read_pair(cert, key).map_err(refused)?;
            Ok((certificate::from_pem(cert, key, &pem).map_err(refused)?, Some(pem)))
        }
        TlsSource::Made { dir, names } => {
            let flags = if dir.is_some() { "--tls-dir" } else { "" };
            let identity = certificate::make(&config.host, names, dir.as_deref(), clock::now());
            Ok((identity.map_err(|error| ServerError::Certificate(flags, error))?, None))
        }
    }
}

/// Each folder once, however often it was named.
fn folders(config: &Config) -> Result<Vec<Folder>, FolderError> {
    let mut folders = config.pickup.iter().map(|path| Folder::open(path)).collect::<Result<Vec<_>, _>>()?;
    folders.sort_by(|a, b| a.path().cmp(b.path()));
    folders.dedup_by(|a, b| a.path() == b.path());
    Ok(folders)
}

fn limits(config: &Config) -> Limits {
    Limits {
        memory_bytes_max: config.memory_bytes_max,
        messages_max: config.messages_max,
        sessions_max: config.sessions_max,
    }
}

fn policy(config: &Config, door: Door) -> Policy {
    Policy {
        host: config.host.as_str().into(),
        message_bytes_max: config.message_bytes_max,
        recipients_max: config.recipients_max,
        starttls: match door {
            Door::Submission => StartTls::Advertised,
            Door::Smtp if config.starttls_everywhere => StartTls::Advertised,
            Door::Smtp => StartTls::Understood,
            Door::Smtps | Door::Page | Door::Http | Door::Pickup | Door::Mailin => StartTls::Absent,
        },
        auth_required: config.auth_required && !matches!(door, Door::Page | Door::Http),
        ..Policy::default()
    }
}

#[cfg(test)]
mod tests;
