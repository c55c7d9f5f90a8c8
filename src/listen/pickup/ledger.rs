//! What is known of the files of a pickup folder: which are still being written, which were taken, and how far.
//!
//! No file is touched here, and the time is an argument. A file is *still* when its length and its time of change were
//! the same for [`STILL`]; only then is it read. A file that is still and yet not whole, by its own bytes, gets
//! [`PATIENCE`].

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A file that has not changed for so long is read.
pub const STILL: Duration = Duration::from_millis(500);
/// A file that has not changed for so long is read as it is, though it seems to lack its end.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A file of a Maildir is renamed with its flags, and a look at that moment may miss it: it is not forgotten at once.
const MISSED: Duration = Duration::from_secs(60);

/// One file, as the folder lists it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is known by: its path; in a Maildir its name without flags, so that a move to `cur` is no new file.
    pub key: PathBuf,
    /// Where it is now.
    pub path: PathBuf,
    /// How it stands.
    pub stamp: Stamp,
    /// It came in whole, by a rename, and will not change.
    pub whole: bool,
}

/// What changes when a file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its length.
    pub bytes: u64,
    /// Its time of change; none where the file system has none.
    pub modified: Option<SystemTime>,
}

/// A file to be read now.
#[derive(Debug)]
pub struct Due {
    /// Which.
    pub entry: Entry,
    /// How far it was taken.
    pub taken: Taken,
    /// It has been still for so long that it is read as it is.
    pub as_it_is: bool,
}

/// How far a file was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The bytes that are dealt with, from its beginning.
    pub bytes: u64,
    /// Where the last message among them begins.
    pub last: u64,
    /// A fingerprint of that message, to tell a file that grew from another in its place.
    pub print: u64,
    /// It is no mail, and that was said.
    pub foreign: bool,
}

/// The files of one folder.
#[derive(Debug, Default)]
pub struct Ledger(HashMap<PathBuf, Known>);

#[derive(Debug)]
struct Known {
    stamp: Stamp,
    since: Instant,
    taken: Taken,
    state: State,
    /// The last look that saw it.
    seen: Instant,
    /// As in [`Entry`].
    whole: bool,
}

/// What is to be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It may still be written, or could not be had: it is read when it is still.
    Waiting,
    /// It was read, and is not whole.
    Partial,
    /// As it stands, all was done with it.
    Done,
}

impl Ledger {
    /// Takes note of what the folder holds, and answers what is to be read, the oldest first. What is gone is forgotten.
    pub fn look(&mut self, entries: Vec<Entry>, now: Instant) -> Vec<Due> {
        let mut due = Vec::new();
        for entry in entries {
            let stamp = entry.stamp;
            let (taken, state, whole) = (Taken::default(), State::Waiting, entry.whole);
            let fresh = Known { stamp, since: now, taken, state, seen: now, whole };
            let known = self.0.entry(entry.key.clone()).or_insert(fresh);
            known.seen = now;
            if known.stamp != stamp && !(entry.whole && known.state == State::Done) {
                (known.stamp, known.since, known.state) = (stamp, now, State::Waiting);
            }
            let still = now.duration_since(known.since);
            let (ready, as_it_is) = match known.state {
                _ if stamp.bytes == 0 => (false, false),
                State::Waiting => (entry.whole || still >= STILL, entry.whole),
                State::Partial => (still >= PATIENCE, true),
                State::Done => (false, false),
            };
            if ready {
                due.push(Due { taken: known.taken, entry, as_it_is });
            }
        }
        self.0.retain(|_, known| known.seen == now || (known.whole && now.duration_since(known.seen) < MISSED));
        due.sort_by(|a, b| (a.entry.stamp.modified, &a.entry.path).cmp(&(b.entry.stamp.modified, &b.entry.path)));
        due
    }

    /// A file was read so far.
    pub fn took(&mut self, entry: &Entry, taken: Taken, state: State) {
        if let Some(known) = self.0.get_mut(&entry.key) {
            (known.taken, known.state) = (taken, state);
        }
    }

    /// When to look again for the sake of a file that may become still; none: only when something changes.
    pub fn soon(&self) -> Option<Duration> {
        self.0.values().any(|known| known.state == State::Waiting && known.stamp.bytes > 0).then_some(STILL / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::changes::RESCAN;

    fn entry(name: &str, bytes: u64, whole: bool) -> Entry {
        let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(bytes));
        Entry { key: name.into(), path: name.into(), stamp: Stamp { bytes, modified }, whole }
    }

    /// What is due of one file `a` with these lengths, each at its time in milliseconds; what is due is taken whole.
    fn due(looks: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let (mut ledger, start) = (Ledger::default(), now());
        let mut found = Vec::new();
        for (at, bytes) in looks {
            for due in ledger.look(vec![entry("a", *bytes, false)], start + Duration::from_millis(*at)) {
                found.push((*at, due.taken.bytes));
                ledger.took(&due.entry, Taken { bytes: *bytes, ..Taken::default() }, State::Done);
            }
        }
        found
    }

    fn now() -> Instant {
        Instant::now()
    }

    #[test]
    fn a_file_is_read_when_it_is_still_and_not_while_it_grows() {
        assert_eq!(due(&[(0, 10), (499, 10), (500, 10), (600, 10), (9_000, 10)]), [(500, 0)]);
        let growing: Vec<_> = (0..100).map(|step| (step * 400, step + 1)).collect();
        assert_eq!(due(&growing), []);
        assert_eq!(due(&[(0, 0), (60_000, 0)]), [], "an empty file is not yet a message");
    }

    #[test]
    fn a_file_that_grew_is_read_from_where_it_was_taken() {
        assert_eq!(due(&[(0, 10), (500, 10), (600, 30), (1_000, 30), (1_100, 30)]), [(500, 0), (1_100, 10)]);
    }

    #[test]
    fn what_came_whole_is_read_at_once_and_never_again() {
        let (mut ledger, start) = (Ledger::default(), now());
        let taken = ledger.look(vec![entry("a", 10, true)], start);
        assert_eq!(taken.len(), 1);
        ledger.took(&taken[0].entry, Taken::default(), State::Done);
        // Moved, flagged, its time changed.
        let moved = Entry { path: "cur/a:2,S".into(), ..entry("a", 11, true) };
        assert!(ledger.look(Vec::new(), start + RESCAN).is_empty());
        assert!(ledger.look(vec![moved], start + RESCAN * 2).is_empty(), "one look missed it");
    }

    #[test]
    fn what_moved_under_our_eyes_is_read_at_the_next_look() {
        let (mut ledger, start) = (Ledger::default(), now());
        let due = ledger.look(vec![entry("a", 10, true)], start);
        ledger.took(&due[0].entry, due[0].taken, State::Waiting);
        let moved = Entry { path: "cur/a:2,".into(), ..entry("a", 10, true) };
        assert_eq!(ledger.look(vec![moved], start)[0].entry.path, PathBuf::from("cur/a:2,"));
    }

    #[test]
    fn what_lacks_its_end_gets_its_time_and_then_is_read_as_it_is() {
        let (mut ledger, start) = (Ledger::default(), now());
        let mut look = |at| {
            let due = ledger.look(vec![entry("a", 10, false)], start + at);
            let left = |due: &Due| if due.as_it_is { State::Done } else { State::Partial };
            due.iter().for_each(|due| ledger.took(&due.entry, due.taken, left(due)));
            due.first().map(|due| due.as_it_is)
        };
        assert_eq!(look(Duration::ZERO), None);
        assert_eq!(look(STILL), Some(false));
        assert_eq!(look(PATIENCE - STILL), None);
        assert_eq!(look(PATIENCE), Some(true));
        assert_eq!(look(PATIENCE * 9), None);
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let (mut ledger, start) = (Ledger::default(), now());
        ledger.look((0..100).map(|number| entry(&number.to_string(), 1, false)).collect(), start);
        ledger.look(vec![entry("7", 1, false)], start + STILL);
        assert_eq!(ledger.0.len(), 1);
        assert!(ledger.soon().is_some());
    }
}
