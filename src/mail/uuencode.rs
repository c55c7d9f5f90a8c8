//! Files that stand in the text: `begin 644 name` … `end` (POSIX uuencode). Older than MIME, and still sent by shells.
//!
//! A block becomes a part of its own beside the text part it was found in, so that it is listed, counted and saved like
//! any attachment ([`super::structure`] puts it in). Here blocks are found and decoded.

use super::entity::Names;
use super::line::{line_at, lines};
use super::structure::{Disposition, PARTS_MAX, Part, TransferEncoding as Encoding};
use std::ops::Range;

/// One block: from its `begin` to past its `end`, and its file name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) range: Range<usize>,
    pub(super) name: String,
}

/// The blocks in `raw[body]`, at most `max`. What has no `end`, or a line that is not as it should be, is text.
pub(super) fn blocks(raw: &[u8], body: Range<usize>, max: usize) -> Vec<Block> {
    let mut found = Vec::new();
    let within = &raw[..body.end.min(raw.len())];
    let mut at = body.start;
    while found.len() < max {
        // Most texts have none, and are not cut into lines.
        let Some(hit) = within.get(at..).and_then(|rest| memchr::memmem::find(rest, b"begin ")) else { break };
        let start = at + hit;
        let at_line_start = start == body.start || matches!(within[start - 1], b'\n' | b'\r');
        at = start + 6;
        if let Some(name) = line_at(within, start).filter(|_| at_line_start).and_then(|line| begin(&within[line.text]))
        {
            let (ended, next) = data(within, start);
            if ended {
                found.push(Block { range: start..next, name });
            }
            // A line of data has no small letters, so nothing that begins was passed over.
            at = next.max(at);
        }
    }
    found
}

/// The parts, each text followed by the files that stand in it, as attachments whose body lies within its own.
pub(super) fn with_files(raw: &[u8], parts: Vec<Part>) -> Vec<Part> {
    let mut left = PARTS_MAX.saturating_sub(parts.len());
    let mut out = Vec::with_capacity(parts.len());
    // Where each part has gone: those behind a file move down.
    let mut places: Vec<u32> = Vec::with_capacity(parts.len());
    for mut part in parts {
        let place = u32::try_from(out.len()).unwrap_or(u32::MAX);
        places.push(place);
        part.parent = part.parent.and_then(|parent| places.get(parent as usize).copied());
        let as_sent = matches!(part.encoding, Encoding::SevenBit | Encoding::EightBit | Encoding::Binary);
        let is_text = &*part.content_type == "text/plain" && part.disposition != Disposition::Attachment;
        let found = if as_sent && is_text { blocks(raw, part.body.clone(), left) } else { Vec::new() };
        left -= found.len();
        let (id, depth) = (part.id.clone(), part.depth.saturating_add(1));
        out.push(part);
        out.extend((1..).zip(found).map(|(number, block)| Part {
            id: format!("{id}-uu{number}").into(),
            parent: Some(place),
            depth,
            header: block.range.start..block.range.start,
            body: block.range,
            content_type: "application/octet-stream".into(),
            disposition: Disposition::Attachment,
            encoding: Encoding::Uuencode,
            names: Names { file_name: Some(block.name.into()), ..Names::default() }.boxed(),
            ..Part::default()
        }));
    }
    out
}

/// Reads the lines after `begin`: whether there is an `end`, and where the reading stopped.
fn data(within: &[u8], start: usize) -> (bool, usize) {
    let mut at = start;
    for line in lines(within, start).skip(1) {
        let text = &within[line.text.clone()];
        if text.trim_ascii_end() == b"end" {
            return (true, line.next);
        }
        if !is_data(text) {
            return (false, line.text.start);
        }
        at = line.next;
    }
    (false, at)
}

/// `begin 644 name`: the name.
fn begin(line: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(b"begin ")?;
    let mode = rest.iter().take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let name = rest.get(mode..)?.strip_prefix(b" ").filter(|_| matches!(mode, 3 | 4))?;
    let name = super::charset::guess(name).trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// Its first character says how many bytes it holds; trailing spaces may have been lost on the way.
fn is_data(line: &[u8]) -> bool {
    let Some(first) = line.first() else { return false };
    (b' '..=b'`').contains(first)
        && line.len() <= 1 + 64
        && line.iter().all(|byte| (b' '..=b'`').contains(byte))
        && line.len() <= usize::from(value(*first)).div_ceil(3) * 4 + 2
}

fn value(byte: u8) -> u8 {
    byte.wrapping_sub(b' ') & 0x3f
}

/// The bytes of a block, or of lines without `begin` and `end`.
pub(super) fn decode(block: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.len() * 3 / 4);
    for line in lines(block, 0) {
        let text = &block[line.text];
        if text.starts_with(b"begin ") || !is_data(text) {
            continue;
        }
        let Some((first, data)) = text.split_first() else { continue };
        let count = usize::from(value(*first));
        let ends = out.len() + count;
        for four in data.chunks(4) {
            let at = |index: usize| four.get(index).map_or(0, |byte| value(*byte));
            out.extend([at(0) << 2 | at(1) >> 4, at(1) << 4 | at(2) >> 2, at(2) << 6 | at(3)]);
        }
        out.resize(ends, 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAT: &[u8] = b"Hello\nbegin 644 cat.txt\n#0V%T\n`\nend\nBye begin 644 x\nbegin 600 two words\n#0V%T\n \nend\nbegin 644 never\n#0V%T\nno data, this\n";

    #[test]
    fn blocks_are_found_and_decoded() {
        let found = blocks(CAT, 0..CAT.len(), 10);
        let names: Vec<_> = found.iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, ["cat.txt", "two words"]);
        for block in &found {
            assert_eq!(decode(&CAT[block.range.clone()]), b"Cat");
        }
        assert_eq!(blocks(CAT, 0..CAT.len(), 1).len(), 1);
    }

    #[test]
    fn a_megabyte_of_beginnings_is_read_once() {
        let raw = b"begin 644 x\n".repeat(100_000);
        assert!(blocks(&raw, 0..raw.len(), usize::MAX).is_empty());
        let raw = b"begin 644 x\n#0V%T\n".repeat(100_000);
        assert!(blocks(&raw, 0..raw.len(), usize::MAX).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_looked_through(raw in "(begin 644 a\\n|#0V%T\\n|end\\n|[ -~]{0,5}\\n){0,12}", from in 0_usize..8) {
            let raw = raw.as_bytes();
            for block in blocks(raw, from.min(raw.len())..raw.len(), 10) {
                decode(&raw[block.range]);
            }
        }
    }
}
