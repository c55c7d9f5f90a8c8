//! Conversations: the list of one, and what a message says of its own.

use super::row_at;
use crate::clock;
use crate::mailbox::thread::{Conversation, Placed};
use crate::mailbox::{Inbox, MessageId, Scope};
use crate::web::Web;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::Entry;
use crate::web::page::list::Conversation as Head;
use crate::web::page::message::ThreadLine;
use crate::web::page::view::Row;

/// Messages of a conversation that are shown: a program that gives all its mail one Message-ID makes one of thousands.
pub(in crate::web) const SHOWN_MAX: usize = 500;

/// The conversation of the message with this id; none if it is not there.
pub(in crate::web) async fn around(web: &Web, mount: &Mount, id: &str) -> Option<Conversation> {
    let id: MessageId = id.parse().ok()?;
    let (inbox, scope) = (web.inbox.clone(), mount.scope.clone());
    off_thread(move || Conversation::around(&inbox, &scope, id, SHOWN_MAX)).await
}

/// Its rows, and what is said above them.
pub(super) async fn list(web: &Web, mount: &Mount, id: &str) -> (Vec<Entry>, Head) {
    let Some(conversation) = around(web, mount, id).await else { return (Vec::new(), Head::default()) };
    let now = clock::now();
    let row = |placed: &Placed| Row {
        depth: placed.depth,
        astray: placed.astray.iter().map(ToString::to_string).collect(),
        ..row_at(&placed.stored, now)
    };
    let rows: Vec<_> = conversation.shown.iter().map(row).collect();
    let ids = rows.iter().map(|row| row.id.clone()).collect();
    let entries = rows.into_iter().map(|row| Entry::Message(row.into())).collect();
    (entries, Head { count: conversation.count, ids })
}

/// What a message says of its conversation; nothing if it is alone and nothing is odd about that.
pub(super) fn line(inbox: &Inbox, scope: &Scope, id: MessageId) -> Option<ThreadLine> {
    let (count, astray) = Conversation::of_one(inbox, scope, id)?;
    let astray: Vec<_> = astray.iter().map(ToString::to_string).collect();
    (count > 1 || !astray.is_empty()).then_some(ThreadLine { count, astray })
}
