//! `/api/events`: what happens, as server-sent events in Mailpit's words (`new`, `update`, `delete`, `prune`, `stats`).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::shape::Summary;
use crate::mailbox::{Event, Reason, Scope};
use crate::web::Web;
use crate::web::live::{Feed, Told, frame, last_event};
use crate::web::mount::Mount;

/// `GET /api/events`. A client that comes back with `Last-Event-ID` is told of the messages that came meanwhile.
pub async fn stream(web: Data<Web>, mount: Mount, request: HttpRequest) -> HttpResponse {
    let (feed, now) = Feed::open(&web);
    let mut first = String::from("retry: 1000\n\n");
    match last_event(&request, web.inbox.start()) {
        // Messages of another run are gone, and so is everything that was known of them.
        Some(Err(_)) => first.push_str(&frame(&feed.id(now), "prune", "null")),
        Some(Ok(seen)) => {
            let came = web.inbox.store().since(&Scope::All, seen);
            // Places that no message has were marks and deletions; of those only the result is known.
            if now - seen.min(now) > came.len() as u64 {
                first.push_str(&frame(&feed.id(now), "prune", "null"));
            }
            for stored in came.into_iter().filter(|stored| mount.scope.sees(&stored.message.mailbox)) {
                let data = serde_json::to_string(&Summary::of(&stored)).unwrap_or_default();
                first.push_str(&frame(&feed.id(stored.seq), "new", &data));
            }
        }
        None => {}
    }
    first.push_str(&stats(&feed, now, &web, &mount.scope));
    let scope = mount.scope;
    feed.respond(first, move |feed, told| match told {
        Told::Event(event) => one(feed, &event, &scope),
        Told::Lost(seq) => Some(frame(&feed.id(seq), "prune", "null")),
        Told::Settled(seq) => Some(stats(feed, seq, &web, &scope)),
        Told::Reload => None,
    })
}

fn one(feed: &Feed, event: &Event, scope: &Scope) -> Option<String> {
    let id = feed.id(event.seq());
    let mut frames = String::new();
    match event {
        Event::Accepted(arrival) => {
            if let Some(stored) = arrival.stored().filter(|stored| scope.sees(&stored.message.mailbox)) {
                frames = frame(&id, "new", &serde_json::to_string(&Summary::of(&stored)).unwrap_or_default());
            }
        }
        Event::Marked { messages, read, .. } => {
            for (message, _) in messages.iter().filter(|(_, mailbox)| scope.sees(mailbox)) {
                frames += &frame(&id, "update", &json!({ "ID": message.to_string(), "Read": read }).to_string());
            }
        }
        Event::Tagged { messages, .. } => {
            for (message, _, tags) in messages.iter().filter(|(_, mailbox, _)| scope.sees(mailbox)) {
                let data = json!({ "ID": message.to_string(), "Tags": tags.iter().collect::<Vec<_>>() });
                frames += &frame(&id, "update", &data.to_string());
            }
        }
        Event::Removed { messages, reason, .. } => {
            for (message, _) in messages.iter().filter(|(_, mailbox)| scope.sees(mailbox)) {
                let data = json!({ "ID": message.to_string(), "Evicted": *reason == Reason::Evicted });
                frames += &frame(&id, "delete", &data.to_string());
            }
        }
    }
    (!frames.is_empty()).then_some(frames)
}

fn stats(feed: &Feed, seq: u64, web: &Web, scope: &Scope) -> String {
    let (total, unread) = web.inbox.store().count(scope);
    let version = format!("v{}", crate::web::facts::VERSION);
    frame(&feed.id(seq), "stats", &json!({ "Total": total, "Unread": unread, "Version": version }).to_string())
}
