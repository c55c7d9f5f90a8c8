//! The seven-bit encodings of East Asia, which switch between character sets by escapes (ISO 2022): ISO-2022-JP with its
//! variants (RFC 1468, RFC 1554, RFC 2237), -KR (RFC 1557), -CN (RFC 1922), and HZ (RFC 1843).
//!
//! Each run in one set is given its high bits and decoded by `encoding_rs`, whose own ISO-2022-JP has two sets less and
//! which has none of the others. The CNS sets of ISO-2022-CN are in no crate at hand: U+FFFD.

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_7};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    /// JIS X 0201, left.
    Roman,
    /// JIS X 0201, right.
    Katakana,
    Jis0208,
    Jis0212,
    Korean,
    Chinese,
    Latin1,
    Greek,
    /// Two bytes each, and not to be had.
    Unread,
}

/// What an escape says, after its ESC: the register, and the set that it holds from then on.
const ESCAPES: [(&[u8], usize, Set); 18] = [
    (b"(B", 0, Set::Ascii),
    (b"(J", 0, Set::Roman),
    (b"(H", 0, Set::Roman),
    (b"(I", 0, Set::Katakana),
    (b"$@", 0, Set::Jis0208),
    (b"$B", 0, Set::Jis0208),
    (b"$(@", 0, Set::Jis0208),
    (b"$(B", 0, Set::Jis0208),
    (b"$(O", 0, Set::Jis0208), // JIS X 0213, whose first plane contains it
    (b"$(Q", 0, Set::Jis0208),
    (b"$(D", 0, Set::Jis0212),
    (b"$(C", 0, Set::Korean),
    (b"$A", 0, Set::Chinese),
    (b"$)C", 1, Set::Korean),
    (b"$)A", 1, Set::Chinese),
    (b"$)G", 1, Set::Unread),
    (b".A", 2, Set::Latin1),
    (b".F", 2, Set::Greek),
];

/// Whether bytes switch sets as ISO-2022-JP does. Its escapes are ASCII, so it would pass for UTF-8 and be unreadable.
pub(super) fn is_japanese(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0x1b, bytes).any(|at| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J")))
        && bytes.is_ascii()
}

/// Decodes any of the family; without escapes it is ASCII.
pub(super) fn decode(bytes: &[u8]) -> String {
    // RFC 1557: what shift-out means without an escape.
    let mut registers = [Set::Ascii, Set::Korean, Set::Latin1];
    let mut shifted = 0;
    let mut out = String::with_capacity(bytes.len());
    let mut run = Vec::new();
    let mut run_of = Set::Ascii;
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            0x0e => shifted = 1,
            0x0f => shifted = 0,
            0x1b => {
                if let [b'N', single, after @ ..] = tail {
                    flush(run_of, &mut run, &mut out);
                    flush(registers[2], &mut vec![*single], &mut out);
                    rest = after;
                } else if let Some((escape, register, set)) =
                    ESCAPES.iter().find(|(escape, ..)| tail.starts_with(escape))
                {
                    registers[*register] = *set;
                    rest = &tail[escape.len()..];
                } else {
                    out.push(char::REPLACEMENT_CHARACTER);
                }
            }
            _ => {
                // Spaces and line ends are themselves in every set.
                let set = if (0x21..0x7f).contains(byte) { registers[shifted] } else { Set::Ascii };
                if set != run_of {
                    flush(run_of, &mut run, &mut out);
                    run_of = set;
                }
                run.push(*byte);
            }
        }
    }
    flush(run_of, &mut run, &mut out);
    out
}

fn flush(set: Set, run: &mut Vec<u8>, out: &mut String) {
    if run.is_empty() {
        return;
    }
    let high = |run: &[u8]| run.iter().map(|byte| byte | 0x80).collect::<Vec<_>>();
    let by = |encoding: &'static Encoding, bytes: Vec<u8>| encoding.decode_without_bom_handling(&bytes).0.into_owned();
    let text = match set {
        Set::Ascii => String::from_utf8_lossy(run).into_owned(),
        Set::Roman => run
            .iter()
            .map(|byte| match byte {
                b'\\' => '¥',
                b'~' => '‾',
                _ => char::from(*byte),
            })
            .collect(),
        Set::Katakana => by(EUC_JP, run.iter().flat_map(|byte| [0x8e, byte | 0x80]).collect()),
        Set::Jis0208 => by(EUC_JP, high(run)),
        Set::Jis0212 => by(EUC_JP, run.chunks(2).flat_map(|pair| [vec![0x8f], high(pair)].concat()).collect()),
        Set::Korean => by(EUC_KR, high(run)),
        Set::Chinese => by(GBK, high(run)),
        Set::Latin1 => high(run).into_iter().map(char::from).collect(),
        Set::Greek => by(ISO_8859_7, high(run)),
        Set::Unread => "\u{fffd}".repeat(run.len().div_ceil(2)),
    };
    out.push_str(&text);
    run.clear();
}

/// RFC 1843: `~{` and `~}` around what is GB 2312 without its high bits.
pub(super) fn hz(bytes: &[u8]) -> String {
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
