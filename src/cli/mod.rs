//! The command line: one file a command. What is typed to the server is in `flags.rs`, how it is gathered in
//! `settings.rs`, what it means in [`crate::config`]; what is typed to a client is in its own file.

mod complaint;
mod elsewhere;
mod file;
mod flags;
mod kind;
mod log;
mod ls;
mod print;
mod remote;
mod run;
mod send;
mod serve;
mod settings;
mod show;
mod told;
mod wait;

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use settings::{Refusal, Settings};

use crate::config::Config;

/// Runs the program with the arguments and the environment of the process. Errors are sentences on standard error; the
/// exit code is 2 for what was typed wrong and 1 for what went wrong later.
pub fn run() -> ExitCode {
    let mut typed: Vec<_> = std::env::args_os().collect();
    if typed.get(1).is_some_and(|word| word == "help") {
        typed.remove(1);
        typed.push("--help".into());
    }
    let command = typed.get(1).and_then(|word| word.to_str());
    match COMMANDS.iter().find(|(name, ..)| Some(*name) == command) {
        Some((_, _, begin)) => {
            typed.remove(1);
            begin(typed)
        }
        None => serve_typed(typed),
    }
}

/// What a command begins with: the arguments, without its name.
type Begin = fn(Vec<OsString>) -> ExitCode;

/// Every command, as the help lists them. Without one, it serves.
const COMMANDS: &[(&str, &str, Begin)] = &[
    ("serve", "open the doors and serve; the same as no command", serve_typed),
    ("run", "run a command with a catcher of its own: restante run -- npm test", run::run),
    ("wait", "wait for a message at a running Restante and print it, its code or its link", wait::run),
    ("ls", "list the messages of a running Restante", ls::run),
    ("show", "print a message of a running Restante", show::run),
    ("send", "hand a message, as a file, to a running Restante", send::run),
];

/// For the end of the help.
fn commands_help() -> String {
    let rows = COMMANDS.iter().map(|(name, meaning, _)| format!("  {name:<6} {meaning}"));
    format!("Commands:\n{}\n\nrestante COMMAND --help tells more of each.", rows.collect::<Vec<_>>().join("\n"))
}

fn serve_typed(typed: Vec<OsString>) -> ExitCode {
    let (settings, config) = match settled(&typed) {
        Ok(settled) => settled,
        Err(code) => return code,
    };
    if settings.flags.print_config {
        return print(&print::as_toml(&settings));
    }
    let _log = log::start(settings.flags.verbose, settings.flags.log_format, false);
    serve::serve(&config, &settings)
}

/// The settings of a server, and what they mean.
fn settled(typed: &[OsString]) -> Result<(Settings, Config), ExitCode> {
    let settings = settings::gather(typed, |name| std::env::var_os(name)).map_err(|refusal| match refusal {
        Refusal::Told(text) => text.exit(),
        Refusal::Wrong(sentence) => wrong(&sentence),
    })?;
    let config = settings.flags.clone().into_config(crate::server::machine::host_name());
    let config = config.map_err(|sentence| wrong(&settings.placed(sentence)))?;
    Ok((settings, config))
}

fn print(text: &str) -> ExitCode {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> ExitCode {
    let mut output = std::io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        // A reader that has seen enough is no fault.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            failed(&format!("the answer cannot be printed: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}

fn wrong(sentence: &str) -> ExitCode {
    eprintln!("restante: {sentence}");
    ExitCode::from(2)
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("restante: {sentence}");
    ExitCode::FAILURE
}
