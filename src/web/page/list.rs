//! The inbox: the list, and beside it a message, or how to begin.

use super::message::{Body, Pane, Tab};
use super::part::Look;
use super::preview::{Scheme, Width};
use super::sessions::SessionView;
use super::shell::Shell;
use super::text::Span;
use super::view::{Opens, PlaceView, Row};
use askama::Template;

/// `{base}` and `{base}message/{id}`.
#[derive(Template)]
#[template(path = "list.html")]
pub struct ListPage {
    /// What stands around it.
    pub shell: Shell,
    /// This page's rows, newest first; those of a conversation oldest first.
    pub rows: Vec<Entry>,
    /// `before=` of the next page, if there are older rows.
    pub older: Option<String>,
    /// Whether `before=` was given: this is not the top of the list.
    pub below_top: bool,
    /// How many messages the search found; none without a search.
    pub found: Option<u64>,
    /// Why the search could not be read, as a sentence.
    pub search_error: Option<String>,
    /// What was deleted a moment ago and can still be brought back.
    pub undo: Option<Undo>,
    /// Set if it is a conversation.
    pub conversation: Option<Conversation>,
    /// What lies right of the list.
    pub pane: Pane,
}

/// Messages that can be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The name of the act that hid them.
    pub batch: String,
    /// How many they are.
    pub count: u64,
}

/// A row of the list.
#[derive(Debug)]
pub enum Entry {
    /// A message.
    Message(Box<Row>),
    /// A connection without a message, or with trouble.
    Session(Box<SessionView>),
}

/// What is said above the rows of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Conversation {
    /// How many messages there are; none if the one that was asked for is gone.
    pub count: usize,
    /// The ids of those that are shown.
    pub ids: Vec<String>,
}

/// Only what lies right of the list.
#[derive(Template)]
#[template(path = "pane.html")]
pub struct PaneFragment {
    /// What would stand around it.
    pub shell: Shell,
    /// The pane.
    pub pane: Pane,
}

/// Only the rows.
#[derive(Template)]
#[template(path = "rows.html")]
pub struct RowsFragment {
    /// What would stand around them.
    pub shell: Shell,
    /// The rows.
    pub rows: Vec<Entry>,
    /// `before=` of the next page, if there are older rows.
    pub older: Option<String>,
    /// How many messages the search found; none without a search.
    pub found: Option<u64>,
}

/// One row, as the list contains it and as the live stream sends it.
#[derive(Template)]
#[template(path = "row.html")]
pub struct RowFragment<'a> {
    /// The row.
    pub row: &'a Row,
    /// The mount's base. The script sets the row's link anew, so the live stream may leave this empty and hand the same
    /// bytes to every mount.
    pub base: &'a str,
    /// What follows the link's path: search and tab.
    pub tail: &'a str,
    /// The message that is open, if one is.
    pub open: &'a str,
}

/// One connection, as the list contains it and as the live stream sends it.
#[derive(Template)]
#[template(path = "session_row.html")]
pub struct SessionRowFragment<'a> {
    /// The connection.
    pub session: &'a SessionView,
    /// The mount's base.
    pub base: &'a str,
}

/// The HTML of one row for the live stream: the same bytes for every mount.
pub fn row_fragment(row: &Row) -> String {
    RowFragment { row, base: "", tail: "", open: "" }.render().unwrap_or_default()
}

impl ListPage {
    /// The id of the message that is open, or nothing.
    fn open(&self) -> &str {
        self.pane.message().map_or("", |message| &message.id)
    }

    fn tail(&self) -> String {
        tail(&self.shell, &self.pane)
    }

    fn title(&self) -> String {
        match self.pane.message() {
            Some(message) => format!("{} · Restante", message.subject_words()),
            None => format!("{}{} · Restante", self.shell.badge(), self.shell.place()),
        }
    }

    /// Whether nothing has come yet, so that the page should say how to begin.
    fn is_new(&self) -> bool {
        self.shell.stats.total == 0 && self.rows.is_empty()
    }
}

impl PaneFragment {
    fn tail(&self) -> String {
        tail(&self.shell, &self.pane)
    }
}

impl RowsFragment {
    fn open(&self) -> &'static str {
        ""
    }

    fn tail(&self) -> String {
        self.shell.query_string()
    }
}

/// What follows a message's path in a link: the search, and the tab, which stays while one steps through mail.
fn tail(shell: &Shell, pane: &Pane) -> String {
    let mut tail = shell.query_string();
    if let Some(tab) = pane.message().and_then(|message| message.tab_asked) {
        tail.push(if tail.is_empty() { '?' } else { '&' });
        tail.push_str("tab=");
        tail.push_str(tab.name());
    }
    tail
}
