//! What was found in a message, as JSON: its one-time codes and its links.

use serde::Serialize;

use crate::mail::View;
use crate::mail::extract::{Code, Link, found, main_link};

/// Fields of [`super::shape::Whole`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FoundShape {
    /// The best first.
    codes: Vec<CodeShape>,
    links: Vec<LinkShape>,
    /// The link that the message is about.
    main_link: Option<LinkShape>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CodeShape {
    value: String,
    shown: String,
    context: String,
    source: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LinkShape {
    #[serde(rename = "URL")]
    url: String,
    text: String,
    purpose: &'static str,
    source: &'static str,
}

impl FoundShape {
    pub(super) fn of(view: &View, raw: &[u8]) -> Self {
        let found = found(view, raw);
        Self {
            main_link: main_link(&found.links).map(Into::into),
            links: found.links.iter().map(Into::into).collect(),
            codes: found.codes.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Code> for CodeShape {
    fn from(code: Code) -> Self {
        Self { value: code.value, shown: code.shown, context: code.context, source: code.source.name() }
    }
}

impl From<&Link> for LinkShape {
    fn from(link: &Link) -> Self {
        Self {
            url: link.url.clone(),
            text: link.text.clone(),
            purpose: link.purpose.name(),
            source: link.source.name(),
        }
    }
}
