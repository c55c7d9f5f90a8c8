//! HTML made fit to be shown, and HTML as text.
//!
//! The wall around hostile mail is the sandboxed frame and its Content-Security-Policy; what is done here is that
//! pictures of the message itself are found, that nothing is asked for that was not allowed, that links leave the
//! frame, and that its reader is told what would have been fetched. The bytes of the message stay as they are.
//! One pass by `lol_html`, in bounded memory; whatever it cannot take is shown as source.

mod css;
mod escape;
mod text;
mod unseen;

use lol_html::html_content::{Comment, ContentType, Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_comments, doc_text, element, text};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) use escape::{as_browsers_read, decode as decoded, scheme};
pub(super) use text::breaks_line;
pub use text::html_to_text;

/// HTML as it will be shown, and what it would have fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The document, to be served as UTF-8.
    pub html: String,
    /// What it asks others for, each once, in the order of the document; the same whether it was allowed or not.
    pub remote: Vec<Remote>,
}

/// A resource that the message wants from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remote {
    /// As written, escapes decoded.
    pub url: String,
    /// What it is for.
    pub what: Kind,
    /// Whether it is an image that nobody is meant to see: a pixel, or hidden.
    pub unseen: bool,
}

/// What a remote resource is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An image, a tracking pixel too.
    Image,
    /// A style sheet.
    StyleSheet,
    /// A font.
    Font,
    /// Sound or film.
    Media,
    /// Frames, plug-ins, icons, hints to the browser.
    Other,
}

impl Kind {
    /// The word for pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::StyleSheet => "style sheet",
            Self::Font => "font",
            Self::Media => "media",
            Self::Other => "other",
        }
    }
}

/// Makes HTML fit for a sandboxed frame.
///
/// `cid` turns a reference into the URL of a part of this message: the text after `cid:`, entities decoded, otherwise
/// as written; and URLs that are not `cid:`, which a Content-Location may mean ([`super::View::referred`] takes all of
/// them). With `allow_remote` images, style sheets, fonts and media of others stay in; frames, plug-ins and `<link>`
/// never do.
pub fn prepare(html: &str, cid: impl FnMut(&str) -> Option<String>, allow_remote: bool) -> Prepared {
    let resources =
        RefCell::new(Resources { cid, allow_remote, remote: Vec::new(), seen: HashSet::new(), unseen: false });
    let rewritten = catch_unwind(AssertUnwindSafe(|| rewrite(html, &resources))).ok().flatten();
    let html = rewritten.unwrap_or_else(|| as_source(html));
    Prepared { html, remote: resources.into_inner().remote }
}

/// The markup itself, to be read.
fn as_source(html: &str) -> String {
    format!("<pre>{}</pre>", html.replace('&', "&amp;").replace('<', "&lt;"))
}

fn rewrite<C: FnMut(&str) -> Option<String>>(html: &str, resources: &RefCell<Resources<C>>) -> Option<String> {
    let html = without_noscript(html);
    let style = RefCell::new(String::new());
    let on_element = |element: &mut Element<'_, '_>| {
        visit(element, &mut resources.borrow_mut());
        Ok(())
    };
    let on_style = |chunk: &mut TextChunk<'_>| {
        let mut style = style.borrow_mut();
        style.push_str(chunk.as_str());
        if chunk.last_in_text_node() {
            let css = css::rewrite(&style, &mut |url, kind| resources.borrow_mut().fate(url, kind));
            chunk.replace(&escape::tagless(&css), ContentType::Html);
            style.clear();
        } else {
            chunk.remove();
        }
        Ok(())
    };
    // Where a browser sees a tag that the rewriter took for text, nobody has looked at it.
    let on_raw_text = |chunk: &mut TextChunk<'_>| {
        if chunk.as_str().contains('<') && chunk.text_type() != TextType::Data {
            let text = escape::tagless(chunk.as_str()).into_owned();
            chunk.replace(&text, ContentType::Html);
        }
        Ok(())
    };
    let on_text = |chunk: &mut TextChunk<'_>| {
        if chunk.text_type() == TextType::CDataSection {
            chunk.remove();
        }
        Ok(())
    };
    let on_comment = |comment: &mut Comment<'_>| {
        comment.remove();
        Ok(())
    };
    let mut out = Vec::with_capacity(html.len());
    let settings = Settings::new()
        // It gives up where it cannot tell markup from text, as in `<select><xmp>`.
        .with_strict(true)
        .with_memory_settings(memory())
        .append_element_content_handler(element!("*", on_element))
        .append_element_content_handler(text!("style", on_style))
        .append_element_content_handler(text!("title, textarea, xmp, noembed, noframes, plaintext", on_raw_text))
        .append_document_content_handler(doc_comments!(on_comment))
        .append_document_content_handler(doc_text!(on_text));
    let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| out.extend_from_slice(chunk));
    rewriter.write(html.as_bytes()).ok()?;
    rewriter.end().ok()?;
    String::from_utf8(out).ok()
}

/// Most of it is what the parser keeps of open elements: a hundred thousand fit. With more of them it is shown as source.
pub(super) fn memory() -> MemorySettings {
    MemorySettings::new().with_max_allowed_memory_usage(16 << 20)
}

/// A browser without scripts reads what is in `<noscript>`; the rewriter takes it for raw text and would not look.
pub(super) fn without_noscript(html: &str) -> Cow<'_, str> {
    const NAME: &[u8] = b"noscript";
    let mut renamed: Option<Vec<u8>> = None;
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let name = at + 1 + usize::from(html.as_bytes().get(at + 1) == Some(&b'/'));
        if html.as_bytes().get(name..name + NAME.len()).is_some_and(|found| found.eq_ignore_ascii_case(NAME)) {
            renamed.get_or_insert_with(|| html.as_bytes().to_vec())[name..name + NAME.len()]
                .copy_from_slice(b"x-script");
        }
    }
    renamed.map_or(Cow::Borrowed(html), |bytes| Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What becomes of a URL.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It stays.
    Keep,
    /// Another takes its place.
    Become(String),
    /// It goes.
    Drop,
}

struct Resources<C> {
    cid: C,
    allow_remote: bool,
    remote: Vec<Remote>,
    seen: HashSet<(String, Kind)>,
    /// Whether the element at hand is an image that nobody sees.
    unseen: bool,
}

impl<C: FnMut(&str) -> Option<String>> Resources<C> {
    /// For a URL that the browser would fetch by itself.
    fn fate(&mut self, url: &str, what: Kind) -> Fate {
        let url = escape::as_browsers_read(url);
        match escape::scheme(&url).as_deref() {
            Some("cid") => (self.cid)(url[4..].trim_start_matches('/')).map_or(Fate::Drop, Fate::Become),
            Some("data") => Fate::Keep,
            Some("http" | "https") => self.elsewhere(&url, what),
            None if url.starts_with("//") || url.starts_with("\\\\") => self.elsewhere(&url, what),
            None if url.starts_with('#') => Fate::Keep,
            // Relative to a mail there is nothing; relative to our page there would be our own API.
            None if !url.is_empty() => (self.cid)(&url).map_or(Fate::Drop, Fate::Become),
            _ => Fate::Drop,
        }
    }

    fn elsewhere(&mut self, url: &str, what: Kind) -> Fate {
        if let Some(part) = (self.cid)(url) {
            return Fate::Become(part);
        }
        if self.remote.len() < REMOTE_MAX && self.seen.insert((url.to_owned(), what)) {
            self.remote.push(Remote { url: url.to_owned(), what, unseen: self.unseen });
        }
        if self.allow_remote && what != Kind::Other { Fate::Keep } else { Fate::Drop }
    }

    /// For one that is gone already, only told.
    fn note(&mut self, url: Option<String>, what: Kind) {
        if let Some(url) = url {
            self.fate(&escape::decode(&url), what);
        }
    }
}

fn visit<C: FnMut(&str) -> Option<String>>(element: &mut Element<'_, '_>, resources: &mut Resources<C>) {
    let tag = element.tag_name();
    match tag.as_str() {
        "script" => return element.remove(),
        "iframe" | "frame" | "embed" | "portal" | "fencedframe" => {
            resources.note(element.get_attribute("src"), Kind::Other);
            return element.remove();
        }
        // What stands in an object is for those who cannot show it: that is us.
        "object" | "applet" | "frameset" => {
            resources.note(element.get_attribute("data"), Kind::Other);
            return element.remove_and_keep_content();
        }
        "link" => {
            let is_style =
                element.get_attribute("rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("stylesheet"));
            resources.note(element.get_attribute("href"), if is_style { Kind::StyleSheet } else { Kind::Other });
            return element.remove();
        }
        "base" => return element.remove(),
        // In a picture it is markup to a browser, and may be put together from pieces that are no CSS alone.
        "style" if element.namespace_uri() != HTML_NAMESPACE => return element.remove(),
        "meta" if element.has_attribute("http-equiv") || named(element, "referrer") => return element.remove(),
        // Each change of an attribute looks through all: a hundred thousand of them would take hours.
        _ if element.attributes().len() > ATTRIBUTES_MAX => return element.remove(),
        _ => {}
    }
    let attributes: Vec<(String, String)> =
        element.attributes().iter().map(|attribute| (attribute.name(), attribute.value())).collect();
    resources.unseen = tag == "img" && attributes.iter().any(|(name, value)| unseen::hides(name, value));
    let mut leaves_the_frame = false;
    for (name, written) in attributes {
        let value = escape::decode(&written);
        let fate = match attribute_role(&tag, &name) {
            Role::Gone => Fate::Drop,
            Role::Fetched(what) => resources.fate(&value, what),
            Role::Set => srcset(&value, resources),
            Role::Style => css_fate(&value, resources),
            Role::Link => {
                let fate = link(&value, resources);
                leaves_the_frame = fate != Fate::Drop && !value.trim_start().starts_with('#');
                fate
            }
            // An address that is only set once the page is shown is one that nobody has looked at.
            Role::AnimatedName if value.to_ascii_lowercase().contains("href") => Fate::Drop,
            Role::Animated if !is_script(&value) => css_fate(&value, resources),
            Role::Animated | Role::AnimatedName | Role::Plain if is_script(&value) => Fate::Drop,
            Role::Animated | Role::AnimatedName | Role::Plain => Fate::Keep,
        };
        match fate {
            // A name with a bracket is a tag that was meant to be seen by somebody else.
            _ if name.contains('<') => element.remove_attribute(&name),
            Fate::Keep if written.contains('<') => {
                let _ = element.set_attribute(&name, &written.replace('<', "&lt;"));
            }
            Fate::Keep => {}
            Fate::Drop => element.remove_attribute(&name),
            // A name that could be read can be set.
            Fate::Become(value) => {
                let _ = element.set_attribute(&name, &escape::encode(&value));
            }
        }
    }
    if leaves_the_frame {
        let _ = element.set_attribute("target", "_blank");
        let _ = element.set_attribute("rel", "noreferrer noopener");
    }
}

fn named(element: &Element<'_, '_>, name: &str) -> bool {
    element.get_attribute("name").is_some_and(|value| value.trim().eq_ignore_ascii_case(name))
}

enum Role {
    /// Never stays.
    Gone,
    /// A URL that is fetched with the page.
    Fetched(Kind),
    /// Several of them.
    Set,
    /// CSS.
    Style,
    /// A URL that is followed by a click.
    Link,
    /// What an animation sets an attribute to.
    Animated,
    /// The attribute that it sets.
    AnimatedName,
    /// Anything else.
    Plain,
}

fn attribute_role(tag: &str, name: &str) -> Role {
    let kind = match tag {
        "video" | "audio" | "track" | "bgsound" => Kind::Media,
        "use" => Kind::Other,
        _ => Kind::Image,
    };
    match name {
        _ if name.starts_with("on") => Role::Gone,
        "action" | "formaction" | "ping" | "srcdoc" | "manifest" | "target" | "archive" | "codebase" | "xml:base" => {
            Role::Gone
        }
        // What SVG says in attributes is CSS too, and so is what its animations set them to.
        "style" | "fill" | "stroke" | "filter" | "mask" | "clip-path" | "cursor" | "marker" | "marker-start"
        | "marker-mid" | "marker-end" => Role::Style,
        "to" | "from" | "by" | "values" if matches!(tag, "set" | "animate") => Role::Animated,
        "attributename" => Role::AnimatedName,
        "srcset" | "imagesrcset" => Role::Set,
        "src" | "data" => Role::Fetched(kind),
        "background" | "poster" | "lowsrc" | "dynsrc" => Role::Fetched(Kind::Image),
        "href" | "xlink:href"
            if matches!(tag, "image" | "feimage" | "use" | "pattern" | "lineargradient" | "radialgradient") =>
        {
            Role::Fetched(kind)
        }
        "href" | "xlink:href" => Role::Link,
        _ => Role::Plain,
    }
}

fn link<C: FnMut(&str) -> Option<String>>(href: &str, resources: &mut Resources<C>) -> Fate {
    let url = escape::as_browsers_read(href);
    match escape::scheme(&url).as_deref() {
        Some("javascript" | "vbscript" | "data" | "blob" | "file" | "about") => Fate::Drop,
        Some("cid") => resources.fate(href, Kind::Other),
        Some(_) => Fate::Keep,
        None if url.starts_with('#') || url.starts_with("//") => Fate::Keep,
        // It would lead to a page of our own.
        None => Fate::Drop,
    }
}

fn is_script(value: &str) -> bool {
    // The first characters decide, and a value can be long.
    let head = &value[..value.floor_char_boundary(200)];
    matches!(escape::scheme(&escape::as_browsers_read(head)).as_deref(), Some("javascript" | "vbscript"))
}

fn css_fate<C: FnMut(&str) -> Option<String>>(style: &str, resources: &mut Resources<C>) -> Fate {
    match css::rewrite(style, &mut |url, kind| resources.fate(url, kind)) {
        Cow::Borrowed(_) => Fate::Keep,
        Cow::Owned(style) => Fate::Become(style),
    }
}

/// The `srcset` of HTML: URLs, each with a descriptor, and commas between.
fn srcset<C: FnMut(&str) -> Option<String>>(value: &str, resources: &mut Resources<C>) -> Fate {
    let mut kept = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|char: char| char.is_ascii_whitespace() || char == ',');
        if rest.is_empty() {
            break;
        }
        let (word, after) = rest.split_at(rest.find(|char: char| char.is_ascii_whitespace()).unwrap_or(rest.len()));
        // A comma may be in a URL, as in `data:`, but not end it.
        let url = word.trim_end_matches(',');
        let ends = if url.len() < word.len() { 0 } else { after.find(',').unwrap_or(after.len()) };
        let descriptor = after[..ends].trim();
        rest = &after[ends..];
        match resources.fate(url, Kind::Image) {
            Fate::Keep => kept.push(format!("{url} {descriptor}")),
            Fate::Become(url) => kept.push(format!("{url} {descriptor}")),
            Fate::Drop => {}
        }
    }
    if kept.is_empty() { Fate::Drop } else { Fate::Become(kept.join(", ")) }
}

const HTML_NAMESPACE: &str = "http://www.w3.org/1999/xhtml";
const ATTRIBUTES_MAX: usize = 200;
const REMOTE_MAX: usize = 10_000;

#[cfg(test)]
mod tests;
