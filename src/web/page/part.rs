//! One part of a message, opened: what it looks like, its fields, its text, its bytes as sent.

use super::body::EventBody;
use super::source::SourceBody;
use super::view::{Fact, HeaderRow, NestedLink};
use super::weight::{self, MARKUP_BYTES};

/// The part that is open in the tree.
#[derive(Clone, Debug, Default)]
pub struct OpenPart {
    /// What there is to see.
    pub look: Look,
    /// Where it lies, how large it is, its digests.
    pub facts: Vec<Fact>,
    /// Its own fields.
    pub fields: Vec<HeaderRow>,
    /// How many more there are.
    pub fields_left_out: usize,
    /// Its text, decoded; none if it is not text.
    pub text: Option<SourceBody>,
    /// The beginning of its body as sent; none where that is the text.
    pub encoded: Option<SourceBody>,
}

/// What a part looks like.
#[derive(Clone, Debug, Default)]
pub enum Look {
    /// There is nothing to see but its text, or nothing at all.
    #[default]
    Nothing,
    /// A picture that a browser may be asked to show.
    Image,
    /// A picture that is too large for that; why, as a sentence.
    TooLarge(String),
    /// A document in the browser's own viewer.
    Pdf,
    /// An invitation.
    Event(EventBody),
    /// A message of its own.
    Message(NestedLink),
    /// The text or HTML that the message shows: the tab of this name has it.
    Body(&'static str),
}

impl OpenPart {
    /// The fields, as many as stand beside the rest.
    pub fn with_fields(self, fields: impl IntoIterator<Item = HeaderRow>) -> Self {
        let weight = |row: &HeaderRow| MARKUP_BYTES + weight::of(&row.name) + weight::of(&row.decoded);
        let (fields, fields_left_out) = weight::fitting(fields, FIELDS_BYTES_MAX, weight);
        Self { fields, fields_left_out, ..self }
    }
}

/// Of the text of an open part.
pub const TEXT_BYTES_MAX: usize = 128 << 10;
/// Of its body as sent.
pub const ENCODED_BYTES_MAX: usize = 2 << 10;
const FIELDS_BYTES_MAX: usize = 60 << 10;
