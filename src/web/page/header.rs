//! A header field as a page shows it: the addresses in it lead to the mail of those who have them.

use super::words;

/// A piece of a field's value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderSpan {
    /// As it reads.
    pub text: String,
    /// The search that it leads to, percent-encoded; empty for what is no address.
    pub query: String,
}

/// Cuts the value of a field that names people; empty for every other field.
pub fn spans(name: &str, value: &str) -> Vec<HeaderSpan> {
    let Some((_, term)) = FIELDS.iter().find(|(field, _)| name.eq_ignore_ascii_case(field)) else { return Vec::new() };
    let mut spans: Vec<HeaderSpan> = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(sign) = value[at..].find('@').map(|found| at + found) {
        let start = value[plain_from..sign].rfind(|char| !is_local(char)).map_or(plain_from, |before| {
            let before = plain_from + before;
            before + value[before..].chars().next().map_or(1, char::len_utf8)
        });
        let domain = value[sign + 1..].find(|char| !is_domain(char)).map_or(value.len(), |end| sign + 1 + end);
        let end = sign + 1 + value[sign + 1..domain].trim_end_matches(['.', '-']).len();
        at = domain.max(sign + 1);
        if start == sign || end == sign + 1 || spans.len() > SPANS_MAX {
            continue;
        }
        let address = &value[start..end];
        spans.extend(
            (plain_from < start)
                .then(|| HeaderSpan { text: value[plain_from..start].to_owned(), query: String::new() }),
        );
        spans.push(HeaderSpan { text: address.to_owned(), query: words::percent(&format!("{term}:{address}")) });
        plain_from = end;
        at = end;
    }
    if !spans.is_empty() && plain_from < value.len() {
        spans.push(HeaderSpan { text: value[plain_from..].to_owned(), query: String::new() });
    }
    spans
}

/// What needs no quotes, in an address and in a search.
fn is_local(char: char) -> bool {
    char.is_alphanumeric() || "._+-".contains(char)
}

fn is_domain(char: char) -> bool {
    char.is_alphanumeric() || ".-".contains(char)
}

/// The fields that name people, and the term of a search that finds them.
const FIELDS: &[(&str, &str)] = &[
    ("From", "from"),
    ("Sender", "from"),
    ("Return-Path", "from"),
    ("To", "to"),
    ("Delivered-To", "to"),
    ("X-Original-To", "to"),
    ("Cc", "cc"),
    ("Bcc", "bcc"),
    ("Reply-To", "reply-to"),
];

const SPANS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_a_search_and_nothing_is_lost() {
        for (name, value, expected) in [
            ("From", "App <app@example.test>", "App <|[from%3Aapp%40example.test]app@example.test|>"),
            ("to", "a@b.test, ü+1@b.test.", "[to%3Aa%40b.test]a@b.test|, |[to%3A%C3%BC%2B1%40b.test]ü+1@b.test|."),
            ("Reply-To", "“x@y.test”", "“|[reply-to%3Ax%40y.test]x@y.test|”"),
            ("To", "\"a b\"@c.test", ""),
            ("To", "@ @@ x@ @y", ""),
            ("To", "x@y@z.test", "[to%3Ax%40y]x@y|@z.test"),
            ("Message-ID", "<a@b.test>", ""),
        ] {
            let spans = spans(name, value);
            let words = spans.iter().map(|span| match span.query.as_str() {
                "" => span.text.clone(),
                query => format!("[{query}]{}", span.text),
            });
            assert_eq!(words.collect::<Vec<_>>().join("|"), expected, "{value}");
            let whole: String = spans.iter().map(|span| span.text.as_str()).collect();
            assert!(whole == value || spans.is_empty());
        }
    }

    #[test]
    fn a_megabyte_is_read_once() {
        for value in ["@".repeat(1 << 20), "a@".repeat(1 << 19), "a".repeat(1 << 20)] {
            spans("To", &value);
        }
    }
}
