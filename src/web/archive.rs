//! Many messages as one file, made piece by piece: an mbox, or a zip of `.eml` files. The only file that names `zip`.
//!
//! What is made lies in [`Archive`] until it is taken, so nobody has to wait within: [`super::show::download`] asks for the
//! next piece when the browser has the last one.

use std::collections::HashSet;
use std::io::{self, Write};
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::mail::mbox;
use crate::mailbox::Message;

/// The kinds of file: a row of this table, and nothing else, makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All messages in one text, see [`mbox`].
    Mbox,
    /// Each message byte for byte in a file of its own.
    Zip,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 2] = [Self::Mbox, Self::Zip];

    /// The word in `format=`, and the ending of the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mbox => "mbox",
            Self::Zip => "zip",
        }
    }

    /// The format that a word asks for.
    pub fn asked(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == word)
    }

    /// RFC 4155 §4; the zip's is registered with IANA.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mbox => "application/mbox",
            Self::Zip => "application/zip",
        }
    }
}

/// A file that is being made.
pub struct Archive {
    made: Made,
    kind: Kind,
    /// The message that is being written, and up to where it is.
    at_hand: Option<(Bytes, usize)>,
}

enum Kind {
    Mbox,
    Zip { writer: Box<ZipWriter<StreamWriter<Made>>>, names: HashSet<String> },
}

/// What was made and not taken yet. The zip's writer holds it too.
#[derive(Clone, Default)]
struct Made(Arc<Mutex<Vec<u8>>>);

impl Made {
    fn with<T>(&self, look: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|made| made.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of a message that are written at once.
const PIECE_BYTES: usize = 64 << 10;
/// The level of deflate: the quickest that packs at all. Text of mail becomes a third by it.
const LEVEL: i64 = 1;

impl Archive {
    /// An empty one.
    pub fn new(format: Format) -> Self {
        let made = Made::default();
        let kind = match format {
            Format::Mbox => Kind::Mbox,
            Format::Zip => {
                let writer = Box::new(ZipWriter::new_stream(made.clone()));
                Kind::Zip { writer, names: HashSet::new() }
            }
        };
        Self { made, kind, at_hand: None }
    }

    /// Bytes that were made and not taken yet.
    pub fn len(&self) -> usize {
        self.made.with(|made| made.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was made since it was asked last.
    pub fn take(&self) -> Bytes {
        self.made.with(take).into()
    }

    /// Begins a message; the one before is written to its end.
    ///
    /// # Errors
    /// The zip's, of which none is to be expected: names are ours and memory takes what is written.
    pub fn begin(&mut self, message: &Message) -> io::Result<()> {
        match &mut self.kind {
            Kind::Mbox => {
                let line = mbox::from_line(&message.envelope.from.path, message.received);
                self.made.write_all(line.as_bytes())?;
            }
            Kind::Zip { writer, names } => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Deflated)
                    .compression_level(Some(LEVEL))
                    .last_modified_time(modified(message.received))
                    .unix_permissions(0o644);
                let name = unlike(names, &base_name(message.received, &message.view.subject));
                writer.start_file(name, options)?;
            }
        }
        self.at_hand = Some((message.raw(), 0));
        Ok(())
    }

    /// Writes a piece of the message at hand; answers whether there is more of it.
    ///
    /// # Errors
    /// As for [`Self::begin`].
    pub fn go_on(&mut self) -> io::Result<bool> {
        let Some((raw, at)) = self.at_hand.take() else { return Ok(false) };
        let ends = raw.len().min(at + PIECE_BYTES);
        match &mut self.kind {
            Kind::Mbox => self.made.with(|made| {
                mbox::quote(&raw, at..ends, made);
                if ends == raw.len() {
                    made.extend_from_slice(mbox::end(&raw).as_bytes());
                }
            }),
            Kind::Zip { writer, .. } => writer.write_all(&raw[at..ends])?,
        }
        if ends < raw.len() {
            self.at_hand = Some((raw, ends));
        }
        Ok(self.at_hand.is_some())
    }

    /// The last bytes.
    ///
    /// # Errors
    /// As for [`Self::begin`].
    pub fn finish(self) -> io::Result<Bytes> {
        if let Kind::Zip { writer, .. } = self.kind {
            writer.finish()?;
        }
        Ok(self.made.with(take).into())
    }
}

/// The time of a file in a zip, which knows years from 1980 on; in UTC, as it knows no zone.
fn modified(received: Timestamp) -> DateTime {
    let field = |pattern: &str| received.strftime(pattern).to_string().parse::<u16>().unwrap_or_default();
    let small = |pattern: &str| field(pattern) as u8;
    let (month, day) = (small("%m"), small("%d"));
    DateTime::from_date_and_time(field("%Y"), month, day, small("%H"), small("%M"), small("%S")).unwrap_or_default()
}

/// `2026-11-26_104107_your-order-17`: time and subject, of letters and digits that every system has, never a path.
fn base_name(received: Timestamp, subject: &str) -> String {
    let mut name = received.strftime("%Y-%m-%d_%H%M%S_").to_string();
    let begins = name.len();
    for char in subject.chars().take(SUBJECT_CHARS_MAX) {
        if char.is_ascii_alphanumeric() {
            name.push(char.to_ascii_lowercase());
        } else if name.len() > begins && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_end_matches(['-', '_']).to_owned()
}

/// This name as a file, with a number if there is one like it.
fn unlike(names: &mut HashSet<String>, base: &str) -> String {
    let mut name = format!("{base}.eml");
    // A mailbox of ten thousand of one second and subject must not try each number for each.
    let mut number = if names.contains(&name) { names.len().max(2) } else { 2 };
    while !names.insert(name.clone()) {
        name = format!("{base}-{number}.eml");
        number += 1;
    }
    name
}

const SUBJECT_CHARS_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_time_and_subject_and_never_a_path() {
        let at = "2026-11-26T10:41:07Z".parse().unwrap();
        for (subject, name) in [
            ("Your Order #17", "2026-11-26_104107_your-order-17"),
            ("../../etc/passwd\0", "2026-11-26_104107_etc-passwd"),
            ("C:\\con", "2026-11-26_104107_c-con"),
            ("Grüße 📮", "2026-11-26_104107_gr-e"),
            ("", "2026-11-26_104107"),
        ] {
            assert_eq!(base_name(at, subject), name, "{subject}");
        }
        assert!(base_name(at, &"long ".repeat(1_000)).len() < 100);
    }

    #[test]
    fn no_two_files_have_a_name() {
        let mut names = HashSet::new();
        let all: HashSet<_> =
            ["a", "a", "a-2", "a", "b", "a-3"].map(|base| unlike(&mut names, base)).into_iter().collect();
        assert_eq!(all.len(), 6, "{all:?}");
        (0..20_000).for_each(|_| _ = unlike(&mut names, "a"));
        assert_eq!(names.len(), 20_006);
    }

    #[test]
    fn a_time_that_a_zip_does_not_know_is_its_first() {
        assert_eq!(modified("1970-01-01T00:00:00Z".parse().unwrap()), DateTime::default());
        let known = modified("2026-11-26T10:41:08Z".parse().unwrap());
        assert_eq!((known.year(), known.month(), known.minute(), known.second()), (2026, 11, 41, 8));
    }
}
