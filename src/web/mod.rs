//! The window: pages, API and streams over HTTP. actix-web lives on this floor and on no other.
//!
//! [`routes`] is the site on one page, mounted at the root and under `/mailbox/{name}/`. [`guard`] stands before every
//! route. [`show`] turns what the mailbox holds into the plain views of [`page`], which only renders; [`api`] turns it
//! into JSON. Nothing here opens an outgoing connection, and no GET writes.

pub mod api;
pub mod archive;
pub mod asset;
pub mod facts;
pub mod feed;
pub mod guard;
pub mod large;
pub mod letterbox;
pub mod live;
pub mod mail_html;
mod mishap;
pub mod mount;
pub mod page;
pub mod place;
pub mod problem;
pub mod reply;
pub mod routes;
pub mod show;
pub mod stream;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::listen::smtp::Gate;
use crate::mailbox::Inbox;
use crate::mailbox::large::Large;
use facts::Facts;
use guard::Access;

/// What the window is made of.
pub struct Parts {
    /// What it shows.
    pub inbox: Inbox,
    /// Where the test message goes in.
    pub page_gate: Arc<Gate>,
    /// Where mail goes in that comes by the API.
    pub http_gate: Arc<Gate>,
    /// What it tells of this run.
    pub facts: Facts,
    /// Whom it answers.
    pub access: Access,
    /// Told when a static file has changed: in debug builds open pages load themselves anew.
    pub reload: watch::Sender<()>,
    /// Ends streams and held questions.
    pub stop: CancellationToken,
}

/// What every handler may ask for.
pub struct Web {
    /// The mailbox.
    pub inbox: Inbox,
    /// Where the test message goes in.
    pub page_gate: Arc<Gate>,
    /// Where mail goes in that comes by the API.
    pub http_gate: Arc<Gate>,
    /// This run.
    pub facts: Facts,
    /// Told when a static file has changed: in debug builds open pages load themselves anew.
    pub reload: watch::Sender<()>,
    /// Ends streams and held questions.
    pub stop: CancellationToken,
    /// Rows rendered for the live streams.
    pub rows: live::Rows,
    /// Streams that somebody listens to.
    pub streams: stream::Streams,
    /// The last answer to a wait.
    pub written: api::wait::Written,
    /// Turns for work on large messages.
    pub large: Large,
}

/// A window that is being served.
pub struct Serving(ServerHandle);

impl Serving {
    /// Answers what is under way, for a moment, and closes.
    pub async fn stop(&self) {
        self.0.stop(true).await;
    }

    /// Closes without waiting for anybody.
    pub fn abort(&self) {
        // The order is given when the future is made; awaiting it would only tell when it is done.
        drop(self.0.stop(false));
    }
}

/// Threads that answer: each holds all streams and waits that it has, none blocks.
const WORKERS: usize = 2;
/// What a request under way gets at the stop; streams and waits have ended by then.
const SHUTDOWN_SECONDS: u64 = 2;
/// Connections at once for each thread: every open page holds one.
const CONNECTIONS_MAX: usize = 10_000;

/// Serves on these sockets until it is stopped.
///
/// # Errors
/// A socket cannot be used.
pub fn serve(listeners: Vec<TcpListener>, parts: Parts) -> io::Result<Serving> {
    let Parts { inbox, page_gate, http_gate, facts, access, reload, stop } = parts;
    let web = Data::new(Web {
        inbox,
        page_gate,
        http_gate,
        facts,
        reload,
        stop,
        rows: live::Rows::default(),
        streams: stream::Streams::default(),
        written: api::wait::Written::default(),
        large: Large::default(),
    });
    let access = Data::new(access);
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(web.clone())
            .app_data(access.clone())
            // The last one named stands first: the guard sees a request before anything else does.
            .wrap(Compress::default())
            .wrap(from_fn(guard::guard))
            .configure(routes::site)
    })
    // What is written in two pieces, as a packed answer is, would else wait 40 ms for the client's word that it has the first.
    .tcp_nodelay(true)
    .workers(WORKERS)
    .max_connections(CONNECTIONS_MAX)
    .disable_signals()
    .shutdown_timeout(SHUTDOWN_SECONDS);
    for listener in listeners {
        server = server.listen(listener)?;
    }
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Serving(handle))
}
