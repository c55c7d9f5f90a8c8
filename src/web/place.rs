//! Where a finding is, in words: the line of a byte, and the bytes around it.

/// The number of the line that a byte is in, from 1 on; LF ends a line, as in the source that the page shows.
pub fn line(raw: &[u8], at: u32) -> usize {
    1 + memchr::memchr_iter(b'\n', &raw[..offset(raw, at)]).count()
}

/// The bytes there and a few around them in the same line; what is not printable ASCII is an escape.
pub fn bytes(raw: &[u8], at: u32) -> String {
    let at = offset(raw, at);
    let near = at.saturating_sub(BEFORE_BYTES);
    let from = memchr::memrchr(b'\n', &raw[near..at]).map_or(near, |lf| near + lf + 1);
    let rest = &raw[at..raw.len().min(at + AFTER_BYTES)];
    let to = memchr::memchr(b'\n', rest).map_or(at + rest.len(), |lf| at + lf + 1);
    raw[from..to].escape_ascii().to_string()
}

fn offset(raw: &[u8], at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX).min(raw.len())
}

const BEFORE_BYTES: usize = 24;
const AFTER_BYTES: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_has_a_line_and_neighbours() {
        let raw = b"one\r\ntwo\nthr\xfce\r\n";
        assert_eq!((line(raw, 0), line(raw, 8), line(raw, 12), line(raw, 999)), (1, 2, 3, 4));
        assert_eq!(bytes(raw, 8), "two\\n");
        assert_eq!(bytes(raw, 12), "thr\\xfce\\r\\n");
        assert_eq!((bytes(raw, 999), bytes(b"", 7), line(b"", 7)), (String::new(), String::new(), 1));
        assert!(bytes(&[b'x'; 999], 500).len() <= BEFORE_BYTES + AFTER_BYTES);
    }
}
