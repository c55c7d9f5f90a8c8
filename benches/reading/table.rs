//! The figures as a table in Markdown: a row for each question, a column for each number of messages.

use std::fmt;
use std::hint::black_box;
use std::time::Duration;

use tokio::time::Instant;

/// The figures of one number of messages.
pub(crate) struct Column {
    count: usize,
    cells: Vec<(&'static str, String)>,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Table(Vec<Column>);

impl Column {
    pub(crate) fn new(count: usize) -> Self {
        Self { count, cells: Vec::new() }
    }

    /// A figure that is not a time.
    pub(crate) fn say(&mut self, row: &'static str, cell: String) {
        eprintln!("{:>8} {row}: {cell}", self.count);
        self.cells.push((row, cell));
    }

    /// A time, and how many times the reference it is.
    pub(crate) fn time(&mut self, row: &'static str, took: Duration, reference: Duration) {
        let ratio = took.as_secs_f64() / reference.as_secs_f64().max(1e-9);
        let ratio = if ratio < 9.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") };
        self.say(row, format!("{} (×{ratio})", shown(took)));
    }
}

impl Table {
    pub(crate) fn add(&mut self, column: Column) {
        self.0.push(column);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads: String = self.0.iter().map(|column| format!(" {} |", column.count)).collect();
        writeln!(f, "| messages |{heads}\n|---|{}", "--:|".repeat(self.0.len()))?;
        for (row, _) in self.0.first().map_or(&[][..], |column| &column.cells) {
            let cell =
                |column: &Column| column.cells.iter().find(|(name, _)| name == row).map(|(_, cell)| cell.clone());
            let cells: String =
                self.0.iter().map(|column| format!(" {} |", cell(column).unwrap_or_default())).collect();
            writeln!(f, "| {row} |{cells}")?;
        }
        Ok(())
    }
}

/// `850 ns`, `12 µs`, `3.4 ms`.
pub(crate) fn shown(time: Duration) -> String {
    match time.as_nanos() {
        nanos @ 0..1_000 => format!("{nanos} ns"),
        nanos @ 1_000..1_000_000 => format!("{:.1} µs", nanos as f64 / 1e3),
        nanos => format!("{:.1} ms", nanos as f64 / 1e6),
    }
    .replace(".0 ", " ")
}

/// The median of as many runs as fit in half a second, three at least.
pub(crate) fn median<T>(mut work: impl FnMut() -> T) -> Duration {
    let (mut times, begun) = (Vec::new(), Instant::now());
    while times.len() < RUNS_MIN || begun.elapsed() < HALF_A_SECOND && times.len() < RUNS_MAX {
        let started = Instant::now();
        black_box(work());
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

const HALF_A_SECOND: Duration = Duration::from_millis(500);
const RUNS_MIN: usize = 3;
const RUNS_MAX: usize = 10_000;
