//! Where a request came in: at the root, or under `/mailbox/{name}/`. The same handlers serve both.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use percent_encoding::percent_decode_str;

use super::page::words;
use crate::mailbox::{MailboxName, Scope};

/// The mount of a request.
#[derive(Clone, Debug)]
pub struct Mount {
    /// What it sees.
    pub scope: Scope,
    /// The path of its list, with the last slash.
    pub base: String,
}

impl Mount {
    /// The root: everything.
    pub fn root() -> Self {
        Self { scope: Scope::All, base: "/".into() }
    }

    /// One mailbox.
    pub fn of(name: MailboxName) -> Self {
        let base = format!("/mailbox/{}/", words::percent(name.as_str()));
        Self { scope: Scope::Mailbox(name), base }
    }

    /// The name of the mailbox, if it is one.
    pub fn mailbox(&self) -> Option<&MailboxName> {
        match &self.scope {
            Scope::All => None,
            Scope::Mailbox(name) => Some(name),
        }
    }
}

impl FromRequest for Mount {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // The router leaves `%2F`, `%25` and `%2B` alone and has decoded the rest.
        let name =
            request.match_info().get("mailbox").map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned());
        ready(Ok(name.map_or_else(Self::root, |name| Self::of(MailboxName::new(&name)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_one_segment() {
        for (name, base) in [
            ("worker-3", "/mailbox/worker-3/"),
            ("a/b c@d", "/mailbox/a%2Fb%20c%40d/"),
            ("100%", "/mailbox/100%25/"),
            ("📮", "/mailbox/%F0%9F%93%AE/"),
        ] {
            assert_eq!(Mount::of(MailboxName::new(name)).base, base);
        }
    }
}
