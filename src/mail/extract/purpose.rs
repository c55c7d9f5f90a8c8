//! What a link is for: by the words on it, else by its address, else by the sentence it stands in.

use super::Purpose;
use super::line::{Line, lower};
use super::purpose_words::{IN_URLS, Topic, WORDS};
use super::words::{Hit, Words};

/// A link, and what is said around it.
pub(super) struct Said<'a> {
    pub(super) url: &'a str,
    /// On it; empty if bare.
    pub(super) words: &'a str,
    /// Before it on its line.
    pub(super) own: &'a str,
    /// The line above.
    pub(super) above: &'a str,
    /// Behind it on its line.
    pub(super) behind: &'a str,
}

pub(super) struct Judged {
    pub(super) purpose: Purpose,
    pub(super) certainty: u8,
    pub(super) aside: bool,
}

pub(super) fn judge(said: &Said<'_>) -> Judged {
    let on_it = topics(&WORDS, super::head(said.words, WORDS_BYTES_MAX));
    let own = topics(&WORDS, last_sentences(said.own));
    let above = topics(&WORDS, last_sentences(said.above));
    let behind = topics(&WORDS, said.behind.split(['.', '。']).next().unwrap_or(""));
    let in_url = in_url(said.url);
    let token = has_token(said.url);
    let not_you = |topics: &[Hit<Topic>]| topics.iter().any(|hit| hit.kind == Topic::NotYou);
    let unasked = not_you(&own)
        || not_you(&on_it)
        || (own.is_empty() && said.own.trim().is_empty() && not_you(&above) && said.words.is_empty());
    let judged = |purpose, certainty: u8| {
        let purpose = if purpose == Purpose::SignIn && !token { Purpose::Other } else { purpose };
        Judged { purpose, certainty: certainty + 2 * u8::from(token), aside: unasked }
    };
    let aside = |purpose| Judged { purpose, certainty: 9, aside: true };
    if has(&on_it, Topic::Leave) || in_url == Some(Topic::Leave) {
        return aside(Purpose::Unsubscribe);
    }
    if let Some(purpose) = act(&on_it) {
        return judged(purpose, 6);
    }
    if has(&on_it, Topic::Aside) || in_url == Some(Topic::Aside) || is_home(said.url) || !is_followed(said.url) {
        return Judged { certainty: 0, ..aside(Purpose::Other) };
    }
    if let Some(purpose) = in_url.and_then(purpose) {
        return judged(purpose, 4);
    }
    // A name of its own on a link says that the sentence is about another thing.
    if said.words.chars().count() > GENERIC_CHARS_MAX {
        return Judged { certainty: 0, aside: unasked, purpose: Purpose::Other };
    }
    // What the line above says is meant for another, if its own line has words.
    let above = if token || said.own.trim().is_empty() { above } else { Vec::new() };
    for topics in [&own, &behind, &above] {
        if has(topics, Topic::Leave) && act(topics).is_none() {
            return aside(Purpose::Unsubscribe);
        }
        if has(topics, Topic::Aside) && act(topics).is_none() {
            return Judged { certainty: 0, ..aside(Purpose::Other) };
        }
        if let Some(purpose) = act(topics).filter(|_| token || said.words.is_empty()) {
            return judged(purpose, 2);
        }
    }
    Judged { purpose: Purpose::Other, certainty: 0, aside: unasked }
}

fn topics<K: Copy>(words: &Words<K>, text: &str) -> Vec<Hit<K>> {
    words.hits(&lower(&Line::new(text).plain))
}

fn has(topics: &[Hit<Topic>], topic: Topic) -> bool {
    topics.iter().any(|hit| hit.kind == topic)
}

/// The act among the words: of several the most particular.
fn act(topics: &[Hit<Topic>]) -> Option<Purpose> {
    [Topic::Reset, Topic::Invite, Topic::Verify, Topic::SignIn]
        .into_iter()
        .find(|topic| has(topics, *topic))
        .and_then(purpose)
}

fn purpose(topic: Topic) -> Option<Purpose> {
    match topic {
        Topic::Verify => Some(Purpose::Verify),
        Topic::Reset => Some(Purpose::Reset),
        Topic::SignIn => Some(Purpose::SignIn),
        Topic::Invite => Some(Purpose::Invite),
        Topic::Leave | Topic::Aside | Topic::NotYou => None,
    }
}

/// The path says more than the query, where another address may stand.
fn in_url(url: &str) -> Option<Topic> {
    let url = super::head(url, URL_BYTES_MAX);
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // Of a host, only what it is by its nature: a shop of apps, a social network.
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    let found = |text: &str| {
        let hits = topics(&IN_URLS, &text.replace('_', "-"));
        ORDER.into_iter().find(|topic| hits.iter().any(|hit| hit.kind == *topic))
    };
    found(host).filter(|topic| *topic == Topic::Aside).or_else(|| found(path)).or_else(|| {
        let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or("")).collect::<Vec<_>>().join(" ");
        let mode = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| matches!(*name, "mode" | "action" | "type" | "do"));
        found(&names).or_else(|| found(&mode.map(|(_, value)| value).collect::<Vec<_>>().join(" ")))
    })
}

/// Whether it carries something that only its receiver has.
fn has_token(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let rest = super::head(rest, URL_BYTES_MAX);
    let pieces = rest.split(['/', '?', '&', '#']).skip(1);
    pieces.map(|piece| piece.rsplit('=').next().unwrap_or(piece)).any(|piece| {
        let letters = piece.bytes().filter(u8::is_ascii_alphanumeric).count();
        let mixed = piece.bytes().any(|byte| byte.is_ascii_digit());
        letters >= 16 && !piece.contains('.') && (mixed || letters >= 24)
            || (mixed && letters >= 6 && letters * 10 >= piece.len() * 8)
    })
}

/// A site's front door: every footer has it.
fn is_home(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    url.starts_with("http")
        && !rest.contains(['?', '#'])
        && rest.split_once('/').is_none_or(|(_, path)| path.is_empty())
}

/// A page or an app; not a letter or a telephone call.
fn is_followed(url: &str) -> bool {
    !url.starts_with("mailto:") && !url.starts_with("tel:")
}

/// The sentence that a link stands in; and the question before it, for which it is the answer.
fn last_sentences(text: &str) -> &str {
    let text = text.trim_end();
    let ends = |char: char| matches!(char, '.' | '!' | '。' | '！' | '…');
    let body = text.trim_end_matches(|char: char| ends(char) || char == ':' || char == '：');
    // The dot of an address or a number ends nothing.
    let cut = body
        .char_indices()
        .rev()
        .find(|(at, char)| ends(*char) && (!char.is_ascii() || body[at + 1..].starts_with(' ')));
    cut.map_or(text, |(at, char)| &text[at + char.len_utf8()..])
}

const ORDER: [Topic; 6] = [Topic::Leave, Topic::Reset, Topic::Invite, Topic::Verify, Topic::SignIn, Topic::Aside];
const WORDS_BYTES_MAX: usize = 200;
const URL_BYTES_MAX: usize = 1 << 10;
/// `Click here`, `Weiter`, `Get started`: more words name a thing.
const GENERIC_CHARS_MAX: usize = 24;
