//! `restante`: opens the doors, says which, and serves until it is told to stop.

use std::io::Write;
use std::process::ExitCode;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tracing::{error, info, warn};

use super::elsewhere;
use super::log::Format;
use super::settings::{self, Settings};
use crate::config::Config;
use crate::server::Server;
use crate::server::opened::Opened;

/// Serves until Ctrl-C or SIGTERM. What keeps it from starting is said as a sentence.
pub(super) fn serve(config: &Config, settings: &Settings) -> ExitCode {
    let format = settings.flags.log_format;
    match until_stopped(config, settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let sentence = settings.placed(sentence);
            match format {
                Format::Text => eprintln!("restante: {sentence}"),
                Format::Json => error!("{sentence}"),
            }
            ExitCode::FAILURE
        }
    }
}

fn until_stopped(config: &Config, settings: &Settings) -> Result<(), String> {
    let format = settings.flags.log_format;
    let runtime = Runtime::new().map_err(|error| format!("the system gives no threads: {error}"))?;
    runtime.block_on(async {
        // Listened for before the doors open: a signal in between is not lost.
        let mut signals = Signals::new().map_err(|error| format!("signals cannot be caught: {error}"))?;
        let server = Server::start(config).await.map_err(|error| error.to_string())?;
        announce(server.opened(), settings, format);
        tokio::select! {
            _ = signals.next() => {}
            () = parted(settings.flags.attached) => {}
        }
        match format {
            _ if settings.flags.attached => info!("stopping"),
            Format::Text => tell("Stopping. A second Ctrl-C stops at once.\n"),
            Format::Json => info!("stopping"),
        }
        tokio::select! {
            () = server.stop() => {}
            _ = signals.next() => {}
        }
        Ok(())
    })
}

/// Says what was opened: the block on standard output, or, where a program reads, events of the log, or that program's line.
fn announce(opened: &Opened, settings: &Settings, format: Format) {
    if settings.flags.attached {
        return tell(&(opened.ready() + "\n"));
    }
    let heeded = |long: &str| settings.origin(&long.replace('-', "_")).is_some();
    let mut elsewhere =
        elsewhere::remarks(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()), heeded);
    let set: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    elsewhere.extend(elsewhere::misspelt(set.iter().map(String::as_str), &settings::variables()));
    match format {
        Format::Text => tell(&opened.block(&elsewhere)),
        Format::Json => {
            for (door, address) in opened.addresses() {
                info!(door, %address, "open");
            }
            opened.remarks().iter().for_each(|remark| warn!("{remark}"));
            elsewhere.iter().for_each(|remark| info!("{remark}"));
        }
    }
}

/// Comes when standard input ends, if that is held by the program that we belong to: it has gone, however it went.
async fn parted(attached: bool) {
    let (gone, hears) = oneshot::channel::<()>();
    if attached {
        // A thread of its own, as reading blocks; it ends with the process.
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            drop(gone);
        });
        let _ = hears.await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Whoever started us may have closed our output; that is no reason to go.
fn tell(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// The signals that end the program in order.
pub(super) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

/// One that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGTERM or SIGHUP, to us alone.
    Terminate,
    /// Ctrl-C, which a terminal sends to all that it runs.
    Interrupt,
}

impl Signal {
    /// Hands it on to a process that has not got it. Ctrl-C it has: a terminal sends it to all that it runs.
    #[cfg(unix)]
    pub(super) fn pass_on(self, process: Option<u32>) {
        use rustix::process::{Pid, Signal, kill_process};
        if let (Self::Terminate, Some(process)) = (self, process.and_then(|id| Pid::from_raw(id as i32))) {
            // It may be gone already.
            let _ = kill_process(process, Signal::TERM);
        }
    }

    /// Here the system does.
    #[cfg(not(unix))]
    pub(super) fn pass_on(self, _: Option<u32>) {}
}

impl Signals {
    #[cfg(unix)]
    pub(super) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    #[cfg(unix)]
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hangup.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
        }
    }

    #[cfg(not(unix))]
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) -> Signal {
        let _ = tokio::signal::ctrl_c().await;
        Signal::Interrupt
    }
}
