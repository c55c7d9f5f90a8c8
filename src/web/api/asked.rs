//! What the document says of what is asked: bodies and parameters that are read member by member, in any case, so that each
//! slip gets its own sentence. Here they stand as types.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Which messages.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"IDs": ["0354L5pJ01cancO50VYbnG"]}))]
pub(in crate::web::api) struct Ids {
    /// Those of them that are there. An empty list is refused.
    #[serde(rename = "IDs")]
    ids: Option<Vec<String>>,
}

/// Which messages, and what shall become of them.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"Read": true, "Search": "from:shop@app.test"}))]
#[serde(rename_all = "PascalCase")]
pub(in crate::web::api) struct Marking {
    /// Whether they are read.
    read: Option<bool>,
    /// Whether they are spared when the list is cleared and when memory is full.
    kept: Option<bool>,
    /// Those of them that are there. An empty list is all, as with Mailpit.
    #[serde(rename = "IDs")]
    ids: Option<Vec<String>>,
    /// What this search finds; not beside `IDs`.
    search: Option<String>,
}

/// Which messages, and their tags.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"Tags": ["signup"], "IDs": ["0354L5pJ01cancO50VYbnG"]}))]
#[serde(rename_all = "PascalCase")]
pub(in crate::web::api) struct Tagging {
    /// None takes all of theirs off.
    #[schema(example = json!(["signup"]))]
    tags: Option<Vec<String>>,
    /// Those of them that are there.
    #[serde(rename = "IDs")]
    ids: Option<Vec<String>>,
}

/// What a tag shall be called.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(in crate::web::api) struct NewName {
    /// No comma, no control character, 100 bytes at most.
    #[schema(example = "sign-up")]
    name: String,
}

/// A message to be composed.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"From": {"Email": "shop@app.test"}, "To": [{"Email": "ann@app.test"}], "Subject": "Welcome", "Text": "Good day."}))]
#[serde(rename_all = "PascalCase")]
pub(in crate::web::api) struct Letter {
    /// The author.
    from: Correspondent,
    /// Of `To`, `Cc` and `Bcc` one must name somebody.
    to: Option<Vec<Correspondent>>,
    cc: Option<Vec<Correspondent>>,
    /// Addresses. They are written into the field Bcc, as with Mailpit.
    bcc: Option<Vec<String>>,
    reply_to: Option<Vec<Correspondent>>,
    #[schema(example = "Welcome")]
    subject: Option<String>,
    /// The plain text.
    text: Option<String>,
    #[serde(rename = "HTML")]
    html: Option<String>,
    attachments: Option<Vec<File>>,
    /// Written into the field X-Tags.
    tags: Option<Vec<String>>,
    /// Further fields by their names.
    headers: Option<BTreeMap<String, String>>,
}

/// A name and an address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct Correspondent {
    /// The display name.
    name: Option<String>,
    /// `local@domain`, bare.
    #[schema(example = "ann@app.test")]
    email: String,
}

/// A file to be attached.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct File {
    /// Its bytes in Base64 (RFC 4648 §4).
    #[schema(example = "JVBERi0=")]
    content: String,
    #[schema(example = "invoice.pdf")]
    filename: Option<String>,
    /// Its media type; guessed if it is not said.
    content_type: Option<String>,
    /// Makes it a part that the HTML can show, as `cid:…`.
    #[serde(rename = "ContentID")]
    content_id: Option<String>,
}

/// A text. As a string it is contained, whatever the case; a whole address is meant as a whole.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Text {
    /// Contained, whatever the case.
    Plain(String),
    /// As it is said.
    Meant(Meant),
}

/// How a text is meant.
#[derive(Serialize, ToSchema)]
struct Meant {
    /// Contained, whatever the case.
    #[schema(nullable = false)]
    contains: Option<String>,
    /// To the letter.
    #[schema(nullable = false)]
    equals: Option<String>,
    /// A regular expression in the syntax of Rust's `regex`, whatever the case unless it says `(?-i)`.
    #[schema(nullable = false)]
    regex: Option<String>,
}

/// A text, or a list of which all must hold.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Texts {
    /// One.
    One(Text),
    /// All of them.
    All(Vec<Text>),
}

/// One word, or a list of which all must hold.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Words {
    /// One.
    One(String),
    /// All of them.
    All(Vec<String>),
}

/// What a header field must say; `true` if it must only be there.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Field {
    /// It is there.
    There(bool),
    /// It says this.
    Says(Texts),
}

/// Whether there are any, the name of one, or what one of them must be like.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Attached {
    /// Whether there are any.
    Any(bool),
    /// The file name of one contains it.
    Named(String),
    /// One is like this.
    Like(Attachment),
    /// For each of these there is one.
    All(Vec<Attachment>),
}

/// What one attachment must be like.
#[derive(Serialize, ToSchema)]
struct Attachment {
    /// Its file name.
    #[schema(nullable = false)]
    name: Option<Text>,
    /// Its media type.
    #[schema(nullable = false)]
    r#type: Option<Text>,
    /// MD5, SHA-1 or SHA-256 of its bytes, in hexadecimal digits.
    #[schema(pattern = "^([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")]
    digest: Option<String>,
}

/// How large the source is.
#[derive(Serialize, ToSchema)]
struct Size {
    /// More than this.
    #[schema(nullable = false)]
    larger: Option<Bytes>,
    /// Less than this.
    #[schema(nullable = false)]
    smaller: Option<Bytes>,
}

/// A number of bytes, or `100kb`, `1MB`.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Bytes {
    /// Bytes.
    Number(u64),
    /// With its unit.
    Said(SizeText),
}

/// A number of bytes with its unit.
#[derive(Serialize, ToSchema)]
#[schema(pattern = "^[0-9]{1,9}([kKmM]?[bB])$", example = "100kb")]
struct SizeText(String);

/// Whether there are any, or the ids of those that there must be.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Findings {
    /// Whether there are any.
    Any(bool),
    /// An id of `/api/v1/findings`.
    One(String),
    /// Several.
    All(Vec<String>),
}

/// A number of seconds, or `5s`, `500ms`, `1m`.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "the document alone reads it")]
enum Time {
    /// Seconds, 300 at most.
    Seconds(Seconds),
    /// With its unit.
    Said(TimeText),
}

/// Seconds.
#[derive(Serialize, ToSchema)]
#[schema(minimum = 0, maximum = 300)]
struct Seconds(f64);

/// A number with its unit; together 300 s at most.
#[derive(Serialize, ToSchema)]
#[schema(pattern = "^([0-9]{1,5}ms|[0-9]{1,2}s|[0-4]m|5m)$", example = "500ms")]
struct TimeText(String);

/// What a wait asks. All of it must hold; names of members count in any case, and one that is not known is refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"to": "ann@app.test", "subject": {"regex": "order #[0-9]+"}, "timeout": "5s"}))]
pub(in crate::web::api) struct Question {
    /// All of the search language.
    #[schema(example = "to:ann@app.test -is:read", nullable = false)]
    query: Option<String>,
    /// The mailbox, where the question is asked at the root.
    #[schema(nullable = false)]
    mailbox: Option<String>,
    /// An address of the field From or of the envelope.
    #[schema(nullable = false)]
    from: Option<Texts>,
    /// An address of the field To or of the envelope.
    #[schema(nullable = false)]
    to: Option<Texts>,
    /// An address of the field Cc.
    #[schema(nullable = false)]
    cc: Option<Texts>,
    /// An address of the field Bcc.
    #[schema(nullable = false)]
    bcc: Option<Texts>,
    /// An address of the field Reply-To.
    #[schema(nullable = false)]
    reply_to: Option<Texts>,
    /// An address of MAIL FROM or RCPT TO, whatever the fields say.
    #[schema(nullable = false)]
    envelope: Option<Texts>,
    /// The subject.
    #[schema(nullable = false)]
    subject: Option<Texts>,
    /// The text or the HTML.
    #[schema(nullable = false)]
    body: Option<Texts>,
    /// The field Message-ID.
    #[schema(nullable = false)]
    message_id: Option<Texts>,
    /// Header fields by their names.
    #[schema(nullable = false)]
    header: Option<BTreeMap<String, Field>>,
    /// A tag.
    #[schema(nullable = false)]
    tag: Option<Words>,
    /// An attachment.
    #[schema(nullable = false)]
    attachment: Option<Attached>,
    /// The size of the source.
    #[schema(nullable = false)]
    size: Option<Size>,
    /// What is odd.
    #[schema(nullable = false)]
    findings: Option<Findings>,
    /// Whether a strict server would refuse it.
    #[schema(nullable = false)]
    refusable: Option<bool>,
    /// So many messages or more: the oldest so many are the answer. Of `count`, `exactly` and `none` only one can be asked for.
    #[schema(minimum = 1, maximum = 10_000, nullable = false)]
    count: Option<u32>,
    /// So many, and for 200 ms no other.
    #[schema(minimum = 1, maximum = 10_000, nullable = false)]
    exactly: Option<u32>,
    /// That none is there, nor comes within this time. Not beside `timeout`.
    #[schema(nullable = false)]
    none: Option<Time>,
    /// Only what came after this cursor, after this time (`2026-11-24T10:00:00Z`), or after `now`.
    #[schema(example = "now", nullable = false)]
    since: Option<String>,
    /// How long to wait; 3 s if it is not said, 300 s at most.
    #[schema(nullable = false)]
    timeout: Option<Time>,
}

/// The same as parameters of an address.
#[derive(Serialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(in crate::web::api) struct Parameters {
    /// All of the search language.
    query: Option<String>,
    /// The mailbox, where the question is asked at the root.
    mailbox: Option<String>,
    /// An address of the field From or of the envelope.
    from: Option<Vec<String>>,
    /// An address of the field To or of the envelope.
    #[param(example = json!(["ann@app.test"]))]
    to: Option<Vec<String>>,
    /// An address of the field Cc.
    cc: Option<Vec<String>>,
    /// An address of the field Bcc.
    bcc: Option<Vec<String>>,
    /// An address of the field Reply-To.
    reply_to: Option<Vec<String>>,
    /// An address of MAIL FROM or RCPT TO, whatever the fields say.
    envelope: Option<Vec<String>>,
    /// Contained in the subject, whatever the case.
    #[param(example = json!(["Welcome"]))]
    subject: Option<Vec<String>>,
    /// Contained in the text or the HTML.
    body: Option<Vec<String>>,
    /// Contained in the field Message-ID.
    message_id: Option<Vec<String>>,
    /// A tag.
    tag: Option<Vec<String>>,
    /// `true`, `false`, or what the file name of one contains.
    attachment: Option<Vec<String>>,
    /// What the file name of one contains.
    #[serde(rename = "attachment.name")]
    attachment_name: Option<String>,
    /// The media type of one.
    #[serde(rename = "attachment.type")]
    attachment_type: Option<String>,
    /// MD5, SHA-1 or SHA-256 of one, in hexadecimal digits.
    #[serde(rename = "attachment.digest")]
    attachment_digest: Option<String>,
    /// The source has more bytes: `100kb`.
    #[serde(rename = "size.larger")]
    size_larger: Option<String>,
    /// The source has fewer bytes.
    #[serde(rename = "size.smaller")]
    size_smaller: Option<String>,
    /// `true`, `false`, or the id of a finding.
    findings: Option<Vec<String>>,
    /// Whether a strict server would refuse it.
    refusable: Option<bool>,
    /// So many messages or more. Of `count`, `exactly` and `none` only one can be asked for.
    #[param(minimum = 1, maximum = 10_000)]
    count: Option<u32>,
    /// So many, and for 200 ms no other.
    #[param(minimum = 1, maximum = 10_000)]
    exactly: Option<u32>,
    /// That none is there, nor comes within this time: `500ms`. Not beside `timeout`.
    #[param(pattern = "^([0-9]{1,5}ms|[0-9]{1,2}s|[0-4]m|5m)$")]
    none: Option<String>,
    /// Only what came after this cursor, after this time, or after `now`.
    since: Option<String>,
    /// How long to wait: `5s`; 3 s if it is not said, 300 s at most.
    #[param(pattern = "^([0-9]{1,5}ms|[0-9]{1,2}s|[0-4]m|5m)$", example = "5s")]
    timeout: Option<String>,
}
