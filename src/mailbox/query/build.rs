//! A query built clause by clause, for programs: `to("ann@app.test").subject("Welcome")`.
//!
//! A plain string is to be contained, whatever the case; a whole address is meant as a whole. [`super::equal_to`] and
//! [`super::matching`] ask for more.

use jiff::Timestamp;

use super::test::{Place, Test};
use super::{AttachmentTest, Clause, Pattern, Query, equal_to};
use crate::mail::finding::Oddity;
use crate::mailbox::MailboxName;

/// Any message.
pub fn any() -> Query {
    Query::default()
}

/// A message to this recipient, in its To field or its envelope.
pub fn to(recipient: impl Into<Pattern>) -> Query {
    any().to(recipient)
}

/// A message of this sender, in its From field or its envelope.
pub fn from(sender: impl Into<Pattern>) -> Query {
    any().from(sender)
}

/// A message with this in its subject.
pub fn subject(text: impl Into<Pattern>) -> Query {
    any().subject(text)
}

/// A message with this in its text or its HTML.
pub fn body(text: impl Into<Pattern>) -> Query {
    any().body(text)
}

/// A message with this tag.
pub fn tag(name: impl Into<String>) -> Query {
    any().tag(name)
}

/// A message with an attachment like this.
pub fn attachment(test: AttachmentTest) -> Query {
    any().attachment(test)
}

impl Query {
    /// All clauses of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.clauses.extend(other.clauses);
        self
    }

    /// What the one or the other finds.
    ///
    /// ```
    /// use restante::subject;
    ///
    /// let query = subject("Welcome").or(subject("Hello")).to("ann@app.test");
    /// assert_eq!(query.to_string(), "(subject:Welcome OR subject:Hello) to:=ann@app.test");
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::either([self, other])
    }

    /// What it does not find.
    ///
    /// ```
    /// use restante::{from, to};
    ///
    /// let query = to("ann@app.test").and(from("news@").subject("sale").negated());
    /// assert_eq!(query.to_string(), "to:=ann@app.test -(from:news@ subject:sale)");
    /// ```
    #[must_use]
    pub fn negated(mut self) -> Self {
        match &mut self.clauses[..] {
            // Nothing is both.
            [] => Self::default().with(Test::Read(true)).with(Test::Read(false)),
            [Clause { negated: true, test: Test::Either(queries) }] => Self::either(std::mem::take(queries)),
            [clause] => {
                clause.negated = !clause.negated;
                self
            }
            _ => Self { clauses: vec![Clause { negated: true, test: Test::Either(vec![self]) }] },
        }
    }

    /// What one of them finds.
    pub(super) fn either(queries: impl IntoIterator<Item = Self>) -> Self {
        let mut alternatives = Vec::new();
        for mut query in queries {
            if query.is_empty() {
                // It finds everything.
                return query;
            }
            match &mut query.clauses[..] {
                [Clause { negated: false, test: Test::Either(nested) }] => alternatives.append(nested),
                _ => alternatives.push(query),
            }
        }
        match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Self::default().with(Test::Either(alternatives)),
        }
    }

    /// To this recipient, in the To field or the envelope.
    #[must_use]
    pub fn to(self, recipient: impl Into<Pattern>) -> Self {
        self.text(Place::To, recipient.into().of_address())
    }

    /// Of this sender, in the From field or the envelope.
    #[must_use]
    pub fn from(self, sender: impl Into<Pattern>) -> Self {
        self.text(Place::From, sender.into().of_address())
    }

    /// To this recipient in the Cc field.
    #[must_use]
    pub fn cc(self, recipient: impl Into<Pattern>) -> Self {
        self.text(Place::Cc, recipient.into().of_address())
    }

    /// To this recipient in the Bcc field, or in the envelope and no field.
    #[must_use]
    pub fn bcc(self, recipient: impl Into<Pattern>) -> Self {
        self.text(Place::Bcc, recipient.into().of_address())
    }

    /// With this address in the Reply-To field.
    #[must_use]
    pub fn reply_to(self, address: impl Into<Pattern>) -> Self {
        self.text(Place::ReplyTo, address.into().of_address())
    }

    /// With this as sender or recipient of the envelope.
    #[must_use]
    pub fn envelope(self, address: impl Into<Pattern>) -> Self {
        self.text(Place::Envelope, address.into().of_address())
    }

    /// With this in the subject.
    #[must_use]
    pub fn subject(self, text: impl Into<Pattern>) -> Self {
        self.text(Place::Subject, text.into())
    }

    /// With this in the text or the HTML.
    #[must_use]
    pub fn body(self, text: impl Into<Pattern>) -> Self {
        self.text(Place::Body, text.into())
    }

    /// With this in the field of this name.
    #[must_use]
    pub fn header(self, name: &str, value: impl Into<Pattern>) -> Self {
        self.text(Place::Header(name.into()), value.into())
    }

    /// With a field of this name, whatever it says.
    #[must_use]
    pub fn has_header(self, name: &str) -> Self {
        self.with(Test::HasHeader(name.into()))
    }

    /// With this Message-ID, without brackets.
    #[must_use]
    pub fn message_id(self, id: impl Into<Pattern>) -> Self {
        self.text(Place::MessageId, id.into())
    }

    /// With this tag.
    #[must_use]
    pub fn tag(self, name: impl Into<String>) -> Self {
        self.text(Place::Tag, equal_to(name))
    }

    /// In the mailbox of this name.
    #[must_use]
    pub fn mailbox(self, name: &str) -> Self {
        self.with(Test::Mailbox(MailboxName::new(name)))
    }

    /// With an attachment like this.
    #[must_use]
    pub fn attachment(self, test: AttachmentTest) -> Self {
        self.with(Test::Attachment(test))
    }

    /// With an attachment, or without any.
    #[must_use]
    pub fn has_attachment(self, has: bool) -> Self {
        self.with_if(has, Test::HasAttachment)
    }

    /// With findings, or without any.
    #[must_use]
    pub fn has_findings(self, has: bool) -> Self {
        self.with_if(has, Test::HasFindings)
    }

    /// Such that a strict server would refuse it, or not.
    #[must_use]
    pub fn refusable(self, refusable: bool) -> Self {
        self.with_if(refusable, Test::Refusable)
    }

    /// With this finding.
    #[must_use]
    pub fn finding(self, oddity: Oddity) -> Self {
        self.with(Test::Finding(oddity))
    }

    /// Of more than this many bytes.
    #[must_use]
    pub fn larger(self, bytes: usize) -> Self {
        self.with(Test::Larger(bytes))
    }

    /// Of fewer than this many bytes.
    #[must_use]
    pub fn smaller(self, bytes: usize) -> Self {
        self.with(Test::Smaller(bytes))
    }

    /// Received before this instant.
    #[must_use]
    pub fn before(self, instant: Timestamp) -> Self {
        self.with(Test::Before(instant))
    }

    /// Received at this instant or later.
    #[must_use]
    pub fn after(self, instant: Timestamp) -> Self {
        self.with(Test::After(instant))
    }

    fn text(self, place: Place, pattern: Pattern) -> Self {
        self.with(Test::Text(place, pattern))
    }

    fn with_if(self, is: bool, test: Test) -> Self {
        let mut query = self.with(test);
        if let Some(clause) = query.clauses.last_mut() {
            clause.negated = !is;
        }
        query
    }

    fn with(mut self, test: Test) -> Self {
        self.clauses.push(Clause { negated: false, test });
        self
    }
}
