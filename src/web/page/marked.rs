//! A text with the pieces marked for which a search found it.

use std::fmt;
use std::ops::Range;

use super::escape::Visible;
use super::view::Row;
use askama::filters::Escaper;

/// Pieces of a text, in bytes: in order, apart from each other.
pub type Hits = Vec<Range<usize>>;

/// Shown, it is HTML: escaped, the pieces in `<mark>`. What is no piece of the text is passed over.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'a> {
    /// As it was sent.
    pub text: &'a str,
    /// Its pieces.
    pub hits: &'a [Range<usize>],
}

/// What is marked in a row of the list: nothing, if the list was not searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowHits {
    /// Of the author.
    pub from: Hits,
    /// Of the first recipient.
    pub to: Hits,
    /// Of the subject.
    pub subject: Hits,
    /// Of the words below it.
    pub snippet: Hits,
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut done = 0;
        for hit in self.hits {
            let (Some(before), Some(piece)) = (self.text.get(done..hit.start), self.text.get(hit.clone())) else {
                continue;
            };
            Visible.write_escaped_str(&mut *f, before)?;
            f.write_str("<mark>")?;
            Visible.write_escaped_str(&mut *f, piece)?;
            f.write_str("</mark>")?;
            done = hit.end;
        }
        Visible.write_escaped_str(f, &self.text[done..])
    }
}

impl Row {
    /// The author, as HTML.
    pub fn from_marked(&self) -> Marked<'_> {
        Marked { text: &self.from, hits: &self.hits.from }
    }

    /// The first recipient, as HTML.
    pub fn first_to_marked(&self) -> Marked<'_> {
        Marked { text: self.to.first().map_or("", |first| first), hits: &self.hits.to }
    }

    /// The subject, as HTML.
    pub fn subject_marked(&self) -> Marked<'_> {
        Marked { text: &self.subject, hits: &self.hits.subject }
    }

    /// The words below it, as HTML.
    pub fn snippet_marked(&self) -> Marked<'_> {
        Marked { text: &self.snippet, hits: &self.hits.snippet }
    }
}

/// The pieces that lie in this part of the text, as pieces of the part.
pub fn within(hits: &[Range<usize>], part: Range<usize>) -> Hits {
    let first = hits.partition_point(|hit| hit.end <= part.start);
    let inner = hits[first..].iter().take_while(|hit| hit.start < part.end);
    inner.map(|hit| hit.start.max(part.start) - part.start..hit.end.min(part.end) - part.start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(ends: &[(usize, usize)]) -> Hits {
        ends.iter().map(|&(start, end)| start..end).collect()
    }

    #[test]
    fn pieces_are_marked_and_everything_is_escaped() {
        for (text, ends, html) in [
            ("a <b> c", &[(2, 5)][..], "a <mark>&#60;b&#62;</mark> c"),
            ("<mark>", &[], "&#60;mark&#62;"),
            ("abc", &[(0, 1), (2, 3)], "<mark>a</mark>b<mark>c</mark>"),
            ("\0", &[(0, 1)], "<mark>\u{2400}</mark>"),
            // What is no piece.
            ("äb", &[(1, 2), (2, 9), (0, 2)], "<mark>ä</mark>b"),
            ("ab", &[(0, 2), (1, 2)], "<mark>ab</mark>"),
            ("", &[(0, 1)], ""),
        ] {
            assert_eq!(Marked { text, hits: &hits(ends) }.to_string(), html, "{text}");
        }
    }

    #[test]
    fn what_lies_in_a_part_is_cut_to_it() {
        let all = [0..2, 4..9, 12..13];
        for (part, expected) in
            [(0..3, &[(0, 2)][..]), (3..6, &[(1, 3)]), (6..20, &[(0, 3), (6, 7)]), (2..4, &[]), (9..12, &[])]
        {
            assert_eq!(within(&all, part), hits(expected));
        }
    }
}
