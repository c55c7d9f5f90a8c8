//! Cuts command lines off the stream, in bounded memory. Non-job: what a line means, and the lines of a message.

use super::policy::Policy;

/// The line that is being received.
#[derive(Default)]
pub(super) struct Lines {
    partial: Vec<u8>,
    overlong: bool,
}

/// How a command line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// As RFC 5321 §2.3.8 has it.
    Crlf,
    /// As scripts have it.
    Lf,
    /// As sockets in text mode have it, which put a CR before every LF: CR CR LF. The first CR stays in the line.
    CrCrLf,
}

/// What a piece of the stream came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The line goes on.
    More,
    /// A line without its end.
    Line(Vec<u8>, LineEnd),
    /// The end of a line beyond its limit; its first octets are all that is left.
    TooLong { start: Vec<u8>, limit: usize },
    /// The first two octets of a TLS record instead of a line.
    ClientHello,
}

impl Lines {
    /// Takes octets up to and including the next LF. Answers how many were taken, and what they came to.
    /// `login`: the line belongs to an AUTH exchange. `plain`: TLS is not on, so that a ClientHello is one.
    pub(super) fn take(&mut self, bytes: &[u8], policy: &Policy, login: bool, plain: bool) -> (usize, Cut) {
        if plain
            && !self.overlong
            && self.partial.len() < CLIENT_HELLO.len()
            && self.partial.iter().chain(bytes).take(CLIENT_HELLO.len()).eq(CLIENT_HELLO)
        {
            let taken = CLIENT_HELLO.len() - self.partial.len();
            self.partial.clear();
            return (taken, Cut::ClientHello);
        }
        let (piece, ended) = match memchr::memchr(b'\n', bytes) {
            Some(at) => (&bytes[..at], true),
            None => (bytes, false),
        };
        let taken = piece.len() + usize::from(ended);
        if !self.overlong {
            // One octet more than the limit is all that it takes to know that a line is too long.
            let room = policy.auth_line_bytes_max.max(policy.command_line_bytes_max).saturating_sub(self.partial.len());
            self.partial.extend_from_slice(&piece[..piece.len().min(room)]);
            // With its LF the line must not be longer than the limit.
            if self.partial.len() >= limit(&self.partial, policy, login) {
                self.overlong = true;
            }
        }
        if self.overlong {
            // However the line came in, the same is left of it; its first word, which gives the limit, is.
            self.partial.truncate(START_BYTES.min(limit(&self.partial, policy, login)));
            self.partial.shrink_to_fit();
        }
        if !ended {
            return (taken, Cut::More);
        }
        let mut line = std::mem::take(&mut self.partial);
        if std::mem::take(&mut self.overlong) {
            let limit = limit(&line, policy, login);
            return (taken, Cut::TooLong { start: line, limit });
        }
        let end = match &line[..] {
            [.., b'\r', b'\r'] => LineEnd::CrCrLf,
            [.., b'\r'] => LineEnd::Crlf,
            _ => LineEnd::Lf,
        };
        if end != LineEnd::Lf {
            line.pop();
        }
        (taken, Cut::Line(line, end))
    }

    /// Takes back a line's memory, so that a session with many lines allocates once.
    pub(super) fn recycle(&mut self, mut line: Vec<u8>) {
        if self.partial.capacity() == 0 {
            line.clear();
            self.partial = line;
        }
    }

    /// Whether a line was begun that ends in CR: the mark of a client that knows no LF.
    pub(super) fn ends_in_cr(&self) -> bool {
        self.partial.last() == Some(&b'\r')
    }
}

/// AUTH lines carry tokens (RFC 4954 §4), all others carry an address at most.
fn limit(line: &[u8], policy: &Policy, login: bool) -> usize {
    // Without the mercy for leading space that `is_auth` has: the first octets decide, so that the limit cannot change
    // while the line comes in.
    if login || line.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"AUTH")) {
        policy.auth_line_bytes_max
    } else {
        policy.command_line_bytes_max
    }
}

/// Whether a line carries, or may carry, credentials by its verb.
pub(super) fn is_auth(line: &[u8]) -> bool {
    line.trim_ascii_start().get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"AUTH"))
}

/// Content type 22 (handshake), major version 3: RFC 8446 §5.1.
const CLIENT_HELLO: &[u8] = &[0x16, 0x03];

/// How much of a line is kept that is too long.
const START_BYTES: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that `stream` comes to when it is cut into pieces of `size`, with what each takes of memory at most.
    fn cut(stream: &[u8], size: usize, policy: &Policy) -> Vec<Cut> {
        let (mut lines, mut cuts) = (Lines::default(), Vec::new());
        for mut piece in stream.chunks(size) {
            while !piece.is_empty() {
                let (taken, cut) = lines.take(piece, policy, false, true);
                piece = &piece[taken..];
                assert!(lines.partial.capacity() <= 2 * policy.auth_line_bytes_max, "{}", lines.partial.capacity());
                match cut {
                    Cut::More => {}
                    cut => cuts.push(cut),
                }
            }
        }
        cuts
    }

    #[test]
    fn a_line_is_as_long_as_its_limit_with_its_end() {
        let policy = Policy { command_line_bytes_max: 8, auth_line_bytes_max: 12, ..Policy::default() };
        let line = |text: &str, end| Cut::Line(text.into(), end);
        let too_long = |start: &str, limit| Cut::TooLong { start: start.into(), limit };
        for (stream, expected) in [
            ("123456\r\n", line("123456", LineEnd::Crlf)),
            ("1234567\n", line("1234567", LineEnd::Lf)),
            ("1234567\r\n", too_long("1234567\r", 8)),
            ("12345678\n", too_long("12345678", 8)),
            ("AUTH 67890\r\n", line("AUTH 67890", LineEnd::Crlf)),
            ("auth 678901\r\n", too_long("auth 678901\r", 12)),
            ("\n", line("", LineEnd::Lf)),
            ("\r\n", line("", LineEnd::Crlf)),
            ("\r\r\n", line("\r", LineEnd::CrCrLf)),
            ("\u{16}\u{3}\u{1}", Cut::ClientHello),
            ("\u{16}\r\n", line("\u{16}", LineEnd::Crlf)),
        ] {
            for size in [1, 2, 3, 100] {
                let cuts = cut(stream.as_bytes(), size, &policy);
                assert_eq!(cuts.first(), Some(&expected), "{stream:?} in pieces of {size}");
            }
        }
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut stream = vec![b'x'; 8 << 20];
        stream.extend_from_slice(b"\r\nNOOP\r\n");
        let cuts = cut(&stream, 1 << 16, &Policy::default());
        assert!(matches!(&cuts[..], [Cut::TooLong { start, .. }, Cut::Line(..)] if start.len() == START_BYTES));
    }
}
