//! From a line to the step it means: order (RFC 5321 §4.1.4) and the policy that stands before it.

use super::super::auth::{self, Step};
use super::super::command::{self, Command, Unreadable};
use super::super::extension;
use super::super::line::{self, Cut, LineEnd};
use super::super::policy::StartTls;
use super::super::record;
use super::super::reply::Reply;
use super::super::transaction::{Message, Transaction};
use super::super::{auth::Exchange, data::Dots};
use super::{Concerns, Session, Turn, Underway};
use crate::mail::envelope::{Addressed, Helo, Path};
use crate::mail::finding::{Finding, Oddity};
use std::sync::Arc;

impl Session {
    /// Takes what belongs to the next line, and acts on it once it is whole.
    pub(super) fn line(&mut self, bytes: &[u8]) -> usize {
        let login = matches!(self.underway, Underway::Login(_));
        // Within TLS a second ClientHello is a line like any other nonsense.
        let plain = self.client.tls.is_none() && !login;
        let (taken, cut) = self.lines.take(bytes, &self.policy, login, plain);
        match cut {
            Cut::More => {}
            Cut::Line(line, end) => {
                match std::mem::replace(&mut self.underway, Underway::Command) {
                    Underway::Login(exchange) => self.login_line(exchange, &line, end),
                    _ => self.command_line(&line, end),
                }
                self.lines.recycle(line);
            }
            Cut::TooLong { start, limit } => self.overlong_line(&start, limit),
            Cut::ClientHello => {
                self.record.remark("a TLS ClientHello");
                self.close_with(&Reply::ClientHello(self.policy.signposts));
            }
        }
        taken
    }

    fn command_line(&mut self, line: &[u8], end: LineEnd) {
        let reading = command::read(line);
        let mut odd = reading.odd;
        if end == LineEnd::Lf {
            odd.push(Finding::bare(Oddity::BareLfCommand));
        }
        let begins = match &reading.command {
            Ok(Command::Mail(_) | Command::Auth { .. }) => matches!(self.transaction, Transaction::Idle),
            Ok(Command::Helo { .. }) => true,
            _ => false,
        };
        if begins {
            self.record.forget_since_opening();
        }
        match command::redacted(line, &reading.command, self.wary) {
            Some(shown) => self.record.client(&shown),
            None => self.record.client(line),
        }
        self.run(reading.command, odd, end);
    }

    /// Every verb's step, in the order of a session.
    fn run(&mut self, command: Result<Command<'_>, Unreadable<'_>>, odd: Vec<Finding>, end: LineEnd) {
        let was_wary = self.wary;
        self.wary = match &command {
            Err(Unreadable::Verb(_) | Unreadable::Empty) => was_wary,
            Ok(Command::Auth { .. }) | Err(Unreadable::Mechanism) => true,
            _ => false,
        };
        let concerns = match &command {
            Ok(Command::Helo { .. } | Command::Auth { .. } | Command::StartTls) => Concerns::Connection,
            _ => Concerns::Transaction,
        };
        if !matches!(command, Ok(Command::Mail(_))) {
            self.note(&odd, concerns); // what is odd about MAIL goes into what it opens
        }
        match command {
            Ok(Command::Helo { extended, name }) => self.helo(extended, name),
            Ok(Command::StartTls) => self.starttls(),
            Ok(Command::Auth { mechanism, initial }) => self.auth(mechanism, initial),
            Ok(Command::Mail(from)) => self.mail(from, odd),
            Ok(Command::Rcpt(to)) => self.rcpt(to),
            Ok(Command::Data) => self.begin_data(end),
            Ok(Command::Bdat { octets, last }) => self.begin_chunk(octets, last),
            Ok(Command::Rset) => {
                self.transaction = Transaction::Idle;
                self.reply(&Reply::Reset);
            }
            Ok(Command::Noop) => self.reply(&Reply::Noop),
            Ok(Command::Vrfy) => self.reply(&Reply::CannotVerify),
            Ok(Command::Expn) => self.reply(&Reply::CannotExpand),
            Ok(Command::Help { topic }) => self.reply(&Reply::Help { topic }),
            Ok(Command::Quit) => self.close_with(&Reply::Bye),
            Ok(Command::Http) => self.close_with(&Reply::Http(self.policy.signposts)),
            Err(Unreadable::Empty) => self.reply(&Reply::EmptyLine),
            Err(Unreadable::Verb(_)) if was_wary => self.reply(&Reply::UnknownLine),
            Err(Unreadable::Verb(word)) if line::is_auth(word) => self.reply(&Reply::NoMechanism),
            Err(Unreadable::Verb(word)) => self.reply(&Reply::UnknownVerb(word)),
            Err(Unreadable::Sender) => {
                self.transaction = Transaction::Idle; // as every MAIL begins again: see `mail`
                self.reply(&Reply::NoSender);
            }
            Err(Unreadable::Recipient) => self.reply(&Reply::NoRecipient),
            Err(Unreadable::Mechanism) => self.reply(&Reply::NoMechanism),
            // Octets follow whose number is not known: nothing that comes now can be trusted to be a command.
            Err(Unreadable::ChunkSize) => self.close_with(&Reply::NoChunkSize),
        }
    }

    /// A greeting, in mid-transaction too, forgets the transaction (§4.1.4) and keeps the login (RFC 4954 says nothing
    /// of losing it, and connection pools greet again).
    fn helo(&mut self, extended: bool, name: &[u8]) {
        self.transaction = Transaction::Idle;
        Arc::make_mut(&mut self.client).helo = Some(Helo { extended, name: Path::verbatim(name) });
        let policy = Arc::clone(&self.policy);
        if extended {
            self.reply(&Reply::Ehlo { policy: &policy, tls: self.client.tls.is_some() });
        } else {
            self.reply(&Reply::Helo(&policy.host));
        }
        self.record.end_opening();
    }

    /// RFC 3207 §4. Everything pipelined behind it is thrown away by [`Session::feed`].
    fn starttls(&mut self) {
        if self.client.tls.is_some() {
            return self.reply(&Reply::TlsIsOn);
        }
        if self.policy.starttls == StartTls::Absent {
            return self.reply(&Reply::TlsAbsent);
        }
        self.reply(&Reply::StartTls);
        self.underway = Underway::Tls;
        self.turn = Some(Turn::StartTls);
    }

    fn auth(&mut self, mechanism: &[u8], initial: Option<&[u8]>) {
        if !matches!(self.transaction, Transaction::Idle) {
            self.note(&[Finding::bare(Oddity::AuthInTransaction)], Concerns::Transaction);
        }
        let step = match auth::mechanism(mechanism) {
            Some(mechanism) => mechanism.begin(initial, &mut self.challenges, &self.policy.host),
            None => Step::Refused(Reply::UnknownMechanism),
        };
        self.login_step(step);
    }

    fn login_line(&mut self, exchange: Exchange, line: &[u8], end: LineEnd) {
        let cancelled = line.trim_ascii() == b"*";
        self.record.client(if cancelled { b"*" } else { command::REDACTED });
        if end == LineEnd::Lf {
            self.note(&[Finding::bare(Oddity::BareLfCommand)], Concerns::Connection);
        }
        self.login_step(exchange.step(line));
    }

    fn login_step(&mut self, step: Step) {
        match step {
            Step::Ask(exchange, challenge) => {
                self.reply(&Reply::Challenge(&challenge));
                self.underway = Underway::Login(exchange);
            }
            Step::Done { login, read } => {
                if !read {
                    self.note(&[Finding::with(Oddity::LoginUnread, &login.mechanism)], Concerns::Connection);
                }
                Arc::make_mut(&mut self.client).login = Some(login.into());
                self.reply(&Reply::LoggedIn);
            }
            Step::Refused(reply) => self.reply(&reply),
        }
        if matches!(self.transaction, Transaction::Idle) {
            self.record.end_opening();
        }
    }

    /// §3.3. A message that is announced as too large is refused here, so that nobody sends it in vain (RFC 1870 §6.1).
    fn mail(&mut self, from: Addressed, mut odd: Vec<Finding>) {
        if self.client.helo.is_none() {
            odd.push(Finding::bare(Oddity::NoHelo)); // accepted: promise 1
        }
        odd.extend(utf8_undeclared(&from, from.params.value("SMTPUTF8").is_some()));
        let announced = extension::announced_size(&from.params);
        if matches!(announced, Some(Err(_))) {
            odd.push(Finding::bare(Oddity::ParameterUnread));
        }
        // Whatever happens, a transaction that was open is over: its recipients must not get this message.
        let before = std::mem::take(&mut self.transaction);
        let max = self.policy.message_bytes_max;
        let refusal = if self.policy.auth_required && self.client.login.is_none() {
            Some(Reply::LoginFirst)
        } else if matches!(announced, Some(Ok(size)) if size > max as u64) {
            Some(Reply::TooLarge(max))
        } else {
            None
        };
        if let Some(reply) = refusal {
            self.record.note_said(&odd);
            return self.reply(&reply);
        }
        self.transaction = before.mail(from, odd);
        if let Some(mail) = self.transaction.mail_mut() {
            self.record.note_said(&mail.findings);
            mail.findings = record::moved(&mail.findings, self.record.here());
        }
        self.reply(&Reply::SenderKept);
    }

    fn rcpt(&mut self, to: Addressed) {
        let declared = self.transaction.params().is_some_and(|params| params.value("SMTPUTF8").is_some());
        if let Some(finding) = utf8_undeclared(&to, declared) {
            self.note(&[finding], Concerns::Transaction);
        }
        let (next, reply) = std::mem::take(&mut self.transaction).rcpt(to, &self.policy);
        self.transaction = next;
        self.reply(&reply);
    }

    fn begin_data(&mut self, end: LineEnd) {
        match self.transaction.data() {
            Ok(mail) => {
                self.underway = Underway::Data { mail, message: Message::empty(&self.policy), dots: Dots::new(end) };
                self.reply(&Reply::SendMessage);
            }
            Err(reply) => self.reply(&reply),
        }
    }

    fn overlong_line(&mut self, start: &[u8], limit: usize) {
        let login = matches!(std::mem::replace(&mut self.underway, Underway::Command), Underway::Login(_));
        let reading = command::read(start);
        let secret = login || self.wary || line::is_auth(start);
        let shown = if secret { Some(Vec::new()) } else { command::redacted(start, &reading.command, false) };
        let shown = shown.as_deref().unwrap_or(start);
        self.record.client(if secret { command::REDACTED } else { shown });
        self.record.remark(&format!("the line is longer than {limit} octets; only its beginning is shown"));
        self.wary |= secret;
        self.reply(&if secret { Reply::AuthLineTooLong(limit) } else { Reply::LineTooLong(limit) });
    }
}

/// RFC 6531 §3.4: an address beyond ASCII takes SMTPUTF8. Without it, it is kept all the same.
fn utf8_undeclared(said: &Addressed, declared: bool) -> Option<Finding> {
    (!declared && !said.path.as_bytes().is_ascii()).then(|| Finding::with(Oddity::Utf8WithoutSmtputf8, &said.path))
}
