//! How much of a message goes into a page. A browser opens a page of a megabyte, not one of fifty: whatever a mail holds
//! most of, its page shows the beginning, and says where the rest is.
//!
//! Counted is what a text weighs as HTML, for a quote is one byte in the mail and five in the page.

/// The tab of a message: its text, its source, its fields, its parts.
pub const BODY_BYTES_MAX: usize = 600 << 10;
/// A list in the head of a message: the people of one field, the attachments.
pub const LIST_BYTES_MAX: usize = 60 << 10;
/// One value among others: a field, a path, a file name.
pub const VALUE_BYTES_MAX: usize = 16 << 10;
/// One value that stands on one line.
pub const LINE_BYTES_MAX: usize = 1 << 10;
/// What stands around a value, about: tags, addresses, the words of a screen reader.
pub const MARKUP_BYTES: usize = 200;

/// What a character becomes when a template escapes it.
pub fn of_char(char: char) -> usize {
    if matches!(char, '"' | '&' | '<' | '>' | '\'') { 5 } else { char.len_utf8() }
}

/// What a text weighs as HTML.
pub fn of(text: &str) -> usize {
    text.chars().map(of_char).sum()
}

/// The longest beginning that weighs no more than this.
pub fn head(text: &str, bytes_max: usize) -> &str {
    let mut left = bytes_max;
    let end = text.char_indices().find(|(_, char)| {
        let weight = of_char(*char);
        let fits = weight <= left;
        left -= if fits { weight } else { 0 };
        !fits
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// The text, or its beginning with an ellipsis.
pub fn cut(text: &str, bytes_max: usize) -> String {
    let head = head(text, bytes_max);
    if head.len() < text.len() { format!("{head}…") } else { text.to_owned() }
}

/// As many of the items, from the first on, as weigh no more than this together; and how many are left out.
pub fn fitting<T>(
    items: impl IntoIterator<Item = T>,
    bytes_max: usize,
    weight: impl Fn(&T) -> usize,
) -> (Vec<T>, usize) {
    let mut left = Some(bytes_max);
    let mut items = items.into_iter();
    let mut kept = Vec::new();
    let mut out = 0;
    for item in items.by_ref() {
        left = left.and_then(|left| left.checked_sub(weight(&item)));
        if left.is_none() {
            out = 1;
            break;
        }
        kept.push(item);
    }
    (kept, out + items.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_what_it_weighs_in_the_page() {
        for (text, max, expected) in
            [("abc", 3, "abc"), ("abc", 2, "ab"), ("<a>", 9, "<a"), ("üü", 3, "ü"), ("", 0, "")]
        {
            assert_eq!(head(text, max), expected, "{text} {max}");
        }
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc…");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        assert_eq!(fitting(["aa", "bb", "c"], 4, |text| text.len()), (vec!["aa", "bb"], 1));
        assert_eq!(fitting(["aa", "bb"], 4, |text| text.len()), (vec!["aa", "bb"], 0));
    }
}
