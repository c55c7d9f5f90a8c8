//! Writing an mbox: many messages in one file, as the variant *mboxrd* has it, which alone loses nothing.
//!
//! Before each message stands a `From ` line (RFC 4155, appendix A) with the envelope's sender and the time of reception in
//! UTC; a line of the message that begins with `From `, or with that behind any number of `>`, gets one `>` more, so that a
//! reader who takes one off has the bytes again; behind each message stands an empty line. Line ends of a message stay as
//! they were sent. Only a message that does not end with a line end gets one: an mbox cannot say that there was none.

use std::ops::Range;

use jiff::Timestamp;

use super::envelope::Path;

/// The line before a message. A sender is as wide as a line may be, in ASCII and without a space, for readers cut there;
/// the null path is `MAILER-DAEMON`, as delivery agents write it.
pub fn from_line(sender: &Path, received: Timestamp) -> String {
    let sent = &sender.as_bytes()[..sender.as_bytes().len().min(SENDER_BYTES_MAX)];
    let shown = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '?' };
    let sender: String = if sent.is_empty() { "MAILER-DAEMON".into() } else { sent.iter().map(shown).collect() };
    format!("From {sender} {}\n", received.strftime("%a %b %e %H:%M:%S %Y"))
}

/// A piece of a message as it stands in an mbox, added to `out`. `raw` is the whole message, as what a line begins with may
/// reach beyond the piece.
pub fn quote(raw: &[u8], piece: Range<usize>, out: &mut Vec<u8>) {
    let mut copied = piece.start;
    let mut line = match piece.start {
        0 => Some(0),
        start if raw[start - 1] == b'\n' => Some(start),
        start => next_line(raw, start),
    };
    while let Some(start) = line.filter(|&start| start < piece.end) {
        if is_from_line(&raw[start..]) {
            out.extend_from_slice(&raw[copied..start]);
            out.push(b'>');
            copied = start;
        }
        line = next_line(raw, start);
    }
    out.extend_from_slice(&raw[copied..piece.end]);
}

/// What stands behind a message.
pub fn end(raw: &[u8]) -> &'static str {
    if raw.is_empty() || raw.ends_with(b"\n") { "\n" } else { "\n\n" }
}

fn next_line(raw: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', &raw[from..]).map(|lf| from + lf + 1)
}

/// Whether a reader could take this line for the beginning of a message, once what quoted it is off.
fn is_from_line(line: &[u8]) -> bool {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    line[quotes..].starts_with(b"From ")
}

/// RFC 5321 §4.5.3.1.3 has 256; what is longer is for nobody who reads this line.
const SENDER_BYTES_MAX: usize = 512;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The messages of an mboxrd, read as its description says and by none of the code above.
    fn read(mbox: &[u8]) -> Vec<Vec<u8>> {
        let mut messages: Vec<Vec<u8>> = Vec::new();
        let mut after_empty = true;
        for line in mbox.split_inclusive(|byte| *byte == b'\n') {
            if after_empty && line.starts_with(b"From ") {
                messages.push(Vec::new());
            } else {
                let bare = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
                let quoted = bare > 0 && line[bare..].starts_with(b"From ");
                messages.last_mut().unwrap().extend_from_slice(&line[usize::from(quoted)..]);
            }
            after_empty = line == b"\n";
        }
        for message in &mut messages {
            assert_eq!(message.pop(), Some(b'\n'), "an empty line stands behind each message");
        }
        messages
    }

    fn write(raw: &[u8], piece: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(from_line(&Path::verbatim(b"ann@app.test"), Timestamp::UNIX_EPOCH).as_bytes());
        for start in (0..raw.len()).step_by(piece) {
            quote(raw, start..raw.len().min(start + piece), out);
        }
        out.extend_from_slice(end(raw).as_bytes());
    }

    proptest! {
        #[test]
        fn what_is_written_in_pieces_of_any_size_is_read_back(
            mails in prop::collection::vec("(From |>|>From |\r\n|\n|F|x| ){0,20}(\n)?", 1..5),
            piece in 1..9_usize,
        ) {
            let mut mbox = Vec::new();
            mails.iter().for_each(|mail| write(mail.as_bytes(), piece, &mut mbox));
            let ended = |mail: &String| match mail {
                mail if mail.is_empty() || mail.ends_with('\n') => mail.as_bytes().to_vec(),
                mail => format!("{mail}\n").into_bytes(),
            };
            prop_assert_eq!(read(&mbox), mails.iter().map(ended).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_line_before_a_message_is_one_that_readers_know() {
        let at = "2026-11-06T07:08:09.5Z".parse().unwrap();
        for (sender, line) in [
            ("ann@app.test", "From ann@app.test Fri Nov  6 07:08:09 2026\n"),
            ("", "From MAILER-DAEMON Fri Nov  6 07:08:09 2026\n"),
            ("\"a b\"@x\r\nFrom é", "From \"a?b\"@x??From??? Fri Nov  6 07:08:09 2026\n"),
        ] {
            assert_eq!(from_line(&Path::verbatim(sender.as_bytes()), at), line);
        }
    }
}
