//! `POST /test-message`: a message that Restante sends to itself, so that there is something to look at.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use serde::Deserialize;

use super::see_other;
use crate::clock;
use crate::mail::envelope::{Addressed, Params, Path};
use crate::mailbox::{MailboxName, MessageId};
use crate::web::Web;
use crate::web::letterbox::Letter;
use crate::web::mount::Mount;

/// What may be asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    kind: Option<String>,
}

/// Each kind: the word in the form, and the message. The first is sent if none is named.
const KINDS: &[(&str, &str)] = &[
    ("html", include_str!("test_message/html.eml")),
    ("plain", include_str!("test_message/plain.eml")),
    ("attachment", include_str!("test_message/attachment.eml")),
    ("hostile", include_str!("test_message/hostile.eml")),
];

/// `POST /test-message`, perhaps with `kind`: a message for this mailbox.
pub async fn send(web: Data<Web>, mount: Mount, asked: Option<Form<Asked>>) -> HttpResponse {
    let date = clock::now().strftime("%a, %d %b %Y %H:%M:%S +0000");
    let id = MessageId::from_bits(clock::unique());
    let raw = message(asked.as_ref().and_then(|asked| asked.kind.as_deref()), &date.to_string(), &id.to_string());
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

fn message(kind: Option<&str>, date: &str, id: &str) -> String {
    let (_, first) = KINDS[0];
    let raw = KINDS.iter().find(|(name, _)| Some(*name) == kind).map_or(first, |(_, raw)| raw);
    raw.replace("{date}", date).replace("{id}", id).replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::View;
    use crate::mail::extract::{codes, links, main_link};

    fn sent(kind: &str) -> (View, String) {
        let raw = message(Some(kind), "Mon, 2 Mar 2026 14:05:24 +0000", "1AbCdEfGhIjKlMnOpQrS00");
        (View::read(raw.as_bytes()), raw)
    }

    #[test]
    fn every_kind_is_filled_in_and_none_is_the_first() {
        for (kind, _) in KINDS {
            let (view, raw) = sent(kind);
            assert!(view.date.is_some() && view.message_id.starts_with("1AbCd"), "{kind}");
            assert!(!raw.contains("{id}") && !raw.contains("{date}"), "{kind}");
        }
        assert_eq!(message(None, "", ""), message(Some("html"), "", ""));
        assert_eq!(message(Some("<x>"), "", ""), message(None, "", ""));
    }

    #[test]
    fn the_well_made_ones_are_well_made_and_the_hostile_one_is_not() {
        for kind in ["html", "plain", "attachment"] {
            assert_eq!(sent(kind).0.findings, [].into(), "{kind}");
        }
        assert!(sent("hostile").0.findings.len() >= 3);
        assert_eq!(sent("attachment").0.attachments().count(), 6);
    }

    #[test]
    fn there_is_a_code_and_a_link_to_find() {
        let (view, raw) = sent("html");
        assert_eq!(codes(&view, raw.as_bytes())[0].value, "481516");
        let links = links(&view, raw.as_bytes());
        assert_eq!(main_link(&links).unwrap().text, "Confirm your address");
    }
}
