//! A refusal that a browser sees: what happened, and what to do about it.

use super::shell::Shell;
use askama::Template;

/// An error in the look of the rest.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What stands around it.
    pub shell: Shell,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// What to do about it, in a sentence or two.
    pub detail: String,
    /// A command or setting that mends it, to copy; may be empty.
    pub remedy: String,
    /// The address, below the mount, of the source of the message that it is about; may be empty.
    pub source: String,
}

impl ErrorPage {
    fn window_title(&self) -> String {
        format!("{} · Restante", self.title)
    }
}
