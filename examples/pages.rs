//! Renders every page and state with lifelike words into `target/pages`, to be looked at: see `tests/browser/look.mjs`.
fn main() {}
