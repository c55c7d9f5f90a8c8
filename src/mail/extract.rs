//! What a tester looks for in a message: the one-time code to type, the link to follow.
//!
//! Pure reading, made anew whenever it is asked for; nothing is kept with the message. Each rule is a row of a table: a
//! language is a row of [`code_words`] and of [`purpose_words`]. How lines are made is [`page`]'s and [`line`]'s
//! business, which numbers could be codes [`candidate`]'s, which are [`codes`]'s; [`links`] gathers, [`purpose`] judges.

mod candidate;
mod code_words;
mod codes;
mod line;
mod links;
mod page;
mod purpose;
mod purpose_words;
mod url;
mod words;

use super::view::View;
use line::Line;
use page::Page;

/// A one-time code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As it is to be typed: of `481 516`, `４８１５１６` and `٤٨١٥١٦`, `481516`. With letters in it, as shown.
    pub value: String,
    /// As written.
    pub shown: String,
    /// The words that make it a code, on one line, short.
    pub context: String,
    /// Where it stands; if at several places, where that is clearest.
    pub source: Source,
}

/// A link, once for each address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Entities decoded, otherwise as written.
    pub url: String,
    /// The words on it, of pictures their `alt`; empty for a bare address.
    pub text: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Where it stands.
    pub source: Source,
    /// How clear the purpose is: 0 for a guess.
    certainty: u8,
    /// Privacy, help, social media, the home page, or for who did not ask: never the main link.
    aside: bool,
}

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The Subject field.
    Subject,
    /// The plain text.
    Text,
    /// The HTML.
    Html,
    /// The plain text and the HTML.
    Both,
}

impl Source {
    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
            Self::Html => "html",
            Self::Both => "both",
        }
    }
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Confirms an address, activates an account.
    Verify,
    /// Sets a new password.
    Reset,
    /// Logs in: a magic link.
    SignIn,
    /// Accepts an invitation.
    Invite,
    /// Leaves a list.
    Unsubscribe,
    /// Anything else.
    Other,
}

impl Purpose {
    /// The word in JSON and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Reset => "reset",
            Self::SignIn => "sign-in",
            Self::Invite => "invite",
            Self::Unsubscribe => "unsubscribe",
            Self::Other => "other",
        }
    }
}

/// Codes and links of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best first.
    pub codes: Vec<Code>,
    /// In order, each once: those of the HTML, then those that only the text has.
    pub links: Vec<Link>,
}

/// Reads both at once. Never panics, in time linear in what is read: the first [`HTML_BYTES_MAX`] and
/// [`TEXT_BYTES_MAX`].
pub fn found(view: &View, raw: &[u8]) -> Found {
    let html = view.html(raw).map(|html| Page::read(head(&html, HTML_BYTES_MAX))).unwrap_or_default();
    let text = view.reading(raw).unwrap_or_default();
    let text = head(&text, TEXT_BYTES_MAX);
    let subject = Line::new(head(&view.subject, LINE_BYTES_MAX));
    let lines: Vec<Line> = text.lines().map(Line::new).filter(|line| !line.is_empty()).collect();
    Found { codes: codes::judge(&subject, &lines, &html.lines), links: links::gather(&subject, text, &html) }
}

/// The codes alone: see [`found`].
pub fn codes(view: &View, raw: &[u8]) -> Vec<Code> {
    found(view, raw).codes
}

/// The links alone: see [`found`].
pub fn links(view: &View, raw: &[u8]) -> Vec<Link> {
    found(view, raw).links
}

/// The link that the message is about: one that verifies, resets, signs in or invites; else the only one that could be
/// meant at all.
pub fn main_link(links: &[Link]) -> Option<&Link> {
    let acts = |link: &&Link| !link.aside && !matches!(link.purpose, Purpose::Unsubscribe | Purpose::Other);
    // Of equal ones the first.
    let best = links.iter().filter(acts).rev().max_by_key(|link| link.certainty);
    best.or_else(|| {
        let web = |link: &&Link| link.url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        let mut rest = links.iter().filter(web).filter(|link| !link.aside && link.purpose == Purpose::Other);
        let first = rest.next();
        if rest.next().is_none() { first } else { None }
    })
}

/// The beginning of a text.
fn head(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// Of the HTML: pictures that stand in it take room.
const HTML_BYTES_MAX: usize = 4 << 20;
const TEXT_BYTES_MAX: usize = 1 << 20;
const LINE_BYTES_MAX: usize = 4 << 10;

#[cfg(test)]
mod tests;
