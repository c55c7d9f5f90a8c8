//! How text gets into a page: what marks up is escaped, and what HTML may not hold is made visible.
//!
//! A browser drops NUL without a word, and other control characters are errors of the standard (WHATWG HTML §13.2.3.5). A
//! message has them all the same, and whoever looks for them must see them. Every template uses this: `askama.toml`.

use askama::filters::{Escaper, Html};
use std::fmt;

/// askama's escaping, and pictures (Unicode 2400) of control characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, mut page: W, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some((at, char)) = rest.char_indices().find(|(_, char)| is_unfit(*char)) {
            Html.write_escaped_str(&mut page, &rest[..at])?;
            page.write_char(picture(char))?;
            rest = &rest[at + char.len_utf8()..];
        }
        Html.write_escaped_str(page, rest)
    }
}

/// Line ends and tabs are fit, and what Unicode calls a noncharacter is not.
fn is_unfit(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r')
        || matches!(char, '\u{fdd0}'..='\u{fdef}')
        || u32::from(char) & 0xfffe == 0xfffe
}

/// What stands for a control character; those that have no picture are as unreadable as bad bytes.
pub(super) fn picture(char: char) -> char {
    match char {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(char)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_may_not_hold_is_seen() {
        for (text, shown) in [
            ("a\tb\r\nc", "a\tb\r\nc"),
            ("<a & \"b\">'", "&#60;a &#38; &#34;b&#34;&#62;&#39;"),
            ("a\0<\x1b\x7f", "a\u{2400}&#60;\u{241b}\u{2421}"),
            ("\u{85}\u{fdd0}\u{ffff}\u{1fffe}é", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}é"),
            ("", ""),
        ] {
            let mut page = String::new();
            Visible.write_escaped_str(&mut page, text).unwrap();
            assert_eq!(page, shown, "{text:?}");
        }
    }
}
