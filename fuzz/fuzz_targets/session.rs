//! Any bytes are a dialogue: the same comes out however they are cut, and nothing exceeds its limit.
//!
//! The first byte chooses the policy, the second the cuts. In the rest FF and a letter is what the world does: `T`
//! handshake done, `E` expired, `S` shutdown, `F` no memory; any other byte behind FF is itself.

#![no_main]
#![allow(dead_code, reason = "the driver and the transcripts have more for the tests")]

#[path = "../../tests/it/smtp_driver.rs"]
mod smtp_driver;
#[path = "../../tests/it/transcript.rs"]
mod transcript;

use libfuzzer_sys::fuzz_target;
use restante::mail::envelope::{Client, Door};
use restante::protocol::smtp::{Policy, Session, StartTls, Verdict};
use restante_fuzz::watch_panics;
use smtp_driver::{Driver, tls};
use std::sync::Arc;

fuzz_target!(init: watch_panics(), |input: &[u8]| {
    let [kind, seed, rest @ ..] = input else { return };
    let play = |cut: Cut| {
        let driver = played(*kind, rest, cut);
        check(&driver, &policy(*kind));
        driver.outcome()
    };
    let whole = play(Cut::Whole);
    for cut in [Cut::Seeded(u64::from(*seed) + 1), Cut::Bytes] {
        let cut = play(cut);
        assert!(whole == cut, "--- whole\n{whole}\n--- cut\n{cut}");
    }
});

#[derive(Clone, Copy)]
enum Cut {
    Whole,
    Bytes,
    Seeded(u64),
}

fn policy(kind: u8) -> Policy {
    let mut policy = Policy { host: "restante.test".into(), ..Policy::default() };
    if kind & 1 != 0 {
        (policy.message_bytes_max, policy.recipients_max, policy.dialogue_bytes_max) = (40, 3, 2_000);
        (policy.command_line_bytes_max, policy.auth_line_bytes_max) = (60, 90);
    }
    policy.auth_required = kind & 2 != 0;
    policy.starttls = match kind & 12 {
        0 => StartTls::Advertised,
        4 => StartTls::Absent,
        _ => StartTls::Understood,
    };
    policy
}

fn played(kind: u8, input: &[u8], cut: Cut) -> Driver {
    let (mut driver, mut pending) = opened(kind);
    let mut input = input.iter();
    while let Some(&byte) = input.next() {
        if byte != 0xff {
            pending.push(byte);
            continue;
        }
        let Some(&word) = input.next() else { break };
        if !b"TESF".contains(&word) {
            pending.push(word);
            continue;
        }
        feed(&mut driver, &std::mem::take(&mut pending), cut);
        match word {
            b'T' => driver.session.tls_done(tls()),
            b'E' => driver.session.expired(),
            b'S' => driver.session.shutdown(),
            _ => driver.session.storage_full(),
        }
        driver.act();
    }
    feed(&mut driver, &pending, cut);
    driver
}

fn opened(kind: u8) -> (Driver, Vec<u8>) {
    let mut client = Client::at(if kind & 16 != 0 { Door::Smtps } else { Door::Submission });
    client.tls = (kind & 16 != 0).then(|| tls().into());
    let mut driver = Driver::new(Session::new(Arc::new(policy(kind)), client, 7));
    if kind & 32 != 0 {
        let sentence = || "the rule says so".into();
        driver.verdicts = [Verdict::Full, Verdict::Failed(sentence()), Verdict::Refused(sentence())].into();
    }
    (driver, Vec::new())
}

fn feed(driver: &mut Driver, bytes: &[u8], cut: Cut) {
    match cut {
        Cut::Whole => driver.feed(&[bytes]),
        Cut::Bytes => driver.feed(&bytes.chunks(1).collect::<Vec<_>>()),
        Cut::Seeded(mut state) => {
            let (mut rest, mut pieces) = (bytes, Vec::new());
            while !rest.is_empty() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let (piece, tail) = rest.split_at((1 + (state >> 33) as usize % 40).min(rest.len()));
                pieces.push(piece);
                rest = tail;
            }
            driver.feed(&pieces);
        }
    }
}

fn check(driver: &Driver, policy: &Policy) {
    for incoming in &driver.deliveries {
        assert!((1..=policy.recipients_max).contains(&incoming.envelope.to.len()));
        assert!(incoming.raw.len() <= policy.message_bytes_max);
        assert!(incoming.findings.len() <= FINDINGS_MAX);
        assert!(incoming.dialogue.as_str().len() <= policy.dialogue_bytes_max + SLACK);
    }
    let session = &driver.session;
    assert!(session.dialogue().as_str().len() <= policy.dialogue_bytes_max + SLACK);
    assert!(session.findings().len() <= FINDINGS_MAX);
    assert!(session.holding() <= policy.message_bytes_max);
    let path_bytes_max = policy.command_line_bytes_max + 200;
    let bound = policy.message_bytes_max + (policy.recipients_max + 2) * path_bytes_max + 4 * policy.dialogue_bytes_max;
    assert!(session.memory() <= bound + (64 << 10), "{} bytes", session.memory());
    for line in driver.sent.split_inclusive(|byte| *byte == b'\n') {
        // RFC 5321 §4.2 and §4.5.3.1.5.
        assert!(line.ends_with(b"\r\n") && line.len() <= 512, "{}", transcript::escape(line));
        assert!(line[..3].iter().all(u8::is_ascii_digit) && matches!(line[3], b' ' | b'-'));
        assert!(line[..line.len() - 2].iter().all(|byte| matches!(byte, b' '..=b'~')), "{}", transcript::escape(line));
    }
}

const FINDINGS_MAX: usize = 100;
/// The line that tells of a cut.
const SLACK: usize = 100;
