//! Panics on demand, for the tests that show what becomes of one.
//!
//! Only the unit tests of this crate are built with it: no other build has a way to make it panic. A message springs a
//! trap by a field of its own, so nothing is switched on and no test disturbs another.

/// Panics if the message has the field `X-Trap` with the name of this place.
pub(crate) fn spring(place: &str, raw: &[u8]) {
    let sprung = memchr::memmem::find(raw, format!("X-Trap: {place}\r\n").as_bytes()).is_some();
    assert!(!sprung, "the trap at {place} was sprung");
}
