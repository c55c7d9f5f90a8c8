//! Findings as JSON: one of a message or a session, and `/api/v1/findings`, the table of all that can be reported.

use actix_web::HttpResponse;
use serde::Serialize;

use super::json;
use crate::mail::finding::{Finding, Oddity, Place};
use crate::web::place;

/// One finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FindingShape {
    #[serde(rename = "ID")]
    id: &'static str,
    severity: &'static str,
    sentence: &'static str,
    #[serde(rename = "RFC")]
    rfc: &'static str,
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    #[serde(rename = "ID")]
    id: &'static str,
    severity: &'static str,
    #[serde(rename = "RFC")]
    rfc: &'static str,
    sentence: &'static str,
}

/// `GET /api/v1/findings`
pub async fn table() -> HttpResponse {
    let row = |oddity: &Oddity| Row {
        id: oddity.id(),
        severity: oddity.severity().word(),
        rfc: oddity.rfc(),
        sentence: oddity.sentence(),
    };
    json(&Oddity::ALL.iter().map(row).collect::<Vec<_>>())
}
