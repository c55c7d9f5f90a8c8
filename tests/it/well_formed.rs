//! Whether HTML is what it should be, as a browser's own parser sees it: `html5ever`, which tells every parse error of
//! the standard, unclosed and misplaced elements among them. Text of a message that came out unescaped shows as an error,
//! or as an element or attribute that no template of ours has.

use html5ever::parse_document;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// What is wrong with a page of ours; empty if nothing is.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let dom = parsed(html);
    let mut faults: Vec<String> = dom.errors.borrow().iter().map(ToString::to_string).collect();
    // The parser tells these too when it is asked to, at a fraction of its speed.
    faults.extend(html.chars().filter(|char| is_bad(*char)).map(|char| format!("{char:?} in the input")));
    each_element(&dom, |name, attributes| {
        let hostile = name.starts_with("x-") || ["base", "object", "embed", "style"].contains(&name);
        // Ours come from files: nothing is inline.
        let inline =
            name == "script" && !attributes.iter().any(|(name, value)| name == "src" && value.contains("/static/"));
        if hostile || inline {
            faults.push(format!("<{name}> is not of ours"));
        }
        for (attribute, value) in attributes {
            let foreign = attribute.starts_with("on") || attribute.starts_with("x-") || attribute == "style";
            if foreign || value.trim_start().to_ascii_lowercase().starts_with("javascript:") {
                faults.push(format!("<{name} {attribute}={value:?}> is not of ours"));
            }
        }
    });
    faults
}

/// WHATWG HTML §13.2.3.5.
fn is_bad(char: char) -> bool {
    char.is_control() && !"\t\n\r\x0c".contains(char)
        || matches!(char, '\u{fdd0}'..='\u{fdef}')
        || u32::from(char) & 0xfffe == 0xfffe
}

/// What runs in a mail's own HTML, which need not be well-formed.
pub(crate) fn scripts(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_element(&parsed(html), |name, attributes| {
        if ["script", "base", "iframe", "object", "embed"].contains(&name) {
            found.push(format!("<{name}>"));
        }
        for (attribute, value) in attributes.iter().filter(|(attribute, _)| attribute.starts_with("on")) {
            found.push(format!("<{name} {attribute}={value:?}>"));
        }
    });
    found
}

fn parsed(html: &str) -> RcDom {
    parse_document(RcDom::default(), Default::default()).one(html)
}

/// Without recursion: a hostile nest is deep.
fn each_element(dom: &RcDom, mut look: impl FnMut(&str, &[(String, String)])) {
    let mut open: Vec<Handle> = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        open.extend(node.children.borrow().iter().cloned());
        let NodeData::Element { name, attrs, template_contents, .. } = &node.data else { continue };
        open.extend(template_contents.borrow().iter().cloned());
        let attributes: Vec<_> =
            attrs.borrow().iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
        look(&name.local, &attributes);
    }
}

#[test]
fn the_check_bites() {
    let page = |body: &str| {
        format!("<!doctype html>\n<html lang=\"en\"><head><title>x</title></head><body>{body}</body></html>")
    };
    assert!(faults(&page("<p>a &amp; b</p>")).is_empty());
    for body in [
        "<p>a & b &am; c</p></div>",
        "<div>",
        "<p><div></div></p>",
        "a < b",
        "<x-mail></x-mail>",
        "<p title=\"\"a\">x</p>",
        "<img alt=\"\" onerror=\"a()\">",
        "<script>a()</script>",
        "<a href=\"javascript:a()\">x</a>",
        "a\0b",
        "a\u{85}b",
    ] {
        assert!(!faults(&page(body)).is_empty(), "{body}");
    }
    assert_eq!(scripts("<svg><script>a()</script><p onclick=a()>").len(), 2);
}
