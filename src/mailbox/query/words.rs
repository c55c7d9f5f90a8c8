//! What of a query can be asked of a text alone, before its message is looked at.

use std::cmp::Reverse;

use memchr::memmem::Finder;

use super::test::{Place, Test};
use super::{Clause, Query};

/// The clauses that look anywhere in a message, and words without which no message can fit.
pub(in crate::mailbox) struct Words<'a> {
    anywhere: Vec<&'a Clause>,
    needed: Vec<Finder<'static>>,
}

impl<'a> Words<'a> {
    /// None if there is nothing that a text could say.
    pub(in crate::mailbox) fn of(query: &'a Query) -> Option<Self> {
        let anywhere: Vec<_> = query.clauses.iter().filter(|clause| clause.test.has_words()).collect();
        let needed = query.needed().unwrap_or_default();
        let needed: Vec<_> = needed.iter().map(|word| Finder::new(word).into_owned()).collect();
        (!anywhere.is_empty() || !needed.is_empty()).then_some(Self { anywhere, needed })
    }

    /// One of these must be in the text, unless that was cut off; nothing must if there are none.
    pub(in crate::mailbox) fn needed(&self) -> &[Finder<'static>] {
        &self.needed
    }

    /// Whether the text is what all clauses that look anywhere ask for, as far as it can say.
    pub(in crate::mailbox) fn fit(&self, text: &str) -> bool {
        self.anywhere.iter().all(|clause| clause.said_by(text) != Some(false))
    }
}

impl Query {
    /// Whether a message with this text may be what is asked for.
    pub(super) fn fits_text(&self, text: &str) -> bool {
        self.said_by(text) != Some(false)
    }

    /// What the text alone says to it, if it says anything.
    fn said_by(&self, text: &str) -> Option<bool> {
        let mut said = Some(true);
        for clause in &self.clauses {
            match clause.said_by(text) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => said = None,
            }
        }
        said
    }

    /// Words, in lower case, of which every message that fits has one.
    fn needed(&self) -> Option<Vec<String>> {
        // The longest is the rarest, mostly; of alternatives the shortest tells.
        let shortest = |words: &Vec<String>| words.iter().map(String::len).min();
        self.clauses.iter().filter_map(Clause::needed).max_by_key(|words| (shortest(words), Reverse(words.len())))
    }
}

impl Clause {
    fn said_by(&self, text: &str) -> Option<bool> {
        let holds = match &self.test {
            Test::Text(Place::Anywhere, pattern) => Some(pattern.fits_lower(text)),
            Test::Either(queries) => {
                let mut said = Some(false);
                for query in queries {
                    match query.said_by(text) {
                        Some(false) => {}
                        Some(true) => {
                            said = Some(true);
                            break;
                        }
                        None => said = None,
                    }
                }
                said
            }
            _ => None,
        };
        holds.map(|holds| holds != self.negated)
    }

    /// What stands in the text of every message that fits, in lower case: subjects and addresses are in it too. Of several
    /// alternatives each has its own.
    fn needed(&self) -> Option<Vec<String>> {
        match &self.test {
            Test::Text(place, pattern) if !self.negated && place.is_in_text() => {
                pattern.needed().filter(|needed| !needed.is_empty()).map(|needed| vec![needed])
            }
            Test::Either(queries) if !self.negated => {
                let each: Option<Vec<_>> = queries.iter().map(Query::needed).collect();
                each.map(|each| each.concat())
            }
            _ => None,
        }
    }
}
