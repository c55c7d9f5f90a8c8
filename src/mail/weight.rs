//! What a value holds of the heap, to the byte: the memory budget is a sum of these. A mail of sixty kilobytes can have ten
//! thousand parts or addresses, each a record many times larger than the few bytes that made it.
//!
//! Counted is what was asked of the allocator; what it adds to each block is its own (`benches/memory`).

use super::Word;

/// What holds memory beside itself.
pub trait HeapBytes {
    /// Bytes of all blocks that it owns, without its own size.
    fn heap_bytes(&self) -> usize;
}

/// A struct holds what its fields hold; what is not named here holds nothing.
macro_rules! heap_bytes {
    ($($of:ident { $($field:tt),+ })+) => {
        $(impl $crate::mail::weight::HeapBytes for $of {
            fn heap_bytes(&self) -> usize {
                0 $(+ $crate::mail::weight::HeapBytes::heap_bytes(&self.$field))+
            }
        })+
    };
}
pub(crate) use heap_bytes;

impl HeapBytes for u8 {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl HeapBytes for Box<str> {
    fn heap_bytes(&self) -> usize {
        self.len()
    }
}

impl HeapBytes for String {
    fn heap_bytes(&self) -> usize {
        self.capacity()
    }
}

impl HeapBytes for Word {
    fn heap_bytes(&self) -> usize {
        if self.is_heap_allocated() { self.capacity() } else { 0 }
    }
}

impl<T: HeapBytes> HeapBytes for [T] {
    fn heap_bytes(&self) -> usize {
        self.iter().map(HeapBytes::heap_bytes).sum()
    }
}

impl<T: HeapBytes> HeapBytes for Box<[T]> {
    fn heap_bytes(&self) -> usize {
        size_of_val(&**self) + (**self).heap_bytes()
    }
}

impl<T: HeapBytes> HeapBytes for Vec<T> {
    fn heap_bytes(&self) -> usize {
        self.capacity() * size_of::<T>() + (**self).heap_bytes()
    }
}

impl<T: HeapBytes> HeapBytes for Box<T> {
    fn heap_bytes(&self) -> usize {
        size_of::<T>() + (**self).heap_bytes()
    }
}

impl<T: HeapBytes> HeapBytes for Option<T> {
    fn heap_bytes(&self) -> usize {
        self.as_ref().map_or(0, HeapBytes::heap_bytes)
    }
}

/// The two counters before what an `Arc` holds.
pub(crate) const ARC_BYTES: usize = 2 * size_of::<usize>();

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::View;

    #[test]
    fn many_small_things_are_counted_as_what_they_take() {
        let parts = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\n".repeat(5_000));
        let addresses = format!("To: {}\r\n\r\n", "a,".repeat(5_000));
        for raw in [parts, addresses] {
            let bytes = View::read(raw.as_bytes()).heap_bytes();
            assert!(bytes > 5_000 * 48 && bytes > 4 * raw.len(), "{bytes} for {}", raw.len());
        }
    }
}
