//! The Source tab: which bytes of a message are what, and the lines that findings are about.

use std::ops::RangeInclusive;

use crate::mail::View;
use crate::mail::finding::{Finding, Place};
use crate::mail::structure::{Part, TransferEncoding};
use crate::web::page::source::{Region, SourceBody, What};
use crate::web::place;

pub(super) fn body(raw: &[u8], view: &View, found: &[&Finding], lines: Option<RangeInclusive<usize>>) -> SourceBody {
    SourceBody::new(raw, &regions(view), &odd_lines(raw, found), lines)
}

/// Headers and bodies, in order; what lies between the parts is left out.
fn regions(view: &View) -> Vec<Region> {
    let in_text = |part: &Part| part.encoding == TransferEncoding::Uuencode;
    let mut regions = Vec::new();
    for part in view.structure.parts.iter().filter(|part| !in_text(part)) {
        regions.push(Region { range: part.header.clone(), what: What::Header });
        if !part.is_multipart() {
            regions.push(Region { range: part.body.clone(), what: of_body(part) });
        }
    }
    regions.retain(|region| !region.range.is_empty());
    regions
}

/// What a body looks like as sent.
pub(super) fn of_body(part: &Part) -> What {
    match part.encoding {
        TransferEncoding::Base64 | TransferEncoding::Uuencode => What::Base64,
        TransferEncoding::QuotedPrintable => What::QuotedPrintable,
        _ => What::Text,
    }
}

/// The lines of the source that findings are about.
fn odd_lines(raw: &[u8], found: &[&Finding]) -> Vec<usize> {
    let byte = |finding: &&Finding| match finding.at {
        Some(Place::Byte(at)) => Some(place::line(raw, at)),
        _ => None,
    };
    found.iter().filter_map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_in_order_and_do_not_overlap() {
        let raw = b"Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\nbegin 644 cat.txt\n#0V%T\n`\nend\n--b\n\
            Content-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c--\n--b--\n";
        let view = View::read(raw);
        assert!(view.part("1-uu1").is_some());
        let regions = regions(&view);
        assert!(regions.windows(2).all(|two| two[0].range.end <= two[1].range.start), "{regions:?}");
        let what: Vec<_> = regions.iter().map(|region| region.what).collect();
        assert_eq!(what, [What::Header, What::Text, What::Header, What::Base64, What::Header, What::Text]);
        let body = body(raw, &view, &[], None);
        let classes: Vec<_> =
            body.runs[0].spans.iter().filter(|span| span.class == "delimiter").map(|span| span.text.trim()).collect();
        assert_eq!(classes, ["--b", "--b", "--b", "--c", "--c--\n--b--"]);
    }
}
