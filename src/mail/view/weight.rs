//! What a view takes in memory. A mail of sixty kilobytes can have ten thousand parts or addresses, and each of them
//! is a record many times larger than the few bytes that made it; a budget that did not count them would hold nothing.

use super::View;
use crate::mail::address::Address;
use crate::mail::structure::Part;

/// What the allocator adds to a small piece of text, about.
const PIECE_BYTES: usize = 16;

impl View {
    /// The memory that it takes, in bytes, about.
    pub fn bytes(&self) -> usize {
        let lists = [&self.from, &self.to, &self.cc, &self.bcc, &self.reply_to];
        let addresses = lists.into_iter().flatten().chain(&self.sender).map(of_address);
        let texts = [&self.subject, &self.message_id, &self.snippet].map(|text| text.len());
        let findings = self.findings.iter().map(|finding| size_of_val(finding) + PIECE_BYTES + finding.detail.len());
        let indices = self.text_parts.len() + self.attachments.len() + self.inline.len();
        size_of::<Self>()
            + self.structure.parts.iter().map(of_part).sum::<usize>()
            + addresses.sum::<usize>()
            + findings.sum::<usize>()
            + texts.iter().sum::<usize>()
            + indices * size_of::<u32>()
    }
}

fn of_address(address: &Address) -> usize {
    size_of::<Address>() + 2 * PIECE_BYTES + address.name.len() + address.address.len()
}

fn of_part(part: &Part) -> usize {
    let maybe = [&part.charset, &part.file_name, &part.content_id, &part.location];
    let maybe = maybe.into_iter().flatten().map(|text| PIECE_BYTES + text.len());
    size_of::<Part>() + 2 * PIECE_BYTES + part.id.len() + part.content_type.len() + maybe.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use crate::mail::view::View;

    #[test]
    fn many_small_things_are_counted_as_what_they_take() {
        let parts = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\n".repeat(5_000));
        let addresses = format!("To: {}\r\n\r\n", "a,".repeat(5_000));
        for raw in [parts, addresses] {
            let bytes = View::read(raw.as_bytes()).bytes();
            assert!(bytes > 5_000 * 64 && bytes > 4 * raw.len(), "{bytes} for {}", raw.len());
        }
    }
}
