//! The `restante` program. What it can do is in `cli/`, a file a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    restante::cli::run()
}
