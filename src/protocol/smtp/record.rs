//! What is remembered of a connection: its dialogue and what was odd, as a whole and per message. All of it bounded.

use crate::mail::dialogue::Dialogue;
use crate::mail::finding::{Finding, Place};
use crate::mail::weight::HeapBytes;

/// The connection's memory of itself.
pub(super) struct Record {
    /// Every line.
    whole: Dialogue,
    /// The opening and the transaction underway: what a message needs to explain itself. A pool's thousandth message
    /// would otherwise carry the lines of the first ones, and none of its own once the bound is reached.
    excerpt: Dialogue,
    /// Where the opening ends in `excerpt`.
    opening: usize,
    opening_bytes_max: usize,
    findings: Vec<Finding>,
    /// What was odd in greeting and login: it concerns every message that follows.
    opening_findings: Vec<Finding>,
}

impl Record {
    pub(super) fn new(dialogue_bytes_max: usize) -> Self {
        Self {
            whole: Dialogue::new(dialogue_bytes_max),
            excerpt: Dialogue::new(dialogue_bytes_max),
            opening: 0,
            opening_bytes_max: dialogue_bytes_max / 2,
            findings: Vec::new(),
            opening_findings: Vec::new(),
        }
    }

    pub(super) fn client(&mut self, line: &[u8]) {
        self.whole.client(line);
        self.excerpt.client(line);
    }

    pub(super) fn server(&mut self, line: &[u8]) {
        self.whole.server(line);
        self.excerpt.server(line);
    }

    pub(super) fn remark(&mut self, text: &str) {
        self.whole.remark(text);
        self.excerpt.remark(text);
    }

    /// The lines up to here belong to every message of the connection; but a client that greets before each must not
    /// leave a message without room for its own.
    pub(super) fn end_opening(&mut self) {
        if self.excerpt.mark() <= self.opening_bytes_max {
            self.opening = self.excerpt.mark();
        }
    }

    /// A greeting, a login or a transaction begins: what was said since the opening belongs to none of them.
    pub(super) fn forget_since_opening(&mut self) {
        self.excerpt.rewind(self.opening);
    }

    pub(super) fn note(&mut self, findings: &[Finding]) {
        add(&mut self.findings, findings);
    }

    /// What is odd about the line that was said last.
    pub(super) fn note_said(&mut self, findings: &[Finding]) {
        let at = Place::Said(self.whole.lines());
        self.note(&moved(findings, at));
    }

    /// Likewise, where it concerns every message that follows.
    pub(super) fn note_opening(&mut self, findings: &[Finding]) {
        let here = moved(findings, self.here());
        add(&mut self.opening_findings, &here);
    }

    /// The line that was said last, in the excerpt that a message will have.
    pub(super) fn here(&self) -> Place {
        Place::Said(self.excerpt.lines())
    }

    /// Bytes of memory that the lines take.
    pub(super) fn memory(&self) -> usize {
        self.whole.heap_bytes() + self.excerpt.heap_bytes()
    }

    pub(super) fn dialogue(&self) -> &Dialogue {
        &self.whole
    }

    pub(super) fn excerpt(&self) -> &Dialogue {
        &self.excerpt
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn opening_findings(&self) -> &[Finding] {
        &self.opening_findings
    }
}

/// The same findings, seen there.
pub(super) fn moved(findings: &[Finding], at: Place) -> Vec<Finding> {
    findings.iter().map(|finding| Finding { at: Some(at), ..finding.clone() }).collect()
}

/// Adds what is not there yet, as long as there is room: a client that is odd is so ten thousand times.
pub(super) fn add(to: &mut Vec<Finding>, findings: &[Finding]) {
    for finding in findings {
        if to.len() < FINDINGS_MAX && !to.iter().any(|known| known.says_the_same(finding)) {
            to.push(finding.clone());
        }
    }
}

/// Findings kept of one connection, and of one message.
const FINDINGS_MAX: usize = 100;
