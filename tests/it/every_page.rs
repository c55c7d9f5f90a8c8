//! Every address that can be asked about a message, and what its answer must be. Blind to how it is asked: over HTTP
//! by the tests, in memory by the fuzz target.

use crate::well_formed;
use restante::mail::View;
use restante::mail::nested::{Nested, opens};
use restante::web::page::Tab;
use serde_json::Value;
use std::collections::BTreeSet;

/// An answer.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) policy: String,
    pub(crate) body: Vec<u8>,
}

/// Whoever asks for all of it.
pub(crate) struct Visitor<'a> {
    pub(crate) ask: &'a mut dyn FnMut(&str) -> Page,
    /// Where it is mounted: `/` or `/mailbox/{name}/`.
    pub(crate) base: String,
    /// Those that are asked for.
    pub(crate) tabs: &'static [Tab],
    /// The rows of `routes.rs` that were asked for.
    pub(crate) seen: BTreeSet<&'static str>,
}

/// Of one message: parts, and messages within it. The kinds count, not the number.
const PARTS: usize = 6;
const OPEN: usize = 3;
const NESTED: usize = 2;
const STEPS: usize = 3;

impl Visitor<'_> {
    /// Asks for everything about the message of this id, which is `raw`.
    pub(crate) fn visit(&mut self, id: &str, raw: &[u8]) {
        let view = View::read(raw);
        self.page("/message/{id}", &format!("message/{id}"));
        self.page("/message/{id}", "message/latest?q=subject:a");
        self.tabs("/message/{id}", &format!("message/{id}"));
        self.page("/", &format!("?thread={id}"));
        for format in ["mbox", "zip"] {
            let page = self.asked("/download", &format!("download?format={format}&id={id}"), 200);
            assert_eq!(page.content_type, format!("application/{format}"));
            assert!(page.policy.starts_with("sandbox; default-src 'none'"), "{}", page.policy);
        }
        self.parts("/message/{id}", &format!("message/{id}"), &view);
        self.frame("/message/{id}/html", &format!("message/{id}/html"), &view);
        self.api(id, raw, &view);
        self.within(id, raw, &view, &mut Vec::new());
    }

    /// Asks for what is not about one message, but shows it; this is the newest.
    pub(crate) fn around(&mut self, id: &str) {
        self.page("/", "");
        self.page("/", "?q=-subject:nothing+has:findings");
        self.page("/", "?before=999999999");
        self.page("/", "?sessions=1");
        self.asked("/side", "side?q=is:unread", 200);
        self.page("/sessions", "sessions?show=all");
        self.page("/setup", "setup");
        self.page("/api/", "api/");
        for (route, path) in [
            ("/api/v1/messages", "api/v1/messages?limit=3"),
            ("/api/v1/search", "api/v1/search?query=is:unread&limit=3"),
            ("/api/v1/wait", "api/v1/wait?query=is:unread&timeout=10s"),
            ("/api/v1/info", "api/v1/info"),
            ("/api/v1/findings", "api/v1/findings"),
            ("/api/v1/sessions", "api/v1/sessions?limit=3"),
            ("/api/v1/tags", "api/v1/tags"),
            ("/api/v1/webui", "api/v1/webui"),
            ("/api/v1/openapi.json", "api/v1/openapi.json"),
        ] {
            self.json(route, path);
        }
        let rows = self.json("/api/v1/messages", "api/v1/messages?limit=1");
        assert_eq!(rows["messages"][0]["ID"], id, "the newest comes first");
        for (route, path) in [("/livez", "livez"), ("/readyz", "readyz"), ("/ca.pem", "ca.pem")] {
            self.asked(route, path, 200);
        }
        self.asked("/complete", "complete?q=-(from&at=6", 200);
        self.asked("/api/v1/chaos", "api/v1/chaos", 400);
        self.asked("/search", "search?q=subject:a", 302);
        self.asked("/api/v1/", "api/v1/", 302);
    }

    fn tabs(&mut self, route: &'static str, path: &str) {
        for tab in self.tabs {
            self.page(route, &format!("{path}?tab={}&remote=1", tab.name()));
        }
    }

    /// Each part, open; and the source around a line of it.
    fn parts(&mut self, route: &'static str, path: &str, view: &View) {
        for part in view.structure.parts.iter().take(OPEN) {
            self.page(route, &format!("{path}?tab=parts&part={}", part.id));
        }
        self.page(route, &format!("{path}?tab=source&line=2-3"));
    }

    fn api(&mut self, id: &str, raw: &[u8], view: &View) {
        let whole = self.json("/api/v1/message/{id}", &format!("api/v1/message/{id}"));
        assert_eq!((&whole["ID"], &whole["Size"]), (&Value::from(id), &Value::from(raw.len())));
        assert_eq!(whole["Subject"], *view.subject);
        assert_eq!(whole["Text"], view.text(raw));
        let named = view.attachments().filter(|part| part.name().is_some()).count();
        assert_eq!(whole["Attachments"].as_array().map(Vec::len), Some(named));
        self.json("/api/v1/message/{id}/headers", &format!("api/v1/message/{id}/headers"));
        self.evidence("/api/v1/message/{id}/raw", &format!("api/v1/message/{id}/raw"), raw);
        self.evidence("/api/v1/message/{id}/raw", &format!("api/v1/message/{id}/raw?dl=1"), raw);
        for part in view.structure.parts.iter().take(PARTS) {
            let path = format!("api/v1/message/{id}/part/{}?dl=0", part.id);
            self.evidence("/api/v1/message/{id}/part/{part}", &path, &part.bytes(raw));
        }
        self.asked("/api/v1/message/{id}/part/{part}", &format!("api/v1/message/{id}/part/9.9.9"), 404);
        for part in view.structure.parts.iter().take(PARTS) {
            let path = format!("api/v1/message/{id}/part/{}/thumb", part.id);
            let page = self.asked("/api/v1/message/{id}/part/{part}/thumb", &path, 200);
            assert_eq!((page.content_type.as_str(), &page.body[..2]), ("image/jpeg", &b"\xff\xd8"[..]), "{path}");
        }
        let html = if view.html_part().is_some() { 501 } else { 400 };
        self.asked("/api/v1/message/{id}/html-check", &format!("api/v1/message/{id}/html-check"), html);
        let links = self.json("/api/v1/message/{id}/link-check", &format!("api/v1/message/{id}/link-check"));
        assert_eq!(links["Links"].as_array().map(Vec::len), links["Errors"].as_u64().map(|all| all as usize));
        self.asked("/view/{id}", &format!("view/{id}"), 302);
        self.frame("/view/{id}.html", &format!("view/{id}.html"), view);
        self.asked("/view/{id}.txt", &format!("view/{id}.txt"), 200);
    }

    /// Follows the ways into the messages within.
    fn within(&mut self, id: &str, raw: &[u8], view: &View, way: &mut Vec<String>) {
        let (open, closed): (Vec<_>, Vec<_>) = view.structure.parts.iter().partition(|part| opens(part));
        if let Some(closed) = closed.first() {
            let path = format!("message/{id}/in/{}", [&way[..], &[closed.id.to_string()]].concat().join("~"));
            self.shown("/message/{id}/in/{way}", &path, 404);
            self.asked("/message/{id}/in/{way}/raw", &format!("{path}/raw"), 404);
        }
        for part in open.into_iter().take(if way.len() < STEPS { NESTED } else { 0 }) {
            way.push(part.id.to_string());
            let path = format!("message/{id}/in/{}", way.join("~"));
            let nested = Nested::of(raw, part);
            self.page("/message/{id}/in/{way}", &path);
            self.tabs("/message/{id}/in/{way}", &path);
            self.parts("/message/{id}/in/{way}", &path, &nested.view);
            self.frame("/message/{id}/in/{way}/html", &format!("{path}/html"), &nested.view);
            self.evidence("/message/{id}/in/{way}/raw", &format!("{path}/raw"), &nested.raw);
            for inner in nested.view.structure.parts.iter().take(PARTS) {
                let bytes = inner.bytes(&nested.raw);
                self.evidence("/message/{id}/in/{way}/part/{part}", &format!("{path}/part/{}", inner.id), &bytes);
            }
            self.within(id, &nested.raw, &nested.view, way);
            way.pop();
        }
    }

    /// A page of ours.
    fn page(&mut self, route: &'static str, path: &str) {
        // `latest` of a search may be nobody: the page says so, as well-formed as any.
        self.shown(route, path, if path.contains("latest") { 0 } else { 200 });
    }

    fn shown(&mut self, route: &'static str, path: &str, status: u16) {
        let page = self.asked(route, path, status);
        assert_eq!(page.content_type, "text/html; charset=utf-8", "{path}");
        assert!(page.policy.contains("script-src 'self'; style-src 'self'"), "{path}: {}", page.policy);
        let html = String::from_utf8(page.body).unwrap_or_else(|error| panic!("{path}: {error}"));
        let faults = well_formed::faults(&html);
        assert!(faults.is_empty(), "{path}: {faults:#?} in {html}");
    }

    fn json(&mut self, route: &'static str, path: &str) -> Value {
        let page = self.asked(route, path, 200);
        assert_eq!(page.content_type, "application/json", "{path}");
        serde_json::from_slice(&page.body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Mail's own HTML, which is as it is: nothing of it may run, and the wall around it stands.
    fn frame(&mut self, route: &'static str, path: &str, view: &View) {
        for remote in ["", "?remote=1", "?scheme=forced&images=0"] {
            let page =
                self.asked(route, &format!("{path}{remote}"), if view.html_part().is_some() { 200 } else { 404 });
            let html = String::from_utf8(page.body).unwrap_or_else(|error| panic!("{path}: {error}"));
            if page.status == 200 {
                assert!(
                    page.policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
                );
                let scripts = well_formed::scripts(&html);
                assert!(scripts.is_empty(), "{path}: {scripts:?} in {html}");
            }
        }
    }

    fn evidence(&mut self, route: &'static str, path: &str, bytes: &[u8]) {
        let page = self.asked(route, path, 200);
        assert!(page.body == bytes, "{path}: other bytes");
        assert!(page.policy.starts_with("sandbox; default-src 'none'"), "{path}: {}", page.policy);
    }

    /// `status` 0 is 200 or 404.
    fn asked(&mut self, route: &'static str, path: &str, status: u16) -> Page {
        self.seen.insert(route);
        let path = format!("{}{path}", self.base);
        let page = (self.ask)(&path);
        let right = page.status == status || status == 0 && [200, 404].contains(&page.status);
        assert!(right, "{path}: {} {}", page.status, String::from_utf8_lossy(&page.body));
        page
    }
}
