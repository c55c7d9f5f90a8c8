//! The command line: one file a command. What is typed is in `flags.rs`, how it is gathered in `settings.rs`, what it
//! means in [`crate::config`].

mod complaint;
mod elsewhere;
mod file;
mod flags;
mod kind;
mod log;
mod print;
mod serve;
mod settings;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use settings::Refusal;

/// Runs the program with the arguments and the environment of the process. Errors are sentences on standard error; the
/// exit code is 2 for a wrong setting and 1 for what went wrong later.
pub fn run() -> ExitCode {
    let typed: Vec<_> = std::env::args_os().collect();
    let settings = match settings::gather(&typed, |name| std::env::var_os(name)) {
        Ok(settings) => settings,
        Err(Refusal::Told(text)) => text.exit(),
        Err(Refusal::Wrong(sentence)) => return wrong(&sentence),
    };
    let config = match settings.flags.clone().into_config(crate::server::machine::host_name()) {
        Ok(config) => config,
        Err(sentence) => return wrong(&settings.placed(sentence)),
    };
    if settings.flags.print_config {
        return print(&print::as_toml(&settings));
    }
    log::start(settings.flags.verbose, settings.flags.log_format);
    serve::serve(&config, &settings)
}

fn print(text: &str) -> ExitCode {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        // A reader that has seen enough is no fault.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("restante: the settings cannot be printed: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

fn wrong(sentence: &str) -> ExitCode {
    eprintln!("restante: {sentence}");
    ExitCode::from(2)
}
