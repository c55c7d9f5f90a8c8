//! The texts that a search looks in, laid one after the other, so that it reads memory in a row and not from message to
//! message. The store alone writes here. What is gathered is never written again, so whoever searches takes it along
//! ([`Texts`]) and looks without holding the store.
//!
//! A text begins in a segment of its own. When enough of them are there, they are gathered into one ([`Run`]); what is gone
//! stays in its segment until half of it is, and then the rest is written anew.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::sync::Arc;

use memchr::memmem::Finder;

/// The texts of all kept messages, by their places in the store's sequence.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the place of the first text in each; they do not overlap.
    slots: BTreeMap<u64, Slot>,
    run: Run,
    bytes: usize,
}

#[derive(Debug)]
struct Slot {
    segment: Arc<Segment>,
    fill: Fill,
}

/// The newest texts, each still in a segment of its own.
#[derive(Debug, Default)]
struct Run {
    from: u64,
    texts: usize,
    bytes: usize,
}

/// How much a segment holds, and how much of that is of messages that are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fill {
    texts: usize,
    bytes: usize,
    kept: usize,
    kept_bytes: usize,
}

/// Texts without anything between them: where each ends is known.
#[derive(Debug)]
struct Segment {
    text: Box<str>,
    ends: Box<[End]>,
}

#[derive(Debug)]
struct End {
    seq: u64,
    at: usize,
}

/// Segments are gathered up to this: copying it is not felt by those who wait for the store.
const SEGMENT_BYTES: usize = 256 << 10;
/// Texts of a few bytes are gathered by their number: each has a segment until then.
const SEGMENT_TEXTS: usize = 512;
/// What a segment takes beside its texts: itself with the counts of its `Arc`, and its slot in a tree whose nodes are half
/// full.
const SEGMENT_COST: usize = size_of::<Segment>() + 2 * size_of::<usize>() + 2 * size_of::<(u64, Slot)>();

impl Index {
    /// What they take of the memory budget, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What one more text of so many bytes takes at most.
    pub(super) fn cost(bytes: usize) -> usize {
        Fill::of(1, bytes).cost()
    }

    /// Adds a text behind all others.
    pub(super) fn add(&mut self, seq: u64, text: Box<str>) {
        let full = self.run.texts == SEGMENT_TEXTS || self.run.bytes + text.len() > SEGMENT_BYTES;
        if full {
            self.gather();
        }
        if self.run.texts == 0 {
            self.run.from = seq;
        }
        self.run.texts += 1;
        self.run.bytes += text.len();
        let ends = [End { seq, at: text.len() }].into();
        self.put(Segment { text, ends });
    }

    /// Makes one segment of those of the run.
    fn gather(&mut self) {
        let Run { from, texts, .. } = std::mem::take(&mut self.run);
        if texts < 2 {
            return;
        }
        let run = self.slots.split_off(&from);
        self.bytes -= run.values().map(|slot| slot.fill.cost()).sum::<usize>();
        let segments = || run.values().map(|slot| &*slot.segment);
        self.put(Segment::joined(segments().flat_map(Segment::texts)));
    }

    /// Takes the text at this place away; `is_kept` says which of its neighbours still count.
    pub(super) fn remove(&mut self, seq: u64, is_kept: impl Fn(u64) -> bool) {
        let Some((&first, slot)) = self.slots.range_mut(..=seq).next_back() else { return };
        let Some(range) = slot.segment.range(seq) else { return };
        let (before, after) = (slot.fill, slot.fill.without(range.len()));
        match after {
            Some(after) if after.texts == before.texts => slot.fill = after,
            _ => {
                let old = self.slots.remove(&first);
                self.bytes -= before.cost();
                if let (Some(old), Some(_)) = (old, after) {
                    self.put(Segment::joined(old.segment.texts().filter(|&(other, _)| other != seq && is_kept(other))));
                }
            }
        }
    }

    fn put(&mut self, segment: Segment) {
        let Some(first) = segment.ends.first().map(|end| end.seq) else { return };
        let fill = Fill::of(segment.ends.len(), segment.text.len());
        self.bytes += fill.cost();
        self.slots.insert(first, Slot { segment: Arc::new(segment), fill });
    }

    /// The text at this place, to be read without the store.
    pub(super) fn text(&self, seq: u64) -> Option<Text> {
        let (_, slot) = self.slots.range(..=seq).next_back()?;
        let range = slot.segment.range(seq)?;
        Some(Text { segment: slot.segment.clone(), range })
    }

    /// How long the text at this place is, in bytes.
    pub(super) fn len_of(&self, seq: u64) -> usize {
        let slot = self.slots.range(..=seq).next_back();
        slot.and_then(|(_, slot)| slot.segment.range(seq)).map_or(0, |range| range.len())
    }

    /// All texts behind this place, and perhaps a few before it; constant time for each segment.
    pub(super) fn texts(&self, since: u64) -> Texts {
        let first = self.slots.range(..=since).next_back().map_or(0, |(&first, _)| first);
        Texts(self.slots.range(first..).map(|(_, slot)| slot.segment.clone()).collect())
    }

    /// What is given back when texts go, one after the other.
    pub(super) fn leaving(&self) -> Leaving<'_> {
        Leaving { index: self, current: None, others: BTreeMap::new() }
    }

    /// What [`Self::bytes`] should be.
    #[cfg(test)]
    pub(super) fn recount(&self) -> usize {
        let cost = |slot: &Slot| SEGMENT_COST + slot.segment.text.len() + size_of_val(&*slot.segment.ends);
        self.slots.values().map(cost).sum()
    }
}

/// A removal of texts that is only thought of.
pub(super) struct Leaving<'a> {
    index: &'a Index,
    /// What the segment of the last one would be: mostly it is the next one's too.
    current: Option<(u64, Option<Fill>)>,
    /// The same of segments before: what is hidden or between kept messages does not leave in order.
    others: BTreeMap<u64, Option<Fill>>,
}

impl Leaving<'_> {
    /// What the next one, at this place, would give back.
    pub(super) fn bytes_of(&mut self, seq: u64) -> usize {
        let Some((&first, slot)) = self.index.slots.range(..=seq).next_back() else { return 0 };
        let Some(range) = slot.segment.range(seq) else { return 0 };
        let fill = match self.current {
            Some((current, fill)) if current == first => fill,
            before => {
                self.others.extend(before);
                self.others.get(&first).copied().unwrap_or(Some(slot.fill))
            }
        };
        let after = fill.and_then(|fill| fill.without(range.len()));
        self.current = Some((first, after));
        fill.map_or(0, |fill| fill.cost()) - after.map_or(0, |after| after.cost())
    }
}

impl Fill {
    fn of(texts: usize, bytes: usize) -> Self {
        Self { texts, bytes, kept: texts, kept_bytes: bytes }
    }

    fn cost(&self) -> usize {
        SEGMENT_COST + self.bytes + self.texts * size_of::<End>()
    }

    /// What is left without a text of so many bytes; none if nothing is. When half is gone the rest is written anew.
    fn without(self, bytes: usize) -> Option<Self> {
        let (kept, kept_bytes) = (self.kept - 1, self.kept_bytes - bytes);
        match kept {
            0 => None,
            _ if 2 * kept_bytes < self.bytes || 2 * kept < self.texts => Some(Self::of(kept, kept_bytes)),
            _ => Some(Self { kept, kept_bytes, ..self }),
        }
    }
}

impl Segment {
    fn joined<'a>(texts: impl Iterator<Item = (u64, &'a str)> + Clone) -> Self {
        let bytes = texts.clone().map(|(_, text)| text.len()).sum();
        let (mut all, mut ends) = (String::with_capacity(bytes), Vec::new());
        for (seq, text) in texts {
            all.push_str(text);
            ends.push(End { seq, at: all.len() });
        }
        Self { text: all.into(), ends: ends.into() }
    }

    fn range(&self, seq: u64) -> Option<Range<usize>> {
        let at = self.ends.binary_search_by_key(&seq, |end| end.seq).ok()?;
        Some(self.range_at(at))
    }

    fn range_at(&self, at: usize) -> Range<usize> {
        let start = if at == 0 { 0 } else { self.ends[at - 1].at };
        start..self.ends[at].at
    }

    fn texts(&self) -> impl Iterator<Item = (u64, &str)> + Clone {
        (0..self.ends.len()).map(|at| (self.ends[at].seq, &self.text[self.range_at(at)]))
    }

    /// The texts with this in them, each once.
    fn texts_with<'a>(&'a self, word: &Finder<'_>) -> impl Iterator<Item = (u64, &'a str)> {
        // The first text that does not end before what was looked at, and up to where texts are done with.
        let (mut at, mut done) = (0, 0);
        let mut begun = 0;
        let mut hits = word.find_iter(self.text.as_bytes());
        std::iter::from_fn(move || {
            loop {
                let hit = begun + hits.next()?;
                if hit < done {
                    continue;
                }
                at += self.ends[at..].partition_point(|end| end.at <= hit);
                let range = self.range_at(at);
                done = range.end;
                if hit + word.needle().len() <= done {
                    return Some((self.ends[at].seq, &self.text[range]));
                }
                // It reaches into the next text, and may hide one that begins there.
                begun = done;
                hits = word.find_iter(&self.text.as_bytes()[begun..]);
            }
        })
    }
}

/// One text. It keeps its neighbours in memory, so it is for a look and not for keeping.
#[derive(Clone, Debug)]
pub struct Text {
    segment: Arc<Segment>,
    range: Range<usize>,
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.segment.text[self.range.clone()]
    }
}

/// All texts as they were when it was asked for them.
#[derive(Debug)]
pub(super) struct Texts(Vec<Arc<Segment>>);

/// Some of them that stand next to each other.
pub(super) struct Stretch<'a>(&'a [Arc<Segment>]);

/// Segments that are looked through before what was found is handed on: of whoever wants one message most is spared then.
const SEGMENTS_AT_ONCE: usize = 32;

impl Texts {
    /// All of them, in order, some at a time.
    pub(super) fn in_steps(&self) -> impl DoubleEndedIterator<Item = Stretch<'_>> {
        self.0.chunks(SEGMENTS_AT_ONCE).map(Stretch)
    }
}

impl Stretch<'_> {
    /// The places of the texts that fit, in order; those of messages that were gone already may be among them. With some
    /// `words`, only texts that have one of them, or that are so long that it may have been cut off, are asked.
    pub(super) fn places(&self, words: &[Finder<'_>], fits: impl Fn(&str) -> bool) -> Vec<u64> {
        let mut places = Vec::new();
        let mut ask = |(seq, text): (u64, &str)| {
            if fits(text) {
                places.push(seq);
            }
        };
        for segment in self.0 {
            match words {
                [word] if segment.text.len() <= SEGMENT_BYTES => segment.texts_with(word).for_each(&mut ask),
                [_, _, ..] if segment.text.len() <= SEGMENT_BYTES => {
                    let mut texts: Vec<_> = words.iter().flat_map(|word| segment.texts_with(word)).collect();
                    texts.sort_unstable_by_key(|(seq, _)| *seq);
                    texts.dedup_by_key(|(seq, _)| *seq);
                    texts.into_iter().for_each(&mut ask);
                }
                _ => segment.texts().for_each(&mut ask),
            }
        }
        places
    }
}

#[cfg(test)]
mod tests;
