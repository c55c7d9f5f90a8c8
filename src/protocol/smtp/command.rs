//! The grammar of a command line (RFC 5321 §4.1.1): a line in, a [`Command`] and its oddities out.
//!
//! Non-job: order, policy, replies. What is sloppy is read as it was meant and noted; only what has no meaning is
//! [`Unreadable`]. Here also stands which part of a line must not be remembered.

use super::{auth, extension, line, path};
use crate::mail::envelope::Addressed;
use crate::mail::finding::{Finding, Oddity};

/// A command, borrowed from its line where it is only looked at.
#[derive(Debug)]
pub(super) enum Command<'a> {
    /// §4.1.1.1.
    Helo { extended: bool, name: &'a [u8] },
    /// §4.1.1.2.
    Mail(Addressed),
    /// §4.1.1.3.
    Rcpt(Addressed),
    /// §4.1.1.4.
    Data,
    /// RFC 3030 §2.
    Bdat { octets: u64, last: bool },
    /// §4.1.1.5.
    Rset,
    /// §4.1.1.9.
    Noop,
    /// §4.1.1.6.
    Vrfy,
    /// §4.1.1.7.
    Expn,
    /// §4.1.1.8.
    Help { topic: &'a [u8] },
    /// §4.1.1.10.
    Quit,
    /// RFC 3207.
    StartTls,
    /// RFC 4954.
    Auth { mechanism: &'a [u8], initial: Option<&'a [u8]> },
    /// A request of another protocol, made by a browser or a health check.
    Http,
}

/// Why a line has no meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable<'a> {
    /// Nothing but white space.
    Empty,
    /// No command of ours.
    Verb(&'a [u8]),
    /// MAIL without FROM.
    Sender,
    /// RCPT without TO or without an address.
    Recipient,
    /// BDAT without a number: how much follows cannot be known.
    ChunkSize,
    /// AUTH without a mechanism.
    Mechanism,
}

/// A line, read.
pub(super) struct Reading<'a> {
    pub(super) command: Result<Command<'a>, Unreadable<'a>>,
    pub(super) odd: Vec<Finding>,
}

/// A verb, how it is written, and how its arguments are read.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    read: for<'a> fn(&'a [u8], &mut Vec<Finding>) -> Result<Command<'a>, Unreadable<'a>>,
}

/// The verbs, in the order of a session; HELP lists itself from here.
pub(super) const VERBS: &[Verb] = &[
    Verb { name: "HELO", usage: "HELO name", read: |args, odd| helo(false, args, odd) },
    Verb { name: "EHLO", usage: "EHLO name", read: |args, odd| helo(true, args, odd) },
    Verb { name: "STARTTLS", usage: "STARTTLS", read: |args, odd| alone(Command::StartTls, args, odd) },
    Verb {
        name: "AUTH",
        usage: "AUTH mechanism [initial-response]: any credentials will do",
        read: |args, _| auth(args),
    },
    Verb { name: "MAIL", usage: "MAIL FROM:<address> [parameter...]", read: mail },
    Verb { name: "RCPT", usage: "RCPT TO:<address> [parameter...]", read: rcpt },
    Verb {
        name: "DATA",
        usage: "DATA, then the message, then a dot on a line of its own",
        read: |args, odd| alone(Command::Data, args, odd),
    },
    Verb { name: "BDAT", usage: "BDAT octets [LAST], then that many octets", read: |args, _| bdat(args) },
    Verb { name: "RSET", usage: "RSET", read: |args, odd| alone(Command::Rset, args, odd) },
    Verb { name: "NOOP", usage: "NOOP [anything]", read: |_, _| Ok(Command::Noop) },
    Verb { name: "VRFY", usage: "VRFY address", read: |_, _| Ok(Command::Vrfy) },
    Verb { name: "EXPN", usage: "EXPN list", read: |_, _| Ok(Command::Expn) },
    Verb { name: "HELP", usage: "HELP [verb]", read: |args, _| Ok(Command::Help { topic: args }) },
    Verb { name: "QUIT", usage: "QUIT", read: |args, odd| alone(Command::Quit, args, odd) },
];

/// Reads a line without its line end.
pub(super) fn read(line: &[u8]) -> Reading<'_> {
    let mut odd = Vec::new();
    let text = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii_start();
    if text.len() < line.len() && !text.is_empty() {
        odd.push(Finding::bare(Oddity::LeadingSpace));
    }
    if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        odd.push(Finding::bare(Oddity::ControlInCommand));
    }
    let (word, args) = word(text);
    let command = match verb(word) {
        Some(verb) => (verb.read)(args, &mut odd),
        // What Microsoft wrote before RFC 2554: AUTH=LOGIN.
        None if line::is_auth(word) && word.get(4) == Some(&b'=') => auth(&text[5..]),
        None if text.is_empty() => Err(Unreadable::Empty),
        None if is_http(text) => Ok(Command::Http),
        None => Err(Unreadable::Verb(word)),
    };
    Reading { command, odd }
}

/// Stream writers of .NET put it before their first line.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The row of a verb, case-blind (§2.4).
pub(super) fn verb(word: &[u8]) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| word.eq_ignore_ascii_case(verb.name.as_bytes()))
}

/// What may be remembered of a line: all of it, or a beginning and the fact that there was more.
///
/// `wary`: an AUTH exchange has just gone wrong, and clients that do not listen send user and password as commands.
pub(super) fn redacted(line: &[u8], command: &Result<Command<'_>, Unreadable<'_>>, wary: bool) -> Option<Vec<u8>> {
    let keep = match command {
        Ok(Command::Auth { mechanism, initial: None }) if auth::is_known(mechanism) => return None,
        Ok(Command::Auth { mechanism, .. }) if auth::is_known(mechanism) => {
            return Some([b"AUTH ", mechanism.to_ascii_uppercase().as_slice(), b" ", REDACTED].concat());
        }
        // A mechanism that nobody has heard of may well be the secret itself.
        Ok(Command::Auth { .. }) => 4,
        Err(Unreadable::Verb(_)) if wary => 0,
        Err(Unreadable::Verb(_)) if line::is_auth(line) => 0,
        Err(Unreadable::Verb(_)) => secret_behind(line)?,
        Ok(Command::Http) => memchr::memchr(b'?', line)?,
        _ => return None,
    };
    let start = &line[..keep.min(line.len())];
    Some([start, if start.is_empty() { b"" } else { b" " }, REDACTED].concat())
}

/// How a secret is written down.
pub(super) const REDACTED: &[u8] = b"<redacted>";

/// Where a login of another protocol (POP3, IMAP, FTP) names its secret, if the line is one.
fn secret_behind(line: &[u8]) -> Option<usize> {
    let mut words = line.split(|byte| byte.is_ascii_whitespace() || *byte == b'=' || *byte == b':').take(3);
    let secret = words.find(|word| SECRET_VERBS.iter().any(|verb| word.eq_ignore_ascii_case(verb.as_bytes())))?;
    line.windows(secret.len()).position(|window| window == secret).map(|at| at + secret.len())
}

const SECRET_VERBS: &[&str] = &["PASS", "PASSWORD", "LOGIN", "AUTH", "AUTHENTICATE", "AUTHORIZATION", "APOP", "TOKEN"];

fn helo<'a>(extended: bool, args: &'a [u8], odd: &mut Vec<Finding>) -> Result<Command<'a>, Unreadable<'a>> {
    if args.is_empty() {
        odd.push(Finding::bare(Oddity::EmptyHelo));
    }
    Ok(Command::Helo { extended, name: args })
}

fn mail<'a>(args: &'a [u8], odd: &mut Vec<Finding>) -> Result<Command<'a>, Unreadable<'a>> {
    let said = path::read(after_keyword(args, b"FROM", odd).ok_or(Unreadable::Sender)?, odd);
    extension::judge(&said, odd);
    Ok(Command::Mail(said))
}

fn rcpt<'a>(args: &'a [u8], odd: &mut Vec<Finding>) -> Result<Command<'a>, Unreadable<'a>> {
    let said = path::read(after_keyword(args, b"TO", odd).ok_or(Unreadable::Recipient)?, odd);
    if said.path.is_null() {
        return Err(Unreadable::Recipient); // `<>` is a sender, never a recipient (§4.1.1.3)
    }
    extension::judge(&said, odd);
    Ok(Command::Rcpt(said))
}

fn bdat(args: &[u8]) -> Result<Command<'static>, Unreadable<'static>> {
    let (octets, rest) = word(args);
    let octets = extension::number(octets).ok_or(Unreadable::ChunkSize)?;
    Ok(Command::Bdat { octets, last: word(rest).0.eq_ignore_ascii_case(b"LAST") })
}

fn auth(args: &[u8]) -> Result<Command<'_>, Unreadable<'_>> {
    let (mechanism, rest) = word(args);
    if mechanism.is_empty() {
        return Err(Unreadable::Mechanism);
    }
    Ok(Command::Auth { mechanism, initial: (!rest.is_empty()).then_some(rest) })
}

fn alone<'a>(command: Command<'a>, args: &[u8], odd: &mut Vec<Finding>) -> Result<Command<'a>, Unreadable<'a>> {
    if !args.is_empty() {
        odd.push(Finding::with(Oddity::StrayArgument, String::from_utf8_lossy(args)));
    }
    Ok(command)
}

/// What follows `FROM:` or `TO:`, case-blind; also `FROM :` and, where a bracket follows, `FROM` alone.
fn after_keyword<'a>(args: &'a [u8], keyword: &[u8], odd: &mut Vec<Finding>) -> Option<&'a [u8]> {
    let (start, rest) = args.split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let trimmed = rest.trim_ascii_start();
    if let Some(argument) = trimmed.strip_prefix(b":") {
        if trimmed.len() < rest.len() {
            odd.push(Finding::bare(Oddity::SpaceAfterColon));
        }
        return Some(argument);
    }
    // `MAIL FROMAGE` is no sender, `MAIL FROM a@b` is one.
    if trimmed.is_empty() || (trimmed.len() == rest.len() && !trimmed.starts_with(b"<")) {
        return None;
    }
    odd.push(Finding::bare(Oddity::NoColon));
    Some(trimmed)
}

/// The first word, and the rest without the white space around it.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_ascii())
}

/// `GET / HTTP/1.1`: a verb that is none of ours, and the name of the protocol (RFC 9112 §3).
fn is_http(line: &[u8]) -> bool {
    let last = line.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next().unwrap_or(b"");
    last.len() < line.len() && last.starts_with(b"HTTP/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_read_in_any_case() {
        for verb in VERBS {
            for name in [verb.name.to_owned(), verb.name.to_lowercase()] {
                let known = !matches!(read(name.as_bytes()).command, Err(Unreadable::Verb(_) | Unreadable::Empty));
                assert!(known, "{name}");
            }
            assert!(verb.usage.starts_with(verb.name), "{}", verb.usage);
        }
    }

    #[test]
    fn what_is_secret_is_not_remembered() {
        for (line, wary, shown) in [
            ("AUTH PLAIN c2VjcmV0", false, "AUTH PLAIN <redacted>"),
            ("auth login c2VjcmV0", false, "AUTH LOGIN <redacted>"),
            ("AUTH LOGIN", false, "AUTH LOGIN"),
            ("AUTH c2VjcmV0", false, "AUTH <redacted>"),
            ("AUTH XYZZY c2VjcmV0", false, "AUTH <redacted>"),
            ("AUTH=PLAIN c2VjcmV0", false, "AUTH PLAIN <redacted>"),
            ("  AUTH PLAIN c2VjcmV0", false, "AUTH PLAIN <redacted>"),
            ("AUTHPLAIN c2VjcmV0", false, "<redacted>"),
            ("PASS secret", false, "PASS <redacted>"),
            ("a1 login ann secret", false, "a1 login <redacted>"),
            ("X-Token: secret", false, "X-Token: secret"),
            ("c2VjcmV0", true, "<redacted>"),
            ("NOOP fine", true, "NOOP fine"),
            ("GET /?secret HTTP/1.1", false, "GET / <redacted>"),
            ("MAIL FROM:<a@b> AUTH=<>", false, "MAIL FROM:<a@b> AUTH=<>"),
        ] {
            let reading = read(line.as_bytes());
            let redacted = redacted(line.as_bytes(), &reading.command, wary);
            assert_eq!(String::from_utf8_lossy(redacted.as_deref().unwrap_or(line.as_bytes())), shown, "{line}");
        }
    }

    #[test]
    fn a_request_of_the_web_is_one_only_with_its_protocol() {
        for (line, http) in [
            ("GET / HTTP/1.1", true),
            ("POST /x HTTP/1.0 ", true),
            ("PRI * HTTP/2.0", true),
            ("HTTP/1.1", false),
            ("GET / ", false),
            ("NOOP HTTP/1.1", false),
        ] {
            assert_eq!(matches!(read(line.as_bytes()).command, Ok(Command::Http)), http, "{line}");
        }
    }
}
