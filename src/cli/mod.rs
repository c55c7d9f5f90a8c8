//! The command line: one file a command. What is typed is in `flags.rs`, what it means in [`crate::config`].

mod flags;
mod log;
mod serve;

use std::process::ExitCode;

use clap::Parser;

/// Runs the program with the arguments of the process. Errors are sentences on standard error; the exit code is 2 for
/// a wrong argument and 1 for what went wrong later.
pub fn run() -> ExitCode {
    let flags = flags::Flags::parse();
    log::start(flags.verbose);
    match serve::serve(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("restante: {sentence}");
            ExitCode::FAILURE
        }
    }
}
