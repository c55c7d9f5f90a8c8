//! The search language: words, "phrases", `-not`, and `term:value` rows. The same in the search box, in the API's
//! search and in a wait.
//!
//! A [`Query`] that exists can be asked. Everything that is not one of the terms below is a word, so nothing a user
//! types is an error but a value that its term cannot read.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use memchr::memmem;
use winnow::combinator::{alt, delimited, opt, preceded, repeat, terminated};
use winnow::prelude::*;
use winnow::token::{one_of, take_till, take_while};

use super::{MailboxName, Stored};
use crate::mail::address::Address;
use crate::mail::envelope::Addressed;
use crate::mail::finding::Oddity;

/// A search that can be asked of any message. All its clauses must hold.
#[derive(Clone, Debug, Default)]
pub struct Query {
    clauses: Vec<Clause>,
}

#[derive(Clone, Debug)]
struct Clause {
    negated: bool,
    test: Test,
}

/// What a clause looks at, its text already in lower case.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    Word(String),
    From(String),
    To(String),
    Cc(String),
    Bcc(String),
    ReplyTo(String),
    Addressed(String),
    Subject(String),
    MessageId(String),
    Mailbox(MailboxName),
    Read(bool),
    HasAttachment,
    HasInline,
    HasFindings,
    Refusable,
    Finding(Oddity),
    Larger(usize),
    Smaller(usize),
    Before(Timestamp),
    After(Timestamp),
}

/// One row of the language.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// What stands before the colon.
    pub name: &'static str,
    /// What it finds, for help and docs.
    pub meaning: &'static str,
    /// A value that works.
    pub example: &'static str,
    read: fn(&str) -> Option<Test>,
}

/// Every term, in the order of the help.
pub const TERMS: &[Term] = &[
    Term {
        name: "from",
        meaning: "sender, in the From field or the envelope",
        example: "from:billing@",
        read: |v| Some(Test::From(v.into())),
    },
    Term {
        name: "to",
        meaning: "recipient, in the To field or the envelope",
        example: "to:ann@app.test",
        read: |v| Some(Test::To(v.into())),
    },
    Term { name: "cc", meaning: "recipient in the Cc field", example: "cc:bob", read: |v| Some(Test::Cc(v.into())) },
    Term {
        name: "bcc",
        meaning: "recipient in the Bcc field, or in the envelope but in no field",
        example: "bcc:eve",
        read: |v| Some(Test::Bcc(v.into())),
    },
    Term {
        name: "reply-to",
        meaning: "address in the Reply-To field",
        example: "reply-to:help",
        read: |v| Some(Test::ReplyTo(v.into())),
    },
    Term {
        name: "addressed",
        meaning: "any address of the message",
        example: "addressed:ann",
        read: |v| Some(Test::Addressed(v.into())),
    },
    Term {
        name: "subject",
        meaning: "words of the subject",
        example: "subject:\"reset your password\"",
        read: |v| Some(Test::Subject(v.into())),
    },
    Term {
        name: "message-id",
        meaning: "the Message-ID field",
        example: "message-id:abc@app.test",
        read: |v| Some(Test::MessageId(v.trim_matches(['<', '>']).into())),
    },
    Term {
        name: "mailbox",
        meaning: "the mailbox of this name",
        example: "mailbox:worker-3",
        read: |v| Some(Test::Mailbox(MailboxName::new(v))),
    },
    Term {
        name: "is",
        meaning: "read, unread, or refusable: a strict server would refuse it",
        example: "is:unread",
        read: |v| match v {
            "read" => Some(Test::Read(true)),
            "unread" => Some(Test::Read(false)),
            "refusable" => Some(Test::Refusable),
            _ => None,
        },
    },
    Term {
        name: "has",
        meaning: "an attachment, an inline part, or findings",
        example: "has:attachment",
        read: |v| match v {
            "attachment" | "attachments" => Some(Test::HasAttachment),
            "inline" => Some(Test::HasInline),
            "finding" | "findings" => Some(Test::HasFindings),
            _ => None,
        },
    },
    Term {
        name: "finding",
        meaning: "the finding of this id, of those in docs/findings.md",
        example: "finding:bare-lf",
        read: |v| Oddity::named(v).map(Test::Finding),
    },
    Term {
        name: "larger",
        meaning: "size of the source above this",
        example: "larger:100kb",
        read: |v| size(v).map(Test::Larger),
    },
    Term {
        name: "smaller",
        meaning: "size of the source below this",
        example: "smaller:1mb",
        read: |v| size(v).map(Test::Smaller),
    },
    Term {
        name: "before",
        meaning: "received before this day or instant (UTC)",
        example: "before:2026-12-24",
        read: |v| instant(v).map(Test::Before),
    },
    Term {
        name: "after",
        meaning: "received on or after this day or instant (UTC)",
        example: "after:2026-11-24T10:00:00Z",
        read: |v| instant(v).map(Test::After),
    },
];

/// A term whose value it cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// As it was typed.
    pub typed: String,
    /// A form that works.
    pub example: &'static str,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be read; write it like {}", self.typed, self.example)
    }
}

impl std::error::Error for QueryError {}

/// The longest search, in bytes: it is compared with every message.
pub const QUERY_BYTES_MAX: usize = 8 << 10;

impl Query {
    /// Reads a search.
    ///
    /// # Errors
    /// [`QueryError`] for a value that its term cannot read, such as `larger:much`.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.len() > QUERY_BYTES_MAX {
            let typed = text.chars().take(40).chain("…".chars()).collect();
            return Err(QueryError { typed, example: "a search of at most 8 KiB" });
        }
        // The grammar reads any text. Should it ever not, the search is refused: without clauses it would find everything.
        let unread =
            |_| QueryError { typed: text.chars().take(40).collect(), example: "words, or subject:\"a phrase\"" };
        let tokens: Vec<Token<'_>> = tokens.parse(text).map_err(unread)?;
        let clauses =
            tokens.into_iter().filter(|token| !token.is_empty()).map(Token::clause).collect::<Result<_, _>>()?;
        Ok(Self { clauses })
    }

    /// Whether it asks for nothing, so that every message matches.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether the message is what was asked for.
    pub fn matches(&self, stored: &Stored) -> bool {
        self.clauses.iter().all(|clause| clause.test.holds(stored) != clause.negated)
    }
}

impl std::str::FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::parse(text)
    }
}

impl Test {
    fn holds(&self, stored: &Stored) -> bool {
        let (message, view) = (&*stored.message, &stored.message.view);
        match self {
            Self::Word(word) => contains(&message.searchable, word),
            Self::From(text) => any(&view.from, text) || path_has(&message.envelope.from, text),
            Self::To(text) => any(&view.to, text) || message.envelope.to.iter().any(|to| path_has(to, text)),
            Self::Cc(text) => any(&view.cc, text),
            Self::Bcc(text) => any(&view.bcc, text) || unnamed_recipient(stored, text),
            Self::ReplyTo(text) => any(&view.reply_to, text),
            Self::Addressed(text) => {
                [&view.from, &view.to, &view.cc, &view.bcc, &view.reply_to].into_iter().any(|list| any(list, text))
                    || std::iter::once(&message.envelope.from)
                        .chain(&message.envelope.to)
                        .any(|path| path_has(path, text))
            }
            Self::Subject(text) => contains(&view.subject.to_lowercase(), text),
            Self::MessageId(text) => contains(&view.message_id.to_lowercase(), text),
            Self::Mailbox(name) => message.mailbox == *name,
            Self::Read(read) => stored.read == *read,
            Self::HasAttachment => !view.attachments.is_empty(),
            Self::HasInline => !view.inline.is_empty(),
            Self::HasFindings => message.all_findings().next().is_some(),
            Self::Refusable => message.is_refusable(),
            Self::Finding(oddity) => message.all_findings().any(|finding| finding.oddity == *oddity),
            Self::Larger(bytes) => message.raw.len() > *bytes,
            Self::Smaller(bytes) => message.raw.len() < *bytes,
            Self::Before(instant) => message.received < *instant,
            Self::After(instant) => message.received >= *instant,
        }
    }
}

/// A recipient of the envelope whom no field names: what Bcc leaves behind.
fn unnamed_recipient(stored: &Stored, text: &str) -> bool {
    let view = &stored.message.view;
    // Collected, as ten thousand recipients may be compared with as many names.
    let named = LazyCell::new(|| -> HashSet<String> {
        view.to.iter().chain(&view.cc).map(|address| address.address.to_ascii_lowercase()).collect()
    });
    stored.message.envelope.to.iter().any(|recipient| {
        let path = recipient.path.to_string();
        contains(&path.to_lowercase(), text) && !named.contains(&path.to_ascii_lowercase())
    })
}

fn any(list: &[Address], text: &str) -> bool {
    list.iter().any(|address| contains(&address.to_string().to_lowercase(), text))
}

fn path_has(addressed: &Addressed, text: &str) -> bool {
    contains(&addressed.path.to_string().to_lowercase(), text)
}

fn contains(haystack: &str, needle: &str) -> bool {
    memmem::find(haystack.as_bytes(), needle.as_bytes()).is_some()
}

/// A number of bytes: `500`, `100kb`, `1.5MB`. One kB is 1,024 bytes, as the page shows it.
fn size(text: &str) -> Option<usize> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let factor = match text[unit_at..].trim_end_matches('b').trim_end_matches('i') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let number: f64 = text[..unit_at].parse().ok()?;
    Some((number * factor) as usize)
}

fn instant(text: &str) -> Option<Timestamp> {
    let upper = text.to_ascii_uppercase();
    let day = || TimeZone::UTC.to_timestamp(upper.parse::<Date>().ok()?.at(0, 0, 0, 0)).ok();
    upper.parse().ok().or_else(day)
}

/// A word of the search as it was typed, without its quotes.
struct Token<'a> {
    negated: bool,
    term: Option<&'static Term>,
    value: &'a str,
}

impl Token<'_> {
    fn is_empty(&self) -> bool {
        self.value.is_empty() && self.term.is_none()
    }

    fn clause(self) -> Result<Clause, QueryError> {
        let value = self.value.to_lowercase();
        let test = match self.term {
            // A mailbox name is exact, in its own letters; an empty one is the default's.
            Some(term) if term.name == "mailbox" => (term.read)(self.value),
            // `to:` and a variable that is not set: it would find everything.
            Some(_) if value.is_empty() => None,
            Some(term) => (term.read)(&value),
            None => Some(Test::Word(value)),
        };
        let unreadable = || QueryError {
            typed: self.term.map_or_else(String::new, |term| format!("{}:{}", term.name, self.value)),
            example: self.term.map_or("", |term| term.example),
        };
        Ok(Clause { negated: self.negated, test: test.ok_or_else(unreadable)? })
    }
}

fn tokens<'a>(input: &mut &'a str) -> ModalResult<Vec<Token<'a>>> {
    preceded(blank, repeat(0.., terminated(token, blank))).parse_next(input)
}

fn token<'a>(input: &mut &'a str) -> ModalResult<Token<'a>> {
    let negated = opt(one_of(['-', '!'])).parse_next(input)?.is_some();
    let term = opt(term).parse_next(input)?;
    let (value, quoted) =
        alt((phrase.map(|phrase| (phrase, true)), bare.map(|word| (word, false)))).parse_next(input)?;
    // A lone sign consumes itself, so that `repeat` always gets on.
    if value.is_empty() && !quoted && term.is_none() && !negated {
        return Err(winnow::error::ErrMode::Backtrack(winnow::error::ContextError::new()));
    }
    Ok(Token { negated, term, value })
}

fn term(input: &mut &str) -> ModalResult<&'static Term> {
    terminated(take_while(1.., ('a'..='z', 'A'..='Z', '-')), ':')
        .verify_map(|name: &str| TERMS.iter().find(|term| term.name.eq_ignore_ascii_case(name)))
        .parse_next(input)
}

/// What ends a word also stands between words, be it a no-break space or an ideographic one: a search that is read only
/// up to there would find, and delete, what was not meant.
fn blank<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    take_while(0.., char::is_whitespace).parse_next(input)
}

/// A phrase that is never closed ends where the search does.
fn phrase<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    delimited('"', take_till(0.., '"'), opt('"')).parse_next(input)
}

fn bare<'a>(input: &mut &'a str) -> ModalResult<&'a str> {
    take_till(0.., char::is_whitespace).parse_next(input)
}

#[cfg(test)]
mod tests;
