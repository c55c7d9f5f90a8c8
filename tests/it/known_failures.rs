//! `tests/known-failures.md`: what it names is there, and no class has fewer than two inputs.

use std::path::Path;

#[test]
fn every_class_is_shown_by_what_its_row_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("tests/known-failures.md")).unwrap();
    let mut rows = 0;
    for line in
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| class") && !line.contains("---"))
    {
        let (class, shown) = line.trim_end_matches(" |").rsplit_once(" | ").expect("two columns");
        let mut names: Vec<_> = shown.split(", ").map(|name| name.trim_matches('`')).collect();
        names.iter().for_each(|name| assert!(is_there(root, name), "{class}: {name}"));
        names.sort_unstable();
        names.dedup();
        assert!(names.len() >= 2, "{class}: fewer than two");
        rows += 1;
    }
    assert!(rows >= 100, "{rows} rows");
}

/// A file of `tests`, or a test: `module::name` of `tests/it`, `src/file.rs::name` of any file.
fn is_there(root: &Path, name: &str) -> bool {
    let Some((file, test)) = name.rsplit_once("::") else { return root.join("tests").join(name).is_file() };
    let path =
        if file.ends_with(".rs") { root.join(file) } else { root.join("tests/it").join(file).with_extension("rs") };
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.contains(&format!("fn {test}("))
}
