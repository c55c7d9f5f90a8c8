//! For which of its words a row of the list was found.

use crate::mailbox::query::Shown;
use crate::mailbox::{Message, Query, Stored};
use crate::web::page::marked::RowHits;
use crate::web::page::view::Row;

/// A larger message is not read anew for its row.
const READ_BYTES_MAX: usize = 64 << 10;
/// Characters of a text around what was found in it.
const EXCERPT_CHARS_MAX: usize = 200;
/// Of them before it.
const BEFORE_CHARS_MAX: usize = 40;

/// Marks what was found. Where that is in the text but not at its beginning, the row shows the place instead.
pub(super) fn mark(row: &mut Row, stored: &Stored, query: &Query) {
    if query.is_empty() {
        return;
    }
    row.hits = RowHits {
        from: query.hits(Shown::Sender, &row.from),
        to: row.to.first().map(|first| query.hits(Shown::Recipient, first)).unwrap_or_default(),
        subject: query.hits(Shown::Subject, &row.subject),
        snippet: query.hits(Shown::Text, &row.snippet),
    };
    let is_elsewhere = row.hits.snippet.is_empty() && query.can_hit(Shown::Text);
    if let Some(excerpt) = is_elsewhere.then(|| excerpt(&stored.message, query)).flatten() {
        row.hits.snippet = query.hits(Shown::Text, &excerpt);
        row.snippet = excerpt;
    }
}

/// The place in the text that a search found, on one line.
fn excerpt(message: &Message, query: &Query) -> Option<String> {
    if message.raw_len() > READ_BYTES_MAX {
        return None;
    }
    let text = message.view.text(&message.raw());
    let at = query.hits(Shown::Text, &text).first()?.start;
    Some(around(&text, at))
}

fn around(text: &str, at: usize) -> String {
    let before = text[..at].char_indices().rev().take(BEFORE_CHARS_MAX).last().map_or(at, |(start, _)| start);
    // Not in the middle of a word, unless that is a long one.
    let start = match text[before..at].find(char::is_whitespace) {
        Some(blank) if before > 0 => before + blank,
        _ => before,
    };
    let words = text[start..].split_whitespace();
    let mut line = String::from(if start > 0 { "…" } else { "" });
    let mut chars = 0;
    for word in words {
        if start > 0 || chars > 0 {
            line.push(' ');
        }
        let left = EXCERPT_CHARS_MAX.saturating_sub(chars);
        line.extend(word.chars().take(left));
        chars += word.chars().take(left).count() + 1;
        if chars >= EXCERPT_CHARS_MAX {
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_text_begins_with_a_word_and_is_short() {
        let text = format!("{}\r\nthe needle is\there {}", "hay ".repeat(100), "and there ".repeat(100));
        let line = around(&text, text.find("needle").unwrap());
        assert!(line.starts_with("… hay hay"), "{line}");
        assert!(line.contains(" hay the needle is here and there"), "{line}");
        assert!(line.chars().count() <= EXCERPT_CHARS_MAX + 3, "{line}");
        assert_eq!(around("needle", 0), "needle");
        assert_eq!(around("a needle", 2), "a needle");
        assert_eq!(around(&"x".repeat(5_000), 100).chars().count(), EXCERPT_CHARS_MAX + 2);
        assert_eq!(around("ä\u{301}öü", 4), "ä\u{301}öü");
    }
}
