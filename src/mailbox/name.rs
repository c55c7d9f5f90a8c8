//! Mailbox names, and the part of the store that a mount sees.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::mail::envelope::Client;
use crate::mail::finding::{Finding, Oddity};
use crate::mail::weight::{ARC_BYTES, HeapBytes};

/// The name of a mailbox: the SMTP user as sent, or `default`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailboxName(Arc<str>);

/// The mailbox of whoever did not authenticate.
pub const DEFAULT: &str = "default";
/// The longest name, in bytes of UTF-8.
const NAME_BYTES_MAX: usize = 255;

impl MailboxName {
    /// The name as a URL or a query writes it: cut where a login's is, so that whoever asks with the whole of a long one
    /// finds its mailbox. What cannot be a name is simply the name of no mailbox.
    pub fn new(name: &str) -> Self {
        let name = &name[..name.floor_char_boundary(NAME_BYTES_MAX)];
        if name.is_empty() || name == DEFAULT { SHARED.clone() } else { Self(name.into()) }
    }

    /// The mailbox of a client, and what had to be changed to get a name that can stand in a URL.
    pub fn of(client: &Client) -> (Self, Option<Finding>) {
        let user = client.login.as_ref().map_or("", |login| &*login.user);
        match user {
            // A URL folds these two away, and a DELETE would hit the root.
            "." | ".." => (Self::new(DEFAULT), Some(Finding::with(Oddity::MailboxNameDots, user))),
            _ if user.len() > NAME_BYTES_MAX => {
                (Self::new(user), Some(Finding::with(Oddity::MailboxNameCut, format_args!("{} bytes", user.len()))))
            }
            _ => (Self::new(user), None),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one of whoever did not authenticate.
    pub fn is_default(&self) -> bool {
        &*self.0 == DEFAULT
    }
}

/// Most messages are in it.
static SHARED: LazyLock<MailboxName> = LazyLock::new(|| MailboxName(DEFAULT.into()));

impl HeapBytes for MailboxName {
    fn heap_bytes(&self) -> usize {
        if self.is_default() { 0 } else { (ARC_BYTES + self.0.len()).next_multiple_of(align_of::<usize>()) }
    }
}

impl fmt::Display for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for MailboxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What a mount sees: everything, or one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The root: all mailboxes.
    All,
    /// `/mailbox/{name}/`: that one only.
    Mailbox(MailboxName),
}

impl Scope {
    /// Whether messages of this mailbox are seen.
    pub fn sees(&self, mailbox: &MailboxName) -> bool {
        match self {
            Self::All => true,
            Self::Mailbox(name) => name == mailbox,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::envelope::{Door, Login};

    fn of(user: &str) -> (String, Option<Oddity>) {
        let mut client = Client::at(Door::Smtp);
        client.login = Some(Login { mechanism: "PLAIN".into(), user: user.into() }.into());
        let (name, finding) = MailboxName::of(&client);
        (name.to_string(), finding.map(|finding| finding.oddity))
    }

    #[test]
    fn the_user_is_the_mailbox_unless_a_url_could_not_hold_it() {
        assert_eq!(of("worker 3/ä@b"), ("worker 3/ä@b".into(), None));
        assert_eq!(of(""), ("default".into(), None));
        assert_eq!(of(".."), ("default".into(), Some(Oddity::MailboxNameDots)));
        let (name, finding) = of(&"ä".repeat(200));
        assert_eq!((name, finding), ("ä".repeat(127), Some(Oddity::MailboxNameCut)));
        assert_eq!(MailboxName::new(&"ä".repeat(200)).as_str(), "ä".repeat(127), "a URL with the whole of it");
        assert_eq!(MailboxName::of(&Client::at(Door::Smtp)).0.as_str(), "default");
    }
}
