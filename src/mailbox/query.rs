//! What a message must be like: a list of clauses, all of which must hold. Asked by the search box, the API's search,
//! the wait and a Rust test alike.
//!
//! A [`Query`] that exists can be asked. It is read from the search language ([`language`]) or built clause by clause:
//!
//! ```
//! use restante::mailbox::query::{to, matching};
//!
//! let query = to("ann@app.test").subject(matching("order #[0-9]+")?).tag("signup");
//! assert_eq!(query.to_string(), "to:=ann@app.test subject:/order #[0-9]+/ tag:=signup");
//! # Ok::<(), String>(())
//! ```

mod attachment;
mod build;
mod complete;
mod grammar;
mod hits;
pub mod language;
mod miss;
mod pattern;
mod test;
mod words;

use std::fmt;

use super::{Kept, Stored};
pub use attachment::{AttachmentTest, HexDigest, hex};
pub use build::{any, attachment, body, from, subject, tag, to};
pub use hits::{HITS_MAX, Shown};
pub use language::TERMS;
pub use miss::{Miss, harmless, quoted};
pub use pattern::{Pattern, containing, equal_to, matching};
use test::{Asked, Place, Test};
pub(super) use words::Words;

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

/// A term whose value it cannot read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// As it was typed.
    pub typed: String,
    /// What is wrong with it, if there is more to say.
    pub why: Option<String>,
    /// A form that works, or several.
    pub example: &'static str,
}

impl QueryError {
    fn new(typed: String, example: &'static str) -> Self {
        Self { typed, why: None, example }
    }

    fn because(self, why: String) -> Self {
        Self { why: Some(why), ..self }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be read", self.typed)?;
        if let Some(why) = &self.why {
            write!(f, " ({why})")?;
        }
        write!(f, "; write it like {}", self.example)
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// Reads a search.
    ///
    /// # Errors
    /// [`QueryError`] for a value that its term cannot read, such as `larger:much`.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        language::read(text)
    }

    /// Whether it asks for nothing, so that every message matches.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether the message is what was asked for; `text` is what the store has of it to look in.
    pub fn matches(&self, stored: &Stored, text: &str) -> bool {
        self.fits_text(text) && self.holds_beside_words(&Asked::new(stored.as_kept()), text)
    }

    /// Whether it is, once its text is known to fit; of a query that is not mixed.
    pub(super) fn matches_beside_words(&self, kept: Kept<'_>) -> bool {
        debug_assert!(!self.is_mixed(), "the text is wanted for it");
        self.holds_beside_words(&Asked::new(kept), "")
    }

    /// Whether all clauses hold but for those that are answered by the text alone.
    fn holds_beside_words(&self, asked: &Asked<'_>, text: &str) -> bool {
        // Bodies are decoded last.
        let holds = |costly| {
            let mut clauses = self.clauses.iter().filter(move |clause| clause.test.is_costly() == costly);
            clauses.all(|clause| clause.test.is_of_words() || clause.holds(asked, text))
        };
        holds(false) && holds(true)
    }

    fn holds(&self, asked: &Asked<'_>, text: &str) -> bool {
        self.fits_text(text) && self.holds_beside_words(asked, text)
    }

    /// The clauses that the message fails, in the order in which they were asked; none if it matches.
    pub fn misses(&self, stored: &Stored, text: &str) -> Vec<Miss> {
        let message = Asked::new(stored.as_kept());
        self.clauses
            .iter()
            .filter(|clause| !clause.holds(&message, text))
            .map(|clause| clause.miss(&message, text))
            .collect()
    }

    /// Whether some clause looks anywhere in the text.
    pub fn has_words(&self) -> bool {
        self.clauses.iter().any(|clause| clause.test.has_words())
    }

    /// Whether the text alone is the answer.
    fn is_of_words(&self) -> bool {
        self.clauses.iter().all(|clause| clause.test.is_of_words())
    }

    /// Whether some clause asks for the text and for what stands beside it: either alone is no answer then.
    pub(super) fn is_mixed(&self) -> bool {
        self.clauses.iter().any(|clause| clause.test.is_mixed())
    }

    /// Whether a message is asked by a glance at it, once its text is known to fit.
    pub(super) fn is_quick(&self) -> bool {
        self.clauses.iter().all(|clause| clause.test.is_quick())
    }

    /// Whether its answer about a message can change while that is kept: it asks for tags or read marks.
    pub fn is_of_state(&self) -> bool {
        self.clauses.iter().any(|clause| clause.test.is_of_state())
    }

    /// Whether bodies must be decoded for an answer.
    pub fn is_costly(&self) -> bool {
        self.clauses.iter().any(|clause| clause.test.is_costly())
    }

    /// How many clauses it has, those of alternatives too.
    pub fn len(&self) -> usize {
        self.clauses.iter().map(|clause| clause.test.len()).sum()
    }
}

impl Clause {
    fn holds(&self, asked: &Asked<'_>, text: &str) -> bool {
        self.test.holds(asked, text) != self.negated
    }
}

impl std::str::FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        Self::parse(text)
    }
}

/// In the search language.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Alone, alternatives need no brackets.
        if let [Clause { negated: false, test: Test::Either(queries) }] = &self.clauses[..] {
            return joined(f, queries, " OR ");
        }
        joined(f, &self.clauses, " ")
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.test {
            Test::Text(Place::Anywhere, pattern) => f.write_str(&pattern.as_word()),
            Test::Text(place, pattern) => write!(f, "{}:{pattern}", place.term()),
            Test::HasHeader(name) => write!(f, "header.{name}:/^/"),
            Test::Attachment(attachment) => {
                let rows = attachment.rows(false).into_iter().map(|(term, value, _)| format!("{term}:{value}"));
                let rows = rows.collect::<Vec<_>>();
                let all = rows.join(" ");
                if self.negated && rows.len() > 1 { write!(f, "({all})") } else { f.write_str(&all) }
            }
            Test::Mailbox(name) => write!(f, "mailbox:\"{name}\""),
            Test::Read(true) => f.write_str("is:read"),
            Test::Read(false) => f.write_str("is:unread"),
            Test::Tagged => f.write_str("is:tagged"),
            Test::Kept => f.write_str("is:kept"),
            Test::HasAttachment => f.write_str("has:attachment"),
            Test::HasInline => f.write_str("has:inline"),
            Test::HasFindings => f.write_str("has:findings"),
            Test::Refusable => f.write_str("is:refusable"),
            Test::Finding(oddity) => write!(f, "finding:{}", oddity.id()),
            Test::Larger(bytes) => write!(f, "larger:{bytes}"),
            Test::Smaller(bytes) => write!(f, "smaller:{bytes}"),
            Test::Before(instant) => write!(f, "before:{instant}"),
            Test::After(instant) => write!(f, "after:{instant}"),
            Test::Either(queries) => {
                f.write_str("(")?;
                joined(f, queries, " OR ")?;
                f.write_str(")")
            }
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display], between: &str) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
