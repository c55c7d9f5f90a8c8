//! Addresses that stand bare in a text.

use super::super::html::scheme;
use std::ops::Range;

/// Where they are, in order.
pub(super) fn addresses(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(colon) = memchr::memchr(b':', &text.as_bytes()[at..]).map(|found| at + found) {
        let begun = at;
        at = colon + 1;
        let Some(start) = scheme_start(text, begun, colon) else { continue };
        let bracketed = text[..start].ends_with('<');
        let within = bracketed.then(|| in_brackets(&text[start..])).flatten();
        let (end, url) = within.unwrap_or_else(|| {
            let end = bare_end(&text[start..]);
            (end, text[start..start + end].to_owned())
        });
        if is_address(&url) {
            at = start + end;
            found.push((start..at, url));
            if found.len() >= ADDRESSES_MAX {
                break;
            }
        }
    }
    found
}

/// Schemes that lead nowhere outside of the message, or that run something.
pub(super) fn leads_out(url: &str) -> bool {
    scheme(url).is_some_and(|scheme| !NO_LINKS.contains(&scheme.as_str()))
}

/// The letters before a colon, if what follows makes them a scheme.
fn scheme_start(text: &str, from: usize, colon: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let in_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let length = bytes[from..colon].iter().rev().take(SCHEME_BYTES_MAX).take_while(|byte| in_scheme(byte)).count();
    let start = colon - length;
    let scheme = text[start..colon].to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "mailto" | "tel");
    // Glued behind a letter it is part of a word.
    let glued = text[..start].chars().next_back().is_some_and(|char| char.is_alphanumeric() && char < '\u{590}');
    let fits = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && (known || bytes[colon + 1..].starts_with(b"//"))
        && !glued;
    fits.then_some(start)
}

/// RFC 3986 appendix C: in angle brackets an address may go on in the next line.
fn in_brackets(text: &str) -> Option<(usize, String)> {
    let limit = text.floor_char_boundary(URL_BYTES_MAX);
    let end = text[..limit].find(['>', '<']).filter(|&end| text[end..].starts_with('>'))?;
    let inside = &text[..end];
    let broken = inside.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
    let url: String = broken.collect();
    (!url.contains(char::is_whitespace)).then_some((end, url))
}

/// Where a bare one ends: not with the full stop of its sentence, nor with a bracket that was opened before it.
fn bare_end(text: &str) -> usize {
    let mut end = text.len();
    let mut last = ':';
    let mut in_path = false;
    for (at, char) in text.char_indices().skip_while(|(_, char)| *char != ':') {
        let letters_begin = char >= '\u{590}' && char.is_alphanumeric() && in_path && last.is_ascii_alphanumeric();
        if at > URL_BYTES_MAX || char.is_whitespace() || char.is_control() || ENDS.contains(char) || letters_begin {
            end = at;
            break;
        }
        in_path |= char == '/' && last != ':' && last != '/';
        last = char;
    }
    let mut url = &text[..end];
    let mut unopened = [('(', ')'), ('[', ']'), ('{', '}')]
        .map(|(open, close)| (close, url.matches(close).count().saturating_sub(url.matches(open).count())));
    while let Some(last) = url.chars().next_back() {
        match unopened.iter_mut().find(|(close, count)| *close == last && *count > 0) {
            Some((_, count)) => *count -= 1,
            None if ".,;:!?'*_|".contains(last) => {}
            None => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url.len()
}

fn is_address(url: &str) -> bool {
    let rest = url.split_once(':').map_or("", |(_, rest)| rest).trim_start_matches('/');
    leads_out(url)
        && rest.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '[' | '+' | '?' | '_' | '%'))
}

const NO_LINKS: [&str; 8] = ["javascript", "vbscript", "data", "cid", "mid", "file", "about", "blob"];
/// Besides white space.
const ENDS: &str = "<>\"`“”„«»、。，；！？：）」』】》〉］｝…";
const SCHEME_BYTES_MAX: usize = 32;
const URL_BYTES_MAX: usize = 8 << 10;
const ADDRESSES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_where_a_reader_ends_it() {
        for (text, expected) in [
            ("See https://a.test/b?c=1&d=2.", "https://a.test/b?c=1&d=2"),
            ("(https://a.test/b_(c))", "https://a.test/b_(c)"),
            ("<https://a.test/long\n  part>", "https://a.test/longpart"),
            ("<https://a.test/b c>", "https://a.test/b"),
            ("https://例え.テスト/パス?x=1。次", "https://例え.テスト/パス?x=1"),
            ("https://a.test/v?t=abcをクリック", "https://a.test/v?t=abc"),
            ("https://a.test/v?t=abc를 누르세요", "https://a.test/v?t=abc"),
            ("リンクhttps://a.test/を", "https://a.test/を"),
            ("open myapp://login?t=1!", "myapp://login?t=1"),
            ("com.app.x://go", "com.app.x://go"),
            ("mailto:a@b.test,", "mailto:a@b.test"),
            ("call tel:+49301234", "tel:+49301234"),
            ("HTTPS://A.TEST/", "HTTPS://A.TEST/"),
            ("„https://a.test/“", "https://a.test/"),
        ] {
            let found: Vec<_> = addresses(text).into_iter().map(|(_, url)| url).collect();
            assert_eq!(found, [expected], "{text}");
        }
        for text in
            ["javascript:alert(1)", "data://x", "xhttp//a", "note: this", "https://", "12:30", "a::b", "файлhttp://a"]
        {
            assert_eq!(addresses(text), [], "{text}");
        }
    }
}
