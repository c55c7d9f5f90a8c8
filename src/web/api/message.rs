//! `/api/v1/message/{id}`: one message, whole and in pieces. `{id}` may be `latest`, with `?query=` the latest of those.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query as UrlQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::shape::{Whole, header_object};
use super::told::{Misread, NoMessage, Octets};
use super::{LATEST, answer, find, json, line, no_message, refuse};
use crate::mailbox::Stored;
use crate::web::Web;
use crate::web::large;
use crate::web::mount::Mount;
use crate::web::reply::{Shown, evidence, part_answer};

/// What may follow the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    query: Option<String>,
    dl: Option<String>,
    view: Option<String>,
    decoded: Option<String>,
}

impl Asked {
    fn download(&self) -> bool {
        self.dl.as_deref().is_some_and(|dl| dl != "0")
    }
}

/// Which message, as the document says it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
pub(super) struct Id {
    /// An id, or `latest`.
    #[param(example = "latest")]
    id: String,
}

/// Which of its parts.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
pub(super) struct PartId {
    /// A `PartID` of the message.
    #[param(example = "1")]
    part: String,
}

/// Which `latest`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
pub(super) struct Latest {
    /// Of `latest`: the latest that this search finds.
    query: Option<String>,
}

/// How fields are told.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
struct Decoded {
    /// `1`: with encoded words decoded (RFC 2047).
    decoded: Option<String>,
}

/// How bytes are handed over.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
struct Saved {
    /// `1`: as a file to be saved.
    dl: Option<String>,
}

/// Where `{id}` and `{part}` stand in an address: after the mailbox, if there is one.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
    #[serde(default)]
    part: String,
}

impl At {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn is_latest(&self) -> bool {
        self.id == LATEST
    }

    pub(super) fn part(&self) -> &str {
        &self.part
    }
}

pub(super) async fn one(web: &Web, mount: &Mount, at: &At, asked: &Asked) -> Result<Stored, HttpResponse> {
    match find(web, mount, &at.id, asked.query.as_deref()).await {
        Ok(Some(stored)) => Ok(stored),
        Ok(None) => Err(no_message()),
        Err(error) => Err(refuse(StatusCode::BAD_REQUEST, error.to_string())),
    }
}

/// A message, whole
///
/// Texts decoded, parts listed with their digests, codes and links. Reading marks nothing as read.
#[utoipa::path(get, path = "/api/v1/message/{id}", tag = "Message", operation_id = "getMessage", params(Id, Latest),
    responses((status = 200, description = "All of it", body = Whole), Misread, NoMessage))]
pub async fn get(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => whole(&web, stored).await,
        Err(refusal) => refusal,
    }
}

/// All of a message; its parts are decoded and written down off the thread that answers requests.
pub(super) async fn whole(web: &Web, stored: Stored) -> HttpResponse {
    answer(large::work(&web.large, stored.message.raw_len(), move || line(&Whole::of(&stored))).await)
}

/// Its header
///
/// Every field by its name, written like `Message-Id`: values unfolded, in their order, as sent.
#[utoipa::path(get, path = "/api/v1/message/{id}/headers", tag = "Message", operation_id = "getHeaders", params(Id, Latest, Decoded),
    responses((status = 200, description = "The fields", body = std::collections::BTreeMap<String, Vec<String>>), Misread, NoMessage))]
pub async fn headers(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let decoded = asked.decoded.as_deref() == Some("1");
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => json(&header_object(&stored, decoded)),
        Err(refusal) => refusal,
    }
}

/// Its source
///
/// Byte for byte what was sent, after the dots of SMTP were undone; nothing is added.
#[utoipa::path(get, path = "/api/v1/message/{id}/raw", tag = "Message", operation_id = "getSource", params(Id, Latest, Saved),
    responses((status = 200, description = "The bytes", body = String, content_type = "text/plain"), Misread, NoMessage))]
pub async fn raw(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => {
            let name = if asked.download() { format!("{}.eml", stored.message.id) } else { String::new() };
            evidence("text/plain; charset=utf-8", &name, asked.download(), stored.message.raw())
        }
        Err(refusal) => refusal,
    }
}

/// One of its parts
///
/// Its bytes, transfer encoding undone, under its own media type. What a browser could run is offered to be saved.
#[utoipa::path(get, path = "/api/v1/message/{id}/part/{part}", tag = "Message", operation_id = "getPart",
    params(Id, PartId, Latest, Saved),
    responses((status = 200, description = "The bytes", body = Octets, content_type = "*/*"), Misread, NoMessage))]
pub async fn part(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    let stored = match one(&web, &mount, &at, &asked).await {
        Ok(stored) => stored,
        Err(refusal) => return refusal,
    };
    let Some(part) = stored.message.view.part(&at.part).cloned() else {
        return refuse(StatusCode::NOT_FOUND, "The message has no such part");
    };
    let how = Shown::asked(asked.dl.as_deref(), asked.view.as_deref());
    part_answer(&web.large, part, stored.message.raw(), how).await
}
