//! Work on a message for somebody who looks at it: off the threads that answer requests, and on large messages few at once.
//! Decoding takes a few times their size for a moment, outside the memory budget; ten browsers must not take ten times that.

use std::sync::Arc;

use actix_web::error::BlockingError;
use actix_web::web::block;
use tokio::sync::Semaphore;

/// Who may work on a large message now.
pub struct Large(Arc<Semaphore>);

/// A smaller message is looked at without waiting.
const LARGE_BYTES: usize = 1 << 20;
/// Large messages that are looked at at once.
const AT_ONCE: usize = 2;

impl Default for Large {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Large {
    /// Does this work on a message of `bytes`. Whoever asked may go away meanwhile: the turn ends with the work.
    ///
    /// # Errors
    /// The work panicked.
    pub async fn work<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, BlockingError> {
        // An error would mean that it was closed, which nobody does.
        let turn = if bytes > LARGE_BYTES { self.0.clone().acquire_owned().await.ok() } else { None };
        block(move || {
            let _turn = turn;
            work()
        })
        .await
    }
}
