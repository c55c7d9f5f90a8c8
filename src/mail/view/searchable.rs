//! The text that a search looks in. What it finds is the mailbox's index to say.

use super::View;

impl View {
    /// What a search looks in, in lower case: subject, addresses, names of files, text; of at most a mebibyte.
    pub fn searchable(&self, raw: &[u8]) -> String {
        #[cfg(test)]
        crate::mail::trap::spring("searching", raw);
        let mut all = String::new();
        let mut add = |piece: &str| {
            if !piece.is_empty() && all.len() < SEARCHABLE_BYTES_MAX {
                all.push_str(&piece[..piece.floor_char_boundary(SEARCHABLE_BYTES_MAX - all.len())]);
                all.push('\n');
            }
        };
        add(&self.subject);
        for list in [self.from(), self.to(), self.cc(), self.bcc(), self.reply_to()] {
            for one in list.iter().chain(self.sender()) {
                add(&one.to_string());
            }
        }
        add(&self.message_id);
        for part in &self.structure.parts {
            add(part.file_name().unwrap_or(""));
        }
        if self.text_parts().next().is_none() {
            add(&self.html_as_text(raw, 4 * SEARCHABLE_BYTES_MAX));
        }
        let mut left = SEARCHABLE_BYTES_MAX;
        for part in self.text_parts() {
            let text = part.text_head(raw, left);
            add(&text);
            left = left.saturating_sub(text.len());
        }
        lower(&all)
    }
}

/// As [`str::to_lowercase`], which gives up its haste at the first letter beyond ASCII.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if text.contains('Σ') {
        return text.to_lowercase(); // the one letter that looks at its neighbours
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let beyond = rest[at..].chars().next().unwrap_or_default();
        push_lower(&mut out, &rest[..at]);
        out.extend(beyond.to_lowercase());
        rest = &rest[at + beyond.len_utf8()..];
    }
    push_lower(&mut out, rest);
    out
}

fn push_lower(out: &mut String, ascii: &str) {
    let start = out.len();
    out.push_str(ascii);
    out[start..].make_ascii_lowercase();
}

/// Of [`View::searchable`].
pub const SEARCHABLE_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    proptest::proptest! {
        #[test]
        fn lower_case_is_that_of_the_standard_library(text in "([a-zA-Z ]{0,8}|[ÄÖßẞΣσİıǅК]){0,6}") {
            proptest::prop_assert_eq!(super::lower(&text), text.to_lowercase());
        }
    }
}
