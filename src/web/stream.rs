//! Streams of server-sent events, never compressed, ended by the stop. What a stream says is said once, however many listen:
//! those of one [`Topic`] are handed the same bytes.
//!
//! A listener that is too slow loses frames, never delays anyone, and is told to look again.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{self, Receiver, Sender};

use super::Web;
use super::feed::{self, Feed, Told};
use crate::mailbox::Scope;

/// What a stream tells, and of what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Topic {
    /// In whose words.
    pub dialect: Dialect,
    /// Of which mailboxes.
    pub scope: Scope,
    /// Of messages like these; the search as it was typed.
    pub search: String,
    /// Of the conversation of this message; the id as it was typed.
    pub thread: Option<String>,
    /// Of connections that end, too.
    pub sessions: bool,
}

/// The words of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The page's own.
    Page,
    /// Those of `/api/events`.
    Api,
}

/// The streams that somebody listens to.
#[derive(Debug, Default)]
pub struct Streams(Mutex<HashMap<Topic, Sender<Said>>>);

/// Frames that were made of something.
#[derive(Clone, Debug)]
struct Said {
    /// The place in the store's sequence of what happened; none for what is true for everybody, as the counts.
    of: Option<u64>,
    frames: Bytes,
}

/// What makes frames of what is told.
pub trait Tell: FnMut(&Feed, Told) -> Option<String> + Send + 'static {}
impl<T: FnMut(&Feed, Told) -> Option<String> + Send + 'static> Tell for T {}

/// What a listener is told who has missed something: made of the frame's id.
pub type Missed = fn(&str) -> String;

/// A place in a stream from now on.
pub struct Listener {
    said: Receiver<Said>,
    /// Up to where the listener has heard.
    seq: u64,
    web: Data<Web>,
    missed: Missed,
}

impl Streams {
    /// Listens to a topic from now on. `tell` says it, if nobody listens to it yet.
    pub fn listen(web: &Data<Web>, topic: Topic, missed: Missed, tell: impl Tell) -> Listener {
        let said = {
            let mut streams = web.streams.lock();
            let sender = streams.entry(topic.clone()).or_insert_with(|| {
                let (feed, seq) = Feed::open(web);
                let feed = if topic.sessions { feed.with_sessions(web) } else { feed };
                let sender = broadcast::channel(SAID_MAX).0;
                tokio::spawn(say(web.clone(), topic, feed, seq, tell, sender.clone()));
                sender
            });
            sender.subscribe()
        };
        // Read after it was subscribed: what comes between the two is not said to those who know it.
        let seq = web.inbox.store().seq();
        Listener { said, seq, web: web.clone(), missed }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Topic, Sender<Said>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what happens, until nobody listens or the server stops.
async fn say(web: Data<Web>, topic: Topic, mut feed: Feed, mut seq: u64, mut tell: impl Tell, listeners: Sender<Said>) {
    loop {
        let told = tokio::select! {
            told = feed.next() => told,
            // Connections come and break off without an event.
            () = tokio::time::sleep(BEAT) => Some(Told::Settled(seq)),
            () = listeners.closed() => {
                let mut streams = web.streams.lock();
                // Somebody may have come meanwhile, and nobody can while it is locked.
                if listeners.receiver_count() == 0 {
                    streams.remove(&topic);
                    return;
                }
                continue;
            }
        };
        let Some(told) = told else { break };
        // An error means that nobody listens.
        let say = |of, frames: String| _ = listeners.send(Said { of, frames: frames.into() });
        if matches!(told, Told::Settled(_) | Told::Reload) {
            // To whom it says nothing it is a beat: an empty chunk would end the stream.
            say(None, tell(&feed, told).unwrap_or_else(|| BEAT_FRAME.into()));
            continue;
        }
        if matches!(told, Told::Sessions(_)) {
            // Most bring mail, of which there is nothing more to say.
            if let Some(frames) = tell(&feed, told) {
                say(None, frames + &tell(&feed, Told::Settled(seq)).unwrap_or_default());
            }
            continue;
        }
        let (mut news, mut left) = (Some(told), BATCH_MAX);
        while let Some(told) = news {
            let of = if let Told::Event(event) = &told { Some(event.seq()) } else { None };
            seq = of.unwrap_or(seq);
            if let Some(frames) = tell(&feed, told) {
                say(of, frames);
            }
            left -= 1;
            news = if left > 0 { feed.at_once() } else { None };
        }
        if let Some(frames) = tell(&feed, Told::Settled(seq)) {
            say(None, frames);
        }
    }
    web.streams.lock().remove(&topic);
}

impl Listener {
    /// The place from which on it hears.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The id of a frame, see [`feed::id`].
    pub fn id(&self, seq: u64) -> String {
        feed::id(self.web.inbox.start(), seq)
    }

    /// Answers with `first`, then with what is said, until the stop or the client's end.
    pub fn respond(self, first: String) -> HttpResponse {
        let frames = futures_util::stream::unfold((Some(first), self), |(first, mut listener)| async move {
            let frames = match first {
                Some(first) => first.into(),
                None => listener.next().await?,
            };
            Some((Ok::<_, Infallible>(frames), (None, listener)))
        });
        HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_ENCODING, ContentEncoding::Identity))
            // Asks proxies in between not to collect a stream before they pass it on.
            .insert_header(("X-Accel-Buffering", "no"))
            .streaming(frames)
    }

    /// The next frames; none: the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        let first = loop {
            match self.said.recv().await {
                Ok(said) => {
                    if let Some(frames) = self.news(said) {
                        break frames;
                    }
                }
                Err(RecvError::Lagged(_)) => break self.missed(),
                Err(RecvError::Closed) => return None,
            }
        };
        // What there is more goes out in the same write; copied only if there is more.
        let mut all: Option<BytesMut> = None;
        for _ in 1..BATCH_MAX {
            let more = match self.said.try_recv() {
                Ok(said) => self.news(said),
                Err(TryRecvError::Lagged(_)) => Some(self.missed()),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            };
            if let Some(more) = more {
                all.get_or_insert_with(|| BytesMut::from(&*first)).extend_from_slice(&more);
            }
        }
        Some(all.map_or(first, BytesMut::freeze))
    }

    /// The frames, unless they tell of what the listener knew when it came.
    fn news(&mut self, said: Said) -> Option<Bytes> {
        let Some(of) = said.of else { return Some(said.frames) };
        let is_new = of > self.seq;
        self.seq = self.seq.max(of);
        is_new.then_some(said.frames)
    }

    fn missed(&self) -> Bytes {
        (self.missed)(&self.id(self.seq)).into()
    }
}

/// A silent stream tells the counts this often; so a dead connection is noticed by both ends.
const BEAT: Duration = Duration::from_secs(15);
/// Says nothing, keeps the connection.
const BEAT_FRAME: &str = ": beat\n\n";
/// Events that are told in one go before the counts are.
const BATCH_MAX: usize = 64;
/// Frames that a listener may be behind before it is told to look again.
const SAID_MAX: usize = 1024;

/// A frame of server-sent events; `data` is on one line.
pub fn frame(id: &str, event: &str, data: &str) -> String {
    format!("id: {id}\nevent: {event}\ndata: {data}\n\n")
}

/// A place that is none of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere;

/// Where a client that comes back was.
pub fn last_event(request: &HttpRequest, start: &str) -> Option<Result<u64, Elsewhere>> {
    Some(place(request.headers().get("Last-Event-ID")?.to_str().ok()?, start))
}

/// The place that the id of a frame names, see [`last_event`].
pub fn place(id: &str, start: &str) -> Result<u64, Elsewhere> {
    id.rsplit_once('-').filter(|(run, _)| *run == start).and_then(|(_, seq)| seq.parse().ok()).ok_or(Elsewhere)
}
