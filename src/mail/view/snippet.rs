//! The first words of a text, for a list.

/// The first words of a text.
pub(super) fn of(text: &str) -> String {
    let mut snippet = String::with_capacity(SNIPPET_CHARS_MAX);
    let mut left = SNIPPET_CHARS_MAX;
    // Newsletters pad their preview with characters that have no width.
    let visible = |char: &char| char.is_ascii() || !NO_WIDTH.contains(char);
    for word in text.split(|char: char| char.is_whitespace() || char.is_control()) {
        if left == 0 {
            break;
        }
        if !word.chars().any(|char| visible(&char)) {
            continue;
        }
        if !snippet.is_empty() {
            left -= 1;
            snippet.push(' ');
        }
        if word.is_ascii() {
            let taken = word.len().min(left);
            snippet.push_str(&word[..taken]);
            left -= taken;
        } else {
            let shown = word.chars().filter(visible).take(left);
            left -= shown.clone().count();
            snippet.extend(shown);
        }
    }
    snippet.trim_end().to_owned()
}

const NO_WIDTH: [char; 8] =
    ['\u{ad}', '\u{34f}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{fffd}'];

/// Of a snippet.
pub const SNIPPET_CHARS_MAX: usize = 250;
