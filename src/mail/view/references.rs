//! What the HTML of a message refers to: `cid:` URLs and, failing that, Content-Locations (RFC 2392, RFC 2557).
//!
//! The names are collected once, then each reference is looked up: a mail of a megabyte can have ten thousand parts and
//! fifty thousand references, and comparing each with each takes seconds.

use std::collections::HashMap;

use super::View;
use crate::mail::entity::unbracketed;
use crate::mail::parameter::percent_decoded;
use crate::mail::structure::Part;

/// The parts of a message by what they may be called. Where several have a name, the first has it.
pub struct References<'a> {
    ids: HashMap<&'a str, &'a Part>,
    ids_in_lower_case: HashMap<String, &'a Part>,
    locations: HashMap<&'a str, &'a Part>,
    file_names: HashMap<&'a str, &'a Part>,
}

impl<'a> References<'a> {
    pub(super) fn of(view: &'a View) -> Self {
        let (mut ids, mut ids_in_lower_case) = (HashMap::new(), HashMap::new());
        let (mut locations, mut file_names) = (HashMap::new(), HashMap::new());
        for part in view.structure.parts.iter().skip(1) {
            // Some senders write the whole URL into the Content-ID; the reference has lost its `cid:` by then.
            let id = part.content_id();
            let bare =
                id.and_then(|id| id.split_at_checked(4)).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("cid:"));
            for id in id.into_iter().chain(bare.map(|(_, id)| id)) {
                ids.entry(id).or_insert(part);
                ids_in_lower_case.entry(id.to_ascii_lowercase()).or_insert(part);
            }
            part.location().map(|location| locations.entry(location).or_insert(part));
            part.file_name().map(|name| file_names.entry(name).or_insert(part));
        }
        Self { ids, ids_in_lower_case, locations, file_names }
    }

    /// The part that a reference means. It is without its `cid:`, percent-decoded or not, with or without brackets.
    pub fn find(&self, reference: &str) -> Option<&'a Part> {
        let mut bytes = Vec::new();
        percent_decoded(unbracketed(reference), &mut bytes);
        let decoded = String::from_utf8_lossy(&bytes);
        [unbracketed(reference), &decoded].into_iter().filter(|wanted| !wanted.is_empty()).find_map(|wanted| {
            let found = self.ids.get(wanted).or_else(|| self.ids_in_lower_case.get(&wanted.to_ascii_lowercase()));
            // The last is what was sent as an attachment with its name for a Content-ID.
            let by_name = found.or_else(|| self.locations.get(wanted)).or_else(|| self.file_names.get(wanted));
            by_name.or_else(|| self.locations.get(&*wanted.replace(' ', ""))).copied()
        })
    }
}
