//! The catcher in a Rust test: started on free ports, asked by calls, stopped when it is dropped.
//!
//! ```
//! use std::time::Duration;
//! use restante::{blocking::Catcher, to};
//!
//! let catcher = Catcher::start()?;
//! // Point the application at it.
//! let smtp_url = catcher.smtp_url();
//! # let address = catcher.smtp_address();
//! # std::thread::spawn(move || {
//! #     use std::io::Write;
//! #     let mut wire = std::net::TcpStream::connect(address).unwrap();
//! #     wire.write_all(b"EHLO a\r\nMAIL FROM:<shop@app.test>\r\nRCPT TO:<ann@app.test>\r\nDATA\r\nSubject: Welcome\r\n\r\nGood day.\r\n.\r\nQUIT\r\n").unwrap();
//! #     std::io::Read::read_to_end(&mut wire, &mut Vec::new()).unwrap();
//! # });
//! let message = catcher.wait(to("ann@app.test").subject("Welcome")).within(Duration::from_secs(5))?;
//! assert_eq!(message.text(), "Good day.\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Tests that run in parallel share one catcher and do not see each other's mail: each has a [`Mailbox`] of its own, and
//! its application logs in with that mailbox's name, which stands in [`Place::smtp_url`]. What a wait did not find it
//! explains, as the text of the error and of the panic.
//!
//! This is the async face; [`blocking`] has the same for tests without a runtime. The server runs on threads of its own,
//! so a test may block as it likes.

pub mod blocking;
mod caught;
mod place;
mod running;
mod wait;

use std::ops::Deref;
use std::time::Duration;

use crate::config::Config;
use crate::mailbox::Query;
use crate::server::ServerError;
pub use caught::{Attachment, Caught, Cursor};
pub use place::Place;
use running::Running;
pub use wait::{Nothing, Several, Wait, WaitFailed};

/// A mail catcher of this process. Dropped, it stops, and what it caught is gone.
///
/// It is itself the view of all mailboxes: everything a [`Mailbox`] can do it can do too, for all of them.
#[derive(Debug)]
pub struct Catcher {
    all: Mailbox,
}

/// One mailbox of a catcher, or all of them. Clones are the same mailbox, and keep the catcher running.
///
/// Its addresses, its name and what is there, which none has to wait for, are those of its [`Place`].
#[derive(Clone, Debug)]
pub struct Mailbox(Place);

/// How long [`Mailbox::assert_arrives`] waits.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(5);
/// How long [`Mailbox::assert_nothing`] watches.
pub const NOTHING_FOR: Duration = Duration::from_millis(500);

impl Catcher {
    /// Starts one on free ports of the loopback addresses: plain SMTP, submission with STARTTLS, SMTP in TLS, and the page.
    ///
    /// # Errors
    /// No port can be had, or no thread.
    pub async fn start() -> Result<Self, ServerError> {
        Self::with(Config::on_free_ports()).await
    }

    /// Starts one that is set up otherwise: `Config { auth_required: true, ..Config::on_free_ports() }`.
    ///
    /// # Errors
    /// What keeps it from starting, as a sentence.
    pub async fn with(config: Config) -> Result<Self, ServerError> {
        let running = Running::start(config)?.outcome().await?;
        Ok(Self { all: Mailbox(Place::all(running)) })
    }

    /// The mailbox of this name: of the messages whose client logged in by it. `default` has those of nobody.
    pub fn mailbox(&self, name: &str) -> Mailbox {
        Mailbox(self.all.0.named(name))
    }

    /// A mailbox that nobody else has: its name is `hint` and a number.
    pub fn fresh_mailbox(&self, hint: &str) -> Mailbox {
        Mailbox(self.all.0.fresh(hint))
    }
}

impl Deref for Catcher {
    type Target = Mailbox;

    fn deref(&self) -> &Mailbox {
        &self.all
    }
}

impl Deref for Mailbox {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.0
    }
}

impl Mailbox {
    /// A question: is there a message like this, and if not yet, when it comes?
    pub fn wait(&self, query: Query) -> Wait {
        Wait::new(&self.0, query)
    }

    /// The opposite question: does no message like this come?
    pub fn nothing(&self, query: Query) -> Nothing {
        Nothing::new(&self.0, query)
    }

    /// The oldest message like this, within [`ARRIVES_WITHIN`].
    ///
    /// # Panics
    /// If none comes: with what came close, and why it does not fit.
    #[track_caller]
    pub fn assert_arrives(&self, query: Query) -> impl Future<Output = Caught> {
        let (at, wait) = (std::panic::Location::caller(), self.wait(query));
        async move { wait.within(ARRIVES_WITHIN).await.unwrap_or_else(|failure| failure.panic(at)) }
    }

    /// That no message like this comes within [`NOTHING_FOR`], nor has come.
    ///
    /// # Panics
    /// If one does: with what it is.
    #[track_caller]
    pub fn assert_nothing(&self, query: Query) -> impl Future<Output = ()> {
        let (at, nothing) = (std::panic::Location::caller(), self.nothing(query));
        async move { nothing.within(NOTHING_FOR).await.unwrap_or_else(|failure| failure.panic(at)) }
    }

    /// Deletes every message of this mailbox, and of no other.
    pub async fn clear(&self) {
        self.0.clearing().outcome().await;
    }
}
