//! A program that runs mailin-embedded already, and catches what it hears: `cargo run --example mailin --features mailin`.
//!
//! Its SMTP server listens on 127.0.0.1:2526 (or the first argument), the inbox is at <http://localhost:8025> (or the
//! port in the second argument).

use std::net::TcpListener;

use mailin_embedded::{Server as MailinServer, SslConfig};
use restante::config::{Config, Doors, Opening, Standby};
use restante::mailin::Sink;
use restante::server::Server;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let mut ports = std::env::args().skip(1).map(|port| port.parse::<u16>());
    let smtp = ports.next().transpose()?.unwrap_or(2526);
    let http = ports.next().transpose()?.unwrap_or(8025);
    // mailin-embedded brings a second TLS library into the program; it needs to be told which one is meant.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let runtime = tokio::runtime::Runtime::new()?;
    let at = |port| vec![Opening { host: None, port, standby: Standby::Fail }];
    let doors = Doors { smtp: at(0), submission: Vec::new(), smtps: Vec::new(), http: at(http) };
    let config = Config { doors, ..Config::default() };
    let inbox = runtime.block_on(Server::start(&config))?;
    println!("Inbox at {}, mailin-embedded on port {smtp}", inbox.opened().http_url());

    let sink = Sink::new(inbox.inbox().clone(), runtime.handle().clone(), config.message_bytes_max);
    let mut server = MailinServer::new(sink);
    server.with_name("localhost").with_ssl(SslConfig::None).map_err(|error| error.to_string())?;
    server.with_tcp_listener(TcpListener::bind(("127.0.0.1", smtp))?);
    server.serve().map_err(|error| error.to_string())?;
    Ok(())
}
