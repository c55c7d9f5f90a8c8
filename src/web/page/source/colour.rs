//! What a line of source is made of. Colours only: nothing is decoded, no byte is left out.

use super::What;
use crate::web::page::weight;

/// Text of one colour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Its class in the style sheet; empty for plain text.
    pub class: &'static str,
    /// With line ends.
    pub text: String,
}

impl Span {
    pub(super) fn plain(text: &str) -> Self {
        Self { class: "", text: text.to_owned() }
    }

    /// What it weighs in a page.
    pub(super) fn weight(&self) -> usize {
        weight::of(&self.text) + if self.class.is_empty() { 0 } else { TAGS_BYTES }
    }
}

/// Cuts one line.
pub(super) fn spans(line: &str, what: What) -> Vec<Span> {
    let mut spans = Spans(Vec::new());
    match what {
        What::Header => header(line, &mut spans),
        What::Base64 => spans.add("quiet", line),
        What::QuotedPrintable => quoted_printable(line, &mut spans),
        What::Between if line.starts_with("--") => spans.add("delimiter", line),
        What::Text | What::Between => spans.add("", line),
    }
    spans.0
}

struct Spans(Vec<Span>);

impl Spans {
    fn add(&mut self, class: &'static str, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.class == class => last.text.push_str(text),
            _ => self.0.push(Span { class, text: text.to_owned() }),
        }
    }
}

fn header(line: &str, spans: &mut Spans) {
    let folded = line.starts_with([' ', '\t']);
    let colon = line.find(':').filter(|&at| !folded && !line[..at].contains(' '));
    let (name, mut rest) = line.split_at(colon.map_or(0, |at| at + 1));
    spans.add("name", name);
    while let Some((start, end)) = encoded_word(rest) {
        spans.add("", &rest[..start]);
        spans.add("encoded", &rest[start..end]);
        rest = &rest[end..];
    }
    spans.add("", rest);
}

/// Where the first `=?charset?B?…?=` lies (RFC 2047 §2).
fn encoded_word(text: &str) -> Option<(usize, usize)> {
    let start = text.find("=?")?;
    let mut at = start + 2;
    // Charset and encoding, each up to its question mark; then the text.
    for _ in 0..2 {
        at += text[at..].find('?')? + 1;
    }
    let end = at + text[at..].find("?=")? + 2;
    (!text[start..end].contains([' ', '\t'])).then_some((start, end))
}

fn quoted_printable(line: &str, spans: &mut Spans) {
    let mut rest = line;
    // Looked for once: a long line may be full of signs, and of blanks behind them.
    let blank_from = line.trim_end().len();
    while let Some(at) = rest.find('=') {
        spans.add("", &rest[..at]);
        rest = &rest[at..];
        let bytes = rest.as_bytes();
        let is_byte = bytes.len() > 2 && bytes[1..3].iter().all(u8::is_ascii_hexdigit);
        let length = if is_byte { 3 } else { 1 };
        let soft_break = line.len() - rest.len() + 1 == blank_from;
        spans.add(if is_byte || soft_break { "encoded" } else { "" }, &rest[..length]);
        rest = &rest[length..];
    }
    spans.add("", rest);
}

/// `<span class="delimiter"></span>`
const TAGS_BYTES: usize = 31;

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, what: What) -> String {
        spans(line, what).iter().map(|span| format!("[{}]{}", span.class, span.text)).collect()
    }

    #[test]
    fn a_line_of_signs_before_blanks_takes_no_time() {
        let line = "=x".repeat(100_000) + &" ".repeat(400_000);
        let began = crate::clock::now();
        assert_eq!(spans(&line, What::QuotedPrintable).len(), 1);
        assert!(crate::clock::now().duration_since(began).as_secs() < 3);
    }

    #[test]
    fn each_kind_of_line_has_its_colours() {
        for (line, what, expected) in [
            ("Subject: a =?utf-8?Q?=C3=BC?= b\n", What::Header, "[name]Subject:[] a [encoded]=?utf-8?Q?=C3=BC?=[] b\n"),
            (" =?x?B?eA==?= folded: y", What::Header, "[] [encoded]=?x?B?eA==?=[] folded: y"),
            ("no field here: x", What::Header, "[]no field here: x"),
            ("A: =?x y?Q?z?= =?open", What::Header, "[name]A:[] =?x y?Q?z?= =?open"),
            ("gr=C3=BC=DFe = x=\n", What::QuotedPrintable, "[]gr[encoded]=C3=BC=DF[]e = x[encoded]=[]\n"),
            ("a= \t\r\n", What::QuotedPrintable, "[]a[encoded]=[] \t\r\n"),
            ("=ü=", What::QuotedPrintable, "[]=ü[encoded]="),
            ("SGVsbG8=\n", What::Base64, "[quiet]SGVsbG8=\n"),
            ("--b--\n", What::Between, "[delimiter]--b--\n"),
            ("preamble", What::Between, "[]preamble"),
            ("--b: =C3", What::Text, "[]--b: =C3"),
            ("", What::Text, ""),
        ] {
            assert_eq!(cut(line, what), expected, "{line:?}");
        }
    }
}
