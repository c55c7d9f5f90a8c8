//! Answers that carry a piece of a message: its source, a part, a file to keep. What a browser makes of hostile bytes
//! is decided here, once.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::large::work;
use crate::mail::Part;
use crate::mailbox::large::Large;

/// No script, no fetch, no origin: for everything that came in by mail.
pub(super) const EVIDENCE_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'self'";
/// What a browser may show in place: formats that cannot carry a script. Neither HTML, XML nor SVG.
const SHOWN_TYPES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "text/plain"];
/// What a browser has a viewer of its own for, which the policy's sandbox keeps from our origin: shown if that is asked for.
const VIEWED_TYPES: [&str; 1] = ["application/pdf"];
/// RFC 8187 §3.2.1, attr-char.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Whether a browser is to show what it gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// If it is harmless.
    #[default]
    Harmless,
    /// Also in a viewer (`?view=1`).
    Viewed,
    /// Never: it is saved (`?dl=1`).
    Saved,
}

impl Shown {
    /// Reads what may follow an address; `dl=0` is Mailpit's way of saying nothing.
    pub fn asked(dl: Option<&str>, view: Option<&str>) -> Self {
        match (dl.is_some_and(|dl| dl != "0"), view == Some("1")) {
            (true, _) => Self::Saved,
            (false, true) => Self::Viewed,
            (false, false) => Self::Harmless,
        }
    }
}

/// Bytes of a message, under their own media type, shown in place if that is harmless and not asked otherwise.
pub fn evidence(media_type: &str, file_name: &str, download: bool, bytes: Bytes) -> HttpResponse {
    answer(media_type, file_name, if download { Shown::Saved } else { Shown::Harmless }, bytes)
}

fn answer(media_type: &str, file_name: &str, how: Shown, bytes: Bytes) -> HttpResponse {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_one = |types: &[&str]| types.contains(&essence.as_str());
    let shown = match how {
        Shown::Harmless => is_one(&SHOWN_TYPES),
        Shown::Viewed => is_one(&SHOWN_TYPES) || is_one(&VIEWED_TYPES),
        Shown::Saved => false,
    };
    let disposition = disposition(if shown { "inline" } else { "attachment" }, file_name);
    let named = HeaderValue::from_str(media_type).ok().filter(|_| is_media_type(&essence));
    let media_type = named.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CONTENT_SECURITY_POLICY, EVIDENCE_POLICY))
        .body(bytes)
}

/// RFC 9110 §8.3.1: two tokens. What else a mail says would make clients stumble that want ASCII in a field, or be
/// taken for several types.
fn is_media_type(essence: &str) -> bool {
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// A part, decoded. Where there is nothing to decode, it is a piece of the message and not a copy.
pub async fn part_answer(large: &Large, part: Part, raw: Bytes, how: Shown) -> HttpResponse {
    let bytes = part.body.len();
    // A label is a word. `x, text/html` would be a second media type, and browsers take the last.
    let is_word = |charset: &&str| charset.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte));
    let media_type = match part.charset.as_deref().filter(is_word) {
        Some(charset) => format!("{}; charset={charset}", part.content_type),
        None => part.content_type.to_string(),
    };
    let name = part.safe_name();
    let decode = move || match part.bytes(&raw) {
        Cow::Borrowed(bytes) => raw.slice_ref(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let bytes = work(large, bytes, decode).await;
    answer(&media_type, &name, how, bytes)
}

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266 §4): the plain form in ASCII for old tools, the other for
/// the name as it is.
pub(super) fn disposition(kind: &str, file_name: &str) -> String {
    if file_name.is_empty() {
        return kind.to_owned();
    }
    let plain: String = file_name
        .chars()
        .map(|char| if char == ' ' || char.is_ascii_graphic() && !"\"\\%".contains(char) { char } else { '_' })
        .collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(file_name, ATTR_CHAR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_leave_its_quotes() {
        assert_eq!(
            disposition("inline", "a\"b\r\n;é.png"),
            "inline; filename=\"a_b__;_.png\"; filename*=UTF-8''a%22b%0D%0A%3B%C3%A9.png"
        );
        assert_eq!(disposition("attachment", ""), "attachment");
    }

    #[test]
    fn what_is_no_media_type_is_not_said_in_the_field() {
        for (media_type, said) in [
            ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
            ("application/x.a+b", "application/x.a+b"),
            ("multip\u{fffd}art/mixed", "application/octet-stream"),
            ("image/png, text/html", "application/octet-stream"),
            ("text/", "application/octet-stream"),
            ("text", "application/octet-stream"),
            ("a/b/c", "application/octet-stream"),
        ] {
            let answer = evidence(media_type, "x", false, Bytes::new());
            assert_eq!(answer.headers().get(header::CONTENT_TYPE).unwrap(), said, "{media_type}");
        }
    }

    #[test]
    fn a_document_is_viewed_only_if_that_is_asked_for() {
        for (dl, view, kind) in [
            (None, None, "attachment"),
            (Some("0"), None, "attachment"),
            (None, Some("1"), "inline"),
            (Some("0"), Some("1"), "inline"),
            (Some("1"), Some("1"), "attachment"),
        ] {
            let answer = answer("application/pdf", "", Shown::asked(dl, view), Bytes::new());
            assert_eq!(answer.headers().get(header::CONTENT_DISPOSITION).unwrap(), kind, "{dl:?} {view:?}");
        }
        let page = answer("text/html", "", Shown::Viewed, Bytes::new());
        assert_eq!(page.headers().get(header::CONTENT_DISPOSITION).unwrap(), "attachment");
    }

    #[test]
    fn what_could_run_is_never_shown_in_place() {
        for (media_type, kind) in [
            ("image/png", "inline"),
            ("text/html", "attachment"),
            ("image/svg+xml", "attachment"),
            ("TEXT/PLAIN; charset=x", "inline"),
            ("a\r\nb", "attachment"),
        ] {
            let answer = evidence(media_type, "x", false, Bytes::new());
            let disposition = answer.headers().get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
            assert!(disposition.starts_with(kind), "{media_type}: {disposition}");
            assert!(
                answer.headers().get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap().contains("sandbox")
            );
        }
    }
}
