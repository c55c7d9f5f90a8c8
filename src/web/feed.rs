//! What happens to the inbox, for those on the web who listen to it. What is said of it is theirs: see [`super::stream`] and
//! the API's websocket.

use std::future::pending;
use std::mem::replace;
use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Web;
use crate::mailbox::Event;

/// A subscription to the inbox, and the name of this run.
pub struct Feed {
    events: Receiver<Event>,
    opened_at: u64,
    start: Arc<str>,
    reload: watch::Receiver<()>,
    /// The number of the last connection that ended, and that which was told last; none if nobody wants to hear of them.
    sessions: Option<(watch::Receiver<u64>, u64)>,
    stop: CancellationToken,
}

/// What a feed has to tell.
pub enum Told {
    /// Something happened.
    Event(Event),
    /// Something happened that is no longer known; the place up to which that is.
    Lost(u64),
    /// Connections ended: those with a higher number than this.
    Sessions(u64),
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
        let (start, stop) = (web.inbox.start().into(), web.stop.clone());
        (Self { events, opened_at, start, reload, sessions: None, stop }, opened_at)
    }

    /// Tells of connections too that end from now on.
    pub fn with_sessions(self, web: &Web) -> Self {
        let mut last = web.inbox.sessions().subscribe();
        let told = *last.borrow_and_update();
        Self { sessions: Some((last, told)), ..self }
    }

    /// See [`id`].
    pub fn id(&self, seq: u64) -> String {
        id(&self.start, seq)
    }

    /// The next thing that happens; none: the stream is over. Nothing is lost when it is not awaited to the end.
    pub async fn next(&mut self) -> Option<Told> {
        tokio::select! {
            event = self.events.recv() => match event {
                Ok(event) => Some(Told::Event(event)),
                Err(RecvError::Lagged(_)) => Some(Told::Lost(self.opened_at)),
                Err(RecvError::Closed) => None,
            },
            Ok(()) = self.reload.changed() => Some(Told::Reload),
            after = ended(&mut self.sessions) => Some(Told::Sessions(after)),
            () = self.stop.cancelled() => None,
        }
    }

    /// What has happened already; none: nothing more.
    pub fn at_once(&mut self) -> Option<Told> {
        match self.events.try_recv() {
            Ok(event) => Some(Told::Event(event)),
            Err(TryRecvError::Lagged(_)) => Some(Told::Lost(self.opened_at)),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }
}

/// Waits until connections have ended; answers the number of the last that was told before.
async fn ended(sessions: &mut Option<(watch::Receiver<u64>, u64)>) -> u64 {
    if let Some((last, told)) = sessions
        && last.changed().await.is_ok()
    {
        return replace(told, *last.borrow_and_update());
    }
    pending().await
}

/// The id of a frame: this run, and a place in the store's sequence.
pub fn id(start: &str, seq: u64) -> String {
    format!("{start}-{seq}")
}
