//! How numbers, moments and addresses read. Pure, no clock: the caller says what time it is.

use super::view::Stamp;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `0 B`, `812 B`, `4.1 kB`, `12 kB`, `3.4 MB`, `512 MB`: two or three digits, powers of 1024 as everyone counts memory.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1024.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

/// How long ago `at` was, in a word; the script says the same words (`age` in `app.js`).
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    match seconds {
        ..5 => "now".to_owned(),
        5..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        86_400..604_800 => format!("{} d", seconds / 86_400),
        _ => at.strftime("%-d %b").to_string(),
    }
}

/// A moment for a page.
pub fn stamp(at: Timestamp, now: Timestamp) -> Stamp {
    Stamp {
        iso: at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        exact: at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        age: age(at, now),
        day: at.strftime("%-d %b").to_string().to_uppercase(),
        hour: at.strftime("%H:%M").to_string(),
    }
}

/// How long something took: `0 ms`, `40 ms`, `1.2 s`, `48 s`, `3 min`, `2 h`.
pub fn lasted(from: Timestamp, to: Timestamp) -> String {
    let millis = to.as_millisecond().saturating_sub(from.as_millisecond()).max(0);
    match millis {
        ..1000 => format!("{millis} ms"),
        1000..10_000 => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
        10_000..60_000 => format!("{} s", millis / 1000),
        60_000..3_600_000 => format!("{} min", millis / 60_000),
        _ => format!("{} h", millis / 3_600_000),
    }
}

/// The first `most` words with commas, and how many are left.
pub fn some(words: &[String], most: usize) -> String {
    let mut text = words.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    if words.len() > most {
        text.push_str(&format!(" and {} more", words.len() - most));
    }
    text
}

/// The colour of a tag, one of [`HUES`]: the same for the same name in any case; the script says the same (`hue` in
/// `words.js`).
pub fn hue(name: &str) -> u32 {
    name.to_lowercase().chars().fold(7, |sum, char| (sum * 31 + u32::from(char)) % 997) % HUES
}

/// Colours that a tag may have.
pub const HUES: u32 = 8;

/// Percent-encodes all but the unreserved characters (RFC 3986 §2.3): for one path segment or one query value.
pub fn percent(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (count, words) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 kB"),
            (10_188, "9.9 kB"),
            (10_240, "10 kB"),
            (1_048_000, "1.0 MB"),
            (536_870_912, "512 MB"),
            (u64::MAX, "16777216 TB"),
        ] {
            assert_eq!(bytes(count), words);
        }
    }

    #[test]
    fn ages_read_well() {
        let now = Timestamp::from_second(1_772_460_333).unwrap();
        for (ago, words) in
            [(-9, "now"), (0, "now"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (90_000, "1 d"), (700_000, "22 Feb")]
        {
            assert_eq!(age(Timestamp::from_second(now.as_second() - ago).unwrap(), now), words);
        }
        assert_eq!(stamp(now, now).iso, "2026-03-02T14:05:33.000Z");
    }

    #[test]
    fn a_tag_has_one_colour() {
        assert_eq!(hue("Signup"), hue("signup"));
        assert!(["a", "b", "c", "d"].map(hue).windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn durations_read_well() {
        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
        for (millis, words) in
            [(-5, "0 ms"), (40, "40 ms"), (1_290, "1.2 s"), (48_000, "48 s"), (200_000, "3 min"), (7_300_000, "2 h")]
        {
            assert_eq!(lasted(at(0), at(millis)), words);
        }
    }

    #[test]
    fn names_make_the_round_trip_through_a_url() {
        assert_eq!(percent("a b/ü@?&#%"), "a%20b%2F%C3%BC%40%3F%26%23%25");
    }
}
