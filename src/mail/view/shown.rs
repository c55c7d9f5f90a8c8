//! Which parts are the text, the HTML, attachments and the rest: the rules of Mailpit (`enmime`), so that its clients
//! find what they look for. No part is left without a role; where enmime would show nothing, we show something.

use crate::mail::structure::{Disposition, Part, Structure};

/// The indices of the parts, by what they are for.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) text: Vec<u32>,
    pub(super) html: Option<u32>,
    pub(super) attachments: Vec<u32>,
    pub(super) inline: Vec<u32>,
}

impl Shown {
    pub(super) fn of(structure: &Structure) -> Self {
        let leaves: Vec<(u32, &Part)> = (0..).zip(&structure.parts).filter(|(_, part)| !part.is_multipart()).collect();
        let attached = |part: &Part| part.disposition == Disposition::Attachment;
        let is_plain = |part: &Part| &*part.content_type == "text/plain" || part.content_type.starts_with("multipart/");
        let is_html = |part: &Part| &*part.content_type == "text/html";
        // Breadth first, as enmime goes where the order shows: a stable sort of what is in depth-first order.
        let mut by_depth = leaves.clone();
        by_depth.sort_by_key(|(_, part)| part.depth);
        let root = structure.root();
        let mut shown = Self::default();
        let texts = |leaves: &[(u32, &Part)], count: usize| -> Vec<u32> {
            leaves.iter().filter(|(_, part)| is_plain(part) && !attached(part)).map(|(at, _)| *at).take(count).collect()
        };
        shown.text = match &*root.content_type {
            "multipart/alternative" => texts(&by_depth, 1),
            _ => texts(&leaves, usize::MAX),
        };
        shown.html = leaves.iter().find(|(_, part)| is_html(part) && !attached(part)).map(|(at, _)| *at);
        if shown.text.is_empty() && shown.html.is_none() {
            // text/enriched, text/markdown, a calendar: better than nothing to read.
            shown.text = leaves
                .iter()
                .filter(|(_, part)| part.is_text() && !attached(part))
                .map(|(at, _)| *at)
                .take(1)
                .collect();
        }
        for (at, part) in by_depth {
            // Searched, for ten thousand parts would else be looked through ten thousand times.
            let in_text = shown.text.binary_search(&at).is_ok();
            let is_body = in_text && is_plain(part) || shown.html == Some(at);
            let alone = part.parent.is_none() && !part.is_text() && part.disposition == Disposition::Unsaid;
            if attached(part) || &*part.content_type == "application/octet-stream" || alone {
                shown.attachments.push(at);
            } else if !is_body || (part.disposition == Disposition::Inline && part.name().is_some()) {
                shown.inline.push(at);
            }
        }
        shown
    }
}
