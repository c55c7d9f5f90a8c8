//! The server on threads of its own, and answers that can be awaited or blocked for, whatever the test runs on.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::config::Config;
use crate::mail::envelope::Door;
use crate::mailbox::Inbox;
use crate::server::{Server, ServerError};

/// Threads for SMTP and for waits: a test sends a handful of messages at once.
const THREADS: usize = 2;

/// A server that runs until this is dropped.
pub(super) struct Running {
    /// Both are there until the drop, which takes them in this order.
    server: Option<Server>,
    runtime: Option<Runtime>,
}

/// An answer that is being made on the server's threads.
pub(super) struct Asked<T> {
    answer: oneshot::Receiver<T>,
    over: Option<mpsc::Receiver<()>>,
    /// Who makes it must not stop before.
    running: Option<Arc<Running>>,
}

impl Running {
    /// Begins to start a server.
    pub(super) fn start(config: Config) -> Result<Starting, ServerError> {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(THREADS).thread_name("restante").enable_all().build();
        let runtime = runtime.map_err(ServerError::Threads)?;
        let starting = ask(&runtime, async move { Server::start(&config).await });
        Ok(Starting { starting, running: Running { server: None, runtime: Some(runtime) } })
    }

    pub(super) fn server(&self) -> &Server {
        self.server.as_ref().expect("it is there until the drop")
    }

    pub(super) fn inbox(&self) -> &Inbox {
        self.server().inbox()
    }

    /// The address of a door; those of [`Config::on_free_ports`] have all of them.
    pub(super) fn address(&self, door: Door) -> SocketAddr {
        let address = self.server().opened().smtp_address(door);
        address.unwrap_or_else(|| panic!("this catcher was set up without a door of the kind {}", door.name()))
    }

    /// Has an answer made.
    pub(super) fn ask<T: Send + 'static>(&self, question: impl Future<Output = T> + Send + 'static) -> Asked<T> {
        ask(self.runtime.as_ref().expect("it is there until the drop"), question)
    }
}

fn ask<T: Send + 'static>(runtime: &Runtime, question: impl Future<Output = T> + Send + 'static) -> Asked<T> {
    let (answer, asked) = oneshot::channel();
    let (done, over) = mpsc::channel();
    runtime.spawn(async move {
        // Whoever asked may have given up.
        let _ = answer.send(question.await);
        let _ = done.send(());
    });
    Asked { answer: asked, over: Some(over), running: None }
}

impl<T> Asked<T> {
    pub(super) fn keeping(self, running: Arc<Running>) -> Self {
        Self { running: Some(running), ..self }
    }

    pub(super) async fn outcome(self) -> T {
        let outcome = self.answer.await.expect("the server's threads answer as long as it runs");
        drop(self.running);
        outcome
    }

    /// Blocks this thread, which may be one of an async runtime: tokio would not have it.
    pub(super) fn blocked(mut self) -> T {
        if let Some(over) = self.over.take() {
            let _ = over.recv();
        }
        self.answer.try_recv().expect("the server's threads answer as long as it runs")
    }
}

/// A server that is starting.
pub(super) struct Starting {
    starting: Asked<Result<Server, ServerError>>,
    /// Without its server yet; dropped, its threads go.
    running: Running,
}

impl Starting {
    pub(super) async fn outcome(self) -> Result<Running, ServerError> {
        let Self { starting, mut running } = self;
        running.server = Some(starting.outcome().await?);
        Ok(running)
    }

    pub(super) fn blocked(self) -> Result<Running, ServerError> {
        let Self { starting, mut running } = self;
        running.server = Some(starting.blocked()?);
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let guard = runtime.enter();
        drop(self.server.take());
        drop(guard);
        // Waiting for its threads would panic where the drop is in an async test.
        runtime.shutdown_background();
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("server", &self.server.is_some()).finish_non_exhaustive()
    }
}
