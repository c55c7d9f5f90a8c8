//! What a mail would tell others about its reader. Nothing is fetched for it.

use std::collections::BTreeSet;

use crate::mail::extract::Link;
use crate::mail::html::Remote;
use crate::mail::tracking::{self, Sign};
use crate::web::page::tracking::TrackingView;
use crate::web::page::view::RemoteItem;
use crate::web::page::weight::{self, LINE_BYTES_MAX};
use crate::web::page::words;

/// How many of them look as if they followed the reader.
pub(super) fn suspects(remote: &[Remote]) -> usize {
    remote.iter().filter(|remote| !tracking::of_remote(remote).is_empty()).count()
}

pub(super) fn view(remote: &[Remote], links: &[Link]) -> TrackingView {
    let item = |remote: &Remote| {
        let item = RemoteItem {
            kind: remote.what.name().into(),
            url: weight::cut(&remote.url, LINE_BYTES_MAX),
            why: tracking::of_remote(remote).iter().map(ToString::to_string).collect(),
        };
        (weight::cut(&tracking::host(&remote.url), LINE_BYTES_MAX), item)
    };
    TrackingView::new(remote.iter().map(item), sentences(links))
}

/// What a sign says of itself, if it is of the kind.
type About = fn(&Sign) -> Option<String>;

/// What is to be said of the links, a row for each kind of sign.
fn sentences(links: &[Link]) -> Vec<String> {
    let signs: Vec<Vec<Sign>> = links.iter().map(|link| tracking::of_link(&link.url)).collect();
    let rows: [(&str, &str, About); 3] = [
        ("names its campaign or its reader", "name their campaign or their reader", |sign| match sign {
            Sign::Parameter(name) => Some(name.clone()),
            _ => None,
        }),
        ("passes through another host first", "pass through another host first", |sign| match sign {
            Sign::Redirect(host) => Some(host.clone()),
            _ => None,
        }),
        ("leads to a host that counts clicks", "lead to a host that counts clicks", |sign| {
            (*sign == Sign::Counter).then(String::new)
        }),
    ];
    rows.into_iter()
        .filter_map(|(one, many, about)| {
            let count = signs.iter().filter(|signs| signs.iter().any(|sign| about(sign).is_some())).count();
            let named = signs.iter().flatten().filter_map(about).filter(|name| !name.is_empty());
            let names: Vec<String> = named.collect::<BTreeSet<_>>().into_iter().collect();
            let names = weight::cut(&words::some(&names, NAMES_MAX), LINE_BYTES_MAX);
            let names = if names.is_empty() { names } else { format!(": {names}") };
            let subject = if count == 1 { format!("1 link {one}") } else { format!("{count} links {many}") };
            (count > 0).then(|| format!("{subject}{names}."))
        })
        .collect()
}

const NAMES_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::View;
    use crate::mail::extract;

    #[test]
    fn links_are_told_of_in_sentences() {
        let raw = b"Subject: x\r\n\r\nhttps://a.test/?utm_source=1 https://b.test/?utm_medium=2&utm_source=3 https://c.test/\r\n\
            https://click.d.test/?to=https://e.test/";
        let links = extract::links(&View::read(raw), raw);
        let expected = [
            "2 links name their campaign or their reader: utm_medium, utm_source.",
            "1 link passes through another host first: e.test.",
            "1 link leads to a host that counts clicks.",
        ];
        assert_eq!(sentences(&links), expected);
        assert_eq!(sentences(&[]), [""; 0]);
    }
}
