//! Charsets by number, as DOS and Windows call them: `cp437`, `ibm-852`, `windows1251`, `win-1252`.
//!
//! The only file that names `oem_cp`, which has the tables of DOS; those of Windows are `encoding_rs`'.

use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use std::panic::catch_unwind;

/// The number in a label.
pub(super) fn number(label: &str) -> Option<u16> {
    let name = label.strip_prefix("cs").or(label.strip_prefix("x-")).unwrap_or(label);
    let digits = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let digits = digits.trim_start_matches(['-', '_', '0']);
    let digits = NAMED.iter().find(|(name, _)| *name == digits).map_or(digits, |(_, number)| number);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The encoding with this number that browsers know.
pub(super) fn of_windows(number: u16) -> Option<&'static Encoding> {
    let label = match number {
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 | 51949 => "euc-kr",
        950 => "big5",
        1250..=1258 => return Encoding::for_label(format!("windows-{number}").as_bytes()),
        10000 => "macintosh",
        10007 => "x-mac-cyrillic",
        20866 => "koi8-r",
        20932 | 51932 => "euc-jp",
        21866 => "koi8-u",
        28591..=28606 => return Encoding::for_label(format!("iso-8859-{}", number - 28590).as_bytes()),
        54936 => "gb18030",
        65001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// Decodes by a code page of DOS.
pub(super) fn of_dos(number: u16, bytes: &[u8]) -> Option<String> {
    catch_unwind(|| DECODING_TABLE_CP_MAP.get(&number).map(|table| table.decode_string_lossy(bytes))).ok()?
}

const PREFIXES: [&str; 8] = ["windows", "win", "cp", "ibm", "dos", "ms", "pc", "codepage"];
/// Names of IANA's register that hide their number.
const NAMED: [(&str, &str); 4] =
    [("8codepage437", "437"), ("850multilingual", "850"), ("p852", "852"), ("862latinhebrew", "862")];
