//! `GET /message/{id}`: the list with a message beside it.

use actix_web::web::{Data, Path, Query as UrlQuery};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::list::{Asked as UrlAsked, beside};
use super::reading::read;
use super::wanted::{Asked, Wanted};
use super::{other_mailbox, thread};
use crate::clock;
use crate::mail::envelope::{Addressed, Envelope};
use crate::mailbox::{Message, Query, Stored};
use crate::web::Web;
use crate::web::api::find;
use crate::web::large;
use crate::web::mail_html::parts_path;
use crate::web::mishap::off_thread;
use crate::web::mount::Mount;
use crate::web::page::body::EnvelopeBody;
use crate::web::page::message::{Body, Message as MessageView, Tab};
use crate::web::page::view::Fact;
use crate::web::page::{Pane, words};

/// Where `{id}` stands in an address.
#[derive(Debug, Deserialize)]
pub struct At {
    id: String,
}

/// `GET /message/{id}?q=SEARCH&tab=TAB`; `{id}` may be `latest`, of what the search finds.
pub async fn page(
    web: Data<Web>,
    mount: Mount,
    at: Path<At>,
    asked: UrlQuery<UrlAsked>,
    wanted: UrlQuery<Wanted>,
    request: HttpRequest,
) -> HttpResponse {
    let pane = match find(&web, &mount, &at.id, asked.q.as_deref()).await.ok().flatten() {
        Some(stored) => Pane::Message(Box::new(pane(&web, &mount, &asked, &wanted, stored).await)),
        None => Pane::Gone,
    };
    beside(&web, &mount, &asked, &request, pane).await
}

async fn pane(web: &Web, mount: &Mount, asked: &UrlAsked, wanted: &Wanted, stored: Stored) -> MessageView {
    let (seq, id) = (stored.seq, stored.message.id);
    let bytes = stored.message.raw_len();
    let query = asked.q.as_deref().unwrap_or_default().parse::<Query>().ok();
    let wanted = Asked { query: query.clone(), ..wanted.asked(parts_path(mount, &stored.message)) };
    let mut view = large::work(&web.large, bytes, move || view(&stored, &wanted)).await;
    let (inbox, scope) = (web.inbox.clone(), mount.scope.clone());
    let around_it = move || {
        // A search that cannot be read finds nothing, so nothing is next to it.
        let next = query.map(|query| {
            let search = inbox.search(&scope, &query);
            let next_to_it = [search.clone().since(seq).oldest_first(), search.before(seq)];
            next_to_it.map(|search| search.first(1).pop().map(|one| one.message.id.to_string()))
        });
        (next.unwrap_or_default(), thread::line(&inbox, &scope, id))
    };
    ([view.newer, view.older], view.thread) = off_thread(around_it).await;
    view
}

fn view(stored: &Stored, asked: &Asked) -> MessageView {
    let message = &*stored.message;
    let client = &message.envelope.client;
    let mut shown = read(&message.raw(), &message.view, &[Tab::Envelope], asked, message.all_findings());
    if let Body::Envelope(envelope) = &mut shown.body {
        *envelope = EnvelopeBody::new(facts(&message.envelope), &message.dialogue);
    }
    MessageView {
        id: message.id.to_string(),
        unread: !stored.read,
        kept: stored.kept,
        received: words::stamp(message.received, clock::now()),
        envelope_from: message.envelope.from.path.to_string(),
        envelope_to: message.envelope.to.iter().map(|to| to.path.to_string()).collect(),
        envelope_differs: envelope_differs(message),
        mailbox: other_mailbox(&message.mailbox),
        tags: stored.tags.iter().map(ToString::to_string).collect(),
        tls: client.tls.as_ref().map(|tls| tls.version.to_string()),
        login: client.login.as_ref().map(|login| login.user.to_string()),
        ..shown
    }
}

/// Whether the fields name other recipients than the envelope, or another author than its sender.
fn envelope_differs(message: &Message) -> bool {
    let view = &message.view;
    let named: std::collections::BTreeSet<String> = view
        .to()
        .iter()
        .chain(view.cc())
        .chain(view.bcc())
        .map(|address| address.address.as_str().to_lowercase())
        .collect();
    let meant = message.envelope.to.iter().map(|to| to.path.to_string().to_lowercase()).collect();
    let sender = message.envelope.from.path.to_string().to_lowercase();
    named != meant || !view.from().iter().any(|from| from.address.to_lowercase() == sender)
}

/// Beside the file of a message: nobody said MAIL FROM and RCPT TO.
const FROM_FIELDS: &str = "sender and recipients were read from the fields";

/// What the wire said, in the order in which it was said.
fn facts(envelope: &Envelope) -> Vec<Fact> {
    let client = &envelope.client;
    let fact = |label: &str, value: String, note: String| Fact { label: label.into(), value, note };
    let path =
        |label: &str, addressed: &Addressed| fact(label, format!("<{}>", addressed.path), addressed.params.to_string());
    let mut facts = Vec::new();
    let local = client.local.map_or_else(String::new, |local| local.to_string());
    facts.push(fact("Door", client.door.name().into(), local));
    facts.extend(client.file.as_ref().map(|file| fact("File", file.to_string(), FROM_FIELDS.into())));
    facts.extend(client.peer.map(|peer| fact("Peer", peer.to_string(), String::new())));
    facts.extend(
        client
            .helo
            .as_ref()
            .map(|helo| fact(if helo.extended { "EHLO" } else { "HELO" }, helo.name.to_string(), String::new())),
    );
    facts.extend(client.tls.as_ref().map(|tls| {
        let asked_for = tls.server_name.as_ref().map_or_else(String::new, |name| format!(", asked for {name}"));
        fact("TLS", tls.version.to_string(), format!("{}{asked_for}", tls.cipher))
    }));
    facts.extend(client.login.as_ref().map(|login| fact("Login", login.user.to_string(), login.mechanism.to_string())));
    facts.push(path("MAIL FROM", &envelope.from));
    facts.extend(envelope.to.iter().map(|to| path("RCPT TO", to)));
    facts
}
