//! Static files: embedded in the program, read from disk in debug builds.

use std::fmt::Write as _;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// The address of a static file below the root, with the hash of its content, so that it may be cached for ever.
pub fn address(name: &str) -> String {
    let hash = Static::get(name).map_or_else(String::new, |file| short_hash(&file));
    format!("/static/{name}?v={hash}")
}

/// `GET /static/{name}`
pub async fn get(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(file) = Static::get(&name) else { return HttpResponse::NotFound().body("no such file\n") };
    let current = request.query_string() == format!("v={}", short_hash(&file));
    let cache = if current && !cfg!(debug_assertions) { "public, max-age=31536000, immutable" } else { "no-cache" };
    HttpResponse::Ok()
        .content_type(media_type(&name))
        .insert_header((header::CACHE_CONTROL, cache))
        .body(file.data.into_owned())
}

fn short_hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..6].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
