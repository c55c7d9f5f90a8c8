//! A line as its reader sees it: white space is one space, marks without width are gone, a digit of any script is a
//! digit.

use std::ops::Range;

/// One line. All places in it are indices of characters, the same for `written` and `plain`.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// As written.
    pub(super) written: Vec<char>,
    /// Digits, full-width letters and dashes in ASCII.
    pub(super) plain: Vec<char>,
    /// Elements of the HTML that begin and end within the line.
    pub(super) elements: Vec<Range<usize>>,
    /// Those of them that are set large, apart, or in the letters of code.
    pub(super) large: Vec<Range<usize>>,
    /// Those of them that are links.
    pub(super) anchors: Vec<Range<usize>>,
}

impl Line {
    pub(super) fn new(text: &str) -> Self {
        let mut line = Self::default();
        line.push(text);
        line.trim_end();
        line
    }

    pub(super) fn push(&mut self, text: &str) {
        for char in text.chars().filter(|&char| !is_mark(char)) {
            let plain = plain(char);
            if plain == ' ' && self.plain.last().is_none_or(|&last| last == ' ') {
                continue;
            }
            self.written.push(if plain == ' ' { ' ' } else { char });
            self.plain.push(plain);
        }
    }

    pub(super) fn trim_end(&mut self) {
        if self.plain.last() == Some(&' ') {
            self.plain.pop();
            self.written.pop();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }

    /// A piece as written.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.written[range.start.min(range.end).min(self.len())..range.end.min(self.len())].iter().collect()
    }
}

/// In lower case, a character for a character.
pub(super) fn lower(plain: &[char]) -> Vec<char> {
    plain.iter().map(|char| char.to_lowercase().next().unwrap_or(*char)).collect()
}

/// What takes no room: joiners, directions, soft hyphens, and what makes a picture of a digit.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn plain(char: char) -> char {
    match char {
        _ if char.is_ascii_graphic() => char,
        _ if char.is_whitespace() || char.is_control() => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xff01 + 0x21).unwrap_or(char),
        _ => {
            let digit = |zero: &u32| u32::from(char).checked_sub(*zero).and_then(|value| char::from_digit(value, 10));
            ZEROS.iter().find_map(digit).unwrap_or(char)
        }
    }
}

/// The zero of each script whose digits mail is written in; the other nine follow it.
const ZEROS: [u32; 11] = [
    0x0660,  // Arabic
    0x06f0,  // Persian, Urdu
    0x0966,  // Devanagari
    0x09e6,  // Bengali
    0x0e50,  // Thai
    0x1d7ce, // mathematical: bold, double-struck, sans-serif, bold sans-serif, monospaced
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1040, // Burmese
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_a_digit() {
        for (text, plain) in [
            ("  a \u{a0}\t b  ", "a b"),
            ("４８１５１６", "481516"),
            ("٤٨١\u{200f}٥١٦", "481516"),
            ("4️⃣8️⃣", "48"),
            ("12\u{ad}3‑4", "123-4"),
            ("𝟺𝟾", "48"),
        ] {
            assert_eq!(Line::new(text).plain.iter().collect::<String>(), plain, "{text}");
        }
    }
}
