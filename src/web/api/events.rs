//! `/api/events`: what happens, in Mailpit's words (`new`, `update`, `delete`, `prune`, `stats`): as server-sent events,
//! and for whoever asks to upgrade over the websocket of [`super::socket`].

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Data, Payload};
use serde_json::json;

use super::shape::Summary;
use super::socket;
use crate::mailbox::{Event, MailboxName, MessageId, Reason, Scope, Stored};
use crate::web::Web;
use crate::web::facts::VERSION;
use crate::web::feed::Told;
use crate::web::mount::Mount;
use crate::web::stream::{Dialect, Streams, Topic, frame, last_event};

/// What happens, as it happens
///
/// Server-sent events in Mailpit's words: `new` (a `Summary`), `update`, `delete`, `prune` (look at everything again), `stats`.
/// A client that comes back with `Last-Event-ID` is told of the messages that came meanwhile. With `Upgrade: websocket` the same
/// as Mailpit's frames. It does not end.
#[utoipa::path(get, path = "/api/events", tag = "Events", operation_id = "listen",
    responses((status = 200, description = "A stream", body = String, content_type = "text/event-stream")))]
pub async fn get(web: Data<Web>, mount: Mount, request: HttpRequest, body: Payload) -> HttpResponse {
    let upgrade = request.headers().get(header::UPGRADE).and_then(|upgrade| upgrade.to_str().ok());
    if upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        socket::open(web, mount, &request, body)
    } else {
        stream(&web, mount, &request)
    }
}

/// A client that comes back with `Last-Event-ID` is told of the messages that came meanwhile.
fn stream(web: &Data<Web>, mount: Mount, request: &HttpRequest) -> HttpResponse {
    let topic = Topic {
        dialect: Dialect::Api,
        scope: mount.scope.clone(),
        search: String::new(),
        thread: None,
        sessions: false,
    };
    let (teller, scope) = (web.clone(), mount.scope.clone());
    let prune = |id: &str| frame(id, "prune", "null");
    let listener = Streams::listen(web, topic, prune, move |feed, told| match told {
        Told::Event(event) => {
            let id = feed.id(event.seq());
            let frames =
                words(&teller, &event, &scope).iter().map(|(word, data)| frame(&id, word, data)).collect::<String>();
            (!frames.is_empty()).then_some(frames)
        }
        Told::Lost(seq) => Some(prune(&feed.id(seq))),
        Told::Settled(seq) => Some(frame(&feed.id(seq), "stats", &stats(&teller, &scope))),
        Told::Reload | Told::Sessions(_) => None,
    });
    let now = listener.seq();
    let mut first = String::from("retry: 1000\n\n");
    match last_event(request, web.inbox.start()) {
        // Messages of another run are gone, and so is everything that was known of them.
        Some(Err(_)) => first.push_str(&prune(&listener.id(now))),
        Some(Ok(seen)) => {
            let came = web.inbox.store().since(&Scope::All, seen);
            // Places that no message has were marks and deletions; of those only the result is known.
            if now - seen.min(now) > came.len() as u64 {
                first.push_str(&prune(&listener.id(now)));
            }
            let known = |stored: &Stored| stored.seq <= now && mount.scope.sees(&stored.message.mailbox);
            for stored in came.into_iter().filter(known) {
                let data = serde_json::to_string(&Summary::of(&stored)).unwrap_or_default();
                first.push_str(&frame(&listener.id(stored.seq), "new", &data));
            }
        }
        None => {}
    }
    first.push_str(&frame(&listener.id(now), "stats", &stats(web, &mount.scope)));
    listener.respond(first)
}

/// What happened, for those who see this scope: Mailpit's word for it and its data, one message each.
pub(super) fn words(web: &Web, event: &Event, scope: &Scope) -> Vec<(&'static str, String)> {
    let seen = |messages: &[(MessageId, MailboxName)]| {
        let seen = messages.iter().filter(|(_, mailbox)| scope.sees(mailbox));
        seen.map(|(message, _)| message.to_string()).collect::<Vec<_>>()
    };
    let came = |stored: Stored| ("new", serde_json::to_string(&Summary::of(&stored)).unwrap_or_default());
    match event {
        Event::Accepted(arrival) => {
            let stored = arrival.stored().filter(|stored| scope.sees(&stored.message.mailbox));
            stored.map(came).into_iter().collect()
        }
        // For a program, what was hidden is deleted: what comes back has come.
        Event::Restored { messages, .. } => {
            let ids: Vec<_> = messages.iter().map(|(id, _)| *id).collect();
            let there: Vec<_> = web.inbox.store().still_kept(scope, &ids).collect();
            there.into_iter().map(came).collect()
        }
        Event::Kept { messages, kept, .. } => {
            seen(messages).into_iter().map(|id| ("update", json!({ "ID": id, "Kept": kept }).to_string())).collect()
        }
        Event::Marked { messages, read, .. } => {
            seen(messages).into_iter().map(|id| ("update", json!({ "ID": id, "Read": read }).to_string())).collect()
        }
        Event::Tagged { messages, .. } => {
            let seen = messages.iter().filter(|(_, mailbox, _)| scope.sees(mailbox));
            let data = seen.map(|(message, _, tags)| {
                json!({ "ID": message.to_string(), "Tags": tags.iter().collect::<Vec<_>>() }).to_string()
            });
            data.map(|data| ("update", data)).collect()
        }
        Event::Removed { messages, reason, .. } => {
            let evicted = *reason == Reason::Evicted;
            seen(messages)
                .into_iter()
                .map(|id| ("delete", json!({ "ID": id, "Evicted": evicted }).to_string()))
                .collect()
        }
    }
}

/// The counts of a scope.
pub(super) fn stats(web: &Web, scope: &Scope) -> String {
    let (total, unread) = web.inbox.store().count(scope);
    json!({ "Total": total, "Unread": unread, "Version": format!("v{VERSION}") }).to_string()
}
