//! Broken set-ups and what is said to each: a folder of `tests/bad_configs` is one, `args` how the program is started
//! and `expected` what it says and how it ends. The real binary, in a folder of its own with the other files of the
//! set-up. `UPDATE_GOLDEN=1` writes `expected` anew.
//!
//! `args` are words, on as many lines as one likes; `NAME=value` before them are variables, and a first word `as-nobody`
//! starts it without the privilege to open small ports (where that cannot be had, the set-up is skipped by name). Of
//! the rest these are made: `{TAKEN_PORT}`, a port that another listener has; `{FREE_PORT}`, one that none has; `{CERT}` and `{KEY}`, a pair in PEM;
//! `{OTHER_KEY}`, a key of another pair.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a set-up gets to end by itself; one that serves instead is killed and told.
const TRIES: usize = 2_000;
const PAUSE: Duration = Duration::from_millis(10);
/// Fewer than these and the folder is not the one that we mean.
const SET_UPS_MIN: usize = 20;

#[test]
fn every_broken_set_up_ends_with_its_sentence() {
    let mut folders: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_configs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= SET_UPS_MIN, "only {} set-ups", folders.len());
    let mut failed = String::new();
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy();
        let Some(said) = run(folder) else {
            println!("skipped: {name} needs a user without privileges and cannot have one");
            continue;
        };
        let golden = folder.join("expected");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &said).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if said != expected {
            let _ = write!(failed, "=== {name}\n--- expected\n{expected}--- said\n{said}");
        }
    }
    assert!(failed.is_empty(), "\n{failed}UPDATE_GOLDEN=1 takes what was said");
}

/// What is said on either stream, and the exit code; none: it cannot be tried here.
fn run(folder: &Path) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name() != "args" && entry.file_name() != "expected" {
            std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let ports = [("{TAKEN_PORT}", port), ("{FREE_PORT}", free)];
    let args = made(&std::fs::read_to_string(folder.join("args")).unwrap(), dir.path(), &ports);
    let mut words = args.split_whitespace().peekable();
    let mut command = match words.next_if_eq(&"as-nobody") {
        Some(_) => as_nobody()?,
        None => Command::new(env!("CARGO_BIN_EXE_restante")),
    };
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(dir.path());
    let is_variable = |word: &&str| !word.starts_with('-') && word.contains('=');
    while let Some((name, value)) = words.next_if(is_variable).and_then(|word| word.split_once('=')) {
        command.env(name, value);
    }
    let output = dir.path().join("output");
    let file = std::fs::File::create(&output).unwrap();
    command.args(words).stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
    let code = ended(command);
    let said = std::fs::read_to_string(output).unwrap();
    let said = ports
        .iter()
        .fold(said, |said, (name, port)| said.replace(port, name))
        .replace(dir.path().to_str().unwrap(), "{DIR}");
    Some(format!("{said}exit code {code}\n"))
}

fn ended(mut command: Command) -> String {
    let mut child = command.spawn().unwrap();
    for _ in 0..TRIES {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().map_or_else(|| status.to_string(), |code| code.to_string());
        }
        std::thread::sleep(PAUSE);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    "none: it serves".into()
}

/// The arguments with what they ask for made.
fn made(args: &str, dir: &Path, ports: &[(&str, String)]) -> String {
    let mut args = ports.iter().fold(args.to_owned(), |args, (name, port)| args.replace(name, port));
    for (asked, made, of, name) in [
        ("{CERT}", "cert.pem", "one", "ca.pem"),
        ("{KEY}", "key.pem", "one", "ca-key.pem"),
        ("{OTHER_KEY}", "other-key.pem", "other", "ca-key.pem"),
    ] {
        if args.contains(asked) {
            let pair: PathBuf = dir.join(of);
            restante::listen::certificate::make("box", &[], Some(&pair), restante::clock::now()).unwrap();
            std::fs::copy(pair.join(name), dir.join(made)).unwrap();
            args = args.replace(asked, made);
        }
    }
    args
}

/// The program without the privilege to open small ports: as it is for a usual user, as `nobody` for root. A system
/// that lets everybody have them (`ip_unprivileged_port_start`, as in a container) cannot try it.
#[cfg(target_os = "linux")]
fn as_nobody() -> Option<Command> {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let start = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap_or_default();
    if start.trim().parse::<u16>().is_ok_and(|start| start <= 80) {
        return None;
    }
    let is_root = std::fs::metadata("/proc/self").ok()?.uid() == 0;
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    // Nobody may not be let into the folder where the program stands, or root may have no right to become nobody.
    let answers = program().arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    answers.then(program)
}

#[cfg(not(target_os = "linux"))]
fn as_nobody() -> Option<Command> {
    None
}
