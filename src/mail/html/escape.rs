//! Entities of HTML, and what a browser makes of a URL before it looks at it.

use crate::mail::parse;
use std::borrow::Cow;

/// An attribute's value or a text as meant: entities decoded.
pub(in crate::mail) fn decode(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let decoded = entity(after);
        let taken = decoded.as_ref().map_or(0, |(_, taken)| *taken);
        out.push_str(decoded.as_ref().map_or("&", |(text, _)| text));
        rest = &after[taken..];
        let next = memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(out)
}

/// The entity that `after`, the text after a `&`, begins with, and how long it is.
fn entity(after: &str) -> Option<(String, usize)> {
    let name =
        after.bytes().take(NAME_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let closed = after.as_bytes().get(name) == Some(&b';');
    let whole = |name: &str| parse::entity(&format!("&{name};"));
    if closed {
        return whole(&after[..name]).map(|text| (text, name + 1));
    }
    // A number ends where its digits end; of names, those of old may go without the semicolon.
    if let Some(number) = after.strip_prefix('#') {
        let hex = number.starts_with(['x', 'X']);
        let digits = number[usize::from(hex)..]
            .bytes()
            .take(NAME_BYTES_MAX)
            .take_while(|byte| if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })
            .count();
        let ends = 1 + usize::from(hex) + digits;
        return whole(&after[..ends]).filter(|_| digits > 0).map(|text| (text, ends));
    }
    ["amp", "lt", "gt", "quot", "nbsp"].into_iter().find_map(|old| {
        let is_it = after.get(..old.len()).is_some_and(|begins| begins == old) && name == old.len();
        is_it.then(|| whole(old).map(|text| (text, old.len()))).flatten()
    })
}

/// An attribute's value as written; the rewriter itself escapes the quotes.
pub(super) fn encode(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;")
}

/// Text that is markup to nobody: no tag or comment begins in it. For a style sheet it says the same, since what old
/// ones are wrapped in, `<!--` and `-->`, is passed over by CSS.
pub(super) fn tagless(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return text.into();
    }
    text.replace("<!--", " ").replace("-->", " ").replace('<', "< ").into()
}

/// Without the line ends, tabs and spaces that a browser takes out of a URL (WHATWG URL §4.4).
pub(in crate::mail) fn as_browsers_read(url: &str) -> Cow<'_, str> {
    let url = url.trim_matches(|char: char| char <= ' ');
    if url.contains(['\t', '\n', '\r']) { url.replace(['\t', '\n', '\r'], "").into() } else { url.into() }
}

/// The scheme, in lower case.
pub(in crate::mail) fn scheme(url: &str) -> Option<String> {
    let ends = url.bytes().take(SCHEME_BYTES_MAX).position(|byte| byte == b':')?;
    let scheme = &url[..ends];
    let fits = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    fits.then(|| scheme.to_ascii_lowercase())
}

const NAME_BYTES_MAX: usize = 40;
const SCHEME_BYTES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_as_the_wild_writes_them() {
        for (text, expected) in [
            ("a &amp; b", "a & b"),
            ("&lt;&gt;&quot;&nbsp;", "<>\"\u{a0}"),
            ("&#65;&#x42;&#X43;", "ABC"),
            ("&#65 &#x42!", "A B!"),
            ("?a=1&b=2&copy=3", "?a=1&b=2&copy=3"),
            ("a & b &; &nope; &#; &#xzz;", "a & b &; &nope; &#; &#xzz;"),
            ("java&Tab;script&colon;", "java\tscript:"),
            ("&amp", "&"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme(&as_browsers_read(" java\nscript:x")).as_deref(), Some("javascript"));
        assert_eq!(scheme("a/b:c"), None);
        assert_eq!(scheme(":x"), None);
    }
}
