//! Tags: short words on a message, from `user+word@`, from an `X-Tags` field, or set by hand.
//!
//! A name is the same in any case; it is shown as it was first written.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::mail::envelope::Envelope;
use crate::mail::view::View;
use crate::mail::weight::{ARC_BYTES, HeapBytes};

/// The tags of one message, by name. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Option<Arc<[Box<str>]>>);

/// The longest name, in bytes.
pub const TAG_BYTES_MAX: usize = 100;
/// The most tags of one message.
pub const TAGS_MAX: usize = 20;

impl Deref for Tags {
    type Target = [Box<str>];

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Tags {
    /// Those of these words that can be names, each once, at most [`TAGS_MAX`].
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = BTreeMap::new();
        for name in words.into_iter().filter_map(name) {
            if names.len() < TAGS_MAX {
                names.entry(name.to_lowercase()).or_insert_with(|| name.into());
            }
        }
        Self((!names.is_empty()).then(|| names.into_values().collect()))
    }

    /// What a message brings: the sub-addresses of its recipients (RFC 5233 §1), and the words of its X-Tags fields.
    pub(super) fn of(envelope: &Envelope, view: &View, raw: &[u8]) -> Self {
        let fields: Vec<_> = view.fields(raw).filter(|field| field.is("X-Tags")).map(|field| field.value()).collect();
        let named = fields.iter().flat_map(|field| field.split(','));
        let written = [view.to(), view.cc(), view.bcc()].into_iter().flatten().map(|address| &*address.address);
        let paths = envelope.to.iter().map(|to| String::from_utf8_lossy(to.path.as_bytes())).collect::<Vec<_>>();
        let meant = paths.iter().map(|path| &**path);
        Self::new(named.chain(written.chain(meant).filter_map(sub_address)))
    }

    /// Whether this name is among them, in any case.
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|tag| same(tag, name))
    }

    /// These, but that name written so; without a new one, without it.
    #[must_use]
    pub fn with_renamed(&self, from: &str, to: Option<&str>) -> Self {
        let kept = self.iter().map(|tag| &**tag).filter(|tag| !same(tag, from));
        Self::new(kept.chain(to))
    }

    /// These without those, and with these others; one that is in both is there after all.
    #[must_use]
    pub fn changed(&self, add: &Self, remove: &Self) -> Self {
        let left = self.iter().map(|tag| &**tag).filter(|tag| !remove.has(tag));
        Self::new(left.chain(add.iter().map(|tag| &**tag)))
    }

    /// What they take beside the message that brought them: nothing as long as they are the same.
    pub(super) fn bytes_beside(&self, brought: &Self) -> usize {
        match (&self.0, &brought.0) {
            (Some(now), Some(before)) if Arc::ptr_eq(now, before) => 0,
            _ => self.heap_bytes(),
        }
    }

    /// What [`TagCounts`] take if they know none of them yet.
    pub(super) fn counts_bytes(&self) -> usize {
        self.iter().map(|tag| count_bytes(tag)).sum()
    }
}

impl HeapBytes for Tags {
    fn heap_bytes(&self) -> usize {
        self.0.as_ref().map_or(0, |names| ARC_BYTES + size_of_val(&**names) + names.heap_bytes())
    }
}

/// A word as the name of a tag, if it can be one: neither empty nor too long, without commas and control characters.
pub fn name(word: &str) -> Option<&str> {
    let word = word.trim();
    let fits = !word.is_empty()
        && word.len() <= TAG_BYTES_MAX
        && !word.contains(|char: char| char.is_control() || char == ',');
    fits.then_some(word)
}

/// Whether two names mean the same tag.
pub fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// `t42` of `user+t42@app.test`; not what a VERP sender encodes there, `user+ann=app.test@`.
fn sub_address(address: &str) -> Option<&str> {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let (_, detail) = local.split_once('+')?;
    (!local.starts_with('"') && !detail.contains('=')).then_some(detail)
}

/// A name stands there twice, once in lower case.
pub(super) fn count_bytes(name: &str) -> usize {
    2 * name.len() + COUNT_BYTES
}

/// An entry of the counts, whose nodes of eleven are filled to two thirds or so.
const COUNT_BYTES: usize = size_of::<(String, (Box<str>, usize))>() * 3 / 2;

/// How many messages have each tag.
#[derive(Debug, Default)]
pub(super) struct TagCounts(BTreeMap<String, (Box<str>, usize)>);

impl TagCounts {
    /// Whether some message has this tag.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(&name.to_lowercase())
    }

    /// Answers the bytes that it takes for it.
    pub(super) fn add(&mut self, tags: &Tags) -> usize {
        let mut bytes = 0;
        for tag in tags.iter() {
            let first = || {
                bytes += count_bytes(tag);
                (tag.clone(), 0)
            };
            self.0.entry(tag.to_lowercase()).or_insert_with(first).1 += 1;
        }
        bytes
    }

    /// Answers the bytes that it gives back.
    pub(super) fn remove(&mut self, tags: &Tags) -> usize {
        let mut bytes = 0;
        for tag in tags.iter() {
            let key = tag.to_lowercase();
            if let Some((name, count)) = self.0.get_mut(&key) {
                *count -= 1;
                if *count == 0 {
                    bytes += count_bytes(name);
                    self.0.remove(&key);
                }
            }
        }
        bytes
    }

    /// The names of the most messages, at most so many, sorted whatever their case, with their counts.
    pub(super) fn most(&self, count: usize) -> Vec<(Box<str>, usize)> {
        let mut all: Vec<_> = self.0.values().enumerate().collect();
        if all.len() > count {
            all.select_nth_unstable_by_key(count, |(place, (_, messages))| (Reverse(*messages), *place));
            all.truncate(count);
            all.sort_unstable_by_key(|(place, _)| *place);
        }
        all.into_iter().map(|(_, tag)| tag.clone()).collect()
    }

    /// The names, sorted whatever their case, with their counts.
    pub(super) fn list(&self) -> Vec<(Box<str>, usize)> {
        self.0.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_sorted_and_each_once() {
        let tags = Tags::new([" beta", "Alpha", "alpha", "", "a\tb", &"x".repeat(101)]);
        assert_eq!(tags.iter().map(|tag| &**tag).collect::<Vec<_>>(), ["Alpha", "beta"]);
        assert!(tags.has("BETA") && !tags.has("bet"));
        assert_eq!(
            tags.with_renamed("ALPHA", Some("gamma")).iter().map(|tag| &**tag).collect::<Vec<_>>(),
            ["beta", "gamma"]
        );
        assert_eq!(tags.with_renamed("alpha", None).len(), 1);
        let many: Vec<_> = (0..200).map(|number| number.to_string()).collect();
        assert_eq!(Tags::new(many.iter().map(String::as_str)).len(), TAGS_MAX);
    }

    #[test]
    fn the_tags_of_the_most_messages_are_told_by_name() {
        let mut counts = TagCounts::default();
        for tags in ["d", "b", "a", "C b", "D c", "d"] {
            counts.add(&Tags::new(tags.split(' ')));
        }
        let most =
            |count| counts.most(count).into_iter().map(|(name, _)| String::from(name)).collect::<Vec<_>>().join(" ");
        assert_eq!([most(9), most(3), most(2), most(1), most(0)], ["a b C d", "b C d", "b d", "d", ""]);
    }

    #[test]
    fn a_sub_address_is_what_follows_the_plus() {
        for (address, expected) in [
            ("ann+t42@app.test", Some("t42")),
            ("ann+a+b@app.test", Some("a+b")),
            ("ann@app.test", None),
            ("ann@app+x.test", None),
            ("bounce+ann=app.test@list.test", None),
            ("\"ann+x\"@app.test", None),
            ("ann+t", Some("t")),
        ] {
            assert_eq!(sub_address(address), expected, "{address}");
        }
    }
}
