//! The log: lines on standard error, one a message unless more is asked for.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins logging. `verbose` counts `-v`: 1 tells of sessions, 2 of everything.
pub(super) fn start(verbose: u8) {
    let (ours, others) = match verbose {
        0 => (LevelFilter::INFO, LevelFilter::WARN),
        1 => (LevelFilter::DEBUG, LevelFilter::WARN),
        _ => (LevelFilter::TRACE, LevelFilter::DEBUG),
    };
    let targets = Targets::new().with_target("restante", ours).with_default(others);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(verbose > 1)
        .compact();
    // It fails when a program that embeds us logs already; then its own log is the log.
    let _ = tracing_subscriber::registry().with(targets).with(lines).try_init();
}
