//! Folders, watched: when to look again. The only file that names notify.
//!
//! An event says nothing here but "look again"; what has changed is for the looker to find. Network file systems and
//! some containers give no events at all, so whoever waits also looks again after a while.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tracing::debug;

/// Whoever writes does more than one thing: the look waits until it is likely to be over.
pub const SETTLED: Duration = Duration::from_millis(100);
/// The longest time between two looks, with events or without.
pub const RESCAN: Duration = Duration::from_secs(2);

/// Some folders under watch; what is below them is not.
pub struct Changes {
    /// None where the system gives no events.
    watcher: Option<RecommendedWatcher>,
    heard: Arc<Notify>,
    watched: Vec<(PathBuf, Option<Identity>)>,
}

impl Changes {
    /// Watches these folders, as far as they exist.
    pub fn of(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        let heard = Arc::new(Notify::new());
        let bell = heard.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| is_change(event.kind)) {
                bell.notify_one();
            }
        });
        let watcher = watcher.inspect_err(|error| debug!("no file events ({error}); looking every {RESCAN:?}")).ok();
        let watched = folders.into_iter().map(|folder| (folder, None)).collect();
        let mut changes = Self { watcher, heard, watched };
        changes.renew();
        changes
    }

    /// Waits until something changed and a moment has passed, at most `longest`.
    pub async fn next(&mut self, longest: Duration) {
        if tokio::time::timeout(longest, self.heard.notified()).await.is_ok() {
            tokio::time::sleep(SETTLED).await;
        }
        self.renew();
    }

    /// A folder that was made anew has to be watched anew.
    fn renew(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        for (folder, known) in &mut self.watched {
            let identity = identity(folder);
            if identity == *known {
                continue;
            }
            if known.is_some() {
                let _ = watcher.unwatch(folder);
            }
            *known = identity;
            if identity.is_some()
                && let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive)
            {
                debug!("{} gives no events ({error}); looking every {RESCAN:?}", folder.display());
            }
        }
    }
}

/// Reading is no change: our own looks would call for the next.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

/// Tells a folder from another of the same name.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(folder: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|data| (data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<Identity> {
    folder.exists().then_some((0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Far beyond the patience of a test that has lost its event.
    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn a_file_that_comes_is_heard_of_and_reading_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let mut changes = Changes::of([dir.path().to_owned()]);
        std::fs::write(dir.path().join("a"), "x").unwrap();
        changes.next(LONG).await;
        let quiet = [EventKind::Access(AccessKind::Read), EventKind::Access(AccessKind::Close(AccessMode::Read))];
        assert!(!quiet.into_iter().any(is_change));
    }

    #[tokio::test]
    async fn a_folder_that_comes_back_is_watched_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mails");
        std::fs::create_dir(&folder).unwrap();
        let mut changes = Changes::of([folder.clone()]);
        std::fs::remove_dir(&folder).unwrap();
        changes.next(LONG).await;
        std::fs::create_dir(&folder).unwrap();
        // Nothing tells of the folder itself: that is what the rescan is for.
        changes.next(Duration::from_millis(1)).await;
        std::fs::write(folder.join("a"), "x").unwrap();
        changes.next(LONG).await;
    }
}
