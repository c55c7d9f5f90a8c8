//! Streams of events to browsers and test clients (server-sent events), never compressed, ended by the stop.
//!
//! [`Feed`] is the stream; what is said in it is its maker's. The page's own stream, `/live`, is here: a message's row
//! is rendered once and the same bytes go to every open browser. A subscriber that is too slow loses events, never
//! delays anyone, and is told to look again.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{Bytes, Data, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::mount::Mount;
use super::page::live as words;
use super::{Web, show};
use crate::mailbox::{Event, Query, Scope, Stored};

/// A silent stream tells the counts this often; so a dead connection is noticed by both ends.
const BEAT: Duration = Duration::from_secs(15);
/// Events that are told in one go before the counts are.
const BATCH_MAX: usize = 64;

/// A subscription to the inbox, and the name of this run.
pub struct Feed {
    events: Receiver<Event>,
    opened_at: u64,
    start: Arc<str>,
    reload: watch::Receiver<()>,
    stop: CancellationToken,
}

/// What a feed has to tell.
pub enum Told {
    /// Something happened.
    Event(Event),
    /// Something happened that is no longer known; the place up to which that is.
    Lost(u64),
    /// For now that was all; the place up to which it was told.
    Settled(u64),
    /// A static file has changed; only in debug builds.
    Reload,
}

impl Feed {
    /// Everything from now on; also answers the place in the store's sequence that now is.
    pub fn open(web: &Web) -> (Self, u64) {
        // Taken together: nothing can happen between the place and the subscription.
        let store = web.inbox.store();
        let (events, reload, opened_at) = (web.inbox.subscribe(), web.reload.subscribe(), store.seq());
        let feed = Self { events, opened_at, start: web.inbox.start().into(), reload, stop: web.stop.clone() };
        (feed, opened_at)
    }

    /// The id of a frame: this run, and a place in the store's sequence.
    pub fn id(&self, seq: u64) -> String {
        format!("{}-{seq}", self.start)
    }

    /// The next thing that happens; none: the stream is over. Nothing is lost when it is not awaited to the end.
    pub async fn next(&mut self) -> Option<Told> {
        tokio::select! {
            event = self.events.recv() => match event {
                Ok(event) => Some(Told::Event(event)),
                Err(RecvError::Lagged(_)) => Some(Told::Lost(self.opened_at)),
                Err(RecvError::Closed) => None,
            },
            () = self.stop.cancelled() => None,
        }
    }

    /// Answers with `first`, then with whatever `tell` makes of what happens, until the stop or the client's end.
    pub fn respond(self, first: String, tell: impl FnMut(&Self, Told) -> Option<String> + 'static) -> HttpResponse {
        let going = Going { seq: self.opened_at, feed: self, tell, first: Some(first) };
        let frames = futures_util::stream::unfold(going, |mut going| async move {
            let frames = going.next().await?;
            Some((Ok::<_, Infallible>(Bytes::from(frames)), going))
        });
        HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_ENCODING, ContentEncoding::Identity))
            // Asks proxies in between not to collect a stream before they pass it on.
            .insert_header(("X-Accel-Buffering", "no"))
            .streaming(frames)
    }
}

/// A feed under way.
struct Going<T> {
    feed: Feed,
    tell: T,
    first: Option<String>,
    /// Up to where it was told.
    seq: u64,
}

impl<T: FnMut(&Feed, Told) -> Option<String>> Going<T> {
    /// The next frames; none: the stream is over.
    async fn next(&mut self) -> Option<String> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let event = tokio::select! {
            event = self.feed.events.recv() => event,
            () = self.feed.stop.cancelled() => return None,
            // To whom it says nothing it is a beat: an empty chunk would end the stream.
            Ok(()) = self.feed.reload.changed() => {
                return Some((self.tell)(&self.feed, Told::Reload).unwrap_or_else(|| words::BEAT.into()));
            }
            // Connections come and break off without an event.
            () = tokio::time::sleep(BEAT) => {
                return Some((self.tell)(&self.feed, Told::Settled(self.seq)).unwrap_or_else(|| words::BEAT.into()));
            }
        };
        let mut frames = String::new();
        match event {
            Ok(event) => self.tell_one(event, &mut frames),
            Err(RecvError::Lagged(_)) => frames.extend((self.tell)(&self.feed, Told::Lost(self.seq))),
            Err(RecvError::Closed) => return None,
        }
        for _ in 1..BATCH_MAX {
            match self.feed.events.try_recv() {
                Ok(event) => self.tell_one(event, &mut frames),
                Err(TryRecvError::Lagged(_)) => frames.extend((self.tell)(&self.feed, Told::Lost(self.seq))),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        frames.extend((self.tell)(&self.feed, Told::Settled(self.seq)));
        Some(frames)
    }

    fn tell_one(&mut self, event: Event, frames: &mut String) {
        self.seq = event.seq();
        frames.extend((self.tell)(&self.feed, Told::Event(event)));
    }
}

/// A frame of server-sent events; `data` is on one line.
pub fn frame(id: &str, event: &str, data: &str) -> String {
    format!("id: {id}\nevent: {event}\ndata: {data}\n\n")
}

/// Where a client that comes back was: `Ok` a place of this run, `Err` somewhere else.
pub fn last_event(request: &HttpRequest, start: &str) -> Option<Result<u64, ()>> {
    let header = request.headers().get("Last-Event-ID")?.to_str().ok()?;
    let place = header.rsplit_once('-').filter(|(run, _)| *run == start).and_then(|(_, seq)| seq.parse().ok());
    Some(place.ok_or(()))
}

/// Rows that were rendered lately. All streams tell of the same message within moments, so a few are enough.
#[derive(Debug, Default)]
pub struct Rows(Mutex<VecDeque<(u64, Arc<str>)>>);

const ROWS_MAX: usize = 64;

impl Rows {
    fn frame(&self, id: &str, stored: &Stored) -> Arc<str> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frame)) = rows.iter().rev().find(|(seq, _)| *seq == stored.seq) {
            return frame.clone();
        }
        let frame: Arc<str> = words::row(id, &show::row(stored)).into();
        rows.push_back((stored.seq, frame.clone()));
        if rows.len() > ROWS_MAX {
            rows.pop_front();
        }
        frame
    }
}

/// The search of the page that listens.
#[derive(Debug, Deserialize)]
pub struct Asked {
    q: Option<String>,
}

/// `GET /live?q=…`: what keeps an open page true. The frames are described in [`words`].
pub async fn stream(web: Data<Web>, mount: Mount, asked: UrlQuery<Asked>, request: HttpRequest) -> HttpResponse {
    let (feed, now) = Feed::open(&web);
    // A search that cannot be read finds nothing; the page has said so already.
    let query = asked.q.as_deref().unwrap_or_default().parse::<Query>();
    let mut first = String::from(words::OPENING);
    if last_event(&request, web.inbox.start()).is_some_and(|seen| seen != Ok(now)) {
        first.push_str(&words::reset(&feed.id(now)));
    }
    first.push_str(&words::stats(&feed.id(now), &show::stats(&web, &mount.scope)));
    let scope = mount.scope;
    feed.respond(first, move |feed, told| match told {
        Told::Event(event) => one(feed, &event, &web, &scope, query.as_ref().ok()),
        Told::Lost(seq) => Some(words::reset(&feed.id(seq))),
        Told::Settled(seq) => Some(words::stats(&feed.id(seq), &show::stats(&web, &scope))),
        Told::Reload => Some(words::RELOAD.into()),
    })
}

fn one(feed: &Feed, event: &Event, web: &Web, scope: &Scope, query: Option<&Query>) -> Option<String> {
    let id = feed.id(event.seq());
    let in_scope = |messages: &[(crate::mailbox::MessageId, crate::mailbox::MailboxName)]| {
        let seen = messages.iter().filter(|(_, mailbox)| scope.sees(mailbox));
        seen.map(|(message, _)| message.to_string()).collect::<Vec<_>>()
    };
    match event {
        Event::Accepted(arrival) => {
            let wanted = |stored: &Stored| {
                scope.sees(&stored.message.mailbox) && query.is_some_and(|query| web.inbox.fits(query, stored))
            };
            arrival.stored().filter(wanted).map(|stored| web.rows.frame(&id, &stored).to_string())
        }
        Event::Marked { messages, read, .. } => {
            let ids = in_scope(messages);
            (!ids.is_empty()).then(|| words::mark(&id, &ids, *read))
        }
        Event::Tagged { messages, .. } => {
            let seen = messages.iter().filter(|(_, mailbox, _)| scope.sees(mailbox));
            let tags: BTreeMap<_, _> =
                seen.map(|(message, _, tags)| (message.to_string(), tags.iter().map(|tag| &**tag).collect())).collect();
            (!tags.is_empty()).then(|| words::tag(&id, &tags))
        }
        Event::Removed { messages, .. } => {
            let ids = in_scope(messages);
            (!ids.is_empty()).then(|| words::gone(&id, &ids))
        }
    }
}
