//! What a machine says within a message, as the page shows it: invitations and delivery reports.

use crate::mail::View;
use crate::mail::event::{ATTENDEES_MAX, Calendar, Event};
use crate::mail::report::{Report, untyped};
use crate::mail::structure::Part;
use crate::web::page::body::{EventBody, EventView, RecipientRow, ReportBody};
use crate::web::page::view::Fact;
use crate::web::page::weight::{self, LINE_BYTES_MAX, VALUE_BYTES_MAX};

/// The first calendar that has an event in it; invitations carry the same one twice.
pub(super) fn event(raw: &[u8], view: &View) -> Option<EventBody> {
    let mut parts = view.structure.parts.iter().filter(|part| is_calendar(part)).take(CALENDARS_MAX);
    parts.find_map(|part| event_of(part, raw))
}

/// The events of one part; none if it is no calendar, or an empty one.
pub(super) fn event_of(part: &Part, raw: &[u8]) -> Option<EventBody> {
    let calendar = Some(part).filter(|part| is_calendar(part)).map(|part| Calendar::of(part, raw))?;
    (!calendar.events.is_empty()).then(|| event_body(calendar, &part.id))
}

fn is_calendar(part: &Part) -> bool {
    let named = part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics"));
    !part.is_multipart() && (named || matches!(&*part.content_type, "text/calendar" | "application/ics"))
}

fn event_body(calendar: Calendar, part: &str) -> EventBody {
    let method = match calendar.method.to_ascii_uppercase().as_str() {
        "REQUEST" => "Invitation",
        "CANCEL" => "Cancellation",
        "REPLY" => "Answer to an invitation",
        "COUNTER" => "Another time is proposed",
        "" | "PUBLISH" => "Event",
        _ => &calendar.method,
    };
    let more = calendar.more || calendar.events.iter().any(|event| event.attendees.len() == ATTENDEES_MAX);
    let events = calendar.events.into_iter().map(event_view);
    EventBody::new(weight::cut(method, LINE_BYTES_MAX), events, part.to_owned(), more)
}

fn event_view(event: Event) -> EventView {
    let facts = [
        ("Starts", event.start),
        ("Ends", event.end),
        ("Repeats", event.repeats),
        ("Where", event.location),
        ("Organizer", event.organizer),
        ("Status", event.status.to_ascii_lowercase()),
    ];
    let said = facts.into_iter().filter(|(_, value)| !value.is_empty());
    EventView {
        summary: weight::cut(&event.summary, VALUE_BYTES_MAX),
        facts: said.map(|(label, value)| fact(label, &value, "")).collect(),
        attendees: event.attendees.iter().map(|(value, note)| fact("Attendee", value, note)).collect(),
        description: weight::cut(&event.description, VALUE_BYTES_MAX),
    }
}

/// The report, read from its part.
pub(super) fn report(report: &Report) -> ReportBody {
    let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
    let shown = |(name, value): &(String, String)| fact(name, untyped(value), "");
    let row = |group: &Vec<(String, String)>| {
        let one = |wanted: &str| {
            let found = group.iter().find(|(name, _)| is(name, wanted));
            found.map_or_else(String::new, |(_, value)| weight::cut(untyped(value), VALUE_BYTES_MAX))
        };
        let head = ["Final-Recipient", "Action", "Status"];
        let rest = group.iter().filter(|(name, _)| !head.iter().any(|head| is(name, head)));
        RecipientRow {
            address: one("Final-Recipient"),
            action: one("Action"),
            status: one("Status"),
            facts: rest.map(shown).collect(),
        }
    };
    // One that forgets to tell of the message begins with a recipient (RFC 3464 §2.1 wants both).
    let about_message = report.groups.first().filter(|group| !group.iter().any(|(name, _)| is(name, "Action")));
    let recipients = report.groups.iter().skip(usize::from(about_message.is_some())).map(row);
    ReportBody::new(about_message.into_iter().flatten().map(shown), recipients, report.more)
}

fn fact(label: &str, value: &str, note: &str) -> Fact {
    Fact {
        label: weight::cut(label, LINE_BYTES_MAX),
        value: weight::cut(value, VALUE_BYTES_MAX),
        note: weight::cut(note, LINE_BYTES_MAX),
    }
}

const CALENDARS_MAX: usize = 5;
