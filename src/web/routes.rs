//! The site on one page. [`mounted`] stands at the root, where it sees every mailbox, and under `/mailbox/{name}/`,
//! where it sees that one.

use actix_web::http::{Method, header};
use actix_web::web::{self, ServiceConfig, scope};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, Route, guard};

use super::{api, asset, live, mail_html, mishap, show};

/// The largest body of a request, in bytes: lists of ids, not mail.
pub const BODY_BYTES_MAX: usize = 5 << 20;

/// The largest question, in bytes.
const QUESTION_BYTES_MAX: usize = 64 << 10;

/// Everything.
pub fn site(config: &mut ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
        .app_data(web::FormConfig::default().limit(BODY_BYTES_MAX))
        .service(at("/static/{version}/{name}", [get().to(asset::get)]))
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
        .service(at("/message/{id}/in/{way}", [get().to(show::inside::page)]))
        .service(at("/message/{id}/in/{way}/html", [get().to(show::inside::frame)]))
        .service(at("/message/{id}/in/{way}/raw", [get().to(show::inside::raw)]))
        .service(at("/message/{id}/in/{way}/part/{part}", [get().to(show::inside::part)]))
        .service(at("/sessions", [get().to(show::sessions::page)]))
        .service(at("/setup", [get().to(show::setup::page)]))
        .service(at("/api/", [get().to(show::api::page)]))
        .service(at("/side", [get().to(show::side)]))
        .service(at("/complete", [get().to(show::complete::options)]))
        .service(at("/live", [endless_get().to(live::stream)]))
        .service(at("/delete", [post().to(show::act::delete)]))
        .service(at("/restore", [post().to(show::act::restore)]))
        .service(at("/mark", [post().to(show::act::mark)]))
        .service(at("/download", [get().to(show::download::get), post().to(show::download::post)]))
        .service(at("/keep", [post().to(show::act::keep)]))
        .service(at("/tag", [post().to(show::act::tag)]))
        .service(at("/test-message", [post().to(show::test_message::send)]))
        .service(at("/ca.pem", [get().to(show::setup::ca)]))
        // API
        .service(at("/livez", [get().to(api::health::ok)]))
        .service(at("/readyz", [get().to(api::health::ok)]))
        .service(at(
            "/api/v1/messages",
            [
                get().to(api::messages::list),
                post().to(api::deliver::deliver),
                put().to(api::messages::mark),
                delete().to(api::messages::delete),
            ],
        ))
        .service(at("/api/v1/search", [get().to(api::search::list), delete().to(api::search::delete)]))
        .service(at("/api/v1/message/{id}", [get().to(api::message::get)]))
        .service(at("/api/v1/message/{id}/headers", [get().to(api::message::headers)]))
        .service(at("/api/v1/message/{id}/raw", [get().to(api::message::raw)]))
        .service(at("/api/v1/message/{id}/part/{part}", [get().to(api::message::part)]))
        .service(at("/api/v1/message/{id}/part/{part}/thumb", [get().to(api::thumb::get)]))
        .service(at("/api/v1/message/{id}/html-check", [get().to(api::checks::html)]))
        .service(at("/api/v1/message/{id}/link-check", [get().to(api::checks::links)]))
        .service(at("/api/v1/message/{id}/release", [post().to(api::checks::release)]))
        .service(at("/api/v1/send", [post().to(api::send::send)]))
        .service(at("/api/v1/tags", [get().to(api::tags::list), put().to(api::tags::set)]))
        .service(at("/api/v1/tags/{tag}", [put().to(api::tags::rename), delete().to(api::tags::delete)]))
        .service(at("/api/v1/chaos", [get().to(api::chaos::get), put().to(api::chaos::put)]))
        .service(at("/api/v1/webui", [get().to(api::webui::settings)]))
        .service(
            at("/api/v1/wait", [get().to(api::wait::get), post().to(api::wait::post)])
                .app_data(web::PayloadConfig::new(QUESTION_BYTES_MAX)),
        )
        .service(at("/api/v1/", [get().to(show::api::to_page)]))
        .service(at("/api/v1/openapi.json", [get().to(api::document::get)]))
        .service(at("/api/v1/info", [get().to(api::info::info)]))
        .service(at("/api/v1/findings", [get().to(api::findings::table)]))
        .service(at("/api/v1/sessions", [get().to(api::sessions::list)]))
        .service(at("/api/events", [endless_get().to(api::events::get)]))
        // The views that Mailpit's users open
        .service(at("/view/{id}.html", [get().to(api::view::html)]))
        .service(at("/view/{id}.txt", [get().to(api::view::text)]))
        .service(at("/view/{id}", [get().to(api::view::page)]))
        .service(at("/search", [get().to(api::view::search)]));
}

/// A route, and the words for it in `Allow`.
struct Can(&'static str, Route);

impl Can {
    fn to<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let caught = move |request: HttpRequest, args: Args| {
            let handler = handler.clone();
            mishap::caught(request, async move { handler.call(args).await })
        };
        Self(self.0, self.1.to(caught))
    }
}

/// GET, and HEAD, which is a GET whose body is not sent (RFC 9110 §9.3.2).
fn get() -> Can {
    Can("GET, HEAD", Route::new().guard(guard::Any(guard::Get()).or(guard::Head())))
}

/// GET alone: the answer to HEAD would be over when the stream is, which is never.
fn endless_get() -> Can {
    Can("GET", Route::new().guard(guard::Get()))
}

fn post() -> Can {
    Can("POST", Route::new().guard(guard::Post()))
}

fn put() -> Can {
    Can("PUT", Route::new().guard(guard::Put()))
}

fn delete() -> Can {
    Can("DELETE", Route::new().guard(guard::Delete()))
}

/// One address and what it can do. OPTIONS tells it, anything else is 405 and tells it too (RFC 9110 §9.3.7, §15.5.6).
fn at<const N: usize>(path: &str, routes: [Can; N]) -> Resource {
    let allow = routes.iter().map(|can| can.0).chain(["OPTIONS"]).collect::<Vec<_>>().join(", ");
    let resource = routes.into_iter().fold(web::resource(path), |resource, can| resource.route(can.1));
    resource.default_service(web::to(move |method: Method| {
        let mut answer = match method {
            Method::OPTIONS => HttpResponse::Ok(),
            _ => HttpResponse::MethodNotAllowed(),
        };
        let text = if method == Method::OPTIONS { "" } else { "Method Not Allowed\n" };
        let answer =
            answer.content_type("text/plain; charset=utf-8").insert_header((header::ALLOW, allow.as_str())).body(text);
        std::future::ready(answer)
    }))
}
