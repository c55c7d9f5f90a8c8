//! `/api/v1/chaos`: Mailpit's switches for failures on purpose. There are none here yet, and it says so as Mailpit does
//! where it was started without them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::refuse;

/// `GET` and `PUT /api/v1/chaos`
pub async fn absent() -> HttpResponse {
    refuse(StatusCode::BAD_REQUEST, "Chaos is not enabled")
}
