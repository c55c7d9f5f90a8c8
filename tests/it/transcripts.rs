//! Plays `tests/transcripts/`: each file by line, whole, byte by byte and at seeded random cuts.
//!
//! By line its answers must be the file's; cut otherwise, everything that comes out must be the same.
//! `UPDATE_GOLDEN=1` writes the answers of the session into the files: to be read before they are committed.

use crate::smtp_driver::{Driver, tls};
use crate::transcript::{Answer, Stimulus, Transcript, escape};
use restante::mail::envelope::{Addressed, Client, Door};
use restante::mail::incoming::Incoming;
use restante::protocol::smtp::Session;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[test]
fn every_transcript_holds_however_the_stream_is_cut() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files = Vec::new();
    for topic in folders(&folder) {
        let before = files.len();
        files.extend(entries(&topic).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "txt")));
        assert!(files.len() > before, "no transcript in {}", topic.display());
    }
    assert!(files.len() >= 150, "only {} transcripts", files.len());
    let failures: Vec<_> = files.iter().filter_map(|path| check(path).err()).collect();
    assert!(failures.is_empty(), "{} of {} fail:\n\n{}", failures.len(), files.len(), failures.join("\n"));
}

/// Plays one file under every cut.
fn check(path: &Path) -> Result<(), String> {
    let mut text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.display();
    assert!(text.starts_with("# "), "{name} begins with its reason");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let script = Transcript::read(&text).split();
        text = script.rewritten(&Player::play(&script, Cut::Lines).answers);
        std::fs::write(path, &text).expect("a writable file");
    }
    let script = Transcript::read(&text);
    let by_line = Player::play(&script, Cut::Lines);
    let answers: Vec<_> = script.exchanges.iter().map(|exchange| exchange.answer.clone()).collect();
    if by_line.answers != answers {
        return Err(format!("{name}\n--- the file\n{text}--- played\n{}", script.rewritten(&by_line.answers)));
    }
    by_line.deliveries_are(&script).map_err(|why| format!("{name}: {why}"))?;
    by_line.records(&script).map_err(|why| format!("{name}: {why}"))?;
    let mut cuts = vec![Cut::Whole, Cut::Bytes];
    cuts.extend((1..=8).map(Cut::Seeded));
    for cut in cuts {
        let played = Player::play(&script, cut);
        if played.driver.outcome() != by_line.driver.outcome() {
            return Err(format!(
                "{name}: {cut:?}\n--- by line\n{}--- cut\n{}",
                by_line.driver.outcome(),
                played.driver.outcome()
            ));
        }
    }
    Ok(())
}

/// How the stream is cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Lines,
    Whole,
    Bytes,
    Seeded(u64),
}

impl Cut {
    fn pieces(self, lines: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let whole = lines.concat();
        match self {
            Self::Lines => lines,
            Self::Whole => vec![whole],
            Self::Bytes => whole.chunks(1).map(<[u8]>::to_vec).collect(),
            Self::Seeded(seed) => {
                let (mut state, mut rest, mut pieces) =
                    (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), &whole[..], Vec::new());
                while !rest.is_empty() {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    let (piece, tail) = rest.split_at((1 + state as usize % 40).min(rest.len()));
                    pieces.push(piece.to_vec());
                    rest = tail;
                }
                pieces
            }
        }
    }
}

/// A driver that keeps the book of a file.
struct Player {
    driver: Driver,
    answers: Vec<Answer>,
    findings_seen: usize,
}

impl Player {
    fn play(script: &Transcript, cut: Cut) -> Self {
        let mut client = Client::at(if script.tls { Door::Smtps } else { Door::Smtp });
        client.tls = script.tls.then(|| tls().into());
        let mut player = Self {
            driver: Driver::new(Session::new(Arc::new(script.policy.clone()), client, script.seed)),
            answers: Vec::new(),
            findings_seen: 0,
        };
        player.driver.verdicts = script.verdicts.clone();
        let mut pending = Vec::new();
        let mut sent = 0; // the greeting came with the driver
        for exchange in &script.exchanges {
            match &exchange.stimulus {
                Stimulus::Client(lines) if matches!(cut, Cut::Lines) => player.driver.feed(lines),
                Stimulus::Client(lines) => pending.extend(lines.iter().cloned()),
                happening => {
                    player.driver.feed(&cut.pieces(std::mem::take(&mut pending)));
                    player.happen(happening);
                }
            }
            player.answer(sent);
            sent = player.driver.sent.len();
        }
        player.driver.feed(&cut.pieces(pending));
        player
    }

    fn happen(&mut self, happening: &Stimulus) {
        match happening {
            Stimulus::TlsDone => self.driver.session.tls_done(tls()),
            Stimulus::Expired => self.driver.session.expired(),
            Stimulus::Shutdown => self.driver.session.shutdown(),
            Stimulus::StorageFull => self.driver.session.storage_full(),
            Stimulus::Connected | Stimulus::Client(_) => {}
        }
        self.driver.act();
    }

    fn answer(&mut self, sent: usize) {
        let findings = self.driver.session.findings();
        let mut noted: Vec<_> =
            findings[self.findings_seen..].iter().map(|finding| finding.oddity.id().to_owned()).collect();
        noted.sort();
        self.findings_seen = findings.len();
        let closed = self.driver.turns.last() == Some(&"close") && !self.answers.iter().any(|answer| answer.closed);
        let lines: Vec<_> = self.driver.sent[sent..].split_inclusive(|byte| *byte == b'\n').collect();
        let lines = lines.into_iter().map(|line| line.strip_suffix(b"\r\n").expect("CRLF").to_vec()).collect();
        self.answers.push(Answer { noted, lines, closed });
    }

    fn deliveries_are(&self, script: &Transcript) -> Result<(), String> {
        if !script.messages.is_empty() && script.messages.len() != self.driver.deliveries.len() {
            return Err(format!(
                "{} messages came, {} are in the file",
                self.driver.deliveries.len(),
                script.messages.len()
            ));
        }
        for (number, (expected, incoming)) in script.messages.iter().zip(&self.driver.deliveries).enumerate() {
            let (raw, wanted) = (escape(&incoming.raw), escape(&expected.raw));
            if raw != wanted {
                return Err(format!("message {}:\n--- the file\n{wanted}\n--- delivered\n{raw}", number + 1));
            }
            let kinds: Vec<_> = expected.envelope.iter().filter_map(|line| line.split(' ').next()).collect();
            let mut seen = envelope_lines(incoming);
            seen.retain(|line| kinds.iter().any(|kind| line.split(' ').next() == Some(kind)));
            if seen != expected.envelope {
                return Err(format!(
                    "envelope {}:\n--- the file\n{:#?}\n--- delivered\n{seen:#?}",
                    number + 1,
                    expected.envelope
                ));
            }
            let mut ids: Vec<_> = incoming.findings.iter().map(|finding| finding.oddity.id().to_owned()).collect();
            ids.sort();
            if expected.findings.as_ref().is_some_and(|expected| *expected != ids) {
                return Err(format!("findings {}: {:?} in the file, {ids:?} delivered", number + 1, expected.findings));
            }
        }
        Ok(())
    }

    fn records(&self, script: &Transcript) -> Result<(), String> {
        let dialogue = self.driver.session.dialogue().as_str();
        if dialogue.bytes().any(|byte| byte.is_ascii_control() && byte != b'\n') {
            return Err(format!("a control character in the dialogue:\n{dialogue}"));
        }
        for line in &script.recorded {
            if !dialogue.lines().any(|recorded| recorded == line) {
                return Err(format!("not recorded: {line}\n{dialogue}"));
            }
        }
        let everything = self.driver.outcome();
        match script.never_recorded.iter().find(|text| everything.contains(*text)) {
            Some(text) => Err(format!("{text:?} was to stay secret:\n{everything}")),
            None => Ok(()),
        }
    }
}

/// The envelope as `E:` lines have it.
fn envelope_lines(incoming: &Incoming) -> Vec<String> {
    let envelope = &incoming.envelope;
    let addressed = |verb: &str, said: &Addressed| {
        let path = escape(said.path.as_bytes());
        if said.params.is_empty() {
            format!("{verb} <{path}>")
        } else {
            format!("{verb} <{path}> {}", escape(said.params.as_bytes()))
        }
    };
    let mut lines = Vec::new();
    match &envelope.client.helo {
        Some(helo) => {
            let verb = if helo.extended { "EHLO" } else { "HELO" };
            lines.push(format!("{verb} {}", escape(helo.name.as_bytes())));
        }
        None => lines.push("NO-HELO".to_owned()),
    }
    lines.push(if envelope.client.tls.is_some() { "TLS on" } else { "TLS off" }.to_owned());
    match &envelope.client.login {
        Some(login) => lines.push(escape(format!("LOGIN {} {}", login.mechanism, login.user).as_bytes())),
        None => lines.push("NO-LOGIN".to_owned()),
    }
    lines.push(addressed("MAIL", &envelope.from));
    lines.extend(envelope.to.iter().map(|to| addressed("RCPT", to)));
    lines
}

fn folders(path: &Path) -> Vec<PathBuf> {
    entries(path).into_iter().filter(|path| path.is_dir()).collect()
}

fn entries(path: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(path)
        .unwrap_or_else(|why| panic!("{}: {why}", path.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}
