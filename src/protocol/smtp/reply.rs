//! The words of the server: the only file with three-digit numbers.
//!
//! A reply is a value. It has a code (RFC 5321 §4.2), an enhanced code (RFC 2034, RFC 3463; none for greetings, EHLO
//! and 3yz) and a text that a developer reads in the log of a program that failed. What the client said is repeated
//! only where it helps, and never raw.

use super::policy::{Policy, Signposts};
use super::{auth, command, extension};
use std::borrow::Cow;

/// Everything that the server can say.
#[derive(Debug)]
pub(super) enum Reply<'a> {
    Greeting(&'a str),
    Helo(&'a str),
    Ehlo { policy: &'a Policy, tls: bool },
    Bye,
    Reset,
    Noop,
    Help { topic: &'a [u8] },
    CannotVerify,
    CannotExpand,
    SenderKept,
    RecipientKept,
    SendMessage,
    ChunkKept(u64),
    Queued(&'a str),
    StartTls,
    Challenge(&'a str),
    LoggedIn,
    // What was said cannot be read.
    EmptyLine,
    UnknownVerb(&'a [u8]),
    UnknownLine,
    LineTooLong(usize),
    AuthLineTooLong(usize),
    NoSender,
    NoRecipient,
    NoMechanism,
    NoChunkSize,
    UnknownMechanism,
    InitialResponseUnasked,
    NotBase64,
    AuthCancelled,
    // What was said comes out of order.
    MailFirst,
    RcptFirst,
    BdatBegun,
    TlsIsOn,
    TlsAbsent,
    LoginFirst,
    // Limits.
    RecipientsFull(usize),
    RecipientsLong,
    TooLarge(usize),
    // The mailbox's.
    Full,
    Failed(&'a str),
    Refused(&'a str),
    // The end.
    Expired,
    ExpiredInMessage,
    ExpiredAfterCr,
    ShuttingDown,
    Http(Signposts),
    ClientHello(Signposts),
    PlainOnTls(Signposts),
}

impl Reply<'_> {
    /// Code, enhanced code, text; a line break in the text makes a multi-line reply (§4.2.1).
    fn parts(&self) -> (u16, &'static str, Cow<'static, str>) {
        match self {
            Self::Greeting(host) => (220, "", format!("{host} ESMTP Restante").into()),
            Self::Helo(host) => (250, "", (*host).to_owned().into()),
            Self::Ehlo { policy, tls } => (250, "", ehlo(policy, *tls).into()),
            Self::Bye => (221, "2.0.0", "Bye".into()),
            Self::Reset => (250, "2.0.0", "Ok".into()),
            Self::Noop => (250, "2.0.0", "Ok".into()),
            Self::Help { topic } => (214, "2.0.0", help(topic).into()),
            Self::CannotVerify => (252, "2.1.5", "Nobody is verified here; every recipient is accepted".into()), // §3.5.3
            Self::CannotExpand => (252, "2.1.5", "There are no lists here; every recipient is accepted".into()),
            Self::SenderKept => (250, "2.1.0", "Ok".into()),
            Self::RecipientKept => (250, "2.1.5", "Ok".into()),
            Self::SendMessage => (354, "", "End the message with a dot on a line of its own".into()),
            Self::ChunkKept(octets) => (250, "2.0.0", format!("{octets} octets received").into()), // RFC 3030 §2
            Self::Queued(id) => (250, "2.0.0", format!("Ok: queued as {id}").into()),
            Self::StartTls => (220, "2.0.0", "Ready to start TLS".into()), // RFC 3207 §4
            Self::Challenge(text) => (334, "", (*text).to_owned().into()), // RFC 4954 §4
            Self::LoggedIn => (235, "2.7.0", "Authentication succeeded".into()),

            Self::EmptyLine => (500, "5.5.2", "An empty line is no command".into()),
            Self::UnknownVerb(word) => (500, "5.5.1", format!("Unknown command {}; try HELP", named(word)).into()),
            Self::UnknownLine => (500, "5.5.1", "Unknown command; it came after AUTH, so it is not repeated".into()),
            Self::LineTooLong(max) => (500, "5.5.2", format!("The line is longer than {max} octets").into()),
            Self::AuthLineTooLong(max) => (500, "5.5.6", format!("The line is longer than {max} octets").into()), // RFC 4954 §4
            Self::NoSender => (501, "5.1.7", "Write MAIL FROM:<address>, or MAIL FROM:<> for none".into()),
            Self::NoRecipient => (501, "5.1.3", "Write RCPT TO:<address>".into()),
            Self::NoMechanism => (501, "5.5.4", format!("Write AUTH and one of {}", auth::offered()).into()),
            Self::NoChunkSize => (501, "5.5.4", "Write BDAT, a number of octets, and LAST with the last ones".into()),
            Self::UnknownMechanism => {
                (504, "5.5.4", format!("Unknown mechanism; known are {}", auth::offered()).into())
            }
            Self::InitialResponseUnasked => (501, "5.7.0", "CRAM-MD5 begins with the server's challenge".into()),
            Self::NotBase64 => (501, "5.5.2", "This is not base64".into()), // RFC 4954 §4
            Self::AuthCancelled => (501, "5.7.0", "Authentication cancelled".into()),

            Self::MailFirst => (503, "5.5.1", "MAIL first, then RCPT".into()),
            Self::RcptFirst => (554, "5.5.1", "No recipient was accepted: RCPT first".into()), // §3.3
            Self::BdatBegun => (503, "5.5.1", "The message was begun with BDAT: go on with BDAT, or RSET".into()), // RFC 3030 §3
            Self::TlsIsOn => (503, "5.5.1", "TLS is on already".into()),
            Self::TlsAbsent => (502, "5.5.1", "There is no TLS on this port".into()),
            Self::LoginFirst => (530, "5.7.0", "AUTH first, with any credentials".into()), // RFC 4954 §6

            Self::RecipientsFull(max) => {
                (452, "4.5.3", format!("{max} is the recipient limit (--max-recipients)").into())
            } // §4.5.3.1.10
            Self::RecipientsLong => (452, "4.5.3", "The recipients' addresses are too long to be kept".into()),
            Self::TooLarge(max) => {
                (552, "5.3.4", format!("{max} octets is the message limit (--max-message-size)").into())
            } // RFC 1870 §6.1

            Self::Full => (452, "4.3.1", "There is no memory left for this message".into()),
            Self::Failed(why) => (451, "4.3.0", (*why).to_owned().into()),
            Self::Refused(why) => (550, "5.7.1", (*why).to_owned().into()),

            Self::Expired => (421, "4.4.2", "Nothing was said for too long".into()),
            Self::ExpiredInMessage => (
                421,
                "4.4.2",
                "The message was not ended: a dot must stand between CRLF and CRLF, nothing else does".into(),
            ),
            Self::ExpiredAfterCr => {
                (421, "4.4.2", "The line was not ended: it takes CRLF, CR alone does not do".into())
            }
            Self::ShuttingDown => (421, "4.3.2", "The server is stopping".into()),
            Self::Http(ports) => (421, "4.7.0", http(*ports).into()),
            Self::ClientHello(ports) => (421, "4.7.0", client_hello(*ports).into()),
            Self::PlainOnTls(ports) => (421, "4.7.0", plain_on_tls(*ports).into()),
        }
    }

    /// What whoever runs the client should change, as a sentence; empty where the text says it, or where nobody knows.
    pub(super) fn cure(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "Raise --max-message-size, or send less.",
            Self::RecipientsFull(_) => "Raise --max-recipients, or send to fewer at once.",
            Self::RecipientsLong => "Send to fewer recipients at once.",
            Self::Full => "Raise --max-memory; all that could make room is gone already.",
            Self::LoginFirst => "Give the client a user name and a password: any will do.",
            Self::TlsAbsent => "Switch TLS off in the client, or give it a port that has it.",
            Self::ClientHello(_) => "Switch TLS off in the client, or give it the port that was named.",
            Self::PlainOnTls(_) => "Switch TLS on in the client, or give it the port that was named.",
            Self::Http(_) => {
                "Something asked for a web page here, a health check perhaps: give it the port of the page."
            }
            Self::MailFirst | Self::RcptFirst => {
                "Look for the first refusal in the dialogue: the client went on after it."
            }
            Self::Expired => "Let the client send or close sooner, or raise --idle.",
            Self::ExpiredInMessage | Self::ExpiredAfterCr => "Let the client end its lines in CRLF.",
            Self::UnknownMechanism | Self::NotBase64 | Self::AuthCancelled => {
                "Let the client log in with PLAIN or LOGIN, or not at all."
            }
            Self::NoSender | Self::NoRecipient => "Look at the address in the dialogue: nothing could be read from it.",
            Self::ShuttingDown => "Restante was stopped; send it again.",
            _ => "",
        }
    }

    /// Whether it costs a message or a recipient, although others may arrive.
    pub(super) fn loses_mail(&self) -> bool {
        matches!(
            self,
            Self::TooLarge(_) | Self::RecipientsFull(_) | Self::RecipientsLong | Self::NoRecipient | Self::NoSender
        ) || matches!(self, Self::Full | Self::Failed(_) | Self::Refused(_))
    }

    /// Appends the lines of the reply, each with its CRLF. Answers whether it refuses something (4yz, 5yz).
    pub(super) fn write(&self, out: &mut Vec<u8>) -> bool {
        let (code, enhanced, text) = self.parts();
        let mut texts = text.split('\n').peekable();
        while let Some(text) = texts.next() {
            let digits = [code / 100, code / 10 % 10, code % 10].map(|digit| b'0' + digit as u8);
            out.extend_from_slice(&digits);
            out.push(if texts.peek().is_some() { b'-' } else { b' ' });
            out.extend_from_slice(enhanced.as_bytes());
            out.extend_from_slice(if enhanced.is_empty() { b"" } else { b" " });
            // §4.2: text is printable ASCII. A sentence from elsewhere may have more, or a line break in disguise.
            match text.len() <= TEXT_BYTES_MAX && text.bytes().all(is_printable) {
                true => out.extend_from_slice(text.as_bytes()),
                false => out.extend(text.chars().take(TEXT_BYTES_MAX).map(printable)),
            }
            out.extend_from_slice(b"\r\n");
        }
        code >= 400
    }
}

fn ehlo(policy: &Policy, tls: bool) -> String {
    let mut text = policy.host.to_string();
    for row in extension::rows(policy, tls) {
        text.push('\n');
        text.push_str(&row);
    }
    text
}

fn http(ports: Signposts) -> String {
    let page = ports.http.map_or_else(String::new, |port| format!("; the web page is on port {port}"));
    format!("This is an SMTP port{page}")
}

fn client_hello(ports: Signposts) -> String {
    let way = match (ports.tls, ports.starttls) {
        (Some(tls), Some(starttls)) => format!("use port {tls}, or STARTTLS on port {starttls}"),
        (Some(tls), None) => format!("use port {tls}"),
        (None, Some(starttls)) => format!("use STARTTLS on port {starttls}"),
        (None, None) => "speak plain SMTP here".into(),
    };
    format!("TLS was spoken to a plain door; {way}")
}

fn plain_on_tls(ports: Signposts) -> String {
    let way = match (ports.plain, ports.starttls) {
        (Some(plain), _) => format!("plain SMTP is on port {plain}"),
        (None, Some(starttls)) => format!("plain SMTP with STARTTLS is on port {starttls}"),
        (None, None) => "speak TLS from the first byte".into(),
    };
    format!("This port begins with TLS; {way}")
}

/// The usage of one verb, or of all.
fn help(topic: &[u8]) -> String {
    match command::verb(topic) {
        Some(verb) => verb.usage.into(),
        None => {
            let usages = command::VERBS.iter().map(|verb| format!("\n{}", verb.usage));
            format!("Restante catches mail: all of it is accepted, none is sent on{}", usages.collect::<String>())
        }
    }
}

/// A word of the client's as it may be repeated.
fn named(word: &[u8]) -> String {
    word.iter().take(VERB_BYTES_SHOWN).map(|byte| printable(char::from(*byte))).map(char::from).collect()
}

fn printable(char: char) -> u8 {
    u8::try_from(char).ok().filter(|byte| is_printable(*byte)).unwrap_or(b'?')
}

fn is_printable(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

/// §4.5.3.1.5: 512 octets with code, enhanced code and CRLF.
const TEXT_BYTES_MAX: usize = 480;
const VERB_BYTES_SHOWN: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_printable_ascii_whatever_goes_into_it() {
        for reply in [
            Reply::Refused("one\r\n250 two\0 ünd"),
            Reply::UnknownVerb(b"X\rY\nZ\xff"),
            Reply::Failed(&"long ".repeat(500)),
        ] {
            let mut lines = Vec::new();
            assert!(reply.write(&mut lines));
            for line in lines.strip_suffix(b"\r\n").unwrap().split(|byte| *byte == b'\r') {
                let line = line.strip_prefix(b"\n").unwrap_or(line);
                assert!(line.len() <= 510, "{}", line.len());
                assert!(line.iter().all(|byte| (b' '..=b'~').contains(byte)), "{}", line.escape_ascii());
            }
        }
    }
}
