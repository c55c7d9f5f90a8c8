//! Why a clause does not hold for a message: what was expected, and what was found instead.

use super::test::{Asked, Place, Test};
use super::{Clause, Query};
use crate::config::ByteSize;

/// One clause that a message failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// What the clause looks at, in the words of the search language: `subject`.
    pub term: String,
    /// How it should be, after "expected": `to contain "Welcome"`.
    pub expected: String,
    /// What is there, after "found": `"Your order"`, or `nothing`.
    pub found: String,
    /// How much that is like what was expected, from 0 to 1.
    pub closeness: f64,
}

/// What a miss of alternatives is named.
const EITHER: &str = "either";
/// What it is named if one of them should not hold, or all of them together.
const GROUP: &str = "group";
/// Texts of a place that a miss names.
const TEXTS_MAX: usize = 5;
/// Characters of each.
const TEXT_CHARS_MAX: usize = 120;

impl Clause {
    /// Why the clause fails for this message; only of use if it does.
    pub(super) fn miss(&self, asked: &Asked<'_>, text: &str) -> Miss {
        if let Test::Either(queries) = &self.test {
            return self.miss_of_all(queries, asked, text);
        }
        let (term, expected) = self.expectation();
        let (found, closeness) = self.test.found(asked);
        Miss { term, expected, found, closeness }
    }

    /// Why none of the alternatives holds, or why one does that should not.
    fn miss_of_all(&self, queries: &[Query], asked: &Asked<'_>, text: &str) -> Miss {
        let (mut found, mut closeness, mut left_out) = (Vec::new(), 0.0_f64, false);
        // Of those that hold all is a reason, of those that fail only what fails.
        let one_holds = self.test.holds(asked, text);
        for query in queries.iter().filter(|query| query.holds(asked, text) == one_holds) {
            let reasons = query.clauses.iter().filter(|clause| clause.holds(asked, text) == one_holds);
            let misses: Vec<_> = reasons.map(|clause| clause.miss(asked, text)).collect();
            let near: f64 = misses.iter().map(|miss| miss.closeness).sum();
            closeness = closeness.max(near / misses.len().max(1) as f64);
            for miss in misses {
                let said = match &*miss.term {
                    EITHER | GROUP => miss.found,
                    term => format!("{term} {}", miss.found),
                };
                if !found.contains(&said) {
                    left_out |= found.len() == TEXTS_MAX;
                    found.truncate(TEXTS_MAX - 1);
                    found.push(said);
                }
            }
        }
        let (term, expected) = self.expectation();
        Miss { term, expected, found: found.join(", ") + if left_out { " and more" } else { "" }, closeness }
    }

    /// What is looked at, and how it should be.
    fn expectation(&self) -> (String, String) {
        let not = if self.negated { "not " } else { "" };
        let to = |what: &str| format!("{not}to {what}");
        match &self.test {
            Test::Text(place, pattern) => (place.term(), pattern.expected(self.negated)),
            Test::HasHeader(name) => (format!("header.{name}"), to("be there")),
            Test::Attachment(attachment) => {
                let rows = attachment.rows(self.negated);
                let said = rows.iter().map(|(term, _, expected)| format!("{term} {expected}")).collect::<Vec<_>>();
                match &rows[..] {
                    [(term, _, expected)] => ((*term).into(), expected.clone()),
                    _ => ("attachment".into(), format!("one with {}", said.join(" and "))),
                }
            }
            Test::Mailbox(name) => ("mailbox".into(), to(&format!("be {:?}", name.as_str()))),
            Test::Read(true) => ("is".into(), to("be read")),
            Test::Read(false) => ("is".into(), to("be unread")),
            Test::Tagged => ("is".into(), to("be tagged")),
            Test::Kept => ("is".into(), to("be kept")),
            Test::HasAttachment => ("has".into(), to("have an attachment")),
            Test::HasInline => ("has".into(), to("have an inline part")),
            Test::HasFindings => ("has".into(), to("have findings")),
            Test::Refusable => ("is".into(), to("be refusable by a strict server")),
            Test::Finding(oddity) => ("finding".into(), to(&format!("have {}", oddity.id()))),
            Test::Larger(bytes) => ("larger".into(), to(&format!("be larger than {}", ByteSize(*bytes)))),
            Test::Smaller(bytes) => ("smaller".into(), to(&format!("be smaller than {}", ByteSize(*bytes)))),
            Test::Before(instant) => ("before".into(), to(&format!("be received before {instant}"))),
            Test::After(instant) => ("after".into(), to(&format!("be received at {instant} or later"))),
            Test::Either(queries) => {
                let said = queries.iter().map(Query::to_string).collect::<Vec<_>>().join(" OR ");
                if self.negated { (GROUP.into(), format!("not ({said})")) } else { (EITHER.into(), said) }
            }
        }
    }
}

impl Test {
    /// What is there instead, and how close it is.
    fn found(&self, asked: &Asked<'_>) -> (String, f64) {
        let kept = asked.kept;
        let (message, view) = (&**kept.message, &kept.message.view);
        let plain = |found: String| (found, 0.0);
        match self {
            Self::Text(place, pattern) => {
                let (mut texts, mut closeness, mut left_out) = (Vec::new(), 0.0_f64, 0);
                place.texts(asked, |text| {
                    if text.is_empty() {
                        return false;
                    }
                    closeness = closeness.max(pattern.closeness(text));
                    match texts.len() < TEXTS_MAX {
                        true => texts.push(quoted(text)),
                        false => left_out += 1,
                    }
                    left_out > TEXTS_MAX * TEXTS_MAX
                });
                // The address by itself is in the name with the address.
                let bare: Vec<_> = texts.iter().map(|text: &String| text.trim_matches('"').to_owned()).collect();
                let mut at = 0;
                texts.retain(|_| {
                    at += 1;
                    let within = |(other, text): (usize, &String)| {
                        other + 1 != at
                            && text.contains(&bare[at - 1])
                            && (text.len() > bare[at - 1].len() || other + 1 < at)
                    };
                    !bare.iter().enumerate().any(within)
                });
                let mut found = if texts.is_empty() { place.nothing().to_owned() } else { texts.join(", ") };
                if left_out > 0 {
                    found.push_str(" and more");
                }
                (found, closeness)
            }
            Self::HasHeader(_) => plain("no such field".into()),
            Self::Attachment(_) | Self::HasAttachment | Self::HasInline => {
                let names = view.attachments().chain(view.inline()).take(TEXTS_MAX).map(|part| {
                    let name = part.file_name().unwrap_or("without a name");
                    format!("{} ({})", quoted(name), part.content_type)
                });
                let names = names.collect::<Vec<_>>().join(", ");
                plain(if names.is_empty() { "no attachment".into() } else { names })
            }
            Self::Mailbox(_) => plain(quoted(message.mailbox.as_str())),
            Self::Read(_) => plain(if kept.read { "read" } else { "unread" }.into()),
            Self::Kept => plain(if kept.kept { "kept" } else { "not kept" }.into()),
            Self::Tagged => plain(if kept.tags.is_empty() { "no tag" } else { "tags" }.into()),
            Self::HasFindings | Self::Refusable | Self::Finding(_) => {
                let ids = message.all_findings().take(TEXTS_MAX).map(|finding| finding.oddity.id()).collect::<Vec<_>>();
                plain(if ids.is_empty() { "no findings".into() } else { ids.join(", ") })
            }
            Self::Larger(_) | Self::Smaller(_) => plain(ByteSize(message.raw_len()).to_string()),
            Self::Before(_) | Self::After(_) => plain(message.received.to_string()),
            // Told by those that it is made of.
            Self::Either(_) => plain(String::new()),
        }
    }
}

impl Place {
    /// The word of the search language.
    pub(super) fn term(&self) -> String {
        match self {
            Self::Anywhere => "message".into(),
            Self::Header(name) => format!("header.{name}"),
            Self::From => "from".into(),
            Self::To => "to".into(),
            Self::Cc => "cc".into(),
            Self::Bcc => "bcc".into(),
            Self::ReplyTo => "reply-to".into(),
            Self::Addressed => "addressed".into(),
            Self::Envelope => "envelope".into(),
            Self::Subject => "subject".into(),
            Self::Body => "body".into(),
            Self::MessageId => "message-id".into(),
            Self::Tag => "tag".into(),
        }
    }

    fn nothing(&self) -> &'static str {
        match self {
            Self::Header(_) => "no such field",
            Self::Tag => "no tag",
            Self::Body => "no text",
            Self::Subject => "no subject",
            _ => "nothing",
        }
    }
}

/// A text that is told on a terminal or in a log: what could move a cursor or ring a bell there is shown as a mark.
pub fn harmless(text: &str) -> String {
    let shown = |char: char| match char {
        // Marks that turn the direction of what follows.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ if char.is_control() => '\u{fffd}',
        _ => char,
    };
    text.chars().map(shown).collect()
}

/// The beginning of a text, on one line.
pub fn quoted(text: &str) -> String {
    let head = &text[..text.floor_char_boundary(8 * TEXT_CHARS_MAX)];
    let line = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = harmless(&line);
    match line.char_indices().nth(TEXT_CHARS_MAX) {
        Some((at, _)) => format!("\"{}…\"", &line[..at].replace('"', "'")),
        None => format!("\"{}\"", line.replace('"', "'")),
    }
}
