//! Words of many languages, found in a line in one pass.

use std::collections::HashMap;
use std::ops::Range;

/// Words, each with what it means. A star says that the word may go on there: `verif*`, `*code`. Scripts that write
/// without spaces, or glue small words to large ones, need none.
pub(super) struct Words<K>(HashMap<char, Vec<Word<K>>>);

struct Word<K> {
    letters: Vec<char>,
    open_left: bool,
    open_right: bool,
    kind: K,
}

/// A word in a line.
#[derive(Clone, Debug)]
pub(super) struct Hit<K> {
    pub(super) at: Range<usize>,
    pub(super) kind: K,
}

impl<K: Copy> Words<K> {
    pub(super) fn new(words: impl IntoIterator<Item = (&'static str, K)>) -> Self {
        let mut table: HashMap<char, Vec<Word<K>>> = HashMap::new();
        for (word, kind) in words {
            let letters: Vec<char> = word.trim_matches('*').chars().collect();
            let (Some(&first), Some(&last)) = (letters.first(), letters.last()) else { continue };
            let word = Word {
                open_left: word.starts_with('*') || !is_spaced(first),
                open_right: word.ends_with('*') || !is_spaced(last),
                letters,
                kind,
            };
            table.entry(first).or_default().push(word);
        }
        Self(table)
    }

    /// All of them, in order. `lower`: see [`super::line::lower`].
    pub(super) fn hits(&self, lower: &[char]) -> Vec<Hit<K>> {
        let mut hits = Vec::new();
        for (at, first) in lower.iter().enumerate() {
            for word in self.0.get(first).into_iter().flatten() {
                let end = at + word.letters.len();
                let there = lower[at..].starts_with(&word.letters);
                let letter = |at: usize| lower.get(at).is_some_and(|&char| char.is_alphanumeric() && is_spaced(char));
                if there && (word.open_left || at == 0 || !letter(at - 1)) && (word.open_right || !letter(end)) {
                    hits.push(Hit { at: at..end, kind: word.kind });
                }
            }
        }
        hits
    }
}

/// Whether words of this script stand apart: Latin, Greek, Cyrillic.
pub(super) fn is_spaced(char: char) -> bool {
    char < '\u{590}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_they_say() {
        let words = Words::new([("pin", 1), ("*code", 2), ("verif*", 3), ("コード", 4), ("رمز", 5)]);
        let found = |text: &str| {
            let lower: Vec<char> = text.chars().collect();
            words.hits(&lower).into_iter().map(|hit| hit.kind).collect::<Vec<_>>()
        };
        assert_eq!(found("a pin, no shopping"), [1]);
        assert_eq!(found("bestätigungscode decoder"), [2]);
        assert_eq!(found("verification"), [3]);
        assert_eq!(found("認証コードは"), [4]);
        assert_eq!(found("والرمز"), [5]);
    }
}
