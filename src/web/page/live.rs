//! The frames of `{base}live?q=…` (server-sent events), which keep an open page true.
//!
//! The stream of a mount tells only of that mount; with `q`, `row` comes only for messages that the search finds; with
//! `thread=ID` there is no `row` but a `reset` when a message comes that belongs to that conversation. Every
//! frame but the first, `session` and `reload` has an `id: START-SEQ`, so that a browser that comes back says `Last-Event-ID` and
//! misses nothing; a server that cannot tell what was missed (another start, or too long ago) sends `reset`.
//!
//! ```text
//! retry: 1000                      first, once: how long a browser waits before it comes back
//!
//! id: 19c2f-41
//! event: row                       a message came, or came back: the HTML of its row, as `row.html` makes it, each line a
//!                                  `data:` line; its place in the list is its `data-cursor`, of those that came back too
//! data: <li class="row …
//! data: …</li>
//!
//! id: 19c2f-42
//! event: gone                      messages went, some perhaps only for a while: JSON array of ids
//! data: ["1Ab…","1Ac…"]
//!
//! id: 19c2f-43
//! event: mark                      messages were marked: JSON
//! data: {"ids":["1Ab…"],"read":true}
//!
//! id: 19c2f-44
//! event: keep                      messages are kept, or not any more: JSON
//! data: {"ids":["1Ab…"],"kept":true}
//!
//! id: 19c2f-45
//! event: tag                       messages got other tags: JSON, the tags of each
//! data: {"1Ab…":["signup","beta"],"1Ac…":[]}
//!
//! id: 19c2f-46
//! event: stats                     the counts of this mount, after any of the above (in a burst at most some ten a second)
//! data: {"total":128,"unread":3,"bytes":1234,"budget":536870912,"kept":2,"keptBytes":800,"evicted":0,"broken":0}
//!
//! id: 19c2f-47
//! event: reset                     the list is another one (many came back at once, or events were lost): fetch it anew
//! data: {}
//!
//! event: session                   only with `sessions=1`: a connection ended without a message, or with trouble: the HTML of
//! data: <li class="row session-row …   its row, as `session_row.html` makes it. It is no change of the store and has no id
//!
//! event: reload                    only in debug builds: a static file has changed, load the page anew
//! data: {}
//!
//! : beat                           every 15 s or so, so that a dead connection is noticed
//! ```

use super::list::{SessionRowFragment, row_fragment};
use super::sessions::SessionView;
use super::shell::Stats;
use super::view::Row;
use askama::Template;
use serde_json::json;
use std::collections::BTreeMap;

/// The first frame.
pub const OPENING: &str = "retry: 1000\n\n";

/// Load the page anew.
pub const RELOAD: &str = "event: reload\ndata: {}\n\n";

/// A message came.
pub fn row(id: &str, row: &Row) -> String {
    frame(id, "row", &row_fragment(row))
}

/// A connection ended without a message, or with trouble.
pub fn session(base: &str, session: &SessionView) -> String {
    data("event: session\n".into(), &SessionRowFragment { session, base }.render().unwrap_or_default())
}

/// Messages went.
pub fn gone(id: &str, ids: &[String]) -> String {
    frame(id, "gone", &json!(ids).to_string())
}

/// Messages were marked.
pub fn mark(id: &str, ids: &[String], read: bool) -> String {
    frame(id, "mark", &json!({ "ids": ids, "read": read }).to_string())
}

/// Messages are kept, or not any more.
pub fn keep(id: &str, ids: &[String], kept: bool) -> String {
    frame(id, "keep", &json!({ "ids": ids, "kept": kept }).to_string())
}

/// Messages got other tags.
pub fn tag(id: &str, tags: &BTreeMap<String, Vec<&str>>) -> String {
    frame(id, "tag", &json!(tags).to_string())
}

/// The counts.
pub fn stats(id: &str, stats: &Stats) -> String {
    let Stats { total, unread, bytes, budget, kept, kept_bytes, evicted, broken } = stats;
    let data = json!({
        "total": total, "unread": unread, "bytes": bytes, "budget": budget, "kept": kept, "keptBytes": kept_bytes,
        "evicted": evicted, "broken": broken
    });
    frame(id, "stats", &data.to_string())
}

/// Fetch the list anew.
pub fn reset(id: &str) -> String {
    frame(id, "reset", "{}")
}

/// Every line of the data is a line of its own (HTML Living Standard §9.2.6); CR would end one too, so it goes.
fn frame(id: &str, event: &str, words: &str) -> String {
    data(format!("id: {id}\nevent: {event}\n"), words)
}

fn data(mut frame: String, data: &str) -> String {
    for line in data.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        frame.push_str("data: ");
        frame.push_str(line);
        frame.push('\n');
    }
    frame.push('\n');
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_cannot_make_a_frame_of_their_own() {
        let row = super::row("1-1", &Row { subject: "a\r\nevent: reset\n\ndata: x\r".into(), ..Row::default() });
        assert_eq!(row.matches("\n\n").count(), 1);
        assert!(row.ends_with("\n\n"));
        assert!(row.lines().skip(2).all(|line| line.is_empty() || line.starts_with("data: ")));
    }

    #[test]
    fn frames_are_what_the_module_says() {
        assert_eq!(gone("1-2", &["a".into()]), "id: 1-2\nevent: gone\ndata: [\"a\"]\n\n");
        assert_eq!(mark("1-3", &["a".into()], true), "id: 1-3\nevent: mark\ndata: {\"ids\":[\"a\"],\"read\":true}\n\n");
        assert_eq!(
            keep("1-3", &["a".into()], false),
            "id: 1-3\nevent: keep\ndata: {\"ids\":[\"a\"],\"kept\":false}\n\n"
        );
        assert_eq!(reset("1-4"), "id: 1-4\nevent: reset\ndata: {}\n\n");
    }
}
