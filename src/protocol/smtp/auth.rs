//! AUTH (RFC 4954): every mechanism that clients speak, and any credentials.
//!
//! Job: ask what has to be asked and read the user's name, which becomes a mailbox. Non-job: judging a secret; none
//! is looked at, kept, or compared. What cannot be decoded is refused, since the client would not learn otherwise
//! that its encoding is broken.

use super::reply::Reply;
use crate::mail::envelope::Login;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A SASL mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// RFC 4616.
    Plain,
    /// draft-murchison-sasl-login; the one that everybody speaks.
    Login,
    /// RFC 2195.
    CramMd5,
    /// Google's and Microsoft's token, before there was a standard.
    XOauth2,
    /// RFC 7628.
    OauthBearer,
}

/// The rows, in the order in which EHLO offers them.
const ROWS: &[(&str, Mechanism)] = &[
    ("PLAIN", Mechanism::Plain),
    ("LOGIN", Mechanism::Login),
    ("CRAM-MD5", Mechanism::CramMd5),
    ("XOAUTH2", Mechanism::XOauth2),
    ("OAUTHBEARER", Mechanism::OauthBearer),
];

/// Mechanisms that we do not speak, but whose names are no secrets.
const HEARD_OF: &[&str] = &[
    "DIGEST-MD5",
    "NTLM",
    "GSSAPI",
    "SPNEGO",
    "EXTERNAL",
    "ANONYMOUS",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
];

/// The names of the mechanisms, as EHLO lists them.
pub(super) fn offered() -> String {
    ROWS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// Whether a word is the name of a mechanism, ours or another's, and so no secret.
pub(super) fn is_known(word: &[u8]) -> bool {
    ROWS.iter().map(|(name, _)| name).chain(HEARD_OF).any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// The mechanism of that name, case-blind (RFC 4422 §3.1).
pub(super) fn mechanism(word: &[u8]) -> Option<Mechanism> {
    ROWS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, mechanism)| *mechanism)
}

/// An exchange that waits for the client's next line.
#[derive(Debug)]
pub(super) enum Exchange {
    /// One response that says all.
    Whole(Mechanism),
    /// LOGIN's user name.
    LoginUser,
    /// LOGIN's password.
    LoginPassword { user: Box<str> },
}

/// What a line of the exchange leads to.
pub(super) enum Step {
    /// Ask for more.
    Ask(Exchange, String),
    /// Logged in. `read`: whether a user's name was found.
    Done { login: Login, read: bool },
    /// It is over.
    Refused(Reply<'static>),
}

/// CRAM-MD5's challenges: different each time (RFC 2195 §2), from a seed that the driver chose.
pub(super) struct Challenges {
    seed: u64,
    asked: u32,
}

impl Challenges {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, asked: 0 }
    }

    fn next(&mut self, host: &str) -> String {
        self.asked = self.asked.wrapping_add(1);
        BASE64.encode(format!("<{:016x}.{}@{host}>", self.seed, self.asked))
    }
}

impl Mechanism {
    /// `AUTH mechanism [initial]`, where `=` is an initial response that is empty (RFC 4954 §4).
    pub(super) fn begin(self, initial: Option<&[u8]>, challenges: &mut Challenges, host: &str) -> Step {
        match (self, initial) {
            (Self::Login, None) => Step::Ask(Exchange::LoginUser, BASE64.encode("Username:")),
            (Self::Login, Some(initial)) => Exchange::LoginUser.step(initial),
            // The server begins; RFC 4954 §4 has this refused with 501.
            (Self::CramMd5, Some(_)) => Step::Refused(Reply::InitialResponseUnasked),
            (Self::CramMd5, None) => Step::Ask(Exchange::Whole(self), challenges.next(host)),
            (_, None) => Step::Ask(Exchange::Whole(self), String::new()),
            (_, Some(initial)) => Exchange::Whole(self).step(initial),
        }
    }

    fn name(self) -> &'static str {
        ROWS.iter().find(|(_, mechanism)| *mechanism == self).map_or("", |(name, _)| name)
    }

    /// The user's name, where there is one.
    fn user(self, response: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Plain => plain_user(response),
            // "user digest"; a user's name may have spaces, a digest has none.
            Self::CramMd5 => memchr::memrchr(b' ', response).map(|space| response[..space].to_vec()),
            Self::XOauth2 => {
                response.split(|byte| *byte == 1).find_map(|field| field.strip_prefix(b"user=")).map(<[u8]>::to_vec)
            }
            Self::OauthBearer => gs2_user(response),
            Self::Login => Some(response.to_vec()),
        }
        .filter(|user| !user.is_empty())
    }
}

impl Exchange {
    /// The client's next line, without its line end.
    pub(super) fn step(self, line: &[u8]) -> Step {
        let line = line.trim_ascii();
        if line == b"*" {
            return Step::Refused(Reply::AuthCancelled); // RFC 4954 §4
        }
        let Some(response) = decode(line) else { return Step::Refused(Reply::NotBase64) };
        match self {
            Self::LoginUser => {
                let user = String::from_utf8_lossy(&response).into();
                Step::Ask(Self::LoginPassword { user }, BASE64.encode("Password:"))
            }
            Self::LoginPassword { user } => done(Mechanism::Login, Some(user)),
            Self::Whole(mechanism) => {
                done(mechanism, mechanism.user(&response).map(|user| String::from_utf8_lossy(&user).into()))
            }
        }
    }
}

fn done(mechanism: Mechanism, user: Option<Box<str>>) -> Step {
    let read = user.as_ref().is_some_and(|user| !user.is_empty());
    Step::Done { login: Login { mechanism: mechanism.name().into(), user: user.unwrap_or_default() }, read }
}

/// `[authzid] NUL authcid NUL passwd`; some leave the first NUL out. Without any NUL it may all be password.
fn plain_user(response: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<_> = response.splitn(3, |byte| *byte == 0).collect();
    match parts[..] {
        [authzid, b"", _] => Some(authzid),
        [_, authcid, _] => Some(authcid),
        [b"", user] | [user, _] => Some(user),
        _ => None,
    }
    .map(<[u8]>::to_vec)
}

/// `n,a=user,`: the GS2 header of RFC 7628 §3.1, in which RFC 5801 §4 writes `,` and `=` as `=2C` and `=3D`.
fn gs2_user(response: &[u8]) -> Option<Vec<u8>> {
    let header = response.split(|byte| *byte == 1).next()?;
    let name = header.split(|byte| *byte == b',').find_map(|field| field.strip_prefix(b"a="))?;
    let mut user = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [byte, tail @ ..] = rest {
        (user, rest) = match rest {
            [b'=', b'2', b'C' | b'c', tail @ ..] => ([&user[..], b","].concat(), tail),
            [b'=', b'3', b'D' | b'd', tail @ ..] => ([&user[..], b"="].concat(), tail),
            _ => {
                user.push(*byte);
                (user, tail)
            }
        };
    }
    Some(user)
}

/// Base64 as clients write it: with or without padding, in either alphabet (RFC 4648 §4, §5), `=` for nothing.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text == b"=" {
        return Some(Vec::new());
    }
    BASE64.decode(text).or_else(|_| BASE64_URL.decode(text)).ok()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

#[cfg(test)]
mod tests {
    use super::*;

    fn user(mechanism: Mechanism, response: &[u8]) -> Option<String> {
        mechanism.user(response).map(|user| String::from_utf8(user).unwrap())
    }

    #[test]
    fn the_user_is_found_where_each_mechanism_puts_it() {
        for (mechanism, response, expected) in [
            (Mechanism::Plain, &b"\0ann\0secret"[..], Some("ann")),
            (Mechanism::Plain, b"boss\0ann\0secret", Some("ann")),
            (Mechanism::Plain, b"boss\0\0secret", Some("boss")),
            (Mechanism::Plain, b"ann\0secret", Some("ann")),
            (Mechanism::Plain, b"\0ann\0se\0cret", Some("ann")),
            (Mechanism::Plain, b"secret", None),
            (Mechanism::Plain, b"\0\0", None),
            (Mechanism::Plain, b"", None),
            (Mechanism::CramMd5, b"ann b0b 5f0", Some("ann b0b")),
            (Mechanism::CramMd5, b"5f0", None),
            (Mechanism::XOauth2, b"user=ann@b\x01auth=Bearer t\x01\x01", Some("ann@b")),
            (Mechanism::XOauth2, b"auth=Bearer t\x01\x01", None),
            (Mechanism::OauthBearer, b"n,a=ann@b,\x01host=x\x01auth=Bearer t\x01\x01", Some("ann@b")),
            (Mechanism::OauthBearer, b"n,a=a=2Cb=3dc=,\x01", Some("a,b=c=")),
            (Mechanism::OauthBearer, b"n,,\x01auth=Bearer t\x01\x01", None),
        ] {
            assert_eq!(user(mechanism, response).as_deref(), expected, "{}", response.escape_ascii());
        }
    }

    #[test]
    fn base64_is_read_in_every_dress() {
        for (text, expected) in [
            (&b"AGE="[..], Some(&b"\0a"[..])),
            (b"AGE", Some(b"\0a")),
            (b"-_8=", Some(b"\xfb\xff")),
            (b"+/8=", Some(b"\xfb\xff")),
            (b"=", Some(b"")),
            (b"", Some(b"")),
            (b"!!!", None),
            (b"AGE= AGE=", None),
        ] {
            assert_eq!(decode(text).as_deref(), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn no_two_challenges_are_alike() {
        let mut challenges = Challenges::new(7);
        assert_ne!(challenges.next("h"), challenges.next("h"));
    }
}
