//! The transcript format (`tests/transcripts/README.md`): read, and written back. Knows no session: whoever has one,
//! in memory or over TCP, plays what is read here.

use restante::protocol::smtp::{Policy, StartTls, Verdict};
use std::collections::VecDeque;

/// One file.
pub(crate) struct Transcript {
    pub(crate) policy: Policy,
    /// TLS is on from the first byte.
    pub(crate) tls: bool,
    pub(crate) seed: u64,
    pub(crate) exchanges: Vec<Exchange>,
    /// For the deliveries in order; those without one are kept under their number.
    pub(crate) verdicts: VecDeque<Verdict>,
    /// For the deliveries in order.
    pub(crate) messages: Vec<Expected>,
    /// Lines that the recorded dialogue has.
    pub(crate) recorded: Vec<String>,
    /// Texts that it has not.
    pub(crate) never_recorded: Vec<String>,
}

/// What happened, and what was answered.
#[derive(Default)]
pub(crate) struct Exchange {
    pub(crate) stimulus: Stimulus,
    pub(crate) answer: Answer,
    /// Lines that stand before the answer in the file, as they stand, and those behind it.
    head: Vec<String>,
    tail: Vec<String>,
}

/// What the session did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Ids of oddities, sorted.
    pub(crate) noted: Vec<String>,
    /// Lines without their ends.
    pub(crate) lines: Vec<Vec<u8>>,
    pub(crate) closed: bool,
}

/// What the world did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stimulus {
    #[default]
    Connected,
    /// Pieces of the stream, each a line as a rule.
    Client(Vec<Vec<u8>>),
    TlsDone,
    Expired,
    Shutdown,
    StorageFull,
}

/// What a delivered message must be.
#[derive(Default)]
pub(crate) struct Expected {
    pub(crate) raw: Vec<u8>,
    /// Lines such as `RCPT <a@b> NOTIFY=NEVER`; of a kind that is mentioned, all are.
    pub(crate) envelope: Vec<String>,
    /// Ids of oddities, sorted, where they are asked for.
    pub(crate) findings: Option<Vec<String>>,
}

impl Transcript {
    /// Reads a file; panics with the line that cannot be read.
    pub(crate) fn read(text: &str) -> Self {
        let mut script = Self {
            policy: Policy { host: "restante.test".into(), ..Policy::default() },
            tls: false,
            seed: 7,
            exchanges: vec![Exchange::default()],
            verdicts: VecDeque::new(),
            messages: Vec::new(),
            recorded: Vec::new(),
            never_recorded: Vec::new(),
        };
        let mut comments = Vec::new();
        let mut answered = false; // whether the last exchange has its answer, so that a stimulus begins another
        for line in text.lines() {
            let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
            let value = rest.strip_prefix(' ').unwrap_or(rest);
            let stimulus = match mark {
                "C:" => Some(Stimulus::Client(vec![[&unescape(value)[..], b"\r\n"].concat()])),
                "C|" => Some(Stimulus::Client(vec![unescape(value)])),
                "T:" => Some(Stimulus::TlsDone),
                "! " if rest != "closed" => Some(match rest {
                    "expired" => Stimulus::Expired,
                    "shutdown" => Stimulus::Shutdown,
                    "storage-full" => Stimulus::StorageFull,
                    other => panic!("not a happening: {other}"),
                }),
                _ => None,
            };
            if let Some(stimulus) = stimulus {
                let last = script.exchanges.last_mut().expect("never empty");
                match (&mut last.stimulus, stimulus) {
                    (Stimulus::Client(pieces), Stimulus::Client(more)) if !answered => pieces.extend(more),
                    (_, stimulus) => script.exchanges.push(Exchange { stimulus, ..Exchange::default() }),
                }
                let last = script.exchanges.last_mut().expect("never empty");
                last.head.append(&mut comments);
                last.head.push(line.to_owned());
                answered = false;
                continue;
            }
            let last = script.exchanges.last_mut().expect("never empty");
            match mark {
                "S:" => last.answer.lines.push(unescape(value)),
                "N:" => last.answer.noted = ids(value),
                "! " => last.answer.closed = true,
                "se" => {
                    last.head.append(&mut comments);
                    last.head.push(line.to_owned());
                }
                // What has to do with the next delivery stands before it.
                "V:" => {
                    script.verdicts.push_back(verdict(value));
                    comments.push(line.to_owned());
                    continue;
                }
                "" | "# " | "#" => {
                    let opening = script.exchanges.len() == 1 && !answered;
                    if opening { &mut script.exchanges[0].head } else { &mut comments }.push(line.to_owned());
                    continue;
                }
                _ => {
                    last.tail.append(&mut comments);
                    last.tail.push(line.to_owned());
                    script.expect(mark, value);
                }
            }
            if mark == "se" {
                script.set(line);
            } else {
                answered = true;
            }
        }
        script.exchanges.last_mut().expect("never empty").tail.append(&mut comments);
        script
    }

    fn set(&mut self, line: &str) {
        let words: Vec<_> = line.split(' ').collect();
        let number = || words[2].parse::<usize>().unwrap_or_else(|_| panic!("not a number: {line}"));
        match words[1] {
            "host" => self.policy.host = words[2].into(),
            "max-message-size" => self.policy.message_bytes_max = number(),
            "max-recipients" => self.policy.recipients_max = number(),
            "max-line" => self.policy.command_line_bytes_max = number(),
            "max-auth-line" => self.policy.auth_line_bytes_max = number(),
            "max-dialogue" => self.policy.dialogue_bytes_max = number(),
            "auth-required" => self.policy.auth_required = words[2] == "yes",
            "tls" => self.tls = words[2] == "yes",
            "seed" => self.seed = number() as u64,
            "starttls" => {
                self.policy.starttls = match words[2] {
                    "advertised" => StartTls::Advertised,
                    "understood" => StartTls::Understood,
                    "absent" => StartTls::Absent,
                    other => panic!("not a way of offering STARTTLS: {other}"),
                }
            }
            other => panic!("not a setting: {other}"),
        }
    }

    fn expect(&mut self, mark: &str, value: &str) {
        match mark {
            "M:" => self.messages.push(Expected { raw: unescape(value), ..Expected::default() }),
            "M+" => self.messages.last_mut().expect("M+ follows M:").raw.extend(unescape(value)),
            "E:" => self.messages.last_mut().expect("E: follows M:").envelope.push(value.to_owned()),
            "F:" => self.messages.last_mut().expect("F: follows M:").findings = Some(ids(value)),
            "D:" => self.recorded.push(value.to_owned()),
            "D!" => self.never_recorded.push(value.to_owned()),
            other => panic!("not a mark: {other:?}"),
        }
    }

    /// Every line of the client an exchange of its own, as it would be by hand; for [`Self::rewritten`].
    pub(crate) fn split(mut self) -> Self {
        for mut exchange in std::mem::take(&mut self.exchanges) {
            if let Stimulus::Client(pieces) = &mut exchange.stimulus {
                while pieces.len() > 1 {
                    let at = exchange.head.iter().position(|line| line.starts_with('C')).expect("a line per piece");
                    let tail = exchange.head.split_off(at + 1);
                    let head = std::mem::replace(&mut exchange.head, tail);
                    let stimulus = Stimulus::Client(vec![pieces.remove(0)]);
                    self.exchanges.push(Exchange { stimulus, head, ..Exchange::default() });
                }
            }
            self.exchanges.push(exchange);
        }
        self
    }

    /// The file with other answers.
    pub(crate) fn rewritten(&self, answers: &[Answer]) -> String {
        let mut text = String::new();
        for (exchange, answer) in self.exchanges.iter().zip(answers) {
            for line in exchange.head.iter().chain(&answer.written()).chain(&exchange.tail) {
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }
}

impl Answer {
    /// Its lines as a file has them.
    pub(crate) fn written(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.noted.is_empty() {
            lines.push(format!("N: {}", self.noted.join(" ")));
        }
        lines.extend(self.lines.iter().map(|line| format!("S: {}", escape(line))));
        lines.extend(self.closed.then(|| "! closed".to_owned()));
        lines
    }
}

fn ids(text: &str) -> Vec<String> {
    let mut ids: Vec<_> = text.split_ascii_whitespace().map(str::to_owned).collect();
    ids.sort();
    ids
}

fn verdict(text: &str) -> Verdict {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = String::from_utf8_lossy(&unescape(rest)).into_owned();
    match word {
        "kept" => Verdict::Kept(rest.into()),
        "full" => Verdict::Full,
        "failed" => Verdict::Failed(rest.into()),
        "refused" => Verdict::Refused(rest.into()),
        other => panic!("not a verdict: {other}"),
    }
}

/// `\r \n \t \0 \s \\ \xNN`, and `\{300*x}` for 300 times x.
pub(crate) fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let kind = rest[at + 1..].chars().next().unwrap_or_else(|| panic!("a backslash at the end: {text}"));
        rest = &rest[at + 1 + kind.len_utf8()..];
        match kind {
            'r' => out.push(b'\r'),
            'n' => out.push(b'\n'),
            't' => out.push(b'\t'),
            '0' => out.push(0),
            's' => out.push(b' '),
            '\\' => out.push(b'\\'),
            'x' => {
                let digits;
                (digits, rest) = rest.split_at(2);
                out.push(u8::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("not hex: {digits}")));
            }
            '{' => {
                let inside;
                (inside, rest) = rest.split_once('}').unwrap_or_else(|| panic!("no end of a repetition: {text}"));
                let (times, what) = inside.split_once('*').expect("times*what");
                out.extend(unescape(what).repeat(times.parse().expect("a number of times")));
            }
            other => panic!("not an escape: \\{other}"),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The same, the other way; runs of one octet are shortened.
pub(crate) fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\r' => text.push_str("\\r"),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\0' => text.push_str("\\0"),
                '\\' => text.push_str("\\\\"),
                char if char.is_control() => text.push_str(&format!("\\x{:02x}", char as u32)),
                char => text.push(char),
            }
        }
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    match text.strip_suffix(' ') {
        Some(start) => format!("{start}\\s"),
        None => text,
    }
}
