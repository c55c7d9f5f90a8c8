//! A guess at the charset of bytes that nobody labelled rightly. The only file that names `chardetng`.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::panic::catch_unwind;

/// The likeliest encoding of bytes that are not UTF-8, from their beginning.
pub(super) fn detect(bytes: &[u8]) -> &'static Encoding {
    catch_unwind(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&bytes[..bytes.len().min(LOOKED_BYTES_MAX)], true);
        detector.guess(None, Utf8Detection::Deny)
    })
    .unwrap_or(WINDOWS_1252)
}

const LOOKED_BYTES_MAX: usize = 64 << 10;
