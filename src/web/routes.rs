//! The site on one page. [`mounted`] stands at the root, where it sees every mailbox, and under `/mailbox/{name}/`,
//! where it sees that one.

use actix_web::http::{Method, header};
use actix_web::web::{self, ServiceConfig, scope};
use actix_web::{HttpResponse, Resource, Route, guard};

use super::{api, asset, live, mail_html, show};

/// The largest body of a request, in bytes: lists of ids, not mail.
const BODY_BYTES_MAX: usize = 5 << 20;

/// Everything.
pub fn site(config: &mut ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
        .app_data(web::FormConfig::default().limit(BODY_BYTES_MAX))
        .service(at("/static/{name}", [get().to(asset::get)]))
        .service(at("/mailbox/{mailbox}", [get().to(show::to_mount)]))
        .service(scope("/mailbox/{mailbox}").configure(mounted))
        .configure(mounted)
        .default_service(web::to(show::nowhere));
}

/// What each mount has.
fn mounted(config: &mut ServiceConfig) {
    config
        // Pages
        .service(at("/", [get().to(show::list::page)]))
        .service(at("/message/{id}", [get().to(show::message::page)]))
        .service(at("/message/{id}/html", [get().to(mail_html::frame)]))
        .service(at("/setup", [get().to(show::setup::page)]))
        .service(at("/live", [endless_get().to(live::stream)]))
        .service(at("/delete", [post().to(show::act::delete)]))
        .service(at("/mark", [post().to(show::act::mark)]))
        .service(at("/test-message", [post().to(show::act::test_message)]))
        .service(at("/ca.pem", [get().to(show::setup::ca)]))
        // API
        .service(at("/livez", [get().to(api::health::ok)]))
        .service(at("/readyz", [get().to(api::health::ok)]))
        .service(at(
            "/api/v1/messages",
            [get().to(api::messages::list), put().to(api::messages::mark), delete().to(api::messages::delete)],
        ))
        .service(at("/api/v1/search", [get().to(api::search::list), delete().to(api::search::delete)]))
        .service(at("/api/v1/message/{id}", [get().to(api::message::get)]))
        .service(at("/api/v1/message/{id}/headers", [get().to(api::message::headers)]))
        .service(at("/api/v1/message/{id}/raw", [get().to(api::message::raw)]))
        .service(at("/api/v1/message/{id}/part/{part}", [get().to(api::message::part)]))
        .service(at("/api/v1/wait", [get().to(api::wait::wait)]))
        .service(at("/api/v1/info", [get().to(api::info::info)]))
        .service(at("/api/v1/sessions", [get().to(api::sessions::list)]))
        .service(at("/api/events", [endless_get().to(api::events::stream)]));
}

/// GET, and HEAD, which is a GET whose body is not sent (RFC 9110 §9.3.2).
fn get() -> Route {
    Route::new().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// GET alone: the answer to HEAD would be over when the stream is, which is never.
fn endless_get() -> Route {
    Route::new().guard(guard::Get())
}

fn post() -> Route {
    Route::new().guard(guard::Post())
}

fn put() -> Route {
    Route::new().guard(guard::Put())
}

fn delete() -> Route {
    Route::new().guard(guard::Delete())
}

/// One address and what it can do; anything else is 405.
fn at<const N: usize>(path: &str, routes: [Route; N]) -> Resource {
    let resource = routes.into_iter().fold(web::resource(path), Resource::route);
    resource.default_service(web::to(|method: Method| async move {
        let _ = method;
        HttpResponse::MethodNotAllowed()
            .insert_header((header::CONTENT_TYPE, "text/plain"))
            .body("Method Not Allowed\n")
    }))
}
