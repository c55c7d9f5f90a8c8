//! The addresses of a message, in one list: most messages have two, and six lists for them would be larger than both.

use super::View;
use crate::mail::address::Address;
use crate::mail::weight::heap_bytes;

/// The addresses, those of each kind of field beside each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct People {
    all: Box<[Address]>,
    /// Where those of each kind end.
    ends: [u32; KINDS],
}

heap_bytes! { People { all } }

/// The fields that name people.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    From,
    Sender,
    To,
    Cc,
    Bcc,
    ReplyTo,
}

const KINDS: usize = 6;

impl People {
    /// Those of this kind.
    pub(super) fn of(&self, kind: Kind) -> &[Address] {
        let start = (kind as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = self.ends[kind as usize];
        self.all.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl View {
    /// The authors of the first From field. What is no address is a name without one.
    pub fn from(&self) -> &[Address] {
        self.people.of(Kind::From)
    }

    /// Sender.
    pub fn sender(&self) -> Option<&Address> {
        self.people.of(Kind::Sender).first()
    }

    /// To, all fields together; groups are flattened.
    pub fn to(&self) -> &[Address] {
        self.people.of(Kind::To)
    }

    /// Cc, likewise.
    pub fn cc(&self) -> &[Address] {
        self.people.of(Kind::Cc)
    }

    /// Bcc, likewise: an application that leaves it in gives its recipients away.
    pub fn bcc(&self) -> &[Address] {
        self.people.of(Kind::Bcc)
    }

    /// Reply-To, likewise.
    pub fn reply_to(&self) -> &[Address] {
        self.people.of(Kind::ReplyTo)
    }
}

/// The addresses as the fields come, in any order.
#[derive(Default)]
pub(super) struct Gathered([Vec<Address>; KINDS]);

impl Gathered {
    /// Adds the addresses of another field of this kind, as long as it has no more than `most`.
    pub(super) fn add(&mut self, kind: Kind, more: Vec<Address>, most: usize) {
        let list = &mut self.0[kind as usize];
        let left = most.saturating_sub(list.len());
        list.extend(more.into_iter().take(left));
    }

    pub(super) fn into_people(self) -> People {
        let mut end = 0;
        let ends = self.0.each_ref().map(|list| {
            end += list.len() as u32; // ten thousand of a kind at most
            end
        });
        People { all: self.0.into_iter().flatten().collect(), ends }
    }
}
