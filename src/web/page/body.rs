//! The tabs that only lay out what they are given: HTML frame, event, report, headers, MIME tree, envelope.

use super::view::{Fact, HeaderRow, PartNode, RemoteItem};

/// The HTML part in its frame. The frame's address is `{base}message/{id}/html`, with `?remote=1` once asked for; the
/// frame has no script and no origin, so it scrolls by itself.
#[derive(Clone, Debug, Default)]
pub struct HtmlBody {
    /// What the HTML would fetch from elsewhere.
    pub remote: Vec<RemoteItem>,
    /// Whether this view may fetch it (`?remote=1`).
    pub remote_on: bool,
}

/// The header fields in wire order, with repeats.
#[derive(Clone, Debug, Default)]
pub struct HeadersBody {
    /// The fields.
    pub rows: Vec<HeaderRow>,
}

/// The MIME tree.
#[derive(Clone, Debug, Default)]
pub struct PartsBody {
    /// The nodes, each after its parent.
    pub nodes: Vec<PartNode>,
}

/// The envelope and the dialogue.
#[derive(Clone, Debug, Default)]
pub struct EnvelopeBody {
    /// MAIL FROM, each RCPT TO, HELO, peer, door, TLS, login: in the order in which they were said.
    pub facts: Vec<Fact>,
    /// The connection's lines.
    pub dialogue: Vec<DialogueLine>,
}

/// An invitation.
#[derive(Clone, Debug, Default)]
pub struct EventBody {
    /// What the sender wants, in words.
    pub method: String,
    /// The events.
    pub events: Vec<EventView>,
    /// The part, to be saved.
    pub part: String,
}

/// One event of an invitation.
#[derive(Clone, Debug, Default)]
pub struct EventView {
    /// What; may be empty.
    pub summary: String,
    /// When, where, who: what is known of it.
    pub facts: Vec<Fact>,
    /// Who is asked, and the answer so far.
    pub attendees: Vec<Fact>,
    /// More; may be empty.
    pub description: String,
}

/// What a machine reports about a message.
#[derive(Clone, Debug, Default)]
pub struct ReportBody {
    /// About the message as a whole.
    pub facts: Vec<Fact>,
    /// A row a recipient.
    pub recipients: Vec<RecipientRow>,
}

/// What became of one recipient.
#[derive(Clone, Debug, Default)]
pub struct RecipientRow {
    /// The address; may be empty.
    pub address: String,
    /// `failed`, `delayed`, `delivered` …; may be empty.
    pub action: String,
    /// `5.1.1`; may be empty.
    pub status: String,
    /// The other fields, the diagnosis among them.
    pub facts: Vec<Fact>,
}

/// One line of a dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogueLine {
    /// `client`, `server` or `remark`.
    pub who: &'static str,
    /// The line as recorded, with its mark (`C: `, `S: `, `# `).
    pub text: String,
}

/// Reads a recorded dialogue.
pub fn dialogue_lines(dialogue: &str) -> Vec<DialogueLine> {
    dialogue
        .lines()
        .map(|line| {
            let who = match line.get(..2) {
                Some("C:") => "client",
                Some("S:") => "server",
                _ => "remark",
            };
            DialogueLine { who, text: line.to_owned() }
        })
        .collect()
}
