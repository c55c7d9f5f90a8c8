//! What is odd about the octets of a message, before anybody reads them as mail. Three passes at the speed of memory,
//! once, at the end; nothing is changed.

use super::extension;
use crate::mail::envelope::Params;
use crate::mail::finding::{Finding, Oddity};
use crate::mail::line::first_longer;
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
    if !declared
        && !raw.is_ascii()
        && let Some(at) = raw.iter().position(|byte| !byte.is_ascii())
    {
        odd.push(Finding::bare(Oddity::EightBitUndeclared).at_byte(at));
    }
    if let Some(Ok(announced)) = extension::announced_size(params)
        && raw.len() as u64 > announced
    {
        odd.push(Finding::with(Oddity::SizeDiffers, format_args!("{announced} announced, {} came", raw.len())));
    }
    odd
}

fn lines(raw: &[u8], odd: &mut Vec<Finding>) {
    if all_proper(raw) && first_longer(raw, 0, LINE_BYTES_MAX).is_none() {
        return; // as nearly all mail is; the rest is looked at line by line
    }
    let (mut lfs, mut crlfs, mut start) = (0_usize, 0_usize, 0);
    // The longest line and where it begins; the first LF that has no CR.
    let (mut longest, mut first_bare) = ((0, 0), None);
    for at in memchr_iter(b'\n', raw) {
        lfs += 1;
        let crlf = at > 0 && raw[at - 1] == b'\r';
        crlfs += usize::from(crlf);
        first_bare = first_bare.or((!crlf).then_some(at));
        longest = longer(longest, ((at - usize::from(crlf)).saturating_sub(start), start));
        start = at + 1;
    }
    let (longest, longest_at) = longer(longest, (raw.len() - start, start));
    let bare_crs = memchr_iter(b'\r', raw).count() - crlfs;
    if let Some(at) = first_bare {
        odd.push(Finding::with(Oddity::BareLf, format_args!("{} of {lfs} lines", lfs - crlfs)).at_byte(at));
    }
    if let Some(at) = memchr_iter(b'\r', raw).find(|at| bare_crs > 0 && raw.get(at + 1) != Some(&b'\n')) {
        odd.push(Finding::with(Oddity::BareCr, format_args!("{bare_crs} times")).at_byte(at));
    }
    if longest > LINE_BYTES_MAX {
        odd.push(Finding::with(Oddity::LineTooLong, format_args!("{longest} octets")).at_byte(longest_at));
    }
    // Only beside proper line ends: a message in LF throughout has a lone dot only where its client stuffed one.
    if crlfs > 0
        && (lfs > crlfs || bare_crs > 0)
        && let Some(at) =
            LONE_DOTS.iter().filter_map(|dot| memmem::find_iter(raw, dot).find(|at| !proper(raw, *at))).min()
    {
        odd.push(Finding::bare(Oddity::LoneDot).at_byte(at + 1));
    }
}

/// Whether each CR and each LF is half of a CRLF.
fn all_proper(raw: &[u8]) -> bool {
    let lfs = memchr_iter(b'\n', raw).count();
    // Every LF has a CR before it if there are as many CRs and each is followed by an LF.
    lfs == memchr_iter(b'\r', raw).count() && lfs == crlfs(raw)
}

/// How many there are. In pieces whose number fits a byte, and without branches, so that the compiler counts many at once.
fn crlfs(raw: &[u8]) -> usize {
    let Some((_, behind)) = raw.split_first() else { return 0 };
    let pairs = raw.chunks(PIECE).zip(behind.chunks(PIECE));
    let piece = |(one, next): (&[u8], &[u8])| {
        usize::from(one.iter().zip(next).map(|(one, next)| u8::from((*one == b'\r') & (*next == b'\n'))).sum::<u8>())
    };
    pairs.map(piece).sum()
}

const PIECE: usize = u8::MAX as usize;

/// Whether the dot behind the line end at `at` stands between CRLF and CRLF, as a stuffed one or one that came by BDAT does.
fn proper(raw: &[u8], at: usize) -> bool {
    raw[..=at].ends_with(b"\r\n") && raw[at + 2..].starts_with(b"\r\n")
}

/// Of lines as (length, start) the longer one, of two the first.
fn longer(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    if other.0 > one.0 { other } else { one }
}

const LONE_DOTS: &[&[u8]] = &[b"\n.\n", b"\n.\r\n", b"\n.\r", b"\r.\r"];

/// RFC 5322 §2.1.1, without CRLF.
const LINE_BYTES_MAX: usize = 998;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::finding::Place;

    fn check(raw: &[u8], params: &str, by: By, expected: &[(Oddity, &str)]) {
        let odd = judge(raw, &Params::verbatim(params.as_bytes()), by);
        let odd: Vec<_> = odd.iter().map(|finding| (finding.oddity, &*finding.detail)).collect();
        assert_eq!(odd, expected, "{} with {params}", raw.escape_ascii());
    }

    #[test]
    fn each_oddity_is_found_and_counted() {
        use Oddity::{BareCr, BareLf, BinaryOverData, EightBitUndeclared, LineTooLong, LoneDot, SizeDiffers};
        check(b"", "", By::Data, &[]);
        check(b"a\r\nb", "SIZE=4", By::Data, &[]);
        check(b"a\r\nb\n\n", "", By::Data, &[(BareLf, "2 of 3 lines")]);
        check(b"\na", "", By::Data, &[(BareLf, "1 of 1 lines")]);
        check(b"a\rb\r\r\n\r", "", By::Data, &[(BareCr, "3 times")]);
        check(b"a\n\rb", "", By::Data, &[(BareLf, "1 of 1 lines"), (BareCr, "1 times")]);
        check(&[b'x'; 998], "", By::Data, &[]);
        check(&[b'x'; 999], "", By::Data, &[(LineTooLong, "999 octets")]);
        check(&[&[b'x'; 998][..], b"\r\n", &[b'x'; 998], b"\n"].concat(), "", By::Data, &[(BareLf, "1 of 2 lines")]);
        check(b"\xfc", "", By::Data, &[(EightBitUndeclared, "")]);
        check(b"\xfc", "BODY=7BIT", By::Data, &[(EightBitUndeclared, "")]);
        check(b"\xfc", "body=8bitmime", By::Data, &[]);
        check(b"\xfc", "SMTPUTF8", By::Data, &[]);
        check(b"\xfc\n\r", "BODY=BINARYMIME", By::Bdat, &[]);
        check(b"a", "BODY=BINARYMIME", By::Data, &[(BinaryOverData, "")]);
        check(b"abc", "SIZE=2", By::Bdat, &[(SizeDiffers, "2 announced, 3 came")]);
        check(b"a\r\n.\r\nb", "", By::Bdat, &[]);
        check(b"a\n.\nb", "", By::Data, &[(BareLf, "2 of 2 lines")]);
        check(b"a\n.\nb\r\n", "", By::Data, &[(BareLf, "2 of 3 lines"), (LoneDot, "")]);
        check(b"a\r\n.\r\nb\n", "", By::Data, &[(BareLf, "1 of 3 lines")]);
        check(b"\r\n.\r\n\n.\r\n", "", By::Data, &[(BareLf, "1 of 4 lines"), (LoneDot, "")]);
    }

    #[test]
    fn each_oddity_tells_where_it_is_first_seen() {
        let long = [&b"ab\r\n"[..], &[b'x'; 999], b"\r\n", &[b'y'; 999]].concat();
        for (raw, places) in [
            (&b"a\r\nb\nc\n"[..], &[4][..]),
            (b"a\r\r\nb\rc", &[1]),
            (b"a\xfc\xfc\r\n", &[1]),
            (b"a\r\n\n.\nb", &[3, 4]),
            (&long, &[4]),
            (b"a\r\n", &[]),
        ] {
            let odd = judge(raw, &Params::default(), By::Data);
            let expected: Vec<_> = places.iter().map(|&at| Some(Place::Byte(at))).collect();
            assert_eq!(odd.iter().map(|finding| finding.at).collect::<Vec<_>>(), expected, "{}", raw.escape_ascii());
        }
    }
}
