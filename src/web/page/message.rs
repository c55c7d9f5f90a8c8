//! One message: its head, and one tab of its body.

use super::body::{EnvelopeBody, EventBody, HeadersBody, HtmlBody, PartsBody, ReportBody};
use super::found::FoundView;
use super::marked::{Hits, Marked};
use super::setup::Setup;
use super::source::SourceBody;
pub use super::tab::Tab;
use super::text::TextBody;
use super::view::{AttachmentView, FindingView, Inside, NestedLink, Person, Stamp};
use super::weight::{self, LINE_BYTES_MAX};
use super::words;

/// What lies right of the list.
#[derive(Debug)]
pub enum Pane {
    /// Nothing is open: the doors of this run and how to begin.
    Idle(Setup),
    /// A message.
    Message(Box<Message>),
    /// A message that was asked for and is not there (the status is 404).
    Gone,
}

impl Pane {
    /// The message, if one is open.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            Self::Idle(_) | Self::Gone => None,
        }
    }
}

/// A message as its page shows it.
#[derive(Debug, Default)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The next newer message of the list at hand, if there is one.
    pub newer: Option<String>,
    /// The next older message of the list at hand, if there is one.
    pub older: Option<String>,
    /// Nobody has read it.
    pub unread: bool,
    /// It is spared when the list is cleared and when memory is full.
    pub kept: bool,
    /// May be empty.
    pub subject: String,
    /// Whether it is only the beginning.
    pub subject_cut: bool,
    /// For which pieces of it a search found the message.
    pub subject_hits: Hits,
    /// `From`.
    pub from: Vec<Person>,
    /// `To`.
    pub to: Vec<Person>,
    /// `Cc`.
    pub cc: Vec<Person>,
    /// `Bcc`, which a well-made message does not carry.
    pub bcc: Vec<Person>,
    /// `Reply-To`.
    pub reply_to: Vec<Person>,
    /// `Date` as sent; none without one.
    pub date: Option<String>,
    /// When it was accepted.
    pub received: Stamp,
    /// Of the raw message, in bytes.
    pub size: u64,
    /// `MAIL FROM`; empty is the null sender `<>`.
    pub envelope_from: String,
    /// `RCPT TO`, in order, with repeats.
    pub envelope_to: Vec<String>,
    /// Whether the envelope says other than the header fields.
    pub envelope_differs: bool,
    /// Its mailbox, if it is not `default`.
    pub mailbox: Option<String>,
    /// `TLSv1.3`, if TLS carried it.
    pub tls: Option<String>,
    /// The user, if the client logged in.
    pub login: Option<String>,
    /// Its tags, by name.
    pub tags: Vec<String>,
    /// Attachments.
    pub attachments: Vec<AttachmentView>,
    /// How many more there are.
    pub attachments_left_out: usize,
    /// Findings, the worst first.
    pub findings: Vec<FindingView>,
    /// What it is wrapped in, a sentence each.
    pub seals: Vec<&'static str>,
    /// What it hangs together with, if there is anything to say of that.
    pub thread: Option<ThreadLine>,
    /// The messages that came within it.
    pub nested: Vec<NestedLink>,
    /// Where it came from, if it came within another.
    pub inside: Option<Inside>,
    /// Codes and links that were found in it.
    pub found: FoundView,
    /// How much the HTML would fetch from elsewhere.
    pub remote: usize,
    /// How much of that looks as if it followed the reader.
    pub trackers: usize,
    /// The tabs of [`Tab::OPTIONAL`] that it has something for.
    pub has: Vec<Tab>,
    /// The tab that the address asks for, if it does.
    pub tab_asked: Option<Tab>,
    /// What is shown.
    pub body: Body,
}

/// What a message says of its conversation.
#[derive(Clone, Debug, Default)]
pub struct ThreadLine {
    /// How many messages hang together, this one included.
    pub count: usize,
    /// Why it does not hang to what it answers, a sentence each.
    pub astray: Vec<String>,
}

/// Something that stands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// What.
    pub words: String,
    /// More, as a sentence; may be empty.
    pub hint: String,
    /// Where there is more about it.
    pub tab: Tab,
}

/// The tab that is shown.
#[derive(Debug)]
pub enum Body {
    /// The HTML part in its frame.
    Html(HtmlBody),
    /// The text part.
    Text(TextBody),
    /// The invitation.
    Event(EventBody),
    /// The delivery report.
    Report(ReportBody),
    /// The AMP part.
    Amp(SourceBody),
    /// The header fields.
    Headers(HeadersBody),
    /// The MIME tree.
    Parts(PartsBody),
    /// The raw message.
    Source(SourceBody),
    /// The envelope and the dialogue.
    Envelope(EnvelopeBody),
    /// What was odd: [`Message::findings`].
    Findings,
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(TextBody::default())
    }
}

impl Message {
    /// The tab that is shown.
    pub fn tab(&self) -> Tab {
        match self.body {
            Body::Html(_) => Tab::Html,
            Body::Text(_) => Tab::Text,
            Body::Event(_) => Tab::Event,
            Body::Report(_) => Tab::Report,
            Body::Amp(_) => Tab::Amp,
            Body::Headers(_) => Tab::Headers,
            Body::Parts(_) => Tab::Parts,
            Body::Source(_) => Tab::Source,
            Body::Envelope(_) => Tab::Envelope,
            Body::Findings => Tab::Findings,
        }
    }

    /// Whether a tab has something to show.
    pub fn has(&self, tab: &Tab) -> bool {
        self.has.contains(tab) || !Tab::OPTIONAL.contains(tab)
    }

    /// Its page, below the base.
    pub fn address(&self) -> String {
        match &self.inside {
            None => format!("message/{}", self.id),
            Some(inside) => format!("message/{}/in/{}", self.id, inside.way),
        }
    }

    /// The path of its parts, below the base, without the last slash.
    pub fn parts_address(&self) -> String {
        match self.inside {
            None => format!("api/v1/message/{}/part", self.id),
            Some(_) => format!("{}/part", self.address()),
        }
    }

    /// The small picture of a part, below the base: the part itself where none is made.
    pub fn thumb_address(&self, part: &str) -> String {
        let thumb = if self.inside.is_none() { "/thumb" } else { "" };
        format!("{}/{part}{thumb}", self.parts_address())
    }

    /// Its source, below the base.
    pub fn raw_address(&self) -> String {
        match &self.inside {
            None => format!("api/v1/message/{}/raw", self.id),
            Some(_) => format!("{}/raw", self.address()),
        }
    }

    /// The page of a message within it, below the base.
    pub fn nested_address(&self, part: &str) -> String {
        match &self.inside {
            None => format!("message/{}/in/{part}", self.id),
            Some(inside) => format!("message/{}/in/{}~{part}", self.id, inside.way),
        }
    }

    /// The subject as a title has it, or the words for none.
    pub fn subject_words(&self) -> &str {
        let subject = if self.subject.trim().is_empty() { "(no subject)" } else { &self.subject };
        weight::head(subject, LINE_BYTES_MAX)
    }

    /// The subject, as HTML.
    pub fn subject_marked(&self) -> Marked<'_> {
        Marked { text: &self.subject, hits: &self.subject_hits }
    }

    /// `12 kB`.
    pub fn size_words(&self) -> String {
        words::bytes(self.size)
    }

    /// The `To`-like fields that have someone, with their words.
    pub fn addressed(&self) -> Vec<(&'static str, &[Person])> {
        let fields: [(&str, &[Person]); 4] =
            [("to", &self.to), ("cc", &self.cc), ("bcc", &self.bcc), ("reply to", &self.reply_to)];
        fields.into_iter().filter(|(_, people)| !people.is_empty()).collect()
    }

    /// The envelope's recipients, shortened.
    pub fn envelope_to_words(&self) -> String {
        words::some(&self.envelope_to, 8)
    }

    /// Each kind of finding, with how often there is one.
    fn finding_kinds(&self) -> Vec<(&FindingView, usize)> {
        let mut kinds: Vec<(&FindingView, usize)> = Vec::new();
        for finding in &self.findings {
            match kinds.iter_mut().find(|(kind, _)| kind.id == finding.id) {
                Some((_, count)) => *count += 1,
                None => kinds.push((finding, 1)),
            }
        }
        kinds
    }

    /// What stands out, in a few words each, with the tab that has more about it.
    pub fn strip(&self) -> Vec<Noted> {
        let noted = |words: String, tab: Tab| Noted { words, hint: tab.hint().to_owned(), tab };
        let (html, text) = (self.has.contains(&Tab::Html), self.has.contains(&Tab::Text));
        let mut strip = Vec::new();
        strip.extend((html && !text).then(|| noted("no text part".into(), Tab::Parts)));
        strip.extend(self.envelope_differs.then(|| noted("envelope differs from the fields".into(), Tab::Envelope)));
        if self.remote > 0 {
            let plural = if self.remote == 1 { "" } else { "s" };
            strip.push(noted(format!("{} remote item{plural}", self.remote), Tab::Html));
        }
        if self.trackers > 0 {
            let verb = if self.trackers == 1 { "looks like a tracker" } else { "look like trackers" };
            strip.push(noted(format!("{} {verb}", self.trackers), Tab::Html));
        }
        for (finding, count) in self.finding_kinds() {
            let words = if count > 1 { format!("{} ×{count}", finding.words()) } else { finding.words() };
            strip.push(Noted { words, hint: finding.sentence.clone(), tab: Tab::Findings });
        }
        strip
    }

    /// The address of a tab; `query_string` is the search at hand.
    pub fn tab_address(&self, base: &str, query_string: &str, tab: Tab) -> String {
        let joint = if query_string.is_empty() { '?' } else { '&' };
        format!("{base}{}{query_string}{joint}tab={}", self.address(), tab.name())
    }

    /// The address of a line of the dialogue, but for its number.
    pub fn said_address(&self, base: &str, query_string: &str) -> String {
        format!("{}#said-", self.tab_address(base, query_string, Tab::Envelope))
    }

    /// Why a strict server would refuse it: a sentence each.
    pub fn refusals(&self) -> Vec<&str> {
        let mut sentences: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|finding| finding.severity == "refused") {
            if !sentences.contains(&finding.sentence.as_str()) {
                sentences.push(&finding.sentence);
            }
        }
        sentences
    }

    /// How many findings are worse than a note.
    pub fn findings_that_matter(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity != "note").count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_out_is_said_in_plain_words() {
        let words =
            |message: &Message| message.strip().into_iter().map(|noted| noted.words).collect::<Vec<_>>().join(" · ");
        let finding = || FindingView { id: "no-date".into(), ..FindingView::default() };
        let message = Message {
            has: vec![Tab::Html],
            envelope_differs: true,
            remote: 2,
            trackers: 1,
            findings: vec![finding(), finding()],
            ..Message::default()
        };
        let expected =
            "no text part · envelope differs from the fields · 2 remote items · 1 looks like a tracker · no date ×2";
        assert_eq!(words(&message), expected);
        assert_eq!(words(&Message { has: vec![Tab::Html, Tab::Text], ..Message::default() }), "");
        assert_eq!(words(&Message { has: vec![Tab::Text], remote: 1, ..Message::default() }), "1 remote item");
    }
}
