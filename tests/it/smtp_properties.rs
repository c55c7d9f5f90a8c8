//! What we would swear to about the SMTP core, tried on dialogues that nobody would write.

use crate::smtp_driver::{Driver, tls};
use crate::transcript::escape;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use restante::mail::envelope::{Client, Door};
use restante::protocol::smtp::{Action, Patience, Policy, Session, Verdict};
use std::sync::Arc;

proptest! {
    /// However the stream is cut, the same comes out; and nothing exceeds its limit.
    #[test]
    fn any_cut_of_any_lines_gives_the_same_outcome(
        segments in vec(vec(line(), 0..24), 1..4),
        cuts in vec(1..50_usize, 1..20),
    ) {
        let play = |cuts: &[usize]| {
            let mut driver = small();
            let mut cuts = cuts.iter().cycle();
            for lines in &segments {
                let whole = lines.concat();
                let (mut rest, mut pieces) = (&whole[..], Vec::new());
                while !rest.is_empty() {
                    let (piece, tail) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
                    pieces.push(piece);
                    rest = tail;
                }
                driver.feed(&pieces);
                if driver.session.patience() == Patience::Tls {
                    driver.session.tls_done(tls());
                }
            }
            driver
        };
        let whole = play(&[usize::MAX]);
        prop_assert_eq!(whole.outcome(), play(&cuts).outcome());
        prop_assert_eq!(whole.outcome(), play(&[1]).outcome());
        for incoming in &whole.deliveries {
            prop_assert!((1..=RECIPIENTS_MAX).contains(&incoming.envelope.to.len()));
            prop_assert!(incoming.raw.len() <= MESSAGE_BYTES_MAX);
            prop_assert!(incoming.findings.len() <= 100);
        }
        prop_assert!(whole.session.dialogue().as_str().len() <= DIALOGUE_BYTES_MAX + 100);
        prop_assert!(whole.session.findings().len() <= 100);
        let printable = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r' | b'\n');
        prop_assert!(whole.sent.iter().all(printable), "{}", escape(&whole.sent));
    }

    /// Outside of messages and logins each line has one reply, in order.
    #[test]
    fn each_command_has_one_reply_in_order(verbs in vec(select(VERBS), 0..60)) {
        let mut driver = small();
        driver.feed(&verbs.iter().map(|(line, _)| format!("{line}\r\n")).collect::<Vec<_>>());
        let (mut open, mut recipients, mut expected) = (false, 0, vec![220]);
        for (line, code) in &verbs {
            expected.push(match (*code, &line[..4]) {
                (0, "RCPT") if !open => 503,
                (0, "RCPT") if recipients == RECIPIENTS_MAX => 452,
                (0, "DATA") if !open => 503,
                (0, _) => 250,
                (code, _) => code,
            });
            match &line[..4] {
                "MAIL" => (open, recipients) = (*code == 250, 0),
                "RSET" | "EHLO" | "HELO" => open = false,
                "RCPT" if open && *code == 0 => recipients = RECIPIENTS_MAX.min(recipients + 1),
                _ => {}
            }
        }
        prop_assert_eq!(driver.codes(), expected);
    }

    /// What a client stuffs arrives as it was.
    #[test]
    fn the_bytes_of_data_are_kept(body in body(), cut in 1..30_usize) {
        for (eol, line_ends) in [("\r\n", &b"\r\n"[..]), ("\n", b"\n")] {
            let mut body = body.clone();
            if !body.is_empty() && !body.ends_with(line_ends) {
                body.extend_from_slice(line_ends);
            }
            let mut wire = open(eol);
            wire.extend(format!("DATA{eol}").bytes());
            wire.extend(stuffed(&body, line_ends));
            wire.extend(format!(".{eol}NOOP{eol}").bytes());
            let mut driver = large();
            driver.feed(&wire.chunks(cut).collect::<Vec<_>>());
            prop_assert_eq!(driver.deliveries.len(), 1);
            prop_assert_eq!(escape(&driver.deliveries[0].raw), escape(&body));
            prop_assert_eq!(driver.codes(), [220, 250, 250, 250, 354, 250, 250]);
        }
    }

    /// BDAT's octets arrive as they were, in any chunks.
    #[test]
    fn the_bytes_of_bdat_are_kept(chunks in vec(body(), 0..5), cut in 1..30_usize) {
        let mut wire = open("\r\n");
        for chunk in &chunks {
            wire.extend(format!("BDAT {}\r\n", chunk.len()).bytes());
            wire.extend(chunk);
        }
        wire.extend(b"BDAT 0 LAST\r\nNOOP\r\n");
        let mut driver = large();
        driver.feed(&wire.chunks(cut).collect::<Vec<_>>());
        prop_assert_eq!(driver.deliveries.len(), 1);
        prop_assert_eq!(escape(&driver.deliveries[0].raw), escape(&chunks.concat()));
        prop_assert_eq!(driver.codes().len(), 6 + chunks.len());
    }

    /// A message beyond the limit is drained to its very end, and the session is in step.
    #[test]
    fn what_is_too_large_is_never_a_command(body in vec(select(&b"\r\n.MAIL"[..]), 0..40), bdat: bool) {
        let body = [&[b'x'; MESSAGE_BYTES_MAX + 1][..], &body, b"\r\n"].concat();
        let mut wire = open("\r\n");
        if bdat {
            wire.extend(format!("BDAT {} LAST\r\n", body.len()).bytes());
            wire.extend(&body);
        } else {
            wire.extend(b"DATA\r\n");
            wire.extend(stuffed(&body, b"\r\n"));
            wire.extend(b".\r\n");
        }
        wire.extend(b"NOOP\r\n");
        let mut driver = small();
        driver.feed(&[&wire]);
        let expected = if bdat { vec![220, 250, 250, 250, 552, 250] } else { vec![220, 250, 250, 250, 354, 552, 250] };
        prop_assert_eq!(driver.codes(), expected);
        prop_assert!(driver.deliveries.is_empty());
        prop_assert_eq!(driver.session.holding(), 0);
    }

    /// However AUTH goes wrong, nothing that was a secret is remembered or repeated.
    #[test]
    fn secrets_stay_secret(lines in vec(secret_line(), 1..12), cut in 1..40_usize) {
        let mut driver = large();
        driver.feed(&lines.concat().as_bytes().chunks(cut).collect::<Vec<_>>());
        let outcome = driver.outcome();
        prop_assert!(!outcome.contains(SECRET), "{outcome}");
    }
}

/// A line without an end: memory, replies and dialogue stay small.
#[test]
fn a_line_without_end_is_bounded() {
    let mut driver = large();
    let before = driver.outcome().len();
    let piece = vec![b'A'; 1 << 16];
    for _ in 0..256 {
        driver.feed(&[&piece]);
    }
    assert_eq!(driver.session.holding(), 0);
    assert_eq!(driver.outcome().len(), before, "nothing is said or remembered before the line ends");
    driver.feed(&[b"\r\nNOOP\r\n"]);
    assert_eq!(driver.codes(), [220, 500, 250]);
    assert!(driver.outcome().len() < 1_000);
}

/// A chunk that cannot fit gives its memory back before it has come in; one that fits is counted as it comes.
#[test]
fn what_is_held_is_known() {
    let mut driver = small();
    driver.feed(&[&open("\r\n")[..], b"BDAT 30\r\n", &[b'x'; 29]]);
    assert_eq!((driver.session.holding(), driver.session.patience()), (29, Patience::Data));
    driver.feed(&[&b"x"[..]]);
    assert_eq!((driver.session.holding(), driver.session.patience()), (30, Patience::Command));
    driver.feed(&[&b"BDAT 11 LAST\r\nx"[..]]);
    assert_eq!((driver.session.holding(), driver.session.patience()), (0, Patience::Data));
    driver.feed(&[&open("\r\n")[10..]]);
    assert_eq!(driver.session.holding(), 0);
    driver.feed(&[&b"RSET\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nDATA\r\n1234"[..]]);
    assert_eq!(driver.session.holding(), 4);
    driver.session.storage_full();
    assert_eq!(driver.session.holding(), 0);
    driver.feed(&[&b"5\r\n.\r\n"[..]]);
    assert_eq!(driver.codes().last(), Some(&452));
}

/// A stop that comes while the mailbox decides lets it answer first: 250 means kept, and the client must hear it.
#[test]
fn a_shutdown_waits_for_the_verdict() {
    let mut session = Session::new(Arc::default(), Client::at(Door::Smtp), 0);
    let wire = [&open("\r\n")[..], b"DATA\r\n.\r\nNOOP\r\n"].concat();
    let taken = session.feed(&wire);
    assert_eq!(&wire[taken..], b"NOOP\r\n");
    assert!(matches!(session.next_action(), Some(Action::Send(_))));
    assert!(matches!(session.next_action(), Some(Action::Deliver(_))));
    session.shutdown();
    session.expired();
    assert!(session.next_action().is_none());
    assert_eq!((session.patience(), session.feed(b"NOOP\r\n")), (Patience::Verdict, 0));
    session.verdict(Verdict::Kept("x".into()));
    let Some(Action::Send(bytes)) = session.next_action() else { panic!("no reply") };
    assert_eq!(escape(&bytes), "250 2.0.0 Ok: queued as x\\r\\n421 4.3.2 The server is stopping\\r\\n");
    assert!(matches!(session.next_action(), Some(Action::Close)));
    assert_eq!((session.patience(), session.messages()), (Patience::Closed, 1));
}

/// A client that reads nothing cannot have us pile up answers.
#[test]
fn replies_that_wait_are_bounded() {
    let mut session = Session::new(Arc::default(), Client::at(Door::Smtp), 0);
    let taken = session.feed(&b"HELP\r\n".repeat(100_000));
    assert!(taken < 6_000, "{taken} taken");
    assert_eq!(session.feed(b"NOOP\r\n"), 0, "the driver must send first");
    assert!(session.next_action().is_some());
    assert_eq!(session.feed(b"NOOP\r\n"), 6);
}

/// A pool's thousandth message has its own lines, and none of the others'.
#[test]
fn each_message_has_its_own_dialogue() {
    let mut driver = large();
    driver.feed(&["EHLO app.test\r\n".to_owned()]);
    for number in 0..2_000 {
        driver.feed(&[format!("MAIL FROM:<{number}@app.test>\r\nRCPT TO:<b@app.test>\r\nDATA\r\n.\r\nRSET\r\n")]);
    }
    for (number, incoming) in driver.deliveries.iter().enumerate() {
        let lines: Vec<_> = incoming.dialogue.as_str().lines().filter(|line| line.starts_with("C:")).collect();
        let own = format!("C: MAIL FROM:<{number}@app.test>");
        assert_eq!(lines, ["C: EHLO app.test", &own, "C: RCPT TO:<b@app.test>", "C: DATA"]);
    }
    assert!(driver.session.dialogue().as_str().len() <= Policy::default().dialogue_bytes_max + 100);
}

const RECIPIENTS_MAX: usize = 3;
const MESSAGE_BYTES_MAX: usize = 40;
const DIALOGUE_BYTES_MAX: usize = 2_000;

/// A session whose limits are soon reached.
fn small() -> Driver {
    driver(Policy {
        message_bytes_max: MESSAGE_BYTES_MAX,
        recipients_max: RECIPIENTS_MAX,
        command_line_bytes_max: 60,
        auth_line_bytes_max: 90,
        dialogue_bytes_max: DIALOGUE_BYTES_MAX,
        ..Policy::default()
    })
}

fn large() -> Driver {
    driver(Policy::default())
}

fn driver(policy: Policy) -> Driver {
    Driver::new(Session::new(Arc::new(policy), Client::at(Door::Smtp), 1))
}

fn open(eol: &str) -> Vec<u8> {
    format!("EHLO a{eol}MAIL FROM:<a@b>{eol}RCPT TO:<b@c>{eol}").into_bytes()
}

/// As RFC 5321 §4.5.2 has the client do it.
fn stuffed(body: &[u8], line_end: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    for (at, byte) in body.iter().enumerate() {
        if *byte == b'.' && (at == 0 || body[..at].ends_with(line_end)) {
            wire.push(b'.');
        }
        wire.push(*byte);
    }
    wire
}

/// Bodies in which line ends and dots are dense.
fn body() -> impl Strategy<Value = Vec<u8>> {
    vec(select(&b"\r\n\r\n..ab\0\xff"[..]), 0..60)
}

/// Lines of a client that means well, that does not, and noise.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => select(LINES).prop_map(|line| line.to_vec()),
        1 => vec(any::<u8>(), 0..100),
        1 => vec(select(&b"\r\n. <>\"@:=*\x16\x03AUTHDBLS0"[..]), 0..60),
    ]
}

const LINES: &[&[u8]] = &[
    b"EHLO a\r\n",
    b"HELO a\n",
    b"MAIL FROM:<a@b>\r\n",
    b"MAIL FROM:<> SIZE=41\r\n",
    b"mail from: a@b BODY=8BITMIME\n",
    b"MAIL FROM:<\"a>\r",
    b"RCPT TO:<b@c>\r\n",
    b"RCPT TO:<b@\xfc>\r\n",
    b"RCPT TO:<>\r\n",
    b"DATA\r\n",
    b"DATA\n",
    b".\r\n",
    b"\r\n.\r\n",
    b"\n.\n",
    b"..a\r\n",
    b"body\r\n",
    b"\r",
    b"\r\r\n",
    b"BDAT 5\r\n12345",
    b"BDAT 0 LAST\r\n",
    b"BDAT 9 LAST\r\n\r\n.\r\nabcd",
    b"BDAT 50\r\n",
    b"RSET\r\n",
    b"NOOP\r\n",
    b"HELP\r\n",
    b"FOO bar\r\n",
    b"\r\n",
    b"AUTH LOGIN\r\n",
    b"AUTH PLAIN AGEAYg==\r\n",
    b"AUTH CRAM-MD5\r\n",
    b"AUTH XYZZY eHl6enk=\r\n",
    b"YW5u\r\n",
    b"*\r\n",
    b"STARTTLS\r\n",
    b"QUIT\r\n",
    b"GET / HTTP/1.1\r\n",
];

/// Lines with one reply each, and its code; 0 where it depends on what is open.
const VERBS: &[(&str, u16)] = &[
    ("EHLO a", 250),
    ("HELO", 250),
    ("MAIL FROM:<a@b>", 250),
    ("MAIL", 501),
    ("RCPT TO:<a@b>", 0),
    ("RCPT TO:<>", 501),
    ("RSET", 250),
    ("NOOP x", 250),
    ("VRFY x", 252),
    ("EXPN x", 252),
    ("HELP", 214),
    ("FOO bar", 500),
    ("    ", 500),
    ("AUTH PLAIN AGEAYg==", 235),
    ("AUTH PLAIN !", 501),
    ("AUTH XYZZY", 504),
];

const SECRET: &str = "c3VwZXJzZWNyZXQ";

fn secret_line() -> impl Strategy<Value = String> {
    let start =
        select(&["AUTH ", "auth ", "AUTH=", "AUTH\t", "AUTH", " AUTH ", "XAUTH LOGIN ", "PASS ", "a LOGIN "][..]);
    let mechanism = select(&["PLAIN ", "LOGIN ", "CRAM-MD5 ", "XOAUTH2 ", "NTLM ", "XYZZY ", "PLAIN  ", ""][..]);
    let junk = select(&["", "=", "!", " !", " ", "\0"][..]);
    prop_oneof![
        3 => (start, mechanism, junk, select(&["\r\n", "\n"][..]))
            .prop_map(|(start, mechanism, junk, end)| format!("{start}{mechanism}{SECRET}{junk}{end}")),
        // Only where an exchange is underway, or has just failed, is a bare secret known to be one.
        2 => (select(&["LOGIN", "PLAIN", "CRAM-MD5", "XYZZY", "LOGIN YQ=="][..]), junk_lines())
            .prop_map(|(mechanism, lines)| format!("AUTH {mechanism}\r\n{lines}")),
        1 => Just("NOOP\r\n".to_owned()),
        1 => Just(format!("AUTH PLAIN {}{SECRET}\r\n", "A".repeat(13_000))),
    ]
}

fn junk_lines() -> impl Strategy<Value = String> {
    vec(select(&[SECRET, "c3VwZXJzZWNyZXQ=", "c3VwZXJzZWNyZXQ!", "x c3VwZXJzZWNyZXQ", "*"][..]), 0..4)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\r\n")).collect())
}
