//! Messages for the tests of this floor.

use std::sync::Arc;

use super::inbox::Verdict;
use super::{Inbox, MessageId};
use crate::mail::dialogue::Dialogue;
use crate::mail::envelope::{Addressed, Client, Door, Envelope, Login, Params, Path};
use crate::mail::incoming::Incoming;

/// A message of `user` (empty: nobody logged in) with this subject.
pub(super) fn incoming(user: &str, subject: &str) -> Incoming {
    let raw =
        format!("From: Ann <ann@app.test>\r\nTo: bob@app.test\r\nSubject: {subject}\r\n\r\nGood day, {subject}.\r\n");
    with_raw(user, raw.into_bytes())
}

/// A message of `user` with these bytes, to Bob and, unnamed, Eve.
pub(super) fn with_raw(user: &str, raw: Vec<u8>) -> Incoming {
    let addressed = |path: &str| Addressed { path: Path::verbatim(path.as_bytes()), params: Params::default() };
    let mut client = Client::at(Door::Smtp);
    client.login = (!user.is_empty()).then(|| Login { mechanism: "PLAIN".into(), user: user.into() }.into());
    let to = [addressed("bob@app.test"), addressed("eve@app.test")].into();
    let envelope = Envelope { from: addressed("bounce@app.test"), to, client: Arc::new(client) };
    Incoming { raw, envelope, dialogue: Dialogue::new(1000), findings: Vec::new() }
}

/// Keeps it.
pub(super) async fn keep(inbox: &Inbox, incoming: Incoming) -> MessageId {
    match inbox.accept(incoming, inbox.reservation()).await {
        Verdict::Kept(id) => id,
        other => panic!("{other:?}"),
    }
}
