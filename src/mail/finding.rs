//! Findings: what was odd about a message or a session, accepted all the same and reported.
//!
//! A kind of oddity is one row of the table below; pages, API and docs list themselves from it.

use super::weight::heap_bytes;
use std::fmt;

/// How much a row matters to a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nobody minds.
    Note,
    /// Some receivers mind.
    Warning,
    /// A strict server would have refused it.
    Refused,
}

impl Severity {
    /// The word in JSON and on the pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Refused => "refused",
        }
    }
}

/// One thing that was odd: the row, and the words that the message itself adds to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which row.
    pub oddity: Oddity,
    /// The offending bytes, or a number, as readable text; may be empty. At most a few hundred bytes.
    pub detail: Box<str>,
    /// Where it was seen, if at one place; of what repeats, the first.
    pub at: Option<Place>,
}

heap_bytes! { Finding { detail } }

/// Where something odd is. The bytes themselves are in the message and are not kept again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The offset of a byte in the raw message.
    Byte(u32),
    /// A line of the dialogue that the finding stands beside, from 1 on.
    Said(u32),
}

impl Place {
    /// The offset of a byte; none beyond four gibibytes.
    pub fn byte(at: usize) -> Option<Self> {
        at.try_into().ok().map(Self::Byte)
    }
}

impl Finding {
    /// A finding without more to say than its row.
    pub fn bare(oddity: Oddity) -> Self {
        Self { oddity, detail: "".into(), at: None }
    }

    /// A finding with the bytes that gave rise to it.
    pub fn with(oddity: Oddity, detail: impl fmt::Display) -> Self {
        let mut detail = detail.to_string();
        if detail.len() > DETAIL_BYTES_MAX {
            detail.truncate(detail.floor_char_boundary(DETAIL_BYTES_MAX));
            detail.push('…');
        }
        Self { oddity, detail: detail.into(), at: None }
    }

    /// The finding with its place in the raw message.
    pub fn at_byte(self, at: usize) -> Self {
        Self { at: Place::byte(at), ..self }
    }

    /// Whether it says the same, wherever it was seen.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.oddity == other.oddity && self.detail == other.detail
    }
}

const DETAIL_BYTES_MAX: usize = 200;

macro_rules! oddities {
    ($($(#[doc = $doc:literal])* $name:ident, $id:literal, $severity:ident, $rfc:literal, $sentence:literal;)*) => {
        /// The rows: every oddity that Restante knows to report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Oddity { $(#[doc = $sentence] $name,)* }

        impl Oddity {
            /// Every row, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The row of this id.
            pub fn named(id: &str) -> Option<Self> { Self::ALL.iter().copied().find(|oddity| oddity.id() == id) }
            /// The stable name in JSON, transcripts and search.
            pub fn id(self) -> &'static str { match self { $(Self::$name => $id,)* } }
            /// How much it matters.
            pub fn severity(self) -> Severity { match self { $(Self::$name => Severity::$severity,)* } }
            /// The clause it departs from.
            pub fn rfc(self) -> &'static str { match self { $(Self::$name => $rfc,)* } }
            /// The sentence its reader sees.
            pub fn sentence(self) -> &'static str { match self { $(Self::$name => $sentence,)* } }
        }
    };
}

oddities! {
    // The command line
    SpaceAfterColon, "space-after-colon", Refused, "RFC 5321 §3.3", "There is a space between the colon and the address.";
    NoBrackets, "no-brackets", Refused, "RFC 5321 §4.1.2", "The address is not in angle brackets.";
    NoHelo, "no-helo", Refused, "RFC 5321 §4.1.1.1", "The client did not say HELO or EHLO first.";
    EmptyHelo, "empty-helo", Refused, "RFC 5321 §4.1.1.1", "HELO or EHLO came without a name.";
    BareLfCommand, "bare-lf-command", Refused, "RFC 5321 §2.3.8", "A command line ended in LF alone.";
    NoColon, "no-colon", Refused, "RFC 5321 §4.1.1.2", "There is no colon after FROM or TO.";
    PathNotAlone, "path-not-alone", Refused, "RFC 5321 §4.1.2", "Something stands beside the address: a display name, a space or a bracket too many, or one too few.";
    BracketUnclosed, "bracket-unclosed", Refused, "RFC 5321 §4.1.2", "The address opens an angle bracket and does not close it.";
    SourceRoute, "source-route", Note, "RFC 5321 App. C", "The address has a source route, which nobody follows any more.";
    NoDomain, "no-domain", Warning, "RFC 5321 §4.1.2", "The address has no domain.";
    PathTooLong, "path-too-long", Warning, "RFC 5321 §4.5.3.1.3", "The address is longer than 256 octets.";
    ControlInCommand, "control-in-command", Refused, "RFC 5321 §4.1.2", "A command line has a control character in it.";
    LeadingSpace, "leading-space", Refused, "RFC 5321 §4.1.1", "There is white space before the verb.";
    StrayArgument, "stray-argument", Refused, "RFC 5321 §4.3.2", "A command that takes no argument came with one.";
    ParameterUnknown, "parameter-unknown", Refused, "RFC 5321 §4.1.1.11", "A parameter belongs to no extension that was offered.";
    ParameterUnread, "parameter-unread", Refused, "RFC 1870 §6", "The SIZE parameter is not a number.";
    AuthInTransaction, "auth-in-transaction", Refused, "RFC 4954 §4", "AUTH came in the middle of a transaction.";
    LoginUnread, "login-unread", Warning, "RFC 4616 §2", "No user name could be read from the credentials; they were accepted all the same.";
    BinaryOverData, "binary-over-data", Refused, "RFC 3030 §3", "BODY=BINARYMIME was said, but the message came by DATA, not BDAT.";
    NestedMail, "nested-mail", Refused, "RFC 5321 §4.1.4", "MAIL came again before the first transaction was finished.";
    Utf8WithoutSmtputf8, "utf8-without-smtputf8", Refused, "RFC 6531 §3.4", "An address has characters beyond ASCII, but SMTPUTF8 was not asked for.";
    PlaintextAfterStarttls, "plaintext-after-starttls", Refused, "RFC 3207 §4.2", "Commands were pipelined after STARTTLS; they were thrown away.";
    MailboxNameCut, "mailbox-name-cut", Note, "", "The user name is longer than a mailbox name may be; it was cut.";
    MailboxNameDots, "mailbox-name-dots", Note, "", "The user name would be folded away in a URL; the mailbox default was used.";
    // The body on the wire
    BareLf, "bare-lf", Refused, "RFC 5321 §2.3.8", "A line of the message ended in LF alone.";
    BareCr, "bare-cr", Refused, "RFC 5321 §2.3.8", "The message has a CR that is not followed by LF.";
    LineTooLong, "line-too-long", Refused, "RFC 5322 §2.1.1", "A line is longer than 998 octets.";
    EightBitUndeclared, "eight-bit-undeclared", Warning, "RFC 6152 §3", "The body has 8-bit bytes, but BODY=8BITMIME was not said.";
    SizeDiffers, "size-differs", Note, "RFC 1870 §6", "The message is larger than its SIZE parameter said.";
    LoneDot, "lone-dot", Warning, "RFC 5321 §4.1.1.4", "A dot stands alone between line ends that are not CRLF; a lax server would end the message there (SMTP smuggling).";
    // The message
    NoDate, "no-date", Warning, "RFC 5322 §3.6", "There is no Date field.";
    DateUnread, "date-unread", Warning, "RFC 5322 §3.3", "The Date field is not a date.";
    NoFrom, "no-from", Warning, "RFC 5322 §3.6", "There is no From field.";
    NoMessageId, "no-message-id", Warning, "RFC 5322 §3.6.4", "There is no Message-ID field.";
    NoHeader, "no-header", Warning, "RFC 5322 §2.1", "The message does not begin with header fields.";
    HeaderLineUnread, "header-line-unread", Warning, "RFC 5322 §2.2", "A line of the header is not a field.";
    FieldRepeated, "field-repeated", Warning, "RFC 5322 §3.6", "A field that may stand once stands more often.";
    BoundaryMissing, "boundary-missing", Warning, "RFC 2046 §5.1.1", "A multipart names no boundary, or its boundary never occurs.";
    BoundaryUnclosed, "boundary-unclosed", Warning, "RFC 2046 §5.1.1", "A multipart is never closed.";
    TooManyParts, "too-many-parts", Note, "", "There are more MIME parts than are read; the rest is in the source.";
    TooDeep, "too-deep", Note, "", "MIME parts are nested deeper than is read; the rest is in the source.";
    EncodingUnknown, "encoding-unknown", Warning, "RFC 2045 §6.4", "A Content-Transfer-Encoding is not known; the part is shown as it was sent.";
    EncodingBroken, "encoding-broken", Warning, "RFC 2045 §6", "A part could not be decoded cleanly.";
    CharsetUnknown, "charset-unknown", Warning, "RFC 2046 §4.1.2", "A charset is not known; the text was guessed.";
    CharsetWrong, "charset-wrong", Warning, "RFC 2046 §4.1.2", "The bytes of a text are not in the charset that it names.";
    CharsetMissing, "charset-missing", Warning, "RFC 2046 §4.1.2", "A text has bytes beyond ASCII and names no charset; it was guessed.";
    CharsetBroken, "charset-broken", Warning, "RFC 2046 §4.1.2", "A text has bytes that are nothing in its charset.";
    HeaderEightBit, "header-eight-bit", Warning, "RFC 5322 §2.2", "A header field has bytes beyond ASCII that are not encoded (RFC 6532 allows UTF-8 to those who asked for SMTPUTF8).";
    EncodedWordBad, "encoded-word-bad", Warning, "RFC 2047 §2", "An encoded word is not closed, has spaces in it, or names an unknown charset.";
    ReadingFailed, "reading-failed", Warning, "", "The message could not be read; its source is kept as sent.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_own_id_and_a_whole_sentence() {
        let ids: std::collections::HashSet<_> = Oddity::ALL.iter().map(|oddity| oddity.id()).collect();
        assert_eq!(ids.len(), Oddity::ALL.len());
        for oddity in Oddity::ALL {
            assert!(oddity.sentence().ends_with('.'), "{}", oddity.id());
        }
    }
}
