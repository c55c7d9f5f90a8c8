//! The frame of every page: where it is mounted, its static files, what is counted there, what stands beside it. Of the
//! lists beside it the templates know more: see `side.rs`.

use super::side::TagLink;
use super::words;

/// Where a page is mounted: at the root (all mailboxes) or at one mailbox. Every link of a page starts with `base`.
#[derive(Clone, Debug, Default)]
pub struct Mount {
    /// The path of the list, with its last slash: `/`, `/mailbox/worker-3/`, `/prefix/`. Percent-encoded.
    pub base: String,
    /// The path of the root mount, with its last slash.
    pub root: String,
    /// The name of the mailbox, decoded; none at the root.
    pub mailbox: Option<String>,
}

/// The addresses of the static files, in a folder named by their content: `/static/1f3a…/app.css`.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The folder, with its last slash.
    pub at: String,
    /// The style sheet.
    pub style: String,
    /// The scripts that `app.js` imports.
    pub scripts: Vec<String>,
}

/// What stands around every page: top bar and status bar.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Where we are.
    pub mount: Mount,
    /// Static files.
    pub assets: Assets,
    /// The counts of this mount.
    pub stats: Stats,
    /// The place in the store's sequence up to which this page knows all: what a stream goes on from.
    pub at: String,
    /// The page, where it is none of the list: `sessions`, `setup`.
    pub here: &'static str,
    /// Every mailbox there is, `default` first; may be empty.
    pub mailboxes: Vec<MailboxLink>,
    /// How many more there are.
    pub mailboxes_left_out: usize,
    /// Messages that nobody has read, in all mailboxes.
    pub unread_everywhere: u64,
    /// The tags of this mount's messages.
    pub tags: Vec<TagLink>,
    /// The search as typed; empty without one.
    pub query: String,
    /// The message whose conversation the list shows, if it shows one.
    pub thread: Option<String>,
    /// Whether connections that brought no message are rows of the list.
    pub sessions: bool,
    /// For instance `0.1.0`.
    pub version: String,
}

impl Shell {
    /// `?q=…` and what else makes the list that which it is, percent-encoded; empty for the plain one.
    pub fn query_string(&self) -> String {
        self.string_of(self.thread.as_deref(), self.sessions)
    }

    /// Likewise, of the list that a conversation is part of.
    pub fn list_string(&self) -> String {
        self.string_of(None, self.sessions)
    }

    /// Likewise, of the conversation of a message.
    pub fn thread_string(&self, id: &str) -> String {
        self.string_of(Some(id), self.sessions)
    }

    /// Likewise, with connections as rows if there are none now, and the other way round.
    pub fn switched_string(&self) -> String {
        self.string_of(None, !self.sessions)
    }

    fn string_of(&self, thread: Option<&str>, sessions: bool) -> String {
        let query = Some(self.query.as_str()).filter(|query| !query.is_empty());
        let sessions = sessions.then_some("1");
        let words = [("q", query), ("thread", thread), ("sessions", sessions)];
        let words = words.iter().filter_map(|(name, value)| Some(format!("{name}={}", words::percent((*value)?))));
        let words = words.collect::<Vec<_>>().join("&");
        if words.is_empty() { words } else { format!("?{words}") }
    }

    /// What the title says in front of the name: `(3) `, or nothing.
    pub fn badge(&self) -> String {
        if self.stats.unread == 0 { String::new() } else { format!("({}) ", self.stats.unread) }
    }

    /// Whether there is more than the `default` mailbox, and so a choice.
    pub fn has_mailboxes(&self) -> bool {
        self.mount.mailbox.is_some() || self.mailboxes.iter().any(|entry| entry.name != "default")
    }

    /// What the list is called.
    pub fn place(&self) -> &str {
        self.mount.mailbox.as_deref().unwrap_or("Inbox")
    }
}

/// The counts of one mount (`total`, `unread`, `broken`) and of the whole store (the rest).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Messages.
    pub total: u64,
    /// Messages not read.
    pub unread: u64,
    /// Memory used, in bytes.
    pub bytes: u64,
    /// Memory that may be used, in bytes.
    pub budget: u64,
    /// Messages that are spared when the list is cleared and when memory is full.
    pub kept: u64,
    /// What those take of the memory, in bytes.
    pub kept_bytes: u64,
    /// Messages that had to go since the start because a limit was reached.
    pub evicted: u64,
    /// Connections that broke off, or lost something; in a mailbox, those of its user that are remembered.
    pub broken: u64,
}

impl Stats {
    /// `1.2 MB of 512 MB`.
    pub fn memory(&self) -> String {
        format!("{} of {}", words::bytes(self.bytes), words::bytes(self.budget))
    }

    /// `1.2 MB`.
    pub fn kept_words(&self) -> String {
        words::bytes(self.kept_bytes)
    }
}

/// A mailbox beside the list.
#[derive(Clone, Debug, Default)]
pub struct MailboxLink {
    /// Decoded.
    pub name: String,
    /// The base of its mount.
    pub href: String,
    /// Messages in it.
    pub total: u64,
    /// Messages not read.
    pub unread: u64,
}
