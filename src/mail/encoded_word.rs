//! Encoded words, `=?charset?B|Q?text?=` (RFC 2047), also where they may not stand.
//!
//! Ours, though `mail_parser` has a decoder: senders cut words in the middle of a character, so neighbours must be
//! joined before their charset is applied, and it decodes each alone. Address fields are respelled for it here.

use super::{charset, parse};
use std::borrow::Cow;

/// An unfolded value with its encoded words decoded. Line ends that were encoded into it become spaces.
pub(super) fn decode(value: &str) -> Cow<'_, str> {
    rewrite(value, |text| text.into())
}

/// An unfolded address field with each run of encoded words as one word in UTF-8, whole characters inside.
pub(super) fn respell(field: &str) -> Cow<'_, str> {
    use base64::{Engine, prelude::BASE64_STANDARD};
    rewrite(field, |text| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(text)))
}

/// The first encoded word that is not as RFC 2047 §2 wants it, and was read all the same or left as it stands.
pub(super) fn bad(value: &str) -> Option<&str> {
    let bytes = value.as_bytes();
    let mut at = 0;
    let mut known = "";
    while let Some(found) = opening(bytes, at) {
        let Some(word) = word_at(value, found) else {
            if looks_opened(&value[found..]) {
                return Some(&value[found..]);
            }
            at = found + 2;
            continue;
        };
        let label = word.charset.split('*').next().unwrap_or("");
        if word.text.contains(' ') || known != label && !charset::is_known(label) {
            return Some(&value[found..word.end]);
        }
        known = label;
        at = word.end;
    }
    None
}

/// `=?charset?Q?` without an end.
fn looks_opened(rest: &str) -> bool {
    let mut pieces = rest.splitn(4, '?').skip(1);
    let charset = pieces.next().unwrap_or(" ");
    let encoding = pieces.next().unwrap_or("");
    !charset.is_empty()
        && !charset.contains(' ')
        && matches!(encoding, "q" | "Q" | "b" | "B")
        && pieces.next().is_some()
}

fn rewrite(value: &str, written: impl Fn(&str) -> String) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = opening(bytes, at) {
        let Some(first) = word_at(value, found) else {
            at = found + 1;
            continue;
        };
        out.push_str(&value[copied..found]);
        let mut run = Run::of(&first);
        at = first.end;
        // RFC 2047 §6.2: white space between two words is not shown.
        while let Some(next) = word_at(value, at + blanks(&bytes[at..])) {
            at = next.end;
            if next.charset.eq_ignore_ascii_case(run.charset) && next.base64 == run.base64 {
                run.text.push_str(next.text);
            } else {
                run.flush();
                run = Run { done: run.done, ..Run::of(&next) };
            }
        }
        run.flush();
        out.push_str(&written(&run.done));
        copied = at;
    }
    if copied == 0 {
        return Cow::Borrowed(value);
    }
    out.push_str(&value[copied..]);
    Cow::Owned(out)
}

/// Where the next `=?` stands from `at` on.
fn opening(bytes: &[u8], at: usize) -> Option<usize> {
    memchr::memchr_iter(b'=', &bytes[at..]).map(|found| at + found).find(|found| bytes.get(found + 1) == Some(&b'?'))
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

struct Word<'a> {
    charset: &'a str,
    base64: bool,
    text: &'a str,
    end: usize,
}

/// Words of one charset and one encoding, not yet decoded, and the text of those before them.
struct Run<'a> {
    charset: &'a str,
    base64: bool,
    text: String,
    done: String,
}

impl<'a> Run<'a> {
    fn of(word: &Word<'a>) -> Self {
        Self { charset: word.charset, base64: word.base64, text: word.text.to_owned(), done: String::new() }
    }

    fn flush(&mut self) {
        let bytes = if self.base64 { base64(&self.text) } else { q(&self.text) };
        // RFC 2231 §5: `charset*language`.
        let label = self.charset.split('*').next();
        let text = charset::decode(label, &bytes).text;
        self.done.extend(text.chars().map(|char| if matches!(char, '\r' | '\n' | '\0') { ' ' } else { char }));
        self.text.clear();
    }
}

/// The word that begins at `at`. Lenient as mail is: spaces inside, any length, an empty text.
fn word_at(value: &str, at: usize) -> Option<Word<'_>> {
    let rest = value.get(at..)?.strip_prefix("=?")?;
    let charset_ends = rest.bytes().take(CHARSET_BYTES_MAX).position(|byte| byte == b'?')?;
    let (charset, rest) = (&rest[..charset_ends], &rest[charset_ends + 1..]);
    let base64 = match rest.as_bytes() {
        [b'b' | b'B', b'?', ..] => true,
        [b'q' | b'Q', b'?', ..] => false,
        _ => return None,
    };
    let text = &rest[2..];
    // The next `=?` ends the search, so that a megabyte of opened words is read once, not once for each.
    let ends = text.as_bytes().windows(2).enumerate().find_map(|(at, pair)| match pair {
        b"?=" => Some(Some(at)),
        b"=?" if text.as_bytes().get(at + 2) != Some(&b'=') => Some(None),
        _ => None,
    })??;
    let start = value.len() - text.len();
    (!charset.is_empty()).then_some(Word { charset, base64, text: &text[..ends], end: start + ends + 2 })
}

fn base64(text: &str) -> Vec<u8> {
    parse::base64(text.as_bytes()).unwrap_or_else(|| {
        let alphabet = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        parse::base64(&text.bytes().filter(alphabet).collect::<Vec<_>>()).unwrap_or_default()
    })
}

/// RFC 2047 §4.2.
fn q(text: &str) -> Vec<u8> {
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'=', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                bytes.push(hex(*high).unwrap_or(0) << 4 | hex(*low).unwrap_or(0));
                rest = after;
            }
            (b'_', _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
    }
    bytes
}

const CHARSET_BYTES_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_the_wild_writes_them() {
        for (value, expected) in [
            ("plain", "plain"),
            ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
            ("a =?utf-8?q?b?= c", "a b c"),
            ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
            ("=?utf-8?q?a_?= =?iso-8859-1?q?=FC?=", "a ü"),
            // Cut inside a character, then inside a base64 quantum.
            ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
            ("=?utf-8?B?R3LDv?= =?utf-8?B?MOfZQ==?=", "Grüße"),
            ("=?utf-8?q?with spaces inside?=", "with spaces inside"),
            ("=?utf-8*de?q?=C3=BC?=", "ü"),
            ("=?iso-2022-jp?B?GyRCJU8lbSE8GyhC?=", "ハロー"),
            ("=?utf-8?q?what=3F?=", "what?"),
            ("=?utf-8?q?=0D=0ABcc: x?=", "  Bcc: x"),
            ("=?x-unknown?q?=FC?=", "ü"),
            ("=?utf-8?q??=", ""),
            ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
            ("=?utf-8?q?never closed", "=?utf-8?q?never closed"),
            ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ] {
            assert_eq!(decode(value), expected, "{value}");
        }
    }

    #[test]
    fn words_that_are_not_as_they_should_be() {
        for (value, expected) in [
            ("plain =? what ?=", None),
            ("=?utf-8?q?fine?= =?utf-8?b?YQ==?=", None),
            ("a =?utf-8?q?with spaces?=", Some("=?utf-8?q?with spaces?=")),
            ("=?x-no-such?q?a?= b", Some("=?x-no-such?q?a?=")),
            ("see =?utf-8?q?never", Some("=?utf-8?q?never")),
        ] {
            assert_eq!(bad(value), expected, "{value}");
        }
    }

    #[test]
    fn a_megabyte_of_open_words_is_read_once() {
        let open = "=?u?Q?".repeat(200_000);
        assert_eq!(decode(&open).len(), 1_200_000);
        assert!(bad(&open).is_some() && bad(&"=? ".repeat(400_000)).is_none());
    }
}
