//! Work on large messages, in turns: reading one at its arrival, decoding one for somebody who looks at it. Either takes a few
//! times its size for a moment, outside the memory budget; ten at once must not take ten times that.
//!
//! Each piece of work has a thread of its own that ends with it. An allocator keeps for each thread what it once gave it: a
//! pool of hundreds of threads, where each has read one large message, holds hundreds of times what one took.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};

/// Whose turn it is.
pub struct Large(Arc<Semaphore>);

/// Beyond this a message is large: reading it takes milliseconds.
pub const LARGE_BYTES: usize = 256 << 10;
/// Large messages that are worked on at once.
const AT_ONCE: usize = 2;

/// The work was not done.
#[derive(Debug)]
pub enum Undone {
    /// It panicked, with this.
    Panicked(Box<dyn Any + Send>),
    /// There was no thread for it.
    NoThread,
}

impl Default for Large {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Large {
    /// Waits for a turn, and does it. Whoever asked may go away meanwhile: the turn ends with the work.
    ///
    /// # Errors
    /// [`Undone`].
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Undone> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Undone::NoThread)?;
        let (done, answer) = oneshot::channel();
        let thread = std::thread::Builder::new().name("large".into()).spawn(move || {
            let _turn = turn;
            let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
        });
        drop(thread.map_err(|_| Undone::NoThread)?);
        answer.await.map_err(|_| Undone::NoThread)?.map_err(Undone::Panicked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn two_at_most_work_at_once_and_one_that_panics_gives_its_turn_back() {
        let (large, now, most) =
            (Arc::new(Large::default()), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut askers = tokio::task::JoinSet::new();
        for number in 0..40 {
            let (large, now, most) = (large.clone(), now.clone(), most.clone());
            askers.spawn(async move {
                let work = move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                    assert!(number % 2 == 0, "on purpose");
                    number
                };
                (number, large.work(work).await)
            });
        }
        while let Some(asked) = askers.join_next().await {
            let (number, answer) = asked.unwrap();
            match answer {
                Ok(done) => assert!(number % 2 == 0 && done == number),
                Err(undone) => assert!(number % 2 == 1 && matches!(undone, Undone::Panicked(_))),
            }
        }
        assert!((1..=AT_ONCE).contains(&most.load(Ordering::SeqCst)));
    }
}
