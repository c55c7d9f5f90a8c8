//! `/livez` and `/readyz`: for probes and `docker compose up --wait`.

use actix_web::HttpResponse;

/// Whether it is there
///
/// 200 and nothing else. The SMTP doors are open before anything is answered here.
#[utoipa::path(get, path = "/readyz", tag = "Server", operation_id = "isReady", responses((status = 200, description = "It is")))]
pub async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}
