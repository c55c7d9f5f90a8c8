//! `/livez` and `/readyz`: for probes and `docker compose up --wait`.

use actix_web::HttpResponse;

/// `GET /livez` and `GET /readyz`: 200 and nothing else. The doors are open before anything is answered here.
pub async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}
