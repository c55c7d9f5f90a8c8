//! Work on a message for somebody who looks at it: off the threads that answer requests, and on large messages in turns.

use actix_web::web::block;

use crate::mailbox::large::{LARGE_BYTES, Large, Undone};

/// Does this work on a message of `bytes`; a small one is looked at without waiting.
///
/// # Errors
/// [`Undone`].
pub async fn work<T: Send + 'static>(
    large: &Large,
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Undone> {
    match bytes {
        0..=LARGE_BYTES => block(work).await.map_err(|_| Undone),
        _ => large.work(work).await,
    }
}
