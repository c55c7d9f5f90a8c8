//! The strip of codes and links in the head of a message.

use super::weight::{self, LINE_BYTES_MAX, LIST_BYTES_MAX, MARKUP_BYTES, VALUE_BYTES_MAX};

/// What was found in a message.
#[derive(Clone, Debug, Default)]
pub struct FoundView {
    /// The best first.
    pub codes: Vec<CodeView>,
    /// The link that the message is about.
    pub main: Option<LinkView>,
    /// All links.
    pub links: Vec<LinkView>,
    /// How many more there are.
    pub left_out: usize,
    /// How one leaves the list, if it says so.
    pub unsubscribe: Option<UnsubscribeView>,
}

/// What the List-Unsubscribe field says.
#[derive(Clone, Debug, Default)]
pub struct UnsubscribeView {
    /// The addresses in their order. Only those of the web can be clicked: a mail would leave by the reader's own program.
    pub addresses: Vec<LinkView>,
    /// Whether one POST is said to be enough (RFC 8058).
    pub one_click: bool,
}

/// A one-time code.
#[derive(Clone, Debug, Default)]
pub struct CodeView {
    /// As it is to be typed.
    pub value: String,
    /// The words that make it one.
    pub context: String,
}

/// A link.
#[derive(Clone, Debug, Default)]
pub struct LinkView {
    /// Where it leads; empty if it is too long, or is neither `http:` nor `https:`: then it can be read, not clicked.
    pub href: String,
    /// The address, or its beginning.
    pub url: String,
    /// The words on it, or its address.
    pub text: String,
    /// Where it leads to, in short: its host, or its scheme.
    pub host: String,
    /// What it is for; empty if that is nothing particular.
    pub purpose: String,
}

impl FoundView {
    /// As many as a page bears.
    pub fn new(
        codes: impl IntoIterator<Item = CodeView>,
        main: Option<LinkView>,
        links: impl IntoIterator<Item = LinkView>,
    ) -> Self {
        let (links, left_out) = weight::fitting(links, 2 * LIST_BYTES_MAX, LinkView::weight);
        Self { codes: codes.into_iter().take(CODES_MAX).collect(), main, links, left_out, unsubscribe: None }
    }

    /// Whether there is anything to show.
    pub fn is_some(&self) -> bool {
        !self.codes.is_empty() || !self.links.is_empty() || self.unsubscribe.is_some()
    }

    /// How many links there are.
    pub fn count(&self) -> usize {
        self.links.len() + self.left_out
    }
}

impl LinkView {
    /// Reads an address.
    pub fn new(url: &str, text: &str, purpose: &str) -> Self {
        let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
        let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let whole = weight::head(url, VALUE_BYTES_MAX).len() == url.len();
        let authority = rest.trim_start_matches('/').split(['/', '?', '#', '\\']).next().unwrap_or("");
        // What stands before an `@` is there to deceive.
        let host = if is_web { authority.rsplit('@').next().unwrap_or("") } else { scheme };
        let shown = if text.is_empty() { url } else { text };
        Self {
            href: if is_web && whole { url.to_owned() } else { String::new() },
            url: weight::cut(url, LINE_BYTES_MAX),
            text: weight::cut(shown, LINE_BYTES_MAX),
            host: weight::cut(host, LINE_BYTES_MAX),
            purpose: if purpose == "other" { String::new() } else { purpose.to_owned() },
        }
    }

    /// `https`, `mailto` …
    pub fn scheme(&self) -> &str {
        self.url.split_once(':').map_or("", |(scheme, _)| weight::head(scheme, 20))
    }

    /// Whether it is one that somebody may want to follow by hand.
    pub fn can_be_copied(&self) -> bool {
        !self.href.is_empty() || self.scheme().eq_ignore_ascii_case("mailto")
    }

    fn weight(&self) -> usize {
        MARKUP_BYTES
            + [&self.href, &self.url, &self.text, &self.purpose].into_iter().map(|text| weight::of(text)).sum::<usize>()
    }
}

const CODES_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_can_be_clicked() {
        for (url, href, host) in [
            ("https://a.test/b?c", "https://a.test/b?c", "a.test"),
            ("https://bank.test@evil.test/", "https://bank.test@evil.test/", "evil.test"),
            ("myapp://go", "", "myapp"),
            ("javascript:alert(1)", "", "javascript"),
        ] {
            let link = LinkView::new(url, "", "other");
            assert_eq!((&*link.href, &*link.host), (href, host), "{url}");
        }
    }
}
