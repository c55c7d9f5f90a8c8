//! The load generator, against whatever listens: `cargo bench --bench reception -- --target 127.0.0.1:2525`; without a target,
//! against the binary that `RESTANTE_BIN` names. `--load one|hundred|large|kept|growth` picks one, `--rounds` repeats it, and
//! `--octets`, `--messages`, `--connections`, `--per-connection` change it.
//!
//! It is one thread with raw sockets, and all it says is made before the clock starts: the client must not be what is
//! measured. What it takes of a processor itself is printed beside each figure. A message is one round trip: its body goes
//! out in one write with the next envelope (RFC 2920). Any reply but the expected one ends it.

#![allow(unreachable_pub, reason = "nothing here has a caller outside")]

mod client;
mod letter;
mod load;
mod run;
#[path = "../support/mod.rs"]
mod support;
mod words;

use std::net::SocketAddr;
use std::num::NonZero;

use letter::Letters;
use load::Load;
use run::Outcome;
use support::Server;

fn main() {
    if let Err(fault) = Asked::from_args().and_then(|asked| asked.answer()) {
        eprintln!("FAILED: {fault}");
        std::process::exit(1);
    }
}

/// What was typed.
struct Asked {
    target: Option<SocketAddr>,
    loads: Vec<Load>,
    rounds: usize,
}

type Change = fn(&mut Load, usize);

impl Asked {
    fn from_args() -> Result<Self, String> {
        let mut asked = Self { target: None, loads: vec![load::ONE, load::HUNDRED, load::LARGE], rounds: 1 };
        // Whatever the order, they change the loads that were named.
        let mut changes: Vec<(Change, usize)> = Vec::new();
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            // What cargo adds.
            if arg == "--bench" {
                continue;
            }
            let value = args.next().ok_or(format!("{arg} needs a value"))?;
            let number =
                || value.parse::<NonZero<usize>>().map(NonZero::get).map_err(|error| format!("{arg}: {error}"));
            match arg.as_str() {
                "--target" => asked.target = Some(value.parse().map_err(|error| format!("{value}: {error}"))?),
                "--rounds" => asked.rounds = number()?,
                "--load" => asked.loads = named(&value)?,
                "--octets" => changes.push((|load, number| load.octets = number, number()?)),
                "--messages" => changes.push((|load, number| load.messages = number, number()?)),
                "--connections" => changes.push((|load, number| load.connections = number, number()?)),
                "--per-connection" => changes.push((|load, number| load.per_connection = number, number()?)),
                other => return Err(format!("no such argument: {other}")),
            }
        }
        for load in &mut asked.loads {
            changes.iter().for_each(|(change, number)| change(load, *number));
        }
        Ok(asked)
    }

    fn answer(self) -> Result<(), String> {
        support::allow_many_files();
        for load in &self.loads {
            let letters = Letters::write(load);
            println!("{load}");
            for _ in 0..self.rounds {
                // A server that keeps everything would not be the same in the second round.
                let server = self.target.is_none().then(|| Server::start(KEEPING_ALL));
                let target = server.as_ref().map_or(self.target, |server| Some(server.smtp));
                let busy = server.as_ref().and_then(|server| server.process.busy());
                let outcome = run::run(target.ok_or("no target")?, load, &letters)?;
                println!("  {}", told(&outcome));
                if let Some((after, before)) = server.as_ref().and_then(|server| server.process.busy()).zip(busy) {
                    let each = (after - before).as_secs_f64() / outcome.messages as f64;
                    println!("  the server took {:.1} us of processors a message", each * 1e6);
                }
            }
        }
        Ok(())
    }
}

const KEEPING_ALL: &[&str] = &["--max-memory", "16GB", "--max-messages", "5000000"];

fn named(name: &str) -> Result<Vec<Load>, String> {
    Ok(match name {
        "one" => vec![load::ONE],
        "hundred" => vec![load::HUNDRED],
        "large" => vec![load::LARGE],
        "kept" => vec![load::KEPT],
        "growth" => load::GROWTH.map(load::growth).to_vec(),
        other => return Err(format!("no load {other}; there are one, hundred, large, kept and growth")),
    })
}

fn told(outcome: &Outcome) -> String {
    format!(
        "{:.0} messages/s, {:.1} MB/s in {:.2?}; dot to 250 {:.0?} (median), {:.0?} (99 %); the client took {:.0} % of a processor",
        outcome.rate(),
        outcome.throughput() / 1e6,
        outcome.elapsed,
        outcome.latency(0.5),
        outcome.latency(0.99),
        outcome.own_share() * 100.0,
    )
}
