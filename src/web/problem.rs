//! Errors of our own API: RFC 9457 `application/problem+json`. Routes that speak a peer's dialect use the peer's shape.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};

/// One problem, for a program (`type`) and for a person (`detail`).
#[derive(Debug, Serialize)]
pub struct Problem {
    /// The HTTP status.
    #[serde(skip)]
    pub code: StatusCode,
    r#type: String,
    /// What it is, in a few words.
    pub title: &'static str,
    status: u16,
    /// What happened and how to mend it, in sentences.
    pub detail: String,
    #[serde(flatten)]
    more: Map<String, Value>,
}

/// What every `type` begins with. A name, not an address: nothing is fetched from it.
const TYPES: &str = "https://restante.invalid/problems/";

impl Problem {
    /// A problem whose type ends in `/{name}`.
    pub fn new(code: StatusCode, name: &str, title: &'static str, detail: impl Into<String>) -> Self {
        let (r#type, status, detail) = (format!("{TYPES}{name}"), code.as_u16(), detail.into());
        Self { code, r#type, title, status, detail, more: Map::new() }
    }

    /// One more member (RFC 9457 §3.2).
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.more.insert(name.to_owned(), value);
        self
    }

    /// The answer.
    pub fn respond(&self) -> HttpResponse {
        let body = serde_json::to_string(self).unwrap_or_default() + "\n";
        HttpResponse::build(self.code).content_type("application/problem+json").body(body)
    }
}
