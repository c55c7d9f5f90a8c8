//! Codes and links of lifelike messages (`tests/codes/`), against what a person says of each: the `.expected` beside it
//! was written by hand, before the rules were tried on it. Right, missed and wrong finds are counted.

use restante::mail::View;
use restante::mail::extract::{found, main_link};
use std::fmt::Write;
use std::path::Path;

/// What is known not to be found as a person would, each with its reason.
const KNOWN: &[(&str, &str)] = &[
    ("held-es-clave", "between the word for a code and the code stand an amount and the digits of a card"),
    ("held-pt-entrar", "asterisks around a code that has a space in it"),
];

#[test]
fn codes_and_links_are_what_a_person_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    assert!(files.len() >= 60, "{} messages", files.len());
    let (mut right, mut missed, mut wrong, mut off) = (0, 0, 0, Vec::new());
    let mut table = String::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let raw = std::fs::read(file).unwrap();
        let told = std::fs::read_to_string(file.with_extension("expected")).unwrap();
        let expected: Vec<&str> = told.lines().filter(|line| !line.is_empty() && *line != "none").collect();
        let found = found(&View::read(&raw), &raw);
        let mut read: Vec<String> = found.codes.iter().map(|code| format!("code: {}", code.value)).collect();
        read.extend(main_link(&found.links).map(|link| format!("link: {} {}", link.purpose.name(), link.url)));
        let (mut bad, mut extra) = (Vec::new(), Vec::new());
        for line in &expected {
            if read.iter().any(|read| read == line) { right += 1 } else { bad.push(*line) }
        }
        extra.extend(read.iter().filter(|read| !expected.contains(&read.as_str())));
        missed += bad.len();
        wrong += extra.len();
        if !bad.is_empty() || !extra.is_empty() {
            let _ = writeln!(table, "{name}: missed {bad:?}, wrong {extra:?}");
            off.push(name.to_owned());
        }
    }
    println!("{} messages: {right} right, {missed} missed, {wrong} wrong\n{table}", files.len());
    let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(off, known, "\n{table}");
}

/// Prints what is found in the collection beside the project, to be looked at; holds only that nothing panics.
#[test]
fn the_corpus_is_read() {
    let Some(corpus) = crate::support::corpus() else { return };
    let mut folders = vec![corpus];
    let (mut read, mut with) = (0, 0);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "eml") {
                let raw = std::fs::read(&path).unwrap();
                let found = found(&View::read(&raw), &raw);
                read += 1;
                with += usize::from(!found.codes.is_empty());
                for code in &found.codes {
                    println!("{}: {} in {:?}", path.display(), code.value, code.context);
                }
            }
        }
    }
    println!("{read} messages, {with} with codes");
}
