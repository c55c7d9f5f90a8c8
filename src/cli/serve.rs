//! `restante`: opens the doors, says which, and serves until it is told to stop.

use std::io::Write;

use tokio::runtime::Runtime;

use super::flags::Flags;
use crate::server::Server;

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// What kept it from starting, as a sentence.
pub(super) fn serve(flags: Flags) -> Result<(), String> {
    let config = flags.into_config(crate::server::machine::host_name())?;
    let runtime = Runtime::new().map_err(|error| format!("the system gives no threads: {error}"))?;
    runtime.block_on(async {
        // Listened for before the doors open: a signal in between is not lost.
        let mut signals = Signals::new().map_err(|error| format!("signals cannot be caught: {error}"))?;
        let server = Server::start(&config).await.map_err(|error| error.to_string())?;
        tell(&server.opened().block());
        signals.next().await;
        tell("Stopping. A second Ctrl-C stops at once.\n");
        tokio::select! {
            () = server.stop() => {}
            () = signals.next() => {}
        }
        Ok(())
    })
}

/// Whoever started us may have closed our output; that is no reason to go.
fn tell(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// The signals that end the program in order.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
