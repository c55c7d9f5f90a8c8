//! Messages within messages (RFC 2046 §5.2.1): a part opened as a message of its own, when somebody asks for it.
//!
//! [`super::structure`] leaves them closed: a mail of a hundred thousand in each other costs nothing at arrival.

use super::structure::Part;
use super::view::View;

/// Messages that are opened one in the other, on one way.
pub const STEPS_MAX: usize = 10;
/// More than any header has that was not made to hurt.
const HEAD_BYTES_MAX: usize = 256 << 10;

/// A message that came within another.
#[derive(Debug)]
pub struct Nested {
    /// Its bytes, decoded.
    pub raw: Vec<u8>,
    /// What they say.
    pub view: View,
}

/// Whether a part can be opened: it is a message, or a file with a message's name.
pub fn opens(part: &Part) -> bool {
    let named = || part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml"));
    !part.is_multipart() && (part.is_message() || named())
}

impl Nested {
    /// Opens one part.
    pub fn of(raw: &[u8], part: &Part) -> Self {
        let raw = part.bytes(raw).into_owned();
        let view = View::read(&raw);
        Self { raw, view }
    }

    /// Reads only the beginning of one part: its fields, for a list.
    pub fn head(raw: &[u8], part: &Part) -> View {
        View::read(&part.bytes_head(raw, HEAD_BYTES_MAX))
    }

    /// Follows a way: the ids of parts, each in the message before, divided by `~`.
    pub fn open(raw: &[u8], view: &View, way: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (step, id) in way.split('~').enumerate() {
            let (raw, view) = found.as_ref().map_or((raw, view), |inner| (&inner.raw, &inner.view));
            let part = view.part(id).filter(|part| opens(part) && step < STEPS_MAX)?;
            found = Some(Self::of(raw, part));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_into_the_innermost() {
        let inner = "Subject: inner\nContent-Type: message/rfc822\n\nSubject: innermost\n\nHi";
        let raw = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
        );
        let view = View::read(raw.as_bytes());
        let subject =
            |way: &str| Nested::open(raw.as_bytes(), &view, way).map(|nested| nested.view.subject.to_string());
        assert_eq!(subject("2").as_deref(), Some("inner"));
        assert_eq!(subject("2~0").as_deref(), Some("innermost"));
        assert_eq!((subject("1"), subject("2~0~0"), subject(""), subject("~")), (None, None, None, None));
    }

    #[test]
    fn no_way_is_endless() {
        let raw = "Content-Type: message/rfc822\n\n".repeat(100);
        let view = View::read(raw.as_bytes());
        let way = |steps: usize| vec!["0"; steps].join("~");
        assert!(Nested::open(raw.as_bytes(), &view, &way(STEPS_MAX)).is_some());
        assert!(Nested::open(raw.as_bytes(), &view, &way(STEPS_MAX + 1)).is_none());
    }
}
