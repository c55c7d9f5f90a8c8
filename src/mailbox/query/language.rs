//! The language of the search box, the API's search and the wait: words, "phrases", `-not`, `term:value` rows, and
//! `(a OR b)`. This file knows what each word means; how they are put together is [`super::grammar`]'s.
//!
//! A value is contained as it stands; `="…"` is the whole text, `/…/` a regular expression. Everything that is not one
//! of the terms is a word, so nothing a user types is an error but a value that its term cannot read, and a bracket or
//! an `OR` that has no other side.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::attachment::{AttachmentTest, HexDigest};
pub use super::complete::{COMPLETIONS_MAX, Completion, Known, complete};
use super::pattern::{Pattern, containing, equal_to, matching};
use super::test::{Place, Test};
use super::{Clause, Query, QueryError, grammar};
use crate::mail::finding::Oddity;
use crate::mailbox::MailboxName;

/// One row of the language.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// What stands before the colon.
    pub name: &'static str,
    /// What it finds, for help and docs.
    pub meaning: &'static str,
    /// A value that works.
    pub example: &'static str,
    read: Read,
}

/// How the value of a row is read.
#[derive(Clone, Copy, Debug)]
enum Read {
    /// A text, to be contained, equal or matched.
    Text(fn(Pattern) -> Test),
    /// A text that is meant as a whole.
    Whole(fn(Pattern) -> Test),
    /// Something else; its text is in lower case.
    Value(fn(&str) -> Option<Test>),
    /// The name of a mailbox: exact, in its own letters; an empty one is the default's.
    Mailbox,
    /// A field of any name, which stands in the term.
    Header,
}

/// Every term, in the order of the help.
pub const TERMS: &[Term] = &[
    Term {
        name: "from",
        meaning: "sender, in the From field or the envelope",
        example: "from:billing@",
        read: Read::Text(|text| Test::Text(Place::From, text)),
    },
    Term {
        name: "to",
        meaning: "recipient, in the To field or the envelope",
        example: "to:ann@app.test",
        read: Read::Text(|text| Test::Text(Place::To, text)),
    },
    Term {
        name: "cc",
        meaning: "recipient in the Cc field",
        example: "cc:bob",
        read: Read::Text(|text| Test::Text(Place::Cc, text)),
    },
    Term {
        name: "bcc",
        meaning: "recipient in the Bcc field, or in the envelope but in no field",
        example: "bcc:eve",
        read: Read::Text(|text| Test::Text(Place::Bcc, text)),
    },
    Term {
        name: "reply-to",
        meaning: "address in the Reply-To field",
        example: "reply-to:help",
        read: Read::Text(|text| Test::Text(Place::ReplyTo, text)),
    },
    Term {
        name: "addressed",
        meaning: "any address of the message",
        example: "addressed:ann",
        read: Read::Text(|text| Test::Text(Place::Addressed, text)),
    },
    Term {
        name: "envelope",
        meaning: "sender or recipient of the envelope, whatever the fields say",
        example: "envelope:bounce@app.test",
        read: Read::Text(|text| Test::Text(Place::Envelope, text)),
    },
    Term {
        name: "subject",
        meaning: "words of the subject",
        example: "subject:\"reset your password\"",
        read: Read::Text(|text| Test::Text(Place::Subject, text)),
    },
    Term {
        name: "body",
        meaning: "words of the text or of the HTML",
        example: "body:\"see you tomorrow\"",
        read: Read::Text(|text| Test::Text(Place::Body, text)),
    },
    Term {
        name: "header.NAME",
        meaning: "a field of any name",
        example: "header.x-mailer:phpmailer",
        read: Read::Header,
    },
    Term {
        name: "message-id",
        meaning: "the Message-ID field",
        example: "message-id:abc@app.test",
        read: Read::Text(|text| Test::Text(Place::MessageId, text)),
    },
    Term {
        name: "tag",
        meaning: "the tag of this name: from user+name@, an X-Tags field, or set by hand",
        example: "tag:signup",
        read: Read::Whole(|text| Test::Text(Place::Tag, text)),
    },
    Term {
        name: "attachment",
        meaning: "the name or media type of an attachment",
        example: "attachment:invoice.pdf",
        read: Read::Text(|text| Test::Attachment(AttachmentTest { either: Some(text), ..AttachmentTest::default() })),
    },
    Term {
        name: "attachment-name",
        meaning: "the file name of an attachment",
        example: "attachment-name:=invoice.pdf",
        read: Read::Text(|text| Test::Attachment(AttachmentTest { name: Some(text), ..AttachmentTest::default() })),
    },
    Term {
        name: "attachment-type",
        meaning: "the media type of an attachment",
        example: "attachment-type:application/pdf",
        read: Read::Text(|text| {
            Test::Attachment(AttachmentTest { media_type: Some(text), ..AttachmentTest::default() })
        }),
    },
    Term {
        name: "attachment-digest",
        meaning: "the MD5, SHA-1 or SHA-256 of an attachment",
        example: "attachment-digest:d41d8cd98f00b204e9800998ecf8427e",
        read: Read::Value(|text| {
            HexDigest::read(text)
                .map(|digest| Test::Attachment(AttachmentTest { digest: Some(digest), ..AttachmentTest::default() }))
        }),
    },
    Term { name: "mailbox", meaning: "the mailbox of this name", example: "mailbox:worker-3", read: Read::Mailbox },
    Term {
        name: "is",
        meaning: "read, unread, tagged, kept, or refusable: a strict server would refuse it",
        example: "is:unread",
        read: Read::Value(|text| match text {
            "read" => Some(Test::Read(true)),
            "unread" => Some(Test::Read(false)),
            "tagged" => Some(Test::Tagged),
            "kept" => Some(Test::Kept),
            "refusable" => Some(Test::Refusable),
            _ => None,
        }),
    },
    Term {
        name: "has",
        meaning: "an attachment, an inline part, or findings",
        example: "has:attachment",
        read: Read::Value(|text| match text {
            "attachment" | "attachments" => Some(Test::HasAttachment),
            "inline" => Some(Test::HasInline),
            "finding" | "findings" => Some(Test::HasFindings),
            _ => None,
        }),
    },
    Term {
        name: "finding",
        meaning: "the finding of this id, of those in docs/findings.md",
        example: "finding:bare-lf",
        read: Read::Value(|text| Oddity::named(text).map(Test::Finding)),
    },
    Term {
        name: "larger",
        meaning: "size of the source above this",
        example: "larger:100kb",
        read: Read::Value(|text| bytes(text).map(Test::Larger)),
    },
    Term {
        name: "smaller",
        meaning: "size of the source below this",
        example: "smaller:1mb",
        read: Read::Value(|text| bytes(text).map(Test::Smaller)),
    },
    Term {
        name: "before",
        meaning: "received before this day or instant (UTC)",
        example: "before:2026-12-24",
        read: Read::Value(|text| instant(text).map(Test::Before)),
    },
    Term {
        name: "after",
        meaning: "received on or after this day or instant (UTC)",
        example: "after:2026-11-24T10:00:00Z",
        read: Read::Value(|text| instant(text).map(Test::After)),
    },
];

/// The longest search, in bytes: it is compared with every message.
pub const QUERY_BYTES_MAX: usize = 8 << 10;

pub(super) fn read(text: &str) -> Result<Query, QueryError> {
    if text.len() > QUERY_BYTES_MAX {
        return Err(QueryError::new(text.chars().take(40).chain(['…']).collect(), "a search of at most 8 KiB"));
    }
    grammar::read(text)
}

/// A number of bytes: `500`, `100kb`, `1.5MB`. One kB is 1,024 bytes, as the page shows it.
pub fn bytes(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let factor = match text[unit_at..].trim_start().trim_end_matches('b').trim_end_matches('i') {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let number: f64 = text[..unit_at].parse().ok()?;
    Some((number * factor) as usize)
}

/// A day, from its first moment in UTC, or an instant.
pub fn instant(text: &str) -> Option<Timestamp> {
    let upper = text.to_ascii_uppercase();
    let day = || TimeZone::UTC.to_timestamp(upper.parse::<Date>().ok()?.at(0, 0, 0, 0)).ok();
    upper.parse().ok().or_else(day)
}

/// A word of the search as it was typed, without its quotes.
pub(super) struct Token<'a> {
    pub(super) negated: bool,
    pub(super) term: Option<Named<'a>>,
    pub(super) form: Form,
    pub(super) value: &'a str,
}

/// A row, and the name that stands in it.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    row: &'static Term,
    name: &'a str,
}

impl<'a> Named<'a> {
    /// The term of this name, if it is one.
    pub(super) fn find(name: &'a str) -> Option<Self> {
        let head = name.get(..HEADER.len()).filter(|_| name.len() > HEADER.len());
        let is_field = head.is_some_and(|head| head.eq_ignore_ascii_case(HEADER));
        let row = TERMS.iter().find(|row| match row.read {
            Read::Header => is_field,
            _ => row.name.eq_ignore_ascii_case(name),
        });
        row.map(|row| Self { row, name })
    }

    /// As [`TERMS`] has it.
    pub(super) fn row_name(&self) -> &'static str {
        self.row.name
    }
}

/// What stood around a value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    Bare,
    Quoted,
    Whole,
    Regex,
}

impl Token<'_> {
    /// Whether it asks for nothing: a sign or a pair of quotes.
    pub(super) fn is_empty(&self) -> bool {
        self.value.is_empty() && self.term.is_none()
    }

    pub(super) fn clause(self) -> Result<Clause, QueryError> {
        let test = match self.term {
            Some(term) => self.test_of(term)?,
            None => {
                if let Some(meant) = self.misspelt() {
                    let why = "there is no such term; in quotes it is words";
                    return Err(QueryError::new(self.value.to_owned(), meant.example).because(why.into()));
                }
                Test::Text(Place::Anywhere, containing(self.value))
            }
        };
        Ok(Clause { negated: self.negated, test })
    }

    /// The term that a word was meant to be: a search that asks for `subjct:x` finds nothing, and does not say why.
    fn misspelt(&self) -> Option<&'static Term> {
        let (name, rest) = self.value.split_once(':').filter(|_| self.form == Form::Bare)?;
        let near = |term: &&Term| {
            let most = if term.name.len() < 6 { 1 } else { 2 };
            term.name.len() > 3 && strsim::damerau_levenshtein(term.name, &name.to_lowercase()) <= most
        };
        // `form://…` and a time such as `to 12:30` are words.
        TERMS.iter().filter(|_| name.len() > 2 && !rest.is_empty() && !rest.starts_with('/')).find(near)
    }

    fn test_of(&self, Named { row, name }: Named<'_>) -> Result<Test, QueryError> {
        let forms = match row.name {
            "is" => "is:read, is:unread, is:tagged, is:kept or is:refusable",
            "has" => "has:attachment, has:inline or has:findings",
            _ => row.example,
        };
        let unreadable = || QueryError::new(format!("{name}:{}", self.value), forms);
        if let Read::Mailbox = row.read {
            return Ok(Test::Mailbox(MailboxName::new(self.value)));
        }
        let value = if row.name == "message-id" { self.value.trim_matches(['<', '>']) } else { self.value };
        // `to:` and a variable that is not set: it would find everything.
        if value.is_empty() {
            return Err(unreadable());
        }
        let text = || match self.form {
            Form::Bare | Form::Quoted => Ok(containing(value)),
            Form::Whole => Ok(equal_to(value)),
            Form::Regex => matching(&self.value.replace("\\/", "/")).map_err(|why| {
                QueryError::new(format!("{name}:/{}/", self.value), "subject:/order #[0-9]+/").because(why)
            }),
        };
        match row.read {
            Read::Text(of) => Ok(of(text()?)),
            Read::Whole(of) if self.form == Form::Regex => Ok(of(text()?)),
            Read::Whole(of) => Ok(of(equal_to(self.value))),
            Read::Header => Ok(Test::Text(Place::Header(name[HEADER.len()..].into()), text()?)),
            Read::Value(of) => of(&self.value.to_lowercase()).ok_or_else(unreadable),
            Read::Mailbox => Err(unreadable()),
        }
    }
}

/// What the name of a term begins with that asks for a field.
const HEADER: &str = "header.";
