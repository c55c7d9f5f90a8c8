//! `/api/v1/webui`: what Mailpit's page asks before it draws its buttons. Nothing here is relayed, judged or dropped.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;

/// What can be done here beyond reading: nothing.
#[derive(Default, Serialize, ToSchema)]
#[schema(as = WebUI)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Settings {
    label: &'static str,
    message_relay: Relay,
    spam_assassin: bool,
    chaos_enabled: bool,
    duplicates_ignored: bool,
    hide_delete_all_button: bool,
}

/// Where messages would be released to.
#[derive(Default, Serialize, ToSchema)]
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

/// What Mailpit's page asks first
#[utoipa::path(get, path = "/api/v1/webui", tag = "As with Mailpit", operation_id = "getWebUI",
    responses((status = 200, description = "All off", body = Settings)))]
pub async fn settings() -> HttpResponse {
    json(&Settings::default())
}
