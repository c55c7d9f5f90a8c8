//! What is odd about the octets of a message, before anybody reads them as mail. Three passes at the speed of memory,
//! once, at the end; nothing is changed.

use super::extension;
use crate::mail::envelope::Params;
use crate::mail::finding::{Finding, Oddity};
use memchr::{memchr_iter, memmem};

/// The command that brought it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Data,
    Bdat,
}

/// Judges `raw` by what MAIL's parameters promised.
pub(super) fn judge(raw: &[u8], params: &Params, by: By) -> Vec<Finding> {
    let mut odd = Vec::new();
    let body = params.value("BODY").unwrap_or(b"");
    let binary = body.eq_ignore_ascii_case(b"BINARYMIME");
    if binary && by == By::Data {
        odd.push(Finding::bare(Oddity::BinaryOverData));
    }
    if !binary {
        lines(raw, &mut odd); // RFC 3030 §3: binary mail has no lines
    }
    let declared = binary || body.eq_ignore_ascii_case(b"8BITMIME") || params.value("SMTPUTF8").is_some();
    if !declared && !raw.is_ascii() {
        odd.push(Finding::bare(Oddity::EightBitUndeclared));
    }
    if let Some(Ok(announced)) = extension::announced_size(params)
        && raw.len() as u64 > announced
    {
        odd.push(Finding::with(Oddity::SizeDiffers, format_args!("{announced} announced, {} came", raw.len())));
    }
    odd
}

fn lines(raw: &[u8], odd: &mut Vec<Finding>) {
    let (mut lfs, mut crlfs, mut start, mut longest) = (0_usize, 0_usize, 0, 0);
    for at in memchr_iter(b'\n', raw) {
        lfs += 1;
        let crlf = at > 0 && raw[at - 1] == b'\r';
        crlfs += usize::from(crlf);
        longest = longest.max((at - usize::from(crlf)).saturating_sub(start));
        start = at + 1;
    }
    longest = longest.max(raw.len() - start);
    let bare_crs = memchr_iter(b'\r', raw).count() - crlfs;
    if lfs > crlfs {
        odd.push(Finding::with(Oddity::BareLf, format_args!("{} of {lfs} lines", lfs - crlfs)));
    }
    if bare_crs > 0 {
        odd.push(Finding::with(Oddity::BareCr, format_args!("{bare_crs} times")));
    }
    if longest > LINE_BYTES_MAX {
        odd.push(Finding::with(Oddity::LineTooLong, format_args!("{longest} octets")));
    }
    // Only beside proper line ends: a message in LF throughout has a lone dot only where its client stuffed one.
    if crlfs > 0 && (lfs > crlfs || bare_crs > 0) && LONE_DOTS.iter().any(|dot| memmem::find(raw, dot).is_some()) {
        odd.push(Finding::bare(Oddity::LoneDot));
    }
}

const LONE_DOTS: &[&[u8]] = &[b"\n.\n", b"\n.\r\n", b"\n.\r", b"\r.\r"];

/// RFC 5322 §2.1.1, without CRLF.
const LINE_BYTES_MAX: usize = 998;
