//! HTML as lines, with what is large in them and what is a link.

use super::super::html;
use super::line::Line;
use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, Settings, doc_text, element, end_tag};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// A document.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Its lines; none is empty.
    pub(super) lines: Vec<Line>,
    /// Its links, in order, with repeats.
    pub(super) anchors: Vec<Anchor>,
}

/// An `<a>` or an `<area>`.
#[derive(Debug)]
pub(super) struct Anchor {
    /// Entities decoded, white space gone that a browser does not see.
    pub(super) href: String,
    /// What is shown.
    pub(super) text: String,
    /// What it is called otherwise: `aria-label`, `title`.
    pub(super) label: String,
    /// The line that it begins in.
    pub(super) line: usize,
    /// Where in that line.
    pub(super) at: usize,
}

impl Page {
    /// Reads a document; what was read before an error is read all the same.
    pub(super) fn read(html: &str) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let _ = catch_unwind(AssertUnwindSafe(|| read(html, &state)));
        let mut state = state.borrow_mut();
        state.flush();
        state.end_line();
        let mut page = std::mem::take(&mut state.page);
        page.join_boxes();
        page
    }

    /// Digits in boxes of their own, one on each line, are one line.
    fn join_boxes(&mut self) {
        let is_box = |line: &Line| line.len() == 1 && line.plain[0].is_ascii_alphanumeric();
        let mut at = 0;
        while at < self.lines.len() {
            let count = self.lines[at..].iter().take(BOXES_MAX + 1).take_while(|line| is_box(line)).count();
            if (BOXES_MIN..=BOXES_MAX).contains(&count) {
                let whole = self.lines[at..at + count].iter().map(|line| line.text(0..1)).collect::<Vec<_>>().join(" ");
                let mut line = Line::new(&whole);
                line.large.push(0..line.len());
                self.lines[at] = line;
                // The others stay as empty lines: anchors know theirs by number.
                for rest in &mut self.lines[at + 1..at + count] {
                    *rest = Line::default();
                }
            }
            at += count.max(1);
        }
    }
}

#[derive(Default)]
struct State {
    page: Page,
    line: Line,
    /// A text node, entities undecoded, as far as it was seen.
    pending: String,
    /// The link that is open.
    anchor: Option<usize>,
}

impl State {
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        self.words(&html::decoded(&pending));
    }

    fn words(&mut self, text: &str) {
        self.line.push(text);
        if let Some(anchor) = self.anchor.and_then(|at| self.page.anchors.get_mut(at))
            && anchor.text.len() < ANCHOR_BYTES_MAX
        {
            anchor.text.push_str(super::head(text, ANCHOR_BYTES_MAX));
        }
    }

    fn end_line(&mut self) {
        self.line.trim_end();
        if !self.line.is_empty() {
            self.page.lines.push(std::mem::take(&mut self.line));
        }
        if let Some(anchor) = self.anchor.and_then(|at| self.page.anchors.get_mut(at)) {
            anchor.text.push(' ');
        }
    }

    /// An element that began at this place has ended.
    fn end_element(&mut self, (line, start): (usize, usize), large: bool, link: bool) {
        self.flush();
        // What spans lines is a paragraph.
        if line != self.page.lines.len() || start >= self.line.len() || self.line.len() - start > ELEMENT_CHARS_MAX {
            return;
        }
        let range = start..self.line.len();
        if large {
            self.line.large.push(range.clone());
        }
        if link {
            self.line.anchors.push(range.clone());
        }
        self.line.elements.push(range);
    }

    fn place(&self) -> (usize, usize) {
        (self.page.lines.len(), self.line.len())
    }
}

fn read(html: &str, state: &Rc<RefCell<State>>) -> Option<()> {
    let on_element = |element: &mut Element<'_, '_>| {
        open(element, state);
        Ok(())
    };
    let on_text = |chunk: &mut TextChunk<'_>| {
        // Titles, styles and scripts are of other types.
        if matches!(chunk.text_type(), TextType::Data | TextType::CDataSection | TextType::PlainText) {
            let mut state = state.borrow_mut();
            state.pending.push_str(chunk.as_str());
            if chunk.last_in_text_node() {
                state.flush();
            }
        }
        Ok(())
    };
    let mut settings = Settings::new().with_strict(false).with_memory_settings(html::memory());
    settings = settings.append_element_content_handler(element!("*", on_element));
    settings = settings.append_document_content_handler(doc_text!(on_text));
    let html = html::without_noscript(html);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(html.as_bytes()).ok()?;
    rewriter.end().ok()
}

fn open(element: &mut Element<'_, '_>, state: &Rc<RefCell<State>>) {
    let tag = element.tag_name();
    let attribute = |name: &str| element.get_attribute(name).map(|value| html::decoded(&value).into_owned());
    let mut now = state.borrow_mut();
    now.flush();
    let breaks = html::breaks_line(&tag);
    if breaks || tag == "br" || tag == "hr" {
        now.end_line();
    }
    match tag.as_str() {
        "td" | "th" => now.words(" "),
        "img" => now.words(&attribute("alt").unwrap_or_default()),
        _ => {}
    }
    let is_link = matches!(tag.as_str(), "a" | "area");
    if let Some(href) = attribute("href").filter(|_| is_link && now.page.anchors.len() < ANCHORS_MAX) {
        let label = attribute("aria-label").or_else(|| attribute("title")).or_else(|| attribute("alt"));
        let (line, at) = now.place();
        let href = html::as_browsers_read(&href).into_owned();
        now.page.anchors.push(Anchor { href, text: String::new(), label: label.unwrap_or_default(), line, at });
        now.anchor = (tag == "a").then(|| now.page.anchors.len() - 1);
    }
    let large = is_large(&tag, &attribute);
    let within = INLINE.contains(&tag.as_str());
    if !breaks && !is_link && !within && !large {
        return;
    }
    let begun = now.place();
    let state = Rc::clone(state);
    let at_end = end_tag!(move |_end| {
        let mut now = state.borrow_mut();
        now.end_element(begun, large, is_link);
        if is_link {
            now.anchor = None;
        }
        if breaks {
            now.end_line();
        }
        Ok(())
    });
    // Elements without content, as `<p/>` in SVG, have no end.
    let _ = element.on_end_tag(at_end);
}

/// What mail does to a code that is to be seen: large letters, letters apart, letters of code, a name that says so.
fn is_large(tag: &str, attribute: &impl Fn(&str) -> Option<String>) -> bool {
    if matches!(tag, "h1" | "h2" | "h3" | "code" | "kbd" | "samp" | "pre") {
        return true;
    }
    let named = ["class", "id"].iter().filter_map(|name| attribute(name)).any(|name| {
        let name = super::head(&name, ATTRIBUTE_BYTES_MAX).to_ascii_lowercase();
        ["otp", "code", "passcode", "pin", "token"].iter().any(|word| name.split(['-', '_', ' ']).any(|it| it == *word))
    });
    named || attribute("style").is_some_and(|style| style_is_large(super::head(&style, ATTRIBUTE_BYTES_MAX)))
}

fn style_is_large(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "letter-spacing" => !value.starts_with(['0', '-', 'n', 'i']) || value.starts_with("0."),
            "font-family" => value.to_ascii_lowercase().contains("mono") || value.contains("ourier"),
            "font-size" => {
                let number: String = value.chars().take_while(|char| char.is_ascii_digit() || *char == '.').collect();
                let size: f32 = number.parse().unwrap_or(0.0);
                let unit = &value[number.len()..];
                size >= if unit.starts_with("em") || unit.starts_with("rem") { 1.4 } else { 20.0 }
                    && !unit.starts_with('%')
            }
            _ => false,
        }
    })
}

/// Elements within a line whose ends matter: a code may have one to itself.
const INLINE: [&str; 9] = ["b", "strong", "em", "span", "td", "th", "font", "big", "mark"];
const BOXES_MIN: usize = 4;
const BOXES_MAX: usize = 10;
/// An element to itself is a short one.
const ELEMENT_CHARS_MAX: usize = 60;
const ANCHORS_MAX: usize = 20_000;
const ANCHOR_BYTES_MAX: usize = 1 << 10;
const ATTRIBUTE_BYTES_MAX: usize = 2 << 10;
