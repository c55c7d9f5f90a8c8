//! `POST /api/v1/send`: a message composed from JSON and kept as one that came by SMTP. It goes to nobody else.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use tracing::info;
use utoipa::ToSchema;

use super::asked::Letter;
use super::body::{Untaken, held};
use super::compose::{self, Composed};
use super::json;
use crate::clock;
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::{Addressed, Client, Door, Envelope, Login, Params, Path};
use crate::mail::incoming::Incoming;
use crate::mailbox::inbox::{Reservation, Verdict};
use crate::mailbox::{MessageId, Scope};
use crate::web::Web;
use crate::web::large;
use crate::web::mount::Mount;

/// The message that came of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Taken)]
pub(super) struct Sent {
    /// Its id.
    #[serde(rename = "ID")]
    pub(super) id: String,
}

/// What `/api/v1/send` answers when it refuses, in Mailpit's form.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    /// What is wrong.
    error: String,
}

fn refuse(code: StatusCode, error: impl Into<String>) -> HttpResponse {
    let body = serde_json::to_string(&Refusal { error: error.into() }).unwrap_or_default() + "\n";
    HttpResponse::build(code).content_type("application/json").body(body)
}

/// Beside the message: names of members, addresses.
const BODY_SLACK_BYTES: usize = 64 << 10;

/// Compose a message and keep it
///
/// As one that came by SMTP: it goes to nobody else. Under `/mailbox/{name}` it is kept in that mailbox; at the root in that
/// of the user of the Basic login, if there is one; any password will do.
#[utoipa::path(post, path = "/api/v1/send", tag = "Sending", operation_id = "sendMessage",
    request_body(content = Letter, content_type = "application/json"),
    responses((status = 200, description = "It is kept", body = Sent),
        (status = 400, description = "It cannot be made", body = Refusal),
        (status = 413, description = "It is larger than a message may be", body = Refusal),
        (status = 507, description = "The memory budget has no room for it", body = Refusal)))]
pub async fn send(web: Data<Web>, mount: Mount, request: HttpRequest, body: Payload) -> HttpResponse {
    let message_bytes_max = web.facts.message_bytes_max;
    let bytes_max = message_bytes_max.saturating_add(message_bytes_max / 3).saturating_add(BODY_SLACK_BYTES);
    let (bytes, mut held) = match held(&web, body, bytes_max).await {
        Ok(held) => held,
        Err(Untaken::Broken(why)) => return refuse(StatusCode::BAD_REQUEST, why),
        Err(Untaken::TooLarge) => return too_large(message_bytes_max),
        Err(Untaken::NoRoom) => return no_room(),
    };
    let size = bytes.len();
    let (now, id) = (clock::now(), MessageId::from_bits(clock::unique()).to_string());
    let compose = move || {
        let letter = compose::Letter::read(&bytes)?;
        drop(bytes);
        letter.compose(now, &id)
    };
    // In turns: what a large body becomes is a few times its size.
    let composed = match large::work(&web.large, size, compose).await {
        Ok(composed) => composed,
        Err(sentence) => return refuse(StatusCode::BAD_REQUEST, sentence),
    };
    let recipients_max = web.facts.recipients_max;
    if composed.to.len() > recipients_max {
        let sentence = format!("too many recipients: {}, at most {recipients_max}", composed.to.len());
        return refuse(StatusCode::BAD_REQUEST, sentence);
    }
    if composed.raw.len() > message_bytes_max {
        return too_large(message_bytes_max);
    }
    if held.cover(composed.raw.len()).await.is_err() {
        return no_room();
    }
    keep(&web, incoming(composed, client(&mount, &request)), held).await
}

fn too_large(bytes_max: usize) -> HttpResponse {
    let sentence = format!("message is too large: at most {bytes_max} bytes, as --max-message-size says");
    refuse(StatusCode::PAYLOAD_TOO_LARGE, sentence)
}

fn no_room() -> HttpResponse {
    refuse(StatusCode::INSUFFICIENT_STORAGE, "the message does not fit into the memory budget; raise --max-memory")
}

/// Who asked: under a mailbox its owner, else the user of the Basic login, if there is one.
fn client(mount: &Mount, request: &HttpRequest) -> Client {
    let mut client = Client::at(Door::Http);
    client.peer = request.peer_addr();
    let user = match &mount.scope {
        Scope::Mailbox(name) if name.is_default() => None,
        Scope::Mailbox(name) => Some(name.to_string()),
        Scope::All => basic_user(request),
    };
    client.login = user.map(|user| Login { mechanism: "HTTP".into(), user: user.into() }.into());
    client
}

/// RFC 7617: the user before the first colon. Any password will do, as at the SMTP doors.
fn basic_user(request: &HttpRequest) -> Option<String> {
    let credentials = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = credentials.split_once(' ')?;
    let secret = scheme.eq_ignore_ascii_case("Basic").then(|| STANDARD.decode(secret.trim()).ok())??;
    let user = secret.split(|&byte| byte == b':').next().unwrap_or_default();
    Some(String::from_utf8_lossy(user).into_owned()).filter(|user| !user.is_empty())
}

fn incoming(composed: Composed, client: Client) -> Incoming {
    let Composed { raw, from, to } = composed;
    let addressed =
        |address: &String| Addressed { path: Path::verbatim(address.as_bytes()), params: Params::default() };
    let mut dialogue = Dialogue::new(DIALOGUE_BYTES_MAX);
    dialogue.remark(&format!("composed from the JSON of POST /api/v1/send, {} bytes", raw.len()));
    dialogue.remark("no SMTP was spoken: sender and recipients are those of the JSON");
    let envelope =
        Envelope { from: addressed(&from), to: to.iter().map(addressed).collect(), client: Arc::new(client) };
    Incoming { raw, envelope, dialogue, findings: Vec::new() }
}

const DIALOGUE_BYTES_MAX: usize = 1 << 10;

async fn keep(web: &Web, incoming: Incoming, held: Reservation) -> HttpResponse {
    let (from, recipients) = (incoming.envelope.from.path.to_string(), incoming.envelope.to.len());
    let bytes = incoming.raw.len();
    match web.inbox.accept(incoming, held).await {
        Verdict::Kept(id) => {
            info!(%id, door = Door::Http.name(), from, recipients, bytes, "kept");
            json(&Sent { id: id.to_string() })
        }
        Verdict::Full => no_room(),
        Verdict::Failed(sentence) => refuse(StatusCode::INTERNAL_SERVER_ERROR, sentence),
    }
}
