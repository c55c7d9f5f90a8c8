use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Found {
    let raw = format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{text}");
    found(&View::read(raw.as_bytes()), raw.as_bytes())
}

#[test]
fn a_code_and_its_words() {
    let found =
        read("<p>Your verification code is:</p><div style='font-size:32px'>481 516</div><p>Order 771234, 2026.</p>");
    assert_eq!(found.codes.len(), 1, "{found:?}");
    assert_eq!((&*found.codes[0].value, &*found.codes[0].shown), ("481516", "481 516"));
    assert_eq!(found.codes[0].context, "Your verification code is: 481 516");
}

#[test]
fn links_with_their_words() {
    let found = read(
        "<a href='https://a.test/x?a=1&amp;b=2'><img alt='Logo &amp; co'></a> <a href=https://a.test/confirm/9f2c41d07b>Confirm</a> \
         <a href='javascript:x'>no</a><area href='tel:+491' alt=call><a href=#top>up</a> <p>The app: myapp://open/1</p> <a href='https://a.test/x?a=1&b=2'>again</a>",
    );
    let links: Vec<_> = found.links.iter().map(|link| (&*link.url, &*link.text, link.purpose)).collect();
    assert_eq!(
        links,
        [
            ("https://a.test/x?a=1&b=2", "Logo & co", Purpose::Other),
            ("https://a.test/confirm/9f2c41d07b", "Confirm", Purpose::Verify),
            ("tel:+491", "call", Purpose::Other),
            ("myapp://open/1", "", Purpose::Other),
        ]
    );
    assert_eq!(main_link(&found.links).map(|link| &*link.url), Some("https://a.test/confirm/9f2c41d07b"));
}

proptest! {
    #[test]
    fn anything_is_read_and_bounded(bytes: Vec<u8>, text in "(<[a-z]{1,4} ?(href=|style=)?|>|[0-9]{1,7}|code|：|\u{200b}|https?://|[ -]|\\n|é|認証){0,60}") {
        found(&View::read(&bytes), &bytes);
        let found = read(&text);
        prop_assert!(found.codes.len() <= 20 && found.links.len() <= 10_000);
    }
}

#[test]
fn much_of_anything_is_read_in_one_pass() {
    // Looked at anew for each link or number, one line of it would take hours.
    for piece in [
        "http://a ",
        "481516 ",
        "code 481516. ",
        "4 8 1 5 ",
        "<a href=http://a/1>b</a> ",
        "<b>481516</b>",
        ":",
        "<\"&\n",
    ] {
        let text = piece.repeat((1 << 18) / piece.len());
        let found = read(&text);
        assert!(found.links.len() <= 10_000, "{piece}");
        let plain = format!("Subject: x\n\n{text}");
        super::found(&View::read(plain.as_bytes()), plain.as_bytes());
    }
}
