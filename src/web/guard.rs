//! Who is answered, and what every answer carries: Host, Origin, and the headers that keep mail harmless.
//!
//! A page on the internet can make a browser send requests here. Host keeps out names that were rebound to this
//! machine; Origin keeps other pages from changing anything or listening in. Test clients send no Origin and pass.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;

use super::problem::Problem;
use super::show;

/// The policy of every page of ours: nothing inline, nothing from elsewhere.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Whom the window answers.
#[derive(Clone, Debug)]
pub struct Access {
    hosts: Vec<String>,
    origins: Vec<String>,
}

/// Names under these only ever mean this machine or its own network (RFC 6761, RFC 6762, ICANN's .internal).
const LOCAL_SUFFIXES: [&str; 5] = [".localhost", ".internal", ".test", ".local", ".cluster.local"];

impl Access {
    /// This machine's own name, and what the user adds.
    pub fn new(host: &str, hosts: &[String], origins: &[String]) -> Self {
        let hosts = hosts.iter().map(String::as_str).chain([host]).map(bare_name).collect();
        let origins = origins.iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect();
        Self { hosts, origins }
    }

    /// Whether a request for this authority (`Host`) is meant for us.
    pub fn answers(&self, authority: &str) -> bool {
        let host = bare_name(host_of(authority));
        let is_name =
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        is_address(&host)
            || is_name
                && (!host.contains('.')
                    || LOCAL_SUFFIXES.iter().any(|suffix| host.ends_with(suffix))
                    || self.hosts.contains(&host))
    }

    /// Whether a page of this origin may change things at this authority.
    pub fn trusts(&self, origin: &str, authority: &str) -> bool {
        let own = origin.split_once("://").is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(authority));
        own || self.allows(origin)
    }

    /// Whether the user named this origin.
    fn allows(&self, origin: &str) -> bool {
        self.origins.contains(&origin.to_ascii_lowercase())
    }
}

fn bare_name(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// `host` of `host:port` and of `[v6]:port`.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') => host,
        _ => authority,
    }
}

fn is_address(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bare.map_or_else(|| host.parse::<std::net::Ipv4Addr>().is_ok(), |bare| bare.parse::<std::net::Ipv6Addr>().is_ok())
}

/// Stands before every route.
///
/// # Errors
/// Those of the route.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let origin = header_text(&request, &header::ORIGIN);
    let allowed = match check(&request, origin.as_deref()) {
        Ok(allowed) => allowed,
        Err(refusal) => {
            let mut refused = request.into_response(refusal).map_into_right_body();
            harden(refused.headers_mut());
            return Ok(refused);
        }
    };
    let is_preflight = request.method() == Method::OPTIONS && allowed;
    let mut response = if is_preflight {
        request.into_response(HttpResponse::NoContent().finish()).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let headers = response.headers_mut();
    harden(headers);
    if let Some(origin) = origin.filter(|_| allowed).and_then(|origin| HeaderValue::from_str(&origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers
            .insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE, OPTIONS"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("content-type, authorization, last-event-id"),
        );
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    Ok(response)
}

/// Whether the request may pass, and if it does, whether its origin is one that the user named.
fn check(request: &ServiceRequest, origin: Option<&str>) -> Result<bool, HttpResponse> {
    let access = request.app_data::<Data<Access>>().expect("the application carries it");
    // HTTP/1.0 tools may send none; a browser always does.
    let host = authority(request.request());
    if !access.answers(&host) {
        let remedy = format!("--allow-host {}", host_of(&host));
        let detail =
            format!("This server does not answer for the name {host:?}. If the name is yours, start it with {remedy}.");
        let problem =
            Problem::new(StatusCode::MISDIRECTED_REQUEST, "host-not-allowed", "Host name not allowed", detail);
        return Err(refusal(request, &problem, remedy));
    }
    let Some(origin) = origin else { return Ok(false) };
    let has_effect = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // As the router reads it: a letter written as %65 leads to the same place.
    let path = percent_decode_str(request.path()).decode_utf8_lossy();
    let listens = path.ends_with("/live") || path.ends_with("/api/events");
    if (has_effect || listens) && !access.trusts(origin, &host) {
        let remedy = format!("--allow-origin {origin}");
        let detail = format!(
            "A page of the origin {origin:?} may not change or follow what is kept here. If the page is yours, start \
             the server with {remedy}."
        );
        let problem = Problem::new(StatusCode::FORBIDDEN, "origin-not-allowed", "Origin not allowed", detail);
        return Err(refusal(request, &problem, remedy));
    }
    Ok(access.allows(origin))
}

/// Whom a request is for. The authority of an absolute address goes before Host (RFC 9112 §3.2.2).
fn authority(request: &HttpRequest) -> String {
    let host = || request.headers().get(header::HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    let authority = request.uri().authority().map(ToString::to_string).or_else(host);
    authority.unwrap_or_else(|| "localhost".into())
}

/// What the browser calls us: what a proxy says that it was asked for, if we answer for that; it may stand in a policy.
pub fn seen_authority(request: &HttpRequest, access: &Access) -> String {
    let forwarded = request.connection_info().host().to_owned();
    if access.answers(&forwarded) { forwarded } else { authority(request) }
}

/// A page for whoever reads pages, else the problem itself.
fn refusal(request: &ServiceRequest, problem: &Problem, remedy: String) -> HttpResponse {
    let reads_pages = header_text(request, &header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if reads_pages { show::refused(problem, remedy) } else { problem.respond() }
}

fn header_text(request: &ServiceRequest, name: &HeaderName) -> Option<String> {
    // Bytes that are no text match nothing that is allowed.
    request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// What a route has set itself stays.
fn harden(headers: &mut header::HeaderMap) {
    let defaults = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Under `no-referrer` our own forms would carry `Origin: null`.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_answered_and_public_ones_are_not() {
        let access = Access::new("box.corp.example", &["mail.example.com".into()], &[]);
        for host in [
            "localhost",
            "LOCALHOST:8025",
            "127.0.0.1:8025",
            "[::1]:8025",
            "192.168.1.5",
            "mailpit",
            "restante:8025",
            "app.localhost",
            "mail.test",
            "x.internal",
            "printer.local",
            "a.b.svc.cluster.local",
            "box.corp.example:80",
            "mail.example.com",
            "localhost.",
        ] {
            assert!(access.answers(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8025",
            "127.0.0.1.evil.example",
            "",
            "a b",
            "evil.example#.test",
            "[::1",
            "localhost@evil.example",
        ] {
            assert!(!access.answers(host), "{host}");
        }
    }

    #[test]
    fn only_our_own_pages_and_named_ones_may_change_things() {
        let access = Access::new("box", &[], &["http://app.example:3000/".into()]);
        assert!(access.trusts("http://localhost:8025", "localhost:8025"));
        assert!(access.trusts("https://localhost:8025", "LOCALHOST:8025"));
        assert!(access.trusts("http://app.example:3000", "localhost:8025"));
        for origin in ["null", "", "http://localhost:3000", "http://localhost:8025.evil.example", "http://evil.example"]
        {
            assert!(!access.trusts(origin, "localhost:8025"), "{origin}");
        }
    }
}
