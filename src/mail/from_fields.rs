//! The envelope of a message that came without one, as a file: what its fields say of sender and recipients.
//!
//! Fields are a poor witness. A Bcc is mostly gone, and a bounce goes elsewhere; whoever shows this envelope says where
//! it comes from. Back ends that leave better traces are listened to first.

use super::address::Address;
use super::envelope::{Addressed, Params, Path};
use super::header::{Field, fields, first_field, head};

/// Sender and recipients.
#[derive(Debug, PartialEq, Eq)]
pub struct Read {
    /// X-Sender where .NET wrote the envelope into the file, else Return-Path, Sender or From, the first that there is.
    pub from: Addressed,
    /// X-Receiver where .NET wrote the envelope, else To, Cc and Bcc, each address once.
    pub to: Vec<Addressed>,
}

impl Read {
    /// Reads them from the message's own fields. `named`: the recipient after whom Rails named the file, who may be
    /// one of the Bcc and stand in no field.
    pub fn of(raw: &[u8], named: Option<&str>) -> Self {
        let header = head(raw, first_field(raw), |_| false).header;
        let all: Vec<_> = fields(raw, header).collect();
        let addresses = |names: &[&str]| -> Vec<Box<str>> {
            let wanted = |field: &&Field<'_>| names.iter().any(|name| field.is(name));
            let lists = all.iter().filter(wanted).flat_map(|field| Address::list(&field.unfolded()));
            lists
                .map(|one| one.address)
                .filter(|address| !address.is_empty())
                .map(Into::into)
                .take(RECIPIENTS_MAX)
                .collect()
        };
        // The pickup convention of IIS, in which .NET's SpecifiedPickupDirectory writes. X-Sender alone is anybody's.
        let receivers = addresses(&["X-Receiver"]);
        let senders: &[&str] = if receivers.is_empty() { &[] } else { &["X-Sender"] };
        let null = all.iter().any(|field| field.is("Return-Path") && field.unfolded() == "<>");
        let mut from = senders.iter().chain(&["Return-Path", "Sender", "From"]).flat_map(|name| addresses(&[name]));
        let from = if null && senders.is_empty() { None } else { from.next() };
        let mut to = if receivers.is_empty() { addresses(&["To", "Cc", "Bcc"]) } else { receivers };
        to.extend(named.map(Into::into));
        let mut seen = std::collections::HashSet::new();
        to.retain(|address| seen.insert(address.to_lowercase()));
        Self { from: addressed(&from.unwrap_or_default()), to: to.iter().map(|address| addressed(address)).collect() }
    }
}

/// As many as an envelope from the wire may have: a file of fifty megabytes could name ten million.
const RECIPIENTS_MAX: usize = 10_000;

fn addressed(address: &str) -> Addressed {
    Addressed { path: Path::verbatim(address.as_bytes()), params: Params::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_no_more_recipients_than_a_client_may() {
        let header: String = (0..RECIPIENTS_MAX + 10).map(|n| format!("To: {n}@x\n")).collect();
        assert_eq!(Read::of(format!("{header}\n").as_bytes(), None).to.len(), RECIPIENTS_MAX);
    }

    fn read(header: &str, named: Option<&str>) -> String {
        let Read { from, to } = Read::of(format!("{header}\n\nTo: body@app.test\n").as_bytes(), named);
        let to: Vec<_> = to.iter().map(|to| to.path.to_string()).collect();
        format!("{} > {}", from.path, to.join(" "))
    }

    #[test]
    fn the_fields_are_the_envelope() {
        for (header, named, expected) in [
            ("From: Ann <a@x>\nTo: b@x, C <c@x>\nCc: d@x\nBcc: e@x", None, "a@x > b@x c@x d@x e@x"),
            ("From: a@x, z@x\nSender: s@x\nTo: b@x\nTo: B@X", None, "s@x > b@x"),
            ("Return-Path: <r@x>\nSender: s@x\nFrom: a@x", None, "r@x > "),
            ("Return-Path: <>\nFrom: a@x\nTo: b@x", None, " > b@x"),
            // Rails leaves Bcc out and names the file by it.
            ("From: a@x\nTo: b@x", Some("e@x"), "a@x > b@x e@x"),
            ("From: a@x\nTo: b@x", Some("b@x"), "a@x > b@x"),
            // .NET
            ("X-Sender: a@x\nX-Receiver: b@x\nX-Receiver: e@x\nFrom: z@x\nTo: b@x", None, "a@x > b@x e@x"),
            ("X-Sender: \"old Eudora\" <u@pop>\nFrom: a@x\nTo: b@x", None, "a@x > b@x"),
            ("Subject: nobody", None, " > "),
        ] {
            assert_eq!(read(header, named), expected, "{header}");
        }
    }
}
