//! What is measured, a group each: rounds over all servers in turn, and a table of what came out.

use std::ops::Range;
use std::thread::sleep;
use std::time::Duration;

use crate::letter::Letters;
use crate::load::{self, Load};
use crate::run::{self, Outcome};
use crate::servers::{Kind, Mail, Running};
use crate::spread::{Runs, digits};

/// What all groups are asked for: the first server is held against each of the others.
pub struct Plan {
    pub servers: Vec<Kind>,
    pub rounds: usize,
}

impl Plan {
    /// Every server in every round, by its place among them. Each round begins with another one, so that none is always
    /// the one that comes after the same other.
    fn turns(&self, rounds: Range<usize>) -> impl Iterator<Item = (usize, &Kind)> {
        let count = self.servers.len();
        let places = rounds.flat_map(move |round| (0..count).map(move |place| (round + place) % count));
        places.map(|at| (at, &self.servers[at]))
    }

    /// One of these for each server.
    fn each<T: Default>(&self) -> Vec<T> {
        self.servers.iter().map(|_| T::default()).collect()
    }
}

/// What a load cost a server, in each run.
#[derive(Default)]
struct Costs {
    rate: Runs,
    throughput: Runs,
    /// Microseconds of processors, of the server.
    work: Runs,
    /// Microseconds.
    median: Runs,
    late: Runs,
    client: Runs,
}

impl Costs {
    fn push(&mut self, outcome: &Outcome, busy: Duration) {
        self.rate.0.push(outcome.rate());
        self.throughput.0.push(outcome.throughput() / 1e6);
        self.work.0.push(busy.as_secs_f64() * 1e6 / outcome.messages as f64);
        self.median.0.push(outcome.latency(0.5).as_secs_f64() * 1e6);
        self.late.0.push(outcome.latency(0.99).as_secs_f64() * 1e6);
        self.client.0.push(outcome.own_share() * 100.0);
    }

    fn extend(&mut self, more: Self) {
        self.rate.extend(more.rate);
        self.throughput.extend(more.throughput);
        self.work.extend(more.work);
        self.median.extend(more.median);
        self.late.extend(more.late);
        self.client.extend(more.client);
    }
}

/// A fresh server, a tenth of the load that does not count, then the load.
fn send(kind: &Kind, load: &Load, letters: &Letters) -> Result<(Outcome, Duration), String> {
    let fault = |fault| format!("{}, {load}: {fault}", kind.name());
    let server = kind.start(Mail::Dropped)?;
    let load = part(load, kind.part_of_load());
    run::run(server.smtp, &part(&load, 10), letters).map_err(fault)?;
    let before = server.process.busy().unwrap_or_default();
    let outcome = run::run(server.smtp, &load, letters).map_err(fault)?;
    let busy = server.process.busy().unwrap_or_default().saturating_sub(before);
    eprintln!("  {}: {:.0} messages/s", kind.name(), outcome.rate());
    Ok((outcome, busy))
}

/// The same with fewer messages, but some for each connection.
fn part(load: &Load, of: usize) -> Load {
    Load { messages: (load.messages / of).max(load.connections.min(load.messages)), ..load.clone() }
}

/// What one load costs each server in these rounds.
fn costs(plan: &Plan, rounds: Range<usize>, load: &Load, letters: &Letters) -> Result<Vec<Costs>, String> {
    eprintln!("{load}");
    let mut costs: Vec<Costs> = plan.each();
    for (at, kind) in plan.turns(rounds) {
        let (outcome, busy) = send(kind, load, letters)?;
        costs[at].push(&outcome, busy);
    }
    Ok(costs)
}

/// Reception of these loads: how many a second, and for how much work.
pub fn reception(plan: &Plan, loads: &[(&str, Load)]) -> Result<String, String> {
    let ours = plan.servers[0].name();
    let mut table = format!(
        "| what is sent | to | a second | {ours} takes | processor time of each message | {ours} needs | the client |\n\
         |---|---|---|---|---|---|---|\n"
    );
    for (name, load) in loads {
        let costs = costs(plan, 0..plan.rounds, load, &Letters::write(load))?;
        for (at, (kind, cost)) in plan.servers.iter().zip(&costs).enumerate() {
            let speed = if load.octets < 1_000_000 {
                format!("{} messages", digits(cost.rate.median()))
            } else {
                format!("{} MB", digits(cost.throughput.median()))
            };
            let [takes, needs] = if at == 0 {
                [String::new(), String::new()]
            } else {
                [costs[0].rate.ratio(&cost.rate), costs[0].work.ratio(&cost.work)]
            };
            table += &format!(
                "| {} | {} | {speed} | {takes} | {} | {needs} | {:.0} % |\n",
                if at == 0 { name } else { "" },
                kind.name(),
                time(cost.work.median()),
                cost.client.median(),
            );
        }
    }
    Ok(table)
}

/// The same load over more and more connections. All numbers of them are in each round, for they are compared too.
pub fn growth(plan: &Plan) -> Result<String, String> {
    let loads = load::GROWTH.map(load::growth);
    let letters = Letters::write(&loads[loads.len() - 1]);
    let mut rows: Vec<Vec<Costs>> = loads.iter().map(|_| plan.each()).collect();
    for round in 0..plan.rounds {
        for (row, load) in rows.iter_mut().zip(&loads) {
            for (all, one) in row.iter_mut().zip(costs(plan, round..round + 1, load, &letters)?) {
                all.extend(one);
            }
        }
    }
    let ours = plan.servers[0].name();
    let columns = plan.servers.iter().enumerate().map(|(at, kind)| {
        let compared = if at == 0 { "of its speed at one".to_owned() } else { format!("{ours} takes") };
        format!(" {}, a second | {compared} | processor time | median | 99 % |", kind.name())
    });
    let mut table = format!("| connections |{}\n|", columns.collect::<String>());
    table += &format!("{}\n", "---|".repeat(1 + 5 * plan.servers.len()));
    for (load, row) in loads.iter().zip(&rows) {
        table += &format!("| {} |", load.connections);
        for (at, cost) in row.iter().enumerate() {
            let compared = if at == 0 { cost.rate.ratio(&rows[0][0].rate) } else { row[0].rate.ratio(&cost.rate) };
            let [work, median, late] = [&cost.work, &cost.median, &cost.late].map(|runs| time(runs.median()));
            table += &format!(" {} | {compared} | {work} | {median} | {late} |", digits(cost.rate.median()));
        }
        table += "\n";
    }
    Ok(table)
}

/// From nothing to a greeting, and what is there then.
pub fn start(plan: &Plan) -> Result<String, String> {
    eprintln!("{STARTS} starts of each");
    let mut greeted: Vec<Runs> = plan.each();
    let mut resident: Vec<Runs> = plan.each();
    for (at, kind) in plan.turns(0..STARTS) {
        let server = kind.start(Mail::Dropped)?;
        greeted[at].0.push(server.greeted.as_secs_f64() * 1e6);
        resident[at].0.push(at_rest(&server)?);
    }
    let ours = plan.servers[0].name();
    let mut table = format!(
        "| server | first `220` after | {ours} needs | resident at rest | {ours} takes | binary |\n|---|---|---|---|---|---|\n"
    );
    for (at, kind) in plan.servers.iter().enumerate() {
        let [needs, takes] = if at == 0 {
            [String::new(), String::new()]
        } else {
            [greeted[0].ratio(&greeted[at]), resident[0].ratio(&resident[at])]
        };
        let binary = match kind {
            Kind::Restante { binary, .. } => {
                let size = std::fs::metadata(binary).map_err(|error| format!("{}: {error}", binary.display()))?.len();
                megabytes(size as f64)
            }
            _ => "–".to_owned(),
        };
        table += &format!(
            "| {} | {} | {needs} | {} | {takes} | {binary} |\n",
            kind.name(),
            time(greeted[at].median()),
            megabytes(resident[at].median()),
        );
    }
    Ok(table)
}

/// What is resident when everything of a load has come in and is kept.
pub fn memory(plan: &Plan) -> Result<String, String> {
    let load = load::KEPT;
    eprintln!("{load}");
    let letters = Letters::write(&load);
    let mut resident: Vec<Runs> = plan.each();
    for (at, kind) in plan.turns(0..plan.rounds.min(MEMORY_ROUNDS_MAX)) {
        let server = kind.start(Mail::Kept)?;
        run::run(server.smtp, &load, &letters).map_err(|fault| format!("{}, {load}: {fault}", kind.name()))?;
        resident[at].0.push(at_rest(&server)?);
        eprintln!("  {}: {}", kind.name(), megabytes(resident[at].0.last().copied().unwrap_or(f64::NAN)));
    }
    let raw = (load.messages * load.octets) as f64;
    let ours = plan.servers[0].name();
    let mut table = format!("| server | resident | of what was sent | {ours} takes |\n|---|---|---|---|\n");
    for (at, kind) in plan.servers.iter().enumerate() {
        let takes = if at == 0 { String::new() } else { resident[0].ratio(&resident[at]) };
        let median = resident[at].median();
        table += &format!("| {} | {} | {} × | {takes} |\n", kind.name(), megabytes(median), digits(median / raw));
    }
    Ok(table)
}

/// Resident octets once it has had time to come to rest.
fn at_rest(server: &Running) -> Result<f64, String> {
    sleep(REST);
    server.process.memory("VmRSS").map(|octets| octets as f64).ok_or_else(|| "the server is gone".to_owned())
}

const STARTS: usize = 15;
/// It hardly differs from one run to the next.
const MEMORY_ROUNDS_MAX: usize = 3;
const REST: Duration = Duration::from_millis(500);

/// Of microseconds.
fn time(microseconds: f64) -> String {
    if microseconds < 999.5 {
        format!("{} µs", digits(microseconds))
    } else {
        format!("{} ms", digits(microseconds / 1e3))
    }
}

fn megabytes(octets: f64) -> String {
    format!("{} MB", digits(octets / 1e6))
}
