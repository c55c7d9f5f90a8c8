//! Which parts are the text, the HTML, attachments and the rest: the rules of Mailpit (`enmime`), so that its clients
//! find what they look for. No part is left without a role; where enmime would show nothing, we show something.

use crate::mail::structure::{BodyOf, Disposition, Listed, Part, Structure};

/// Says of each part what it is for.
pub(super) fn sort(structure: &mut Structure) {
    let alternative = &*structure.root().content_type == "multipart/alternative";
    let leaves = || structure.parts.iter().enumerate().filter(|(_, part)| !part.is_multipart());
    let mut texts: Vec<_> = leaves().filter(|(_, part)| is_plain(part) && !attached(part)).collect();
    if alternative {
        // The outermost, and of those the first: the sort is stable.
        texts.sort_by_key(|(_, part)| part.depth);
        texts.truncate(1);
    }
    let html = leaves().find(|(_, part)| is_html(part) && !attached(part));
    if texts.is_empty() && html.is_none() {
        // text/enriched, text/markdown, a calendar: better than nothing to read.
        texts.extend(leaves().find(|(_, part)| part.is_text() && !attached(part)));
    }
    let (texts, html): (Vec<_>, _) = (texts.into_iter().map(|(at, _)| at).collect(), html.map(|(at, _)| at));
    for at in texts {
        structure.parts[at].body_of = Some(BodyOf::Text);
    }
    if let Some(at) = html {
        structure.parts[at].body_of = Some(BodyOf::Html);
    }
    for part in structure.parts.iter_mut().filter(|part| !part.is_multipart()) {
        part.listed = listed(part);
    }
}

fn listed(part: &Part) -> Option<Listed> {
    let is_body = part.body_of.is_some() && (is_plain(part) || is_html(part));
    let alone = part.parent.is_none() && !part.is_text() && part.disposition == Disposition::Unsaid;
    if attached(part) || &*part.content_type == "application/octet-stream" || alone {
        Some(Listed::Attachment)
    } else if !is_body || (part.disposition == Disposition::Inline && part.name().is_some()) {
        Some(Listed::Inline)
    } else {
        None
    }
}

fn is_plain(part: &Part) -> bool {
    &*part.content_type == "text/plain" || part.content_type.starts_with("multipart/")
}

fn is_html(part: &Part) -> bool {
    &*part.content_type == "text/html"
}

fn attached(part: &Part) -> bool {
    part.disposition == Disposition::Attachment
}
