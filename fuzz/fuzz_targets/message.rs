//! Any bytes are a message: reading them keeps to `tests/it/checked.rs`, and so does every message within.

#![no_main]

#[path = "../../tests/it/checked.rs"]
mod checked;

use checked::{checked, opened};
use libfuzzer_sys::fuzz_target;
use restante::mail::extract::{found, main_link};
use restante::mail::from_fields::Read;
use restante::mail::html::{html_to_text, prepare};
use restante::mail::pile::{Pile, is_mail, is_whole};
use restante_fuzz::watch_panics;

fuzz_target!(init: watch_panics(), |raw: &[u8]| {
    let (view, _) = checked(raw);
    for nested in opened(raw, &view) {
        checked(&nested.raw);
        opened(&nested.raw, &nested.view);
    }
    // What was made harmless stays so when it is read again.
    if let Some(html) = view.html(raw) {
        let prepared = prepare(&html, |_| None, false);
        let again = prepare(&prepared.html, |_| None, false);
        assert!(again.remote.is_empty(), "{:?} is still fetched by {}", again.remote, prepared.html);
        html_to_text(&html);
    }
    for part in &view.structure.parts {
        part.text(raw);
    }
    let found = found(&view, raw);
    assert!(main_link(&found.links).is_none_or(|main| found.links.contains(main)));
    Read::of(raw, Some("ann@app.test"));
    is_mail(raw);
    is_whole(raw);
    for pile in [Pile::One, Pile::Dashes, Pile::Bare] {
        let mut end = 0;
        let cut = pile.cut(raw, true);
        for message in &cut.messages {
            assert!(end <= message.start && message.start <= message.end && message.end <= raw.len());
            end = message.end;
        }
        assert!(end <= cut.rest && cut.rest <= raw.len());
        pile.resume(raw);
    }
});
