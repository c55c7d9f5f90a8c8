//! The user's certificate, read again when its files change, so that a renewed one needs no restart.
//!
//! Certificates are swapped in many ways: written in place, renamed, a link turned to another file (certbot), a link
//! above the link (Kubernetes). So the folders of the two names are watched, and what counts is the content. A pair is
//! judged when two looks in a row found the same, because certificate and key are seldom written in one moment.

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::certificate::{self, Pem};
use super::changes::{Changes, RESCAN, SETTLED};
use super::tls::Terminator;

/// Gives `tls` what is in these files, each time that it is another pair, until `stop`. `serving` is what it has now.
/// A pair that cannot be served is told, and the old one goes on.
pub async fn run(cert: PathBuf, key: PathBuf, serving: Pem, tls: Terminator, stop: CancellationToken) {
    let folder = |path: &PathBuf| match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut changes = Changes::of([folder(&cert), folder(&key)]);
    let mut judged = Some(serving);
    let mut before = None;
    loop {
        let found = certificate::read_pair(&cert, &key);
        let is_news = match (&found, &judged) {
            (Ok(found), Some(judged)) => found != judged,
            (Err(_), None) => false,
            _ => true,
        };
        let settled = before.replace(found.as_ref().ok().cloned()) == Some(found.as_ref().ok().cloned());
        if is_news && settled {
            judged = found.as_ref().ok().cloned();
            match found.and_then(|pem| certificate::from_pem(&cert, &key, &pem)).map(|identity| tls.serve(&identity)) {
                Ok(Ok(())) => info!("the certificate {} has changed; new connections get the new one", cert.display()),
                Ok(Err(error)) => warn!("the changed certificate cannot be served ({error}); the old one goes on"),
                Err(error) => warn!("the certificate has changed, and the old one goes on: {error}"),
            }
        }
        let longest = if is_news && !settled { SETTLED } else { RESCAN };
        tokio::select! {
            () = changes.next(longest) => {}
            () = stop.cancelled() => return,
        }
    }
}
