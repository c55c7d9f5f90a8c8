//! What is counted is what is held: over the corpus beside the project, and over mail that is made up.

use std::path::{Path, PathBuf};

use restante::mailbox::{Inbox, Limits, Scope};

use super::sender::Sender;
use super::{Held, agrees, chance, inbox};

/// Goes through the corpus and the mail that is made up.
pub(crate) fn agree(broken: &mut Vec<String>) {
    let files = corpus();
    if files.is_empty() {
        println!("skipped: there is no ../shared/corpus");
    } else {
        let mail = files.iter().map(|file| (String::new(), std::fs::read(file).expect("a file of the corpus")));
        kept("the corpus", usize::MAX / 2, mail, broken);
    }
    sessions(broken);
    for seed in 1..=8 {
        let mut state = seed;
        let mut random = move |below: usize| {
            state = chance(state);
            (state >> 33) as usize % below
        };
        // A budget of three megabytes: most of it goes again, and tables have seen more than they hold.
        let bytes_max = if seed % 2 == 0 { 3 << 20 } else { usize::MAX / 2 };
        let mail = std::iter::repeat_with(|| made_up(&mut random)).take(1_000);
        kept(&format!("made up, seed {seed}"), bytes_max, mail, broken);
    }
}

/// What is remembered of connections, as the driver records it.
fn sessions(broken: &mut Vec<String>) {
    let inbox = Inbox::new(Limits { memory_bytes_max: usize::MAX / 2, ..Limits::default() });
    let before = Held::now();
    for number in 0..1_000 {
        let user = if number % 3 == 0 { format!("worker-{number}") } else { String::new() };
        inbox.sessions().add(Sender::new(&inbox, &user).record());
    }
    let (held, counted) = (before.since().bytes, inbox.sessions().counts().bytes);
    println!("1000 sessions: {held} bytes held, {counted} counted: {:.3}", counted as f64 / held as f64);
    agrees("sessions", counted, held, broken);
}

/// Keeps these mails, each of a connection and perhaps a user of its own, and looks at what that takes.
fn kept(what: &str, bytes_max: usize, mails: impl Iterator<Item = (String, Vec<u8>)>, broken: &mut Vec<String>) {
    let inbox = inbox(bytes_max);
    let before = Held::now();
    for (user, mail) in mails {
        Sender::new(&inbox, &user).send(&mail);
    }
    let (held, counted) = (before.since().bytes, inbox.store().totals().bytes);
    let (mails, share) = (inbox.store().count(&Scope::All).0, counted as f64 / held as f64);
    println!("{what}: {mails} mails are kept, {held} bytes held, {counted} counted: {share:.3}");
    agrees(what, counted, held, broken);
}

/// The mails beside the project, in order; none if they are not there.
pub(crate) fn corpus() -> Vec<PathBuf> {
    let mut files = Vec::new();
    mails_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), &mut files);
    files
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

/// Mail that no corpus has enough of: all kinds of names, tags, logins and parts, from none to many.
fn made_up(random: &mut impl FnMut(usize) -> usize) -> (String, Vec<u8>) {
    let user =
        if random(3) == 0 { format!("worker-{}-{}", random(1_000), "x".repeat(random(60))) } else { String::new() };
    let mut mail = String::new();
    for name in ["From", "To", "Cc", "Reply-To"] {
        let people = (0..random(5)).map(|at| {
            format!("{} <p{at}+t{}@{}.test>", "Ann ".repeat(random(9)), random(500), "a".repeat(random(40) + 1))
        });
        let people = people.collect::<Vec<_>>().join(", ");
        mail += &format!("{name}: {people}\r\n");
    }
    mail += &format!(
        "Subject: {}\r\nX-Tags: t{}, {}\r\n",
        "word ".repeat(random(30)),
        random(2_000),
        "y".repeat(random(90) + 1)
    );
    let parts = random(12);
    if parts == 0 {
        mail += &format!("\r\n{}", "A line of text.\r\n".repeat(random(200)));
        return (user, mail.into_bytes());
    }
    mail += "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for at in 0..parts {
        let kind =
            ["text/plain; charset=iso-8859-1", "text/html", "image/png", "application/vnd.oasis.opendocument.text"]
                [random(4)];
        mail += &format!("--b\r\nContent-Type: {kind}\r\n");
        if random(2) == 0 {
            mail += &format!(
                "Content-Disposition: attachment; filename={}.txt\r\nContent-ID: <{at}@app.test>\r\n",
                "f".repeat(random(50) + 1)
            );
        }
        mail += &format!("\r\n{}\r\n", "Something \u{fffd} odd. ".repeat(random(100)));
    }
    (user, mail.into_bytes())
}
