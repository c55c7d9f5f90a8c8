//! What an address asks of a message's page, beside the search: the tab, a part, lines, the switches of the preview.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::mailbox::Query;
use crate::mailbox::query::Shown;
use crate::web::page::marked::Hits;
use crate::web::page::message::Tab;
use crate::web::page::preview::Preview;

/// The words behind the `?`; what cannot be read asks for nothing.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    tab: Option<String>,
    remote: Option<String>,
    part: Option<String>,
    line: Option<String>,
    width: Option<String>,
    scheme: Option<String>,
    images: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) tab: Option<Tab>,
    /// The part that is to be open in the tree.
    pub(super) part: Option<String>,
    /// The lines of the source that are to be marked.
    pub(super) lines: Option<RangeInclusive<usize>>,
    pub(super) preview: Preview,
    /// The path of the parts.
    pub(super) parts: String,
    /// The search through which it was opened, if it found it.
    pub(super) query: Option<Query>,
}

impl Asked {
    /// The pieces of a text for which the search found the message.
    pub(super) fn hits(&self, shown: Shown, text: &str) -> Hits {
        self.query.as_ref().map_or_else(Hits::new, |query| query.hits(shown, text))
    }
}

impl Wanted {
    /// Reads the words; `parts` is the path of the parts.
    pub(super) fn asked(&self, parts: String) -> Asked {
        Asked {
            tab: self.tab.as_deref().and_then(Tab::asked),
            part: self.part.clone(),
            lines: self.line.as_deref().and_then(lines),
            preview: self.preview(),
            parts,
            query: None,
        }
    }

    /// How the switches of the preview stand.
    pub fn preview(&self) -> Preview {
        let [width, scheme, images, remote] =
            [&self.width, &self.scheme, &self.images, &self.remote].map(Option::as_deref);
        Preview::asked(width, scheme, images, remote)
    }
}

/// `12`, or `12-40`.
fn lines(words: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = words.split_once('-').unwrap_or((words, words));
    let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_or_nothing_is_asked_for() {
        for (words, expected) in [
            ("12", Some(12..=12)),
            ("12-40", Some(12..=40)),
            ("40-12", None),
            ("0", None),
            ("-3", None),
            ("", None),
            ("99999999999999999999", None),
            ("1-2-3", None),
        ] {
            assert_eq!(lines(words), expected, "{words}");
        }
    }
}
