//! The dialogue of one SMTP connection: the `C:` and `S:` lines, one format everywhere.
//!
//! What a session records, what the page shows, what `tests/transcripts/*.txt` replays and what a bug report pastes is
//! the same text. Secrets never reach it: the session redacts before it records. Message bodies are not repeated, a
//! `#` line tells their size.

use super::weight::heap_bytes;
use std::fmt;

/// A bounded record of a connection. Past the bound one `# …` line says that it was cut, and nothing more is kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Dialogue {
    text: String,
    bytes_max: usize,
    lines: u32,
    cut: bool,
}

heap_bytes! { Dialogue { text } }

impl Dialogue {
    /// An empty record that keeps at most `bytes_max` bytes of text.
    pub fn new(bytes_max: usize) -> Self {
        Self { text: String::new(), bytes_max, lines: 0, cut: false }
    }

    /// One line of the client, without its line end.
    pub fn client(&mut self, line: &[u8]) {
        self.line("C: ", line);
    }

    /// One line of the server, without its line end.
    pub fn server(&mut self, line: &[u8]) {
        self.line("S: ", line);
    }

    /// A remark, such as the size of a message body or a TLS handshake.
    pub fn remark(&mut self, text: &str) {
        self.line("# ", text.as_bytes());
    }

    /// The lines so far, each ended by LF.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many lines there are: the number of the last one.
    pub fn lines(&self) -> u32 {
        self.lines
    }

    /// The place behind the last line, for [`Self::rewind`].
    pub fn mark(&self) -> usize {
        self.text.len()
    }

    /// Forgets the lines that came after `mark`.
    pub fn rewind(&mut self, mark: usize) {
        if mark < self.text.len() {
            let gone = self.text[mark..].bytes().filter(|byte| *byte == b'\n').count();
            self.lines = self.lines.saturating_sub(gone.try_into().unwrap_or(u32::MAX));
            self.text.truncate(mark);
            self.cut = false;
        }
    }

    fn line(&mut self, mark: &str, line: &[u8]) {
        if self.cut {
            return;
        }
        let before = self.text.len();
        if before == 0 {
            self.text.reserve(USUAL_BYTES.min(self.bytes_max));
        }
        self.text.push_str(mark);
        match plain(line) {
            Some(text) => self.text.push_str(text),
            None => self.escaped(line),
        }
        self.text.push('\n');
        self.lines += 1;
        if self.text.len() > self.bytes_max {
            self.text.truncate(before);
            self.text.push_str("# the dialogue is longer than what is kept\n");
            self.cut = true;
        }
    }

    /// What would break the line, or is not text, is written as an escape.
    fn escaped(&mut self, line: &[u8]) {
        for chunk in line.utf8_chunks() {
            for char in chunk.valid().chars() {
                if char.is_control() { self.text.extend(char.escape_default()) } else { self.text.push(char) }
            }
            for byte in chunk.invalid() {
                self.text.push_str(&format!("\\x{byte:02x}"));
            }
            if self.text.len() > self.bytes_max {
                break;
            }
        }
    }
}

/// What a greeting and a message take, so that the text need not grow line by line.
const USUAL_BYTES: usize = 640;

/// Of printable ASCII, as nearly all lines are.
fn plain(line: &[u8]) -> Option<&str> {
    let printable = line.iter().fold(true, |all, byte| all & byte.wrapping_sub(b' ').lt(&95));
    if printable { std::str::from_utf8(line).ok() } else { None }
}

impl From<Dialogue> for Box<str> {
    fn from(dialogue: Dialogue) -> Self {
        dialogue.text.into()
    }
}

impl fmt::Display for Dialogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Dialogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dialogue({} bytes)", self.text.len())
    }
}
