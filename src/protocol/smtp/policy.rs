//! The limits of a session, and what it offers: the option struct that the composition root cuts for us.

/// What a [`super::Session`] allows and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Our name in the greeting.
    pub host: Box<str>,
    /// The largest message, as RFC 1870 counts it.
    pub message_bytes_max: usize,
    /// The most recipients of one message; RFC 5321 §4.5.3.1.8 asks for 100 at least.
    pub recipients_max: usize,
    /// The longest command line with its line end; RFC 5321 §4.5.3.1.4 asks for 512 at least.
    pub command_line_bytes_max: usize,
    /// The longest line of an AUTH exchange; RFC 4954 §4 asks for 12,288 at least.
    pub auth_line_bytes_max: usize,
    /// How much of the dialogue is remembered.
    pub dialogue_bytes_max: usize,
    /// Whether TLS can be had on this door.
    pub starttls: StartTls,
    /// Whether MAIL is refused before a login. Any login will do.
    pub auth_required: bool,
    /// Where else a client may be sent.
    pub signposts: Signposts,
}

/// The ports of this run, for replies that send a client to the right one. None: there is no such door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signposts {
    /// Plain SMTP.
    pub plain: Option<u16>,
    /// STARTTLS is offered.
    pub starttls: Option<u16>,
    /// TLS from the first byte.
    pub tls: Option<u16>,
    /// The page.
    pub http: Option<u16>,
}

impl Default for Signposts {
    /// The ports that these doors have everywhere.
    fn default() -> Self {
        Self { plain: Some(2525), starttls: Some(587), tls: Some(465), http: Some(8025) }
    }
}

/// How a door stands to STARTTLS (RFC 3207).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTls {
    /// In EHLO's answer, as long as TLS is not on.
    Advertised,
    /// Not in EHLO's answer, since clients that upgrade by themselves stumble over an unknown certificate; it works
    /// for whoever asks.
    Understood,
    /// Not to be had.
    Absent,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            host: "localhost".into(),
            message_bytes_max: MESSAGE_BYTES_MAX,
            recipients_max: RECIPIENTS_MAX,
            command_line_bytes_max: COMMAND_LINE_BYTES_MAX,
            auth_line_bytes_max: AUTH_LINE_BYTES_MAX,
            dialogue_bytes_max: DIALOGUE_BYTES_MAX,
            starttls: StartTls::Understood,
            auth_required: false,
            signposts: Signposts::default(),
        }
    }
}

const MESSAGE_BYTES_MAX: usize = 50 << 20;
const RECIPIENTS_MAX: usize = 10_000;
const COMMAND_LINE_BYTES_MAX: usize = 4 << 10;
const AUTH_LINE_BYTES_MAX: usize = 12 << 10;
const DIALOGUE_BYTES_MAX: usize = 64 << 10;

const _: () = {
    assert!(COMMAND_LINE_BYTES_MAX >= 512, "RFC 5321 §4.5.3.1.4");
    assert!(AUTH_LINE_BYTES_MAX >= 12_288, "RFC 4954 §4");
    assert!(COMMAND_LINE_BYTES_MAX < AUTH_LINE_BYTES_MAX, "an AUTH line is a command line with a token in it");
    assert!(AUTH_LINE_BYTES_MAX < DIALOGUE_BYTES_MAX, "one line must not fill the dialogue");
    assert!(RECIPIENTS_MAX >= 100, "RFC 5321 §4.5.3.1.8");
    assert!(MESSAGE_BYTES_MAX >= 64 << 10, "RFC 5321 §4.5.3.1.7");
};
