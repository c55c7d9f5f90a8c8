//! `format=flowed` joined for reading (RFC 3676). What is stored, searched by an API or downloaded stays as sent.

use super::line::{Line, lines};
use super::structure::Flow;

/// Quote marks that are kept apart; a line of a megabyte of them is one of this depth.
const QUOTES_MAX: usize = 100;

/// The text with its flowed lines joined to paragraphs. Fixed text is given back as it is.
pub(super) fn joined(text: String, flow: Flow) -> String {
    if flow == Flow::Fixed {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    // The quote depth of a line that flows into the next.
    let mut open: Option<usize> = None;
    for Line { text: range, next } in lines(text.as_bytes(), 0) {
        let ended = next > range.end;
        let line = &text[range];
        let depth = line.bytes().take_while(|&byte| byte == b'>').count();
        let rest = &line[depth..];
        // §4.4: one space was stuffed before what looks like a quote or a space.
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        // §4.3: the line before a signature is never joined to it.
        let signature = rest == "-- ";
        if open != Some(depth) || signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth.min(QUOTES_MAX)));
            if depth > 0 && !rest.is_empty() {
                out.push(' ');
            }
        }
        let flows = rest.ends_with(' ') && !signature;
        // §4.2: with DelSp, the space is the sender's mark and no part of the text.
        out.push_str(if flows && flow == Flow::FlowedDelSp { &rest[..rest.len() - 1] } else { rest });
        open = flows.then_some(depth);
        if !flows && ended {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_joined_and_the_rest_is_not() {
        for (text, expected) in [
            ("one \ntwo\n", "one two\n"),
            ("one \r\ntwo\r\nthree", "one two\nthree"),
            ("> quoted \n> on\nmine", "> quoted on\nmine"),
            (">> deep \n> less", ">> deep \n> less"),
            (" >no quote", ">no quote"),
            ("  indented", " indented"),
            ("bye \n-- \nAnn", "bye \n-- \nAnn"),
            ("a\n\nb", "a\n\nb"),
            ("", ""),
            ("open ", "open "),
        ] {
            assert_eq!(joined(text.into(), Flow::Flowed), expected, "{text:?}");
        }
        assert_eq!(joined("今日 \nは\n".into(), Flow::FlowedDelSp), "今日は\n");
        assert_eq!(joined("a \nb".into(), Flow::Fixed), "a \nb");
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_space_and_quotes_is_lost(text in "[a-c> \\r\\n-]{0,80}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            proptest::prop_assert_eq!(letters(&joined(text.clone(), Flow::Flowed)), letters(&text));
        }
    }
}
