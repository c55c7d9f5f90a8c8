//! `/api/v1/tags`: the tags of a mount; giving messages theirs, renaming one, taking one off everywhere.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::asked::{NewName, Tagging};
use super::body::{members, texts};
use super::told::{Done, Misread};
use super::{done, json, refuse};
use crate::mailbox::{MessageId, Tags, tag};
use crate::web::Web;
use crate::web::mount::Mount;

/// Where `{tag}` stands in an address: after the mailbox, if there is one.
#[derive(Debug, Deserialize)]
pub struct At {
    tag: String,
}

/// Which tag, as the document says it.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
struct Name {
    /// In any case.
    #[param(example = "signup")]
    tag: String,
}

/// All tags of the messages
#[utoipa::path(get, path = "/api/v1/tags", tag = "Tags", operation_id = "listTags",
    responses((status = 200, description = "In the order of the alphabet", body = Vec<String>)))]
pub async fn list(web: Data<Web>, mount: Mount) -> HttpResponse {
    let tags = web.inbox.store().tags(&mount.scope);
    json(&tags.iter().map(|(name, _)| &**name).collect::<Vec<_>>())
}

/// Give messages their tags
///
/// These instead of theirs. Without `IDs` it is about no message, never about all; what cannot be a tag is left out, and ids that are not there are passed over.
#[utoipa::path(put, path = "/api/v1/tags", tag = "Tags", operation_id = "setTags",
    request_body(content = Tagging, content_type = "application/json"), responses(Done, Misread))]
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

/// Rename a tag
#[utoipa::path(put, path = "/api/v1/tags/{tag}", tag = "Tags", operation_id = "renameTag", params(Name),
    request_body(content = NewName, content_type = "application/json"), responses(Done, Misread))]
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

/// Take a tag off every message
///
/// The messages stay.
#[utoipa::path(
    delete,
    path = "/api/v1/tags/{tag}",
    tag = "Tags",
    operation_id = "deleteTag",
    params(Name),
    responses(Done, Misread)
)]
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
