//! A mailbox of a catcher, or all of them: where it is reached, and what is there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::caught::{Caught, Cursor};
use super::running::{Asked, Running};
use crate::mail::envelope::Door;
use crate::mailbox::{MailboxName, Scope};
use crate::web::mount::Mount;
use crate::web::page::words::percent;

/// Where mail comes in and is looked at: one mailbox, or all of them.
#[derive(Clone, Debug)]
pub struct Place {
    pub(super) running: Arc<Running>,
    pub(super) scope: Scope,
}

/// Of the name of a fresh mailbox, what is given.
const HINT_BYTES_MAX: usize = 200;

impl Place {
    pub(super) fn all(running: Running) -> Self {
        Self { running: Arc::new(running), scope: Scope::All }
    }

    pub(super) fn named(&self, name: &str) -> Self {
        Self { running: self.running.clone(), scope: Scope::Mailbox(MailboxName::new(name)) }
    }

    pub(super) fn fresh(&self, hint: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        // A name is cut at its end, and the number must stay.
        let hint = &hint[..hint.floor_char_boundary(HINT_BYTES_MAX)];
        self.named(&format!("{hint}-{}", NUMBER.fetch_add(1, Ordering::Relaxed)))
    }

    /// Its name; none for all of them.
    pub fn name(&self) -> Option<&str> {
        match &self.scope {
            Scope::All => None,
            Scope::Mailbox(name) => Some(name.as_str()),
        }
    }

    /// Where plain SMTP is spoken.
    pub fn smtp_address(&self) -> SocketAddr {
        self.running.address(Door::Smtp)
    }

    /// `smtp://127.0.0.1:40025`, with the login that leads to this mailbox: any password will do.
    pub fn smtp_url(&self) -> String {
        self.url("smtp", Door::Smtp)
    }

    /// The same for SMTP in TLS from the first byte, `smtps://`. [`Place::ca_pem`] is to be trusted.
    pub fn smtps_url(&self) -> String {
        self.url("smtps", Door::Smtps)
    }

    /// Where submission with STARTTLS is spoken.
    pub fn submission_address(&self) -> SocketAddr {
        self.running.address(Door::Submission)
    }

    /// The certificate of the authority that signed this catcher's, in PEM.
    pub fn ca_pem(&self) -> Option<String> {
        self.running.server().opened().ca_pem().map(str::to_owned)
    }

    /// The page, and below it the API: to look at while a debugger holds the test.
    pub fn http_url(&self) -> String {
        let root = self.running.server().opened().http_url();
        match &self.scope {
            Scope::All => root,
            Scope::Mailbox(name) => format!("{root}{}", Mount::of(name.clone()).base.trim_end_matches('/')),
        }
    }

    /// What is there, the newest first.
    pub fn messages(&self) -> Vec<Caught> {
        let store = self.running.inbox().store();
        store.newest_first(&self.scope, None).map(|kept| Caught::new(kept.stored())).collect()
    }

    /// The place after everything that has come: [`super::Wait::since`] it counts only what comes later.
    pub fn cursor(&self) -> Cursor {
        Cursor(self.running.inbox().store().seq())
    }

    pub(super) fn clearing(&self) -> Asked<()> {
        let (inbox, scope) = (self.running.inbox().clone(), self.scope.clone());
        // Memory is the only journal, and never refuses.
        self.running.ask(async move { _ = inbox.clear(&scope).await })
    }

    fn url(&self, scheme: &str, door: Door) -> String {
        let login = self.name().map_or_else(String::new, |name| format!("{}:x@", percent(name)));
        format!("{scheme}://{login}{}", self.running.address(door))
    }
}
