//! The seam for keeping changes beyond this process: every change passes here before the store applies it.
//!
//! Today there is [`None`](Nowhere) only, memory; a file and a shared stream will stand behind the same trait.

use std::pin::Pin;

use super::Change;

/// Keeps changes, in the order in which it is called.
pub trait Journal: Send + Sync {
    /// Answers once the change is kept. An error means that it is not, and must not be applied.
    fn append<'a>(&'a self, change: &'a Change) -> Appending<'a>;
}

/// The answer of a journal, awaited.
pub type Appending<'a> = Pin<Box<dyn Future<Output = Result<(), NotKept>> + Send + 'a>>;

/// The journal could not keep a change.
#[derive(Debug)]
pub struct NotKept {
    /// What happened and how to mend it, as a sentence.
    pub sentence: String,
}

/// The journal that keeps nothing: memory is all there is.
#[derive(Debug)]
pub struct Nowhere;

impl Journal for Nowhere {
    fn append<'a>(&'a self, _: &'a Change) -> Appending<'a> {
        Box::pin(std::future::ready(Ok(())))
    }
}
