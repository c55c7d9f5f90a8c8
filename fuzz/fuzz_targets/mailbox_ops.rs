//! Any operations on an inbox leave what a plain list says that they leave, and its totals are a recount.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use restante::mail::dialogue::Dialogue;
use restante::mail::envelope::{Addressed, Client, Door, Envelope, Login};
use restante::mail::incoming::Incoming;
use restante::mailbox::inbox::{NoRoom, Reservation, Verdict};
use restante::mailbox::{Inbox, Limits, MailboxName, MessageId, Scope, packing};
use restante_fuzz::watch_panics;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

#[derive(Arbitrary, Debug)]
enum Op {
    Accept {
        mailbox: u8,
        bytes: u16,
    },
    Mark {
        scope: u8,
        which: Vec<u8>,
        read: bool,
    },
    Remove {
        scope: u8,
        which: Vec<u8>,
    },
    Clear {
        scope: u8,
    },
    /// All of it has become old.
    Pack,
    /// Memory for a message that is coming in.
    Cover {
        whose: u8,
        bytes: u16,
    },
    /// It is given up, or was delivered by another way.
    Release {
        whose: u8,
    },
}

const NAMES: [&str; 3] = ["", "one", "two words"];
const BUDGET_BYTES: usize = 128 << 10;
/// Room is made for what reading may make of a message, before it is known what it does.
const AHEAD_BYTES: usize = 72 << 10;
const BESIDE_BYTES_MAX: usize = 1 << 10;
const LIMITS: Limits = Limits { memory_bytes_max: BUDGET_BYTES, messages_max: 12, sessions_max: 0 };

fuzz_target!(init: watch_panics(), |ops: Vec<Op>| {
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut house = House::new(&runtime);
    for op in ops.into_iter().take(200) {
        house.act(op);
        house.recount();
    }
});

/// An inbox, and the list that knows nothing clever.
struct House<'a> {
    runtime: &'a Runtime,
    inbox: Inbox,
    held: Vec<Reservation>,
    /// Oldest first.
    kept: Vec<Kept>,
    accepted: u64,
    deleted: u64,
    evicted: u64,
    /// What the index took when it was counted last.
    index: usize,
}

struct Kept {
    id: MessageId,
    mailbox: &'static str,
    read: bool,
    cost: usize,
}

impl<'a> House<'a> {
    fn new(runtime: &'a Runtime) -> Self {
        let inbox = Inbox::new(LIMITS);
        let held = (0..3).map(|_| inbox.reservation()).collect();
        Self { runtime, inbox, held, kept: Vec::new(), accepted: 0, deleted: 0, evicted: 0, index: 0 }
    }

    fn act(&mut self, op: Op) {
        match op {
            Op::Accept { mailbox, bytes } => self.accept(NAMES[usize::from(mailbox) % 3], bytes.into()),
            Op::Mark { scope, which, read } => {
                let (scope, sees, ids) = (scoped(scope), seen(scope), self.ids(&which));
                let touched = self.runtime.block_on(self.inbox.mark(&scope, ids.clone(), read));
                let mut changed = 0;
                for kept in self.kept.iter_mut().filter(|kept| sees(kept.mailbox) && ids.contains(&kept.id)) {
                    changed += usize::from(kept.read != read);
                    kept.read = read;
                }
                assert_eq!(touched, Ok(changed));
            }
            Op::Remove { scope, which } => {
                let ids = self.ids(&which);
                let touched = self.runtime.block_on(self.inbox.remove(&scoped(scope), ids.clone()));
                self.forget(scope, |kept| ids.contains(&kept.id), touched);
            }
            Op::Clear { scope } => {
                let touched = self.runtime.block_on(self.inbox.clear(&scoped(scope)));
                self.forget(scope, |_| true, touched);
            }
            Op::Pack => self.pack(),
            Op::Cover { whose, bytes } => {
                let held = &mut self.held[usize::from(whose) % 3];
                let before = held.bytes();
                let outcome = self.runtime.block_on(held.cover(bytes.into()));
                let after = held.bytes();
                match outcome {
                    Ok(()) => assert!(after >= usize::from(bytes)),
                    Err(NoRoom) => assert_eq!(before, after),
                }
                self.evicted_to_fit();
            }
            Op::Release { whose } => self.held[usize::from(whose) % 3] = self.inbox.reservation(),
        }
    }

    fn accept(&mut self, mailbox: &'static str, bytes: usize) {
        let verdict = self.runtime.block_on(self.inbox.accept(incoming(mailbox, bytes), self.inbox.reservation()));
        match verdict {
            Verdict::Kept(id) => {
                let cost = self.inbox.store().find(&Scope::All, id).expect("kept is found").message.cost();
                self.kept.push(Kept { id, mailbox, read: false, cost });
                self.accepted += 1;
                self.evicted_to_fit();
            }
            // A message costs its bytes, what a search looks in, which is no more, and what is known beside it.
            Verdict::Full => assert!(self.reserved() + 2 * bytes + 8_192 > LIMITS.message_bytes_max(), "there is room"),
            Verdict::Failed(sentence) => panic!("{sentence}"),
        }
    }

    /// What is packed takes less, and is what it was.
    fn pack(&mut self) {
        packing::pack_all(&self.inbox, restante::clock::now() + std::time::Duration::from_secs(3_600));
        for kept in &mut self.kept {
            let message = self.inbox.store().find(&Scope::All, kept.id).expect("kept is found").message;
            assert!(message.raw().len() == message.raw_len() && message.raw().iter().all(|&byte| byte == b'\n'));
            assert!(message.cost() <= kept.cost);
            kept.cost = message.cost();
        }
    }

    /// The oldest went, and no more of them than had to.
    fn evicted_to_fit(&mut self) {
        let left = self.inbox.store().count(&Scope::All).0;
        let gone: Vec<_> = self.kept.drain(..self.kept.len() - left).collect();
        self.evicted += gone.len() as u64;
        if let Some(last) = gone.last() {
            let used = self.inbox.store().bytes_used();
            // What the last one took of the index is not known: its text may have gone with others.
            assert!(
                used + last.cost + self.index + AHEAD_BYTES > LIMITS.message_bytes_max()
                    || left + 1 > LIMITS.messages_max,
                "evicted without need"
            );
        }
    }

    fn forget(&mut self, scope: u8, named: impl Fn(&Kept) -> bool, touched: Result<usize, String>) {
        let (sees, before) = (seen(scope), self.kept.len());
        self.kept.retain(|kept| !sees(kept.mailbox) || !named(kept));
        assert_eq!(touched, Ok(before - self.kept.len()));
        self.deleted += (before - self.kept.len()) as u64;
    }

    fn ids(&self, which: &[u8]) -> Vec<MessageId> {
        let id =
            |at: &u8| self.kept.get(usize::from(*at) % 16).map_or(MessageId::from_bits((*at).into()), |kept| kept.id);
        which.iter().take(8).map(id).collect()
    }

    fn reserved(&self) -> usize {
        self.held.iter().map(Reservation::bytes).sum()
    }

    fn recount(&mut self) {
        let store = self.inbox.store();
        let totals = store.totals();
        let unread = self.kept.iter().filter(|kept| !kept.read).count();
        let bytes: usize = self.kept.iter().map(|kept| kept.cost).sum();
        let index = store.index_bytes();
        assert!(!self.kept.is_empty() || index == 0);
        // Beside the messages and their texts there are their places, and their mailboxes.
        let beside = totals.bytes - bytes - index;
        assert!(beside <= BESIDE_BYTES_MAX * self.kept.len(), "{beside} beside {} messages", self.kept.len());
        assert_eq!(totals.unread, unread);
        assert_eq!((totals.accepted, totals.deleted, totals.evicted), (self.accepted, self.deleted, self.evicted));
        assert_eq!(store.bytes_used(), totals.bytes + self.reserved());
        assert!(store.bytes_used() <= LIMITS.message_bytes_max() && self.kept.len() <= LIMITS.messages_max);
        for scope in 0..4 {
            let (sees, scope) = (seen(scope), scoped(scope));
            let expected = self.kept.iter().rev().filter(|kept| sees(kept.mailbox)).map(|kept| (kept.id, kept.read));
            let found = store.newest_first(&scope, None).map(|kept| (kept.message.id, kept.read));
            assert!(found.eq(expected.clone()));
            let counted = (expected.clone().count(), expected.filter(|(_, read)| !read).count());
            assert_eq!(store.count(&scope), counted);
            assert_eq!(store.since(&scope, 0).len(), counted.0);
        }
        let names: usize = store.mailboxes().map(|(_, total, _)| total).sum();
        assert_eq!(names, self.kept.len());
        drop(store);
        self.index = index;
    }
}

fn scoped(scope: u8) -> Scope {
    match scope % 4 {
        0 => Scope::All,
        at => Scope::Mailbox(MailboxName::new(NAMES[usize::from(at) - 1])),
    }
}

fn seen(scope: u8) -> impl Fn(&str) -> bool {
    move |mailbox| scope % 4 == 0 || NAMES[usize::from(scope % 4) - 1] == mailbox
}

fn incoming(user: &str, bytes: usize) -> Incoming {
    let mut client = Client::at(Door::Smtp);
    client.login = (!user.is_empty()).then(|| Login { mechanism: "PLAIN".into(), user: user.into() }.into());
    let envelope = Envelope { from: Addressed::default(), to: [Addressed::default()].into(), client: Arc::new(client) };
    Incoming { raw: vec![b'\n'; bytes], envelope, dialogue: Dialogue::new(100), findings: Vec::new() }
}
