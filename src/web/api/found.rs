//! What was found in a message, as JSON: its one-time codes and its links.

use serde::Serialize;
use utoipa::ToSchema;

use super::told::{Purpose, Source};
use crate::mail::extract::{Code, Link};

/// A one-time code that was found by rules, and can be wrong.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Code)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CodeShape {
    /// As it is to be typed.
    #[schema(example = "481516")]
    value: String,
    /// As it stands in the message.
    #[schema(example = "481 516")]
    shown: String,
    /// The words around it.
    #[schema(example = "Your code is 481 516.")]
    context: String,
    /// Where it was found.
    #[schema(value_type = Source)]
    source: &'static str,
}

/// A link of a message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Link)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LinkShape {
    /// Where it leads.
    #[schema(example = "https://app.test/verify?token=4f7k9q")]
    #[serde(rename = "URL")]
    url: String,
    /// The words on it.
    #[schema(example = "Confirm email")]
    text: String,
    /// What for.
    #[schema(value_type = Purpose)]
    purpose: &'static str,
    /// Where it was found.
    #[schema(value_type = Source)]
    source: &'static str,
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
