//! Charset to UTF-8: by its label, by its bytes, or by a guess, in that order. Never fails: there is always a text.
//!
//! A label is believed until the bytes disprove it, and then it is said so ([`Label`]). The WHATWG encodings come from
//! `encoding_rs`, those of DOS and of the old Mac OS from tables ([`code_page`], [`mac`]), UTF-7 from [`super::parse`];
//! what switches sets by escapes is read in [`iso_2022`].

mod code_page;
mod detect;
mod iso_2022;
mod mac;

use super::parse;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874, X_USER_DEFINED};
use std::borrow::Cow;

/// A text, and whether its label was of use.
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) label: Label,
}

/// What became of a label. The word is the name of what the bytes were read as instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// It was right, or nothing needed one.
    Right,
    /// It was right, but some bytes are nothing in this charset.
    Broken,
    /// There is none, and there are bytes beyond ASCII.
    Missing(&'static str),
    /// Nobody knows it.
    Unknown(&'static str),
    /// The bytes are something else.
    Wrong(&'static str),
}

/// The text of `bytes`, whose charset is said to be `label`.
pub(super) fn decode<'a>(label: Option<&str>, bytes: &'a [u8]) -> Text<'a> {
    let Some(label) = label.map(str::trim).filter(|label| !label.is_empty()) else {
        let (text, name) = guessed(bytes);
        return Text { text, label: if name == ASCII { Label::Right } else { Label::Missing(name) } };
    };
    labelled(&label.to_ascii_lowercase(), bytes).unwrap_or_else(|| {
        let (text, name) = guessed(bytes);
        Text { text, label: Label::Unknown(name) }
    })
}

/// Whether anybody knows this label.
pub(super) fn is_known(label: &str) -> bool {
    !matches!(decode(Some(label), b"").label, Label::Unknown(_))
}

/// The text of bytes that have no label.
pub(super) fn guess(bytes: &[u8]) -> Cow<'_, str> {
    guessed(bytes).0
}

/// The text, and the name of what it was read as: a byte order mark's, ISO-2022-JP if it has that one's escapes, UTF-8
/// if it is, else what the detector says, which reads everything.
pub(super) fn guessed(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Some(text) = plain(bytes) {
        return (text.into(), ASCII);
    }
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[bom..]).0, encoding.name());
    }
    if iso_2022::is_japanese(bytes) {
        return (iso_2022::decode(bytes).into(), "ISO-2022-JP");
    }
    let (text, broken) = UTF_8.decode_without_bom_handling(bytes);
    if !broken || is_mostly_read(&text) {
        return (text, if bytes.is_ascii() { ASCII } else { UTF_8.name() });
    }
    let encoding = detect::detect(bytes);
    (encoding.decode_without_bom_handling(bytes).0, encoding.name())
}

/// A cut or a stray byte in what is right otherwise must not turn all of it into mojibake.
fn is_mostly_read(text: &str) -> bool {
    let (mut read, mut lost) = (0_usize, 0_usize);
    for char in text.chars().filter(|char| !char.is_ascii()) {
        *(if char == char::REPLACEMENT_CHARACTER { &mut lost } else { &mut read }) += 1;
    }
    read > lost
}

fn labelled<'a>(label: &str, bytes: &'a [u8]) -> Option<Text<'a>> {
    // Typical of a sender that names its default charset and writes UTF-8.
    let is_utf8 = !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
    let right = |text: String| Text { text: text.into(), label: Label::Right };
    let text = match label {
        // RFC 2046 §4.1.2: seven bits. What has eight is mislabelled.
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "iso-ir-6" | "iso646-us" | "7bit" | "8bit" | "binary" => {
            let (text, name) = guessed(bytes);
            Text { text, label: if name == ASCII { Label::Right } else { Label::Wrong(name) } }
        }
        "utf-8" | "utf8" | "unicode-1-1-utf-8" | "x-utf-8" | "utf_8" | "utf-8-sig" | "utf8mb4" | "utf-8mb4" => {
            utf8(bytes)
        }
        "utf-16" | "utf16" | "ucs-2" | "ucs2" | "iso-10646-ucs-2" | "unicode" | "csunicode" => utf16(bytes, None),
        "utf-16le" | "utf16le" | "unicodefeff" | "ucs-2le" => utf16(bytes, Some(UTF_16LE)),
        "utf-16be" | "utf16be" | "unicodefffe" | "ucs-2be" => utf16(bytes, Some(UTF_16BE)),
        "utf-32" | "utf32" | "ucs-4" | "iso-10646-ucs-4" | "csucs4" => utf32(bytes, None),
        "utf-32le" | "utf32le" | "ucs-4le" => utf32(bytes, Some(false)),
        "utf-32be" | "utf32be" | "ucs-4be" => utf32(bytes, Some(true)),
        _ if is_utf8 && is_seven_bit(label) => Text { text: guess(bytes), label: Label::Wrong(UTF_8.name()) },
        "iso-2022-jp" | "csiso2022jp" | "iso-2022-jp-1" | "iso-2022-jp-2" | "csiso2022jp2" | "iso-2022-jp-3"
        | "iso-2022-jp-2004" | "iso-2022-jp-ms" | "x-iso-2022-jp" | "cp50220" | "cp50221" | "cp50222"
        | "iso-2022-kr" | "csiso2022kr" | "iso-2022-cn" | "iso-2022-cn-ext" => {
            if bytes.is_ascii() {
                right(iso_2022::decode(bytes))
            } else {
                let (text, name) = guessed(bytes);
                Text { text, label: Label::Wrong(name) }
            }
        }
        "hz-gb-2312" | "hz" => right(iso_2022::hz(bytes)),
        // RFC 1642's name and RFC 2152's.
        "unicode-1-1-utf-7" | "utf-7" | "utf7" | "unicode-2-0-utf-7" | "x-unicode-2-0-utf-7" | "csutf7" => {
            right(parse::charset("utf-7", bytes)?)
        }
        _ => return by_table(label, bytes, is_utf8),
    };
    Some(text)
}

fn is_seven_bit(label: &str) -> bool {
    label.contains("2022") || label.contains("utf-7") || label.contains("utf7") || label.starts_with("hz")
}

fn by_table<'a>(label: &str, bytes: &'a [u8], is_utf8: bool) -> Option<Text<'a>> {
    let label = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(label, |(_, label)| label);
    let number = code_page::number(label);
    let encoding = Encoding::for_label_no_replacement(label.as_bytes()).or_else(|| code_page::of_windows(number?));
    let Some(encoding) = encoding else {
        let by_number = || code_page::of_dos(number?, bytes);
        let text = by_number().or_else(|| mac::decode(label, bytes));
        let text = text.or_else(|| parse::charset(label, bytes).filter(|_| label != "replacement"))?;
        let utf8 = Text { text: guess(bytes), label: Label::Wrong(UTF_8.name()) };
        // In DOS and on a Mac, two letters may be one character of UTF-8, so one alone proves nothing.
        let is_utf8 = is_utf8 && utf8.text.chars().filter(|char| !char.is_ascii()).count() > 1;
        return Some(if is_utf8 { utf8 } else { Text { text: text.into(), label: Label::Right } });
    };
    if encoding == UTF_8 {
        return Some(utf8(bytes));
    }
    let (text, broken) = encoding.decode_with_bom_removal(bytes);
    // In Thai alone are three letters often what is one character of UTF-8.
    let disproves = broken || encoding.is_single_byte() && encoding != WINDOWS_874 && encoding != X_USER_DEFINED;
    if is_utf8 && disproves || broken && !is_mostly_read(&text) {
        let (text, name) = guessed(bytes);
        return Some(Text { text, label: if name == encoding.name() { Label::Broken } else { Label::Wrong(name) } });
    }
    Some(Text { text, label: if broken { Label::Broken } else { Label::Right } })
}

fn utf8(bytes: &[u8]) -> Text<'_> {
    if let Some(text) = plain(bytes) {
        return Text { text: text.into(), label: Label::Right };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if is_cut_utf8(bytes) {
        return Text { text: String::from_utf8_lossy(bytes), label: Label::Broken };
    }
    let (text, name) = guessed(bytes);
    let label = match name {
        ASCII => Label::Right,
        "UTF-8" if std::str::from_utf8(bytes).is_ok() => Label::Right,
        "UTF-8" => Label::Broken,
        other => Label::Wrong(other),
    };
    Text { text, label }
}

/// What is ASCII and nothing else, escapes included: as most mail is, and the same in nearly every charset.
fn plain(bytes: &[u8]) -> Option<&str> {
    let is_plain = bytes.is_ascii() && memchr::memchr(ESC, bytes).is_none();
    if is_plain { std::str::from_utf8(bytes).ok() } else { None }
}

/// Whether it would be UTF-8, were it not for surrogates, which a few senders write by themselves, and for a last character
/// that was cut.
fn is_cut_utf8(bytes: &[u8]) -> bool {
    let (mut rest, mut read) = (bytes, false);
    while let Err(why) = std::str::from_utf8(rest) {
        let (valid, broken) = rest.split_at(why.valid_up_to());
        read |= !valid.is_ascii();
        match (broken, why.error_len()) {
            // An accent at the end of Latin-1 looks the same.
            (_, None) => return read,
            ([0xed, 0xa0..=0xbf, 0x80..=0xbf, tail @ ..], _) => (rest, read) = (tail, true),
            _ => return false,
        }
    }
    rest.len() < bytes.len()
}

/// RFC 2781 §4.3 says big-endian where there is neither mark nor label; senders write little-endian, so the zeros decide.
fn utf16<'a>(bytes: &'a [u8], said: Option<&'static Encoding>) -> Text<'a> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        let label = if encoding == UTF_8 { Label::Wrong(UTF_8.name()) } else { Label::Right };
        return Text { text: encoding.decode_without_bom_handling(&bytes[bom..]).0, label };
    }
    // Eight-bit text under the name of what it was before: it has no zeros, and pairs of its bytes would be Chinese.
    let is_long = bytes.len() % 2 == 1 || bytes.len() >= 32;
    if is_long && memchr::memchr(0, bytes).is_none() && std::str::from_utf8(bytes).is_ok() {
        let (text, name) = guessed(bytes);
        return Text { text, label: Label::Wrong(name) };
    }
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let encoding = said.unwrap_or(if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE });
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    Text { text, label: if broken { Label::Broken } else { Label::Right } }
}

fn utf32<'a>(bytes: &'a [u8], said_big: Option<bool>) -> Text<'a> {
    let big = match bytes {
        [0, 0, 0xfe, 0xff, ..] => true,
        [0xff, 0xfe, 0, 0, ..] => false,
        // No character needs the highest byte.
        _ => said_big.unwrap_or(bytes.chunks(4).filter(|four| four[0] == 0).count() * 2 > bytes.len() / 4),
    };
    let mut broken = false;
    let char = |four: &[u8]| {
        let number = <[u8; 4]>::try_from(four)
            .ok()
            .map(|four| if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) });
        number.and_then(char::from_u32).unwrap_or_else(|| {
            broken = true;
            char::REPLACEMENT_CHARACTER
        })
    };
    let text: String = bytes.chunks(4).map(char).collect();
    if broken && !is_mostly_read(&text) && !text.is_empty() {
        let (text, name) = guessed(bytes);
        return Text { text, label: Label::Wrong(name) };
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Text { text: text.into(), label: if broken { Label::Broken } else { Label::Right } }
}

const ASCII: &str = "US-ASCII";
const ESC: u8 = 0x1b;

/// Labels that mail has and browsers do not know.
const ALIASES: [(&str, &str); 20] = [
    ("latin-1", "iso-8859-1"),
    ("ansi", "windows-1252"),
    ("iso-8859-1-windows-3.1-latin-1", "windows-1252"),
    ("iso8859_1", "iso-8859-1"),
    ("iso-latin-1", "iso-8859-1"),
    ("latin9", "iso-8859-15"),
    ("latin-9", "iso-8859-15"),
    ("iso-8859-8-e", "iso-8859-8"),
    ("macroman", "macintosh"),
    ("mac-roman", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("mac-cyrillic", "x-mac-cyrillic"),
    ("eucjp", "euc-jp"),
    ("ujis", "euc-jp"),
    ("euckr", "euc-kr"),
    ("uhc", "euc-kr"),
    ("euc-cn", "gbk"),
    ("x-gb2312", "gbk"),
    ("gb-2312", "gbk"),
    ("koi8r", "koi8-r"),
];

#[cfg(test)]
mod tests;
