//! Reads what stands behind `FROM:` and `TO:`: a path and its parameters (RFC 5321 §4.1.2).
//!
//! Real clients leave brackets out, put display names in, and forget quotes. All of it is read as far as it has a
//! meaning; what departs from the grammar is an oddity. Bytes in, bytes out: an address need not be UTF-8.

use super::extension;
use crate::mail::envelope::{Addressed, Params, Path};
use crate::mail::finding::{Finding, Oddity};

/// Reads `argument`, what follows the keyword and its colon. An empty path is the caller's to judge.
pub(super) fn read(argument: &[u8], odd: &mut Vec<Finding>) -> Addressed {
    let rest = argument.trim_ascii_start();
    if rest.len() < argument.len() {
        odd.push(Finding::bare(Oddity::SpaceAfterColon)); // frequent in hand-written senders; §3.3 forbids it
    }
    let (path, params) = bracketed(rest, odd).unwrap_or_else(|| {
        odd.push(Finding::bare(Oddity::NoBrackets));
        unbracketed(rest)
    });
    judge(path, odd);
    Addressed { path: Path::verbatim(path), params: Params::verbatim(params) }
}

/// `<path> params`, also `Name <path> params`, `<<path>>` and `<path` without an end.
fn bracketed<'a>(text: &'a [u8], odd: &mut Vec<Finding>) -> Option<(&'a [u8], &'a [u8])> {
    let open = first(text, |byte| *byte == b'<')?;
    if in_parameter(&text[..open]) {
        return None;
    }
    let inside = &text[open + 1..];
    // A quote that is never closed hides every bracket; then the first one counts.
    let Some(close) = outside_quotes(inside, b'>').or_else(|| memchr::memchr(b'>', inside)) else {
        odd.push(Finding::bare(Oddity::BracketUnclosed));
        return Some(split_word(inside));
    };
    let (written, mut params) = (&inside[..close], &inside[close + 1..]);
    let path = match outside_quotes_last(written, b'<') {
        Some(inner) => &written[inner + 1..],
        None => written,
    }
    .trim_ascii();
    while let [b'>', rest @ ..] = params {
        params = rest;
    }
    let glued = params.first().is_some_and(|byte| !byte.is_ascii_whitespace());
    let spaced = positions_outside_quotes(path, u8::is_ascii_whitespace).next().is_some();
    if open > 0 || glued || spaced || path.len() < written.len() || params.len() < inside.len() - close - 1 {
        odd.push(Finding::with(Oddity::PathNotAlone, String::from_utf8_lossy(text)));
    }
    Some((path, params))
}

/// Whether what stands before a bracket makes it a parameter's, as in `a@b X=<c>`. A name may be an address or an encoded
/// word: `a@b <a@b>`, `=?utf-8?q?Ann?= <a@b>`.
fn in_parameter(before: &[u8]) -> bool {
    let glued = before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    glued.contains(&b'=') && !glued.ends_with(b"?=")
}

/// `path params` without brackets. Only `SIZE=5` and the like: the null path and its parameters.
fn unbracketed(text: &[u8]) -> (&[u8], &[u8]) {
    let (word, rest) = split_word(text);
    match memchr::memchr(b'=', word) {
        Some(equals) if !word.contains(&b'@') && extension::parameter_known(&word[..equals]) => (b"", text),
        _ => (word, rest),
    }
}

/// The text up to a blank outside quotes, and what follows it.
fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    text.split_at(first(text, blank).unwrap_or(text.len()))
}

fn judge(path: &[u8], odd: &mut Vec<Finding>) {
    let shown = || String::from_utf8_lossy(path);
    if path.len() > PATH_BYTES_MAX {
        odd.push(Finding::with(Oddity::PathTooLong, format_args!("{} octets", path.len())));
    }
    if path.starts_with(b"@") && path.contains(&b':') {
        odd.push(Finding::with(Oddity::SourceRoute, shown()));
    }
    // `<postmaster>` is the one address that needs no domain (§4.1.1.3); `<>` is none.
    let has_domain = outside_quotes_last(path, b'@').is_some_and(|at| at + 1 < path.len());
    if !path.is_empty() && !has_domain && !path.eq_ignore_ascii_case(b"postmaster") {
        odd.push(Finding::with(Oddity::NoDomain, shown()));
    }
}

/// Where `wanted` first stands outside quotes. A quote that is never closed hides everything; then the first one counts.
fn first(text: &[u8], wanted: impl Fn(&u8) -> bool) -> Option<usize> {
    let outside = positions_outside_quotes(text, &wanted).next();
    outside.or_else(|| if is_open(text) { text.iter().position(wanted) } else { None })
}

/// Whether a quote is never closed: the end of the text is within it.
fn is_open(text: &[u8]) -> bool {
    let end = [text, b" "].concat();
    positions_outside_quotes(&end, |byte| *byte == b' ').last() != Some(text.len())
}

/// Where `wanted` first stands outside a quoted string; `\` protects the next octet inside one (§4.1.2).
fn outside_quotes(text: &[u8], wanted: u8) -> Option<usize> {
    positions_outside_quotes(text, move |byte| *byte == wanted).next()
}

fn outside_quotes_last(text: &[u8], wanted: u8) -> Option<usize> {
    positions_outside_quotes(text, move |byte| *byte == wanted).last()
}

fn positions_outside_quotes(text: &[u8], wanted: impl Fn(&u8) -> bool) -> impl Iterator<Item = usize> {
    let (mut quoted, mut protected) = (false, false);
    text.iter().enumerate().filter_map(move |(at, &byte)| {
        if std::mem::take(&mut protected) {
            return None;
        }
        match byte {
            b'\\' if quoted => protected = true,
            b'"' => quoted = !quoted,
            _ if wanted(&byte) && !quoted => return Some(at),
            _ => {}
        }
        None
    })
}

/// RFC 5321 §4.5.3.1.3, its two brackets included.
const PATH_BYTES_MAX: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(argument: &str, path: &str, params: &str, odd: &str) {
        let mut findings = Vec::new();
        let read = read(argument.as_bytes(), &mut findings);
        let ids: Vec<_> = findings.iter().map(|finding| finding.oddity.id()).collect();
        assert_eq!(
            (&*read.path.to_string(), &*read.params.to_string(), &*ids.join(" ")),
            (path, params, odd),
            "{argument}"
        );
    }

    #[test]
    fn a_path_is_read_as_its_writer_meant_it() {
        check("<a@b>", "a@b", "", "");
        check("<>", "", "", "");
        check("<a@b> SIZE=5 X", "a@b", "SIZE=5 X", "");
        check("<a@b>SIZE=5", "a@b", "SIZE=5", "path-not-alone");
        check("  <a@b>  ", "a@b", "", "space-after-colon");
        check("a@b", "a@b", "", "no-brackets");
        check("a@b SIZE=5", "a@b", "SIZE=5", "no-brackets");
        check("a@b\tSIZE=5", "a@b", "SIZE=5", "no-brackets");
        check("<a@b>\tSIZE=5", "a@b", "SIZE=5", "");
        check("", "", "", "no-brackets");
        check("SIZE=5", "", "SIZE=5", "no-brackets");
        check("bounce+x=y@b", "bounce+x=y@b", "", "no-brackets");
        check("<a@b", "a@b", "", "bracket-unclosed");
        check("<a@b SIZE=5", "a@b", "SIZE=5", "bracket-unclosed");
        check("Ann <a@b> SIZE=5", "a@b", "SIZE=5", "path-not-alone");
        check("\"Ann <x>\" <a@b>", "a@b", "", "path-not-alone");
        check("<Ann <a@b>>", "a@b", "", "path-not-alone");
        check("<<a@b>>", "a@b", "", "path-not-alone");
        check("< a@b >", "a@b", "", "path-not-alone");
        check("a@b X=<c>", "a@b", "X=<c>", "no-brackets");
        check("<\"a>b c\"@d> SIZE=5", "\"a>b c\"@d", "SIZE=5", "");
        check("<\"a\\\">b\"@d>", "\"a\\\">b\"@d", "", "");
        check("<\"a@b> SIZE=5", "\"a@b", "SIZE=5", "no-domain");
        check("\"a b\"@c X", "\"a b\"@c", "X", "no-brackets");
        check("\"a b\"@c", "\"a b\"@c", "", "no-brackets");
        check("\"<a>\"@c X", "\"<a>\"@c", "X", "no-brackets");
        check("\"a@b\" <a@b>", "a@b", "", "path-not-alone");
        check("a@b <a@b> SIZE=5", "a@b", "SIZE=5", "path-not-alone");
        check("=?utf-8?q?Ann?= <a@b>", "a@b", "", "path-not-alone");
        check("\"Ann <a@b>", "a@b", "", "path-not-alone");
        check("<@h1,@h2:a@b>", "@h1,@h2:a@b", "", "source-route");
        check("<Postmaster>", "Postmaster", "", "");
        check("<root>", "root", "", "no-domain");
        check("<a@>", "a@", "", "no-domain");
        check("<a b@c>", "a b@c", "", "path-not-alone");
        check("<a@[IPv6:::1]>", "a@[IPv6:::1]", "", "");
        check(&format!("<{}@b>", "x".repeat(300)), &format!("{}@b", "x".repeat(300)), "", "path-too-long");
    }
}
