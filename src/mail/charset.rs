//! Charset to UTF-8: by its label, by its bytes, or by a guess, in that order. Never fails: there is always a text.
//!
//! The WHATWG encodings come from `encoding_rs`, what it does not know from [`super::parse`], and two seven-bit
//! encodings that both replace by a single U+FFFD are read here.

use super::parse;
use encoding_rs::{EUC_KR, Encoding, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// A text, and whether its label was of use.
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    /// There was a label that nobody knows.
    pub(super) unknown: bool,
}

/// The text of `bytes`, whose charset is said to be `label`.
pub(super) fn decode<'a>(label: Option<&str>, bytes: &'a [u8]) -> Text<'a> {
    let Some(label) = label.map(str::trim).filter(|label| !label.is_empty()) else {
        return Text { text: guess(bytes), unknown: false };
    };
    match labelled(&label.to_ascii_lowercase(), bytes) {
        Some(text) => Text { text, unknown: false },
        None => Text { text: guess(bytes), unknown: true },
    }
}

/// UTF-8 if it is, ISO-2022-JP if it has that one's escapes, windows-1252 otherwise, which reads everything.
pub(super) fn guess(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[bom..]).0;
    }
    // Its escapes are ASCII, so it would pass for UTF-8 and be unreadable.
    if memchr::memchr(0x1b, bytes).is_some() && is_iso_2022_jp(bytes) {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0;
    }
    utf8_or_windows_1252(bytes)
}

fn utf8_or_windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    match UTF_8.decode_without_bom_handling(bytes) {
        (text, false) => text,
        // A cut or a stray byte in what is UTF-8 otherwise must not turn all of it into mojibake.
        (text, true) if is_mostly_utf8(&text) => text,
        _ => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

fn is_mostly_utf8(text: &str) -> bool {
    let beyond_ascii = text.chars().filter(|char| !char.is_ascii());
    let (read, lost): (Vec<char>, Vec<char>) = beyond_ascii.partition(|char| *char != char::REPLACEMENT_CHARACTER);
    read.len() > lost.len()
}

fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    let escapes: [&[u8]; 3] = [b"\x1b$B", b"\x1b$@", b"\x1b(J"];
    bytes.is_ascii() && escapes.iter().any(|escape| memchr::memmem::find(bytes, escape).is_some())
}

fn labelled<'a>(label: &str, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    match label {
        // RFC 2046 §4.1.2: seven bits. What has eight is mislabelled, and is UTF-8 more often than not.
        "us-ascii" | "ascii" | "ansi_x3.4-1968" | "7bit" | "8bit" | "binary" => return Some(guess(bytes)),
        "utf-8" | "utf8" | "unicode-1-1-utf-8" | "utf-8mb4" | "utf8mb4" => {
            return Some(utf8_or_windows_1252(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)));
        }
        "utf-16" | "utf16" | "ucs-2" | "iso-10646-ucs-2" | "unicode" => return Some(utf16(bytes)),
        "iso-2022-kr" | "csiso2022kr" => return Some(iso_2022_kr(bytes).into()),
        "hz-gb-2312" | "hz" => return Some(hz(bytes).into()),
        // RFC 1642's name; the table of mail_parser has the other ones.
        "unicode-1-1-utf-7" | "utf7" | "unicode-2-0-utf-7" | "x-unicode-2-0-utf-7" => {
            return parse::charset("utf-7", bytes).map(Cow::Owned);
        }
        _ => {}
    }
    if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        // Typical of a sender that names its default charset and writes UTF-8.
        let is_utf8 = broken && std::str::from_utf8(bytes).is_ok();
        return Some(if is_utf8 { utf8_or_windows_1252(bytes) } else { text });
    }
    parse::charset(label, bytes).map(Cow::Owned)
}

/// RFC 2781 §4.3 says big-endian where there is no mark; senders write little-endian, so the zeros decide.
fn utf16(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[bom..]).0;
    }
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let encoding = if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE };
    encoding.decode_without_bom_handling(bytes).0
}

/// RFC 1557: shift-out and shift-in around what is EUC-KR without its high bits.
fn iso_2022_kr(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\x1b$)C").unwrap_or(bytes);
    let mut shifted = false;
    let mut euc = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            0x0e => shifted = true,
            0x0f => shifted = false,
            _ if shifted && byte > b' ' => euc.push(byte | 0x80),
            _ => euc.push(byte),
        }
    }
    EUC_KR.decode_without_bom_handling(&euc).0.into_owned()
}

/// RFC 1843: `~{` and `~}` around what is GB 2312 without its high bits.
fn hz(bytes: &[u8]) -> String {
    let mut shifted = false;
    let mut gbk = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'~', [b'{', after @ ..]) => (shifted, rest) = (true, after),
            (b'~', [b'}', after @ ..]) => (shifted, rest) = (false, after),
            (b'~', [b'~', after @ ..]) if !shifted => {
                gbk.push(b'~');
                rest = after;
            }
            (b'~', [b'\n', after @ ..]) if !shifted => rest = after, // a soft line break
            _ if shifted && *byte > b' ' => gbk.push(byte | 0x80),
            _ => gbk.push(*byte),
        }
    }
    GBK.decode_without_bom_handling(&gbk).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_right_wrong_and_absent() {
        let rows: &[(Option<&str>, &[u8], &str)] = &[
            (None, "Grüße".as_bytes(), "Grüße"),
            (None, b"Gr\xfc\xdfe", "Grüße"),
            (None, b"\x1b$B%O%m!<\x1b(B", "ハロー"),
            (None, b"\xef\xbb\xbfmarked", "marked"),
            (Some("us-ascii"), "Grüße".as_bytes(), "Grüße"),
            (Some("UTF-8"), b"Gr\xfc\xdfe", "Grüße"),
            (Some("utf-8"), "Grüße \u{e9}".as_bytes().split_last().unwrap().1, "Grüße \u{fffd}"),
            (Some(" ISO-8859-1 "), b"Gr\xfc\xdfe", "Grüße"),
            (Some("iso-8859-8-i"), b"\xf9\xec\xe5\xed", "שלום"),
            (Some("unicode-1-1-utf-7"), b"+ZYeB9FH6ckh5Pg-, 1980.", "文致出版社, 1980."),
            (Some("utf-16"), b"h\0i\0", "hi"),
            (Some("utf-16"), b"\0h\0i", "hi"),
            (Some("utf-16"), b"\xff\xfeh\0i\0", "hi"),
            (Some("ibm850"), b"\x9b\x9c", "ø£"),
            (Some("iso-2022-kr"), b"\x1b$)C\x0e>H3g\x0f!", "안녕!"),
            (Some("hz-gb-2312"), b"~{VPND~}~~", "中文~"),
            (Some("gb2312"), b"\xd6\xd0\xce\xc4", "中文"),
            (Some("x-unknown"), b"Gr\xfc\xdfe", "Grüße"),
            (Some("euc-jp"), "日本".as_bytes(), "日本"),
        ];
        for (label, bytes, expected) in rows {
            assert_eq!(decode(*label, bytes).text, *expected, "{label:?} {bytes:?}");
        }
        assert!(decode(Some("x-unknown"), b"").unknown);
        assert!(!decode(Some("utf-8"), b"").unknown);
    }
}
