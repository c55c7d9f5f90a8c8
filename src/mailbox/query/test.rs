//! What one clause looks at, and what it found there.

use std::cell::{LazyCell, OnceCell};
use std::collections::HashSet;

use bytes::Bytes;
use jiff::Timestamp;

use super::attachment::AttachmentTest;
use super::pattern::Kind;
use super::{Pattern, Query};
use crate::mail::address::Address;
use crate::mail::envelope::Addressed;
use crate::mail::finding::Oddity;
use crate::mailbox::{Kept, MailboxName};

/// One thing that a message can be asked.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// A text of the message is like this.
    Text(Place, Pattern),
    /// A field is there at all.
    HasHeader(Box<str>),
    /// One attachment is like this.
    Attachment(AttachmentTest),
    Mailbox(MailboxName),
    Read(bool),
    Tagged,
    Kept,
    HasAttachment,
    HasInline,
    HasFindings,
    Refusable,
    Finding(Oddity),
    Larger(usize),
    Smaller(usize),
    Before(Timestamp),
    After(Timestamp),
    /// One of these is what the message is like.
    Either(Vec<Query>),
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    From,
    To,
    Cc,
    Bcc,
    ReplyTo,
    Addressed,
    Envelope,
    Subject,
    Body,
    MessageId,
    Header(Box<str>),
    Tag,
}

/// A message that is asked several things. What must be unpacked is so once, when the first clause wants it.
pub(super) struct Asked<'a> {
    pub(super) kept: Kept<'a>,
    raw: OnceCell<Bytes>,
    plain: OnceCell<Option<String>>,
    html: OnceCell<Option<String>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(kept: Kept<'a>) -> Self {
        Self { kept, raw: OnceCell::new(), plain: OnceCell::new(), html: OnceCell::new() }
    }

    /// Its bytes as sent.
    pub(super) fn raw(&self) -> &[u8] {
        self.raw.get_or_init(|| self.kept.message.raw())
    }

    /// Its plain text.
    fn plain(&self) -> Option<&str> {
        self.plain.get_or_init(|| self.kept.message.view.plain_text(self.raw())).as_deref()
    }

    /// What its HTML says.
    fn html(&self) -> Option<&str> {
        let read = || self.kept.message.view.html(self.raw()).map(|html| crate::mail::html::html_to_text(&html));
        self.html.get_or_init(read).as_deref()
    }
}

impl Test {
    pub(super) fn holds(&self, asked: &Asked<'_>, text: &str) -> bool {
        let kept = asked.kept;
        let (message, view) = (&**kept.message, &kept.message.view);
        match self {
            Self::Text(Place::Anywhere, pattern) => pattern.fits_lower(text),
            Self::Text(place, pattern) => {
                let kind = place.kind();
                let mut fits = false;
                place.texts(asked, |text| {
                    fits = pattern.fits(text, kind);
                    fits
                });
                fits
            }
            Self::HasHeader(name) => view.fields(asked.raw()).any(|field| field.is(name)),
            Self::Attachment(attachment) => attachment.holds(asked),
            Self::Mailbox(name) => message.mailbox == *name,
            Self::Read(read) => kept.read == *read,
            Self::Tagged => !kept.tags.is_empty(),
            Self::Kept => kept.kept,
            Self::HasAttachment => view.attachments().len() > 0,
            Self::HasInline => view.inline().len() > 0,
            Self::HasFindings => message.all_findings().next().is_some(),
            Self::Refusable => message.is_refusable(),
            Self::Finding(oddity) => message.all_findings().any(|finding| finding.oddity == *oddity),
            Self::Larger(bytes) => message.raw_len() > *bytes,
            Self::Smaller(bytes) => message.raw_len() < *bytes,
            Self::Before(instant) => message.received < *instant,
            Self::After(instant) => message.received >= *instant,
            Self::Either(queries) => {
                let (cheap, costly): (Vec<_>, Vec<_>) = queries.iter().partition(|query| !query.is_costly());
                cheap.into_iter().chain(costly).any(|query| query.holds(asked, text))
            }
        }
    }

    /// Whether bodies must be decoded for it: such a clause is asked last.
    pub(super) fn is_costly(&self) -> bool {
        match self {
            Self::Text(Place::Body, _) | Self::Attachment(_) => true,
            Self::Either(queries) => queries.iter().any(Query::is_costly),
            _ => false,
        }
    }

    /// Whether it is answered by a glance, without reading anything: so it may be asked while the store is held.
    pub(super) fn is_quick(&self) -> bool {
        match self {
            Self::Read(_) | Self::Tagged | Self::Kept | Self::Mailbox(_) | Self::HasAttachment | Self::HasInline => {
                true
            }
            Self::Larger(_) | Self::Smaller(_) | Self::Before(_) | Self::After(_) => true,
            Self::Text(place, _) => *place == Place::Anywhere,
            Self::Either(queries) => !self.is_mixed() && queries.iter().all(Query::is_quick),
            _ => false,
        }
    }

    /// Whether its answer can change while the message is kept.
    pub(super) fn is_of_state(&self) -> bool {
        match self {
            Self::Read(_) | Self::Tagged | Self::Kept | Self::Text(Place::Tag, _) => true,
            Self::Either(queries) => queries.iter().any(Query::is_of_state),
            _ => false,
        }
    }

    /// Whether something in it looks anywhere in the text.
    pub(super) fn has_words(&self) -> bool {
        match self {
            Self::Text(place, _) => *place == Place::Anywhere,
            Self::Either(queries) => queries.iter().any(Query::has_words),
            _ => false,
        }
    }

    /// Whether it is answered by the text alone.
    pub(super) fn is_of_words(&self) -> bool {
        match self {
            Self::Either(queries) => queries.iter().all(Query::is_of_words),
            _ => self.has_words(),
        }
    }

    /// Whether it asks for both the text and what stands beside it, so that neither alone is an answer.
    pub(super) fn is_mixed(&self) -> bool {
        self.has_words() && !self.is_of_words()
    }

    /// How many things it asks.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Either(queries) => queries.iter().map(Query::len).sum(),
            _ => 1,
        }
    }
}

impl Place {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Anywhere | Self::Subject | Self::Body | Self::MessageId | Self::Header(_) => Kind::Text,
            Self::Tag => Kind::Name,
            _ => Kind::Address,
        }
    }

    /// Whether what stands there is in the text that searches look in, too.
    pub(super) fn is_in_text(&self) -> bool {
        !matches!(self, Self::Body | Self::Header(_) | Self::Tag)
    }

    /// Offers each text that stands there, until one is taken.
    pub(super) fn texts(&self, asked: &Asked<'_>, mut taken: impl FnMut(&str) -> bool) {
        let kept = asked.kept;
        let (message, view) = (&**kept.message, &kept.message.view);
        let paths = || std::iter::once(&message.envelope.from).chain(&message.envelope.to);
        let taken = &mut taken;
        match self {
            Self::Anywhere => _ = taken(&view.subject) || taken(&message.snippet()),
            Self::From => _ = people(view.from(), taken) || path(&message.envelope.from, taken),
            Self::To => _ = people(view.to(), taken) || message.envelope.to.iter().any(|to| path(to, taken)),
            Self::Cc => _ = people(view.cc(), taken),
            Self::Bcc => _ = people(view.bcc(), taken) || unnamed_recipients(kept, taken),
            Self::ReplyTo => _ = people(view.reply_to(), taken),
            Self::Addressed => {
                let lists = [view.from(), view.to(), view.cc(), view.bcc(), view.reply_to()];
                _ = lists.into_iter().any(|list| people(list, taken)) || paths().any(|one| path(one, taken));
            }
            Self::Envelope => _ = paths().any(|one| path(one, taken)),
            Self::Subject => _ = taken(&view.subject),
            Self::Body => {
                // Both are read: a test may look for words that only one of them has.
                _ = asked.plain().is_some_and(&mut *taken) || asked.html().is_some_and(taken);
            }
            Self::MessageId => _ = taken(&view.message_id),
            Self::Header(name) => {
                _ = view.fields(asked.raw()).filter(|field| field.is(name)).any(|field| taken(&field.value()));
            }
            Self::Tag => _ = kept.tags.iter().any(|tag| taken(tag)),
        }
    }
}

/// The address by itself, the name by itself, and both as a field shows them.
fn people(list: &[Address], taken: &mut impl FnMut(&str) -> bool) -> bool {
    list.iter().any(|one| {
        let both = !one.name.is_empty() && !one.address.is_empty();
        taken(&one.address) || taken(&one.name) || both && taken(&one.to_string())
    })
}

fn path(addressed: &Addressed, taken: &mut impl FnMut(&str) -> bool) -> bool {
    taken(&addressed.path.to_string())
}

/// Recipients of the envelope whom no field names: what Bcc leaves behind.
fn unnamed_recipients(kept: Kept<'_>, taken: &mut impl FnMut(&str) -> bool) -> bool {
    let view = &kept.message.view;
    // Collected, as ten thousand recipients may be compared with as many names.
    let named = LazyCell::new(|| -> HashSet<String> {
        view.to().iter().chain(view.cc()).map(|address| address.address.as_str().to_ascii_lowercase()).collect()
    });
    let unnamed = |path: &String| !named.contains(&path.to_ascii_lowercase());
    kept.message.envelope.to.iter().map(|to| to.path.to_string()).filter(unnamed).any(|path| taken(&path))
}
