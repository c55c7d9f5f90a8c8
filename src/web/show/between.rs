//! Connections that brought no message, or lost something, as rows between the messages.

use jiff::Timestamp;

use super::sessions::outline;
use crate::mailbox::session_log::{Outcome, SessionRecord};
use crate::mailbox::{MailboxName, Scope, Stored};
use crate::web::Web;
use crate::web::api::sessions::in_scope;
use crate::web::mount::Mount;
use crate::web::page::Entry;
use crate::web::page::sessions::SessionView;
use crate::web::page::view::Row;

/// Rows of one page beside its messages.
const SESSIONS_MAX: usize = 1_000;

/// Whether a connection is a row: one that all went well with is told by its messages.
pub(in crate::web) fn is_row(record: &SessionRecord, scope: &Scope) -> bool {
    record.outcome != Outcome::Done && scope.sees(&MailboxName::of(&record.client).0)
}

/// Those that ended in the time of a page, newest first: what is newer belongs to the page above if there is one, what is
/// older than the last message to the page below.
pub(super) fn sessions(
    web: &Web,
    mount: &Mount,
    before: Option<u64>,
    last: Option<&Stored>,
    now: Timestamp,
) -> Vec<(Timestamp, SessionView)> {
    // The last message of the page above, or the one that now stands there.
    let above = before.and_then(|before| {
        let store = web.inbox.store();
        store.between(&mount.scope, before.saturating_sub(1), u64::MAX).next().map(|kept| kept.message.received)
    });
    let mut all = in_scope(&web.inbox, &mount.scope);
    all.retain(|(_, record)| {
        record.outcome != Outcome::Done
            && above.is_none_or(|above| record.closed < above)
            && last.is_none_or(|last| record.closed >= last.message.received)
    });
    all.iter().take(SESSIONS_MAX).map(|(number, record)| (record.closed, outline(*number, record, now))).collect()
}

/// Both in one list, newest first. Neither loses its own order, whatever the clock did.
pub(super) fn woven(
    rows: impl Iterator<Item = (Timestamp, Row)>,
    sessions: Vec<(Timestamp, SessionView)>,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(rows.size_hint().0 + sessions.len());
    let mut sessions = sessions.into_iter().peekable();
    for (received, row) in rows {
        while let Some((_, session)) = sessions.next_if(|(closed, _)| *closed >= received) {
            entries.push(Entry::Session(session.into()));
        }
        entries.push(Entry::Message(row.into()));
    }
    entries.extend(sessions.map(|(_, session)| Entry::Session(session.into())));
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_stand_between_the_messages_by_time() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let rows = [(at(50), "m5"), (at(30), "m3"), (at(10), "m1")];
        let rows = rows.map(|(at, id)| (at, Row { id: id.into(), ..Row::default() }));
        let sessions = [60, 55, 30, 5]
            .map(|second| (at(second), SessionView { number: second.unsigned_abs(), ..SessionView::default() }));
        let woven: Vec<_> = woven(rows.into_iter(), sessions.into())
            .into_iter()
            .map(|entry| match entry {
                Entry::Message(row) => row.id.clone(),
                Entry::Session(session) => session.number.to_string(),
            })
            .collect();
        assert_eq!(woven, ["60", "55", "m5", "30", "m3", "m1", "5"]);
    }
}
