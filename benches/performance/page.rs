//! The tables on `docs/performance.md`, each between its markers, and what is to be known about the run.

use std::path::Path;
use std::process::Command;

use crate::servers::{Kind, said};

/// Puts each table where the last one of its name stood.
pub fn write(tables: &[(&str, String)]) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let mut page = std::fs::read_to_string(&path).map_err(|error| format!("docs/performance.md: {error}"))?;
    for (name, table) in tables {
        let (begin, end) = (format!("<!-- measured: {name} -->\n"), format!("<!-- end of {name} -->"));
        let (before, rest) = page.split_once(&begin).ok_or(format!("the page has no {begin}"))?;
        let (_, after) = rest.split_once(&end).ok_or(format!("the page has no {end}"))?;
        page = format!("{before}{begin}{table}{end}{after}");
    }
    std::fs::write(&path, page).map_err(|error| format!("docs/performance.md: {error}"))
}

/// The machine, the versions and the number of runs, without what would tell whose machine it is.
pub fn about(servers: &[Kind], rounds: usize) -> String {
    let mut table = "| | |\n|---|---|\n".to_owned();
    table += &format!("| processor | {} |\n", processor());
    table += &format!("| memory | {} GB |\n", memory());
    table += &format!("| kernel | Linux {} |\n", kernel());
    table += &format!("| compiler | {} |\n", said(Command::new("rustc").arg("--version")));
    for kind in servers {
        table += &format!("| {} | {} |\n", kind.name(), kind.version());
    }
    table += &format!("| rounds | {rounds}, each server once in each |\n");
    table
}

fn processor() -> String {
    let facts = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        facts.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, model)| model));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{}, {cores} cores", model.unwrap_or("of unknown model"))
}

/// In whole gigabytes.
fn memory() -> u64 {
    let facts = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = facts.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
    (total.unwrap_or(0_u64) * 1_024).div_ceil(1 << 30)
}

/// Its number, without what whoever built it hung on.
fn kernel() -> String {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.chars().take_while(|digit| digit.is_ascii_digit() || *digit == '.').collect()
}
