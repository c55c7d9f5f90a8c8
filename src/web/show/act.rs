//! What the forms of the pages do: delete, mark, send a test message. Each is a POST, answered by a way back.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::see_other;
use crate::clock;
use crate::listen::smtp;
use crate::mailbox::{MessageId, Query, Scope};
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

/// `POST /test-message`: a message comes in through the session core, over a stream in memory. No door is needed, and
/// no connection leaves.
pub async fn test_message(web: Data<Web>, mount: Mount) -> HttpResponse {
    let (mut client, server) = duplex(STREAM_BYTES);
    let session = tokio::spawn(smtp::serve_in_memory(web.page_gate.clone(), server));
    let dialogue = test_dialogue(&mount.scope);
    let talk = async {
        client.write_all(dialogue.as_bytes()).await?;
        let mut replies = String::new();
        client.read_to_string(&mut replies).await.map(|_| replies)
    };
    let replies = talk.await.unwrap_or_default();
    let _ = session.await;
    if replies.contains("queued as") {
        see_other(mount.base)
    } else {
        HttpResponse::InternalServerError().body(format!("The test message was not kept:\n{replies}"))
    }
}

const STREAM_BYTES: usize = 64 << 10;

/// Pipelined, as RFC 2920 allows; in a mailbox's mount its owner logs in.
fn test_dialogue(scope: &Scope) -> String {
    let login = match scope {
        Scope::Mailbox(name) if !name.is_default() => {
            use base64::Engine as _;
            let secret = base64::engine::general_purpose::STANDARD.encode(format!("\0{name}\0test"));
            format!("AUTH PLAIN {secret}\r\n")
        }
        _ => String::new(),
    };
    let date = clock::now().strftime("%a, %d %b %Y %H:%M:%S +0000");
    let id = MessageId::from_bits(clock::unique());
    let body = TEST_MESSAGE.replace("{date}", &date.to_string()).replace("{id}", &id.to_string()).replace('\n', "\r\n");
    format!(
        "EHLO restante.test\r\n{login}MAIL FROM:<postmaster@restante.test> BODY=8BITMIME\r\nRCPT TO:<you@restante.test>\r\nDATA\r\n{body}\r\n.\r\nQUIT\r\n"
    )
}

const TEST_MESSAGE: &str = include_str!("test_message.eml");
