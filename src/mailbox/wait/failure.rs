//! Why a wait failed, for a person who reads a test's output: what came close and which clause it failed, what went to
//! another mailbox, which connections broke off.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Expected, Question};
use crate::clock;
use crate::mailbox::query::{Miss, harmless, quoted};
use crate::mailbox::session_log::{Outcome, SessionRecord};
use crate::mailbox::{Inbox, MailboxName, Query, Scope, Stored};

/// A wait that did not get what it asked for. Shown, it explains itself in a few lines.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was asked.
    pub question: Question,
    /// When it was given up.
    pub at: Timestamp,
    /// What did fit, the oldest first.
    pub found: Vec<Stored>,
    /// What did not, the nearest first, at most [`NEAR_MAX`].
    pub near: Vec<Near>,
    /// How many messages there were to choose from.
    pub arrived: usize,
    /// What fits and came before the place from which on it counted, the newest first, at most [`ELSEWHERE_MAX`].
    pub earlier: Vec<Stored>,
    /// What fits but for its mailbox, the newest first, at most [`ELSEWHERE_MAX`]; none without a clause.
    pub elsewhere: Vec<Stored>,
    /// How many messages went to other mailboxes.
    pub arrived_elsewhere: usize,
    /// Connections that ended in trouble around the time of the question, with their numbers, the newest first, at most
    /// [`SESSIONS_MAX`].
    pub sessions: Vec<(u64, Arc<SessionRecord>)>,
}

/// A message that does not fit, and why.
#[derive(Clone, Debug)]
pub struct Near {
    /// The message.
    pub stored: Stored,
    /// The clauses that it fails, in the order in which they were asked.
    pub misses: Vec<Miss>,
}

/// Near misses that are kept.
pub const NEAR_MAX: usize = 10;
/// Messages of other mailboxes that are kept.
pub const ELSEWHERE_MAX: usize = 5;
/// Broken connections that are kept.
pub const SESSIONS_MAX: usize = 5;
/// Only the newest messages are asked how near they are: each may have to be decoded.
const LOOKED_AT_MAX: usize = 1_000;
/// Of them so many bytes, where bodies must be read for an answer.
const DECODED_BYTES_MAX: usize = 64 << 20;
/// Near misses that are told in words; the others are for programs.
const NEAR_TOLD_MAX: usize = 5;
/// What a test did just before it asked belongs to the question.
const BEFORE: SignedDuration = SignedDuration::from_secs(10);

/// Gathers what there is to say, off the thread that answers.
pub(super) async fn explain(question: &Question, inbox: &Inbox, found: Vec<Stored>, begun: Timestamp) -> Failure {
    let at = clock::now();
    let (question, inbox) = (question.clone(), inbox.clone());
    let bare = Failure {
        question: question.clone(),
        at,
        found: found.clone(),
        near: Vec::new(),
        earlier: Vec::new(),
        arrived: found.len(),
        elsewhere: Vec::new(),
        arrived_elsewhere: 0,
        sessions: Vec::new(),
    };
    let large = inbox.large_looks().clone();
    let gather = move || {
        let Question { scope, since, .. } = &question;
        let arrived = inbox.store().count_since(scope, *since);
        let everywhere = inbox.store().count_since(&Scope::All, *since);
        Failure {
            at,
            arrived,
            near: near(&question, &inbox),
            earlier: earlier(&question, &inbox),
            // Something may have come between the two counts.
            arrived_elsewhere: everywhere.saturating_sub(arrived),
            elsewhere: elsewhere(&question, &inbox),
            sessions: troubled(&inbox, scope, begun - BEFORE),
            question,
            found,
        }
    };
    // In turns: each may decode a thousand messages.
    large.work(gather).await.unwrap_or(bare)
}

fn near(question: &Question, inbox: &Inbox) -> Vec<Near> {
    let Question { scope, query, since, .. } = question;
    let mut arrived = inbox.search(scope, &Query::default()).since(*since).first(LOOKED_AT_MAX);
    if query.is_costly() {
        let mut bytes = 0;
        let within = |stored: &&Stored| {
            bytes += stored.message.raw_len();
            bytes <= DECODED_BYTES_MAX
        };
        // The newest in any case.
        let count = arrived.iter().take_while(within).count().max(1);
        arrived.truncate(count);
    }
    let asked = arrived.into_iter().map(|stored| {
        let text = inbox.store().text(stored.seq);
        Near { misses: query.misses(&stored, text.as_deref().unwrap_or_default()), stored }
    });
    let mut near: Vec<_> = asked.filter(|near| !near.misses.is_empty()).collect();
    // Stable: among equals the newest stays first.
    near.sort_by_cached_key(|near| {
        let closeness: f64 = near.misses.iter().map(|miss| miss.closeness).sum();
        (near.misses.len(), Reverse((closeness * 1000.0) as u64))
    });
    near.truncate(NEAR_MAX);
    near
}

/// What would have been the answer, if it counted.
fn earlier(question: &Question, inbox: &Inbox) -> Vec<Stored> {
    let Question { scope, query, since, .. } = question;
    let before = since.saturating_add(1);
    inbox.search(scope, query).before(before).among_newest(LOOKED_AT_MAX).first(ELSEWHERE_MAX)
}

/// What came since, fits, and is in mailboxes that the question does not see.
fn elsewhere(question: &Question, inbox: &Inbox) -> Vec<Stored> {
    let Question { scope, query, since, .. } = question;
    // Without a clause everything fits.
    if query.is_empty() || *scope == Scope::All {
        return Vec::new();
    }
    let others: Vec<_> = {
        let store = inbox.store();
        let came = store.newest_first(&Scope::All, None).take_while(|kept| kept.seq > *since);
        let others = came.filter(|kept| !scope.sees(&kept.message.mailbox)).take(LOOKED_AT_MAX);
        others.map(|kept| kept.stored()).collect()
    };
    others.into_iter().filter(|stored| inbox.fits(query, stored)).take(ELSEWHERE_MAX).collect()
}

/// Connections that broke off, or said nothing, since then: of this mailbox, or of nobody who said who it was.
fn troubled(inbox: &Inbox, scope: &Scope, since: Timestamp) -> Vec<(u64, Arc<SessionRecord>)> {
    let mine = |record: &SessionRecord| record.client.login.is_none() || scope.sees(&MailboxName::of(&record.client).0);
    let all = inbox.sessions().newest_first().into_iter();
    let troubled = all.filter(|(_, record)| record.closed >= since && record.outcome.is_broken() && mine(record));
    troubled.take(SESSIONS_MAX).collect()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline(f)?;
        for stored in self.found.iter().take(NEAR_TOLD_MAX) {
            write!(f, "\n- {}", self.told(stored))?;
        }
        more(f, self.found.len())?;
        // Of one too many, what did not fit is beside the point.
        if matches!(self.question.expected, Expected::Nothing) || self.has_too_many() {
            return Ok(());
        }
        self.earlier(f)?;
        // What came here is nearer than what came elsewhere, unless nothing did.
        if self.arrived == 0 {
            self.elsewhere(f)?;
        }
        self.near_misses(f)?;
        if self.arrived > 0 {
            self.elsewhere(f)?;
        }
        self.sessions(f)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// Whether it failed because of a message that came, and not for one that did not.
    pub fn has_too_many(&self) -> bool {
        match self.question.expected {
            Expected::AtLeast(_) => false,
            Expected::Exactly(count) => self.found.len() > count,
            Expected::Nothing => true,
        }
    }

    /// How many there should have been, in words.
    pub fn expectation(&self) -> String {
        match self.question.expected {
            Expected::AtLeast(count) => format!("at least {count}"),
            Expected::Exactly(count) => format!("exactly {count}"),
            Expected::Nothing => "none".into(),
        }
    }

    fn headline(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { scope, query, expected, timeout, .. } = &self.question;
        let place = match scope {
            Scope::All => String::new(),
            Scope::Mailbox(name) => format!(" in mailbox {:?}", name.as_str()),
        };
        let like = if query.is_empty() { " arrived".to_owned() } else { format!(" matched {query}") };
        let time = words(*timeout);
        let colon = if self.found.is_empty() { "." } else { ":" };
        match (expected, self.found.len()) {
            (Expected::Nothing, _) => write!(f, "No message was expected{place}, but one{like}:"),
            (Expected::Exactly(count), found) if found > *count => {
                write!(f, "Exactly {} expected{place}, but at least {found}{like}:", were(*count))
            }
            (Expected::AtLeast(1) | Expected::Exactly(1), _) => write!(f, "No message{place}{like} within {time}."),
            (Expected::AtLeast(count) | Expected::Exactly(count), found) => {
                let exactly = if matches!(expected, Expected::Exactly(_)) { "Exactly " } else { "" };
                let found = if found == 0 { "none".to_owned() } else { found.to_string() };
                write!(f, "{exactly}{} expected{place}, but {found}{like} within {time}{colon}", were(*count))
            }
        }
    }

    fn earlier(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for stored in self.earlier.iter().take(1) {
            let it = if self.earlier.len() == 1 { "One that fits" } else { "The last of those that fit" };
            write!(
                f,
                "\n{it} came before, and does not count; take the cursor before you send:\n- {}",
                self.told(stored)
            )?;
        }
        Ok(())
    }

    fn elsewhere(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope::Mailbox(mailbox) = &self.question.scope else { return Ok(()) };
        if self.arrived == 0 && !self.elsewhere.is_empty() {
            f.write_str("\nNothing arrived in it.")?;
        }
        let (nobodys, others): (Vec<_>, Vec<_>) =
            self.elsewhere.iter().partition(|stored| stored.message.envelope.client.login.is_none());
        if let Some(stored) = nobodys.first() {
            let name = stored.message.mailbox.as_str();
            write!(f, "\nOne that fits is in mailbox {name:?}: its client did not log in.")?;
            write!(f, " To reach {mailbox:?}, log in with that user name.\n- {}", self.told(stored))?;
        }
        let is_alike = |name: &str| name.to_lowercase() == mailbox.as_str().to_lowercase();
        let mut names: Vec<_> = others.iter().map(|stored| stored.message.mailbox.as_str()).collect();
        // Parallel tests ask for the same in mailboxes of their own: beside a message that came here and nearly fits, theirs say
        // nothing about this one.
        names.retain(|name| self.near.is_empty() || is_alike(name));
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            let listed = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            let (boxes, whose) = match names.len() {
                1 => ("mailbox", "whose client logged in by that name"),
                _ => ("mailboxes", "whose clients logged in by those names"),
            };
            write!(f, "\nThe same question fits mail in {boxes} {listed}, {whose}.")?;
        }
        if let Some(name) = names.iter().find(|name| is_alike(name)) {
            write!(f, " {name:?} and {mailbox:?} are two mailboxes: names count to the letter.")?;
        }
        Ok(())
    }

    fn near_misses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.arrived.saturating_sub(self.found.len());
        match (others, self.arrived_elsewhere, &self.question.scope) {
            (0, _, _) if !self.found.is_empty() => return Ok(()),
            (0, ..) if !self.elsewhere.is_empty() => return Ok(()),
            (0, 0, _) if self.question.since > 0 => return f.write_str("\nNothing arrived since."),
            (0, 0, _) => return f.write_str("\nNothing arrived at all."),
            (0, away, Scope::Mailbox(name)) => {
                let it = messages(away).to_lowercase();
                return write!(f, "\nNothing arrived in mailbox {:?}; {it} arrived in others.", name.as_str());
            }
            (others, ..) => write!(f, "\n{} arrived that did not match", messages(others))?,
        }
        f.write_str(if others == 1 { ":" } else { ", the nearest first:" })?;
        for (number, near) in (1..).zip(self.near.iter().take(NEAR_TOLD_MAX)) {
            write!(f, "\n{number}. {}", self.told(&near.stored))?;
            for Miss { term, expected, found, .. } in &near.misses {
                write!(f, "\n   - {term}: expected {expected}, found {found}")?;
            }
        }
        more(f, others)
    }

    fn sessions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, record) in &self.sessions {
            let Outcome::Broken(sentence) = &record.outcome else { continue };
            let peer = record.client.peer.map_or_else(|| "a client".to_owned(), |peer| peer.to_string());
            let when = ago(self.at.duration_since(record.closed));
            write!(f, "\nA connection broke off {when} ({peer}, {}): {sentence}", record.client.door.name())?;
        }
        Ok(())
    }

    /// One message on one line.
    fn told(&self, stored: &Stored) -> String {
        let message = &stored.message;
        let to: Vec<_> = message.envelope.to.iter().take(3).map(|to| harmless(&to.path.to_string())).collect();
        let more = match message.envelope.to.len() {
            0..=3 => String::new(),
            all => format!(" and {} more", all - 3),
        };
        let subject = if message.view.subject.is_empty() { "no subject".into() } else { quoted(&message.view.subject) };
        let sender = &message.envelope.from.path;
        let sender = if sender.is_null() { "<>".into() } else { harmless(&sender.to_string()) };
        let mailbox = match &self.question.scope {
            Scope::All if !message.mailbox.is_default() => format!(", in mailbox {:?}", message.mailbox.as_str()),
            _ => String::new(),
        };
        let when = ago(self.at.duration_since(message.received));
        format!("{subject} from {sender} to {}{more}, {when}{mailbox}", to.join(", "))
    }
}

fn more(f: &mut fmt::Formatter<'_>, all: usize) -> fmt::Result {
    match all.saturating_sub(NEAR_TOLD_MAX) {
        0 => Ok(()),
        left => write!(f, "\n… and {left} more"),
    }
}

fn messages(count: usize) -> String {
    if count == 1 { "One message".into() } else { format!("{count} messages") }
}

fn were(count: usize) -> String {
    if count == 1 { "1 message was".into() } else { format!("{count} messages were") }
}

/// `500 ms`, `5 s`, `2.5 s`.
pub fn words(time: Duration) -> String {
    let milliseconds = time.as_millis();
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        _ if milliseconds.is_multiple_of(1000) => format!("{} s", milliseconds / 1000),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

fn ago(time: SignedDuration) -> String {
    let seconds = time.as_secs_f64().max(0.0);
    match seconds {
        _ if seconds < 10.0 => format!("{seconds:.1} s ago"),
        _ if seconds < 120.0 => format!("{seconds:.0} s ago"),
        _ => format!("{:.0} min ago", seconds / 60.0),
    }
}
