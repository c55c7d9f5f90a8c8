//! Which pieces of what is shown of a message are why a search found it.
//!
//! Only what is asked for has pieces to show, not what is to be absent. Of alternatives all are looked for: that one of them
//! failed is not known here.

use std::ops::Range;

use super::pattern::{Kind, Pattern};
use super::test::{Place, Test};
use super::{Clause, Query};

/// What a text is of the message that it is shown of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Its author, or the envelope's sender.
    Sender,
    /// One whom it goes to.
    Recipient,
    /// Its subject.
    Subject,
    /// Its text, or some of it.
    Text,
}

/// Pieces that are marked in one text.
pub const HITS_MAX: usize = 500;
/// Patterns that are looked for: more marks than that tell nothing.
const PATTERNS_MAX: usize = 50;

impl Query {
    /// The pieces of a text for which its message was found: in order, apart from each other, not empty, on boundaries of
    /// characters, at most [`HITS_MAX`].
    pub fn hits(&self, shown: Shown, text: &str) -> Vec<Range<usize>> {
        let patterns = self.patterns_for(shown);
        if patterns.is_empty() || text.is_empty() {
            return Vec::new();
        }
        let lower = text.to_lowercase();
        let in_lower = patterns.iter().flat_map(|(pattern, kind)| pattern.hits_in_lower(&lower, *kind).take(HITS_MAX));
        let mut hits = in_text(text, merged(in_lower.collect()));
        hits.extend(patterns.iter().flat_map(|(pattern, kind)| pattern.hits_as_typed(text, *kind).take(HITS_MAX)));
        let mut hits = merged(hits);
        hits.truncate(HITS_MAX);
        hits
    }

    /// Whether such a text can have a piece for which its message was found.
    pub fn can_hit(&self, shown: Shown) -> bool {
        !self.patterns_for(shown).is_empty()
    }

    fn patterns_for(&self, shown: Shown) -> Vec<(&Pattern, Kind)> {
        let mut patterns = Vec::new();
        self.gather_patterns(shown, &mut patterns);
        patterns
    }

    fn gather_patterns<'a>(&'a self, shown: Shown, patterns: &mut Vec<(&'a Pattern, Kind)>) {
        for Clause { test, .. } in self.clauses.iter().filter(|clause| !clause.negated) {
            match test {
                Test::Text(place, pattern) if place.is_in(shown) && patterns.len() < PATTERNS_MAX => {
                    patterns.push((pattern, place.kind()));
                }
                Test::Either(queries) => queries.iter().for_each(|query| query.gather_patterns(shown, patterns)),
                _ => {}
            }
        }
    }
}

impl Place {
    fn is_in(&self, shown: Shown) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Addressed | Self::Envelope => matches!(shown, Shown::Sender | Shown::Recipient),
            Self::From => shown == Shown::Sender,
            Self::To | Self::Cc | Self::Bcc => shown == Shown::Recipient,
            Self::Subject => shown == Shown::Subject,
            Self::Body => shown == Shown::Text,
            Self::Header(name) => name.eq_ignore_ascii_case("subject") && shown == Shown::Subject,
            Self::ReplyTo | Self::MessageId | Self::Tag => false,
        }
    }
}

/// In order, those that touch made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Where in a text the pieces of the same text in lower case are: a letter may be longer there, or two. `ranges` are in
/// order, apart from each other.
fn in_text(text: &str, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return ranges;
    }
    let (mut found, mut begun, mut lower_end) = (Vec::with_capacity(ranges.len()), None, 0);
    let mut ranges = ranges.into_iter().peekable();
    for (at, char) in text.char_indices() {
        // What `str::to_lowercase` makes of a sigma at the end of a word is as long as any other.
        lower_end += char.to_lowercase().map(char::len_utf8).sum::<usize>();
        while let Some(range) = ranges.peek().filter(|range| range.start < lower_end) {
            let start = *begun.get_or_insert(at);
            if range.end > lower_end {
                break;
            }
            found.push(start..at + char.len_utf8());
            begun = None;
            ranges.next();
        }
        if ranges.peek().is_none() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests;
