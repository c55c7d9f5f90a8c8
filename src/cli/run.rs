//! `restante run -- COMMAND`: a catcher on free ports for as long as a command runs, which finds it in its environment.

use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus};

use tokio::process::Command;
use tokio::runtime::Runtime;

use super::serve::Signals;
use super::{failed, log, settled, told, wrong};
use crate::config::Config;
use crate::mail::envelope::Door;
use crate::mailbox::Scope;
use crate::server::Server;
use crate::server::opened::local;

const HELP: &str = "\
Runs a command with a catcher of its own, on free ports, and passes on its exit code. If the command
fails, the mail that was caught is listed on standard error

Usage: restante run [FLAGS] -- COMMAND [ARGUMENTS]

Flags are those of restante itself (restante --help); doors that none names are free ports. -v logs
each message. The command finds the catcher in its environment:

";

pub(super) fn run(typed: Vec<OsString>) -> ExitCode {
    let (flags, command) = apart(&typed);
    if flags.iter().any(|flag| flag == "--help" || flag == "-h") {
        let rows = environment("HOST", "PORT", "http://HOST:PORT");
        let rows = rows.iter().map(|(name, value)| format!("  {name}={value}\n"));
        return super::print(&format!("{HELP}{}", rows.collect::<String>()));
    }
    let Some((program, arguments)) = command.split_first() else {
        return wrong("run needs a command: restante run -- npm test");
    };
    let (settings, config) = match settled(flags) {
        Ok(settled) => settled,
        Err(code) => return code,
    };
    let config = Config { doors: settings.flags.doors_or_free(), ..config };
    let _log = log::start(settings.flags.verbose, settings.flags.log_format, true);
    let mut child = Command::new(program);
    child.args(arguments);
    match Runtime::new() {
        Ok(runtime) => runtime.block_on(beside(&config, child, &program.to_string_lossy())),
        Err(error) => failed(&format!("the system gives no threads: {error}")),
    }
}

/// What stands before `--`, or before the first word that is no flag, and the command.
fn apart(typed: &[OsString]) -> (&[OsString], &[OsString]) {
    // What begins with a word is all command, whatever `--` it has in it.
    if typed.get(1).is_some_and(|word| !word.to_string_lossy().starts_with('-')) {
        return typed.split_at(1);
    }
    match typed.iter().position(|word| word == "--") {
        Some(at) => (&typed[..at], &typed[at + 1..]),
        None => (typed, &[]),
    }
}

async fn beside(config: &Config, mut command: Command, program: &str) -> ExitCode {
    // Listened for before the command starts: Ctrl-C is for it, and we outlive it.
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return failed(&format!("signals cannot be caught: {error}")),
    };
    let server = match Server::start(config).await {
        Ok(server) => server,
        Err(error) => return failed(&error.to_string()),
    };
    let Some(smtp) = server.opened().smtp_address(Door::Smtp) else {
        return wrong("run needs a plain SMTP door; leave --smtp off out");
    };
    for (name, value) in
        environment(&local(smtp.ip()).to_string(), &smtp.port().to_string(), &server.opened().http_url())
    {
        command.env(name, value);
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("restante: {program} cannot be run: {error}");
            // As shells have it.
            return ExitCode::from(if error.kind() == std::io::ErrorKind::NotFound { 127 } else { 126 });
        }
    };
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            signal = signals.next() => signal.pass_on(child.id()),
        }
    };
    let code = status.map_or(1, |status| code(&status));
    if code != 0 {
        eprint!("{}", caught(&server));
    }
    ExitCode::from(code)
}

/// What the command finds: our names, and those that frameworks read.
fn environment(host: &str, port: &str, http: &str) -> Vec<(&'static str, String)> {
    let url = if host.contains(':') { format!("smtp://[{host}]:{port}") } else { format!("smtp://{host}:{port}") };
    let (host, port, http) = (host.to_owned(), port.to_owned(), http.to_owned());
    vec![
        ("SMTP_HOST", host.clone()),
        ("SMTP_PORT", port.clone()),
        ("SMTP_URL", url.clone()),
        ("MAIL_URL", url.clone()),
        ("RESTANTE_URL", http),
        // Rails' guides, and what its applications call it.
        ("SMTP_ADDRESS", host.clone()),
        // Laravel.
        ("MAIL_MAILER", "smtp".into()),
        ("MAIL_HOST", host.clone()),
        ("MAIL_PORT", port.clone()),
        // Symfony.
        ("MAILER_DSN", url.clone()),
        // Django, by itself and with django-environ.
        ("EMAIL_HOST", host.clone()),
        ("EMAIL_PORT", port.clone()),
        ("EMAIL_URL", url),
        // Spring Boot.
        ("SPRING_MAIL_HOST", host),
        ("SPRING_MAIL_PORT", port),
    ]
}

/// The code of the command; what a signal ended has none, and gets the one that shells give it.
fn code(status: &ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    // Only the low byte of a code comes through.
    status
        .code()
        .map_or(1, |code| u8::try_from(code & 0xff).ok().filter(|&code| code != 0 || status.success()).unwrap_or(1))
}

/// Messages and broken connections that are listed.
const LISTED_MAX: usize = 20;

/// What was caught, for whoever looks why a test failed.
fn caught(server: &Server) -> String {
    let store = server.inbox().store();
    let kept = store.count(&Scope::All).0;
    let rows = store.between(&Scope::All, 0, u64::MAX).take(LISTED_MAX).map(|kept| {
        let (message, view) = (kept.message, &kept.message.view);
        let from = message.envelope.from.path.to_string();
        let to: Vec<_> = message.envelope.to.iter().take(3).map(|to| to.path.to_string()).collect();
        let mut row = told::row(&message.received.to_string(), &from, &to.join(", "), &view.subject);
        row.push(if message.mailbox.is_default() {
            String::new()
        } else {
            format!("[{}]", told::line(message.mailbox.as_str()))
        });
        row
    });
    let rows: Vec<_> = rows.collect();
    let mails = |count: u64| if count == 1 { "one mail was".to_owned() } else { format!("{count} mails were") };
    let totals = store.totals();
    drop(store);
    let mut text = match (totals.accepted, totals.accepted - kept as u64) {
        (0, _) => "\nrestante: no mail was caught.\n".to_owned(),
        (all, 0) => format!("\nrestante: {} caught:\n", mails(all)),
        (all, gone) if gone == all => format!("\nrestante: {} caught, and deleted again.\n", mails(all)),
        (all, gone) => format!("\nrestante: {} caught, {gone} of them deleted again; the rest:\n", mails(all)),
    };
    text.push_str(&told::table(&rows, &[8, 30, 40, 60, 30]));
    if kept > LISTED_MAX {
        text.push_str(&format!("… and {} more\n", kept - LISTED_MAX));
    }
    let sessions = server.inbox().sessions().newest_first();
    for (_, record) in sessions.iter().filter(|(_, record)| record.outcome.is_broken()).take(LISTED_MAX) {
        let sentence = record.outcome.sentence().unwrap_or_default();
        text.push_str(&format!(
            "restante: a connection to {} broke off: {}\n",
            record.client.door.name(),
            told::line(sentence)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_what_follows_the_flags() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (typed, flags, command) in [
            ("restante -- npm test", "restante", "npm test"),
            ("restante --verbose -- npm test -- --grep mail", "restante --verbose", "npm test -- --grep mail"),
            ("restante npm test --silent", "restante", "npm test --silent"),
            ("restante npm test -- --grep mail", "restante", "npm test -- --grep mail"),
        ] {
            let typed = words(typed);
            assert_eq!(apart(&typed), (&*words(flags), &*words(command)));
        }
        assert!(apart(&words("restante --verbose")).1.is_empty());
    }
}
