//! Addresses as a header field names them (RFC 5322 §3.4). Not the envelope's paths: see [`super::envelope`].

use super::weight::heap_bytes;
use super::{Word, parse};
use std::fmt;

/// A mailbox of a `From`, `To`, … field. Either half may be empty, not both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// The display name, decoded. What is no address at all is kept here as its text.
    pub name: Word,
    /// `local@domain`, without brackets.
    pub address: Word,
}

heap_bytes! { Address { name, address } }

impl Address {
    /// The addresses of an unfolded field; groups are flattened, an empty group has none.
    pub(super) fn list(field: &str) -> Vec<Self> {
        parse::addresses(field)
    }

    /// The part after the last `@`; empty if there is none.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.name, &*self.address) {
            ("", address) => f.write_str(address),
            (name, "") => f.write_str(name),
            (name, address) => write!(f, "{name} <{address}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(field: &str) -> Vec<String> {
        Address::list(field).iter().map(|address| format!("{}|{}", address.name, address.address)).collect()
    }

    #[test]
    fn lists_as_the_wild_writes_them() {
        let rows: &[(&str, &[&str])] = &[
            ("Ann <ann@app.test>, bob@app.test", &["Ann|ann@app.test", "|bob@app.test"]),
            ("\"Smith, Jo\" <jo@app.test>", &["Smith, Jo|jo@app.test"]),
            ("ann@app.test (Ann)", &["Ann|ann@app.test"]),
            ("undisclosed-recipients:;", &[]),
            ("team: ann@app.test, Bob <bob@app.test>;", &["|ann@app.test", "Bob|bob@app.test"]),
            ("MAILER-DAEMON", &["MAILER-DAEMON|"]),
            ("=?utf-8?q?J=C3=B6rg?= <j@app.test>", &["Jörg|j@app.test"]),
            ("\"=?utf-8?B?SsO2cmc=?=\" <j@app.test>", &["Jörg|j@app.test"]),
            // One character cut in two by a sender that counted bytes.
            ("=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?= <j@app.test>", &["Jörg|j@app.test"]),
            ("=?utf-8?q?J=C3=B6rg_<j=40app.test>?=", &["Jörg|j@app.test"]),
            ("Jörg <j@app.test>", &["Jörg|j@app.test"]),
            ("Ann <ann@app.test> Bob <bob@app.test>", &["Ann|ann@app.test", "Bob|bob@app.test"]),
            ("\"a>b\" <a@app.test> (c>d e)", &["a>b (c>d e)|a@app.test"]),
            ("<>", &[]),
            ("", &[]),
        ];
        for (field, expected) in rows {
            assert_eq!(shown(field), *expected, "{field}");
        }
    }
}
