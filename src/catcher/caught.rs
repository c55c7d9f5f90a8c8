//! A message as a test asks it: decoded where that is meant, as sent where that is.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;

use crate::mail::Part;
use crate::mail::extract::{self, Code, Link, main_link};
use crate::mailbox::query::quoted;
use crate::mailbox::{MessageId, Stored};

/// A message that was caught. It stays readable when the catcher has evicted or deleted it.
#[derive(Clone)]
pub struct Caught {
    stored: Stored,
    /// Its bytes, once they were asked for: a test asks one message many things.
    raw: OnceLock<Bytes>,
}

/// What a failed assertion needs to show, and not all that is known.
impl fmt::Debug for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caught")
            .field("subject", &self.subject())
            .field("from", &self.envelope_from())
            .field("to", &self.envelope_to())
            .field("text", &quoted(&self.text()))
            .finish_non_exhaustive()
    }
}

/// A place in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub(super) u64);

/// An attachment, or an inline part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name, decoded; empty if it has none.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its Content-ID without brackets; empty if it has none.
    pub content_id: String,
    /// Its bytes, transfer encoding undone.
    pub bytes: Vec<u8>,
}

impl Caught {
    pub(super) fn new(stored: Stored) -> Self {
        Self { stored, raw: OnceLock::new() }
    }

    /// Its id, as the SMTP reply, the page and the API name it.
    pub fn id(&self) -> MessageId {
        self.stored.message.id
    }

    /// Its place in the order of arrival.
    pub fn cursor(&self) -> Cursor {
        Cursor(self.stored.seq)
    }

    /// The subject, decoded.
    pub fn subject(&self) -> &str {
        &self.stored.message.view.subject
    }

    /// The address of the first author, `local@domain`; empty without one.
    pub fn from(&self) -> &str {
        self.stored.message.view.from().first().map_or("", |from| &from.address)
    }

    /// The addresses of the To field.
    pub fn to(&self) -> Vec<&str> {
        self.stored.message.view.to().iter().map(|to| &*to.address).collect()
    }

    /// The addresses of the Cc field.
    pub fn cc(&self) -> Vec<&str> {
        self.stored.message.view.cc().iter().map(|cc| &*cc.address).collect()
    }

    /// What MAIL FROM said, without brackets; empty for the null sender.
    pub fn envelope_from(&self) -> String {
        self.stored.message.envelope.from.path.to_string()
    }

    /// What each RCPT TO said, in order.
    pub fn envelope_to(&self) -> Vec<String> {
        self.stored.message.envelope.to.iter().map(|to| to.path.to_string()).collect()
    }

    /// The mailbox that it came into.
    pub fn mailbox(&self) -> &str {
        self.stored.message.mailbox.as_str()
    }

    /// Its tags, by name.
    pub fn tags(&self) -> Vec<&str> {
        self.stored.tags.iter().map(|tag| &**tag).collect()
    }

    /// The first field of this name, decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        self.stored.message.view.value(self.raw(), name)
    }

    /// The text to read: the plain one, else one made from the HTML. Line ends are as sent.
    pub fn text(&self) -> String {
        self.stored.message.view.text(self.raw())
    }

    /// The HTML as sent, if there is any.
    pub fn html(&self) -> Option<String> {
        self.stored.message.view.html(self.raw())
    }

    /// The attachments, then the inline parts.
    pub fn attachments(&self) -> Vec<Attachment> {
        let view = &self.stored.message.view;
        view.attachments().chain(view.inline()).map(|part| self.attachment(part)).collect()
    }

    /// The one-time code in it, as it is to be typed.
    pub fn code(&self) -> Option<String> {
        self.codes().into_iter().next().map(|code| code.value)
    }

    /// Every one-time code in it, the clearest first.
    pub fn codes(&self) -> Vec<Code> {
        extract::codes(&self.stored.message.view, self.raw())
    }

    /// The link that it asks to follow: to verify, to reset, to sign in, to accept.
    pub fn link(&self) -> Option<String> {
        main_link(&self.links()).map(|link| link.url.clone())
    }

    /// Every link in it, once, in order.
    pub fn links(&self) -> Vec<Link> {
        extract::links(&self.stored.message.view, self.raw())
    }

    /// The ids of what was odd about it, on the wire and in its bytes.
    pub fn findings(&self) -> Vec<&'static str> {
        self.stored.message.all_findings().map(|finding| finding.oddity.id()).collect()
    }

    /// The bytes as sent.
    pub fn raw(&self) -> &[u8] {
        self.raw.get_or_init(|| self.stored.message.raw())
    }

    fn attachment(&self, part: &Part) -> Attachment {
        Attachment {
            name: part.file_name().unwrap_or_default().to_owned(),
            media_type: part.content_type.to_string(),
            content_id: part.content_id().unwrap_or_default().to_owned(),
            bytes: part.bytes(self.raw()).into_owned(),
        }
    }
}
