//! `/api/v1/webui`: what Mailpit's page asks before it draws its buttons. Nothing here is relayed, judged or dropped.

use actix_web::HttpResponse;
use serde::Serialize;

use super::json;

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    label: &'static str,
    message_relay: Relay,
    spam_assassin: bool,
    chaos_enabled: bool,
    duplicates_ignored: bool,
    hide_delete_all_button: bool,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Relay {
    enabled: bool,
    #[serde(rename = "SMTPServer")]
    smtp_server: &'static str,
    return_path: &'static str,
    allowed_recipients: &'static str,
    blocked_recipients: &'static str,
    override_from: &'static str,
    #[serde(rename = "PreserveMessageIDs")]
    preserve_message_ids: bool,
    recipient_allowlist: &'static str,
}

/// `GET /api/v1/webui`
pub async fn settings() -> HttpResponse {
    json(&Settings::default())
}
