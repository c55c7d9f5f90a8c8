//! The user's certificate, renewed under a running server, as real TLS clients see it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::Server;

struct Pair {
    cert: String,
    key: String,
}

fn pair() -> Pair {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Pair { cert: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

/// A client that trusts one certificate and no other.
struct Client(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Client {
    /// None: the server showed another certificate.
    fn connect(server: &Server, trusted: &Pair) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(trusted.cert.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let stream = TcpStream::connect(("127.0.0.1", server.port("implicit"))).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut client = Self(BufReader::new(StreamOwned::new(connection, stream)));
        client.reply().ok().map(|reply| {
            assert!(reply.starts_with("220"), "{reply}");
            client
        })
    }

    fn reply(&mut self) -> std::io::Result<String> {
        let mut reply = String::new();
        self.0.read_line(&mut reply).map(|_| reply)
    }

    fn noop(&mut self) -> String {
        self.0.get_mut().write_all(b"NOOP\r\n").unwrap();
        self.reply().unwrap()
    }
}

/// Asks until it is so; a minute at most.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("it did not come about");
}

fn write(dir: &Path, pair: &Pair) {
    fs::write(dir.join("cert.pem"), &pair.cert).unwrap();
    fs::write(dir.join("key.pem"), &pair.key).unwrap();
}

fn serving(dir: &Path) -> Server {
    let name = |file: &str| dir.join(file).to_str().unwrap().to_owned();
    Server::own_tls(&["--tls-cert", &name("cert.pem"), "--tls-key", &name("key.pem")])
}

#[test]
fn a_renewed_certificate_is_served_and_sessions_under_way_go_on() {
    let (dir, first, second) = (tempfile::tempdir().unwrap(), pair(), pair());
    write(dir.path(), &first);
    let server = serving(dir.path());
    let mut before = Client::connect(&server, &first).expect("the first is served");
    assert!(Client::connect(&server, &second).is_none());

    // Renamed into place, one after the other.
    fs::write(dir.path().join("cert.new"), &second.cert).unwrap();
    fs::write(dir.path().join("key.new"), &second.key).unwrap();
    fs::rename(dir.path().join("cert.new"), dir.path().join("cert.pem")).unwrap();
    fs::rename(dir.path().join("key.new"), dir.path().join("key.pem")).unwrap();
    until(|| Client::connect(&server, &second));
    assert!(Client::connect(&server, &first).is_none());
    assert!(before.noop().starts_with("250"));
}

#[test]
fn a_pair_that_does_not_fit_is_told_and_the_old_one_goes_on() {
    let (dir, first, second) = (tempfile::tempdir().unwrap(), pair(), pair());
    write(dir.path(), &first);
    let server = serving(dir.path());
    fs::write(dir.path().join("cert.pem"), &second.cert).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    let sentence = format!(
        "the certificate has changed, and the old one goes on: the key {} does not fit the certificate {}: ",
        key.display(),
        cert.display()
    );
    until(|| server.log().contains(&sentence).then_some(()));
    Client::connect(&server, &first).expect("the old one is served");
    fs::remove_file(&cert).unwrap();
    until(|| server.log().contains("cert.pem cannot be read").then_some(()));
    Client::connect(&server, &first).expect("the old one is served");
    // Mended by writing in place.
    write(dir.path(), &second);
    until(|| Client::connect(&server, &second));
}

#[cfg(unix)]
#[test]
fn links_that_are_turned_as_kubernetes_and_certbot_do_are_followed() {
    use std::os::unix::fs::symlink;
    let (dir, first, second, third) = (tempfile::tempdir().unwrap(), pair(), pair(), pair());
    for (name, pair) in [("..v1", &first), ("..v2", &second), ("archive", &third)] {
        fs::create_dir(dir.path().join(name)).unwrap();
        write(&dir.path().join(name), pair);
    }
    symlink("..v1", dir.path().join("..data")).unwrap();
    for file in ["cert.pem", "key.pem"] {
        symlink(format!("..data/{file}"), dir.path().join(file)).unwrap();
    }
    let server = serving(dir.path());
    Client::connect(&server, &first).expect("the first is served");
    // Kubernetes: the link above the links.
    symlink("..v2", dir.path().join("..data_tmp")).unwrap();
    fs::rename(dir.path().join("..data_tmp"), dir.path().join("..data")).unwrap();
    until(|| Client::connect(&server, &second));
    // certbot: the links themselves.
    for file in ["cert.pem", "key.pem"] {
        fs::remove_file(dir.path().join(file)).unwrap();
        symlink(format!("archive/{file}"), dir.path().join(file)).unwrap();
    }
    until(|| Client::connect(&server, &third));
}
