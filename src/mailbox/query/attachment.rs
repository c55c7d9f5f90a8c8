//! The clause about attachments: one of them must be all of what is asked.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Pattern;
use super::pattern::Kind;
use super::test::Asked;
use crate::mail::Part;

/// What an attachment must be like; what is none is not asked.
#[derive(Clone, Debug, Default)]
pub struct AttachmentTest {
    /// Its file name.
    pub name: Option<Pattern>,
    /// Its media type, such as `application/pdf`.
    pub media_type: Option<Pattern>,
    /// Its digest, in hexadecimal: MD5, SHA-1 or SHA-256 by its length.
    pub digest: Option<HexDigest>,
    /// Its name or its media type.
    pub either: Option<Pattern>,
}

/// A digest as tests write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexDigest(Box<str>);

impl HexDigest {
    /// Reads 32 (MD5), 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        (hexadecimal && [32, 40, 64].contains(&text.len())).then(|| Self(text.to_ascii_lowercase().into()))
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        let made = match self.0.len() {
            32 => hex(&Md5::digest(bytes)),
            40 => hex(&Sha1::digest(bytes)),
            _ => hex(&Sha256::digest(bytes)),
        };
        made == *self.0
    }
}

/// In lower case.
pub fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl AttachmentTest {
    pub(super) fn holds(&self, asked: &Asked<'_>) -> bool {
        let view = &asked.kept.message.view;
        // Inline pictures are files too, when one is asked for by its name.
        view.attachments().chain(view.inline()).any(|part| self.fits(part, || asked.raw()))
    }

    fn fits<'a>(&self, part: &Part, raw: impl FnOnce() -> &'a [u8]) -> bool {
        let fits =
            |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|one| one.fits(text, Kind::Text));
        let name = part.file_name().unwrap_or_default();
        fits(&self.name, name)
            && fits(&self.media_type, &part.content_type)
            && (fits(&self.either, name) || fits(&self.either, &part.content_type))
            && self.digest.as_ref().is_none_or(|digest| digest.is_of(&part.bytes(raw())))
    }

    /// The clauses that it is made of: what is asked, and after "expected" how it should be.
    pub(super) fn rows(&self, negated: bool) -> Vec<(&'static str, String, String)> {
        let not = if negated { "not " } else { "" };
        let row = |name, pattern: &Option<Pattern>| {
            pattern.as_ref().map(|one| (name, one.to_string(), one.expected(negated)))
        };
        let digest = self.digest.as_ref().map(|HexDigest(digest)| {
            ("attachment-digest", digest.to_string(), format!("{not}to have the digest {digest}"))
        });
        let rows = [
            row("attachment", &self.either),
            row("attachment-name", &self.name),
            row("attachment-type", &self.media_type),
            digest,
        ];
        rows.into_iter().flatten().collect()
    }
}
