//! How a connection ended, as a sentence for whoever waits for mail that did not come: what happened, and what to change.
//!
//! The driver tells what it saw, the session what was said; nothing is sent from here. A refusal brings its own cure
//! (`protocol::smtp::Refusal`), a failed handshake gets one in [`super::super::tls::cure`].

use std::io;

use super::tls;
use crate::mailbox::session_log::Outcome;
use crate::protocol::smtp::{Patience, Refusal, Session, Signposts};

/// How a conversation ended, as the driver saw it.
pub(super) enum End {
    /// The session said so.
    Closed,
    /// We lost patience.
    Expired,
    /// The client closed, or the connection broke.
    Gone(Option<io::Error>),
    /// The TLS handshake failed.
    NoTls(io::Error),
}

/// Of a client that never said a word.
pub(super) const SILENT: &str = "The client connected and closed again without a word, as checks of a port do. If it \
    was meant to send, it gave up by itself: its own log says why.";

/// What is told of a connection. `heard`: the client said something.
pub(super) fn outcome(session: &Session, heard: bool, end: &End, ports: Signposts) -> Outcome {
    match end {
        End::NoTls(error) => Outcome::Broken(tls::cure(error)),
        End::Expired => Outcome::Broken(expired(session, heard)),
        // What was refused before is not what ended a message under way.
        End::Gone(error) if session.patience() == Patience::Data => Outcome::Broken(cut_off(session, error.as_ref())),
        End::Closed | End::Gone(_) => match (lost(session), end) {
            (Some(sentence), _) => Outcome::Broken(sentence),
            (None, End::Gone(error)) if session.in_transaction() => Outcome::Broken(no_data(error.as_ref())),
            (None, _) if session.messages() > 0 => Outcome::Done,
            (None, _) if !heard => Outcome::Empty(SILENT.into()),
            (None, End::Gone(error)) => Outcome::Broken(format!(
                "The client greeted and went away without sending a message{}. {}",
                why(error.as_ref()),
                missed(session, ports)
            )),
            (None, _) => Outcome::Empty(format!(
                "The client took its leave without sending a message, as tests of a connection do. {}",
                missed(session, ports)
            )),
        },
    }
}

fn expired(session: &Session, heard: bool) -> String {
    let Some(refusal) = session.last_refusal() else { return "We lost patience.".into() };
    let never = if heard { "" } else { " The client never said a word: it may wait for something else than SMTP." };
    format!("We lost patience: {}{never}", told(refusal))
}

/// A refusal that cost mail; where no message came at all, any refusal.
fn lost(session: &Session) -> Option<String> {
    if session.messages() == 0 {
        return session
            .last_refusal()
            .map(|refusal| format!("No message came; the last refusal was: {}", told(refusal)));
    }
    session.loss().map(|refusal| format!("Not all of it was kept; the client was told: {}", told(refusal)))
}

fn told(refusal: &Refusal) -> String {
    let Refusal { line, cure } = refusal;
    if cure.is_empty() { format!("\u{201c}{line}\u{201d}.") } else { format!("\u{201c}{line}\u{201d}. {cure}") }
}

fn cut_off(session: &Session, error: Option<&io::Error>) -> String {
    format!(
        "The client went away in the middle of a message{}; the {} bytes that it had sent were not kept. A message ends \
         with a dot on a line of its own. Look for a crash or a time-out in the sender.",
        why(error),
        session.holding()
    )
}

fn no_data(error: Option<&io::Error>) -> String {
    format!(
        "The client named a sender and went away before it sent the message{}. Nothing was refused here: look for an \
         error in the sender, such as an address that it refuses by itself or a file that it cannot attach.",
        why(error)
    )
}

/// What a client that was refused nothing may have missed.
fn missed(session: &Session, ports: Signposts) -> String {
    let client = session.client();
    if client.tls.is_some() || client.login.is_some() {
        return "Nothing was refused here; if it was meant to send, its own log says why it did not.".into();
    }
    let way = match (ports.starttls, client.local.map(|local| local.port())) {
        (Some(starttls), Some(here)) if starttls == here => "it has to trust the certificate here".into(),
        (Some(starttls), _) => format!("that is on port {starttls}"),
        (None, _) => "switch it off".into(),
    };
    format!("If it was meant to send, it may insist on STARTTLS, before a login for instance: {way}.")
}

/// A TLS stream that ends without its own farewell is an end like any other.
fn why(error: Option<&io::Error>) -> String {
    let error = error.filter(|error| error.kind() != io::ErrorKind::UnexpectedEof);
    error.map_or_else(String::new, |error| format!(" ({error})"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::mail::envelope::{Client, Door};
    use crate::protocol::smtp::{Action, Policy, Verdict};

    const TO_DATA: &str = "EHLO x\nMAIL FROM:<a@x>\nRCPT TO:<b@x>\nDATA\n";
    const MESSAGE: &str = "EHLO x\nMAIL FROM:<a@x>\nRCPT TO:<b@x>\nDATA\nhi\n.\n";

    fn policy() -> Policy {
        Policy { message_bytes_max: 100, recipients_max: 2, ..Policy::default() }
    }

    /// A session that heard these lines and whose messages got this verdict.
    fn after(said: &str, verdict: &Verdict) -> Session {
        let mut session = Session::new(Arc::new(policy()), Client::at(Door::Smtp), 1);
        drive(&mut session, &said.replace('\n', "\r\n"), verdict);
        session
    }

    fn drive(session: &mut Session, said: &str, verdict: &Verdict) {
        let mut rest = said.as_bytes();
        loop {
            while let Some(action) = session.next_action() {
                if matches!(action, Action::Deliver(_)) {
                    session.verdict(verdict.clone());
                }
            }
            let taken = session.feed(rest);
            rest = &rest[taken..];
            if rest.is_empty() && session.patience() != Patience::Verdict || session.patience() == Patience::Closed {
                return;
            }
        }
    }

    #[test]
    fn each_end_has_its_sentence() {
        let kept = Verdict::Kept("id".into());
        let reset = || End::Gone(Some(io::ErrorKind::ConnectionReset.into()));
        let huge = "x".repeat(200);
        for (said, verdict, end, word, words) in [
            ("", &kept, End::Gone(None), "empty", "checks of a port"),
            ("", &kept, reset(), "empty", "checks of a port"),
            (
                "EHLO x\nQUIT\n",
                &kept,
                End::Closed,
                "empty",
                "insist on STARTTLS, before a login for instance: that is on port 587.",
            ),
            ("EHLO x\nAUTH PLAIN AGEAYg==\nQUIT\n", &kept, End::Closed, "empty", "its own log"),
            ("EHLO x\n", &kept, End::Gone(None), "broken", "went away without sending a message. If it was"),
            (
                "EHLO x\nMAIL FROM:<a@x>\n",
                &kept,
                reset(),
                "broken",
                "before it sent the message (connection reset). Nothing",
            ),
            (TO_DATA, &kept, reset(), "broken", "in the middle of a message (connection reset); the 0 bytes"),
            (&format!("{TO_DATA}half"), &kept, End::Gone(None), "broken", "the 4 bytes that it had sent were not kept"),
            (&format!("NONSENSE\n{TO_DATA}half"), &kept, End::Gone(None), "broken", "in the middle of a message"),
            (
                &format!("{TO_DATA}{huge}\n.\nQUIT\n"),
                &kept,
                End::Closed,
                "broken",
                "(--max-message-size)\u{201d}. Raise",
            ),
            (&format!("{MESSAGE}QUIT\n"), &Verdict::Full, End::Closed, "broken", "Raise --max-memory"),
            (&format!("{MESSAGE}QUIT\n"), &kept, End::Closed, "done", ""),
            (MESSAGE, &kept, End::Gone(None), "done", ""),
            (&format!("NONSENSE\n{MESSAGE}"), &kept, End::Gone(None), "done", ""),
            (&format!("{MESSAGE}{TO_DATA}{huge}\n.\nQUIT\n"), &kept, End::Closed, "broken", "Not all of it was kept"),
            (
                "EHLO x\nMAIL FROM:<a@x>\nRCPT TO:<b@x>\nRCPT TO:<c@x>\nRCPT TO:<d@x>\nDATA\nhi\n.\nQUIT\n",
                &kept,
                End::Closed,
                "broken",
                "send to fewer at once",
            ),
            ("EHLO x\nRCPT TO:<b@x>\nQUIT\n", &kept, End::Closed, "broken", "the first refusal in the dialogue"),
            ("GET / HTTP/1.1\n", &kept, End::Closed, "broken", "the port of the page"),
        ] {
            let session = after(said, verdict);
            let outcome = outcome(&session, !said.is_empty(), &end, Signposts::default());
            let sentence = outcome.sentence().unwrap_or_default();
            assert_eq!(outcome.word(), word, "{said:?}: {sentence}");
            assert!(sentence.contains(words) && (words.is_empty() || sentence.ends_with('.')), "{said:?}: {sentence}");
        }
    }

    #[test]
    fn silence_is_told_from_a_message_that_was_never_ended() {
        for (said, words) in [
            ("", "never said a word"),
            ("EHLO x\r\n", "raise --idle"),
            ("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nhi\n.\n", "end its lines in CRLF"),
        ] {
            let mut session = Session::new(Arc::new(policy()), Client::at(Door::Smtp), 1);
            drive(&mut session, said, &Verdict::Full);
            session.expired();
            let outcome = outcome(&session, !said.is_empty(), &End::Expired, Signposts::default());
            assert!(outcome.sentence().is_some_and(|sentence| sentence.contains(words)), "{outcome:?}");
        }
    }

    #[test]
    fn plain_at_a_tls_door_is_sent_to_the_right_one() {
        let session = Session::refusing_plain(Arc::new(policy()), Client::at(Door::Smtps));
        let outcome = outcome(&session, false, &End::Closed, Signposts::default());
        let sentence = outcome.sentence().unwrap_or_default();
        assert!(sentence.contains("plain SMTP is on port 2525") && sentence.contains("Switch TLS on"), "{sentence}");
    }
}
