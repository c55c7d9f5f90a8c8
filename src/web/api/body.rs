//! The JSON body of a call, read the way Go reads it: names in any case. What cannot be read changes nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

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
