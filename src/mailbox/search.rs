//! What a query finds. First the index is looked through for the words of the query, then the messages that have them are
//! asked for the rest, some at a time: nothing here holds the store for longer than a moment, and nothing takes all messages
//! along. It works for as long as there is something to look at, so it is for a thread that answers nobody.

use std::ops::ControlFlow;

use super::query::Words;
use super::{Inbox, Kept, MessageId, Query, Scope, Stored};

/// A search that has not begun.
#[derive(Clone)]
pub struct Search {
    inbox: Inbox,
    scope: Scope,
    query: Query,
    since: u64,
    before: u64,
    oldest_first: bool,
}

/// Messages that are asked while the store is held, or taken along to be asked.
const STEP: usize = 256;
/// One in so many, and a few more, are asked one by one: looking through all texts would take longer.
const FEW_IN: usize = 64;

impl Search {
    pub(super) fn new(inbox: Inbox, scope: Scope, query: Query) -> Self {
        // What comes while it is looked does not count.
        let before = inbox.store().seq() + 1;
        Self { inbox, scope, query, since: 0, before, oldest_first: false }
    }

    /// Only messages that came after this place.
    #[must_use]
    pub fn since(self, since: u64) -> Self {
        Self { since: since.max(self.since), ..self }
    }

    /// Only messages below this place.
    #[must_use]
    pub fn before(self, before: u64) -> Self {
        Self { before: before.min(self.before), ..self }
    }

    /// Only the newest so many of those that could be asked.
    #[must_use]
    pub fn among_newest(self, count: usize) -> Self {
        let one_more =
            self.inbox.store().between(&self.scope, self.since, self.before).rev().nth(count).map(|kept| kept.seq);
        let since = one_more.unwrap_or(self.since);
        self.since(since)
    }

    /// In the order of arrival, and not the newest first.
    #[must_use]
    pub fn oldest_first(self) -> Self {
        Self { oldest_first: true, ..self }
    }

    /// The first so many.
    pub fn first(self, count: usize) -> Vec<Stored> {
        let mut found = Vec::new();
        if count == 0 {
            return found;
        }
        self.each(|kept| {
            found.push(kept.stored());
            if found.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        found
    }

    /// The ids of all of them.
    pub fn ids(self) -> Vec<MessageId> {
        let mut found = Vec::new();
        self.each(|kept| {
            found.push(kept.message.id);
            ControlFlow::Continue(())
        });
        found
    }

    /// Offers each, until that is enough. The store may be held meanwhile: do not ask it for anything.
    pub fn each(self, found: impl FnMut(Kept<'_>) -> ControlFlow<()>) {
        let words = Words::of(&self.query);
        let _ = match words.filter(|_| !self.is_among_few()) {
            Some(words) => self.each_with(&words, found),
            None => self.each_of_all(found),
        };
    }

    /// How many bytes of mail could be asked.
    pub(super) fn bytes(&self) -> usize {
        self.inbox.store().between(&self.scope, self.since, self.before).map(|kept| kept.message.raw_len()).sum()
    }

    /// Whether at most so many messages could be asked.
    pub(super) fn is_among(&self, count: usize) -> bool {
        self.inbox.store().between(&self.scope, self.since, self.before).nth(count).is_none()
    }

    fn is_among_few(&self) -> bool {
        let all = self.inbox.store().count(&Scope::All).0;
        self.is_among(all / FEW_IN + 10)
    }

    /// Asks those whose texts fit.
    fn each_with(&self, words: &Words<'_>, mut found: impl FnMut(Kept<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let texts = self.inbox.store().texts(self.since);
        let mut stretches = texts.in_steps();
        while let Some(stretch) = if self.oldest_first { stretches.next() } else { stretches.next_back() } {
            let places = stretch.places(words.needed(), |text| words.fit(text));
            let first = places.partition_point(|&seq| seq <= self.since);
            let places = &places[first..places.partition_point(|&seq| seq < self.before).max(first)];
            let steps: &mut dyn Iterator<Item = &[u64]> =
                if self.oldest_first { &mut places.chunks(STEP) } else { &mut places.rchunks(STEP) };
            for step in steps {
                self.each_at(step, &mut found)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Asks those at these places, whose texts fit.
    fn each_at(&self, places: &[u64], mut found: impl FnMut(Kept<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let store = self.inbox.store();
        let mut kept = store.kept_at(&self.scope, places);
        if !self.oldest_first {
            kept.reverse();
        }
        if self.query.is_quick() {
            return kept.into_iter().filter(|&kept| self.query.matches_beside_words(kept)).try_for_each(found);
        }
        let taken: Vec<_> = kept.iter().map(Kept::stored).collect();
        drop(store);
        let is_mixed = self.query.is_mixed();
        let fits = |stored: &&Stored| match is_mixed {
            true => self.inbox.fits(&self.query, stored),
            false => self.query.matches_beside_words(stored.as_kept()),
        };
        taken.iter().filter(fits).try_for_each(|stored| found(stored.as_kept()))
    }

    /// Asks all of them.
    fn each_of_all(&self, mut found: impl FnMut(Kept<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let quick = self.query.is_quick() && !self.query.has_words();
        let (mut since, mut before) = (self.since, self.before);
        loop {
            let store = self.inbox.store();
            let there = store.between(&self.scope, since, before);
            let step: Vec<_> =
                if self.oldest_first { there.take(STEP).collect() } else { there.rev().take(STEP).collect() };
            match step.last() {
                None => return ControlFlow::Continue(()),
                Some(last) if self.oldest_first => since = last.seq,
                Some(last) => before = last.seq,
            }
            if quick {
                let mut fitting = step.into_iter().filter(|&kept| self.query.matches_beside_words(kept));
                fitting.try_for_each(&mut found)?;
            } else {
                let taken: Vec<_> = step.iter().map(Kept::stored).collect();
                drop(step);
                drop(store);
                let mut fitting = taken.iter().filter(|stored| self.inbox.fits(&self.query, stored));
                fitting.try_for_each(|stored| found(stored.as_kept()))?;
            }
        }
    }
}

#[cfg(test)]
mod tests;
