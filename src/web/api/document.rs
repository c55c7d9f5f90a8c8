//! `/api/v1/openapi.json`: the API as OpenAPI 3.1 describes it. Each operation says what it is where it is handled, each shape
//! where it is written; here they are gathered, in the order in which the page shows them.

use actix_web::HttpResponse;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::server::{ServerBuilder, ServerVariableBuilder};

use super::{
    chaos, checks, deliver, events, findings, health, info, json, message, messages, search, send, sessions, tags,
    thumb, told, view, wait, webui,
};
use crate::web::facts::VERSION;
use crate::web::mount::Mount;

/// Everything under `/api`, and the views beside it.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Restante",
        description = "A mail catcher for development and tests. It accepts every message that an application sends, delivers none, and answers whether one arrived.\n\nThe API is Mailpit's v1 with more fields, and with a wait. Every address is there twice: at the root for all mailboxes, and under `/mailbox/{name}` for one. A message belongs to the mailbox of its SMTP user name, `default` without a login.\n\nInstants are RFC 3339 in UTC, sizes are bytes. Lists are never `null`. GET changes nothing. No key is asked for; a browser's request from another origin is refused (403), and so is a host name that is not this machine's (421).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "Wait", description = "The question of a test, held until it can be answered: did it arrive, and if not, what came close?"),
        (name = "Messages", description = "What is there: lists, searches, marks, deletion."),
        (name = "Message", description = "One message, whole and in pieces. Wherever an id stands, `latest` may stand too."),
        (name = "Sending", description = "Messages that come in by HTTP instead of SMTP. They go nowhere else."),
        (name = "Tags", description = "Words that messages bear."),
        (name = "Events", description = "What happens, as it happens."),
        (name = "Server", description = "This run and its connections."),
        (name = "As with Mailpit", description = "Routes that its clients call, and that say here what was not done."),
    ),
    paths(
        wait::get,
        wait::post,
        messages::list,
        messages::mark,
        messages::delete,
        search::list,
        search::delete,
        message::get,
        message::headers,
        message::raw,
        message::part,
        thumb::get,
        view::html,
        view::text,
        deliver::deliver,
        send::send,
        tags::list,
        tags::set,
        tags::rename,
        tags::delete,
        events::get,
        info::info,
        sessions::list,
        findings::table,
        health::ok,
        get,
        checks::html,
        checks::links,
        checks::release,
        chaos::get,
        chaos::put,
        webui::settings,
    ),
    components(schemas(told::ProblemShape, wait::told::Outcome, wait::told::WaitFailed<'static>))
)]
struct Everything;

/// The document, as it is under a mount.
pub fn document(mount: &Mount) -> utoipa::openapi::OpenApi {
    let mut document = Everything::openapi();
    document.info.version = VERSION.into();
    let url = if mount.mailbox().is_some() { mount.base.trim_end_matches('/') } else { &mount.base };
    let here = ServerBuilder::new().url(url).description(Some("Here"));
    let mailbox = ServerVariableBuilder::new().default_value("default").description(Some("The name, percent-encoded"));
    let other = ServerBuilder::new()
        .url("/mailbox/{mailbox}")
        .parameter("mailbox", mailbox)
        .description(Some("The messages of one mailbox"));
    document.servers = Some(vec![here.build(), other.build()]);
    // What no body means each of these says; the macro knows only bodies that must be there.
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.put, &mut item.post, &mut item.delete].into_iter().flatten() {
            if NEEDS_NO_BODY.contains(&operation.operation_id.as_deref().unwrap_or_default())
                && let Some(RefOr::T(body)) = &mut operation.request_body
            {
                body.required = None;
            }
        }
    }
    document
}

/// Operations that also mean something without a body.
const NEEDS_NO_BODY: [&str; 4] = ["deleteMessages", "markMessages", "setTags", "waitFor"];

/// This document
///
/// OpenAPI 3.1. `/api/` shows it to people.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "Server", operation_id = "getDocument",
    responses((status = 200, description = "The document", body = serde_json::Value)))]
pub async fn get(mount: Mount) -> HttpResponse {
    json(&document(&mount))
}

#[cfg(test)]
mod tests;
