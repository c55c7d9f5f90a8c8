//! The tabs that only lay out what they are given: HTML frame, event, report, headers, MIME tree, envelope.

use super::preview::Preview;
use super::tracking::TrackingView;
use super::view::{Fact, HeaderRow, PartNode};
use super::weight::{self, BODY_BYTES_MAX, LIST_BYTES_MAX, MARKUP_BYTES};

/// The HTML part in its frame. The frame's address is `{base}message/{id}/html`, with what the switches add to it; the
/// frame has no script and no origin, so it scrolls by itself.
#[derive(Clone, Debug, Default)]
pub struct HtmlBody {
    /// What it would tell others.
    pub tracking: TrackingView,
    /// How the switches stand.
    pub preview: Preview,
}

/// The header fields in wire order, with repeats.
#[derive(Clone, Debug, Default)]
pub struct HeadersBody {
    /// The fields.
    pub rows: Vec<HeaderRow>,
    /// How many more there are.
    pub left_out: usize,
}

/// The MIME tree.
#[derive(Clone, Debug, Default)]
pub struct PartsBody {
    /// The nodes, each after its parent.
    pub nodes: Vec<PartNode>,
    /// How many more there are.
    pub left_out: usize,
}

/// The envelope and the dialogue.
#[derive(Clone, Debug, Default)]
pub struct EnvelopeBody {
    /// MAIL FROM, each RCPT TO, HELO, peer, door, TLS, login: in the order in which they were said.
    pub facts: Vec<Fact>,
    /// How many more recipients there are.
    pub left_out: usize,
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
    /// Whether only the beginning is shown.
    pub cut: bool,
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
    /// Whether only the beginning is shown.
    pub cut: bool,
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

impl HeadersBody {
    /// As many of the fields as a page can bear.
    pub fn new(fields: impl IntoIterator<Item = HeaderRow>) -> Self {
        let weight = |row: &HeaderRow| {
            // An address stands in its link a second time.
            let links: usize = row.spans.iter().map(|span| MARKUP_BYTES / 2 + span.query.len()).sum();
            2 * MARKUP_BYTES + weight::of(&row.name) + weight::of(&row.decoded) + weight::of(&row.raw) + links
        };
        let (rows, left_out) = weight::fitting(fields, BODY_BYTES_MAX, weight);
        Self { rows, left_out }
    }

    /// How many fields there are, shown or not.
    pub fn count(&self) -> usize {
        self.rows.len() + self.left_out
    }
}

impl PartsBody {
    /// As many of the parts as a page can bear.
    pub fn new(parts: impl IntoIterator<Item = PartNode>) -> Self {
        let weight = |node: &PartNode| {
            let texts = [&node.media_type, &node.charset, &node.name, &node.content_id, &node.part];
            7 * MARKUP_BYTES + texts.into_iter().map(|text| weight::of(text)).sum::<usize>()
        };
        let (nodes, left_out) = weight::fitting(parts, BODY_BYTES_MAX, weight);
        Self { nodes, left_out }
    }
}

impl EventBody {
    /// As many of the events, and of who is asked to each, as a page can bear. `more`: there are others anyway.
    pub fn new(method: String, events: impl IntoIterator<Item = EventView>, part: String, more: bool) -> Self {
        let mut cut = more;
        let events = events.into_iter().map(|mut event| {
            let (attendees, left_out) = weight::fitting(event.attendees, LIST_BYTES_MAX, Fact::weight);
            cut |= left_out > 0;
            event.attendees = attendees;
            event
        });
        let (events, left_out) = weight::fitting(events, BODY_BYTES_MAX, EventView::weight);
        Self { method, events, part, cut: cut || left_out > 0 }
    }
}

impl EventView {
    fn weight(&self) -> usize {
        let facts: usize = self.facts.iter().chain(&self.attendees).map(Fact::weight).sum();
        MARKUP_BYTES + weight::of(&self.summary) + facts + weight::of(&self.description)
    }
}

impl ReportBody {
    /// As much of the report as a page can bear. `more`: there is more anyway.
    pub fn new(
        facts: impl IntoIterator<Item = Fact>,
        recipients: impl IntoIterator<Item = RecipientRow>,
        more: bool,
    ) -> Self {
        let mut cut = more;
        let (facts, left_out) = weight::fitting(facts, LIST_BYTES_MAX, Fact::weight);
        cut |= left_out > 0;
        let recipients = recipients.into_iter().map(|mut row| {
            let (facts, left_out) = weight::fitting(row.facts, LIST_BYTES_MAX, Fact::weight);
            cut |= left_out > 0;
            row.facts = facts;
            row
        });
        let (recipients, left_out) = weight::fitting(recipients, BODY_BYTES_MAX, RecipientRow::weight);
        Self { facts, recipients, cut: cut || left_out > 0 }
    }
}

impl RecipientRow {
    fn weight(&self) -> usize {
        let head = [&self.address, &self.action, &self.status].map(|text| weight::of(text));
        2 * MARKUP_BYTES + head.iter().sum::<usize>() + self.facts.iter().map(Fact::weight).sum::<usize>()
    }
}

impl EnvelopeBody {
    /// As many of the facts as a page can bear, and the dialogue, which is bounded when it is recorded.
    pub fn new(facts: impl IntoIterator<Item = Fact>, dialogue: &str) -> Self {
        let (facts, left_out) = weight::fitting(facts, BODY_BYTES_MAX, Fact::weight);
        Self { facts, left_out, dialogue: dialogue_lines(dialogue) }
    }
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
