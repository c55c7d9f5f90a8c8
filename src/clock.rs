//! Time and chance: the only place that asks for either. Everybody else is handed what was asked here.

use jiff::Timestamp;
use uuid::Uuid;

/// The present, in UTC.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The bits of a new UUIDv7 (RFC 9562 §5.7): later calls in this process give larger numbers.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub fn unique() -> u128 {
    Uuid::now_v7().as_u128()
}

/// A random number, for challenges that must not repeat. The low half of a UUIDv7 is random but for two bits.
pub fn seed() -> u64 {
    unique() as u64
}
