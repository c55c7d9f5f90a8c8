//! `/view/…` and `/search`: the addresses by which Mailpit shows a message, for tests that open them.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::message::{Asked, At, Id, Latest, one};
use super::told::{Misread, NoMessage};
use crate::web::Web;
use crate::web::guard::{Access, seen_authority};
use crate::web::large;
use crate::web::mail_html;
use crate::web::mount::Mount;
use crate::web::page::words::percent;
use crate::web::reply::evidence;

/// What may follow the address of the HTML.
#[derive(Debug, Deserialize)]
pub struct Remote {
    remote: Option<String>,
}

/// Its HTML, safe to look at
///
/// As in the frame of the page: in a sandbox, without scripts, nothing remote unless `remote=1`.
#[utoipa::path(get, path = "/view/{id}.html", tag = "Message", operation_id = "viewHtml",
    params(Id, Latest, ("remote" = Option<String>, Query, description = "`1`: the browser may fetch remote pictures, for this once")),
    responses((status = 200, description = "The HTML", body = String, content_type = "text/html"), Misread,
        (status = 404, description = "It is not there, or has no HTML", body = String, content_type = "text/plain")))]
pub async fn html(
    web: Data<Web>,
    mount: Mount,
    at: Path<At>,
    asked: UrlQuery<Asked>,
    remote: UrlQuery<Remote>,
    access: Data<Access>,
    request: HttpRequest,
) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => {
            let remote = remote.remote.as_deref() == Some("1");
            let how = mail_html::How::bare(remote);
            mail_html::respond_for(&web, &mount, stored.message, how, seen_authority(&request, &access)).await
        }
        Err(refusal) => refusal,
    }
}

/// Its text
#[utoipa::path(get, path = "/view/{id}.txt", tag = "Message", operation_id = "viewText", params(Id, Latest),
    responses((status = 200, description = "The text", body = String, content_type = "text/plain"), Misread, NoMessage))]
pub async fn text(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let stored = match one(&web, &mount, &at, &asked).await {
        Ok(stored) => stored,
        Err(refusal) => return refusal,
    };
    let bytes = stored.message.raw_len();
    let text = large::work(&web.large, bytes, move || stored.message.view.text(&stored.message.raw())).await;
    evidence("text/plain; charset=utf-8", "", false, text.into())
}

/// `GET /view/{id}`: the page of the message. `GET /view/latest[?query=…]`: the address of the latest, or the list when
/// there is none.
pub async fn page(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    if !at.is_latest() {
        return found_at(format!("{}message/{}", mount.base, percent(at.id())));
    }
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => found_at(format!("{}view/{}", mount.base, stored.message.id)),
        Err(refusal) if refusal.status() == StatusCode::NOT_FOUND => found_at(mount.base),
        Err(refusal) => refusal,
    }
}

/// What is searched for.
#[derive(Debug, Deserialize)]
pub struct Search {
    q: Option<String>,
}

/// `GET /search?q=…`: the list.
pub async fn search(mount: Mount, search: UrlQuery<Search>) -> HttpResponse {
    found_at(format!("{}?q={}", mount.base, percent(search.q.as_deref().unwrap_or_default())))
}

fn found_at(address: String) -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, address)).finish()
}
