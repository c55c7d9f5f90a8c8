//! What the log is told of a message.

use tracing::info;

use crate::mail::envelope::Path;
use crate::mail::incoming::Incoming;
use crate::mailbox::inbox::Verdict;

/// One line of the log a message.
pub(super) struct Summary {
    door: &'static str,
    from: String,
    /// The first of the recipients.
    to: String,
    recipients: usize,
    bytes: usize,
}

impl Summary {
    pub(super) fn of(incoming: &Incoming) -> Self {
        let envelope = &incoming.envelope;
        Self {
            door: envelope.client.door.name(),
            from: on_one_line(&envelope.from.path),
            to: envelope.to.first().map_or_else(String::new, |to| on_one_line(&to.path)),
            recipients: envelope.to.len(),
            bytes: incoming.raw.len(),
        }
    }

    /// Says what became of it.
    pub(super) fn log(&self, verdict: &Verdict) {
        let Self { door, from, to, recipients, bytes } = self;
        match verdict {
            Verdict::Kept(id) => info!(%id, door, from, to, recipients, bytes, "kept"),
            Verdict::Full => info!(door, from, to, recipients, bytes, "not kept: the memory budget is full"),
            Verdict::Failed(sentence) => info!(door, from, to, recipients, bytes, "not kept: {sentence}"),
        }
    }
}

/// A carriage return in an address would let its sender write over a line of the log.
fn on_one_line(path: &Path) -> String {
    path.to_string().replace(char::is_control, "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_does_not_write_over_the_log() {
        assert_eq!(on_one_line(&Path::verbatim(b"a\r<x>\x1b[2J@app.test")), "a?<x>?[2J@app.test");
    }
}
