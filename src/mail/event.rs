//! Invitations: the events of a `text/calendar` part (RFC 5545, RFC 5546). Times are told as written; nothing is
//! computed, repeated or moved between zones.
//!
//! Our own small reader: the crates for it bring a date library and a model of everything, and we show seven fields.

use super::structure::Part;

/// Events that are read of one calendar.
const EVENTS_MAX: usize = 50;
const READ_BYTES_MAX: usize = 1 << 20;
/// As sent: base64 is a third longer than what it says.
const PART_BYTES_MAX: usize = 2 << 20;
/// Of one event.
pub const ATTENDEES_MAX: usize = 500;
const VALUE_CHARS_MAX: usize = 4_000;

/// A calendar as an invitation has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// `REQUEST`, `CANCEL`, `REPLY` …; empty if it does not say.
    pub method: String,
    /// The events, and to-dos as if they were some.
    pub events: Vec<Event>,
    /// Whether there is more than was read.
    pub more: bool,
}

/// One event. Texts are unescaped and may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub summary: String,
    /// `2026-03-05 14:00 Europe/Berlin`, `2026-03-05`.
    pub start: String,
    /// Likewise; or `for PT1H`, as written.
    pub end: String,
    /// Where.
    pub location: String,
    /// Who asks.
    pub organizer: String,
    /// Who is asked: name or address, and the answer so far.
    pub attendees: Vec<(String, String)>,
    /// The rule of a repeated event, as written.
    pub repeats: String,
    /// `CONFIRMED`, `CANCELLED` …
    pub status: String,
    /// More.
    pub description: String,
}

impl Calendar {
    /// Reads a part.
    pub fn of(part: &Part, raw: &[u8]) -> Self {
        let calendar = Self::read(&part.text_head(raw, PART_BYTES_MAX));
        Self { more: calendar.more || part.body.len() > PART_BYTES_MAX, ..calendar }
    }

    /// Reads a part's text. Never fails; what is not understood is passed over.
    pub fn read(text: &str) -> Self {
        let mut calendar = Self { more: text.len() > READ_BYTES_MAX, ..Self::default() };
        // The components that are open, but for the outermost; only their depth matters.
        let mut within: Option<Event> = None;
        let mut nested = 0_usize;
        for line in Unfolded::of(text) {
            let Some(property) = Property::read(&line) else { continue };
            let name = property.name.as_str();
            match (name, &mut within) {
                ("METHOD", None) => calendar.method = property.text(),
                ("BEGIN", None) if is_event(property.value) => within = Some(Event::default()),
                ("BEGIN", Some(_)) => nested += 1, // an alarm
                ("END", Some(_)) if nested > 0 => nested -= 1,
                ("END", Some(_)) => {
                    calendar.events.extend(within.take());
                    if calendar.events.len() == EVENTS_MAX {
                        calendar.more = true;
                        break;
                    }
                }
                (_, Some(event)) if nested == 0 => event.take(name, &property),
                _ => {}
            }
        }
        // One that is cut off is shown as far as it goes.
        calendar.events.extend(within);
        calendar
    }
}

fn is_event(component: &str) -> bool {
    ["VEVENT", "VTODO", "VJOURNAL"].iter().any(|name| component.trim().eq_ignore_ascii_case(name))
}

impl Event {
    fn take(&mut self, name: &str, property: &Property<'_>) {
        match name {
            "SUMMARY" => self.summary = property.text(),
            "DTSTART" => self.start = property.moment(),
            "DTEND" | "DUE" => self.end = property.moment(),
            "DURATION" => self.end = format!("for {}", property.value.trim()),
            "LOCATION" => self.location = property.text(),
            "DESCRIPTION" => self.description = property.text(),
            "RRULE" => self.repeats = property.text(),
            "STATUS" => self.status = property.text(),
            "ORGANIZER" => self.organizer = property.person(),
            "ATTENDEE" if self.attendees.len() < ATTENDEES_MAX => {
                let answer = property.parameter("PARTSTAT").unwrap_or_default().to_ascii_lowercase().replace('-', " ");
                self.attendees.push((property.person(), answer));
            }
            _ => {}
        }
    }
}

/// Logical lines (RFC 5545 §3.1): a line that begins with a blank goes on where the one before it ended.
struct Unfolded<'a>(std::iter::Peekable<std::vec::IntoIter<&'a str>>);

impl<'a> Unfolded<'a> {
    fn of(text: &'a str) -> Self {
        let head = &text[..text.floor_char_boundary(READ_BYTES_MAX)];
        let lines: Vec<&str> = head.split(['\r', '\n']).filter(|line| !line.is_empty()).collect();
        Self(lines.into_iter().peekable())
    }
}

impl Iterator for Unfolded<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut line = self.0.next()?.to_owned();
        while let Some(more) = self.0.next_if(|more| more.starts_with([' ', '\t'])) {
            line.push_str(&more[1..]);
        }
        Some(line)
    }
}

/// `NAME;PARAMETER="x":value`.
struct Property<'a> {
    name: String,
    parameters: Vec<(&'a str, &'a str)>,
    value: &'a str,
}

impl<'a> Property<'a> {
    fn read(line: &'a str) -> Option<Self> {
        // A colon or semicolon within quotes is part of a parameter.
        let mut quoted = false;
        let mut cuts = Vec::new();
        let mut colon = None;
        for (at, byte) in line.bytes().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b';' if !quoted && cuts.len() < 50 => cuts.push(at),
                b':' if !quoted => {
                    colon = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let colon = colon?;
        let name = line[..cuts.first().copied().unwrap_or(colon)].trim().to_ascii_uppercase();
        let ends = cuts.iter().skip(1).copied().chain([colon]);
        let parameters = cuts.iter().zip(ends).filter_map(|(&from, to)| line[from + 1..to].split_once('='));
        Some(Self { name, parameters: parameters.collect(), value: &line[colon + 1..] })
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let found = self.parameters.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().trim_matches('"'))
    }

    /// RFC 5545 §3.3.11.
    fn text(&self) -> String {
        let mut out = String::new();
        let mut chars = self.value.trim().chars().take(VALUE_CHARS_MAX);
        while let Some(char) = chars.next() {
            match char {
                '\\' => match chars.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(other) => out.push(other),
                    None => {}
                },
                _ => out.push(char),
            }
        }
        out
    }

    /// `Ann <ann@app.test>`, or the address alone.
    fn person(&self) -> String {
        let value = self.value.trim();
        let is_mail = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        let address: String = if is_mail { &value[7..] } else { value }.chars().take(VALUE_CHARS_MAX).collect();
        match self.parameter("CN").filter(|name| !name.is_empty() && *name != address) {
            Some(name) => format!("{} <{address}>", name.chars().take(VALUE_CHARS_MAX).collect::<String>()),
            None => address,
        }
    }

    /// RFC 5545 §3.3.4, §3.3.5: `20260305T140000Z`; what is not written so stays as it is.
    fn moment(&self) -> String {
        let value = self.value.trim();
        let (date, time) = value.split_once('T').unwrap_or((value, ""));
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(date, 8) {
            return value.chars().take(100).collect();
        }
        let mut out = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
        let (time, utc) = time.strip_suffix('Z').map_or((time, false), |time| (time, true));
        if digits(time, 6) {
            out.push_str(&format!(" {}:{}", &time[..2], &time[2..4]));
        }
        if utc {
            out.push_str(" UTC");
        } else if let Some(zone) = self.parameter("TZID") {
            out.push(' ');
            out.extend(zone.chars().take(100));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITE: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:Design\\, and\r\n  review\r\nDTSTART;TZID=Europe/Berlin:20260305T140000\r\nDTEND:20260305T140000Z\r\nLOCATION:Room \\;1\\nfloor 2\r\nORGANIZER;CN=\"Ann: the boss\":mailto:ann@app.test\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Bob:MAILTO:bob@app.test\r\nATTENDEE:mailto:c@app.test\r\nBEGIN:VALARM\r\nDESCRIPTION:ring\r\nEND:VALARM\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260401\r\nDURATION:P1D\r\n";

    #[test]
    fn an_invitation_as_outlook_and_google_write_it() {
        let calendar = Calendar::read(INVITE);
        assert_eq!((calendar.method.as_str(), calendar.events.len()), ("REQUEST", 2));
        let event = &calendar.events[0];
        assert_eq!(event.summary, "Design, and review");
        assert_eq!(
            (event.start.as_str(), event.end.as_str()),
            ("2026-03-05 14:00 Europe/Berlin", "2026-03-05 14:00 UTC")
        );
        assert_eq!(event.location, "Room ;1\nfloor 2");
        assert_eq!(event.organizer, "Ann: the boss <ann@app.test>");
        assert_eq!(
            event.attendees,
            [("Bob <bob@app.test>".into(), "needs action".into()), ("c@app.test".into(), String::new())]
        );
        assert_eq!((event.description.as_str(), event.repeats.as_str()), ("", "FREQ=WEEKLY"));
        assert_eq!((calendar.events[1].start.as_str(), calendar.events[1].end.as_str()), ("2026-04-01", "for P1D"));
    }

    #[test]
    fn what_is_no_calendar_has_no_events() {
        assert_eq!(Calendar::read("Hello: you\n\nBEGIN:VCALENDAR"), Calendar::default());
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read(text in "(BEGIN:VEVENT\\n|END:VEVENT\\n|DTSTART:[0-9TZü]{0,16}\\n|ATTENDEE;CN=\"[:;a\"]{0,4}:mailto:ü\\n| \\n|\\PC{0,20}\\n){0,20}") {
            Calendar::read(&text);
        }
    }
}
