//! `/api/v1/message/{id}`: one message, whole and in pieces. `{id}` may be `latest`, with `?query=` the latest of those.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query as UrlQuery};
use serde::Deserialize;

use super::shape::{Whole, header_object};
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
}

impl Asked {
    fn download(&self) -> bool {
        self.dl.as_deref().is_some_and(|dl| dl != "0")
    }
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

/// `GET /api/v1/message/{id}`: reading marks nothing.
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

/// `GET /api/v1/message/{id}/headers`
pub async fn headers(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    one(&web, &mount, &at, &asked).await.map_or_else(|refusal| refusal, |stored| json(&header_object(&stored)))
}

/// `GET /api/v1/message/{id}/raw[?dl=1]`: the bytes as they were sent.
pub async fn raw(web: Data<Web>, mount: Mount, at: Path<At>, asked: UrlQuery<Asked>) -> HttpResponse {
    match one(&web, &mount, &at, &asked).await {
        Ok(stored) => {
            let name = if asked.download() { format!("{}.eml", stored.message.id) } else { String::new() };
            evidence("text/plain; charset=utf-8", &name, asked.download(), stored.message.raw())
        }
        Err(refusal) => refusal,
    }
}

/// `GET /api/v1/message/{id}/part/{part}[?dl=1][?view=1]`: a part, decoded.
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
