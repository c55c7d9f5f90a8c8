//! What of a query can be asked of a text alone, before its message is looked at.

use memchr::memmem::Finder;

use super::test::{Place, Test};
use super::{Clause, Query};

/// The clauses that look anywhere in a message, and a word without which no message can fit.
pub(in crate::mailbox) struct Words<'a> {
    anywhere: Vec<&'a Clause>,
    rarest: Option<Finder<'static>>,
}

impl<'a> Words<'a> {
    /// None if there is nothing that a text could say.
    pub(in crate::mailbox) fn of(query: &'a Query) -> Option<Self> {
        let anywhere: Vec<_> = query.clauses.iter().filter(|clause| clause.is_of_words()).collect();
        // The longest is the rarest, mostly.
        let needed = query.clauses.iter().filter_map(Clause::needed).max_by_key(String::len);
        let rarest = needed.map(|needed| Finder::new(&needed).into_owned());
        (!anywhere.is_empty() || rarest.is_some()).then_some(Self { anywhere, rarest })
    }

    /// What must be in the text, unless that was cut off.
    pub(in crate::mailbox) fn rarest(&self) -> Option<&Finder<'_>> {
        self.rarest.as_ref()
    }

    /// Whether the text is what all clauses that look anywhere ask for.
    pub(in crate::mailbox) fn fit(&self, text: &str) -> bool {
        self.anywhere.iter().all(|clause| clause.fits_text(text))
    }
}

impl Clause {
    pub(super) fn is_of_words(&self) -> bool {
        matches!(self.test, Test::Text(Place::Anywhere, _))
    }

    pub(super) fn fits_text(&self, text: &str) -> bool {
        match &self.test {
            Test::Text(Place::Anywhere, pattern) => pattern.fits_lower(text) != self.negated,
            _ => true,
        }
    }

    /// What stands in the text of every message that fits, in lower case: subjects and addresses are in it too.
    fn needed(&self) -> Option<String> {
        match &self.test {
            Test::Text(place, pattern) if !self.negated && place.is_in_text() => {
                pattern.needed().filter(|needed| !needed.is_empty())
            }
            _ => None,
        }
    }
}
