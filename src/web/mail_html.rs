//! Mail's own HTML: the one function through which it reaches a browser, whoever asks for it.
//!
//! The real wall is the policy: a sandbox without scripts and without our origin. What is rewritten before
//! (`mail::html`) makes images appear and links open elsewhere; it is not what keeps us safe.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::Web;
use super::api::{find, no_message};
use super::guard::{self, Access};
use super::large::work;
use super::mount::Mount;
use crate::mail::{View, html};
use crate::mailbox::Message;
use crate::mailbox::large::Large;

/// What may follow the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    remote: Option<String>,
}

/// `GET /message/{id}/html[?remote=1]`: for the frame of the message page.
pub async fn frame(
    web: Data<Web>,
    mount: Mount,
    id: Path<At>,
    asked: UrlQuery<Asked>,
    access: Data<Access>,
    request: HttpRequest,
) -> HttpResponse {
    let Ok(Some(stored)) = find(&web, &mount, &id.id, None).await else { return no_message() };
    let remote = asked.remote.as_deref() == Some("1");
    respond_for(&web, &mount, stored.message, remote, guard::seen_authority(&request, &access)).await
}

/// The HTML of a message, for the frame of its page and for whoever opens it by another dialect's address.
pub(super) async fn respond_for(
    web: &Web,
    mount: &Mount,
    message: Arc<Message>,
    remote: bool,
    authority: String,
) -> HttpResponse {
    let parts = parts_path(mount, &message);
    let bytes = message.raw_len();
    let html = move |parts: &str| shown(&message.raw(), &message.view, parts, remote);
    respond(&web.large, bytes, authority, parts, remote, html).await
}

/// Where `{id}` stands in an address.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
}

/// The path below which the parts of a message are.
pub fn parts_path(mount: &Mount, message: &Message) -> String {
    format!("{}api/v1/message/{}/part/", mount.base, message.id)
}

/// The HTML that `shown` makes of a message of `bytes`, with the one policy. `parts` is the only path whose images it may
/// show.
pub(super) async fn respond(
    large: &Large,
    bytes: usize,
    authority: String,
    parts: String,
    remote: bool,
    shown: impl FnOnce(&str) -> Option<String> + Send + 'static,
) -> HttpResponse {
    // We answer for this authority, so it is a host name or an address with a port, and cannot end the source.
    let images = format!("{authority}{parts}");
    let Some(html) = work(large, bytes, move || shown(&parts)).await else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("This message does not contain a HTML part");
    };
    let elsewhere = if remote { " http: https:" } else { "" };
    let policy = format!(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src {images} data:{elsewhere}; \
         style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(html)
}

/// The HTML of a message, rewritten for its frame.
pub(super) fn shown(raw: &[u8], view: &View, parts: &str, remote: bool) -> Option<String> {
    #[cfg(test)]
    crate::mail::trap::spring("showing", raw);
    let html = view.html(raw)?;
    Some(html::prepare(&html, part_by_cid(view, parts), remote).html)
}

/// Answers the address of the part with a Content-ID (RFC 2392).
pub fn part_by_cid(view: &View, parts: &str) -> impl Fn(&str) -> Option<String> {
    let references = view.references();
    move |cid| references.find(cid).map(|part| format!("{parts}{}", part.id))
}
