//! What a mail would tell others about its reader: what would be fetched, by host, and which links count clicks.

use super::view::RemoteItem;
use super::weight::{self, LIST_BYTES_MAX, MARKUP_BYTES};

/// The report.
#[derive(Clone, Debug, Default)]
pub struct TrackingView {
    /// Who would be asked, in the order of the document.
    pub hosts: Vec<HostView>,
    /// How many more items there are.
    pub left_out: usize,
    /// How many of all items look as if they followed the reader.
    pub suspects: usize,
    /// What is to be said of the links: a sentence each.
    pub links: Vec<String>,
}

/// One host, and what it would be asked for.
#[derive(Clone, Debug, Default)]
pub struct HostView {
    /// Its name; empty if the address has none.
    pub host: String,
    /// Each item.
    pub items: Vec<RemoteItem>,
}

impl TrackingView {
    /// As many of the items as a page can bear; each comes with its host.
    pub fn new(items: impl IntoIterator<Item = (String, RemoteItem)>, links: Vec<String>) -> Self {
        let mut suspects = 0;
        let counted = items.into_iter().inspect(|(_, item)| suspects += usize::from(!item.why.is_empty()));
        let weight = |(host, item): &(String, RemoteItem)| {
            MARKUP_BYTES
                + weight::of(host)
                + weight::of(&item.url)
                + item.why.iter().map(|why| 50 + weight::of(why)).sum::<usize>()
        };
        let counted: Vec<_> = counted.collect();
        let (kept, left_out) = weight::fitting(counted, LIST_BYTES_MAX, weight);
        let mut hosts: Vec<HostView> = Vec::new();
        for (host, item) in kept {
            match hosts.iter_mut().find(|one| one.host == host) {
                Some(one) => one.items.push(item),
                None => hosts.push(HostView { host, items: vec![item] }),
            }
        }
        Self { hosts, left_out, suspects, links }
    }

    /// How many items there are, shown or not.
    pub fn count(&self) -> usize {
        self.hosts.iter().map(|host| host.items.len()).sum::<usize>() + self.left_out
    }

    /// Whether there is anything to tell.
    pub fn is_some(&self) -> bool {
        !self.hosts.is_empty() || !self.links.is_empty()
    }
}

impl HostView {
    /// `2 images, 1 font`.
    pub fn kinds(&self) -> String {
        let mut kinds: Vec<(&str, usize)> = Vec::new();
        for item in &self.items {
            match kinds.iter_mut().find(|(kind, _)| *kind == item.kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((&item.kind, 1)),
            }
        }
        let words = kinds.into_iter().map(|(kind, count)| match (kind, count) {
            (_, 1) | ("media" | "other", _) => format!("{count} {kind}"),
            _ => format!("{count} {kind}s"),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: &str, url: &str, why: &[&str]) -> RemoteItem {
        RemoteItem { kind: kind.into(), url: url.into(), why: why.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn items_stand_with_their_host_and_are_counted() {
        let items = [
            ("a.test".into(), item("image", "http://a.test/1", &[])),
            ("b.test".into(), item("font", "http://b.test/", &[])),
            ("a.test".into(), item("image", "http://a.test/2", &["one pixel, or hidden"])),
            ("a.test".into(), item("media", "http://a.test/3", &[])),
        ];
        let view = TrackingView::new(items, vec![]);
        let hosts: Vec<_> = view.hosts.iter().map(|host| (host.host.as_str(), host.kinds())).collect();
        assert_eq!(hosts, [("a.test", "2 images, 1 media".into()), ("b.test", "1 font".to_owned())]);
        assert_eq!((view.count(), view.suspects, view.left_out), (4, 1, 0));
    }

    #[test]
    fn what_is_left_out_is_counted_too() {
        let many = (0..1_000).map(|n| ("a.test".to_owned(), item("image", &format!("http://a.test/{n}"), &["x"])));
        let view = TrackingView::new(many, vec![]);
        assert_eq!((view.count(), view.suspects), (1_000, 1_000));
        assert!(view.left_out > 0);
    }
}
