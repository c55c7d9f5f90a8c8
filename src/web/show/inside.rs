//! `/message/{id}/in/{way}`: a message that came within another, with the same page, frame and policy.
//!
//! `{way}` is the ids of parts that lead to it, divided by `~`. It is opened from the bytes each time.

use actix_web::web::{Data, Path, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::list::{Asked as UrlAsked, beside};
use super::reading::read;
use super::wanted::{Asked, Wanted};
use crate::clock;
use crate::mail::nested::Nested;
use crate::mailbox::Stored;
use crate::web::Web;
use crate::web::api::find;
use crate::web::guard::{self, Access};
use crate::web::large;
use crate::web::mail_html::{self, How};
use crate::web::mount::Mount;
use crate::web::page::message::Message as MessageView;
use crate::web::page::view::Inside;
use crate::web::page::weight::{self, LINE_BYTES_MAX};
use crate::web::page::{Pane, words};
use crate::web::reply::{Shown, evidence, part_answer};

/// Where the words stand in an address.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
    way: String,
    #[serde(default)]
    part: String,
}

/// What may follow the address of a piece.
#[derive(Debug, Deserialize)]
pub struct Piece {
    dl: Option<String>,
    view: Option<String>,
}

impl Piece {
    fn download(&self) -> bool {
        self.dl.as_deref().is_some_and(|dl| dl != "0")
    }
}

/// The message around, and the one within; opened off the thread that answers requests.
async fn opened(web: &Web, mount: &Mount, at: &At) -> Option<(Stored, Nested)> {
    let stored = find(web, mount, &at.id, None).await.ok().flatten()?;
    let way = at.way.clone();
    let bytes = stored.message.raw_len();
    let open = move || {
        let nested = Nested::open(&stored.message.raw(), &stored.message.view, &way)?;
        Some((stored, nested))
    };
    large::work(&web.large, bytes, open).await
}

fn nothing() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("This message has no such message in it")
}

/// `GET /message/{id}/in/{way}?q=SEARCH&tab=TAB`
pub async fn page(
    web: Data<Web>,
    mount: Mount,
    at: Path<At>,
    asked: UrlQuery<UrlAsked>,
    wanted: UrlQuery<Wanted>,
    request: HttpRequest,
) -> HttpResponse {
    let Some((stored, nested)) = opened(&web, &mount, &at).await else {
        return beside(&web, &mount, &asked, &request, Pane::Gone).await;
    };
    let (way, wanted) = (at.way.clone(), wanted.asked(parts_path(&mount, &at)));
    let bytes = nested.raw.len();
    let view = move || view(&stored, &nested, way, &wanted);
    let view = large::work(&web.large, bytes, view).await;
    beside(&web, &mount, &asked, &request, Pane::Message(Box::new(view))).await
}

fn view(stored: &Stored, nested: &Nested, way: String, asked: &Asked) -> MessageView {
    let message = &stored.message;
    let up = match way.rsplit_once('~') {
        Some((up, _)) => format!("message/{}/in/{up}", message.id),
        None => format!("message/{}", message.id),
    };
    MessageView {
        id: message.id.to_string(),
        unread: !stored.read,
        received: words::stamp(message.received, clock::now()),
        inside: Some(Inside { way, outer: weight::cut(&message.view.subject, LINE_BYTES_MAX), up }),
        ..read(&nested.raw, &nested.view, &[], asked, nested.view.findings.iter())
    }
}

/// The path below which its parts are.
fn parts_path(mount: &Mount, at: &At) -> String {
    format!("{}message/{}/in/{}/part/", mount.base, at.id, at.way)
}

/// `GET /message/{id}/in/{way}/html[?remote=1]`
pub async fn frame(
    web: Data<Web>,
    mount: Mount,
    at: Path<At>,
    wanted: UrlQuery<Wanted>,
    access: Data<Access>,
    request: HttpRequest,
) -> HttpResponse {
    let Some((_, nested)) = opened(&web, &mount, &at).await else { return nothing() };
    let how = How::frame(wanted.preview());
    let authority = guard::seen_authority(&request, &access);
    let parts = parts_path(&mount, &at);
    let bytes = nested.raw.len();
    let html = move |parts: &str| mail_html::shown(&nested.raw, &nested.view, parts, how);
    mail_html::respond(&web.large, bytes, authority, parts, how, html).await
}

/// `GET /message/{id}/in/{way}/part/{part}[?dl=1][?view=1]`
pub async fn part(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Piece>) -> HttpResponse {
    let Some((_, nested)) = opened(&web, &mount, &at).await else { return nothing() };
    let Some(part) = nested.view.part(&at.part).cloned() else { return nothing() };
    let how = Shown::asked(asked.dl.as_deref(), asked.view.as_deref());
    part_answer(&web.large, part, nested.raw.into(), how).await
}

/// `GET /message/{id}/in/{way}/raw[?dl=1]`: its bytes, decoded.
pub async fn raw(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Piece>) -> HttpResponse {
    let Some((_, nested)) = opened(&web, &mount, &at).await else { return nothing() };
    let name = if asked.download() { format!("{}-{}.eml", at.id, at.way) } else { String::new() };
    evidence("text/plain; charset=utf-8", &name, asked.download(), nested.raw.into())
}
