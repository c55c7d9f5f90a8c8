//! The guide for `cargo test` shows a test of this binary, to the letter: what stands there compiles and passes.

#[test]
fn the_guide_for_cargo_shows_the_test_that_runs_here() {
    let guide = include_str!("../../docs/guides/cargo.md");
    let (_, from) = guide.split_once("```rust file=tests/sign_up.rs\n").expect("the guide has the test");
    let (shown, _) = from.split_once("```").expect("the block ends");
    let (_, runs) = include_str!("guide_cargo.rs").split_once("\n\n").expect("a line of its own first");
    assert_eq!(shown, runs);
}
