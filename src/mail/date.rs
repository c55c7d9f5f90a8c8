//! The `Date` field (RFC 5322 §3.3): an instant and the sender's offset. Never used for order or eviction: a sender
//! can write what it likes here.

use super::parse;
use jiff::{Timestamp, tz::Offset};
use std::fmt;

/// A moment as a sender wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The moment.
    pub instant: Timestamp,
    /// The sender's offset from UTC; zero if it named none.
    pub offset: Offset,
}

impl Date {
    /// Reads an unfolded field; none if it is no date that exists.
    pub(super) fn read(field: &str) -> Option<Self> {
        let wall = parse::date(field)?;
        let sign = if wall.west { -1 } else { 1 };
        // RFC 5322 §4.3 knows no offset beyond a day; jiff knows none beyond 26 hours.
        let offset =
            Offset::from_seconds(sign * (i32::from(wall.offset.0) * 3600 + i32::from(wall.offset.1) * 60)).ok()?;
        let narrow = |number: u8| i8::try_from(number).ok();
        let civil = jiff::civil::DateTime::new(
            wall.year.try_into().ok()?,
            narrow(wall.month)?,
            narrow(wall.day)?,
            narrow(wall.hour)?,
            narrow(wall.minute)?,
            narrow(wall.second.min(59))?, // a leap second is legal (RFC 5322 §3.3) and jiff has none
            0,
        )
        .ok()?;
        Some(Self { instant: offset.to_timestamp(civil).ok()?, offset })
    }
}

impl fmt::Display for Date {
    /// RFC 3339, with the sender's own offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.instant.display_with_offset(self.offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_the_wild_writes_them() {
        for (field, expected) in [
            ("Mon, 20 Jul 2026 16:16:47 +1200", Some("2026-07-20T16:16:47+12:00")),
            ("20 Jul 2026 16:16 -0730 (comment)", Some("2026-07-20T16:16:00-07:30")),
            ("Mon, 20 Jul 26 16:16:47 GMT", Some("2026-07-20T16:16:47+00:00")),
            ("Mon, 20 Jul 2026 23:59:60 +0000", Some("2026-07-20T23:59:59+00:00")),
            ("Mon, 31 Feb 2026 16:16:47 +0000", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(Date::read(field).map(|date| date.to_string()).as_deref(), expected, "{field}");
        }
    }
}
