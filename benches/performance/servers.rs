//! The servers that are measured beside each other: each as a child process on a port of loopback that was free.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use crate::support::Process;

/// Something that takes mail.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A binary of ours, by the name that the tables give it.
    Restante { name: String, binary: PathBuf },
    /// Postfix's test server: C, one thread, keeps nothing.
    SmtpSink,
    /// mailin-embedded with its default settings, four threads among them, in [`crate::mailin`].
    Mailin,
    /// From npm, with its default settings.
    Maildev { program: PathBuf },
}

/// What becomes of the mail in a server that could do either.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mail {
    Kept,
    Dropped,
}

/// A server that has greeted. Dropped, it is stopped, and its folder is gone.
pub struct Running {
    pub process: Process,
    pub smtp: SocketAddr,
    /// From the start of the process to its first 220.
    pub greeted: Duration,
    _folder: tempfile::TempDir,
}

impl Kind {
    pub fn name(&self) -> &str {
        match self {
            Self::Restante { name, .. } => name,
            Self::SmtpSink => "smtp-sink",
            Self::Mailin => "mailin-embedded",
            Self::Maildev { .. } => "maildev",
        }
    }

    /// What takes a tenth of the speed gets a part of the load, or the rounds would be its alone.
    pub fn part_of_load(&self) -> usize {
        if let Self::Maildev { .. } = self { 10 } else { 1 }
    }

    /// Starts it, and asks for its greeting until it is given.
    pub fn start(&self, mail: Mail) -> Result<Running, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let smtp = free_port()?;
        let mut command = self.command(smtp.port(), mail)?;
        command.current_dir(folder.path()).env("TMPDIR", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begins = Instant::now();
        let spawned = command.spawn().map_err(|error| format!("{}: {error}", self.name()))?;
        let mut process = Process(spawned);
        loop {
            if let Some(greeted) = greeting(smtp) {
                let greeted = greeted - begins;
                return Ok(Running { process, smtp, greeted, _folder: folder });
            }
            if let Ok(Some(status)) = process.0.try_wait() {
                return Err(format!("{} ended at its start, with {status}", self.name()));
            }
            if begins.elapsed() > START_MAX {
                return Err(format!("{} did not greet within {START_MAX:?}", self.name()));
            }
        }
    }

    fn command(&self, port: u16, mail: Mail) -> Result<Command, String> {
        let here = format!("127.0.0.1:{port}");
        Ok(match self {
            Self::Restante { binary, .. } => {
                let mut command = Command::new(binary);
                // All its doors, for a start without the certificate would be another one; and nothing is evicted.
                command.args(["--smtp", &here, "--submission", "0", "--smtps", "0", "--http", "0"]);
                command.args(["--max-memory", "16GB", "--max-messages", "5000000"]);
                command
            }
            Self::SmtpSink => {
                let mut command = Command::new("smtp-sink");
                if rustix::process::geteuid().is_root() {
                    command.args(["-u", "nobody"]);
                }
                command.args(["-m", "4096", &here, "4096"]);
                command
            }
            Self::Mailin => {
                let this = std::env::current_exe().map_err(|error| error.to_string())?;
                let mut command = Command::new(this);
                command.args([SERVE_MAILIN, &here, if mail == Mail::Kept { "kept" } else { "dropped" }]);
                command
            }
            Self::Maildev { program } => {
                let mut command = Command::new("node");
                command.arg(program).args(["--ip", "127.0.0.1", "--smtp", &port.to_string()]);
                command.args(["--web-ip", "127.0.0.1", "--web", &free_port()?.port().to_string()]);
                command
            }
        })
    }

    /// What stands in the table of versions.
    pub fn version(&self) -> String {
        match self {
            Self::Restante { binary, .. } => said(Command::new(binary).arg("--version")),
            Self::SmtpSink => format!("Postfix {}", said(Command::new("postconf").args(["-d", "-h", "mail_version"]))),
            Self::Mailin => locked("mailin-embedded"),
            Self::Maildev { program } => {
                let of_itself = said(Command::new("node").arg(program).arg("--version"));
                format!("{of_itself} on Node {}", said(Command::new("node").arg("--version")))
            }
        }
    }
}

/// How the bench tells itself to be the mailin-embedded server.
pub const SERVE_MAILIN: &str = "serve-mailin";

const START_MAX: Duration = Duration::from_secs(60);

fn free_port() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map_err(|error| error.to_string())
}

/// When the greeting came, if somebody listens.
fn greeting(smtp: SocketAddr) -> Option<Instant> {
    let mut stream = TcpStream::connect(smtp).ok()?;
    stream.set_read_timeout(Some(START_MAX)).ok()?;
    let mut code = [0; 3];
    stream.read_exact(&mut code).ok()?;
    let greeted = Instant::now();
    // A client that goes in order, lest its end is what the next figure pays for.
    stream.write_all(b"QUIT\r\n").ok()?;
    let _ = stream.read_to_end(&mut Vec::new());
    (code == *b"220").then_some(greeted)
}

/// What a program prints, or a question mark.
pub fn said(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if text.is_empty() { "?".to_owned() } else { text }
}

/// The version of a crate in the lock file.
fn locked(name: &str) -> String {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap_or_default();
    let after = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).map(|(_, after)| after);
    after.and_then(|after| after.split('"').next()).unwrap_or("?").to_owned()
}
