//! What mean inputs cost: `cargo bench --bench limits`. Each goes into a fresh server of the real binary, by the wire, then
//! through the list, every tab and the API; beside it a plain mail of equal size. What comes out is the table of
//! `docs/limits.md`. Everything is on loopback, one after the other, and ends by itself. Linux only: peaks are read in `/proc`.
//!
//! It fails if something was not answered, if the connection or the server did not go on, or if more memory was taken
//! than the page promises.

#![allow(unreachable_pub, reason = "nothing here has a caller outside")]

mod input;
mod measure;
#[path = "../support/mod.rs"]
mod support;
mod table;

use input::Input;
use measure::Measured;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

fn main() {
    // Cargo adds `--bench`; a word is a row's name or a piece of it.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let mut plain: HashMap<(u64, bool), Measured> = HashMap::new();
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for (name, input) in input::all() {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let measured = runtime.block_on(async {
            let measured = measure::run(&input).await.map_err(|fault| format!("{name}: {fault}"))?;
            let key = (input.bytes(), matches!(input, Input::Mail(_, 2..)));
            let plain = match plain.entry(key) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(unknown) => {
                    let of_plain = measure::run(&input.plain()).await;
                    unknown.insert(of_plain.map_err(|fault| format!("plain, {name}: {fault}"))?).clone()
                }
            };
            Ok::<_, String>(table::Row { name, measured, plain })
        });
        match measured {
            Ok(row) => {
                eprintln!("{row}");
                faults.extend(row.beyond());
                rows.push(row);
            }
            Err(fault) => {
                eprintln!("FAILED: {fault}");
                faults.push(fault);
            }
        }
    }
    if wanted.is_empty() && faults.is_empty() {
        table::write(&rows);
    }
    if !faults.is_empty() {
        eprintln!("FAILED:\n{}", faults.join("\n"));
        std::process::exit(1);
    }
}
