//! Findings as they are made: one per kind, however often it occurs.
//!
//! A mail of a hundred thousand broken lines yields one finding that says so, not a hundred thousand. Not for
//! reception, whose findings are few by nature.

use super::finding::{Finding, Oddity};
use std::fmt;

/// Collects findings; the first of a kind gives the detail, the others are counted.
#[derive(Debug, Default)]
pub(super) struct Tally(Vec<(Finding, usize)>);

impl Tally {
    /// Notes an oddity.
    pub(super) fn note(&mut self, oddity: Oddity, detail: impl fmt::Display) {
        self.add(oddity, || Finding::with(oddity, detail));
    }

    /// Notes an oddity that is seen at this byte of the message.
    pub(super) fn note_at(&mut self, at: usize, oddity: Oddity, detail: impl fmt::Display) {
        self.add(oddity, || Finding::with(oddity, detail).at_byte(at));
    }

    fn add(&mut self, oddity: Oddity, finding: impl FnOnce() -> Finding) {
        match self.0.iter_mut().find(|(finding, _)| finding.oddity == oddity) {
            Some((_, count)) => *count += 1,
            None => self.0.push((finding(), 1)),
        }
    }

    /// Notes an oddity that has nothing more to say.
    pub(super) fn bare(&mut self, oddity: Oddity) {
        self.note(oddity, "");
    }

    /// The findings, in the order in which their kinds were first seen.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let told = |(finding, count): (Finding, usize)| match count {
            1 => finding,
            _ if finding.detail.is_empty() => Finding { detail: format!("{count} times").into(), ..finding },
            _ => Finding { detail: format!("{} (and {} more)", finding.detail, count - 1).into(), ..finding },
        };
        self.0.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_once_with_its_first_detail_and_its_count() {
        let mut tally = Tally::default();
        tally.note(Oddity::HeaderLineUnread, "one");
        tally.bare(Oddity::NoDate);
        tally.note(Oddity::HeaderLineUnread, "two");
        tally.bare(Oddity::NoDate);
        let details: Vec<_> = tally.into_findings().into_iter().map(|finding| finding.detail).collect();
        assert_eq!(details, ["one (and 1 more)".into(), Box::<str>::from("2 times")]);
    }
}
