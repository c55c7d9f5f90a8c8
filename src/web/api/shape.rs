//! The JSON of the API. Names and nesting are Mailpit's; what is ours is added beside them. Lists are never `null`.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};
use md5::Md5;
use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::findings::FindingShape;
use super::found::FoundShape;
use crate::mail::View;
use crate::mail::address::Address;
use crate::mail::envelope::{Addressed, Envelope};
use crate::mail::structure::Part;
use crate::mailbox::Stored;
use crate::mailbox::query::hex;

/// A name and an address.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Person {
    name: String,
    address: String,
}

/// A message in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Summary {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "MessageID")]
    message_id: String,
    read: bool,
    kept: bool,
    from: Person,
    to: Vec<Person>,
    cc: Vec<Person>,
    bcc: Vec<Person>,
    reply_to: Vec<Person>,
    subject: String,
    created: String,
    username: String,
    tags: Vec<String>,
    size: usize,
    attachments: usize,
    snippet: String,
    mailbox: String,
    envelope: EnvelopeShape,
    findings: usize,
    /// Whether a strict server would have refused it.
    refusable: bool,
}

/// A page of a list or of a search.
#[derive(Debug, Serialize)]
pub struct Listing {
    /// Messages in the mailbox.
    pub total: usize,
    /// Unread ones of them.
    pub unread: usize,
    /// Rows in `messages`.
    pub count: usize,
    /// Messages that were asked for.
    pub messages_count: usize,
    /// Unread ones of them.
    pub messages_unread: usize,
    /// How many were passed over.
    pub start: usize,
    /// All tags of the mailbox.
    pub tags: Vec<String>,
    /// Newest first.
    pub messages: Vec<Summary>,
}

/// A whole message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Whole {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "MessageID")]
    message_id: String,
    read: bool,
    kept: bool,
    from: Person,
    to: Vec<Person>,
    cc: Vec<Person>,
    bcc: Vec<Person>,
    reply_to: Vec<Person>,
    return_path: String,
    subject: String,
    list_unsubscribe: ListUnsubscribe,
    date: String,
    created: String,
    tags: Vec<String>,
    username: String,
    text: String,
    #[serde(rename = "HTML")]
    html: String,
    size: usize,
    inline: Vec<PartShape>,
    attachments: Vec<PartShape>,
    mailbox: String,
    envelope: EnvelopeShape,
    findings: Vec<FindingShape>,
    refusable: bool,
    #[serde(flatten)]
    found: FoundShape,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListUnsubscribe {
    header: String,
    links: Vec<String>,
    errors: String,
    header_post: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PartShape {
    #[serde(rename = "PartID")]
    part_id: String,
    file_name: String,
    content_type: String,
    #[serde(rename = "ContentID")]
    content_id: String,
    size: usize,
    checksums: Checksums,
}

#[derive(Debug, Serialize)]
struct Checksums {
    #[serde(rename = "MD5")]
    md5: String,
    #[serde(rename = "SHA1")]
    sha1: String,
    #[serde(rename = "SHA256")]
    sha256: String,
}

/// What the wire said; of a client only what it told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EnvelopeShape {
    from: PathShape,
    to: Vec<PathShape>,
    door: &'static str,
    peer: Option<String>,
    helo: Option<String>,
    #[serde(rename = "TLS")]
    tls: Option<TlsShape>,
    #[serde(rename = "Auth")]
    login: Option<LoginShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PathShape {
    address: String,
    parameters: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TlsShape {
    version: String,
    cipher: String,
    server_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LoginShape {
    mechanism: String,
    user: String,
}

impl From<&Address> for Person {
    fn from(address: &Address) -> Self {
        Self { name: address.name.to_string(), address: address.address.to_string() }
    }
}

impl From<&Addressed> for PathShape {
    fn from(addressed: &Addressed) -> Self {
        Self { address: addressed.path.to_string(), parameters: addressed.params.to_string() }
    }
}

impl From<&Envelope> for EnvelopeShape {
    fn from(envelope: &Envelope) -> Self {
        let client = &envelope.client;
        Self {
            from: (&envelope.from).into(),
            to: envelope.to.iter().map(Into::into).collect(),
            door: client.door.name(),
            peer: client.peer.map(|peer| peer.to_string()),
            helo: client.helo.as_ref().map(|helo| helo.name.to_string()),
            tls: client.tls.as_ref().map(|tls| TlsShape {
                version: tls.version.to_string(),
                cipher: tls.cipher.to_string(),
                server_name: tls.server_name.as_ref().map(ToString::to_string),
            }),
            login: client
                .login
                .as_ref()
                .map(|login| LoginShape { mechanism: login.mechanism.to_string(), user: login.user.to_string() }),
            file: client.file.as_ref().map(ToString::to_string),
        }
    }
}

fn people(list: &[Address]) -> Vec<Person> {
    list.iter().map(Into::into).collect()
}

/// RFC 3339 with milliseconds, in UTC.
pub fn instant(instant: Timestamp) -> String {
    format!("{:.3}", told(instant))
}

/// An instant as it is told: what is compared with what a client says must be what it was told.
pub(super) fn told(instant: Timestamp) -> Timestamp {
    instant.round(Unit::Millisecond).unwrap_or(instant)
}

fn user(stored: &Stored) -> String {
    stored.message.envelope.client.login.as_ref().map_or_else(String::new, |login| login.user.to_string())
}

impl Summary {
    /// The row of a message.
    pub fn of(stored: &Stored) -> Self {
        let (message, view) = (&*stored.message, &stored.message.view);
        Self {
            id: message.id.to_string(),
            message_id: view.message_id.to_string(),
            read: stored.read,
            kept: stored.kept,
            from: view.from().first().map(Into::into).unwrap_or_default(),
            to: people(view.to()),
            cc: people(view.cc()),
            bcc: people(view.bcc()),
            reply_to: people(view.reply_to()),
            subject: view.subject.to_string(),
            created: instant(message.received),
            username: user(stored),
            tags: stored.tags.iter().map(ToString::to_string).collect(),
            size: message.raw_len(),
            attachments: view.attachments().len(),
            snippet: message.snippet().into_owned(),
            mailbox: message.mailbox.to_string(),
            envelope: (&message.envelope).into(),
            findings: message.all_findings().count(),
            refusable: message.is_refusable(),
        }
    }
}

impl Whole {
    /// Everything of a message. Decodes its parts: milliseconds for a large one.
    pub fn of(stored: &Stored) -> Self {
        let (message, view, raw) = (&*stored.message, &stored.message.view, &stored.message.raw());
        #[cfg(test)]
        crate::mail::trap::spring("showing", raw);
        // An entry without a name and an id is one that nobody could ask for by either.
        let named = |part: &&Part| part.file_name().is_some() || part.content_id().is_some();
        let shapes = |part| part_shape(part, raw);
        let from: Person = view.from().first().map(Into::into).unwrap_or_default();
        Self {
            id: message.id.to_string(),
            message_id: view.message_id.to_string(),
            read: stored.read,
            kept: stored.kept,
            return_path: view.return_path(raw).unwrap_or_else(|| from.address.clone()),
            from,
            to: people(view.to()),
            cc: people(view.cc()),
            bcc: people(view.bcc()),
            reply_to: people(view.reply_to()),
            subject: view.subject.to_string(),
            list_unsubscribe: list_unsubscribe(view, raw),
            date: view.date.as_ref().map_or_else(|| instant(message.received), ToString::to_string),
            created: instant(message.received),
            tags: stored.tags.iter().map(ToString::to_string).collect(),
            username: user(stored),
            text: view.text(raw),
            html: view.html(raw).unwrap_or_default(),
            size: raw.len(),
            inline: view.inline().filter(named).map(shapes).collect(),
            attachments: view.attachments().filter(named).map(shapes).collect(),
            mailbox: message.mailbox.to_string(),
            envelope: (&message.envelope).into(),
            findings: message.all_findings().map(|finding| FindingShape::of(finding, Some(raw))).collect(),
            refusable: message.is_refusable(),
            found: FoundShape::of(view, raw),
        }
    }
}

fn part_shape(part: &Part, raw: &[u8]) -> PartShape {
    let bytes = part.bytes(raw);
    let content_id = part.content_id().unwrap_or_default().to_owned();
    PartShape {
        part_id: part.id.to_string(),
        file_name: part.file_name().map_or_else(|| content_id.clone(), str::to_owned),
        content_type: part.content_type.to_string(),
        content_id,
        size: bytes.len(),
        checksums: Checksums {
            md5: hex(&Md5::digest(&bytes)),
            sha1: hex(&Sha1::digest(&bytes)),
            sha256: hex(&Sha256::digest(&bytes)),
        },
    }
}

/// RFC 2369 and RFC 8058: what the fields say, and the links in them.
fn list_unsubscribe(view: &View, raw: &[u8]) -> ListUnsubscribe {
    let mut found = ListUnsubscribe::default();
    for field in view.fields(raw) {
        if field.is("List-Unsubscribe") {
            found.header = field.value();
        } else if field.is("List-Unsubscribe-Post") {
            found.header_post = field.value();
        }
    }
    let links = found.header.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    found.links = links.map(|(link, _)| link.trim().to_owned()).collect();
    if !found.header.is_empty() && found.links.is_empty() {
        found.errors = "the field holds no link in angle brackets (RFC 2369 §3.2)".into();
    }
    found
}

/// The header of a message as an object: Go's canonical names, values unfolded and not decoded.
pub fn header_object(stored: &Stored) -> BTreeMap<String, Vec<String>> {
    let mut object: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in stored.message.view.fields(&stored.message.raw()) {
        object.entry(canonical(field.name)).or_default().push(field.unfolded());
    }
    object
}

/// `message-id` becomes `Message-Id`, as Go's `textproto` writes it.
fn canonical(name: &str) -> String {
    let mut upper = true;
    name.chars()
        .map(|char| {
            let cased = if upper { char.to_ascii_uppercase() } else { char.to_ascii_lowercase() };
            upper = char == '-';
            cased
        })
        .collect()
}
