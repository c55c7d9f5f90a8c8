//! The text part as a page shows it: the addresses in it are links, and nothing else is.

use super::marked::{Hits, Marked, within};
use super::weight::{self, BODY_BYTES_MAX, MARKUP_BYTES};

/// The text part, or its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextBody {
    /// The text, cut where links begin and end.
    pub spans: Vec<Span>,
    /// For which pieces of all of them, one after the other, a search found the message.
    pub hits: Hits,
    /// Whether only the beginning is shown.
    pub cut: bool,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// As it is.
    Plain(String),
    /// `http:` or `https:`, both where it leads and what it reads.
    Link(String),
}

impl TextBody {
    /// Reads the decoded text; none, if the message has no text part, is empty.
    pub fn new(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        let shown = weight::head(text, BODY_BYTES_MAX);
        // A link is written twice, with its tags around it.
        let weight = |span: &Span| match span {
            Span::Plain(text) => weight::of(text),
            Span::Link(url) => MARKUP_BYTES + 2 * weight::of(url),
        };
        let (spans, left_out) = weight::fitting(spans(shown), 2 * BODY_BYTES_MAX, weight);
        Self { spans, hits: Hits::new(), cut: shown.len() < text.len() || left_out > 0 }
    }

    /// What is shown, without its links.
    pub fn shown(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }

    /// Each span with what it reads, as HTML.
    pub fn marked(&self) -> Vec<(&Span, String)> {
        let mut end = 0;
        let marked = |span| {
            let text = Span::text(span);
            let start = end;
            end += text.len();
            let hits = within(&self.hits, start..end);
            (span, Marked { text, hits: &hits }.to_string())
        };
        self.spans.iter().map(marked).collect()
    }
}

impl Span {
    fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Link(text) => text,
        }
    }
}

/// Cuts text into plain pieces and links.
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find("http") {
        let start = at + found;
        at = start + 4;
        // `xhttp://…` is no link, `(http://…` is. Asked first: how long one is, is found by reading to its end.
        if text[..start].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let Some(length) = link_length(&text[start..]) else { continue };
        if plain_from < start {
            spans.push(Span::Plain(text[plain_from..start].to_owned()));
        }
        at = start + length;
        spans.push(Span::Link(text[start..at].to_owned()));
        plain_from = at;
    }
    if plain_from < text.len() {
        spans.push(Span::Plain(text[plain_from..].to_owned()));
    }
    spans
}

/// How long the link at the start of `text` is. The full stop of a sentence and a bracket that was opened before the
/// link are not part of it.
fn link_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?;
    let scheme = text.len() - rest.len();
    let end = rest.find(|char: char| char.is_whitespace() || char.is_control() || "<>\"`".contains(char));
    let mut link = &text[..end.map_or(text.len(), |end| scheme + end)];
    // Counted once: a megabyte of closing brackets would else be counted a million times.
    let mut unopened = [('(', ')'), ('[', ']'), ('{', '}')]
        .map(|(open, close)| (close, link.matches(close).count().saturating_sub(link.matches(open).count())));
    while let Some(last) = link.chars().next_back() {
        let bracket = unopened.iter_mut().find(|(close, count)| *close == last && *count > 0);
        match bracket {
            Some((_, count)) => *count -= 1,
            None if ".,;:!?'*_|".contains(last) => {}
            None => break,
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    (link.len() > scheme).then_some(link.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        spans(text)
            .into_iter()
            .filter_map(|span| match span {
                Span::Link(link) => Some(link),
                Span::Plain(_) => None,
            })
            .collect()
    }

    #[test]
    fn links_end_where_a_reader_would_end_them() {
        for (text, link) in [
            ("see http://a.test.", "http://a.test"),
            ("(https://a.test/x_(y))", "https://a.test/x_(y)"),
            ("<https://a.test/?q=1&r=2>", "https://a.test/?q=1&r=2"),
            ("\"http://a.test/ü\", then", "http://a.test/ü"),
        ] {
            assert_eq!(links(text), [link]);
        }
    }

    #[test]
    fn what_is_no_link_stays_text() {
        for text in ["javascript:alert(1)", "http", "http://", "xhttp://a.test", "https://.", "HTTPS://A.TEST", ""] {
            assert_eq!(links(text), [""; 0]);
        }
    }

    #[test]
    fn a_megabyte_is_read_once() {
        for text in
            [format!("http://a{}", ")".repeat(1 << 20)), "xhttp://a".repeat(100_000), "http://.".repeat(100_000)]
        {
            spans(&text);
        }
    }

    #[test]
    fn a_piece_is_marked_across_the_ends_of_links() {
        let body = TextBody { hits: vec![0..1, 2..14, 16..17], ..TextBody::new(Some("a <http://b.c> d")) };
        let marked: String = body.marked().into_iter().map(|(_, html)| html + "|").collect();
        assert_eq!(marked, "<mark>a</mark> <mark>&#60;</mark>|<mark>http://b.c</mark>|<mark>&#62;</mark> d|");
        assert_eq!(body.shown(), "a <http://b.c> d");
    }

    #[test]
    fn nothing_is_lost() {
        let text = "a http://b.test, c (http://d.test) httphttp://e http://";
        let whole: String = spans(text)
            .into_iter()
            .map(|span| match span {
                Span::Link(text) | Span::Plain(text) => text,
            })
            .collect();
        assert_eq!(whole, text);
    }
}
