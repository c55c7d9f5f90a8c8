//! Why a message that looks like an answer hangs to nothing: a sentence for whoever wrote the program that sent it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;

use super::own;
use crate::mail::View;
use crate::mail::ancestry::{Ancestry, Named, is_reply_subject};

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Astray {
    /// The subject alone says that it answers something.
    SubjectOnly,
    /// A field is there and names nothing.
    NamesNothing(&'static str),
    /// What is named is the id of no message here.
    Unknown {
        /// In-Reply-To or References.
        field: &'static str,
        /// As written.
        id: String,
    },
    /// What is named is nearly the id of a message here.
    Nearly {
        /// In-Reply-To or References.
        field: &'static str,
        /// As written.
        id: String,
        /// The other's Message-ID, as written.
        here: String,
        /// In what they differ.
        differ: String,
    },
    /// It has no Message-ID itself.
    NoId,
    /// Its Message-ID is not in angle brackets, or not alone in them.
    OddId(String),
    /// Others have the same Message-ID.
    SharedId {
        /// Without brackets.
        id: String,
        /// How many have it, itself included.
        count: usize,
    },
}

impl fmt::Display for Astray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SubjectOnly => f.write_str(
                "Its subject is that of a reply, but it has neither In-Reply-To nor References: nothing says what it answers.",
            ),
            Self::NamesNothing(field) => write!(f, "Its {field} names no Message-ID."),
            Self::Unknown { field, id } => write!(f, "Its {field} names {id}, which is not among the messages here."),
            Self::Nearly { field, id, here, differ } => write!(
                f,
                "Its {field} names {id}, but the Message-ID here is {here}: they differ in {differ}, and ids are compared \
                 byte for byte."
            ),
            Self::NoId => f.write_str("Its own Message-ID is missing, so nothing can refer to it."),
            Self::OddId(id) => {
                write!(f, "Its own Message-ID is {id}, not one id in angle brackets, so nothing can refer to it.")
            }
            Self::SharedId { id, count } => {
                write!(f, "{count} messages here share the Message-ID <{id}>, so a reply to one is a reply to all of them.")
            }
        }
    }
}

/// All messages in scope, as what is astray is compared with them.
pub(super) struct Others<'a> {
    all: &'a [&'a View],
    by_id: &'a HashMap<&'a str, Vec<usize>>,
    /// Their places by the [`essence`] of their ids; made when the first message is lost.
    by_essence: OnceCell<HashMap<Vec<u8>, Vec<usize>>>,
}

impl<'a> Others<'a> {
    pub(super) fn new(all: &'a [&'a View], by_id: &'a HashMap<&'a str, Vec<usize>>) -> Self {
        Self { all, by_id, by_essence: OnceCell::new() }
    }

    /// Why this message hangs to nothing that it answers; nothing if it does, or answers nothing.
    pub(super) fn reasons(&self, view: &View) -> Vec<Astray> {
        let mut reasons = Vec::new();
        let empty = Ancestry::default();
        let ancestry = view.ancestry.as_deref().unwrap_or(&empty);
        let answers =
            ancestry.in_reply_to.is_some() || ancestry.references.is_some() || is_reply_subject(&view.subject);
        let is_other = |at: &usize| !std::ptr::eq(self.all[*at], view);
        let hangs = ancestry.nearest_first().filter_map(|id| self.by_id.get(id)).flatten().any(is_other);
        if answers && !hangs {
            reasons.push(self.lost(ancestry, view));
            match &ancestry.own_as_written {
                Some(odd) => reasons.push(Astray::OddId(shown(odd))),
                None if view.message_id.is_empty() => reasons.push(Astray::NoId),
                None => {}
            }
        }
        if let Some(id) = own(view)
            && let Some(holders) = self.by_id.get(id).filter(|holders| holders.len() > 1)
        {
            reasons.push(Astray::SharedId { id: shown(id), count: holders.len() });
        }
        reasons
    }

    fn lost(&self, ancestry: &Ancestry, view: &View) -> Astray {
        let fields = [("In-Reply-To", &ancestry.in_reply_to), ("References", &ancestry.references)];
        let there = || fields.iter().filter_map(|(name, field)| field.as_deref().map(|named| (*name, named)));
        // The parent is the last of References, and its field names it first.
        let all_named = || there().flat_map(|(name, named)| named.iter().rev().map(move |named| (name, named)));
        for (field, named) in all_named().take(COMPARED_MAX) {
            if let Some(other) = self.alike(&named.id, view) {
                let here = written_own(other);
                let id = written(named);
                return Astray::Nearly { field, differ: difference(&id, &here), id: shown(&id), here: shown(&here) };
            }
        }
        let first = all_named().next();
        match first {
            Some((field, named)) => Astray::Unknown { field, id: shown(&written(named)) },
            None => there().next().map_or(Astray::SubjectOnly, |(field, _)| Astray::NamesNothing(field)),
        }
    }

    /// The first other message whose id is the same to a person.
    fn alike(&self, id: &str, view: &View) -> Option<&'a View> {
        let by_essence = self.by_essence.get_or_init(|| {
            let mut places: HashMap<_, Vec<_>> = HashMap::with_capacity(self.all.len());
            for (at, other) in self.all.iter().enumerate() {
                let essence = essence(&other.message_id);
                if !essence.is_empty() {
                    places.entry(essence).or_default().push(at);
                }
            }
            places
        });
        let mut alike = by_essence.get(&essence(id)).into_iter().flatten().map(|&at| self.all[at]);
        alike.find(|other| !std::ptr::eq(*other, view))
    }
}

/// Ids that are compared.
const COMPARED_MAX: usize = 10;

fn written(named: &Named) -> String {
    if named.bracketed { format!("<{}>", named.id) } else { named.id.to_string() }
}

fn written_own(view: &View) -> String {
    let odd = view.ancestry.as_ref().and_then(|ancestry| ancestry.own_as_written.as_deref());
    odd.map_or_else(|| format!("<{}>", view.message_id), Into::into)
}

/// A sentence has room for so much of an id.
fn shown(id: &str) -> String {
    const SHOWN_BYTES_MAX: usize = 200;
    if id.len() <= SHOWN_BYTES_MAX {
        id.to_owned()
    } else {
        format!("{}…", &id[..id.floor_char_boundary(SHOWN_BYTES_MAX)])
    }
}

/// What is left of an id for a person who compares it with another.
fn essence(id: &str) -> Vec<u8> {
    id.bytes().filter(counts).map(|byte| byte.to_ascii_lowercase()).collect()
}

fn counts(byte: &u8) -> bool {
    !byte.is_ascii_whitespace() && !b"<>\"".contains(byte)
}

/// In what two ids differ that are alike, as they were written.
fn difference(one: &str, other: &str) -> String {
    let only = |id: &str, wanted: fn(&u8) -> bool| id.bytes().filter(wanted).collect::<Vec<_>>();
    let differ = |wanted| only(one, wanted) != only(other, wanted);
    let words = [
        ("angle brackets", differ(|byte| b"<>".contains(byte))),
        ("quotes", differ(|byte| *byte == b'"')),
        ("white space", differ(u8::is_ascii_whitespace)),
        ("case", differ(counts)),
    ];
    let words: Vec<_> = words.into_iter().filter(|(_, is)| *is).map(|(word, _)| word).collect();
    // As much of it, but elsewhere.
    if words.is_empty() { "white space".into() } else { words.join(" and ") }
}
