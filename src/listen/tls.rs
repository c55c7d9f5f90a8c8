//! TLS on a connection: the handshake, and what it agreed. The only file here that names rustls' connections.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::ring;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use rustls::{ProtocolVersion, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::certificate::Identity;
use crate::mail::envelope::Tls;

/// Serves one certificate to whoever asks. Clones serve the same, also when it is another one later.
#[derive(Clone)]
pub struct Terminator(Arc<RwLock<TlsAcceptor>>);

impl Terminator {
    /// TLS 1.2 and 1.3 with this identity.
    ///
    /// # Errors
    /// The TLS library refuses its own defaults; not expected.
    pub fn new(identity: &Identity) -> Result<Self, rustls::Error> {
        Ok(Self(Arc::new(RwLock::new(acceptor(identity)?))))
    }

    /// From now on, serves this one. Connections under way are not touched.
    ///
    /// # Errors
    /// As with [`Terminator::new`]; then the old one goes on.
    pub fn serve(&self, identity: &Identity) -> Result<(), rustls::Error> {
        let acceptor = acceptor(identity)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
        Ok(())
    }

    /// Shakes hands.
    ///
    /// # Errors
    /// What the TLS library says of the handshake; [`cure`] turns it into advice.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<(TlsStream<S>, Tls)> {
        let acceptor = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let stream = acceptor.accept(stream).await?;
        let agreed = stream.get_ref().1;
        let version = match agreed.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "unknown",
        };
        let cipher =
            agreed.negotiated_cipher_suite().map_or_else(|| "unknown".into(), |suite| format!("{:?}", suite.suite()));
        let tls =
            Tls { version: version.into(), cipher: cipher.into(), server_name: agreed.server_name().map(Into::into) };
        Ok((stream, tls))
    }
}

/// The whole set-up is made anew for another certificate: a session resumed from an older one would show the old.
fn acceptor(identity: &Identity) -> Result<TlsAcceptor, rustls::Error> {
    // The provider is named: another TLS library in the same program may have brought its own.
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Always(identity.key.clone())));
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Whatever name the client asks for, it gets the one certificate: a test may use any name for this machine.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

/// A sentence for a failed handshake: what happened, and how to mend it.
pub fn cure(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    use rustls::AlertDescription as Alert;
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::AlertReceived(Alert::UnknownCA | Alert::BadCertificate | Alert::CertificateUnknown)) => {
            "The client does not trust the certificate. Let it trust the CA (the page offers it, --tls-dir keeps it), \
             switch its verification off, or switch its TLS off and use the plain port."
                .into()
        }
        Some(rustls::Error::PeerIncompatible(reason)) => {
            format!(
                "The client offers no TLS that is served here ({reason:?}); TLS 1.2 and 1.3 are. Renew its TLS library, \
                 or use the plain port."
            )
        }
        Some(rustls::Error::InvalidMessage(_)) => {
            "What the client sent is not TLS. For plain SMTP use the plain port; this port begins with TLS.".into()
        }
        Some(rustls::Error::AlertReceived(alert)) => {
            format!("The client broke the TLS handshake off ({alert:?}); its own log says why. Or use the plain port.")
        }
        Some(other) => format!("The TLS handshake failed: {other}."),
        None if matches!(error.kind(), Kind::UnexpectedEof | Kind::ConnectionReset | Kind::BrokenPipe) => {
            "The client went away during the TLS handshake, as clients do that do not trust the certificate. Let it \
             trust the CA, switch its verification off, or switch its TLS off and use the plain port."
                .into()
        }
        None if error.kind() == Kind::TimedOut => {
            "The client began a TLS handshake and did not finish it. Look for what holds it up, or use the plain port."
                .into()
        }
        None => format!("The TLS handshake failed: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{AlertDescription, InvalidMessage};

    #[test]
    fn every_failed_handshake_names_what_to_change() {
        let by_rustls = |error: rustls::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        for (error, words) in [
            (by_rustls(rustls::Error::AlertReceived(AlertDescription::UnknownCA)), "does not trust the certificate"),
            (by_rustls(rustls::Error::AlertReceived(AlertDescription::BadCertificate)), "the plain port"),
            (by_rustls(rustls::Error::AlertReceived(AlertDescription::DecodeError)), "(DecodeError); its own log"),
            (by_rustls(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)), "is not TLS"),
            (by_rustls(rustls::PeerIncompatible::NoCipherSuitesInCommon.into()), "Renew its TLS library"),
            (io::ErrorKind::UnexpectedEof.into(), "that do not trust the certificate"),
            (io::ErrorKind::ConnectionReset.into(), "that do not trust the certificate"),
            (io::ErrorKind::TimedOut.into(), "did not finish it"),
            (io::Error::other("the server was stopped"), "failed: the server was stopped."),
        ] {
            let sentence = cure(&error);
            assert!(sentence.contains(words) && sentence.ends_with('.'), "{sentence}");
        }
    }
}
