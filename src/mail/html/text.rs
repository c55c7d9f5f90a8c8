//! HTML as plain text to read: lines where a browser breaks them, links with their target.
//!
//! For messages without a text part, for snippets and for search. Not a layout: tables are read cell by cell.

use super::escape;
use lol_html::html_content::{Element, TextChunk, TextType};
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_text, element, end_tag};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// The text of an HTML document. Links are kept as `text (url)`, pictures as their `alt`. Where more elements are open
/// within each other than [`PARSER_BYTES_MAX`] can hold, it ends.
pub fn html_to_text(html: &str) -> String {
    let text = Rc::new(RefCell::new(Text::default()));
    // What was read before an error is text all the same.
    let _ = catch_unwind(AssertUnwindSafe(|| read(html, &text)));
    let mut text = text.borrow_mut();
    text.flush();
    std::mem::take(&mut text.out).trim().to_owned()
}

fn read(html: &str, text: &Rc<RefCell<Text>>) -> Option<()> {
    let on_element = |element: &mut Element<'_, '_>| {
        open(element, text);
        Ok(())
    };
    let on_text = |chunk: &mut TextChunk<'_>| {
        // Titles, styles and scripts are of other types.
        if matches!(chunk.text_type(), TextType::Data | TextType::CDataSection | TextType::PlainText) {
            let mut text = text.borrow_mut();
            text.pending.push_str(chunk.as_str());
            if chunk.last_in_text_node() {
                text.flush();
            }
        }
        Ok(())
    };
    let memory = MemorySettings::new().with_max_allowed_memory_usage(PARSER_BYTES_MAX);
    let mut settings = Settings::new().with_strict(false).with_memory_settings(memory);
    settings = settings.append_element_content_handler(element!("*", on_element));
    settings = settings.append_document_content_handler(doc_text!(on_text));
    let html = super::without_noscript(html);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(html.as_bytes()).ok()?;
    rewriter.end().ok()
}

fn open(element: &mut Element<'_, '_>, text: &Rc<RefCell<Text>>) {
    let tag = element.tag_name();
    let mut now = text.borrow_mut();
    let lines = lines_around(&tag);
    now.flush();
    match tag.as_str() {
        "br" => now.break_line(),
        "hr" => {
            now.lines(1);
            now.word("---");
            now.lines(1);
        }
        "td" | "th" => now.space = true,
        "li" => {
            now.lines(1);
            now.word("*");
            now.space = true;
        }
        "img" => {
            let alt = element.get_attribute("alt").unwrap_or_default();
            now.words(&escape::decode(&alt));
        }
        _ => now.lines(lines),
    }
    if tag == "pre" {
        now.preformatted += 1;
    }
    // A handler for each end tag would be a quarter of the memory of a large table.
    if lines == 0 && tag != "a" {
        return;
    }
    let href = element.get_attribute("href").filter(|_| tag == "a").map(|href| escape::decode(&href).trim().to_owned());
    let begun = now.out.len();
    let text = Rc::clone(text);
    let at_end = end_tag!(move |_end| {
        let mut now = text.borrow_mut();
        now.flush();
        if let Some(href) = &href {
            now.link(href, begun);
        }
        if tag == "pre" {
            now.preformatted = now.preformatted.saturating_sub(1);
        }
        now.lines(lines);
        Ok(())
    });
    // Elements without content, as `<p/>` in SVG, have no end.
    let _ = element.on_end_tag(at_end);
}

/// Line ends before and after an element: two make a blank line.
fn lines_around(tag: &str) -> usize {
    match tag {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "blockquote" | "pre" => 2,
        "div" | "tr" | "table" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside" | "center"
        | "li" | "dt" | "dd" | "form" | "fieldset" | "address" | "figure" | "figcaption" | "caption" | "body" => 1,
        _ => 0,
    }
}

/// Whether an element begins and ends a line.
pub(in crate::mail) fn breaks_line(tag: &str) -> bool {
    lines_around(tag) > 0
}

/// Text as it grows: white space is owed until a word comes.
#[derive(Default)]
struct Text {
    out: String,
    /// A text node, entities undecoded, as far as it was seen.
    pending: String,
    space: bool,
    /// Line ends that are owed.
    ends: usize,
    /// How many `<pre>` we are in.
    preformatted: usize,
}

impl Text {
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        self.words(&escape::decode(&pending));
    }

    fn words(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.word(text);
            return;
        }
        // A no-break space is a space to who reads text; it stays one to HTML.
        let blank = |char: char| char.is_ascii_whitespace() || char == '\u{a0}';
        self.space |= text.starts_with(blank);
        for word in text.split(blank).filter(|word| !word.is_empty()) {
            self.word(word);
            self.space = true;
        }
        self.space = text.ends_with(blank) || (self.space && text.chars().all(blank));
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.out.is_empty() {
            let ends = self.ends.min(2);
            self.out.push_str(&"\n\n"[..ends]);
            if self.space && ends == 0 && !self.out.ends_with('\n') {
                self.out.push(' ');
            }
        }
        self.out.push_str(word);
        (self.ends, self.space) = (0, false);
    }

    /// At least so many line ends before the next word.
    fn lines(&mut self, count: usize) {
        if count > 0 {
            self.ends = self.ends.max(count);
            self.space = false;
        }
    }

    fn break_line(&mut self) {
        self.ends += 1;
        self.space = false;
    }

    /// The target of a link whose text began at `begun`; not if the text says it, or if nothing was shown.
    fn link(&mut self, href: &str, begun: usize) {
        let shown = self.out[begun.min(self.out.len())..].trim();
        let bare = href.trim_start_matches("mailto:");
        if shown.is_empty() || href.is_empty() || href.starts_with('#') || shown == href || shown == bare {
            return;
        }
        self.space = true;
        let link = format!("({href})");
        self.word(&link);
    }
}

/// What the parser may keep of open elements: tens of thousands. Our own notes of where they end, which it does not count, take
/// three times as much again; it is read for every message, so this is what many of them at once are multiplied with.
const PARSER_BYTES_MAX: usize = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tens_of_thousands_of_open_elements_are_read_and_a_million_end_the_text() {
        for (tag, count) in [("<div>", 20_000), ("<a href=x>", 20_000), ("<li>", 20_000), ("<b>", 50_000)] {
            assert!(html_to_text(&format!("first {}last", tag.repeat(count))).contains("last"), "{tag}");
            let text = html_to_text(&format!("first {}last", tag.repeat(1_000_000)));
            assert!(text.starts_with("first") && !text.contains("last"), "{tag}");
        }
        // Closed ones take nothing.
        assert!(html_to_text(&format!("{}last", "<p><a href=x>y</a></p>".repeat(300_000))).ends_with("last"));
    }

    #[test]
    fn html_reads_as_text() {
        for (html, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("<p>Hello <b>you</b>,</p>\n<p>bye.</p>", "Hello you,\n\nbye."),
            ("a<br>b<br/><br>c", "a\nb\n\nc"),
            ("<div>a</div><div><div>b</div></div>c", "a\nb\nc"),
            ("<style>x{}</style><script>y</script><title>t</title><p>z", "z"),
            ("<a href=\"http://x/?a=1&amp;b=2\">here</a>!", "here (http://x/?a=1&b=2)!"),
            (
                "<a href=\"http://x/\">http://x/</a> <a href='mailto:a@b'>a@b</a> <a href=#top>up</a>",
                "http://x/ a@b up",
            ),
            ("<a href=http://x/><img src=y alt='a &amp; b'></a>", "a & b (http://x/)"),
            ("<ul><li>one<li>two</ul>end", "* one\n* two\n\nend"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"),
            ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            ("a&nbsp;&nbsp;b &lt;c&gt; &#8364;", "a b <c> €"),
            ("<!-- no --><noscript>yes</noscript>", "yes"),
            ("a <b> b</b> c", "a b c"),
            ("foo<b>bar</b>", "foobar"),
        ] {
            assert_eq!(html_to_text(html), expected, "{html}");
        }
    }
}
