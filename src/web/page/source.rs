//! The raw message as a page shows it: line numbers, the names of the header fields marked, at most a megabyte.

/// More than this is not put into a page: the file can be saved.
pub const SHOWN_BYTES_MAX: usize = 1 << 20;

/// The raw message, or its beginning. Line ends are shown as lines; what else cannot be seen is drawn (`␍`, `␀`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceBody {
    /// The lines of the header, up to the empty line.
    pub header: Vec<SourceLine>,
    /// The rest.
    pub rest: String,
    /// `1\n2\n3…`, one number for each line that is shown.
    pub numbers: String,
    /// How many bytes there are in all.
    pub total: u64,
    /// Whether only the beginning is shown.
    pub cut: bool,
}

/// One line of the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceLine {
    /// The name with its colon; empty in a folded line.
    pub name: String,
    /// The rest of the line.
    pub rest: String,
}

impl SourceBody {
    /// Text without a header.
    pub fn plain(text: &str) -> Self {
        let whole = Self::new(format!("\n{text}").as_bytes());
        let numbers = whole.numbers.rsplit_once('\n').map_or("", |(numbers, _)| numbers).to_owned();
        Self { numbers, rest: whole.rest.strip_prefix('\n').unwrap_or(&whole.rest).to_owned(), ..whole }
    }

    /// Reads the raw bytes.
    pub fn new(raw: &[u8]) -> Self {
        let shown = &raw[..raw.len().min(SHOWN_BYTES_MAX)];
        let text = visible(shown);
        let mut header = Vec::new();
        let mut rest = text.as_str();
        while let Some((line, after)) = rest.split_once('\n') {
            if line.is_empty() || header.len() == HEADER_LINES_MAX {
                break;
            }
            header.push(source_line(line));
            rest = after;
        }
        let lines = text.lines().count();
        let numbers = (1..=lines).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
        Self { header, rest: rest.to_owned(), numbers, total: raw.len() as u64, cut: shown.len() < raw.len() }
    }
}

fn source_line(line: &str) -> SourceLine {
    let folded = line.starts_with([' ', '\t']);
    match line.find(':').filter(|&at| !folded && !line[..at].contains(' ')) {
        Some(at) => SourceLine { name: line[..=at].to_owned(), rest: line[at + 1..].to_owned() },
        None => SourceLine { name: String::new(), rest: line.to_owned() },
    }
}

/// CRLF and LF end a line; the other control characters get their pictures (Unicode 2400), tab excepted.
fn visible(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\t' => out.push(char),
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(char)).unwrap_or('\u{fffd}')),
            '\x7f' => out.push('␡'),
            _ => out.push(char),
        }
    }
    out
}

const HEADER_LINES_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_told_from_the_rest_and_oddities_are_drawn() {
        let source = SourceBody::new(b"Subject: a\r\n b\r\nX:1\n\r\nbare\rcr\0\n");
        assert_eq!(
            source.header,
            [("Subject:", " a"), ("", " b"), ("X:", "1")]
                .map(|(name, rest)| SourceLine { name: name.into(), rest: rest.into() })
        );
        assert_eq!(source.rest, "\nbare␍cr␀\n");
        assert_eq!(source.numbers, "1\n2\n3\n4\n5");
        assert!(!source.cut);
    }

    #[test]
    fn a_long_message_is_cut_and_says_so() {
        let source = SourceBody::new(&vec![b'x'; SHOWN_BYTES_MAX + 1]);
        assert!(source.cut);
        assert_eq!(source.total, SHOWN_BYTES_MAX as u64 + 1);
    }

    #[test]
    fn nothing_is_no_trouble() {
        assert_eq!(SourceBody::new(b"").numbers, "");
        assert_eq!(SourceBody::new(b"\n\n").header, []);
    }
}
