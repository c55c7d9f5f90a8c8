//! A message composed from what `POST /api/v1/send` was given. The only file that speaks mail-builder.
//!
//! Everything that is given is looked at first: a line end in a name or a media type would be a field of its own.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The members, their names in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Letter {
    from: Person,
    to: Vec<Person>,
    cc: Vec<Person>,
    bcc: Vec<String>,
    #[serde(rename = "replyto")]
    reply_to: Vec<Person>,
    subject: String,
    text: String,
    html: String,
    attachments: Vec<File>,
    tags: Vec<String>,
    headers: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Person {
    name: String,
    email: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    content: String,
    #[serde(rename = "filename")]
    name: String,
    #[serde(rename = "contenttype")]
    media_type: String,
    #[serde(rename = "contentid")]
    content_id: String,
}

/// The bytes, and to whom.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) raw: Vec<u8>,
    pub(super) from: String,
    pub(super) to: Vec<String>,
}

/// Fields that have members of their own.
const FIELDS: [&str; 9] = ["To", "From", "Cc", "Bcc", "Reply-To", "Date", "Subject", "Content-Type", "Mime-Version"];

impl Letter {
    /// Reads a body.
    ///
    /// # Errors
    /// A sentence: what is no JSON, or not in this shape.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
        if !value.is_object() {
            return Err("the body is not a JSON object".into());
        }
        serde_json::from_value(plain(value)).map_err(|error| format!("the body cannot be read: {error}"))
    }

    /// Makes the message.
    ///
    /// # Errors
    /// A sentence, in Mailpit's words where it has them.
    pub(super) fn compose(mut self, now: Timestamp, id: &str) -> Result<Composed, String> {
        if self.from.email.is_empty() {
            return Err("error building message: from not set".into());
        }
        let from = address(&self.from.email, "From")?.to_owned();
        let mut to = Vec::new();
        for (people, field) in [(&self.to, "To"), (&self.cc, "Cc")] {
            for person in people {
                to.push(address(&person.email, field)?.to_owned());
            }
        }
        for bcc in &self.bcc {
            to.push(address(bcc, "Bcc")?.to_owned());
        }
        for person in &self.reply_to {
            address(&person.email, "Reply-To")?;
        }
        if to.is_empty() {
            return Err("error building message: no recipients (to, cc, bcc) set".into());
        }
        let has_tags = !self.tags.is_empty();
        for name in self.headers.keys() {
            if FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
                || has_tags && name.eq_ignore_ascii_case("X-Tags")
            {
                return Err(format!("cannot overwrite header: {name:?}"));
            }
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':') {
                return Err(format!("invalid header name: {name:?}"));
            }
        }
        let own_id = self.headers.keys().any(|name| name.eq_ignore_ascii_case("Message-ID"));
        let mut builder = MessageBuilder::new().from(self.from.mailbox()).date(Date::new(now.as_second()));
        for (people, field) in [(&self.to, "To"), (&self.cc, "Cc"), (&self.reply_to, "Reply-To")] {
            if !people.is_empty() {
                builder = builder.header(field, list(people.iter().map(Person::mailbox)));
            }
        }
        if !self.bcc.is_empty() {
            let bcc = self.bcc.iter().map(|address| Address::new_address(None::<&str>, address.as_str()));
            builder = builder.header("Bcc", list(bcc));
        }
        builder = builder.subject(one_line(&self.subject));
        if !own_id {
            builder = builder.message_id(format!("{id}@restante.test"));
        }
        if has_tags {
            builder = builder.header("X-Tags", Text::new(one_line(&self.tags.join(", "))));
        }
        for (name, value) in &self.headers {
            let is_id = name.eq_ignore_ascii_case("Message-ID");
            let (name, value) = (if is_id { "Message-ID" } else { name }, one_line(value));
            // Text that needs no encoding is left as it was written; an encoded Message-ID would be another one.
            let value: HeaderType<'_> = if is_id { Raw::new(value).into() } else { Text::new(value).into() };
            builder = builder.header(name.to_owned(), value);
        }
        let body = body(&self.text, &self.html, std::mem::take(&mut self.attachments))?;
        let raw = builder.body(body).write_to_vec().map_err(|error| format!("error building message: {error}"))?;
        Ok(Composed { raw, from, to })
    }
}

/// The text, the HTML with what it shows, and the files.
fn body<'a>(text: &'a str, html: &'a str, files: Vec<File>) -> Result<MimePart<'a>, String> {
    let (mut shown, mut attached) = (Vec::new(), Vec::new());
    for file in files {
        if file.content_id.is_empty() { attached.push(file.part()?) } else { shown.push(file.part()?) }
    }
    let text = (!text.is_empty() || html.is_empty()).then(|| MimePart::new("text/plain", text));
    let html = if html.is_empty() {
        attached.append(&mut shown);
        None
    } else {
        Some(around("multipart/related", MimePart::new("text/html", html), shown))
    };
    let both = match (text, html) {
        (Some(text), html) => around("multipart/alternative", text, html.into_iter().collect()),
        (None, Some(html)) => html,
        (None, None) => MimePart::new("text/plain", ""),
    };
    Ok(around("multipart/mixed", both, attached))
}

/// A part alone needs no multipart around it.
fn around<'a>(kind: &'static str, first: MimePart<'a>, mut more: Vec<MimePart<'a>>) -> MimePart<'a> {
    if more.is_empty() {
        return first;
    }
    more.insert(0, first);
    MimePart::new(kind, more)
}

impl Person {
    fn mailbox(&self) -> Address<'_> {
        let name = (!self.name.is_empty()).then(|| one_line(&self.name));
        Address::new_address(name, self.email.trim())
    }
}

fn list<'a>(addresses: impl Iterator<Item = Address<'a>>) -> Address<'a> {
    Address::new_list(addresses.collect())
}

impl File {
    /// Taken apart on the way: a large one is not held in each of its forms.
    fn part(self) -> Result<MimePart<'static>, String> {
        let (label, content) = match self.content.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
            Some((label, content)) => (label.split(';').next().unwrap_or_default(), content),
            None => ("", self.content.as_str()),
        };
        let wrong = |error| format!("error decoding base64 attachment {:?}: {error}", self.name);
        let bytes = match content.contains(|char: char| char.is_ascii_whitespace()) {
            false => STANDARD.decode(content).map_err(wrong)?,
            true => STANDARD.decode(content.split_ascii_whitespace().collect::<String>()).map_err(wrong)?,
        };
        let named = [self.media_type.as_str(), label].into_iter().map(str::trim).find(|kind| !kind.is_empty());
        let media_type = named.unwrap_or_else(|| guess(&bytes)).to_owned();
        let (essence, rest) = media_type.split_once(';').unwrap_or((&media_type, ""));
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
        };
        let is_type = essence.trim().split_once('/').is_some_and(|(kind, sub)| is_word(kind) && is_word(sub));
        if !is_type || !rest.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(format!("invalid content type of attachment {:?}: {media_type:?}", self.name));
        }
        if essence.trim().get(..10).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/")) {
            return Err(format!("invalid content type of attachment {:?}: a multipart has no bytes", self.name));
        }
        let inline = !self.content_id.is_empty();
        let mut disposition = ContentType::new(if inline { "inline" } else { "attachment" });
        let name = one_line(&self.name);
        if !name.is_empty() {
            disposition = disposition.attribute("filename", name);
        }
        // In base64, whatever it is: the bytes arrive as they were given.
        let mut lines = Vec::with_capacity(bytes.len() * 7 / 5 + 2);
        let mut encoded = [0; LINE_BYTES / 3 * 4];
        for line in bytes.chunks(LINE_BYTES) {
            let length = STANDARD.encode_slice(line, &mut encoded).unwrap_or_default();
            lines.extend_from_slice(&encoded[..length]);
            lines.extend_from_slice(b"\r\n");
        }
        let part = MimePart::new(ContentType::new(media_type), lines)
            .header("Content-Disposition", disposition)
            .transfer_encoding("base64");
        Ok(if inline { part.cid(content_id(&self.content_id)?.to_owned()) } else { part })
    }
}

/// They become the 76 characters of a line (RFC 2045 §6.8).
const LINE_BYTES: usize = 57;

/// Without its brackets.
fn content_id(id: &str) -> Result<&str, String> {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    let fits = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    fits.then_some(bare).ok_or_else(|| format!("invalid Content-ID: {id:?}"))
}

/// What the first bytes are of.
fn guess(bytes: &[u8]) -> &'static str {
    const KINDS: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b\x08", "application/gzip"),
    ];
    let known = KINDS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| *kind);
    let is_text = || !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok();
    known.unwrap_or_else(|| if is_text() { "text/plain; charset=utf-8" } else { "application/octet-stream" })
}

/// An address that can stand between brackets.
fn address<'a>(email: &'a str, field: &str) -> Result<&'a str, String> {
    let bare = email.trim();
    let parts = bare.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let fits = parts.is_some()
        && bare.len() <= ADDRESS_BYTES_MAX
        && !bare.contains(|char: char| char.is_control() || char.is_whitespace() || "<>,;:\"()\\".contains(char));
    fits.then_some(bare).ok_or_else(|| format!("invalid {field} address: {email}"))
}

/// RFC 5321 §4.5.3.1.3 says 256; nobody is stopped at it.
const ADDRESS_BYTES_MAX: usize = 1_024;

/// A line end in a value would begin a field of its own.
fn one_line(text: &str) -> String {
    text.replace(|char: char| char.is_control(), " ")
}

/// Names in lower case and no `null`, as Go reads them; the names of header fields stay.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            let lower = members.map(|(name, value)| {
                let name = name.to_lowercase();
                let value = if name == "headers" { value } else { plain(value) };
                (name, value)
            });
            Value::Object(lower.collect::<Map<_, _>>())
        }
        Value::Array(values) => Value::Array(values.into_iter().filter(|value| !value.is_null()).map(plain).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests;
