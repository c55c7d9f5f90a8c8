//! What the forms of the pages do: delete and mark. Each is a POST, answered by a way back.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};

use super::see_other;
use crate::mailbox::{MessageId, Query};
use crate::web::Web;
use crate::web::api::messages::found;
use crate::web::mount::Mount;
use crate::web::page::words;

/// The fields of a form; a name may be repeated.
type Fields = Form<Vec<(String, String)>>;

fn value<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The messages that a form means: those it names, or, with `all`, what its search finds.
async fn chosen(web: &Web, mount: &Mount, fields: &Fields) -> Vec<MessageId> {
    if value(fields, "all").is_none() {
        return fields.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    }
    match value(fields, "q").unwrap_or_default().parse::<Query>() {
        Ok(query) => found(web, mount, query).await,
        // A search that cannot be read means nothing, and certainly not everything.
        Err(_) => Vec::new(),
    }
}

fn back_to_list(mount: &Mount, fields: &Fields) -> HttpResponse {
    let search = value(fields, "q").map_or_else(String::new, |query| format!("?q={}", words::percent(query)));
    see_other(format!("{}{search}", mount.base))
}

/// `POST /delete`
pub async fn delete(web: Data<Web>, mount: Mount, fields: Fields) -> HttpResponse {
    let ids = chosen(&web, &mount, &fields).await;
    match web.inbox.remove(&mount.scope, ids).await {
        Ok(_) => back_to_list(&mount, &fields),
        Err(sentence) => HttpResponse::InternalServerError().body(sentence),
    }
}

/// `POST /mark`
pub async fn mark(web: Data<Web>, mount: Mount, fields: Fields) -> HttpResponse {
    let ids = chosen(&web, &mount, &fields).await;
    let read = value(&fields, "read") != Some("0");
    match web.inbox.mark(&mount.scope, ids, read).await {
        Ok(_) => match value(&fields, "open").and_then(|id| id.parse::<MessageId>().ok()) {
            Some(open) => {
                let search =
                    value(&fields, "q").map_or_else(String::new, |query| format!("?q={}", words::percent(query)));
                see_other(format!("{}message/{open}{search}", mount.base))
            }
            None => back_to_list(&mount, &fields),
        },
        Err(sentence) => HttpResponse::InternalServerError().body(sentence),
    }
}
