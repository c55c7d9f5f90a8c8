//! The JSON body of a call, read the way Go reads it: names in any case. What cannot be read changes nothing.

use std::collections::BTreeMap;

use serde_json::Value;

/// The members of a body, their names in lower case, as peers accept them; no body is none.
pub(super) fn members(body: &[u8]) -> Result<BTreeMap<String, Value>, String> {
    if body.trim_ascii().is_empty() {
        return Ok(BTreeMap::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect()),
        Ok(_) => Err("the body is not a JSON object; nothing was changed".into()),
        Err(error) => Err(format!("the body is not JSON ({error}); nothing was changed")),
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
