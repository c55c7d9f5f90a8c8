//! How to begin: the doors of this run, the settings for each framework, the certificate.

use super::shell::Shell;
use super::snippet::{Snippet, snippets};
use askama::Template;

/// `{base}setup`: the same panel as in an empty inbox, as a page.
#[derive(Template)]
#[template(path = "setup.html")]
pub struct SetupPage {
    /// What stands around it.
    pub shell: Shell,
    /// The panel.
    pub setup: Setup,
}

/// The doors of this run, and how to use them.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The SMTP doors that are open, in the order in which they should be tried.
    pub doors: Vec<Door>,
    /// The folders whose files are taken in as mail.
    pub pickup: Vec<String>,
    /// Where the certificate can be had; none if the user brought their own.
    pub ca_url: Option<String>,
    /// The address of this inbox as the browser sees it, with the last slash: `http://localhost:8025/`.
    pub inbox_url: String,
    /// The user name that leads into this mailbox; none at the root.
    pub login: Option<String>,
}

/// One SMTP door.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Door {
    /// What to write as the host: `localhost`, or the address if it is bound to another.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What it does with TLS.
    pub tls: DoorTls,
    /// More about it, as a sentence; may be empty.
    pub note: String,
}

/// What a door does with TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DoorTls {
    /// Plain; STARTTLS is understood, not advertised.
    #[default]
    None,
    /// STARTTLS is advertised.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

impl Door {
    /// What the page calls it.
    pub fn name(&self) -> &'static str {
        match self.tls {
            DoorTls::None => "Plain",
            DoorTls::StartTls => "STARTTLS",
            DoorTls::Implicit => "TLS",
        }
    }

    /// Its class in the style sheet.
    pub fn class(&self) -> &'static str {
        match self.tls {
            DoorTls::None => "plain-door",
            DoorTls::StartTls => "starttls-door",
            DoorTls::Implicit => "tls-door",
        }
    }

    /// What it is for, in a sentence.
    pub fn what(&self) -> &'static str {
        match self.tls {
            DoorTls::None => "Works with every client's defaults, with a login or without.",
            DoorTls::StartTls => "For clients that insist on STARTTLS.",
            DoorTls::Implicit => "For clients that speak TLS from the first byte.",
        }
    }

    /// `localhost:2525`, `[::1]:2525`.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl Setup {
    /// The settings for each framework, with this run's ports; none without a door.
    pub fn snippets(&self) -> Vec<Snippet> {
        self.doors.first().map(|_| snippets(self)).unwrap_or_default()
    }

    /// The door to show first.
    pub fn first(&self) -> Option<&Door> {
        self.doors.first()
    }

    /// The first door of a kind.
    pub fn door(&self, tls: DoorTls) -> Option<&Door> {
        self.doors.iter().find(|door| door.tls == tls)
    }
}

impl SetupPage {
    fn title(&self) -> String {
        format!("{}Set-up · Restante", self.shell.badge())
    }
}
