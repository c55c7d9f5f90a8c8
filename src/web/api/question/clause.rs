//! The members of a question that say what a message must be like: each becomes a clause of the query, or several.

use serde_json::Value;

use super::value::{filled, flag, pattern, patterns, text, texts};
use super::{MEMBER, Unread};
use crate::mail::finding::Oddity;
use crate::mailbox::Query;
use crate::mailbox::query::language::bytes as read_bytes;
use crate::mailbox::query::{AttachmentTest, HexDigest, Pattern};

/// One member more. `plain` is its name in lower case, without signs.
pub(super) fn clause(query: Query, plain: &str, name: &str, value: &Value) -> Result<Query, Unread> {
    let each = |query, add: fn(Query, Pattern) -> Query| {
        patterns(name, value)?.into_iter().try_fold(query, |query, pattern| Ok(add(query, pattern)))
    };
    if let ("from" | "to" | "cc" | "bcc" | "replyto" | "envelope", Some(address)) = (plain, value.as_str())
        && address.contains('@')
        && address.contains(' ')
        && !address.contains('<')
    {
        let sentence =
            format!("{name}: there is a space in {address:?}; a plus stands in an address of the web as %2B.");
        return Err((MEMBER, sentence));
    }
    match plain {
        "from" => each(query, Query::from),
        "to" => each(query, Query::to),
        "cc" => each(query, Query::cc),
        "bcc" => each(query, Query::bcc),
        "replyto" => each(query, Query::reply_to),
        "envelope" => each(query, Query::envelope),
        "subject" => each(query, Query::subject),
        "body" | "text" => each(query, Query::body),
        "messageid" => each(query, Query::message_id),
        "tag" | "tags" => texts(name, value)?.into_iter().try_fold(query, |query, tag| Ok(query.tag(tag))),
        "header" | "headers" => headers(query, name, value),
        "attachment" | "attachments" => attachments(query, name, value),
        "size" => size(query, name, value),
        "finding" | "findings" => findings(query, name, value),
        "refusable" => Ok(query.refusable(flag(name, value)?)),
        _ => {
            let name: String = name.chars().take(NAME_CHARS_MAX).collect();
            let near = |known: &&&str| {
                let distance = strsim::damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase());
                distance <= 2 && 2 * distance < known.len()
            };
            let meant =
                NAMES.iter().find(near).map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near:?}?"));
            Err((MEMBER, format!("{name:?} is not known here{meant} There are {}.", NAMES.join(", "))))
        }
    }
}

/// A name is named up to here.
const NAME_CHARS_MAX: usize = 40;

/// Every name, for those who misspelt one.
pub(in crate::web::api) const NAMES: &[&str] = &[
    "query",
    "mailbox",
    "from",
    "to",
    "cc",
    "bcc",
    "replyTo",
    "envelope",
    "subject",
    "body",
    "messageId",
    "header",
    "tag",
    "attachment",
    "size",
    "findings",
    "refusable",
    "count",
    "exactly",
    "none",
    "since",
    "timeout",
];

fn headers(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    let Value::Object(fields) = filled(name, value, "{\"X-Mailer\": \"php\"} or header.x-mailer=php")? else {
        return Ok(query);
    };
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if let Some(field) = fields.keys().find(|field| field.is_empty() || !is_name(field)) {
        return Err((MEMBER, format!("{name:?}: {field:?} cannot be the name of a field.")));
    }
    fields.iter().try_fold(query, |query, (field, value)| match value {
        Value::Bool(true) => Ok(query.has_header(field)),
        value => Ok(patterns(&format!("{name}.{field}"), value)?
            .into_iter()
            .fold(query, |query, pattern| query.header(field, pattern))),
    })
}

fn attachments(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    match value {
        Value::Bool(has) => Ok(query.has_attachment(*has)),
        Value::String(file) if file.parse::<bool>().is_ok() => Ok(query.has_attachment(file == "true")),
        Value::String(file) => {
            Ok(query.attachment(AttachmentTest { name: Some(file.into()), ..AttachmentTest::default() }))
        }
        Value::Array(each) => each.iter().try_fold(query, |query, one| attachments(query, name, one)),
        Value::Object(members) if !members.is_empty() => {
            let mut test = AttachmentTest::default();
            for (member, value) in members {
                let path = format!("{name}.{member}");
                match member.to_lowercase().as_str() {
                    "name" | "filename" => test.name = Some(pattern(&path, value)?),
                    "type" | "contenttype" => test.media_type = Some(pattern(&path, value)?),
                    "digest" | "md5" | "sha1" | "sha256" => {
                        let digest = HexDigest::read(text(&path, value)?);
                        let sentence = || format!("{path:?} is not a digest; write 32, 40 or 64 hexadecimal digits.");
                        test.digest = Some(digest.ok_or_else(|| (MEMBER, sentence()))?);
                    }
                    _ => return Err((MEMBER, format!("{path:?} is not known here; there are name, type and digest."))),
                }
            }
            Ok(query.attachment(test))
        }
        _ => Err((MEMBER, format!("{name:?} must be true, false, a name, or an object with name, type or digest."))),
    }
}

fn size(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    let Value::Object(members) = filled(name, value, "{\"larger\": \"100kb\"} or size.larger=100kb")? else {
        return Ok(query);
    };
    members.iter().try_fold(query, |query, (member, value)| {
        let path = format!("{name}.{member}");
        let bytes = match value {
            Value::Number(number) => number.as_u64().map(|bytes| bytes as usize),
            Value::String(text) => read_bytes(text),
            _ => None,
        };
        let bytes =
            bytes.ok_or_else(|| (MEMBER, format!("{path:?} is not a size; write it like \"100kb\" or 4096.")))?;
        match member.to_lowercase().as_str() {
            "larger" => Ok(query.larger(bytes)),
            "smaller" => Ok(query.smaller(bytes)),
            _ => Err((MEMBER, format!("{path:?} is not known here; there are larger and smaller."))),
        }
    })
}

fn findings(query: Query, name: &str, value: &Value) -> Result<Query, Unread> {
    match value {
        Value::Bool(has) => Ok(query.has_findings(*has)),
        Value::String(word) if word.parse::<bool>().is_ok() => Ok(query.has_findings(word == "true")),
        value => texts(name, value)?.into_iter().try_fold(query, |query, id| match Oddity::named(id) {
            Some(oddity) => Ok(query.finding(oddity)),
            None => Err((MEMBER, format!("{name:?}: there is no finding {id:?}; /api/v1/findings lists all."))),
        }),
    }
}
