//! `restante send`: hands messages to a running Restante, byte for byte as they stand in their files.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use super::remote::{self, Remote, Unanswered};
use super::{failed, print};
use crate::config::reason;
use crate::web::page::words::percent;

/// Hands in messages, each a file as it was or will be sent (.eml), and prints their ids
///
/// The bytes come in as they are. The envelope is what is said here, else what the fields of the message say.
#[derive(Parser, Clone, Debug)]
#[command(max_term_width = 100, mut_arg("mailbox", |arg| arg.help("Into this mailbox, as if its client had logged in by this name")))]
struct Flags {
    /// The files; - is the standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The sender of the envelope
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// A recipient of the envelope. Repeatable
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(typed: Vec<OsString>) -> ExitCode {
    let flags = match remote::typed::<Flags>("send", typed) {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    for file in &flags.files {
        match flags.send(file) {
            Ok(id) => _ = print(&format!("{id}\n")),
            Err(Unsent::File(error)) => {
                return failed(&format!("{} cannot be read: {}", file.display(), reason(&error)));
            }
            Err(Unsent::Refused(unanswered)) => return unanswered.exit(),
        }
    }
    ExitCode::SUCCESS
}

enum Unsent {
    File(std::io::Error),
    Refused(Unanswered),
}

impl Flags {
    fn send(&self, file: &PathBuf) -> Result<String, Unsent> {
        let mut raw = Vec::new();
        match file.as_os_str() == "-" {
            true => _ = std::io::stdin().lock().read_to_end(&mut raw).map_err(Unsent::File)?,
            false => raw = std::fs::read(file).map_err(Unsent::File)?,
        }
        let from = self.from.iter().map(|from| format!("from={}", percent(from)));
        let envelope = from.chain(self.to.iter().map(|to| format!("to={}", percent(to)))).collect::<Vec<_>>().join("&");
        let answer = self.remote.deliver(&format!("messages?{envelope}"), raw).map_err(Unsent::Refused)?;
        let answer = remote::json(&answer).map_err(Unsent::Refused)?;
        Ok(answer["ID"].as_str().unwrap_or_default().to_owned())
    }
}
