//! What mail takes before and after it was packed, and that the budget knows.

use restante::mailbox::{Scope, packing};

use super::sender::{self, Sender};
use super::{Held, agrees, counted, inbox, mails};

const MESSAGES: usize = 1_000;

/// Goes through HTML mails, and the corpus beside the project.
pub(crate) fn agree(broken: &mut Vec<String>) {
    let html = packed("HTML mails of 10 kB", (0..MESSAGES).map(mails::alternative), broken);
    if html > 0.5 {
        broken.push(format!("HTML mails take {html:.3} of what they took when they are packed"));
    }
    let corpus = counted::corpus();
    if !corpus.is_empty() {
        let mail = corpus.iter().map(|file| std::fs::read(file).expect("a file of the corpus"));
        packed("mails of the corpus", mail, broken);
    }
}

/// Keeps these mails and makes them old. Answers their share of the budget when they are packed, of what it was before.
fn packed(what: &str, mails: impl Iterator<Item = Vec<u8>>, broken: &mut Vec<String>) -> f64 {
    let inbox = inbox(usize::MAX / 2);
    let before = Held::now();
    mails.for_each(|mail| Sender::new(&inbox, "").send(&mail));
    let look = |how: &str, broken: &mut Vec<String>| {
        let (held, counted) = (before.since().bytes, inbox.store().totals().bytes);
        let (mails, share) = (inbox.store().count(&Scope::All).0, counted as f64 / held as f64);
        println!("{mails} {what}, {how}: {held} bytes held, {counted} counted: {share:.3}");
        agrees(&format!("{what}, {how}"), counted, held, broken);
        counted
    };
    let plain = look("plain", broken);
    packing::pack_all(&inbox, restante::clock::now() + jiff::SignedDuration::from_hours(1));
    let packed = look("packed", broken);
    sender::now(inbox.clear(&Scope::All)).expect("nothing keeps it");
    let left = before.since().bytes;
    if left > plain / 50 {
        broken.push(format!("{what}, packed: {left} bytes are held when all mail is gone"));
    }
    packed as f64 / plain as f64
}
