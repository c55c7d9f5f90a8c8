//! The log: lines on standard error, one a message unless more is asked for, as text or as JSON.
//!
//! A thread of its own writes them. Whoever reads them slowly, a terminal or a pipe that is full, must not keep a client
//! waiting for its 250: what does not fit the queue is left out, and it is said how much.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// An object a line: `timestamp`, `level`, `message`, and what the message is about, each a field of its own.
    Json,
}

/// A log under way. Dropped, it writes what is left, for a moment.
pub(super) struct Log {
    left_out: ErrorCounter,
    _writer: WorkerGuard,
}

impl Drop for Log {
    fn drop(&mut self) {
        let left_out = self.left_out.dropped_lines();
        if left_out > 0 {
            tracing::warn!("{left_out} lines of this log were left out: they came faster than they were read");
        }
    }
}

/// Lines that may wait to be written.
const LINES_MAX: usize = 4096;

/// Begins logging. `verbose` counts `-v`: 1 tells of sessions, 2 of everything. `quiet` keeps to what needs care, unless
/// more is asked for.
pub(super) fn start(verbose: u8, format: Format, quiet: bool) -> Log {
    let (ours, others) = match verbose {
        0 if quiet => (LevelFilter::WARN, LevelFilter::WARN),
        0 => (LevelFilter::INFO, LevelFilter::WARN),
        1 => (LevelFilter::DEBUG, LevelFilter::WARN),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let targets = Targets::new().with_target("restante", ours).with_default(others);
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(LINES_MAX).finish(std::io::stderr());
    let log = Log { left_out: writer.error_counter(), _writer: guard };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_target(verbose > 1);
    let lines = match format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).compact().boxed(),
        // There are no spans here, so nothing of them is told.
        Format::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
    };
    // It fails when a program that embeds us logs already; then its own log is the log.
    let _ = tracing_subscriber::registry().with(targets).with(lines).try_init();
    log
}
