//! `/api/v1/chaos`: Mailpit's switches for failures on purpose. There are none here yet, and it says so as Mailpit does
//! where it was started without them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::refuse;

/// Failures on purpose: not there yet
#[utoipa::path(get, path = "/api/v1/chaos", tag = "As with Mailpit", operation_id = "getChaos",
    responses((status = 400, description = "That there are none", body = String, content_type = "text/plain")))]
pub async fn get() -> HttpResponse {
    absent()
}

/// Set failures on purpose: not there yet
#[utoipa::path(put, path = "/api/v1/chaos", tag = "As with Mailpit", operation_id = "setChaos",
    responses((status = 400, description = "That there are none", body = String, content_type = "text/plain")))]
pub async fn put() -> HttpResponse {
    absent()
}

fn absent() -> HttpResponse {
    refuse(StatusCode::BAD_REQUEST, "Chaos is not enabled")
}
