//! The figures of `docs/performance.md`, which `./bench` calls: `cargo bench --bench performance --features mailin -- GROUP …`.
//!
//! Restante and its references take turns in the same run, on loopback, each in a process of its own, and what is written
//! is how they compare. `--binary` is the one that is measured, `--against` another one of ours that takes the place of the
//! references, `--rounds` how often each has its turn, `--maildev` where that program is, `--write` puts the tables on the
//! page. It only measures: nothing fails because it was slow.

#![allow(unreachable_pub, reason = "nothing here has a caller outside")]

#[path = "../reception/client.rs"]
mod client;
mod figures;
#[path = "../reception/letter.rs"]
mod letter;
#[path = "../reception/load.rs"]
mod load;
#[cfg(feature = "mailin")]
mod mailin;
mod page;
#[path = "../reception/run.rs"]
mod run;
mod servers;
mod spread;
#[path = "../support/mod.rs"]
mod support;
#[path = "../reception/words.rs"]
mod words;

use std::path::{Path, PathBuf};

use figures::Plan;
use servers::Kind;

fn main() {
    if let Err(fault) = answer() {
        eprintln!("FAILED: {fault}");
        std::process::exit(1);
    }
}

fn answer() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    #[cfg(feature = "mailin")]
    if let [word, address, mail] = &args[..]
        && word == servers::SERVE_MAILIN
    {
        return mailin::serve(address, mail);
    }
    let asked = Asked::read(args)?;
    support::allow_many_files();
    let about = page::about(&asked.servers(&Group::Reception), asked.rounds);
    println!("{about}");
    let mut tables = vec![("about", about)];
    for group in &asked.groups {
        let plan = Plan { servers: asked.servers(group), rounds: asked.rounds };
        let table = group.measure(&plan)?;
        println!("\n{table}");
        tables.push((group.name(), table));
    }
    if asked.write {
        page::write(&tables)?;
    }
    Ok(())
}

/// A piece of the page.
#[derive(Clone, Copy, PartialEq)]
enum Group {
    Reception,
    Large,
    Growth,
    Start,
    Memory,
}

impl Group {
    const ALL: [Self; 5] = [Self::Reception, Self::Large, Self::Growth, Self::Start, Self::Memory];

    fn name(self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Large => "large",
            Self::Growth => "growth",
            Self::Start => "start",
            Self::Memory => "memory",
        }
    }

    fn measure(self, plan: &Plan) -> Result<String, String> {
        match self {
            Self::Reception => figures::reception(
                plan,
                &[("1 kB, one a connection", load::ONE), ("1 kB, a hundred a connection", load::HUNDRED)],
            ),
            Self::Large => figures::reception(plan, &[("10 MB", load::LARGE)]),
            Self::Growth => figures::growth(plan),
            Self::Start => figures::start(plan),
            Self::Memory => figures::memory(plan),
        }
    }

    /// Whether this server says something about it.
    fn takes(self, kind: &Kind) -> bool {
        match kind {
            Kind::Restante { .. } => true,
            // It keeps nothing.
            Kind::SmtpSink => self != Self::Memory,
            // Four connections at a time, the others wait; maildev's time would be most of the run.
            Kind::Mailin | Kind::Maildev { .. } => self != Self::Growth,
        }
    }
}

/// What was typed.
struct Asked {
    groups: Vec<Group>,
    binary: PathBuf,
    against: Option<(String, PathBuf)>,
    maildev: Option<PathBuf>,
    smtp_sink: bool,
    rounds: usize,
    write: bool,
}

impl Asked {
    fn read(args: Vec<String>) -> Result<Self, String> {
        let mut asked = Self {
            groups: Vec::new(),
            binary: support::binary().into(),
            against: None,
            maildev: None,
            smtp_sink: true,
            rounds: 5,
            write: false,
        };
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                // What cargo adds.
                "--bench" => {}
                "--binary" => asked.binary = value()?.into(),
                "--against" => asked.against = Some((value()?, value()?.into())),
                "--maildev" => asked.maildev = Some(value()?.into()),
                "--no-smtp-sink" => asked.smtp_sink = false,
                "--rounds" => {
                    asked.rounds = value()?.parse().map_err(|error| format!("--rounds: {error}"))?;
                    asked.rounds = asked.rounds.max(1);
                }
                "--write" => asked.write = true,
                name => {
                    let group = Group::ALL.into_iter().find(|group| group.name() == name);
                    asked.groups.push(group.ok_or(format!("there is no {name}"))?);
                }
            }
        }
        if asked.groups.is_empty() {
            asked.groups = Group::ALL.to_vec();
        }
        Ok(asked)
    }

    /// Who takes turns: the binary first, then what it is held against.
    fn servers(&self, group: &Group) -> Vec<Kind> {
        let ours = |name: &str, binary: &Path| Kind::Restante { name: name.to_owned(), binary: binary.to_owned() };
        if let Some((name, binary)) = &self.against {
            return vec![ours("here", &self.binary), ours(name, binary)];
        }
        let mut servers = vec![ours("Restante", &self.binary)];
        if self.smtp_sink {
            servers.push(Kind::SmtpSink);
        }
        if cfg!(feature = "mailin") {
            servers.push(Kind::Mailin);
        }
        servers.extend(self.maildev.clone().map(|program| Kind::Maildev { program }));
        servers.retain(|kind| group.takes(kind));
        servers
    }
}
