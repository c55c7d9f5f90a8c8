//! Any text is a search or a refusal, and what it finds is what its words mean.

#![no_main]

use libfuzzer_sys::fuzz_target;
use restante::mail::dialogue::Dialogue;
use restante::mail::envelope::{Addressed, Client, Door, Envelope, Login, Params, Path};
use restante::mail::incoming::Incoming;
use restante::mailbox::inbox::Verdict;
use restante::mailbox::query::Query;
use restante::mailbox::query::language::QUERY_BYTES_MAX;
use restante::mailbox::{Inbox, Limits, Scope, Stored};
use restante_fuzz::watch_panics;
use std::sync::{Arc, LazyLock};

fuzz_target!(init: watch_panics(), |text: &str| {
    let read = Query::parse(text);
    match &read {
        Ok(query) => {
            let found = found(query);
            // A search that asks for nothing finds, and deletes, everything.
            assert!(!query.is_empty() || !text.contains(char::is_alphanumeric));
            assert!(!query.is_empty() || found == all());
            for (stored, text) in STORED.iter() {
                assert_eq!(query.matches(stored, text), query.misses(stored, text).is_empty());
            }
        }
        Err(error) => assert!(error.to_string().len() <= 8 * QUERY_BYTES_MAX),
    }
    // A search says itself: what it says finds the same. A value that has a quote in it cannot be said.
    if let Ok(query) = read.as_ref() && !text.contains('"') {
        match Query::parse(&query.to_string()) {
            Ok(again) => assert_eq!(found(&again), found(query)),
            Err(error) => assert!(query.to_string().len() > QUERY_BYTES_MAX, "{error}"),
        }
    }
    // Clauses stand for themselves: two searches in one find what both find. A phrase, an expression or a group may reach over
    // the seam, and alternatives bind less than clauses do.
    let seam = text.floor_char_boundary(text.len() / 2);
    let (one, other) = text.split_at(seam);
    for blank in [" ", "\t", "\u{3000}"] {
        let both = format!("{one}{blank}{other}");
        if one.contains(['"', '/']) || both.contains(['(', ')']) || both.contains("OR") || both.len() > QUERY_BYTES_MAX {
            continue;
        }
        match (Query::parse(one), Query::parse(other), Query::parse(&both)) {
            (Ok(one), Ok(other), Ok(both)) => assert_eq!(found(&one) & found(&other), found(&both)),
            (one, other, both) => assert_eq!(one.is_err() || other.is_err(), both.is_err()),
        }
    }
});

/// A bit for each of [`STORED`] that is found.
fn found(query: &Query) -> u32 {
    let bit = |(at, (stored, text)): (usize, &(Stored, String))| u32::from(query.matches(stored, text)) << at;
    STORED.iter().enumerate().map(bit).sum()
}

fn all() -> u32 {
    (1 << STORED.len()) - 1
}

/// With what a search looks in.
static STORED: LazyLock<Vec<(Stored, String)>> = LazyLock::new(|| {
    let inbox = Inbox::new(Limits::default());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (user, raw) in MAILS {
        let verdict = runtime.block_on(inbox.accept(incoming(user, raw), inbox.reservation()));
        assert!(matches!(verdict, Verdict::Kept(_)));
    }
    let first = inbox.store().newest_first(&Scope::All, None).map(|stored| stored.message.id).next();
    runtime.block_on(inbox.mark(&Scope::All, first.into_iter().collect(), true)).unwrap();
    let store = inbox.store();
    let text = |seq| store.text(seq).expect("it is kept").to_string();
    store.newest_first(&Scope::All, None).map(|kept| (kept.stored(), text(kept.seq))).collect()
});

fn incoming(user: &str, raw: &str) -> Incoming {
    let addressed = |path: &str| Addressed { path: Path::verbatim(path.as_bytes()), params: Params::default() };
    let mut client = Client::at(Door::Smtp);
    client.login = (!user.is_empty()).then(|| Login { mechanism: "PLAIN".into(), user: user.into() }.into());
    let to = [addressed("bob@app.test"), addressed("EVE@app.test")].into();
    let envelope = Envelope { from: addressed("bounce@app.test"), to, client: Arc::new(client) };
    Incoming { raw: raw.into(), envelope, dialogue: Dialogue::new(1000), findings: Vec::new() }
}

const MAILS: [(&str, &str); 4] = [
    ("", "From: Ann <ann@app.test>\r\nTo: bob@app.test\r\nSubject: Reset your password\r\n\r\nGood day.\r\n"),
    (
        "worker-3",
        "From: \u{130}stanbul <i@app.test>\r\nCc: cem@app.test\r\nSubject: STRASSE \u{df}\r\n\r\n\u{3a3}\u{3c2}\r\n",
    ),
    (
        "a b",
        "Message-ID: <x@y>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Disposition: attachment; filename=a.pdf\n\nx\n--b--\n",
    ),
    ("", ""),
];
