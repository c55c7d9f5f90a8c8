//! URLs in CSS: found by tokens (CSS Syntax 3 §4), replaced in place, everything else copied as it stands.
//!
//! Not a parser: rules and values are not understood, only `url()`, `src()`, `image-set()`, `@import` and the block
//! they stand in.

use super::{Fate, Kind};
use std::borrow::Cow;

/// The style sheet or declarations with each URL as `fate` wants it; borrowed if all of them stay.
pub(super) fn rewrite<'a>(css: &'a str, fate: &mut dyn FnMut(&str, Kind) -> Fate) -> Cow<'a, str> {
    if css.contains(['\r', '\u{c}']) {
        // CSS Syntax 3 §3.3: these are line ends too, and a line end ends a string.
        let css = css.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
        return Cow::Owned(rewrite(&css, fate).into_owned());
    }
    let mut scan = Scan { css, at: 0, copied: 0, out: String::new(), rule: Rule::None, parens: 0, image_set: None };
    while scan.at < css.len() {
        scan.token(fate);
    }
    if scan.copied == 0 {
        return Cow::Borrowed(css);
    }
    scan.out.push_str(&css[scan.copied..]);
    Cow::Owned(scan.out)
}

/// The at-rule that a URL stands in.
#[derive(PartialEq, Eq)]
enum Rule {
    None,
    Import,
    FontFace,
}

struct Scan<'a> {
    css: &'a str,
    at: usize,
    /// Up to here everything is in `out`.
    copied: usize,
    out: String,
    rule: Rule,
    parens: usize,
    /// How many parentheses were open outside the `image-set(` that we are in.
    image_set: Option<usize>,
}

impl Scan<'_> {
    fn token(&mut self, fate: &mut dyn FnMut(&str, Kind) -> Fate) {
        let bytes = self.css.as_bytes();
        match bytes[self.at] {
            b'/' if bytes.get(self.at + 1) == Some(&b'*') => {
                let rest = &bytes[self.at + 2..];
                self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len() + 2, |ends| ends + 4);
            }
            b'"' | b'\'' => {
                let start = self.at;
                let text = self.string();
                if self.rule == Rule::Import || self.image_set.is_some() {
                    self.replace(start, &text, false, fate);
                }
            }
            b'@' => {
                self.at += 1;
                match self.name().to_ascii_lowercase().as_str() {
                    "import" => self.rule = Rule::Import,
                    "font-face" => self.rule = Rule::FontFace,
                    _ => {}
                }
            }
            b';' | b'{' if self.rule == Rule::Import => self.end_rule(),
            b'}' => self.end_rule(),
            b'(' => (self.parens, self.at) = (self.parens + 1, self.at + 1),
            b')' => {
                self.parens = self.parens.saturating_sub(1);
                self.image_set = self.image_set.filter(|outside| self.parens > *outside);
                self.at += 1;
            }
            byte if starts_name(byte) => self.name_or_function(fate),
            _ => self.at += 1,
        }
    }

    fn end_rule(&mut self) {
        self.rule = Rule::None;
        self.at += 1;
    }

    fn name_or_function(&mut self, fate: &mut dyn FnMut(&str, Kind) -> Fate) {
        let start = self.at;
        let name = self.name().to_ascii_lowercase();
        if self.css.as_bytes().get(self.at) != Some(&b'(') {
            return;
        }
        match name.as_str() {
            "url" | "src" => {
                self.at += 1;
                self.url(start, fate);
            }
            // What it stands for may be a string from anywhere in the sheet, where it is no URL yet.
            "var" | "env" | "attr" if self.image_set.is_some() => {
                self.out.extend([&self.css[self.copied..start], "none"]);
                self.copied = self.at;
            }
            "image-set" | "-webkit-image-set" | "image" | "cross-fade" => {
                self.image_set = self.image_set.or(Some(self.parens));
            }
            _ => {}
        }
    }

    /// What stands behind `url(`, whose name began at `start`: a string, or words up to the `)`.
    fn url(&mut self, start: usize, fate: &mut dyn FnMut(&str, Kind) -> Fate) {
        self.skip(|byte| byte.is_ascii_whitespace());
        let begins = self.at;
        if let Some(b'"' | b'\'') = self.css.as_bytes().get(begins) {
            let text = self.string();
            let ends = self.at;
            self.skip(|byte| byte.is_ascii_whitespace());
            if self.css.as_bytes().get(self.at).is_none_or(|byte| *byte == b')') {
                self.at = (self.at + 1).min(self.css.len());
                return self.replace(start, &text, true, fate);
            }
            // More stands behind it, in which a `)` may be part of a string: it is read on like any function.
            (self.at, self.parens) = (ends, self.parens + 1);
            return self.replace(begins, &text, false, fate);
        }
        let mut escaped = false;
        self.skip(|byte| {
            let goes_on = escaped || byte != b')';
            escaped = !escaped && byte == b'\\';
            goes_on
        });
        let text = unescaped(self.css[begins..self.at].trim());
        self.at = (self.at + 1).min(self.css.len());
        self.replace(start, &text, true, fate);
    }

    /// The string that begins here; a line end ends one that is not closed.
    fn string(&mut self) -> String {
        let quote = self.css.as_bytes()[self.at];
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        self.skip(|byte| {
            let goes_on = escaped || (byte != quote && byte != b'\n');
            escaped = !escaped && byte == b'\\';
            goes_on
        });
        let text = unescaped(&self.css[start..self.at]);
        if self.css.as_bytes().get(self.at) == Some(&quote) {
            self.at += 1;
        }
        text
    }

    fn name(&mut self) -> String {
        let start = self.at;
        let (mut escaped, mut digits) = (false, 0);
        self.skip(|byte| {
            // `\75 rl(`: one space ends the digits of an escape, of which there are six at most.
            let after_digits = digits > 0;
            digits = if (escaped || (1..6).contains(&digits)) && byte.is_ascii_hexdigit() { digits + 1 } else { 0 };
            let of_escape = std::mem::take(&mut escaped) || digits > 0 || (after_digits && byte.is_ascii_whitespace());
            escaped = !of_escape && byte == b'\\';
            of_escape || starts_name(byte) || byte.is_ascii_digit()
        });
        if self.at == start {
            return String::new();
        }
        unescaped(&self.css[start..self.at])
    }

    fn skip(&mut self, mut goes_on: impl FnMut(u8) -> bool) {
        let rest = &self.css.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| !goes_on(byte)).unwrap_or(rest.len());
        // What ends a name or a string is ASCII, but an escape may have ended inside a character.
        self.at = self.css.ceil_char_boundary(self.at);
    }

    /// Puts what `fate` says of `url` in the place of everything since `start`.
    fn replace(&mut self, start: usize, url: &str, function: bool, fate: &mut dyn FnMut(&str, Kind) -> Fate) {
        let kind = match self.rule {
            Rule::Import => Kind::StyleSheet,
            Rule::FontFace => Kind::Font,
            Rule::None => Kind::Image,
        };
        let new = match fate(url, kind) {
            Fate::Keep => return,
            Fate::Become(url) => url,
            // A value without a URL would make the whole declaration void, its colours too.
            Fate::Drop => "about:invalid".to_owned(),
        };
        self.out.push_str(&self.css[self.copied..start]);
        let quoted = quoted(&new);
        if function {
            self.out.extend(["url(", &quoted, ")"]);
        } else {
            self.out.push_str(&quoted);
        }
        self.copied = self.at;
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'\\') || !byte.is_ascii()
}

/// CSS Syntax 3 §4.3.7.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if digits > 0 {
            let code = u32::from_str_radix(&after[..digits], 16).ok();
            out.push(code.and_then(char::from_u32).filter(|char| *char != '\0').unwrap_or(char::REPLACEMENT_CHARACTER));
            let after = &after[digits..];
            rest = after.strip_prefix([' ', '\t', '\n', '\r']).unwrap_or(after);
        } else {
            let mut chars = after.chars();
            out.extend(chars.next().filter(|char| *char != '\n'));
            rest = chars.as_str();
        }
    }
    out.push_str(rest);
    out
}

/// A CSS string that cannot end its `<style>` element either.
fn quoted(url: &str) -> String {
    let mut out = String::from("\"");
    for char in url.chars() {
        match char {
            '"' | '\\' | '<' | '\n' | '\r' | '\u{c}' => out.push_str(&format!("\\{:x} ", u32::from(char))),
            _ => out.push(char),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(css: &str) -> (String, String) {
        let mut seen = String::new();
        let new = rewrite(css, &mut |url, kind| {
            seen.push_str(&format!("{}={url};", kind.name()));
            url.strip_prefix("cid:").map_or(Fate::Keep, |id| Fate::Become(format!("part/{id}")))
        });
        (new.into_owned(), seen)
    }

    #[test]
    fn urls_are_found_however_they_are_written() {
        for (css, seen) in [
            ("a{background:url(http://x/a.png)}", "image=http://x/a.png;"),
            ("a{background:URL( 'http://x/a b.png' )}", "image=http://x/a b.png;"),
            ("a{background:\\75 rl(\"http://x/\")}", "image=http://x/;"),
            ("a{background:u\\72l(x)}", "image=x;"),
            ("@import 'a.css'; b{c:url(d)}", "style sheet=a.css;image=d;"),
            ("@IMPORT url(a.css) screen;", "style sheet=a.css;"),
            ("@font-face{src:url(a.woff) format('woff'), url(b)} i{c:url(d)}", "font=a.woff;font=b;image=d;"),
            ("a{b:image-set('x' 1x, url(y) 2x); content:'z'}", "image=x;image=y;"),
            ("/* url(no) */ a{content:\"url(no)\"} b{c:url(yes)}", "image=yes;"),
            ("a{b:url(\\63 id:x)}", "image=cid:x;"),
            ("a{b:url(unclosed", "image=unclosed;"),
            ("a{b:url('unclosed", "image=unclosed;"),
            ("a{b:curl(no) url-prefix(no)}", ""),
            ("/* unclosed url(no)", ""),
            ("a{b:url()}", "image=;"),
            // Six digits make an escape whole; the space behind what follows them is a space.
            ("a{list-style:r\\000065d url(x)}", "image=x;"),
            ("a{b:\\000075 rl(x) \\75rl(y)}", "image=x;image=y;"),
            ("a{b:url('x' ')' ) } c{d:url(y)} '", "image=x;image=y;"),
            ("a{content:'unclosed\n;b:url(x)}", "image=x;"),
            ("\\", ""),
            ("ü\\ü{b:url(ü)}", "image=ü;"),
        ] {
            let (new, found) = read(css);
            assert_eq!(found, seen, "{css}");
            if !css.contains("63 id") {
                assert_eq!(new, css);
            }
        }
    }

    #[test]
    fn urls_are_replaced_and_the_rest_stays() {
        assert_eq!(read("a { b : url( 'cid:x' ) no-repeat }").0, "a { b : url(\"part/x\") no-repeat }");
        assert_eq!(read("@import \"cid:x\";").0, "@import \"part/x\";");
        assert_eq!(read("a{b:url('cid:x' mod(1)) c}").0, "a{b:url(\"part/x\" mod(1)) c}");
        assert_eq!(read("a{b:image-set(var(--x) 1x) var(--y)}").0, "a{b:image-set(none(--x) 1x) var(--y)}");
        for end in ["\r", "\u{c}", "\r\n"] {
            let css = format!("a{{b:'x{end}; c:url(cid:x)}}");
            assert_eq!(read(&css).0, "a{b:'x\n; c:url(\"part/x\")}");
        }
        assert_eq!(read("url(cid:</style>)").0, "url(\"part/\\3c /style>\")");
    }

    #[test]
    fn megabytes_are_read_once() {
        for css in ["url(".repeat(300_000), "/*".repeat(300_000), "'\\".repeat(300_000), "image-set(".repeat(100_000)] {
            read(&css);
        }
    }
}
