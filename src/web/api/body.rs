//! The body of a call: JSON, read the way Go reads it, with names in any case, where what cannot be read changes nothing; or
//! large, and held in the memory budget as it comes.

use std::collections::BTreeMap;
use std::fmt;

use actix_web::web::Payload;
use futures_util::StreamExt as _;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::mailbox::inbox::Reservation;
use crate::web::Web;

/// The members of a body, their names in lower case, as peers accept them; no body is none.
pub(super) fn members(body: &[u8]) -> Result<BTreeMap<String, Value>, String> {
    if body.trim_ascii().is_empty() {
        return Ok(BTreeMap::new());
    }
    let members: Result<Members, _> = serde_json::from_slice(body);
    members
        .map(|members| members.0)
        .map_err(|error| format!("the body was not understood ({error}); nothing was changed"))
}

/// Of a JSON object, each once: of `{"IDs":["x"],"ids":null}` the last would count, and mean all messages.
struct Members(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self(BTreeMap::new()))
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if self.0.insert(name.to_lowercase(), value).is_some() {
                return Err(de::Error::custom(format_args!("{name:?} stands there twice")));
            }
        }
        Ok(self)
    }
}

/// A member that is a list of texts; `null` and no member are an empty one.
pub(super) fn texts<'a>(members: &'a BTreeMap<String, Value>, name: &str) -> Result<Vec<&'a str>, String> {
    match members.get(&name.to_lowercase()) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values
            .iter()
            .map(|value| {
                value.as_str().ok_or_else(|| format!("{name:?} holds what is not a text; nothing was changed"))
            })
            .collect(),
        Some(_) => Err(format!("{name:?} is not a list; nothing was changed")),
    }
}

/// Why a large body was not taken.
pub(super) enum Untaken {
    /// It ended before its end: why.
    Broken(String),
    /// It is larger than it may be.
    TooLarge,
    /// Nothing is left to evict for it.
    NoRoom,
}

/// All of a body that is a message or holds one, of at most so many bytes, and its place in the memory budget, which it
/// takes as it comes.
pub(super) async fn held(web: &Web, mut body: Payload, bytes_max: usize) -> Result<(Vec<u8>, Reservation), Untaken> {
    let (mut whole, mut held) = (Vec::new(), web.inbox.reservation());
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Untaken::Broken(error.to_string()))?;
        if whole.len() + chunk.len() > bytes_max {
            return Err(Untaken::TooLarge);
        }
        held.cover(whole.len() + chunk.len()).await.map_err(|_| Untaken::NoRoom)?;
        whole.extend_from_slice(&chunk);
    }
    Ok((whole, held))
}
