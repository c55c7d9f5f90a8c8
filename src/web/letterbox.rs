//! Mail that comes in by HTTP. It goes through the session core over a stream in memory, as any other: envelope, dialogue,
//! limits and findings are made in one place. No door is needed, and no connection leaves.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::listen::smtp::{self, Gate};
use crate::mail::envelope::Addressed;
use crate::mailbox::MessageId;

/// A message with its envelope.
#[derive(Debug)]
pub struct Letter<'a> {
    /// Who sends it: the user name, which is the mailbox, if somebody logs in.
    pub user: Option<&'a str>,
    /// MAIL FROM.
    pub from: &'a Addressed,
    /// RCPT TO, each.
    pub to: &'a [Addressed],
    /// The bytes of the message; they come in as they are.
    pub raw: &'a [u8],
}

/// The stream holds so much until the other end has read it.
const STREAM_BYTES: usize = 64 << 10;

impl Letter<'_> {
    /// Hands it in, and answers the id under which it is kept.
    ///
    /// # Errors
    /// The reply by which it was refused.
    pub async fn hand_in(&self, gate: Arc<Gate>) -> Result<MessageId, String> {
        let (client, server) = duplex(STREAM_BYTES);
        let (mut replies_from, mut lines_to) = tokio::io::split(client);
        let session = tokio::spawn(smtp::serve_in_memory(gate, server));
        let lines = self.lines();
        // Both at once: a session that is not listened to stops reading.
        let say = async {
            lines_to.write_all(&lines).await?;
            lines_to.write_all(self.raw).await?;
            lines_to.write_all(b"QUIT\r\n").await
        };
        let mut replies = String::new();
        // A session that ends early has said why.
        let (_, heard) = tokio::join!(say, replies_from.read_to_string(&mut replies));
        let _ = session.await;
        heard.map_err(|error| format!("the session broke off: {error}"))?;
        outcome(&replies)
    }

    /// What is said before the message, pipelined (RFC 2920). BDAT (RFC 3030) takes bytes as they are.
    fn lines(&self) -> Vec<u8> {
        let mut lines = b"EHLO http\r\n".to_vec();
        if let Some(user) = self.user {
            let secret = STANDARD.encode(format!("\0{}\0", user.replace('\0', "")));
            lines.extend_from_slice(format!("AUTH PLAIN {secret}\r\n").as_bytes());
        }
        let mut path = |verb: &[u8], addressed: &Addressed, params: &[u8]| {
            let one_line =
                |bytes: &[u8]| bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect::<Vec<_>>();
            lines.extend_from_slice(verb);
            lines.push(b'<');
            lines.extend(one_line(addressed.path.as_bytes()));
            lines.push(b'>');
            lines.extend_from_slice(params);
            lines.extend_from_slice(b"\r\n");
        };
        path(b"MAIL FROM:", self.from, b" BODY=BINARYMIME");
        self.to.iter().for_each(|to| path(b"RCPT TO:", to, b""));
        lines.extend_from_slice(format!("BDAT {} LAST\r\n", self.raw.len()).as_bytes());
        lines
    }
}

/// The id in `250 2.0.0 Ok: queued as ID`, else the first refusal.
fn outcome(replies: &str) -> Result<MessageId, String> {
    let queued = replies.lines().find_map(|line| line.rsplit_once("queued as ")?.1.trim().parse().ok());
    let refusal =
        || replies.lines().find(|line| line.starts_with(['4', '5'])).unwrap_or("nothing was answered").to_owned();
    queued.ok_or_else(refusal)
}
