//! What became of every connection: the answer to "why did my mail not arrive?".

use super::body::DialogueLine;
use super::shell::Shell;
use super::view::{FindingView, PlaceView, Stamp};
use askama::Template;

/// `{base}sessions`.
#[derive(Template)]
#[template(path = "sessions.html")]
pub struct SessionsPage {
    /// What stands around it.
    pub shell: Shell,
    /// Which of them are shown.
    pub show: Show,
    /// How many there are of each row of [`Show::ALL`], of those that are remembered in this mount.
    pub counts: [usize; Show::ALL.len()],
    /// Of the whole run.
    pub totals: Totals,
    /// This page's sessions, newest first.
    pub sessions: Vec<SessionView>,
    /// `before=` of the next page, if there are older ones.
    pub older: Option<u64>,
    /// Whether `before=` was given: this is not the newest page.
    pub below_top: bool,
    /// One was asked for by its number: it is shown alone and whole.
    pub alone: bool,
}

/// Sums over all sessions since the start, of all mailboxes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All that ended.
    pub ended: u64,
    /// Those that have not ended yet.
    pub under_way: usize,
}

/// Which sessions are shown: a row of this table, and nothing else, makes a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Every one.
    #[default]
    All,
    /// Those that brought no message.
    Silent,
    /// Those that broke off, or lost something.
    Trouble,
}

impl Show {
    /// Every filter, in order.
    pub const ALL: [Self; 3] = [Self::All, Self::Silent, Self::Trouble];

    /// The word in `?show=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Silent => "silent",
            Self::Trouble => "trouble",
        }
    }

    /// The words on its link.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Silent => "Without a message",
            Self::Trouble => "With trouble",
        }
    }

    /// The filter that a `?show=` asks for; an unknown word asks for all.
    pub fn asked(word: &str) -> Self {
        Self::ALL.into_iter().find(|show| show.name() == word).unwrap_or_default()
    }
}

/// One connection that ended, or a file that could not be taken in.
#[derive(Clone, Debug, Default)]
pub struct SessionView {
    /// Its number since the start.
    pub number: u64,
    /// When it was accepted.
    pub opened: Stamp,
    /// When it was closed.
    pub closed: Stamp,
    /// `40 ms`.
    pub lasted: String,
    /// `smtp`, `submission`, `smtps`, `page`, `pickup` …
    pub door: String,
    /// Our port, where it has one.
    pub port: Option<u16>,
    /// The other end, where it has one.
    pub peer: Option<String>,
    /// Its greeting: `EHLO app.test`.
    pub helo: Option<String>,
    /// `TLSv1.3`, once agreed.
    pub tls: Option<String>,
    /// The user, once logged in.
    pub login: Option<String>,
    /// The file, where it is one.
    pub file: Option<String>,
    /// Messages that it brought.
    pub messages: u32,
    /// The last of them that are still kept.
    pub brought: Vec<Brought>,
    /// `done`, `empty` or `broken`.
    pub outcome: &'static str,
    /// What happened and what to change; empty if all went well.
    pub sentence: String,
    /// What was odd.
    pub findings: Vec<FindingView>,
    /// Its lines; of a long one the first.
    pub dialogue: Vec<DialogueLine>,
    /// Lines that are left out.
    pub cut: usize,
}

/// A message that a connection brought.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// Its id.
    pub id: String,
    /// May be empty.
    pub subject: String,
}

impl SessionView {
    /// What came of it, in a few words.
    pub fn words(&self) -> String {
        let count = match self.messages {
            0 if self.file.is_some() => "File not taken in".to_owned(),
            0 => "No message".to_owned(),
            1 => "1 message".to_owned(),
            many => format!("{many} messages"),
        };
        if self.outcome == "broken" && self.messages > 0 { format!("{count}, then trouble") } else { count }
    }

    /// The symbol in front of it.
    pub fn icon(&self) -> &'static str {
        match self.outcome {
            "done" => "check",
            "broken" => "flag",
            _ => "minus",
        }
    }

    /// Messages that have gone since.
    pub fn gone(&self) -> usize {
        usize::try_from(self.messages).unwrap_or(usize::MAX).saturating_sub(self.brought.len())
    }

    /// The address of a line of its dialogue, but for its number.
    pub fn said_address(&self) -> String {
        format!("#s{}-", self.number)
    }

    /// What stands on the fold: `Dialogue, 12 lines`.
    pub fn fold_words(&self) -> String {
        let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let lines = plural(self.dialogue.len() + self.cut, "line");
        match self.findings.len() {
            0 => format!("Dialogue, {lines}"),
            count => format!("Dialogue, {lines}, {}", plural(count, "finding")),
        }
    }
}

impl SessionsPage {
    fn title(&self) -> String {
        format!("{}Connections · Restante", self.shell.badge())
    }

    /// The newest that is shown: the script asks for newer ones.
    fn newest(&self) -> u64 {
        self.sessions.first().map_or(0, |session| session.number)
    }

    /// The address of a filter.
    fn address(&self, show: &Show) -> String {
        let base = &self.shell.mount.base;
        if *show == Show::All { format!("{base}sessions") } else { format!("{base}sessions?show={}", show.name()) }
    }

    /// What follows the address of this filter for another page of it.
    fn joint(&self) -> char {
        if self.show == Show::All { '?' } else { '&' }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_it_in_a_few_words() {
        for (messages, outcome, file, words) in [
            (0, "empty", None, "No message"),
            (0, "broken", None, "No message"),
            (0, "broken", Some("a.eml".to_owned()), "File not taken in"),
            (1, "done", None, "1 message"),
            (2, "broken", None, "2 messages, then trouble"),
        ] {
            assert_eq!(SessionView { messages, outcome, file, ..SessionView::default() }.words(), words);
        }
        assert_eq!(Show::asked("trouble"), Show::Trouble);
        assert_eq!(Show::asked("<script>"), Show::All);
    }
}
