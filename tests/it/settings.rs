//! Settings of the real program: what beats what, the file that prints itself, the log as JSON, and what is said to
//! those who come from elsewhere. What is refused is in `bad_configs.rs`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::support::{Smtp, restante, signal};

/// The binary with nothing said to it.
fn bare(dir: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(dir);
    command
}

fn printed(output: &Output) -> String {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("r.toml"), "idle = \"1s\"\ngrace = \"1s\"\nmax-sessions = 1").unwrap();
    let mut command = bare(dir.path());
    command.env("RESTANTE_CONFIG", "r.toml").env("RESTANTE_IDLE", "2s").env("RESTANTE_GRACE", "2s");
    let text = printed(&command.args(["--grace", "3s", "--print-config"]).output().unwrap());
    for expected in [
        "# From RESTANTE_IDLE.\nidle = \"2s\"\n",
        "# From the command line.\ngrace = \"3s\"\n",
        "# From r.toml, line 3.\nmax-sessions = 1\n",
        "# The default.\nmax-memory = \"512MB\"\n",
        "# Not set.\n#smtp = [2525, 1025]\n",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn the_printed_file_is_a_file_that_prints_itself() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["--smtp", "0,[::1]:0", "--tls-dir", "a \"b\"\\c", "-v", "--http=off", "--strict", "--print-config"];
    let first = printed(&bare(dir.path()).args(args).output().unwrap());
    std::fs::write(dir.path().join("r.toml"), &first).unwrap();
    let again = printed(&bare(dir.path()).args(["--config", "r.toml", "--print-config"]).output().unwrap());
    let settings =
        |text: &str| text.lines().filter(|line| !line.starts_with("# ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(settings(&first), settings(&again));
    assert!(first.contains("smtp = [0, \"[::1]:0\"]") && first.contains("verbose = 1"), "{first}");
}

#[test]
fn the_example_of_the_readme_is_taken() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let example = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let dir = tempfile::tempdir().unwrap();
    // Saved by an editor that begins its files with a mark and ends its lines with CRLF.
    std::fs::write(dir.path().join("restante.toml"), format!("\u{feff}{}", example.replace('\n', "\r\n"))).unwrap();
    let text = printed(&bare(dir.path()).args(["--config", "restante.toml", "--print-config"]).output().unwrap());
    for line in example.lines() {
        assert!(text.lines().any(|printed| printed == line), "{line}\n{text}");
    }
    assert!(example.lines().count() > 3);
}

#[cfg(target_os = "linux")]
#[test]
fn settings_that_cannot_be_printed_are_an_error_and_a_reader_that_leaves_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = bare(dir.path()).arg("--print-config").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("restante: the answer cannot be printed: "));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = bare(dir.path()).arg("--print-config").stdout(writer).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

/// A program that runs, with what it says on each stream.
struct Running {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    log: BufReader<std::process::ChildStderr>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (output, log) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self { child, output: BufReader::new(output), log: BufReader::new(log) }
    }

    fn event(&mut self) -> Value {
        let mut line = String::new();
        self.log.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("an object: {line:?}"))
    }

    /// Stops it and answers what is left to read on each stream.
    fn stop(mut self) -> (String, String) {
        signal(self.child.id(), "TERM");
        let (mut output, mut log) = (String::new(), String::new());
        std::io::Read::read_to_string(&mut self.output, &mut output).unwrap();
        std::io::Read::read_to_string(&mut self.log, &mut log).unwrap();
        assert!(self.child.wait().unwrap().success());
        (output, log)
    }
}

#[test]
fn the_log_as_json_is_an_object_a_line_with_fields() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = restante(dir.path());
    command.env("MP_MAX_MESSAGES", "9").args(["--log-format", "json"]);
    let mut running = Running::start(command);
    let mut port = None;
    let remark = loop {
        let event = running.event();
        if event["message"] != "open" {
            break event;
        }
        let address: std::net::SocketAddr = event["address"].as_str().unwrap().parse().unwrap();
        assert!(["smtp", "submission", "smtps", "http"].contains(&event["door"].as_str().unwrap()), "{event}");
        port = port.or_else(|| (event["door"] == "smtp").then(|| address.port()));
    };
    // A machine with few open files has a remark before this one.
    let remark = if remark["level"] == "WARN" { running.event() } else { remark };
    assert_eq!(remark["message"], "MP_MAX_MESSAGES is Mailpit's; here it is RESTANTE_MAX_MESSAGES.");
    let id = Smtp::connect(port.unwrap()).send("a@app.test", &["b@app.test", "c@app.test"], b"Subject: x\r\n\r\n");
    let kept = running.event();
    assert_eq!(kept["message"], "kept");
    assert_eq!(kept["id"], id);
    assert_eq!((&kept["from"], &kept["to"]), (&"a@app.test".into(), &"b@app.test".into()));
    assert_eq!((&kept["recipients"], &kept["bytes"], &kept["door"]), (&2.into(), &14.into(), &"smtp".into()));
    let (output, log) = running.stop();
    assert_eq!(output, "", "whoever reads both streams reads JSON only");
    log.lines().for_each(|line| assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}"));
    assert!(log.contains("stopping"));
}

#[test]
fn what_keeps_it_from_starting_is_json_too() {
    let dir = tempfile::tempdir().unwrap();
    let output = restante(dir.path()).args(["--log-format", "json", "--ready-file", "no/r.json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let event: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(event["level"], "ERROR");
    assert!(event["message"].as_str().unwrap().starts_with("--ready-file no/r.json cannot be written"), "{event}");
}

#[test]
fn variables_of_other_catchers_are_answered_in_the_block() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = restante(dir.path());
    command.env("MP_SMTP_AUTH_ACCEPT_ANY", "1").env("MAILDEV_WEB_PORT", "1080").env("MP_DATABASE", "/data/mailpit.db");
    let mut running = Running::start(command);
    let mut block = String::new();
    while !block.contains("Ctrl-C") {
        assert_ne!(running.output.read_line(&mut block).unwrap(), 0, "{block}");
    }
    let expected = "
  MP_SMTP_AUTH_ACCEPT_ANY is Mailpit's and not needed here: any login is accepted, or none.
  MP_DATABASE is Mailpit's and says nothing here: what is caught is kept in memory and goes with the process.

  Ctrl-C";
    // --http was given, so whoever set MAILDEV_WEB_PORT has found its flag.
    assert!(block.contains(expected), "{block}");
    running.stop();
}
