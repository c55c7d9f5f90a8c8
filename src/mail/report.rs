//! Reports of machines (RFC 6522): what became of a message, as groups of fields. Delivery status (RFC 3464), receipts
//! (RFC 8098), complaints (RFC 5965).

use super::header::{field_name, fields, first_field, head};
use super::line::line_at;
use super::structure::Part;

/// Groups that are read: recipients of one report.
const GROUPS_MAX: usize = 1_000;
const FIELDS_MAX: usize = 100;
const VALUE_CHARS_MAX: usize = 2_000;
const PART_BYTES_MAX: usize = 4 << 20;

/// A report: the first group is about the message, the others about a recipient each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Names as sent and values decoded, in order.
    pub groups: Vec<Vec<(String, String)>>,
    /// Whether there is more than was read.
    pub more: bool,
}

/// Whether a part is a report that [`Report::read`] understands.
pub fn is_report(part: &Part) -> bool {
    matches!(
        &*part.content_type,
        "message/delivery-status"
            | "message/global-delivery-status"
            | "message/disposition-notification"
            | "message/global-disposition-notification"
            | "message/feedback-report"
    )
}

impl Report {
    /// Reads a part.
    pub fn of(part: &Part, raw: &[u8]) -> Self {
        let report = Self::read(&part.bytes_head(raw, PART_BYTES_MAX));
        Self { more: report.more || part.body.len() > PART_BYTES_MAX, ..report }
    }

    /// Reads a part's decoded bytes. Never fails; what is no field is passed over.
    pub fn read(bytes: &[u8]) -> Self {
        let mut groups = Vec::new();
        let mut at = next_field(bytes, first_field(bytes));
        while at < bytes.len() && groups.len() < GROUPS_MAX {
            let head = head(bytes, at, |_| false);
            let group: Vec<_> = fields(bytes, head.header)
                .take(FIELDS_MAX)
                .map(|field| (field.name.to_owned(), field.value().chars().take(VALUE_CHARS_MAX).collect()))
                .collect();
            if !group.is_empty() {
                groups.push(group);
            }
            at = next_field(bytes, head.body);
        }
        Self { more: at < bytes.len(), groups }
    }
}

/// The beginning of the first line, from `at` on, that is a field. A header ends before lines that are none; each of them
/// is looked at once more, here, and never as a header of its own.
fn next_field(bytes: &[u8], mut at: usize) -> usize {
    while let Some(line) = line_at(bytes, at) {
        if field_name(&bytes[line.text.clone()]).is_some() {
            return at;
        }
        at = line.next;
    }
    bytes.len()
}

/// `rfc822; ann@app.test` → `ann@app.test`: the type before the value tells nothing (RFC 3464 §2.1.2).
pub fn untyped(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if kind.trim().chars().all(|char| char.is_ascii_alphanumeric() || char == '-') => {
            rest.trim()
        }
        _ => value.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_report_is_read_in_one_pass() {
        // Line by line it would take hours.
        let text =
            [b"Status: 5.0.0\n".to_vec(), b"no field here\n".repeat(500_000), b"\nAction: failed\n".to_vec()].concat();
        assert_eq!(Report::read(&text).groups.len(), 2);
    }

    #[test]
    fn groups_are_divided_by_blank_lines() {
        let report = Report::read(b"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; a@b.test\r\nAction: failed\r\nDiagnostic-Code: smtp;\r\n 550 no\r\n\r\n\r\nFinal-Recipient: x\r\n");
        assert_eq!(report.groups.len(), 3);
        assert_eq!(report.groups[1][2], ("Diagnostic-Code".into(), "smtp; 550 no".into()));
        assert_eq!((untyped("rfc822; a@b.test"), untyped("a b; c"), untyped("x")), ("a@b.test", "a b; c", "x"));
        assert!(Report::read(b"no fields\n\nat all").groups.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn anything_is_read(bytes: Vec<u8>, text in "(A: b\\n|\\n|x\\n| y\\n){0,20}") {
            Report::read(&bytes);
            Report::read(text.as_bytes());
        }
    }
}
