//! What is counted is what is held: over the corpus beside the project, and over mail that is made up.

use std::path::{Path, PathBuf};

use super::sender::Sender;
use super::{Held, agrees, inbox};

/// Goes through the corpus and the mail that is made up.
pub(crate) fn agree(broken: &mut Vec<String>) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut files = Vec::new();
    mails_in(&corpus, &mut files);
    if files.is_empty() {
        println!("skipped: there is no ../shared/corpus");
    } else {
        kept("the corpus", &files, broken);
    }
}

/// Keeps what these files hold, and looks at what that takes: every tenth with a user of its own.
fn kept(what: &str, files: &[PathBuf], broken: &mut Vec<String>) {
    let inbox = inbox(usize::MAX / 2);
    let users: Vec<_> =
        (0..files.len()).map(|at| if at % 10 == 0 { format!("user-{at}") } else { String::new() }).collect();
    let before = Held::now();
    let mut raw = 0;
    for (file, user) in files.iter().zip(&users) {
        let mail = std::fs::read(file).expect("a file of the corpus");
        raw += mail.len();
        Sender::new(&inbox, user).send(&mail);
    }
    let (held, counted) = (before.since().bytes, inbox.store().totals().bytes);
    println!(
        "{what}: {} mails of {raw} bytes, {held} held, {counted} counted: {:.3}",
        files.len(),
        counted as f64 / held as f64
    );
    agrees(what, counted, held, broken);
}

fn mails_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => mails_in(&path, files),
            false if path.extension().is_some_and(|extension| extension == "eml") => files.push(path),
            false => {}
        }
    }
    files.sort();
}
