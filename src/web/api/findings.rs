//! Findings as JSON: one of a message or a session, and `/api/v1/findings`, the table of all that can be reported.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::told::Severity;
use crate::mail::finding::{Finding, Oddity, Place};
use crate::web::place;

/// What is odd about a message or a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
#[serde(rename_all = "PascalCase")]
pub struct FindingShape {
    /// Its name, as the search has it: `finding:bare-lf`.
    #[schema(example = "bare-lf")]
    #[serde(rename = "ID")]
    id: &'static str,
    /// How bad it is.
    #[schema(value_type = Severity)]
    severity: &'static str,
    /// What it is, and what it may do elsewhere.
    sentence: &'static str,
    /// Where that stands.
    #[schema(example = "RFC 5322 §2.3")]
    #[serde(rename = "RFC")]
    rfc: &'static str,
    /// What it was here; may be empty.
    detail: String,
    /// Of a byte in the raw message.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u32>,
    /// The line that it is in, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The bytes there, what is not printable as an escape.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
    /// The line of the dialogue, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    dialogue_line: Option<u32>,
}

impl FindingShape {
    /// A finding, and the message that it is about; a session's messages may be gone.
    pub fn of(finding: &Finding, raw: Option<&[u8]>) -> Self {
        let oddity = finding.oddity;
        let (offset, dialogue_line) = match finding.at {
            Some(Place::Byte(at)) => (Some(at), None),
            Some(Place::Said(line)) => (None, Some(line)),
            None => (None, None),
        };
        Self {
            offset,
            line: offset.zip(raw).map(|(at, raw)| place::line(raw, at)),
            bytes: offset.zip(raw).map(|(at, raw)| place::bytes(raw, at)),
            dialogue_line,
            id: oddity.id(),
            severity: oddity.severity().word(),
            sentence: oddity.sentence(),
            rfc: oddity.rfc(),
            detail: finding.detail.to_string(),
        }
    }
}

/// One kind of finding.
#[derive(Serialize, ToSchema)]
#[schema(as = FindingKind)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Row {
    /// Its name.
    #[serde(rename = "ID")]
    id: &'static str,
    /// How bad it is.
    #[schema(value_type = Severity)]
    severity: &'static str,
    /// Where it stands.
    #[serde(rename = "RFC")]
    rfc: &'static str,
    /// What it is, and what it may do elsewhere.
    sentence: &'static str,
}

/// The table of findings
///
/// All that can be reported of a message or a connection, in the order of `docs/findings.md`.
#[utoipa::path(get, path = "/api/v1/findings", tag = "Server", operation_id = "listFindings",
    responses((status = 200, description = "Every kind", body = Vec<Row>)))]
pub async fn table() -> HttpResponse {
    let row = |oddity: &Oddity| Row {
        id: oddity.id(),
        severity: oddity.severity().word(),
        rfc: oddity.rfc(),
        sentence: oddity.sentence(),
    };
    json(&Oddity::ALL.iter().map(row).collect::<Vec<_>>())
}
