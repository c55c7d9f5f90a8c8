//! The websocket at `/api/events`: Mailpit's frames, `{"Type":"…","Data":…}`, one JSON object each.
//!
//! Nobody waits for a client: one that is too slow loses events, is told to look again (`prune`), and is let go when it
//! takes nothing for a minute. What it sends is read and not looked at.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, Session};
use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::{events, refuse};
use crate::mail::envelope::{Client, Door};
use crate::mailbox::{Event, MailboxName, Scope};
use crate::web::Web;
use crate::web::feed::{Feed, Told};
use crate::web::mount::Mount;

const PING: Duration = Duration::from_secs(54);
/// Whoever answers no ping for this long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// A client that takes no frame for this long is let go.
const SEND_MAX: Duration = Duration::from_secs(60);
/// Counts are told at most four times a second.
const STATS_PAUSE: Duration = Duration::from_millis(250);
/// What happened to more messages than this at once is told as "look again".
const EACH_MAX: usize = 100;
/// The largest frame of a client: none of them means anything.
const FRAME_BYTES_MAX: usize = 4 << 10;

/// Shakes hands; the talk goes on beside, until the client's end or the stop.
pub(super) fn open(web: Data<Web>, mount: Mount, request: &HttpRequest, body: Payload) -> HttpResponse {
    // Before the handshake is answered: who has seen it hears everything.
    let (feed, _) = Feed::open(&web);
    let sessions = web.inbox.sessions().subscribe();
    match actix_ws::handle(request, body) {
        Ok((answer, session, incoming)) => {
            let talk = Talk { web, scope: mount.scope, session };
            actix_web::rt::spawn(talk.run(feed, sessions, incoming.max_frame_size(FRAME_BYTES_MAX)));
            answer
        }
        Err(error) => refuse(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

struct Talk {
    web: Data<Web>,
    scope: Scope,
    session: Session,
}

impl Talk {
    async fn run(mut self, feed: Feed, sessions: watch::Receiver<u64>, incoming: MessageStream) {
        let stop = self.web.stop.clone();
        tokio::select! {
            // The stop first: it ends the feed too, and whoever hears of it here can still say good-bye.
            biased;
            () = stop.cancelled() => {}
            _ = self.talk(feed, sessions, incoming) => return,
        }
        let reason = CloseReason { code: CloseCode::Away, description: Some("the server stops".into()) };
        let _ = timeout(STATS_PAUSE, self.session.close(Some(reason))).await;
    }

    async fn talk(
        &mut self,
        mut feed: Feed,
        mut sessions: watch::Receiver<u64>,
        mut incoming: MessageStream,
    ) -> Result<(), Closed> {
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut last_session = *sessions.borrow_and_update();
        self.stats().await?;
        let mut told_stats = Instant::now();
        let mut stats_due = false;
        loop {
            tokio::select! {
                told = feed.next() => {
                    match told {
                        Some(Told::Event(event)) => self.event(&event).await?,
                        Some(Told::Lost(_)) => self.tell("prune", "null").await?,
                        Some(Told::Settled(_) | Told::Reload | Told::Sessions(_)) => {}
                        None => return Ok(()),
                    }
                    stats_due = true;
                }
                Ok(()) = sessions.changed() => {
                    let number = *sessions.borrow_and_update();
                    self.broken(last_session).await?;
                    last_session = number;
                }
                message = incoming.next() => match message {
                    Some(Ok(Message::Close(reason))) => return self.session.clone().close(reason).await,
                    Some(Ok(message)) => {
                        heard = Instant::now();
                        if let Message::Ping(bytes) = message {
                            self.session.pong(&bytes).await?;
                        }
                    }
                    Some(Err(_)) | None => return Err(Closed),
                },
                () = sleep_until(told_stats + STATS_PAUSE), if stats_due => {
                    self.stats().await?;
                    told_stats = Instant::now();
                    stats_due = false;
                }
                _ = ping.tick() => self.session.ping(b"").await?,
                () = sleep_until(heard + SILENCE_MAX) => return Err(Closed),
            }
        }
    }

    async fn event(&mut self, event: &Event) -> Result<(), Closed> {
        let words = events::words(&self.web, event, &self.scope);
        if words.is_empty() {
            return Ok(());
        }
        let is_all = matches!(event, Event::Removed { emptied, .. } if emptied.is(&self.scope));
        let too_many = words.len() > EACH_MAX;
        if too_many && !is_all {
            return self.tell("prune", "null").await;
        }
        for (word, data) in words.iter().filter(|_| !too_many) {
            self.tell(word, data).await?;
        }
        if is_all { self.tell("truncate", "null").await } else { Ok(()) }
    }

    /// Connections of this scope that broke off, as Mailpit tells of them.
    async fn broken(&mut self, since: u64) -> Result<(), Closed> {
        for record in self.web.inbox.sessions().since(since) {
            if !record.outcome.is_broken() || !self.scope.sees(&MailboxName::of(&record.client).0) {
                continue;
            }
            let data = json!({
                "Level": "error",
                "Type": kind(&record.client),
                "IP": record.client.peer.map_or_else(String::new, |peer| peer.ip().to_string()),
                "Message": record.outcome.sentence().unwrap_or_default(),
            });
            self.tell("error", &data.to_string()).await?;
        }
        Ok(())
    }

    async fn stats(&mut self) -> Result<(), Closed> {
        let stats = events::stats(&self.web, &self.scope);
        self.tell("stats", &stats).await
    }

    async fn tell(&mut self, word: &str, data: &str) -> Result<(), Closed> {
        let frame = format!("{{\"Type\":\"{word}\",\"Data\":{data}}}");
        timeout(SEND_MAX, self.session.text(frame)).await.unwrap_or(Err(Closed))
    }
}

fn kind(client: &Client) -> &'static str {
    match client.door {
        Door::Pickup | Door::Http => client.door.name(),
        _ => "smtpd",
    }
}
