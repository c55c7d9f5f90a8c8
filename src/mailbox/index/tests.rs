use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    Add(String),
    /// The text at this rank of those that are there, the oldest first.
    Remove(usize),
    RemoveOldest(usize),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => "[abß ]{0,6}".prop_map(Op::Add),
        1 => ("[ab]{1,3}", 1_000..300_000usize).prop_map(|(text, times)| Op::Add(text.repeat(times / text.len()))),
        3 => any::<usize>().prop_map(Op::Remove),
        1 => (0..30usize).prop_map(Op::RemoveOldest),
    ]
}

/// The index and the list that knows nothing clever.
#[derive(Default)]
struct Both {
    index: Index,
    naive: BTreeMap<u64, String>,
    seq: u64,
}

impl Both {
    fn act(&mut self, op: Op) {
        match op {
            Op::Add(text) => {
                self.seq += 1;
                let before = self.index.bytes();
                self.index.add(self.seq, text.as_str().into());
                assert!(self.index.bytes() <= before + Index::cost(text.len()));
                self.naive.insert(self.seq, text);
            }
            Op::Remove(_) if self.naive.is_empty() => {}
            Op::Remove(rank) => {
                let seq = *self.naive.keys().nth(rank % self.naive.len()).unwrap();
                self.remove(seq);
            }
            Op::RemoveOldest(count) => {
                let doomed: Vec<_> = self.naive.keys().copied().take(count).collect();
                let mut leaving = self.index.leaving();
                let told: usize = doomed.iter().map(|&seq| leaving.bytes_of(seq)).sum();
                let before = self.index.bytes();
                doomed.into_iter().for_each(|seq| self.remove(seq));
                assert_eq!(before - self.index.bytes(), told, "as it was foretold");
            }
        }
    }

    fn remove(&mut self, seq: u64) {
        self.naive.remove(&seq);
        self.index.remove(seq, |other| self.naive.contains_key(&other));
    }

    fn check(&self, word: &str) {
        assert_eq!(self.index.bytes(), self.index.recount());
        for (seq, text) in &self.naive {
            assert_eq!(self.index.text(*seq).as_deref(), Some(&**text));
        }
        let kept = |places: Vec<u64>| places.into_iter().filter(|seq| self.naive.contains_key(seq)).collect::<Vec<_>>();
        let expected: Vec<_> = self.naive.iter().filter(|(_, text)| text.contains(word)).map(|(seq, _)| *seq).collect();
        let texts = self.index.texts(0);
        // With one word, with none, and with two of which the other is in texts that do not fit, or the same.
        for words in [&[word][..], &[], &[word, "b"], &[word, word]] {
            let finders: Vec<_> = words.iter().map(Finder::new).collect();
            let found = texts.in_steps().flat_map(|some| some.places(&finders, |text| text.contains(word)));
            assert_eq!(kept(found.collect()), expected);
        }
        let all = |bytes: usize| self.index.slots.values().map(move |slot| slot.fill.bytes.min(bytes)).sum::<usize>();
        let held: usize = self.naive.values().map(String::len).sum();
        assert!(all(usize::MAX) <= 2 * held, "what is gone takes no more than what is there");
    }
}

proptest! {
    #[test]
    fn it_finds_what_a_look_at_each_text_finds(ops in vec(op(), 0..150), word in "[abß ]{1,3}") {
        let mut both = Both::default();
        for op in ops {
            both.act(op);
        }
        both.check(&word);
    }
}

#[test]
fn many_small_texts_are_gathered_and_the_oldest_leave_with_their_segment() {
    let mut both = Both::default();
    for number in 0..5_000 {
        both.act(Op::Add(format!("text {number}.")));
    }
    assert!(both.index.slots.len() <= 5_000 / SEGMENT_TEXTS + SEGMENT_TEXTS);
    both.check("t 49");
    both.act(Op::RemoveOldest(4_000));
    both.check("t 49");
    both.act(Op::RemoveOldest(1_000));
    assert_eq!(both.index.bytes(), 0);
}

#[test]
fn no_word_is_made_of_the_end_of_one_text_and_the_beginning_of_the_next() {
    let mut both = Both::default();
    for text in ["aab", "b", "", "ba", "abab", "babab"] {
        both.act(Op::Add(text.into()));
    }
    both.index.gather();
    assert_eq!(both.index.slots.len(), 1);
    for word in ["a", "b", "ab", "ba", "bb", "bab", "aabb", "abab", "bba"] {
        both.check(word);
    }
}
