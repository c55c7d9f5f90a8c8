//! The only file that names `mail_parser`: address lists, dates, transfer decoders, charsets, HTML entities.
//!
//! Never its whole-message `parse`: a 110 kB mail overflows its stack (`clippy.toml`). What is fed to it is one field
//! or one body, bounded, and each call is caught: a panic means "not readable", and the raw bytes stay to be shown.

use super::{Word, address::Address, encoded_word};
use mail_parser::decoders::{base64, charsets::map, html, quoted_printable};
use mail_parser::parsers::MessageStream;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The mailboxes of an unfolded address field.
pub(super) fn addresses(field: &str) -> Vec<Address> {
    let field = &field[..field.floor_char_boundary(ADDRESS_FIELD_BYTES_MAX)];
    let list = address_list(&with_commas(&encoded_word::respell(field))).unwrap_or_else(|| vec![as_name(field)]);
    if list.iter().any(|one| !one.address.is_empty()) || !field.contains("=?") {
        return list;
    }
    // RFC 2047 §5 forbids an address inside an encoded word; senders that encode the whole field exist.
    let decoded = encoded_word::decode(field);
    address_list(&decoded).filter(|again| again.iter().any(|one| one.address.contains('@'))).unwrap_or(list)
}

fn address_list(field: &str) -> Option<Vec<Address>> {
    let line = format!("{field}\n");
    caught(|| {
        let parsed = MessageStream::new(line.as_bytes()).parse_address();
        let mut list = Vec::new();
        for one in parsed.as_address().into_iter().flat_map(|list| list.iter()).take(ADDRESSES_MAX) {
            let name = one.name.as_deref().unwrap_or("").trim();
            let address = one.address.as_deref().unwrap_or("").trim();
            if !name.is_empty() || !address.is_empty() {
                list.push(Address { name: printable(name), address: printable(address) });
            }
        }
        list
    })
}

/// With the comma that should stand after a `>` where another address follows.
fn with_commas(field: &str) -> Cow<'_, str> {
    if field.find('>').is_none_or(|at| field[at + 1..].trim_start().is_empty()) {
        return field.into(); // nothing follows the first: there is no comma to miss
    }
    let mut out = String::with_capacity(field.len());
    let (mut quoted, mut escaped, mut comments, mut ended) = (false, false, 0_usize, false);
    for char in field.chars() {
        if ended && !char.is_ascii_whitespace() {
            if !matches!(char, ',' | ';' | '(' | ')' | '>') {
                out.push(',');
            }
            ended = false;
        }
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if comments == 0 => quoted = !quoted,
            '(' if !quoted => comments += 1,
            ')' if !quoted => comments = comments.saturating_sub(1),
            '>' if !quoted && comments == 0 => ended = true,
            _ => {}
        }
        out.push(char);
    }
    out.into()
}

fn as_name(field: &str) -> Address {
    Address { name: printable(&encoded_word::decode(field)), address: "".into() }
}

/// Line ends and NUL have no place in a name: what shows it may be a line of its own.
fn printable(text: &str) -> Word {
    if text.contains(char::is_control) { text.replace(char::is_control, " ").into() } else { text.into() }
}

/// A date by the wall clock, nothing checked.
pub(super) struct WallClock {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// The offset is to be subtracted from UTC.
    pub(super) west: bool,
    /// Hours and minutes.
    pub(super) offset: (u8, u8),
}

/// The date of an unfolded field.
pub(super) fn date(field: &str) -> Option<WallClock> {
    let line = format!("{}\n", &field[..field.floor_char_boundary(DATE_FIELD_BYTES_MAX)]);
    let date = caught(|| MessageStream::new(line.as_bytes()).parse_date().into_datetime())??;
    Some(WallClock {
        year: date.year,
        month: date.month,
        day: date.day,
        hour: date.hour,
        minute: date.minute,
        second: date.second,
        west: date.tz_before_gmt,
        offset: (date.tz_hour, date.tz_minute),
    })
}

/// RFC 2045 §6.8; none if there is a byte that is neither of the alphabet nor white space.
pub(super) fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    caught(|| base64::base64_decode(bytes))?
}

/// RFC 2045 §6.7; none if an `=` is followed by what it may not be followed by.
pub(super) fn quoted_printable(bytes: &[u8]) -> Option<Vec<u8>> {
    caught(|| quoted_printable::quoted_printable_decode(bytes))?
}

/// Decodes by the crate's own table, which knows labels that `encoding_rs` has not: UTF-7, code page 850, old aliases.
pub(super) fn charset(label: &str, bytes: &[u8]) -> Option<String> {
    caught(|| map::charset_decoder(label.as_bytes()).map(|decode| decode(bytes)))?
}

/// The character of one HTML entity, with its `&` and `;`.
pub(super) fn entity(entity: &str) -> Option<String> {
    let mut decoded = String::new();
    caught(|| html::add_html_token(&mut decoded, entity.as_bytes(), false))?;
    (decoded != entity).then_some(decoded)
}

fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

/// Ten thousand recipients fit, which is our limit for an envelope; what is longer is read up to here.
const ADDRESS_FIELD_BYTES_MAX: usize = 1 << 20;
const ADDRESSES_MAX: usize = 10_000;
const DATE_FIELD_BYTES_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities() {
        assert_eq!(entity("&nbsp;").as_deref(), Some("\u{a0}"));
        assert_eq!(entity("&#x41;").as_deref(), Some("A"));
        assert_eq!(entity("&no-such;"), None);
    }

    #[test]
    fn a_megabyte_of_open_comments_is_read() {
        assert!(addresses(&"(".repeat(1_000_000)).len() <= 1);
    }
}
