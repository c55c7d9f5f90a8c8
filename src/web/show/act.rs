//! What the forms of the pages do: delete and bring back, mark, keep, tag. Each is a POST, answered by a
//! way back, or, for the script, by what came of it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::{complaint, see_other};
use crate::clock;
use crate::mailbox::inbox::{Sparing, Unkept};
use crate::mailbox::query::quoted;
use crate::mailbox::tag::{self, TAG_BYTES_MAX};
use crate::mailbox::{Batch, MessageId, Query, Tags};
use crate::web::Web;
use crate::web::api::messages::found;
use crate::web::mount::Mount;
use crate::web::page::words;
use crate::web::problem::Problem;

/// The fields of a form; a name may be repeated.
type Fields = Form<Vec<(String, String)>>;

fn values<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
}

pub(super) fn value<'a>(fields: &'a [(String, String)], name: &'a str) -> Option<&'a str> {
    values(fields, name).next().filter(|value| !value.is_empty())
}

/// Whether a form means all messages, or what its search finds, instead of those that it names.
fn means_all(fields: &[(String, String)]) -> bool {
    value(fields, "all").is_some()
}

/// The messages that a form means: those it names, or, with `all`, what its search finds.
pub(super) async fn chosen(web: &Web, mount: &Mount, fields: &[(String, String)]) -> Vec<MessageId> {
    if !means_all(fields) {
        return values(fields, "id").filter_map(|id| id.parse().ok()).collect();
    }
    match value(fields, "q").unwrap_or_default().parse::<Query>() {
        Ok(query) => found(web, mount, query).await,
        // A search that cannot be read means nothing, and certainly not everything.
        Err(_) => Vec::new(),
    }
}

/// One request for an act: how it wants to be answered.
struct Asked<'a> {
    mount: &'a Mount,
    fields: &'a Fields,
    /// The script stays where it is, and wants to know what came of it.
    is_script: bool,
}

impl<'a> Asked<'a> {
    fn new(request: &HttpRequest, mount: &'a Mount, fields: &'a Fields) -> Self {
        let fragment = request.headers().get("X-Fragment").and_then(|fragment| fragment.to_str().ok());
        Self { mount, fields, is_script: fragment == Some("act") }
    }

    /// It is done: `told` to the script, for others the way back.
    fn done(&self, told: &Value, way_back: String) -> HttpResponse {
        if !self.is_script {
            return see_other(way_back);
        }
        HttpResponse::Ok().content_type("application/json").body(format!("{told}\n"))
    }

    /// So many messages were changed, by an act of the list or of the message that is open.
    fn changed(&self, count: usize) -> HttpResponse {
        let open = value(self.fields, "open").and_then(|id| id.parse::<MessageId>().ok());
        let way_back = match open {
            Some(open) => format!("{}message/{open}{}", self.mount.base, self.search()),
            None => self.list(),
        };
        self.done(&json!({ "count": count }), way_back)
    }

    fn refused(&self, problem: &Problem) -> HttpResponse {
        if self.is_script {
            return problem.respond();
        }
        complaint(problem, self.mount, String::new(), String::new())
    }

    /// The journal's sentence.
    fn failed(&self, sentence: String) -> HttpResponse {
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "not-kept", "That could not be done", sentence);
        self.refused(&problem)
    }

    fn search(&self) -> String {
        value(self.fields, "q").map_or_else(String::new, |query| format!("?q={}", words::percent(query)))
    }

    fn list(&self) -> String {
        format!("{}{}", self.mount.base, self.search())
    }

    /// The list, with an offer to bring back what this act hid.
    fn list_with_undo(&self, batch: Batch) -> String {
        let mut address = self.list();
        address.push(if value(self.fields, "q").is_some() { '&' } else { '?' });
        address + &format!("undo={batch}")
    }
}

/// `POST /delete`: they vanish, and can be brought back for a while. What is kept is spared if it was meant with all others.
pub async fn delete(web: Data<Web>, mount: Mount, fields: Fields, request: HttpRequest) -> HttpResponse {
    let asked = Asked::new(&request, &mount, &fields);
    let ids = chosen(&web, &mount, &fields).await;
    let sparing = if means_all(&fields) { Sparing::Kept } else { Sparing::Nothing };
    match web.inbox.hide(&mount.scope, &ids, sparing, clock::now()).await {
        Ok(hiding) => {
            let told = json!({ "count": hiding.count, "batch": hiding.batch.to_string(), "spared": hiding.spared });
            let is_undoable = hiding.count > 0;
            asked.done(&told, if is_undoable { asked.list_with_undo(hiding.batch) } else { asked.list() })
        }
        Err(sentence) => asked.failed(sentence),
    }
}

/// `POST /restore`: what one act hid comes back.
pub async fn restore(web: Data<Web>, mount: Mount, fields: Fields, request: HttpRequest) -> HttpResponse {
    let asked = Asked::new(&request, &mount, &fields);
    let restored = match value(&fields, "batch").and_then(|batch| batch.parse::<Batch>().ok()) {
        Some(batch) => web.inbox.restore(&mount.scope, batch, clock::now()).await,
        // An act that nobody knows, or not any more.
        None => Ok(0),
    };
    match restored {
        Ok(count) => asked.done(&json!({ "count": count }), asked.list()),
        Err(sentence) => asked.failed(sentence),
    }
}

/// `POST /mark`
pub async fn mark(web: Data<Web>, mount: Mount, fields: Fields, request: HttpRequest) -> HttpResponse {
    let asked = Asked::new(&request, &mount, &fields);
    let ids = chosen(&web, &mount, &fields).await;
    let read = value(&fields, "read") != Some("0");
    match web.inbox.mark(&mount.scope, ids, read).await {
        Ok(count) => asked.changed(count),
        Err(sentence) => asked.failed(sentence),
    }
}

/// `POST /keep`
pub async fn keep(web: Data<Web>, mount: Mount, fields: Fields, request: HttpRequest) -> HttpResponse {
    let asked = Asked::new(&request, &mount, &fields);
    let ids = chosen(&web, &mount, &fields).await;
    let kept = value(&fields, "keep") != Some("0");
    match web.inbox.keep(&mount.scope, &ids, kept).await {
        Ok(count) => asked.changed(count),
        Err(Unkept::TooMuch(too_much)) => {
            let detail = too_much.to_string();
            asked.refused(&Problem::new(StatusCode::CONFLICT, "too-much-kept", "That is too much to keep", detail))
        }
        Err(Unkept::Failed(sentence)) => asked.failed(sentence),
    }
}

/// `POST /tag`: tags come and go; what else a message has stays.
pub async fn tag(web: Data<Web>, mount: Mount, fields: Fields, request: HttpRequest) -> HttpResponse {
    let asked = Asked::new(&request, &mount, &fields);
    // A field that was left empty says nothing.
    let mut said = values(&fields, "add").chain(values(&fields, "remove")).filter(|word| !word.trim().is_empty());
    if let Some(wrong) = said.find(|word| tag::name(word).is_none()) {
        let detail = format!(
            "{} cannot be a tag: a tag has at least one character and at most {TAG_BYTES_MAX} bytes, no comma and no \
             control characters.",
            quoted(wrong)
        );
        return asked.refused(&Problem::new(StatusCode::BAD_REQUEST, "no-tag", "That cannot be a tag", detail));
    }
    let ids = chosen(&web, &mount, &fields).await;
    let (add, remove) = (Tags::new(values(&fields, "add")), Tags::new(values(&fields, "remove")));
    match web.inbox.retag(&mount.scope, &ids, &add, &remove).await {
        Ok(count) => asked.changed(count),
        Err(sentence) => asked.failed(sentence),
    }
}
