//! The JSON of the API. Names and nesting are Mailpit's; what is ours is added beside them. Lists are never `null`.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};
use md5::Md5;
use serde::Serialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::envelope::EnvelopeShape;
use super::findings::FindingShape;
use super::found::{CodeShape, LinkShape};
use crate::mail::View;
use crate::mail::address::Address;
use crate::mail::extract::{found, main_link};
use crate::mail::structure::Part;
use crate::mailbox::Stored;
use crate::mailbox::query::hex;

/// A name and an address of a header field.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Person)]
#[serde(rename_all = "PascalCase")]
pub struct Person {
    /// The display name, decoded; empty if there is none.
    #[schema(example = "Ann")]
    name: String,
    /// `local@domain`, as far as there is one: what is odd is told as it stands.
    #[schema(example = "ann@app.test")]
    address: String,
}

/// A message in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summary)]
#[serde(rename_all = "PascalCase")]
pub struct Summary {
    /// Of this message, for as long as it is there: 22 characters, in the order of arrival.
    #[schema(example = "0354L5pJ01cancO50VYbnG")]
    #[serde(rename = "ID")]
    id: String,
    /// The field Message-ID without its brackets (RFC 5322 §3.6.4); empty if there is none.
    #[serde(rename = "MessageID")]
    message_id: String,
    /// Whether it is marked as read.
    read: bool,
    /// Whether it is spared when the list is cleared and when memory is full.
    kept: bool,
    /// The first author.
    from: Person,
    /// The field To.
    to: Vec<Person>,
    /// The field Cc.
    cc: Vec<Person>,
    /// The field Bcc, which hardly any client sends; who got it is told by `Envelope`.
    bcc: Vec<Person>,
    /// The field Reply-To.
    reply_to: Vec<Person>,
    /// Decoded.
    #[schema(example = "Welcome")]
    subject: String,
    /// When it arrived: RFC 3339, in UTC, with milliseconds.
    #[schema(format = DateTime, example = "2026-11-24T10:00:00.000Z")]
    created: String,
    /// The SMTP user name; empty without a login.
    username: String,
    /// Of its plus address, of its field X-Tags, and those that were given to it.
    tags: Vec<String>,
    /// Of its source, in bytes.
    size: usize,
    /// How many.
    attachments: usize,
    /// The first words of its text.
    snippet: String,
    /// The mailbox that it is in.
    #[schema(example = "default")]
    mailbox: String,
    /// What the wire said.
    envelope: EnvelopeShape,
    /// How many there are.
    findings: usize,
    /// Whether a strict server would have refused it.
    refusable: bool,
}

/// A page of a list or of a search.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Listing)]
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
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
#[serde(rename_all = "PascalCase")]
pub struct Whole {
    /// Of this message, for as long as it is there: 22 characters, in the order of arrival.
    #[schema(example = "0354L5pJ01cancO50VYbnG")]
    #[serde(rename = "ID")]
    id: String,
    /// The field Message-ID without its brackets (RFC 5322 §3.6.4); empty if there is none.
    #[serde(rename = "MessageID")]
    message_id: String,
    /// Whether it is marked as read. Reading it here marks nothing.
    read: bool,
    /// Whether it is spared when the list is cleared and when memory is full.
    kept: bool,
    /// The first author.
    from: Person,
    /// The field To.
    to: Vec<Person>,
    /// The field Cc.
    cc: Vec<Person>,
    /// The field Bcc, which hardly any client sends; who got it is told by `Envelope`.
    bcc: Vec<Person>,
    /// The field Reply-To.
    reply_to: Vec<Person>,
    /// The field Return-Path if there is one, else the address of the author.
    return_path: String,
    /// Decoded.
    #[schema(example = "Welcome")]
    subject: String,
    /// How one leaves the list.
    list_unsubscribe: ListUnsubscribe,
    /// The field Date as it was meant, RFC 3339; when it arrived, if it says nothing.
    date: String,
    /// When it arrived: RFC 3339, in UTC, with milliseconds.
    #[schema(format = DateTime, example = "2026-11-24T10:00:00.000Z")]
    created: String,
    /// Of its plus address, of its field X-Tags, and those that were given to it.
    tags: Vec<String>,
    /// The SMTP user name; empty without a login.
    username: String,
    /// The plain text, decoded, line ends as sent; made from the HTML if there is none.
    text: String,
    /// The HTML, decoded; empty if there is none.
    #[serde(rename = "HTML")]
    html: String,
    /// Of its source, in bytes.
    size: usize,
    /// Parts that the HTML shows.
    inline: Vec<PartShape>,
    /// Parts that are files.
    attachments: Vec<PartShape>,
    /// The mailbox that it is in.
    #[schema(example = "default")]
    mailbox: String,
    /// What the wire said.
    envelope: EnvelopeShape,
    /// What is odd about it.
    findings: Vec<FindingShape>,
    /// Whether a strict server would have refused it.
    refusable: bool,
    /// One-time codes in its subject, text and HTML, the best first.
    codes: Vec<CodeShape>,
    /// Every link in its text and HTML, in order, each once.
    links: Vec<LinkShape>,
    /// The link that the message is about; none if nothing says which.
    main_link: Option<LinkShape>,
}

/// How one leaves the list: RFC 2369 and RFC 8058.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct ListUnsubscribe {
    /// The field List-Unsubscribe; empty if there is none.
    header: String,
    /// The links in it.
    links: Vec<String>,
    /// What is wrong with it; empty if nothing is.
    errors: String,
    /// The field List-Unsubscribe-Post.
    header_post: String,
}

/// A part of a message that is a file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Part)]
#[serde(rename_all = "PascalCase")]
struct PartShape {
    /// What stands for it in an address.
    #[schema(example = "2")]
    #[serde(rename = "PartID")]
    part_id: String,
    /// Decoded; the Content-ID if it has no name.
    #[schema(example = "invoice.pdf")]
    file_name: String,
    /// The media type, without parameters.
    #[schema(example = "application/pdf")]
    content_type: String,
    /// Without its brackets; empty if there is none.
    #[serde(rename = "ContentID")]
    content_id: String,
    /// Of its bytes, transfer encoding undone.
    size: usize,
    /// Of its bytes, transfer encoding undone.
    checksums: Checksums,
}

/// Digests in hexadecimal digits.
#[derive(Debug, Serialize, ToSchema)]
struct Checksums {
    #[serde(rename = "MD5")]
    md5: String,
    #[serde(rename = "SHA1")]
    sha1: String,
    #[serde(rename = "SHA256")]
    sha256: String,
}

impl From<&Address> for Person {
    fn from(address: &Address) -> Self {
        Self { name: address.name.to_string(), address: address.address.to_string() }
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
        let found = found(view, raw);
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
            main_link: main_link(&found.links).map(Into::into),
            links: found.links.iter().map(Into::into).collect(),
            codes: found.codes.into_iter().map(Into::into).collect(),
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

/// The header of a message as an object: Go's canonical names, values unfolded, with their encoded words or decoded.
pub fn header_object(stored: &Stored, decoded: bool) -> BTreeMap<String, Vec<String>> {
    let mut object: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in stored.message.view.fields(&stored.message.raw()) {
        let value = if decoded { field.value() } else { field.unfolded() };
        object.entry(canonical(field.name)).or_default().push(value);
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
