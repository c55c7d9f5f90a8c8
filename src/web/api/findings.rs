//! `/api/v1/findings`: the table of everything odd that Restante knows to report.

use actix_web::HttpResponse;
use serde::Serialize;

use super::json;
use crate::mail::finding::Oddity;

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
