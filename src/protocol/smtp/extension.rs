//! What EHLO offers: a row per extension. Adding one is adding a row; the parameters it brings stand in it.

use super::auth;
use super::policy::{Policy, StartTls};
use crate::mail::envelope::{Addressed, Params};
use crate::mail::finding::{Finding, Oddity};

/// An extension to SMTP (RFC 5321 §2.2).
struct Extension {
    /// Its line in EHLO's answer, where it is offered.
    row: fn(&Policy, tls: bool) -> Option<String>,
    /// The parameters that it adds to MAIL and RCPT.
    parameters: &'static [&'static str],
}

const ROWS: &[Extension] = &[
    Extension { row: |_, _| Some("PIPELINING".into()), parameters: &[] }, // RFC 2920
    Extension { row: |policy, _| Some(format!("SIZE {}", policy.message_bytes_max)), parameters: &["SIZE"] }, // RFC 1870
    Extension { row: |_, _| Some("8BITMIME".into()), parameters: &["BODY"] }, // RFC 6152
    Extension { row: |_, _| Some("SMTPUTF8".into()), parameters: &["SMTPUTF8"] }, // RFC 6531
    Extension { row: |_, _| Some("CHUNKING".into()), parameters: &[] },       // RFC 3030
    Extension { row: |_, _| Some("BINARYMIME".into()), parameters: &["BODY"] }, // RFC 3030
    Extension { row: |_, _| Some("DSN".into()), parameters: &["RET", "ENVID", "NOTIFY", "ORCPT"] }, // RFC 3461
    Extension { row: |_, _| Some("ENHANCEDSTATUSCODES".into()), parameters: &[] }, // RFC 2034
    Extension { row: |_, _| Some(format!("AUTH {}", auth::offered())), parameters: &["AUTH"] }, // RFC 4954
    Extension {
        // RFC 3207 §4.2: not again once TLS is on.
        row: |policy, tls| (policy.starttls == StartTls::Advertised && !tls).then(|| "STARTTLS".into()),
        parameters: &[],
    },
    Extension { row: |_, _| Some("HELP".into()), parameters: &[] }, // RFC 5321 §4.1.1.8
];

/// The lines of EHLO's answer after the first.
pub(super) fn rows(policy: &Policy, tls: bool) -> impl Iterator<Item = String> {
    ROWS.iter().filter_map(move |extension| (extension.row)(policy, tls))
}

/// Whether a parameter's keyword is one of ours, case-blind.
pub(super) fn parameter_known(keyword: &[u8]) -> bool {
    ROWS.iter().flat_map(|row| row.parameters).any(|known| keyword.eq_ignore_ascii_case(known.as_bytes()))
}

/// Notes the parameters that no row brings. They are kept all the same.
pub(super) fn judge(said: &Addressed, odd: &mut Vec<Finding>) {
    for (keyword, _) in said.params.iter().filter(|(keyword, _)| !parameter_known(keyword)) {
        odd.push(Finding::with(Oddity::ParameterUnknown, String::from_utf8_lossy(keyword)));
    }
}

/// What SIZE announces (RFC 1870 §6); more than `u64` holds is as much as it holds.
pub(super) fn announced_size(params: &Params) -> Option<Result<u64, NotANumber>> {
    params.value("SIZE").map(|value| number(value).ok_or(NotANumber))
}

/// The value of a parameter is not one.
pub(super) struct NotANumber;

/// Decimal digits, saturating.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}
