//! Work on a message for somebody who looks at it: off the threads that answer requests, and on large messages in turns.

use std::panic::resume_unwind;

use super::mishap::off_thread;
use crate::mailbox::large::{LARGE_BYTES, Large, Undone};

/// Does this work on a message of `bytes`; a small one is looked at without waiting. A panic there is one here.
pub async fn work<T: Send + 'static>(large: &Large, bytes: usize, work: impl FnOnce() -> T + Send + 'static) -> T {
    if bytes <= LARGE_BYTES {
        return off_thread(work).await;
    }
    match large.work(work).await {
        Ok(done) => done,
        Err(Undone::Panicked(panic)) => resume_unwind(panic),
        Err(Undone::NoThread) => panic!("the system gives no thread"),
    }
}
