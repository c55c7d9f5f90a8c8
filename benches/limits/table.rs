//! The table of `docs/limits.md`, between its markers.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use crate::measure::Measured;

/// An input beside a plain mail of equal size.
pub struct Row {
    pub name: &'static str,
    pub measured: Measured,
    pub plain: Measured,
}

const HEAD: &str = "\
| what is sent | size | answer | arrival | pages and API | slowest of them | peak, arrival | peak, reading | work | memory |
|---|---|---|---|---|---|---|---|---|---|
";

/// Puts the rows where the last ones stood.
pub fn write(rows: &[Row]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/limits.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = page.split_once(BEGIN).expect("where the table begins");
    let (_, after) = rest.split_once(END).expect("where the table ends");
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(&path, format!("{before}{BEGIN}\n{HEAD}{rows}{END}{after}")).expect("the page");
}

const BEGIN: &str = "<!-- measured -->";
const END: &str = "<!-- end of measured -->";

impl Row {
    /// What it takes beyond what the page promises.
    pub fn beyond(&self) -> Option<String> {
        let (peak, most) = (most(&self.measured), BASE_BYTES_MAX + TIMES_MAX * self.measured.bytes.min(KEPT_BYTES_MAX));
        (peak > most).then(|| format!("{}: {} of memory, {} are promised", self.name, megabytes(peak), megabytes(most)))
    }
}

/// The promise: a message takes at most so many times its size while it comes in and is looked at, and this.
const TIMES_MAX: u64 = 4;
const BASE_BYTES_MAX: u64 = 64 << 20;
/// Nothing larger is kept, so nothing larger counts.
const KEPT_BYTES_MAX: u64 = 50 << 20;

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, measured, plain } = self;
        let reading = measured.reading.as_ref();
        let told = |tell: &dyn Fn(&crate::measure::Reading) -> String| reading.map_or_else(|| "–".to_owned(), tell);
        write!(
            f,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            megabytes(measured.bytes),
            measured.answer,
            seconds(measured.arrival),
            told(&|reading| seconds(reading.whole)),
            told(&|reading| format!("`{}` {}", reading.slowest.0, seconds(reading.slowest.1))),
            megabytes(measured.peak),
            told(&|reading| megabytes(reading.peak)),
            times(measured.busy.as_secs_f64(), plain.busy.as_secs_f64(), 0.1),
            times(most(measured) as f64, most(plain) as f64, 1e6),
        )
    }
}

fn most(measured: &Measured) -> u64 {
    measured.peak.max(measured.reading.as_ref().map_or(0, |reading| reading.peak))
}

/// A ratio; of two that are hardly anything it would tell nothing.
fn times(of: f64, plain: f64, least: f64) -> String {
    if of < least && plain < least { "–".to_owned() } else { format!("{:.1} ×", of / plain.max(least / 10.0)) }
}

fn seconds(time: Duration) -> String {
    if time < Duration::from_millis(10) { "< 0.01 s".to_owned() } else { format!("{:.2} s", time.as_secs_f64()) }
}

fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / f64::from(1 << 20);
    if megabytes < 10.0 { format!("{megabytes:.1} MB") } else { format!("{megabytes:.0} MB") }
}
