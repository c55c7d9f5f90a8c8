//! Gathers the links: those of the HTML in order, then those that only the text has; each address once.

use super::line::Line;
use super::page::Page;
use super::purpose::{Judged, Said, judge};
use super::{Link, Purpose, Source, url};
use std::collections::HashMap;

/// All links of a message.
pub(super) fn gather(subject: &Line, text: &str, html: &Page) -> Vec<Link> {
    let mut links = Links::default();
    for anchor in &html.anchors {
        if !url::leads_out(&anchor.href) && !anchor.href.starts_with("//") {
            continue;
        }
        let relative = anchor.href.starts_with("//");
        let href = if relative { format!("https:{}", anchor.href) } else { anchor.href.clone() };
        let shown = one_line(&anchor.text);
        let shown = if shown.is_empty() { one_line(&anchor.label) } else { shown };
        let words = if is_address_itself(&shown, &href) { "" } else { &shown };
        let empty = Line::default();
        let line = html.lines.get(anchor.line).unwrap_or(&empty);
        let before = anchor.line.checked_sub(1).and_then(|at| html.lines.get(at)).unwrap_or(&empty);
        let (own, before) = (
            line.text(anchor.at.saturating_sub(AROUND_BYTES_MAX)..anchor.at),
            before.text(before.len().saturating_sub(AROUND_BYTES_MAX)..before.len()),
        );
        let behind = line.text(anchor.at..anchor.at + 2 * AROUND_BYTES_MAX);
        let behind = behind.get(shown.len()..).unwrap_or_default();
        let judged = judge(&Said {
            url: &href,
            words,
            own: tail(&own),
            above: tail(&before),
            behind: super::head(behind, AROUND_BYTES_MAX),
        });
        links.add(href, shown, judged, Source::Html);
    }
    for (at, line) in html.lines.iter().enumerate() {
        let shown = line.text(0..line.len());
        if shown.contains(':') {
            let above = at
                .checked_sub(1)
                .and_then(|at| html.lines.get(at))
                .map_or_else(String::new, |line| line.text(0..line.len()));
            bare(&shown, &above, Source::Html, &mut links);
        }
    }
    bare(text, "", Source::Text, &mut links);
    by_subject(subject, &mut links.all);
    links.all
}

/// The addresses in a text; what is around each is what was said since the one before it.
fn bare(text: &str, above: &str, source: Source, links: &mut Links) {
    let mut from = 0;
    let mut said = above.to_owned();
    for (range, url) in url::addresses(text) {
        let before = tail(&text[from..range.start]).trim_end_matches(['<', '(', ' ']);
        let (upper, own) = before.rsplit_once('\n').unwrap_or(("", before));
        let upper = if upper.trim().is_empty() { said.as_str() } else { upper };
        let upper = upper.trim_end();
        let upper = upper.rsplit('\n').next().unwrap_or("");
        let behind = super::head(&text[range.end..], AROUND_BYTES_MAX)
            .lines()
            .next()
            .unwrap_or("")
            .trim_start_matches(['>', ')']);
        let judged =
            judge(&Said { url: &url, words: "", own, above: upper, behind: super::head(behind, AROUND_BYTES_MAX) });
        links.add(url, String::new(), judged, source);
        from = range.end;
        said.clear();
    }
}

#[derive(Default)]
struct Links {
    all: Vec<Link>,
    at: HashMap<String, usize>,
}

impl Links {
    fn add(&mut self, url: String, text: String, judged: Judged, source: Source) {
        if let Some(&at) = self.at.get(&url) {
            let link = &mut self.all[at];
            if link.text.is_empty() {
                link.text = text;
            }
            if link.source == Source::Html && source == Source::Text {
                link.source = Source::Both;
            }
            if judged.certainty > link.certainty {
                (link.purpose, link.certainty) = (judged.purpose, judged.certainty);
            }
            link.aside &= judged.aside;
            return;
        }
        if self.all.len() >= LINKS_MAX {
            return;
        }
        self.at.insert(url.clone(), self.all.len());
        let Judged { purpose, certainty, aside } = judged;
        self.all.push(Link { url, text, purpose, source, certainty, aside });
    }
}

/// Where nothing says what the only link is for, the subject does.
fn by_subject(subject: &Line, links: &mut [Link]) {
    if links.iter().any(|link| !matches!(link.purpose, Purpose::Other | Purpose::Unsubscribe) && !link.aside) {
        return;
    }
    let mut rest =
        links.iter_mut().filter(|link| !link.aside && link.purpose == Purpose::Other && link.url.starts_with("http"));
    let (Some(only), None) = (rest.next(), rest.next()) else { return };
    let about = judge(&Said { url: &only.url, words: &subject.text(0..subject.len()), own: "", above: "", behind: "" });
    if !about.aside && about.purpose != Purpose::Unsubscribe {
        only.purpose = about.purpose;
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the words on a link are its address.
fn is_address_itself(words: &str, url: &str) -> bool {
    let bare = |text: &str| {
        text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_ascii_lowercase()
    };
    !words.contains(' ') && bare(url).starts_with(bare(words).trim_end_matches('…')) || words.contains("://")
}

/// The end of a text.
fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(AROUND_BYTES_MAX))..]
}

const LINKS_MAX: usize = 10_000;
const AROUND_BYTES_MAX: usize = 300;
