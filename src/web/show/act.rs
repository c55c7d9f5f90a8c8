//! What the forms of the pages do: delete, mark, send a test message. Each is a POST, answered by a way back.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};

use super::see_other;
use crate::clock;
use crate::mail::envelope::{Addressed, Params, Path};
use crate::mailbox::{MailboxName, MessageId, Query};
use crate::web::Web;
use crate::web::api::messages::found;
use crate::web::letterbox::Letter;
use crate::web::mount::Mount;
use crate::web::page::words;

/// The fields of a form; a name may be repeated.
type Fields = Form<Vec<(String, String)>>;

pub(super) fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The messages that a form means: those it names, or, with `all`, what its search finds.
pub(super) async fn chosen(web: &Web, mount: &Mount, fields: &[(String, String)]) -> Vec<MessageId> {
    if value(fields, "all").is_none() {
        return fields.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| id.parse().ok()).collect();
    }
    match value(fields, "q").unwrap_or_default().parse::<Query>() {
        Ok(query) => found(web, mount, query).await,
        // A search that cannot be read means nothing, and certainly not everything.
        Err(_) => Vec::new(),
    }
}

fn back_to_list(mount: &Mount, fields: &[(String, String)]) -> HttpResponse {
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

/// `POST /test-message`: a message for this mailbox.
pub async fn test_message(web: Data<Web>, mount: Mount) -> HttpResponse {
    let date = clock::now().strftime("%a, %d %b %Y %H:%M:%S +0000");
    let id = MessageId::from_bits(clock::unique());
    let raw = TEST_MESSAGE.replace("{date}", &date.to_string()).replace("{id}", &id.to_string()).replace('\n', "\r\n");
    let path = |path: &str| Addressed { path: Path::verbatim(path.as_bytes()), params: Params::default() };
    let letter = Letter {
        user: mount.mailbox().filter(|name| !name.is_default()).map(MailboxName::as_str),
        from: &path("postmaster@restante.test"),
        to: &[path("you@restante.test")],
        raw: raw.as_bytes(),
    };
    match letter.hand_in(web.page_gate.clone()).await {
        Ok(_) => see_other(mount.base),
        Err(reply) => HttpResponse::InternalServerError().body(format!("The test message was not kept: {reply}\n")),
    }
}

const TEST_MESSAGE: &str = include_str!("test_message.eml");
