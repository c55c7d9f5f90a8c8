//! `/api/v1/tags`: the tags of a mount; giving messages theirs, renaming one, taking one off everywhere.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use serde::Deserialize;
use serde_json::Value;

use super::body::{members, texts};
use super::{done, json, refuse};
use crate::mailbox::{MessageId, Tags, tag};
use crate::web::Web;
use crate::web::mount::Mount;

/// Where `{tag}` stands in an address: after the mailbox, if there is one.
#[derive(Debug, Deserialize)]
pub struct At {
    tag: String,
}

/// `GET /api/v1/tags`
pub async fn list(web: Data<Web>, mount: Mount) -> HttpResponse {
    let tags = web.inbox.store().tags(&mount.scope);
    json(&tags.iter().map(|(name, _)| &**name).collect::<Vec<_>>())
}

/// `PUT /api/v1/tags` with `{"Tags":[…],"IDs":[…]}`: these tags instead of theirs. Without ids it is about no message,
/// never about all; what cannot be a tag is left out.
pub async fn set(web: Data<Web>, mount: Mount, body: Bytes) -> HttpResponse {
    let read = || {
        let members = members(&body)?;
        let tags = Tags::new(texts(&members, "Tags")?);
        let ids: Vec<MessageId> = texts(&members, "IDs")?.iter().filter_map(|id| id.parse().ok()).collect();
        Ok::<_, String>((ids, tags))
    };
    match read() {
        Ok((ids, tags)) => done(web.inbox.tag(&mount.scope, ids, &tags).await),
        Err(sentence) => refuse(StatusCode::BAD_REQUEST, sentence),
    }
}

/// `PUT /api/v1/tags/{tag}` with `{"Name":"…"}`
pub async fn rename(web: Data<Web>, mount: Mount, at: Path<At>, body: Bytes) -> HttpResponse {
    let wanted = match members(&body) {
        Ok(members) => match members.get("name") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(_) => return refuse(StatusCode::BAD_REQUEST, "\"Name\" is not a text; nothing was changed"),
        },
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let Some(name) = tag::name(&wanted) else {
        return refuse(StatusCode::BAD_REQUEST, format!("invalid tag name: {wanted}"));
    };
    if !is_there(&web, &mount, &at.tag) {
        return not_there(&at.tag);
    }
    // The same word in another case is a new way to write it, not another tag.
    if !tag::same(&at.tag, name) && is_there(&web, &mount, name) {
        return refuse(StatusCode::BAD_REQUEST, format!("tag already exists: {name}"));
    }
    done(web.inbox.rename_tag(&mount.scope, &at.tag, Some(name)).await)
}

/// `DELETE /api/v1/tags/{tag}`: off every message of the mount; the messages stay.
pub async fn delete(web: Data<Web>, mount: Mount, at: Path<At>) -> HttpResponse {
    if !is_there(&web, &mount, &at.tag) {
        return not_there(&at.tag);
    }
    done(web.inbox.rename_tag(&mount.scope, &at.tag, None).await)
}

fn is_there(web: &Web, mount: &Mount, name: &str) -> bool {
    web.inbox.store().tags(&mount.scope).iter().any(|(tag, _)| tag::same(tag, name))
}

fn not_there(name: &str) -> HttpResponse {
    refuse(StatusCode::BAD_REQUEST, format!("tag not found: {name}"))
}
