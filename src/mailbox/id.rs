//! Message ids: a UUIDv7 as 22 characters of base62, so that ids sort as their messages arrived.

use std::fmt;
use std::str::FromStr;

/// The id of one message. Fixed width, alphabet in ASCII order: text order is arrival order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(u128);

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^21 < 2^128 < 62^22.
const WIDTH: usize = 22;

impl MessageId {
    /// The id with these bits; [`crate::clock::unique`] makes them.
    pub fn from_bits(bits: u128) -> Self {
        Self(bits)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [b'0'; WIDTH];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = ALPHABET[(rest % 62) as usize];
            rest /= 62;
        }
        f.pad(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What was given is not a message id.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAnId;

impl FromStr for MessageId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != WIDTH {
            return Err(NotAnId);
        }
        text.bytes()
            .try_fold(0u128, |value, byte| {
                let digit = ALPHABET.binary_search(&byte).ok()?;
                value.checked_mul(62)?.checked_add(digit as u128)
            })
            .map(Self)
            .ok_or(NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_is_the_id_again_and_sorts_like_it(one: u128, other: u128) {
            let (one, other) = (MessageId(one), MessageId(other));
            prop_assert_eq!(one.to_string().parse(), Ok(one));
            prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
        }
    }

    #[test]
    fn other_text_is_no_id() {
        for text in ["", "latest", "../../../../etc/passwd", "zzzzzzzzzzzzzzzzzzzzzz", "00000000000000000000é"] {
            assert_eq!(text.parse::<MessageId>(), Err(NotAnId), "{text}");
        }
    }
}
