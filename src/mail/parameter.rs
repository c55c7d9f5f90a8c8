//! `value; name=parameter` of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231).
//!
//! Ours, though `mail_parser` reads these fields: it joins RFC 2231 sections one to the other, which is quadratic in
//! their number, and every one of ten thousand parts may have thousands.

use super::{charset, encoded_word};

/// A field's value and its parameters: names in lower case, each once, decoded.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    /// What stands before the first `;`, in lower case, comments and spaces gone.
    pub(super) value: String,
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads an unfolded field. There is nothing that cannot be read; what makes no sense is passed over.
    pub(super) fn read(field: &str) -> Self {
        let field = &field[..field.floor_char_boundary(FIELD_BYTES_MAX)];
        let mut segments = Segments(Some(field));
        let value = without_comments(segments.next().unwrap_or("")).trim().to_ascii_lowercase();
        let mut sections: Vec<Section> = segments.take(PARAMETERS_MAX).filter_map(Section::read).collect();
        // Stable: of two parameters of one name the first wins, as it does in most readers.
        sections.sort_by(|a, b| (&a.name, a.is_plain(), a.number).cmp(&(&b.name, b.is_plain(), b.number)));
        let mut pairs: Vec<(String, String)> = Vec::new();
        for group in sections.chunk_by(|a, b| a.name == b.name && a.is_plain() == b.is_plain()) {
            // RFC 2231 §3: the extended form is meant for those who can read it, so it is preferred.
            if pairs.last().is_none_or(|(name, _)| *name != group[0].name) {
                pairs.push((group[0].name.clone(), joined(group)));
            }
        }
        Self { value, pairs }
    }

    /// The parameter of this name, given in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same for a parameter that is one token: a comment or a remark after it is not part of it.
    pub(super) fn token(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| value.split_ascii_whitespace().next())
    }
}

/// One `name*number*=value`.
struct Section {
    name: String,
    /// RFC 2231 §3; none for a parameter in one piece.
    number: Option<u32>,
    /// RFC 2231 §4.
    percent: bool,
    value: String,
}

impl Section {
    fn read(segment: &str) -> Option<Self> {
        let (name, value) = segment.split_once('=')?;
        let mut name = name.trim().to_ascii_lowercase();
        // A comment before the name, or a `;` that is missing before it: the last word is the name.
        if let Some((_, last)) = name.rsplit_once(|char: char| char.is_ascii_whitespace() || char == ')') {
            name = last.to_owned();
        }
        let mut percent = false;
        if let Some(bare) = name.strip_suffix('*') {
            percent = true;
            name = bare.to_owned();
        }
        let number = name.rsplit_once('*').and_then(|(_, number)| number.parse().ok());
        if number.is_some() {
            name.truncate(name.rfind('*').unwrap_or(name.len()));
        }
        let value = value.trim();
        let quoted = value.starts_with('"');
        let value = if quoted { unquoted(value) } else { value.to_owned() };
        (!name.is_empty()).then_some(Self { name, number, percent, value })
    }

    /// Not in the RFC 2231 form, which sorts first.
    fn is_plain(&self) -> bool {
        !(self.percent || self.number.is_some())
    }
}

fn joined(group: &[Section]) -> String {
    let first = &group[0];
    if first.is_plain() {
        // RFC 2047 §5 forbids encoded words here; every other sender writes its file names so.
        return encoded_word::decode(&first.value).into_owned();
    }
    let mut label = None;
    let mut bytes = Vec::new();
    let mut last = None;
    for (at, section) in group.iter().enumerate() {
        if at > 0 && section.number == last {
            continue;
        }
        last = section.number;
        let mut value = section.value.as_str();
        if section.percent && at == 0 {
            // RFC 2231 §4: charset'language'text.
            let mut parts = value.splitn(3, '\'');
            if let (Some(charset), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                label = Some(charset);
                value = text;
            }
        }
        if section.percent { percent_decoded(value, &mut bytes) } else { bytes.extend_from_slice(value.as_bytes()) }
    }
    let text = charset::decode(label, &bytes).text;
    if label.is_none() { encoded_word::decode(&text).into_owned() } else { text.into_owned() }
}

/// `%40` -> `@`; what is no escape stays.
pub(super) fn percent_decoded(value: &str, bytes: &mut Vec<u8>) {
    let mut rest = value.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        // Two digits: the reader of numbers would take a sign too.
        let hex = tail.get(..2).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => bytes.push(*byte),
        }
    }
}

/// The text of a quoted string (RFC 5322 §3.2.4); one that is never closed goes to the end.
fn unquoted(value: &str) -> String {
    let mut text = String::new();
    let mut chars = value.chars().skip(1);
    while let Some(char) = chars.next() {
        match char {
            '"' => break,
            // Windows paths are written with single backslashes: only what needs escaping is unescaped.
            '\\' => match chars.next() {
                Some(escaped @ ('"' | '\\')) => text.push(escaped),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            _ => text.push(char),
        }
    }
    text
}

fn without_comments(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |char: &char| {
        match char {
            '(' => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(outside).collect()
}

/// Cuts a field at its semicolons, those in quoted strings aside.
struct Segments<'a>(Option<&'a str>);

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let (mut quoted, mut escaped) = (false, false);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b';' if !quoted => {
                    self.0 = Some(&text[at + 1..]);
                    return Some(&text[..at]);
                }
                _ => {}
            }
        }
        self.0 = None;
        Some(text)
    }
}

/// A boundary of a hundred kilobytes has been seen in a test of this very thing; a file name of four, in the wild.
const FIELD_BYTES_MAX: usize = 256 << 10;
const PARAMETERS_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(field: &str, name: &str) -> Option<String> {
        Parameters::read(field).get(name).map(str::to_owned)
    }

    #[test]
    fn values_as_the_wild_writes_them() {
        for (field, expected) in [
            ("text/plain; charset=utf-8", "text/plain"),
            ("TEXT/HTML", "text/html"),
            (" text/plain (a comment; not)", "text/plain"),
            ("", ""),
            (";", ""),
        ] {
            assert_eq!(Parameters::read(field).value, expected, "{field}");
        }
    }

    #[test]
    fn file_names_as_the_wild_writes_them() {
        for (field, expected) in [
            ("a; filename=x.pdf", Some("x.pdf")),
            ("a; FILENAME = \"x y.pdf\"", Some("x y.pdf")),
            ("a; filename=x y (1).pdf", Some("x y (1).pdf")),
            ("a; filename=\"a;b.pdf\"", Some("a;b.pdf")),
            ("a; filename=\"a\\\"b.pdf\"", Some("a\"b.pdf")),
            ("a; filename=\"C:\\new\\x.pdf\"", Some("C:\\new\\x.pdf")),
            ("a; filename=\"never closed", Some("never closed")),
            ("a; filename=\"\"", Some("")),
            ("a; filename==?utf-8?q?=C3=BC.pdf?=", Some("ü.pdf")),
            ("a; filename=\"=?utf-8?B?w7wucGRm?=\"", Some("ü.pdf")),
            ("a; filename*=UTF-8''%C3%BC%20.pdf", Some("ü .pdf")),
            ("a; filename*=iso-8859-1'de'%FC.pdf", Some("ü.pdf")),
            ("a; filename*1=b.pdf; filename*0=a", Some("ab.pdf")),
            ("a; filename*0*=utf-8''%C3; filename*1*=%BC; filename*2=%20.pdf", Some("ü%20.pdf")),
            ("a; filename=plain.pdf; filename*=utf-8''%C3%BC.pdf", Some("ü.pdf")),
            ("a; filename=first.pdf; filename=second.pdf", Some("first.pdf")),
            ("a; filename*=broken%zz", Some("broken%zz")),
            ("a; filename*=utf-8''100%+b.txt", Some("100%+b.txt")),
            ("a;; filename=x;", Some("x")),
            ("a filename=x", None),
        ] {
            assert_eq!(parameter(field, "filename").as_deref(), expected, "{field}");
        }
    }

    #[test]
    fn a_hundred_thousand_sections_are_read() {
        let field: String = (0..100_000).map(|n| format!(";n*{n}=x")).collect();
        assert!(parameter(&field, "n").is_some());
    }
}
