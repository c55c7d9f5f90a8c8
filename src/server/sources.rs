//! In debug builds: open pages load themselves anew when a static file of the source tree changes, as the program reads
//! those from disk. A template is compiled in, so a change of one is only told. A release knows nothing of this.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::listen::changes::{Changes, RESCAN};

/// Watches the sources below `root` until `stop`.
pub(super) async fn watch(root: PathBuf, reload: watch::Sender<()>, stop: CancellationToken) {
    let (files, templates) = (root.join("static"), root.join("templates"));
    let mut changes = Changes::of([files.clone(), templates.clone()]);
    let mut seen = (stamps(&files), stamps(&templates));
    loop {
        tokio::select! {
            () = changes.next(RESCAN) => {}
            () = stop.cancelled() => return,
        }
        let now = (stamps(&files), stamps(&templates));
        if now.0 != seen.0 {
            reload.send_replace(());
        }
        if now.1 != seen.1 {
            info!("a template has changed; it is compiled in: build again to see it");
        }
        seen = now;
    }
}

/// The files of a folder, each with the time of its last change.
fn stamps(folder: &Path) -> Vec<(PathBuf, Option<SystemTime>)> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut stamps: Vec<_> =
        files.map(|file| (file.path(), file.metadata().ok().and_then(|data| data.modified().ok()))).collect();
    stamps.sort();
    stamps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_static_file_that_changes_makes_pages_reload() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["static", "templates"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let (sender, mut receiver) = watch::channel(());
        let stop = CancellationToken::new();
        let mut watching = Box::pin(super::watch(root.path().to_owned(), sender, stop.clone()));
        // Polled once, it has seen the empty folders.
        assert!(futures_util::poll!(&mut watching).is_pending());
        fs::write(root.path().join("static/app.css"), "x").unwrap();
        tokio::select! {
            () = &mut watching => panic!("it ended"),
            changed = receiver.changed() => changed.unwrap(),
        }
        stop.cancel();
        watching.await;
    }
}
