//! A pickup folder: mail that an application writes to files instead of sending it is taken into the inbox.
//!
//! The folder is looked at whenever it changes, and every two seconds besides. [`folder`] lists what may be mail,
//! [`ledger`] knows what of it is new and no longer written to, [`take`] reads that and passes it to the inbox. Files
//! are left as they are: nothing is written, moved or deleted.

pub mod folder;
pub mod ledger;
pub mod take;

use std::io;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::changes::{Changes, RESCAN};
use folder::{FILES_MAX, Folder};
use ledger::Ledger;
use take::Taker;

/// Takes in the mail of one folder until `stop`.
pub async fn run(folder: Folder, taker: Taker, stop: CancellationToken) {
    let mut changes = Changes::of(folder.watched());
    let mut ledger = Ledger::default();
    let (mut gone, mut crowded) = (false, false);
    loop {
        match list(&folder).await {
            Ok(entries) => {
                if std::mem::take(&mut gone) {
                    info!("{}: the pickup folder is back", folder.path().display());
                }
                if entries.len() >= FILES_MAX && !std::mem::replace(&mut crowded, true) {
                    let sentence = format!(
                        "The pickup folder holds more than {FILES_MAX} files; no more are looked at. Empty it."
                    );
                    taker.report(folder.path(), &sentence);
                }
                for due in ledger.look(entries, Instant::now()) {
                    if stop.is_cancelled() {
                        return;
                    }
                    let (taken, state) = taker.take(&due).await;
                    ledger.took(&due.entry, taken, state);
                }
            }
            // What was known of its files is kept: it may be a network that comes back.
            Err(error) => {
                if !std::mem::replace(&mut gone, true) {
                    let sentence = format!(
                        "The pickup folder cannot be read any more ({error}); its mail is taken in again when it can."
                    );
                    taker.report(folder.path(), &sentence);
                }
            }
        }
        let longest: Duration = ledger.soon().unwrap_or(RESCAN);
        tokio::select! {
            () = changes.next(longest) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn list(folder: &Folder) -> io::Result<Vec<ledger::Entry>> {
    let folder = folder.clone();
    tokio::task::spawn_blocking(move || folder.list()).await.map_err(io::Error::other)?
}
