//! The envelope of a message as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::told::Way;
use crate::mail::envelope::{Addressed, Envelope};

/// What the wire said; of a client only what it told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Envelope)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EnvelopeShape {
    /// MAIL FROM (RFC 5321 §4.1.1.2).
    from: PathShape,
    /// Each RCPT TO, in order (§4.1.1.3).
    to: Vec<PathShape>,
    /// By which way it came.
    #[schema(value_type = Way)]
    door: &'static str,
    /// The client's address and port.
    #[schema(required)]
    peer: Option<String>,
    /// What it said in HELO or EHLO.
    #[schema(required)]
    helo: Option<String>,
    /// None on a plain connection.
    #[schema(required)]
    #[serde(rename = "TLS")]
    tls: Option<TlsShape>,
    /// None without a login.
    #[schema(required)]
    #[serde(rename = "Auth")]
    login: Option<LoginShape>,
    /// The file that it was picked up from.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// An address as the wire had it, and what stood behind it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Path)]
#[serde(rename_all = "PascalCase")]
struct PathShape {
    /// Without its brackets; empty for the null sender.
    address: String,
    /// Such as `SIZE=1024 BODY=8BITMIME`; empty if there are none.
    parameters: String,
}

/// How the connection was encrypted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tls)]
#[serde(rename_all = "PascalCase")]
struct TlsShape {
    version: String,
    cipher: String,
    /// The name that the client asked for (RFC 6066 §3).
    #[schema(required)]
    server_name: Option<String>,
}

/// How the client logged in. No password is kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Login)]
#[serde(rename_all = "PascalCase")]
struct LoginShape {
    mechanism: String,
    user: String,
}

impl From<&Addressed> for PathShape {
    fn from(addressed: &Addressed) -> Self {
        Self { address: addressed.path.to_string(), parameters: addressed.params.to_string() }
    }
}

impl From<&Envelope> for EnvelopeShape {
    fn from(envelope: &Envelope) -> Self {
        let client = &envelope.client;
        Self {
            from: (&envelope.from).into(),
            to: envelope.to.iter().map(Into::into).collect(),
            door: client.door.name(),
            peer: client.peer.map(|peer| peer.to_string()),
            helo: client.helo.as_ref().map(|helo| helo.name.to_string()),
            tls: client.tls.as_ref().map(|tls| TlsShape {
                version: tls.version.to_string(),
                cipher: tls.cipher.to_string(),
                server_name: tls.server_name.as_ref().map(ToString::to_string),
            }),
            login: client
                .login
                .as_ref()
                .map(|login| LoginShape { mechanism: login.mechanism.to_string(), user: login.user.to_string() }),
            file: client.file.as_ref().map(ToString::to_string),
        }
    }
}
