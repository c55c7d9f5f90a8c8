//! The links of a message: in its text, and what its HTML points at or fetches. The one place that looks for them.

use std::sync::LazyLock;

use lol_html::{HtmlRewriter, MemorySettings, Settings, element};
use regex::Regex;

use crate::mail::View;

/// Links of one message that are told.
const LINKS_MAX: usize = 1_000;
/// What the reader may keep of open elements.
const MEMORY_BYTES_MAX: usize = 64 << 20;

/// Up to a blank, a quote or a bracket; a dot or comma at the end belongs to the sentence.
static IN_TEXT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)\bhttps?://[^\s<>"\\^`{|}]*[^\s<>"\\^`{|}.,:;!?')\]]"#).expect("a constant"));

/// Each link once, in the order in which they stand: those of the HTML, then those of the plain text.
pub(super) fn of(view: &View, raw: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(html) = view.html(raw) {
        in_html(&html, &mut found);
    }
    if let Some(text) = view.plain_text(raw) {
        found.extend(IN_TEXT.find_iter(&text).map(|link| link.as_str().to_owned()));
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|link| seen.insert(link.clone()));
    found.truncate(LINKS_MAX);
    found
}

/// Markup that cannot be read to its end gives the links up to there.
fn in_html(html: &str, found: &mut Vec<String>) {
    let handler = element!("a[href], area[href], link[href], img[src]", |element| {
        let link = element.get_attribute("href").or_else(|| element.get_attribute("src")).unwrap_or_default();
        // Of all escapes, the ampersand's is the one that addresses have.
        let link = link.trim().replace("&amp;", "&").replace("&#38;", "&");
        if ["http://", "https://"].iter().any(|scheme| link.to_ascii_lowercase().starts_with(scheme)) {
            found.push(link);
        }
        Ok(())
    });
    let settings = Settings::new()
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY_BYTES_MAX))
        .append_element_content_handler(handler);
    let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
    if reader.write(html.as_bytes()).is_ok() {
        let _ = reader.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_both_bodies_each_once() {
        let raw = b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n\
            See https://app.test/a?x=1&y=2. (Or http://app.test/b), not ftp://x or https://\r\n--b\r\n\
            Content-Type: text/html\r\n\r\n<a href=\"https://app.test/a?x=1&amp;y=2\">a</a>\
            <a href=mailto:x@y>m</a><img src='HTTPS://cdn.test/x.png'><a href=#top>t</a>\r\n--b--\r\n";
        let view = View::read(raw);
        assert_eq!(of(&view, raw), ["https://app.test/a?x=1&y=2", "HTTPS://cdn.test/x.png", "http://app.test/b"]);
    }
}
