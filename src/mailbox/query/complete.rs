//! What may stand at the cursor of a search that is being typed.

use super::language::{Named, TERMS};
use super::pattern::is_bare;
use crate::mail::finding::Oddity;

/// What there is to search for, the most likely first.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Names of tags.
    pub tags: Vec<String>,
    /// Names of mailboxes.
    pub mailboxes: Vec<String>,
    /// Addresses that wrote.
    pub senders: Vec<String>,
    /// Addresses that were written to.
    pub recipients: Vec<String>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The whole search, once it is taken.
    pub text: String,
    /// Where the cursor is then, in bytes.
    pub cursor: usize,
    /// What is put in: `is:unread`.
    pub shown: String,
    /// What that finds.
    pub meaning: &'static str,
}

/// More are a list to read, and no help.
pub const COMPLETIONS_MAX: usize = 8;
/// Of a word that is no term, so many letters are wanted before values are looked through for it.
const VALUE_CHARS_MIN: usize = 2;

/// The values of terms that have few, with their meanings.
const VALUES: &[(&str, &str, &str)] = &[
    ("is", "unread", "nobody has read it"),
    ("is", "read", "somebody has read it"),
    ("is", "tagged", "it has a tag"),
    ("is", "kept", "it is spared when the list is cleared"),
    ("is", "refusable", "a strict server would refuse it"),
    ("has", "attachment", "a file is attached"),
    ("has", "inline", "a part stands within its text"),
    ("has", "findings", "something about it is odd"),
];
/// Terms that are offered before anything is typed.
const FIRST: &[&str] = &["from", "to", "subject", "body", "is", "has", "tag"];

const OR_MEANING: &str = "what stands before it, or what stands behind it";
const NOT_MEANING: &str = "what must not be so: -is:read, -(a b)";

/// What may stand at the cursor (in bytes), the most likely first; at most [`COMPLETIONS_MAX`].
pub fn complete(text: &str, cursor: usize, known: &Known) -> Vec<Completion> {
    let Some(at) = At::of(text, text.floor_char_boundary(cursor)) else { return Vec::new() };
    let term = at.word.split_once(':').and_then(|(name, typed)| Some((Named::find(name)?, name, typed)));
    let mut offers = match term {
        Some((term, name, typed)) => values(term.row_name(), name, typed, known),
        None if at.word.is_empty() => first(&at),
        None => words(&at, known),
    };
    offers.truncate(COMPLETIONS_MAX);
    offers.into_iter().map(|offer| at.completed(offer)).collect()
}

/// The word at the cursor.
struct At<'a> {
    /// What stands before it, its sign too.
    before: &'a str,
    /// From its beginning to the cursor.
    word: &'a str,
    behind: &'a str,
    /// Whether an OR could stand here.
    can_or: bool,
    is_negated: bool,
}

/// What is put in place of the word.
struct Offer {
    shown: String,
    meaning: &'static str,
    /// Whether a word is done with it.
    is_whole: bool,
}

impl Offer {
    fn term(name: &str, meaning: &'static str) -> Self {
        // Of a field the name comes next.
        let shown = if name == "header.NAME" { "header.".into() } else { format!("{name}:") };
        Self { shown, meaning, is_whole: false }
    }

    fn whole(shown: String, meaning: &'static str) -> Self {
        Self { shown, meaning, is_whole: true }
    }
}

impl<'a> At<'a> {
    /// None in the middle of a word, and in a phrase: there nothing is known that the user does not.
    fn of(text: &'a str, cursor: usize) -> Option<Self> {
        let (head, behind) = text.split_at(cursor);
        if !behind.is_empty() && !behind.starts_with(|char: char| char.is_whitespace() || char == ')') {
            return None;
        }
        let (mut start, mut is_quoted) = (0, false);
        for (at, char) in head.char_indices() {
            let word = &head[start..at];
            let is_bare = matches!(word, "" | "-" | "!");
            match char {
                '"' if is_quoted => is_quoted = false,
                _ if is_quoted => {}
                '"' => is_quoted = is_bare || word.ends_with(':') || word.ends_with(":="),
                '(' if is_bare => start = at + 1,
                _ if char.is_whitespace() => start = at + char.len_utf8(),
                _ => {}
            }
        }
        let around = head[..start].trim_end();
        let after_or =
            around.strip_suffix("OR").is_some_and(|rest| !rest.ends_with(|char: char| !char.is_whitespace()));
        let can_or = !around.is_empty() && !around.ends_with('(') && !after_or;
        let is_negated = head[start..].starts_with(['-', '!']);
        let (before, word) = head.split_at(start + usize::from(is_negated));
        (!word.starts_with('"')).then_some(Self { before, word, behind, can_or, is_negated })
    }

    fn completed(&self, Offer { shown, meaning, is_whole }: Offer) -> Completion {
        let blank = if is_whole && self.behind.is_empty() { " " } else { "" };
        let text = format!("{}{shown}{blank}{}", self.before, self.behind);
        Completion { cursor: text.len() - self.behind.len(), text, shown, meaning }
    }
}

/// Before anything is typed.
fn first(at: &At<'_>) -> Vec<Offer> {
    let or = (at.can_or && !at.is_negated).then(|| Offer::whole("OR".into(), OR_MEANING));
    let not = (!at.is_negated).then(|| Offer { shown: "-".into(), meaning: NOT_MEANING, is_whole: false });
    let terms = FIRST.iter().filter_map(|name| TERMS.iter().find(|term| term.name == *name));
    let terms = terms.map(|term| Offer::term(term.name, term.meaning));
    let mut offers: Vec<_> = or.into_iter().chain(terms).collect();
    // In place of the last term, if need be.
    offers.truncate(COMPLETIONS_MAX - usize::from(not.is_some()));
    offers.extend(not);
    offers
}

/// For a word that is no term yet, and may be the beginning of a value.
fn words(at: &At<'_>, known: &Known) -> Vec<Offer> {
    let typed = at.word.to_lowercase();
    let mut offers = Vec::new();
    if at.can_or && !at.is_negated && super::grammar::OR.starts_with(at.word) {
        offers.push(Offer::whole("OR".into(), OR_MEANING));
    }
    let terms = TERMS.iter().filter(|term| term.name.starts_with(&typed));
    offers.extend(terms.map(|term| Offer::term(term.name, term.meaning)));
    if at.word.chars().count() < VALUE_CHARS_MIN {
        return offers;
    }
    for name in ["is", "has", "tag", "from", "to"] {
        offers.extend(values(name, name, at.word, known));
    }
    offers
}

/// Values of a term that begin as typed, then those that have it within; not what is typed already.
fn values(row: &str, name: &str, typed: &str, known: &Known) -> Vec<Offer> {
    let Some(term) = TERMS.iter().find(|term| term.name == row) else { return Vec::new() };
    let (sign, typed) = typed.strip_prefix('=').map_or(("", typed), |rest| ("=", rest));
    let typed = typed.trim_start_matches('"').to_lowercase();
    let all: Vec<(&str, &'static str)> = match row {
        "is" | "has" => {
            VALUES.iter().filter(|(of, ..)| *of == row).map(|(_, value, meaning)| (*value, *meaning)).collect()
        }
        "finding" => Oddity::ALL.iter().map(|oddity| (oddity.id(), oddity.sentence())).collect(),
        _ => {
            let (some, others): (&[String], &[String]) = match row {
                "tag" => (&known.tags, &[]),
                "mailbox" => (&known.mailboxes, &[]),
                "from" | "reply-to" => (&known.senders, &[]),
                "to" | "cc" | "bcc" => (&known.recipients, &[]),
                "addressed" | "envelope" => (&known.senders, &known.recipients),
                _ => return example(term.example, name, &typed, term.meaning).into_iter().collect(),
            };
            some.iter().chain(others).map(|value| (&**value, term.meaning)).collect()
        }
    };
    let place = |value: &str| {
        let lower = value.to_lowercase();
        lower.find(&typed).filter(|_| lower != typed)
    };
    let mut fitting: Vec<_> =
        all.into_iter().filter_map(|(value, meaning)| Some((place(value)?.min(1), value, meaning))).collect();
    fitting.sort_by_key(|(place, ..)| *place);
    let offers = fitting.into_iter().filter_map(|(_, value, meaning)| {
        let value = written(value)?;
        Some(Offer::whole(format!("{name}:{sign}{value}"), meaning))
    });
    let mut offers: Vec<_> = offers.take(COMPLETIONS_MAX + 1).collect();
    offers.dedup_by(|one, other| one.shown == other.shown);
    offers
}

/// For a term whose values are not known: how one looks.
fn example(example: &str, name: &str, typed: &str, meaning: &'static str) -> Option<Offer> {
    let value = example.split_once(':').filter(|(of, _)| of.eq_ignore_ascii_case(name))?.1;
    typed.is_empty().then(|| Offer::whole(format!("{name}:{value}"), meaning))
}

/// As the language writes a value, if it can.
fn written(value: &str) -> Option<String> {
    match value {
        _ if value.contains(|char: char| char == '"' || char.is_control()) => None,
        _ if is_bare(value) => Some(value.to_owned()),
        _ => Some(format!("\"{value}\"")),
    }
}

#[cfg(test)]
mod tests;
