//! The log: lines on standard error, one a message unless more is asked for, as text or as JSON. How they get there is
//! [`writer`]'s.

mod writer;

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
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
pub(super) struct Log(#[expect(dead_code, reason = "it is there to be dropped")] writer::Writer);

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
    let (writer, pen) = writer::Writer::to(
        std::io::stderr(),
        match format {
            Format::Text => |count| format!("restante: {count} lines of this log were left out: it is read too slowly"),
            Format::Json => |count| {
                let message = format!("{count} lines of this log were left out: it is read too slowly");
                serde_json::json!({ "level": "WARN", "message": message }).to_string()
            },
        },
    );
    let lines = tracing_subscriber::fmt::layer().with_writer(move || pen.clone()).with_target(verbose > 1);
    let lines = match format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).compact().boxed(),
        // There are no spans here, so nothing of them is told.
        Format::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed(),
    };
    // It fails when a program that embeds us logs already; then its own log is the log.
    let _ = tracing_subscriber::registry().with(targets).with(lines).try_init();
    Log(writer)
}
