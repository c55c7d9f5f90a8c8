//! The tabs that only lay out what they are given: HTML frame, headers, MIME tree, envelope.

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
