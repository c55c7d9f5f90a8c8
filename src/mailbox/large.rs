//! Work on large messages, in turns: reading one at its arrival, decoding one for somebody who looks at it. Either takes a few
//! times its size for a moment, outside the memory budget; ten at once must not take ten times that.
//!
//! Each piece of work has a thread of its own that ends with it. An allocator keeps for each thread what it once gave it: a
//! pool of hundreds of threads, where each has read one large message, holds hundreds of times what one took.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};

/// Whose turn it is.
pub struct Large(Arc<Semaphore>);

/// Beyond this a message is large: reading it takes milliseconds.
pub const LARGE_BYTES: usize = 256 << 10;
/// Large messages that are worked on at once.
const AT_ONCE: usize = 2;

/// The work panicked, or there was no thread for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Undone;

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
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Undone)?;
        let (done, answer) = oneshot::channel();
        let thread = std::thread::Builder::new().name("large".into()).spawn(move || {
            let _turn = turn;
            let _ = done.send(work());
        });
        drop(thread.map_err(|_| Undone)?);
        answer.await.map_err(|_| Undone)
    }
}

impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message could not be read")
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
            assert_eq!(answer, if number % 2 == 0 { Ok(number) } else { Err(Undone) });
        }
        assert!((1..=AT_ONCE).contains(&most.load(Ordering::SeqCst)));
    }
}
