//! The body of DATA: finds its end, takes the stuffed dots out, and appends straight to the message.
//!
//! Non-job: commands, BDAT (which counts octets and needs no dots), and judging what is in the message.
//!
//! # What ends a message
//!
//! RFC 5321 §4.1.1.4: CRLF "." CRLF and nothing else; §2.3.8: a bare LF or CR is not a line end. Servers that took
//! `LF . LF` or `LF . CRLF` for the end while their client did not let one message become two, the second with an
//! envelope of the attacker's choice (*SMTP smuggling*: CVE-2023-51764 Postfix, -51765 Sendmail, -51766 Exim). So on
//! a connection that ends its DATA command in CRLF, only CRLF.CRLF ends the message; a lone dot between other line
//! ends is content and kept as sent.
//!
//! A client whose DATA line ended in LF alone (a shell script, `nc`) does not know CRLF, and would wait for ever. For
//! it every LF is a line end, with or without a CR before it. A relay never writes a command line that way, so nobody
//! can be smuggled through it: what the client controls here is only its own message.

use super::line::LineEnd;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What takes the octets of a message.
pub(super) trait Sink {
    /// The next octets, after unstuffing.
    fn append(&mut self, bytes: &[u8]);
}

/// The machine that unstuffs, safe at any edge between two chunks (RFC 5321 §4.5.2).
#[derive(Debug)]
pub(super) struct Dots {
    line_end: LineEnd,
    at: At,
}

/// What has been seen and matters for the next octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The first octet of a line is next.
    LineStart,
    /// A line began with a dot, which is held back.
    Dot,
    /// A line began with a dot and a CR, both held back.
    DotCr,
    /// The same and another CR.
    DotCrCr,
    /// The last octet was a CR.
    Cr,
    /// Anywhere else.
    Mid,
}

impl Dots {
    /// For a message whose DATA command ended so.
    pub(super) fn new(line_end: LineEnd) -> Self {
        Self { line_end, at: At::LineStart }
    }

    /// Takes octets up to the end of the message. Answers how many, and whether the end was among them.
    pub(super) fn take(&mut self, bytes: &[u8], sink: &mut impl Sink) -> (usize, bool) {
        let mut next = 0;
        while let Some(&byte) = bytes.get(next) {
            match (self.at, byte) {
                (At::LineStart, b'.') => {
                    self.at = At::Dot;
                    next += 1;
                }
                (At::Dot, b'\r') => {
                    self.at = At::DotCr;
                    next += 1;
                }
                (At::Dot, b'\n') if self.line_end == LineEnd::Lf => return (next + 1, true),
                (At::DotCr | At::DotCrCr, b'\n') => return (next + 1, true),
                (At::DotCr, b'\r') if self.line_end == LineEnd::CrCrLf => {
                    self.at = At::DotCrCr;
                    next += 1;
                }
                // A lone dot whose line end is not one: no end, and no stuffing that any client would have made.
                (At::Dot, b'\n') => {
                    sink.append(b".");
                    self.at = At::Mid;
                }
                (At::DotCr, _) => {
                    sink.append(b".\r");
                    self.at = At::Cr;
                }
                (At::DotCrCr, _) => {
                    sink.append(b".\r\r");
                    self.at = At::Cr;
                }
                (At::Cr, b'\n') => {
                    sink.append(b"\n");
                    self.at = At::LineStart;
                    next += 1;
                }
                // The held dot was a stuffed one (§4.5.2): it goes.
                (At::Dot | At::LineStart | At::Cr, _) => self.at = At::Mid,
                (At::Mid, _) => next += self.run(&bytes[next..], sink),
            }
        }
        (next, false)
    }

    /// Copies up to the next line that begins with a dot: at the speed of a substring search, since few do.
    fn run(&mut self, bytes: &[u8], sink: &mut impl Sink) -> usize {
        let taken = match LF_DOT.find(bytes) {
            Some(at) => at + 1,
            None => bytes.len(),
        };
        let run = &bytes[..taken];
        sink.append(run);
        self.at = match (run, self.line_end) {
            ([.., b'\r', b'\n'], _) | ([.., b'\n'], LineEnd::Lf) => At::LineStart,
            ([.., b'\r'], _) => At::Cr,
            _ => At::Mid,
        };
        taken
    }
}

/// Whether the last octets are a dot on a line of its own for a client that took something else than CRLF for a line end.
pub(super) fn ends_oddly(message: &[u8]) -> bool {
    [&b"\n.\n"[..], b"\r.\r", b"\n.\r\r\n"].iter().any(|dot| message.ends_with(dot))
}

static LF_DOT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n."));

#[cfg(test)]
mod tests {
    use super::*;

    impl Sink for Vec<u8> {
        fn append(&mut self, bytes: &[u8]) {
            self.extend_from_slice(bytes);
        }
    }

    /// Plays `wire` in two pieces at every cut; answers message and what was left over.
    fn check(line_end: LineEnd, wire: &[u8], message: &[u8], left: Option<&[u8]>, why: &str) {
        for cut in 0..=wire.len() {
            let (mut dots, mut out) = (Dots::new(line_end), Vec::new());
            let (taken, ended) = dots.take(&wire[..cut], &mut out);
            let (taken, ended) = if ended {
                (taken, true)
            } else {
                assert_eq!(taken, cut);
                let (more, ended) = dots.take(&wire[cut..], &mut out);
                (taken + more, ended)
            };
            assert_eq!(out.escape_ascii().to_string(), message.escape_ascii().to_string(), "{why}, cut at {cut}");
            assert_eq!(ended.then(|| &wire[taken..]), left, "{why}, cut at {cut}");
        }
    }

    #[test]
    fn only_crlf_dot_crlf_ends_a_message() {
        for (wire, message, left, why) in [
            (&b"a\r\n.\r\nX"[..], &b"a\r\n"[..], Some(&b"X"[..]), "the usual end"),
            (b".\r\n", b"", Some(b""), "an empty message"),
            (b"..\r\n.\r\n", b".\r\n", Some(b""), "a stuffed dot on the first line"),
            (b"a\r\n..b\r\n.c\r\n.\r\n", b"a\r\n.b\r\nc\r\n", Some(b""), "unstuffed, also where it was not stuffed"),
            (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n", Some(b""), "LF . LF"),
            (b"a\n.\r\nb\r\n.\r\n", b"a\n.\r\nb\r\n", Some(b""), "LF . CRLF"),
            (b"a\r\n.\nb\r\n.\r\n", b"a\r\n.\nb\r\n", Some(b""), "CRLF . LF"),
            (b"a\r.\rb\r\n.\r\n", b"a\r.\rb\r\n", Some(b""), "CR . CR"),
            (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n", Some(b""), "CR . CRLF"),
            (b"a\r\n.\rb\r\n.\r\n", b"a\r\n.\rb\r\n", Some(b""), "CRLF . CR"),
            (b"a\r\n.\r\r\n.\r\n", b"a\r\n.\r\r\n", Some(b""), "CRLF . CR CRLF"),
            (b"a\r\r\n.\r\n", b"a\r\r\n", Some(b""), "CR CRLF . CRLF"),
            (b"a\n..\r\n.\r\n", b"a\n..\r\n", Some(b""), "dots after a bare LF are the client's own"),
            (b"a\r\n.", b"a\r\n", None, "not yet"),
            (b"a\r\n.\r", b"a\r\n", None, "not quite yet"),
        ] {
            check(LineEnd::Crlf, wire, message, left, why);
        }
    }

    #[test]
    fn a_client_that_knows_no_crlf_ends_its_message_by_lf() {
        for (wire, message, left, why) in [
            (&b"a\n.\nX"[..], &b"a\n"[..], Some(&b"X"[..]), "LF . LF"),
            (b".\n", b"", Some(b""), "an empty message"),
            (b"a\n..b\n.\n", b"a\n.b\n", Some(b""), "a stuffed dot"),
            (b"a\r\n.\r\n", b"a\r\n", Some(b""), "CRLF . CRLF"),
            (b"a\r\n.\n", b"a\r\n", Some(b""), "a CRLF file and `echo .`"),
            (b"a\n.\r\n", b"a\n", Some(b""), "LF . CRLF"),
        ] {
            check(LineEnd::Lf, wire, message, left, why);
        }
    }

    #[test]
    fn a_client_that_doubles_its_cr_ends_its_message_so() {
        for (wire, message, left, why) in [
            (&b"a\r\r\n.\r\r\nX"[..], &b"a\r\r\n"[..], Some(&b"X"[..]), "CR CR LF . CR CR LF"),
            (b".\r\r\n", b"", Some(b""), "an empty message"),
            (b"a\r\r\n..\r\r\n.\r\r\n", b"a\r\r\n.\r\r\n", Some(b""), "a stuffed dot"),
            (b"a\r\n.\r\nX", b"a\r\n", Some(b"X"), "CRLF . CRLF"),
            (b"a\r\r\n.\r\r\r\n.\r\r\n", b"a\r\r\n.\r\r\r\n", Some(b""), "one CR too many"),
            (b"a\r\n.\r\rb\r\n.\r\n", b"a\r\n.\r\rb\r\n", Some(b""), "no LF behind"),
            (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n", Some(b""), "LF . LF"),
        ] {
            check(LineEnd::CrCrLf, wire, message, left, why);
        }
    }
}
