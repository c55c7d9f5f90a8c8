//! The commands that ask a running Restante, and the one that runs another program beside one: the real binary.

use std::process::{Command, Output, Stdio};

use crate::support::{Server, signal};

fn restante(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restante"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).args(args).stdin(Stdio::null());
    command
}

fn ask(server: &Server, args: &[&str]) -> (i32, String, String) {
    told(restante(args).env("RESTANTE_URL", server.http("/")).output().unwrap())
}

/// Exit code, standard output, standard error.
fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn welcome(subject: &str) -> Vec<u8> {
    format!("From: Shop <hello@shop.test>\r\nTo: ann@app.test\r\nSubject: {subject}\r\n\r\nGood day \x1b[2J.\r\n")
        .into_bytes()
}

#[test]
fn wait_prints_the_message_or_says_why_there_is_none() {
    let server = Server::start();
    let id = server.send(&welcome("Welcome"));
    let query = ["wait", "subject:Welcome", "from:hello@shop.test"];
    let (code, text, _) = ask(&server, &query);
    assert_eq!(code, 0);
    assert!(text.starts_with("From     Shop <hello@shop.test>\nTo       ann@app.test\n"), "{text}");
    assert!(text.ends_with("\n\nGood day \u{fffd}[2J.\n"), "{text}");
    let form = |form: &str| ask(&server, &[&query[..], &[form]].concat());
    assert_eq!(form("--id"), (0, format!("{id}\n"), String::new()));
    assert_eq!(form("--raw").1.into_bytes(), welcome("Welcome"));
    assert_eq!(form("--text").1, "Good day \x1b[2J.\r\n");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&form("--json").1).unwrap()["ID"], id);
    assert_eq!(form("--html"), (1, String::new(), "restante: the message \"Welcome\" has no HTML\n".into()));

    let (code, text, said) = ask(&server, &["wait", "subject:Reset", "--timeout", "20ms"]);
    assert_eq!((code, text.as_str()), (1, ""));
    assert!(
        said.starts_with("restante: No message matched subject:Reset within 20 ms.\nOne message arrived"),
        "{said}"
    );
    assert_eq!(ask(&server, &["wait", "subject:Reset", "--none", "20ms"]), (0, String::new(), String::new()));
    assert_eq!(ask(&server, &["wait", "--none", "20ms"]).0, 1);
    assert_eq!(ask(&server, &["wait", "--count", "2", "--timeout", "20ms"]).0, 1);
    server.send(&welcome("Again"));
    assert_eq!(ask(&server, &["wait", "--count", "2", "--id"]).1.lines().count(), 2);
    assert_eq!(ask(&server, &["wait", "--exactly", "1", "--timeout", "20ms"]).0, 1);
    assert_eq!(ask(&server, &["wait", "--mailbox", "nobody's", "--timeout", "20ms"]).0, 1);
    let (code, _, said) = ask(&server, &["wait", "larger:much"]);
    assert_eq!((code, said.as_str()), (2, "restante: \"larger:much\" cannot be read; write it like larger:100kb.\n"));
}

#[test]
fn the_code_and_the_link_are_printed_alone() {
    let server = Server::start();
    server.send(
        b"Subject: Sign in\r\n\r\nYour code is 481 516.\r\n\r\nOr sign in here: https://shop.test/signin?token=4f7k9q2m1b6n\r\n",
    );
    assert_eq!(ask(&server, &["wait", "subject:Sign", "--code"]), (0, "481516\n".into(), String::new()));
    assert_eq!(
        ask(&server, &["show", "--link"]),
        (0, "https://shop.test/signin?token=4f7k9q2m1b6n\n".into(), String::new())
    );
    let message = server.json("/api/v1/wait?subject=sign");
    assert_eq!(message["Codes"][0]["Value"], "481516");
    assert_eq!((&message["Links"][0]["Purpose"], &message["MainLink"]["Source"]), (&"sign-in".into(), &"text".into()));
    server.send(b"Subject: Plain\r\n\r\nNothing to do.\r\n");
    let (code, _, said) = ask(&server, &["wait", "subject:Plain", "--code"]);
    assert_eq!((code, said.as_str()), (1, "restante: the message \"Plain\" has no one-time code\n"));
}

#[test]
fn ls_and_show_print_what_is_there() {
    let server = Server::start();
    assert_eq!(ask(&server, &["ls"]), (0, String::new(), String::new()));
    let first = server.send(&welcome("One"));
    let second = server.send(&welcome("Two"));
    let (_, text, _) = ask(&server, &["ls"]);
    let lines: Vec<_> = text.lines().map(|line| line.split("  ").collect::<Vec<_>>()).collect();
    assert_eq!((lines[0][0], lines[1][0]), (second.as_str(), first.as_str()));
    assert_eq!(lines[0][2..], ["hello@shop.test", "bob@app.test", "Two"]);
    assert!(ask(&server, &["ls", "-n", "1"]).1.ends_with("… and 1 more; -n 2 lists all\n"));
    assert_eq!(ask(&server, &["ls", "subject:One", "--json"]).1.lines().count(), 1);
    assert!(ask(&server, &["show"]).1.contains("Subject  Two\n"));
    assert!(ask(&server, &["show", &first]).1.contains("Subject  One\n"));
    assert_eq!(
        ask(&server, &["show", "nonsense"]),
        (1, String::new(), "restante: there is no message \"nonsense\"; restante ls lists what there is\n".into())
    );
}

#[test]
fn nobody_at_home_is_said_with_how_to_mend_it() {
    let (code, _, said) = told(restante(&["ls", "--url", "127.0.0.1:1"]).output().unwrap());
    assert_eq!(code, 3);
    assert_eq!(
        said,
        "restante: no Restante answers at http://127.0.0.1:1 (connection refused); start one with `restante`, or say where it is by --url or RESTANTE_URL\n"
    );
    let (code, _, said) = told(restante(&["ls", "--url", "not an address"]).output().unwrap());
    assert_eq!(code, 2, "{said}");
    let (code, _, said) = told(restante(&["wiat"]).output().unwrap());
    assert_eq!((code, said.contains("did you mean restante wait?")), (2, true), "{said}");
    let (code, _, said) = told(restante(&["wait", "--tiemout", "5s"]).output().unwrap());
    assert_eq!(
        (code, said.starts_with("restante: --tiemout is no flag; did you mean --timeout?")),
        (2, true),
        "{said}"
    );
    for command in ["run", "wait", "ls", "show"] {
        let (code, text, _) = told(restante(&[command, "--help"]).output().unwrap());
        assert_eq!(code, 0);
        assert!(text.contains(&format!("restante {command}")), "{text}");
    }
}

/// Sends a mail from within the command, with nothing but a shell and what it finds in its environment.
const SENDER: &str = "exec 3<>/dev/tcp/$SMTP_HOST/$SMTP_PORT\n\
    printf 'MAIL FROM:<a@app.test>\\r\\nRCPT TO:<b@app.test>\\r\\nDATA\\r\\nSubject: from the command\\r\\n\\r\\nx\\r\\n.\\r\\nQUIT\\r\\n' >&3\n\
    cat <&3 >/dev/null\n";

fn run(script: &str) -> (i32, String, String) {
    told(restante(&["run", "--", "bash", "-c", script]).output().unwrap())
}

#[test]
fn run_hands_the_doors_to_a_command_and_passes_its_code_on() {
    let binary = env!("CARGO_BIN_EXE_restante");
    let (code, text, said) =
        run(&format!("{SENDER}'{binary}' wait subject:command --id; '{binary}' ls | wc -l; exit 0"));
    assert_eq!((code, said.as_str()), (0, ""));
    assert_eq!(text.lines().count(), 2, "{text}");
    let names = "$SMTP_URL $MAIL_URL $MAILER_DSN $EMAIL_URL";
    let (_, text, _) = run(&format!(
        "echo {names}; echo $SMTP_HOST:$SMTP_PORT $MAIL_HOST:$MAIL_PORT $SPRING_MAIL_HOST:$SPRING_MAIL_PORT"
    ));
    let words: Vec<_> = text.split_whitespace().collect();
    assert!(words[..4].iter().all(|url| *url == format!("smtp://{}", words[4])), "{text}");
    assert!(words[5..].iter().all(|place| *place == words[4]), "{text}");

    let (code, text, said) = run(&format!("{SENDER}exit 7"));
    assert_eq!((code, text.as_str()), (7, ""));
    assert!(said.starts_with("\nrestante: one mail was caught:\n"), "{said}");
    assert!(said.contains("  a@app.test  b@app.test  from the command\n"), "{said}");
    assert_eq!(run("exit 1").2, "\nrestante: no mail was caught.\n");
    assert_eq!(run("kill -9 $$").0, 137);
    let (code, _, said) = told(restante(&["run", "--", "no-such-program"]).output().unwrap());
    assert_eq!((code, said.contains("no-such-program cannot be run")), (127, true), "{said}");
    assert_eq!(told(restante(&["run"]).output().unwrap()).0, 2);
    let (code, _, said) = told(restante(&["run", "--max-memory", "much", "--", "true"]).output().unwrap());
    assert_eq!((code, said.contains("--max-memory")), (2, true), "{said}");
}

#[test]
fn run_passes_a_termination_on_to_its_command() {
    let mut child = restante(&[
        "run",
        "--",
        "bash",
        "-c",
        "trap 'echo told; exit 5' TERM; echo ready; while :; do sleep 0.05; done",
    ])
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    signal(child.id(), "TERM");
    assert_eq!(lines.next().unwrap().unwrap(), "told");
    assert_eq!(child.wait().unwrap().code(), Some(5));
}

#[test]
fn send_hands_files_in_byte_for_byte() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let raw: &[u8] = b"From: shop@app.test\nTo: ann@app.test\nSubject: odd\n\n.\r\nx\0\xff\r.\n\n.\n";
    let file = folder.path().join("odd.eml");
    std::fs::write(&file, raw).unwrap();
    let file = file.to_str().unwrap();
    let (code, text, said) = ask(&server, &["send", file, file]);
    assert_eq!((code, said.as_str()), (0, ""));
    let ids: Vec<_> = text.lines().collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(server.raw(ids[0]), raw);
    let message = server.json(&format!("/api/v1/message/{}", ids[1]));
    assert_eq!(message["Envelope"]["From"]["Address"], "shop@app.test");
    assert_eq!((&message["Envelope"]["Door"], &message["Mailbox"]), (&"http".into(), &"default".into()));

    let (_, text, _) =
        ask(&server, &["send", file, "--from", "", "--to", "a@x", "--to", "b c@x", "--mailbox", "worker 3"]);
    let message = server.json(&format!("/mailbox/worker%203/api/v1/message/{}", text.trim()));
    let to = &message["Envelope"]["To"];
    assert_eq!((&to[0]["Address"], &to[1]["Address"]), (&"a@x".into(), &"b c@x".into()));
    assert_eq!(message["Envelope"]["From"]["Address"], "");

    std::fs::write(folder.path().join("nobody.eml"), "Subject: to nobody\n\nx\n").unwrap();
    let (code, _, said) = ask(&server, &["send", folder.path().join("nobody.eml").to_str().unwrap()]);
    assert_eq!((code, said.contains("The message names no recipient")), (2, true), "{said}");
    let (code, _, said) = ask(&server, &["send", "no-such.eml"]);
    assert_eq!((code, said.as_str()), (1, "restante: no-such.eml cannot be read: there is no such file or folder\n"));
}

#[test]
fn what_is_too_large_to_send_is_said() {
    let server = Server::with(&["--max-message-size", "100kB"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.eml");
    std::fs::write(&file, format!("To: ann@app.test\r\n\r\n{}", "x".repeat(200_000))).unwrap();
    let (code, _, said) = ask(&server, &["send", file.to_str().unwrap()]);
    assert_eq!((code, said.as_str()), (1, "restante: 102400 bytes is the message limit (--max-message-size).\n"));
    assert_eq!(server.json("/api/v1/info")["Messages"], 0);
}
