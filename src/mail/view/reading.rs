//! The plain text as a reader wants it, whole or its beginning: a page shows some hundred kilobytes of fifty megabytes, and
//! need not decode the rest.

use super::View;
use crate::mail::structure::{BodyOf, Part};
use crate::mail::{flowed, line};

impl View {
    /// The plain text for a reader: flowed lines joined (RFC 3676), files that stand in it left out.
    pub fn reading(&self, raw: &[u8]) -> Option<String> {
        self.reading_head(raw, usize::MAX)
    }

    /// The beginning of [`View::reading`], from at most `bytes_max` bytes of the bodies. It is all if they have no more:
    /// [`View::text_bytes`].
    pub fn reading_head(&self, raw: &[u8], bytes_max: usize) -> Option<String> {
        let mut left = bytes_max;
        let mut whole: Option<String> = None;
        for (at, part) in (0..).zip(&self.structure.parts).filter(|(_, part)| part.body_of == Some(BodyOf::Text)) {
            if whole.is_some() && left == 0 {
                break;
            }
            let text = flowed::joined(self.without_files(at, part, raw, left), part.flow);
            left = left.saturating_sub(part.body.len());
            whole = Some(match whole {
                Some(whole) => whole + "\n--\n" + &text,
                None => text,
            });
        }
        whole
    }

    /// Bytes of the bodies that make up the plain text, as sent.
    pub fn text_bytes(&self) -> usize {
        self.text_parts().map(|part| part.body.len()).sum()
    }

    fn without_files(&self, at: u32, part: &Part, raw: &[u8], bytes_max: usize) -> String {
        let behind = self.structure.parts.get(at as usize + 1..).unwrap_or_default();
        let mut rest = Vec::new();
        let mut from = part.body.start;
        for file in behind.iter().take_while(|file| file.parent == Some(at)) {
            rest.extend_from_slice(raw.get(from..file.body.start).unwrap_or_default());
            from = file.body.end;
        }
        if from == part.body.start {
            return part.text_head(raw, bytes_max);
        }
        rest.extend_from_slice(raw.get(from..part.body.end).unwrap_or_default());
        part.read_text(line::head(&rest, bytes_max)).text.into_owned()
    }
}
