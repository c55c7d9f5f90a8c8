//! `POST /api/v1/messages`: a message comes in as its source, byte for byte. Ours; Mailpit builds one from its pieces at
//! `/api/v1/send`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload, Query as UrlQuery};
use utoipa::IntoParams;

use super::body::{Untaken, held};
use super::json;
use super::send::Sent;
use super::told::{ProblemOf400, ProblemShape};
use crate::mail::envelope::{Addressed, Params, Path};
use crate::mail::from_fields::Read;
use crate::web::Web;
use crate::web::letterbox::Letter;
use crate::web::mount::Mount;
use crate::web::problem::Problem;

/// The envelope of a source, as the document says it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "its fields are read by the document alone")]
struct Wrapped {
    /// The sender; else that of the fields.
    from: Option<String>,
    /// Each recipient; else those of the fields.
    to: Option<Vec<String>>,
}

/// Hand in a message as its source
///
/// The body is kept byte for byte, as if it had come by SMTP. Below a mailbox it is that one's, else that of `default`.
#[utoipa::path(post, path = "/api/v1/messages", tag = "Sending", operation_id = "deliverMessage", params(Wrapped),
    request_body(content = String, content_type = "message/rfc822", description = "The source, RFC 5322",
        example = "From: shop@app.test\r\nTo: ann@app.test\r\nSubject: Welcome\r\n\r\nGood day.\r\n"),
    responses((status = 200, description = "It is kept", body = Sent), ProblemOf400,
        (status = 413, description = "It is larger than a message may be", body = ProblemShape, content_type = "application/problem+json"),
        (status = 507, description = "The memory budget has no room for it", body = ProblemShape, content_type = "application/problem+json")))]
pub async fn deliver(
    web: Data<Web>,
    mount: Mount,
    envelope: UrlQuery<Vec<(String, String)>>,
    body: Payload,
) -> HttpResponse {
    let most = web.facts.message_bytes_max;
    let (body, held) = match held(&web, body, most).await {
        Ok(held) => held,
        Err(Untaken::Broken(why)) => return refused(StatusCode::BAD_REQUEST, format!("The body broke off: {why}.")),
        Err(Untaken::TooLarge) => {
            let sentence = format!("{most} bytes is the message limit (--max-message-size).");
            return refused(StatusCode::PAYLOAD_TOO_LARGE, sentence);
        }
        Err(Untaken::NoRoom) => {
            return refused(StatusCode::INSUFFICIENT_STORAGE, "There is no memory left for this message.".into());
        }
    };
    let read = Read::of(&body, None);
    let said = |name: &str| -> Vec<Addressed> {
        let values = envelope.iter().filter(|(other, _)| other == name);
        values
            .map(|(_, value)| Addressed { path: Path::verbatim(value.as_bytes()), params: Params::default() })
            .collect()
    };
    if let Some((name, _)) = envelope.iter().find(|(name, _)| !["from", "to"].contains(&name.as_str())) {
        return refused(StatusCode::BAD_REQUEST, format!("{name:?} is not known here; there are from and to."));
    }
    let from = said("from").into_iter().next().unwrap_or(read.from);
    let to = Some(said("to")).filter(|to| !to.is_empty()).unwrap_or(read.to);
    if to.is_empty() || to.iter().any(|to| to.path.is_null()) {
        let sentence = "The message names no recipient; add To, Cc or Bcc, or say ?to=ann@app.test.";
        return refused(StatusCode::BAD_REQUEST, sentence.into());
    }
    let user = mount.mailbox().filter(|name| !name.is_default()).map(|name| name.as_str());
    if user.is_some_and(|user| user.contains('\0')) {
        return refused(
            StatusCode::BAD_REQUEST,
            "No client can log in by a name with a NUL, so there is no such mailbox.".into(),
        );
    }
    let letter = Letter { user, from: &from, to: &to, raw: &body };
    // The session holds its own place from here on: both at once would evict others for nothing.
    drop(held);
    match letter.hand_in(web.http_gate.clone()).await {
        Ok(id) => json(&Sent { id: id.to_string() }),
        Err(reply) if reply.starts_with("552") => refused(StatusCode::PAYLOAD_TOO_LARGE, reply),
        Err(reply) if reply.starts_with('4') => refused(StatusCode::INSUFFICIENT_STORAGE, reply),
        Err(reply) => refused(StatusCode::BAD_REQUEST, reply),
    }
}

fn refused(code: StatusCode, sentence: String) -> HttpResponse {
    Problem::new(code, "not-delivered", "The message was not kept", sentence).respond()
}
