//! What Mailpit does with a message beyond showing it: `html-check`, `link-check`, `release`. Each says honestly what
//! was not done. `sa-check` is not there, as with a Mailpit without SpamAssassin.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query as UrlQuery};
use serde::Serialize;
use utoipa::ToSchema;

use super::message::{Asked, At, Id, Latest, one};
use super::told::{Misread, NoMessage};
use super::{json, refuse};
use crate::mail::View;
use crate::mail::extract::links as links_of;
use crate::mail::html::prepare;
use crate::web::Web;
use crate::web::large;
use crate::web::mount::Mount;

/// Check its HTML: not there yet
///
/// Mailpit's route; it says that nothing was checked.
#[utoipa::path(get, path = "/api/v1/message/{id}/html-check", tag = "As with Mailpit", operation_id = "checkHtml", params(Id, Latest),
    responses((status = 400, description = "It has no HTML, or the search cannot be read", body = String, content_type = "text/plain"), NoMessage,
        (status = 501, description = "There is no check yet", body = String, content_type = "text/plain")))]
pub async fn html(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) if stored.message.view.html_part().is_none() => {
            refuse(StatusCode::BAD_REQUEST, "message does not contain HTML")
        }
        Ok(_) => refuse(StatusCode::NOT_IMPLEMENTED, "The HTML of this message was not checked: there is no check yet"),
        Err(refusal) => refusal,
    }
}

/// Links, none of which was asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct LinkCheck {
    /// As many as there are links: what nobody looked at is not well.
    errors: usize,
    /// A thousand at most.
    links: Vec<Link>,
}

/// A link.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckedLink)]
#[serde(rename_all = "PascalCase")]
struct Link {
    /// Where it leads.
    #[serde(rename = "URL")]
    url: String,
    /// 0.
    status_code: u16,
    /// That it was not checked.
    status: &'static str,
}

/// What stands beside each link.
const NOT_CHECKED: &str = "not checked: nothing leaves this machine";

/// Its links, unchecked
///
/// None of them is asked for, as nothing leaves this machine. Each has the code 0 and is counted as an error, as Mailpit does
/// with what it could not reach: no test passes because nobody looked.
#[utoipa::path(get, path = "/api/v1/message/{id}/link-check", tag = "As with Mailpit", operation_id = "checkLinks", params(Id, Latest),
    responses((status = 200, description = "The links", body = LinkCheck), Misread, NoMessage))]
pub async fn links(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let stored = match one(&web, &mount, &at, &asked).await {
        Ok(stored) => stored,
        Err(refusal) => return refusal,
    };
    let bytes = stored.message.raw_len();
    let found = large::work(&web.large, bytes, move || addresses(&stored.message.view, &stored.message.raw())).await;
    let links: Vec<_> = found.into_iter().map(|url| Link { url, status_code: 0, status: NOT_CHECKED }).collect();
    json(&LinkCheck { errors: links.len(), links })
}

/// What the message leads to, and what its HTML would fetch, each once.
fn addresses(view: &View, raw: &[u8]) -> Vec<String> {
    let is_web = |url: &String| {
        let scheme = url.split(':').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    };
    let html = view.html(raw).unwrap_or_default();
    let fetched = prepare(&html, |_| None, false).remote.into_iter().map(|remote| remote.url);
    let mut seen = HashSet::new();
    let all = links_of(view, raw).into_iter().map(|link| link.url).chain(fetched);
    all.filter(is_web).filter(|url| seen.insert(url.clone())).take(LINKS_MAX).collect()
}

/// Links of one message that are told.
const LINKS_MAX: usize = 1_000;

/// Release a message: refused
///
/// Nothing is ever sent from here.
#[utoipa::path(post, path = "/api/v1/message/{id}/release", tag = "As with Mailpit", operation_id = "releaseMessage", params(Id, Latest),
    responses((status = 400, description = "That nothing was sent", body = String, content_type = "text/plain"), NoMessage))]
pub async fn release(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(_) => {
            refuse(StatusCode::BAD_REQUEST, "Relay is not configured: nothing was sent, nothing leaves this machine")
        }
        Err(refusal) => refusal,
    }
}
