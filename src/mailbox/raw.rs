//! The bytes of a message as they were sent, held plain or, once they are old, packed by zstd; who asks for them cannot
//! tell which. The only file that names `zstd`. What is packed, when and by whom is not known here: `packing` says it.

use std::mem::replace;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use zstd::bulk;

use crate::mail::weight::ARC_BYTES;

/// The bytes of one message. How they are held may change under everybody's eyes; what they are does not.
#[derive(Debug)]
pub(super) struct Raw {
    len: usize,
    /// Held for a moment only: whoever reads takes a share of the bytes along, and unpacks without it.
    held: Mutex<Held>,
}

#[derive(Debug)]
enum Held {
    Plain(Bytes),
    Packed(Packed),
}

/// Bytes of a message that take at least a fifth less, and are known to become the same again.
#[derive(Clone, Debug)]
pub(super) struct Packed(Arc<[u8]>);

/// Packs one message after another, with the same tables.
pub(super) struct Press(bulk::Compressor<'static>);

/// The level of zstd; the third saves three in a hundred more and takes a third longer.
const LEVEL: i32 = 1;
/// What the first share of plain bytes allocates: a pointer, a capacity and a counter. It is counted from the start, for
/// nobody says when a message is read first.
const SHARE_BYTES: usize = 3 * size_of::<usize>();

impl Raw {
    /// Held as it came.
    pub(super) fn plain(bytes: Vec<u8>) -> Self {
        Self { len: bytes.len(), held: Mutex::new(Held::Plain(bytes.into())) }
    }

    /// How many bytes were sent; known without unpacking.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The bytes as sent: a share of them, or unpacked, which takes a microsecond for each kilobyte or less.
    ///
    /// # Panics
    /// If there is no memory to unpack them. That they can be unpacked was tried when they were packed.
    pub(super) fn bytes(&self) -> Bytes {
        let packed = match &*self.held() {
            Held::Plain(bytes) => return bytes.clone(),
            Held::Packed(packed) => packed.clone(),
        };
        packed.unpacked(self.len).expect("it was unpacked once when it was packed").into()
    }

    /// Bytes of the heap that it takes now.
    pub(super) fn heap_bytes(&self) -> usize {
        match &*self.held() {
            Held::Plain(bytes) => bytes.len() + SHARE_BYTES,
            Held::Packed(packed) => ARC_BYTES + packed.0.len(),
        }
    }

    /// Holds its bytes packed from now on. Answers the plain ones, which take longer to let go of than this takes; whoever
    /// has a share of them keeps it.
    pub(super) fn hold(&self, packed: Packed) -> Option<Bytes> {
        match replace(&mut *self.held(), Held::Packed(packed)) {
            Held::Plain(bytes) => Some(bytes),
            Held::Packed(_) => None,
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Packed {
    fn unpacked(&self, len: usize) -> Option<Vec<u8>> {
        bulk::decompress(&self.0, len).ok()
    }
}

impl Press {
    /// One at rest; none if there is no memory for it.
    pub(super) fn new() -> Option<Self> {
        bulk::Compressor::new(LEVEL).ok().map(Self)
    }

    /// These bytes packed; nothing if that saves less than a fifth. Takes their size twice meanwhile, and at most some two
    /// microseconds for each kilobyte.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> Option<Packed> {
        // What does not fit in here is not worth it.
        let mut packed = Vec::with_capacity((bytes.len() / 5 * 4).saturating_sub(ARC_BYTES));
        self.0.compress_to_buffer(bytes, &mut packed).ok()?;
        let packed = Packed(packed.into());
        // No evidence is let go of on a library's word.
        (packed.unpacked(bytes.len())? == bytes).then_some(packed)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Held packed, if that is worth it; answers whether it is.
    fn packed(press: &mut Press, bytes: &[u8]) -> (Raw, bool) {
        let raw = Raw::plain(bytes.to_vec());
        let plain = raw.heap_bytes();
        let Some(packed) = press.pack(bytes) else { return (raw, false) };
        assert_eq!(raw.hold(packed).as_deref(), Some(bytes), "the plain bytes are to be let go of");
        assert!(raw.heap_bytes() * 5 <= plain * 4, "{} of {plain}", raw.heap_bytes());
        (raw, true)
    }

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked_byte_for_byte(pieces in vec((vec(any::<u8>(), 0..40), 1..200usize), 0..12)) {
            let bytes: Vec<u8> = pieces.iter().flat_map(|(piece, times)| piece.repeat(*times)).collect();
            // Twice with the same tables: what was packed before must not show.
            let mut press = Press::new().unwrap();
            for _ in 0..2 {
                let (raw, _) = packed(&mut press, &bytes);
                prop_assert_eq!(raw.len(), bytes.len());
                prop_assert_eq!(&raw.bytes()[..], &bytes[..]);
            }
        }

        #[test]
        fn what_has_no_order_is_not_packed(bytes in vec(any::<u8>(), 0..4_000)) {
            prop_assert!(Press::new().unwrap().pack(&bytes).is_none());
        }
    }

    #[test]
    fn a_share_outlives_the_packing() {
        let bytes = b"The same again. ".repeat(1_000);
        let raw = Raw::plain(bytes.clone());
        let share = raw.bytes();
        raw.hold(Press::new().unwrap().pack(&share).unwrap());
        assert_eq!((&share[..], &raw.bytes()[..]), (&bytes[..], &bytes[..]));
        assert!(raw.heap_bytes() < 200);
    }

    #[test]
    fn real_mail_is_unpacked_byte_for_byte() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
        if !corpus.is_dir() {
            println!("skipped: there is no ../shared/corpus");
            return;
        }
        let (mut press, mut all, mut worth_it) = (Press::new().unwrap(), 0, 0);
        let mut folders: Vec<PathBuf> = vec![corpus];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "eml") {
                    let bytes = std::fs::read(&path).unwrap();
                    let (raw, was_packed) = packed(&mut press, &bytes);
                    assert!(raw.bytes() == bytes, "{}: the bytes differ", path.display());
                    (all, worth_it) = (all + 1, worth_it + usize::from(was_packed));
                }
            }
        }
        assert!(all > 1_000 && worth_it * 2 > all, "{worth_it} of {all} are packed");
    }
}
