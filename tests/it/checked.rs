//! What must be true of any message that was read, whatever its bytes. The fuzz targets hold to the same.

use restante::mail::View;
use restante::mail::event::Calendar;
use restante::mail::html::prepare;
use restante::mail::nested::{Nested, opens};
use restante::mail::report::{Report, is_report};
use restante::mail::seal::seals;
use restante::mail::structure::{NESTING_MAX, PARTS_MAX};

/// Reads a message, holds the view to it, and says which findings there are.
pub(crate) fn checked(raw: &[u8]) -> (View, String) {
    let view = View::read(raw);
    let parts = &view.structure.parts;
    assert!(!parts.is_empty() && parts.len() <= PARTS_MAX);
    for part in parts {
        assert!(part.header.start <= part.header.end && part.header.end <= part.body.start);
        assert!(part.body.start <= part.body.end && part.body.end <= raw.len());
        assert!(usize::from(part.depth) <= NESTING_MAX);
        if let Some(parent) = part.parent.map(|parent| &parts[parent as usize]) {
            assert!(parent.body.start <= part.header.start && part.body.end <= parent.body.end);
            assert_eq!(parent.depth + 1, part.depth);
        }
    }
    assert_eq!(view.part("0").map(|part| part.parent), Some(None));
    let found: Vec<_> = view.findings.iter().map(|finding| finding.oddity.id()).collect();
    assert!(!found.contains(&"reading-failed"));
    let found = found.join(" ");
    let text = view.text(raw);
    let searchable = view.searchable(raw);
    for said in [&*view.subject, &*view.snippet(raw), &*view.message_id, &text, &searchable] {
        let json = serde_json::to_string(said).unwrap();
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), said);
    }
    if let Some(html) = view.html(raw) {
        let references = view.references();
        prepare(&html, |reference| references.find(reference).map(|part| part.id.to_string()), false);
    }
    let fields: usize = view.fields(raw).map(|field| field.value().len().min(1)).sum();
    assert!(fields <= raw.len());
    (view, found)
}

/// Looks into everything that a page shows of a message; answers the messages within it.
pub(crate) fn opened(raw: &[u8], view: &View) -> Vec<Nested> {
    view.reading(raw);
    seals(view, raw);
    let mut within = Vec::new();
    for part in &view.structure.parts {
        let name = part.safe_name();
        assert!(!name.is_empty() && !name.contains(['/', '\\', '\0', '\r', '\n']) && name.len() <= 300);
        part.is_clean(raw);
        if is_report(part) {
            Report::read(&part.bytes(raw));
        }
        if part.is_text() {
            Calendar::read(&part.text(raw));
        }
        if opens(part) && within.len() < 10 {
            within.push(Nested::of(raw, part));
        }
    }
    within
}
