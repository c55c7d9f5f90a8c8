//! Mail's own HTML: the one function through which it reaches a browser, whoever asks for it.
//!
//! The real wall is the policy: a sandbox without scripts and without our origin. What is rewritten before
//! (`mail::html`) makes images appear and links open elsewhere; it is not what keeps us safe.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::Web;
use super::api::{find, no_message};
use super::guard::{self, Access};
use super::large::work;
use super::mount::Mount;
use super::page::preview::{Preview, Scheme};
use super::show::wanted::Wanted;
use crate::mail::{View, html};
use crate::mailbox::Message;
use crate::mailbox::large::Large;

/// How a mail's HTML is to be shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Whether it may fetch what others keep.
    pub remote: bool,
    /// Whether no image at all is shown.
    pub images_off: bool,
    /// What the frame of our page needs in its head; none for other dialects' addresses.
    head: &'static str,
}

impl How {
    /// For the frame of a message page.
    pub fn frame(preview: Preview) -> Self {
        let head = if preview.scheme == Scheme::Forced { UPRIGHT_IMAGES } else { EITHER_SCHEME };
        Self { remote: preview.remote, images_off: preview.images_off, head }
    }

    /// For an address of another dialect.
    pub fn bare(remote: bool) -> Self {
        Self { remote, ..Self::default() }
    }
}

/// The frame decides whether it is light or dark; what the mail says itself goes before.
const EITHER_SCHEME: &str = "<meta name=\"color-scheme\" content=\"light dark\">";
/// The frame turns all colours around, as clients do that force dark; pictures are turned back.
const UPRIGHT_IMAGES: &str =
    "<style>img,picture>img,video,svg image,input[type=image]{filter:invert(1) hue-rotate(180deg)!important}</style>";

/// `GET /message/{id}/html[?remote=1&images=0&scheme=forced]`: for the frame of the message page.
pub async fn frame(
    web: Data<Web>,
    mount: Mount,
    id: Path<At>,
    wanted: UrlQuery<Wanted>,
    access: Data<Access>,
    request: HttpRequest,
) -> HttpResponse {
    let Ok(Some(stored)) = find(&web, &mount, &id.id, None).await else { return no_message() };
    let how = How::frame(wanted.preview());
    respond_for(&web, &mount, stored.message, how, guard::seen_authority(&request, &access)).await
}

/// The HTML of a message, for the frame of its page and for whoever opens it by another dialect's address.
pub(super) async fn respond_for(
    web: &Web,
    mount: &Mount,
    message: Arc<Message>,
    how: How,
    authority: String,
) -> HttpResponse {
    let parts = parts_path(mount, &message);
    let bytes = message.raw_len();
    let html = move |parts: &str| shown(&message.raw(), &message.view, parts, how);
    respond(&web.large, bytes, authority, parts, how, html).await
}

/// Where `{id}` stands in an address.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
}

/// The path below which the parts of a message are.
pub fn parts_path(mount: &Mount, message: &Message) -> String {
    format!("{}api/v1/message/{}/part/", mount.base, message.id)
}

/// The HTML that `shown` makes of a message of `bytes`, with the one policy. `parts` is the only path whose images it may
/// show.
pub(super) async fn respond(
    large: &Large,
    bytes: usize,
    authority: String,
    parts: String,
    how: How,
    shown: impl FnOnce(&str) -> Option<String> + Send + 'static,
) -> HttpResponse {
    // We answer for this authority, so it is a host name or an address with a port, and cannot end the source.
    let images = format!("{authority}{parts}");
    let Some(html) = work(large, bytes, move || shown(&parts)).await else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("This message does not contain a HTML part");
    };
    let images = match (how.images_off, how.remote) {
        (true, _) => "'none'".to_owned(),
        (false, false) => format!("{images} data:"),
        (false, true) => format!("{images} data: http: https:"),
    };
    let policy = format!(
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src {images}; \
         style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(html)
}

/// The HTML of a message, rewritten for its frame.
pub(super) fn shown(raw: &[u8], view: &View, parts: &str, how: How) -> Option<String> {
    #[cfg(test)]
    crate::mail::trap::spring("showing", raw);
    let html = view.html(raw)?;
    let html = html::prepare(&html, part_by_cid(view, parts), how.remote).html;
    Some(with_head(html, how.head))
}

/// Puts something of ours before all that the mail has: behind its doctype, for what stands before one makes a browser
/// render as in the last century. A scheme that the mail names itself stands.
fn with_head(html: String, head: &str) -> String {
    if head.is_empty() || head == EITHER_SCHEME && names_scheme(&html) {
        return html;
    }
    let blanks = html.len() - html.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\u{c}']).len();
    let is_doctype = html[blanks..].get(..9).is_some_and(|word| word.eq_ignore_ascii_case("<!doctype"));
    let at = if is_doctype { html[blanks..].find('>').map_or(0, |end| blanks + end + 1) } else { 0 };
    format!("{}{head}{}", &html[..at], &html[at..])
}

/// Whether the mail has a `<meta name="color-scheme">` of its own.
fn names_scheme(html: &str) -> bool {
    let head = html[..html.floor_char_boundary(HEAD_BYTES_MAX)].to_ascii_lowercase();
    ["\"color-scheme\"", "'color-scheme'", "=color-scheme"].iter().any(|name| head.contains(name))
}

/// Of a document, where its head is looked for.
const HEAD_BYTES_MAX: usize = 64 << 10;

/// Answers the address of the part with a Content-ID (RFC 2392).
pub fn part_by_cid(view: &View, parts: &str) -> impl Fn(&str) -> Option<String> {
    let references = view.references();
    move |cid| references.find(cid).map(|part| format!("{parts}{}", part.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_stands_behind_the_doctype_and_yields_to_the_mail() {
        for (html, expected) in [
            ("<p>x", "H<p>x"),
            (" \n<!DOCTYPE html PUBLIC \"-//W3C//DTD\">\n<html>", " \n<!DOCTYPE html PUBLIC \"-//W3C//DTD\">H\n<html>"),
            ("<!doctype", "H<!doctype"),
            ("<!doc", "H<!doc"),
            ("<meta name=color-scheme content=light>x", "<meta name=color-scheme content=light>x"),
            ("<META NAME='Color-Scheme' content=light>x", "<META NAME='Color-Scheme' content=light>x"),
            ("ü", "Hü"),
            ("", "H"),
        ] {
            assert_eq!(with_head(html.into(), EITHER_SCHEME), expected.replace('H', EITHER_SCHEME), "{html}");
        }
        assert_eq!(with_head("<p>".into(), ""), "<p>");
    }
}
