//! What stands beside every page: mailboxes, searches, tags, each with its count.

use super::shell::Shell;
use super::words;
use askama::Template;

/// Only what is counted there, for a page whose counts have changed: `{base}side`.
#[derive(Template)]
#[template(path = "counted.html")]
pub struct CountedFragment {
    /// What it counts.
    pub shell: Shell,
}

/// A tag, as a search for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagLink {
    /// As it was first written.
    pub name: String,
    /// The search that finds it.
    pub query: String,
    /// Its colour, see [`words::hue`].
    pub hue: u32,
    /// Messages that have it.
    pub count: u64,
}

impl TagLink {
    /// A tag of so many messages.
    pub fn new(name: &str, count: u64) -> Self {
        let is_word = name.chars().all(|char| char.is_alphanumeric() || "-_.".contains(char));
        let query = if is_word { format!("tag:{name}") } else { format!("tag:\"{}\"", name.replace('"', "")) };
        Self { name: name.to_owned(), query, hue: words::hue(name), count }
    }
}

/// A search that is always offered.
#[derive(Clone, Copy, Debug)]
pub struct Offered {
    /// What it is called.
    pub label: &'static str,
    /// In the search language.
    pub query: &'static str,
    /// The symbol.
    pub icon: &'static str,
}

const OFFERED: &[Offered] = &[
    Offered { label: "Unread", query: "is:unread", icon: "unread" },
    Offered { label: "Kept", query: "is:kept", icon: "pin" },
    Offered { label: "With attachments", query: "has:attachment", icon: "clip" },
    Offered { label: "With findings", query: "has:findings", icon: "flag" },
];

impl Shell {
    /// The searches that are always offered.
    pub fn searches(&self) -> &'static [Offered] {
        OFFERED
    }

    /// The list of what this search finds.
    pub fn search_address(&self, query: &str) -> String {
        format!("{}?q={}", self.mount.base, words::percent(query))
    }

    /// Whether the page at hand is this list, without a search; none is the one of all mailboxes.
    pub fn is_at(&self, base: Option<&str>) -> bool {
        let is_list = self.here.is_empty() && self.query.is_empty();
        is_list
            && (base == Some(&*self.mount.base) && self.mount.mailbox.is_some()
                || base.is_none() && self.mount.mailbox.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::Query;

    #[test]
    fn every_search_that_is_offered_can_be_read() {
        for offered in OFFERED {
            assert_eq!(offered.query.parse::<Query>().unwrap().to_string(), offered.query);
        }
        for name in ["signup", "two words", "a\"b", "é-1", "(x)", "a:b"] {
            assert_eq!(TagLink::new(name, 1).query.parse::<Query>().unwrap().len(), 1, "{name}");
        }
    }
}
