//! How one leaves a list: the fields List-Unsubscribe (RFC 2369 §3.2) and List-Unsubscribe-Post (RFC 8058). Read, never
//! followed.

use super::view::View;

/// What the fields say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsubscribe {
    /// The addresses in their order, `https:`, `mailto:` or another; at most [`ADDRESSES_MAX`].
    pub addresses: Vec<String>,
    /// Whether one POST is said to be enough, which needs an `https:` address (RFC 8058 §3.1).
    pub one_click: bool,
}

impl Unsubscribe {
    /// Reads a message's fields; none without an address.
    pub fn read(view: &View, raw: &[u8]) -> Option<Self> {
        let mut addresses = Vec::new();
        let mut posts = false;
        for field in view.fields(raw) {
            if field.is("List-Unsubscribe") {
                let room = ADDRESSES_MAX.saturating_sub(addresses.len());
                addresses.extend(bracketed(&field.unfolded()).take(room));
            } else if field.is("List-Unsubscribe-Post") {
                posts |= field.unfolded().eq_ignore_ascii_case("List-Unsubscribe=One-Click");
            }
        }
        let one_click = posts && addresses.iter().any(|address| is_https(address));
        (!addresses.is_empty()).then_some(Self { addresses, one_click })
    }
}

/// Whether an address is one that a one-click request may go to.
pub fn is_https(address: &str) -> bool {
    address.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// What stands in angle brackets; white space in them is a fold's (RFC 2369 §2). A lone address without any is taken too.
fn bracketed(value: &str) -> impl Iterator<Item = String> {
    let bare = |text: &str| text.chars().filter(|char| !char.is_whitespace()).collect::<String>();
    let within = value.split('<').skip(1).filter_map(|rest| Some(rest.split_once('>')?.0));
    let lone = Some(value).filter(|value| !value.contains('<') && value.contains(':'));
    within.chain(lone).map(bare).filter(|address| !address.is_empty()).collect::<Vec<_>>().into_iter()
}

/// That are read.
pub const ADDRESSES_MAX: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Option<(String, bool)> {
        let raw = format!("{fields}Subject: x\r\n\r\nbody");
        let found = Unsubscribe::read(&View::read(raw.as_bytes()), raw.as_bytes())?;
        Some((found.addresses.join(" "), found.one_click))
    }

    #[test]
    fn addresses_are_read_as_lists_write_them() {
        for (fields, expected) in [
            ("", None),
            ("List-Unsubscribe: \r\n", None),
            (
                "List-Unsubscribe: <https://a.test/u?x=1>, <mailto:u@a.test>\r\n",
                Some(("https://a.test/u?x=1 mailto:u@a.test", false)),
            ),
            (
                "list-unsubscribe: <https://a.test/\r\n  u>\r\nLIST-UNSUBSCRIBE-POST: list-unsubscribe=one-click\r\n",
                Some(("https://a.test/u", true)),
            ),
            (
                "List-Unsubscribe: <mailto:u@a.test>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                Some(("mailto:u@a.test", false)),
            ),
            (
                "List-Unsubscribe: <http://a.test/>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                Some(("http://a.test/", false)),
            ),
            ("List-Unsubscribe: https://a.test/u\r\n", Some(("https://a.test/u", false))),
            ("List-Unsubscribe: (no) <>, <unclosed\r\n", None),
        ] {
            assert_eq!(read(fields), expected.map(|(addresses, one)| (addresses.to_owned(), one)), "{fields}");
        }
        let many = read(&format!("List-Unsubscribe: {}\r\n", "<mailto:a@b.test>,".repeat(50))).unwrap();
        assert_eq!(many.0.split(' ').count(), ADDRESSES_MAX);
    }
}
