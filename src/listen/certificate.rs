//! The certificate: made at the start by a CA of our own, or read from the user's files. The only file that names
//! rcgen.
//!
//! The CA may sign only for names of this machine (name constraints, RFC 5280 §4.2.1.10): whoever trusts it opens no
//! door to anyone else. Authority key identifier and key usages are set, as strict verifiers ask.

use std::fmt;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;

use crate::config::reason;

/// A certificate that can be served, and the CA to trust, if we made it.
#[derive(Clone)]
pub struct Identity {
    /// Chain and key; they fit each other.
    pub key: Arc<CertifiedKey>,
    /// Our CA.
    pub ca: Option<Ca>,
}

/// The CA that a client can trust.
#[derive(Clone, Debug)]
pub struct Ca {
    /// Its certificate, in PEM.
    pub pem: Arc<str>,
    /// Where it is kept, if it is.
    pub path: Option<PathBuf>,
    /// Names that the certificate should have had, and that a kept CA may not sign.
    pub refused: Vec<String>,
}

/// The certificate cannot be had. Each is a sentence for whoever started the server.
#[derive(Debug)]
pub enum CertificateError {
    /// A file or folder cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// What was tried: `read` or `written`.
        act: &'static str,
        /// Why.
        error: io::Error,
    },
    /// A file does not hold what it should.
    Content {
        /// Which.
        path: PathBuf,
        /// What is expected there.
        expected: &'static str,
    },
    /// Certificate and key are not of one pair, or the key is of a kind that is not served.
    Pair {
        /// The certificate.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
        /// What the TLS library says.
        reason: String,
    },
    /// A name that no certificate can hold.
    Name(String),
    /// Making one failed.
    Made(String),
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, act, error } => {
                write!(f, "{} cannot be {act}: {}", path.display(), reason(error))
            }
            Self::Content { path, expected } => {
                let begins = if expected.starts_with("certificate") { "CERTIFICATE" } else { "PRIVATE KEY" };
                let path = path.display();
                write!(f, "{path} holds no {expected} in PEM; the right file has a line -----BEGIN {begins}-----")
            }
            Self::Name(name) => {
                write!(
                    f,
                    "the name {name:?} cannot stand in a certificate; write it in ASCII, such as xn--mil-qla.test"
                )
            }
            Self::Pair { cert, key, reason } => {
                write!(f, "the key {} does not fit the certificate {}: {reason}", key.display(), cert.display())
            }
            Self::Made(reason) => write!(f, "no certificate could be made: {reason}"),
        }
    }
}

impl std::error::Error for CertificateError {}

const CA_FILE: &str = "ca.pem";
const CA_KEY_FILE: &str = "ca-key.pem";
const CA_DAYS: i64 = 10 * 365;
/// Less than the 398 days that Apple's verifiers allow.
const LEAF_DAYS: i64 = 390;
/// Names that only ever mean this machine or its own network (RFC 6761, RFC 8375, ICANN's .internal).
const LOCAL_DOMAINS: [&str; 4] = ["localhost", "test", "internal", "local"];

/// What the user's two files hold.
#[derive(Clone, PartialEq, Eq)]
pub struct Pem {
    cert: Vec<u8>,
    key: Vec<u8>,
}

/// Reads the user's own certificate.
///
/// # Errors
/// A file that cannot be read or holds something else, and a key that does not fit.
pub fn from_files(cert: &Path, key: &Path) -> Result<Identity, CertificateError> {
    from_pem(cert, key, &read_pair(cert, key)?)
}

/// Reads the two files, whatever is in them.
///
/// # Errors
/// One of them cannot be read.
pub fn read_pair(cert: &Path, key: &Path) -> Result<Pem, CertificateError> {
    Ok(Pem { cert: read(cert)?, key: read(key)? })
}

/// Understands what the two files held.
///
/// # Errors
/// A file that holds something else, and a key that does not fit.
pub fn from_pem(cert: &Path, key: &Path, pem: &Pem) -> Result<Identity, CertificateError> {
    let unfit = |expected, path: &Path| CertificateError::Content { path: path.into(), expected };
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&pem.cert).collect::<Result<_, _>>().map_err(|_| unfit("certificate", cert))?;
    if chain.is_empty() {
        return Err(unfit("certificate", cert));
    }
    let private = PrivateKeyDer::from_pem_slice(&pem.key).map_err(|_| unfit("private key", key))?;
    let pair = CertifiedKey::from_der(chain, private, &ring::default_provider())
        .map_err(|error| CertificateError::Pair { cert: cert.into(), key: key.into(), reason: unfit_pair(&error) })?;
    Ok(Identity { key: Arc::new(pair), ca: None })
}

/// Makes a certificate for this machine, `host` and `names`, valid from the day before `now`. With a folder the CA is
/// taken from there, or put there (key file mode 0600); without one its key is forgotten when this returns.
///
/// # Errors
/// The folder cannot be used, or holds something else.
pub fn make(host: &str, names: &[String], dir: Option<&Path>, now: Timestamp) -> Result<Identity, CertificateError> {
    let mut all = all_names(host, names);
    // rcgen would panic.
    if let Some(name) = all.iter().find(|name| !name.is_ascii()) {
        return Err(CertificateError::Name(name.clone()));
    }
    let mut refused = Vec::new();
    let kept = dir.map(|dir| (dir.join(CA_FILE), dir.join(CA_KEY_FILE)));
    let (pem, ca_key) = match &kept {
        Some((cert, key)) if cert.exists() || key.exists() => {
            let (pem, key) = read_ca(cert, key)?;
            // One name outside of the kept CA's constraints would make verifiers refuse all the others too: a container
            // has another name at every start.
            refused = all.extract_if(.., |name| !may_sign(&pem, &key, name, now)).collect();
            (pem, key)
        }
        _ => {
            let key = KeyPair::generate().map_err(made)?;
            let pem = ca_params(&all, now).self_signed(&key).map_err(made)?.pem();
            if let Some((cert_path, key_path)) = &kept {
                write_ca(dir.unwrap_or(Path::new(".")), cert_path, key_path, &pem, &key)?;
            }
            (pem, key)
        }
    };
    let leaf_key = KeyPair::generate().map_err(made)?;
    // The issuer is its name and key alone; what else the kept CA says was decided when it was made.
    let issuer = Issuer::new(ca_params(&all, now), ca_key);
    let leaf = leaf_params(&all, now)?.signed_by(&leaf_key, &issuer).map_err(made)?;
    let ca =
        CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| CertificateError::Made(error.to_string()))?;
    let private = PrivatePkcs8KeyDer::from(leaf_key.serialize_der());
    let pair = CertifiedKey::from_der(vec![leaf.der().clone(), ca], private.into(), &ring::default_provider())
        .map_err(|error| CertificateError::Made(error.to_string()))?;
    Ok(Identity { key: Arc::new(pair), ca: Some(Ca { pem: pem.into(), path: kept.map(|(cert, _)| cert), refused }) })
}

fn unfit_pair(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InconsistentKeys(_) => "they are not of one pair".into(),
        other => other.to_string(),
    }
}

fn made(error: rcgen::Error) -> CertificateError {
    CertificateError::Made(error.to_string())
}

fn all_names(host: &str, names: &[String]) -> Vec<String> {
    let mut all: Vec<String> = ["localhost", "127.0.0.1", "::1", host].into_iter().map(str::to_owned).collect();
    all.extend(names.iter().cloned());
    all.retain(|name| !name.is_empty());
    all.sort();
    all.dedup();
    all
}

fn ca_params(names: &[String], now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Restante local CA");
    params.distinguished_name.push(DnType::OrganizationName, "Restante, for this machine only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    let mut permitted: Vec<_> = LOCAL_DOMAINS.map(|domain| GeneralSubtree::DnsName(domain.into())).into();
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)));
    permitted
        .push(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]), 128)));
    for name in names {
        permitted.push(match name.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address.into(), 32)),
            Ok(IpAddr::V6(address)) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address.into(), 128)),
            // A constraint covers what is below it; with a star in it Go refuses the whole CA (RFC 5280 §4.2.1.10).
            Err(_) => GeneralSubtree::DnsName(name.trim_start_matches("*.").into()),
        });
    }
    params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    valid_for(&mut params, now, CA_DAYS);
    params
}

fn leaf_params(names: &[String], now: Timestamp) -> Result<CertificateParams, CertificateError> {
    let mut params = CertificateParams::new(names).map_err(made)?;
    params.distinguished_name.push(DnType::CommonName, "Restante on localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.is_ca = IsCa::ExplicitNoCa;
    valid_for(&mut params, now, LEAF_DAYS);
    Ok(params)
}

/// Whether a verifier would accept this CA's signature under this name.
fn may_sign(ca_pem: &str, ca_key: &KeyPair, name: &str, now: Timestamp) -> bool {
    let try_it = || {
        let names = [name.to_owned()];
        let leaf = leaf_params(&names, now).ok()?;
        let leaf = leaf.signed_by(ca_key, &Issuer::new(ca_params(&names, now), ca_key)).ok()?;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).ok()?).ok()?;
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots.into(), provider).build().ok()?;
        let asked = ServerName::try_from(name.replace('*', "any")).ok()?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now.as_second().try_into().ok()?));
        verifier.verify_server_cert(leaf.der(), &[], &asked, &[], now).ok()
    };
    try_it().is_some()
}

/// From yesterday, for clocks that are behind, at midnight UTC.
fn valid_for(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let midnight = |days| {
        let date = TimeZone::UTC.to_datetime(now).date().saturating_add(jiff::Span::new().days(days));
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    params.not_before = midnight(-1);
    params.not_after = midnight(days);
}

fn read_ca(cert: &Path, key: &Path) -> Result<(String, KeyPair), CertificateError> {
    // The pair is checked as a server's would be.
    from_files(cert, key)?;
    let content = |path: &Path, expected| CertificateError::Content { path: path.into(), expected };
    let pem = String::from_utf8(read(cert)?).map_err(|_| content(cert, "certificate"))?;
    let key_pem = String::from_utf8(read(key)?).map_err(|_| content(key, "private key"))?;
    let pair = KeyPair::from_pem(&key_pem).map_err(|_| content(key, "private key that can sign"))?;
    Ok((pem, pair))
}

fn write_ca(dir: &Path, cert: &Path, key: &Path, pem: &str, pair: &KeyPair) -> Result<(), CertificateError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| CertificateError::File { path, act: "written", error }
    };
    fs::create_dir_all(dir).map_err(failed(dir))?;
    write_private(key, &pair.serialize_pem()).map_err(failed(key))?;
    fs::write(cert, pem).map_err(failed(cert))
}

/// The file is private from its first moment, not made so afterwards.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    fs::read(path).map_err(|error| CertificateError::File { path: path.into(), act: "read", error })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    #[test]
    fn the_ca_is_kept_over_restarts_and_its_key_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = make("box", &[], Some(dir.path()), NOW).unwrap();
        let again = make("box", &[], Some(dir.path()), NOW).unwrap();
        assert_eq!(first.ca.as_ref().unwrap().pem, again.ca.as_ref().unwrap().pem);
        assert_ne!(first.key.cert[0], again.key.cert[0], "the leaf is made anew");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(CA_KEY_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_kept_ca_is_not_asked_for_names_that_it_may_not_sign() {
        let dir = tempfile::tempdir().unwrap();
        let names = ["*.shop.example".to_owned(), "10.1.2.3".to_owned()];
        let refused = |host: &str| make(host, &names, Some(dir.path()), NOW).unwrap().ca.unwrap().refused;
        assert_eq!(refused("box"), [""; 0]);
        assert_eq!(refused("box"), [""; 0], "the same names, read back");
        assert_eq!(refused("f00dcafe"), ["f00dcafe"], "a container that was started again");
        assert_eq!(refused("web.shop.example"), [""; 0]);
        let none: [String; 0] = [];
        assert_eq!(make("box.local", &none, Some(dir.path()), NOW).unwrap().ca.unwrap().refused, none);
    }

    #[test]
    fn what_is_wrong_with_the_files_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("one"), dir.path().join("other"));
        make("box", &[], Some(&one), NOW).unwrap();
        make("box", &[], Some(&other), NOW).unwrap();
        let said =
            |cert: &Path, key: &Path| from_files(cert, key).err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(said(&one.join(CA_FILE), &one.join(CA_KEY_FILE)), "");
        assert!(said(&one.join(CA_FILE), &other.join(CA_KEY_FILE)).contains("does not fit"));
        assert!(said(&one.join(CA_KEY_FILE), &one.join(CA_KEY_FILE)).contains("holds no certificate"));
        assert!(said(&one.join(CA_FILE), &one.join(CA_FILE)).contains("holds no private key"));
        let strange = make("box", &["mäil.test".into()], None, NOW).err().unwrap();
        assert!(strange.to_string().contains("ASCII"));
        assert!(said(&dir.path().join("nowhere"), &one.join(CA_KEY_FILE)).contains("cannot be read"));
    }
}
