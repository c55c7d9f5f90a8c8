//! What the targets share: what counts as found.

use std::collections::HashSet;
use std::panic::{PanicHookInfo, set_hook};
use std::sync::Mutex;

/// Replaces libFuzzer's rule that any panic is a crash. A panic of ours is one, also where it would be caught: the
/// catch is for users, not for us. One of a dependency is one only if nobody catches it; each place is told once.
pub fn watch_panics() {
    let told = Mutex::new(HashSet::new());
    set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if is_ours(panic) {
            eprintln!("{panic}");
            std::process::abort();
        }
        if told.lock().is_ok_and(|mut told| told.insert(place)) {
            eprintln!("CAUGHT? {panic}");
        }
    }));
}

fn is_ours(panic: &PanicHookInfo<'_>) -> bool {
    panic.location().is_none_or(|place| !place.file().contains("/registry/") && !place.file().contains("/rustc/"))
}
