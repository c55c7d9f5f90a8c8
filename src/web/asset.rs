//! Static files: embedded in the program, read from disk in debug builds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::page::shell::Assets;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// What pages ask for as one file: the style sheets, in the order of the cascade. A page is not painted before it has them,
/// and each is asked for on a connection of which there are six.
const ALL_STYLES: &str = "all.css";
const STYLES: &[&str] = &["app.css", "list.css", "rows.css", "message.css", "pages.css", "api.css"];
/// What `app.js` imports: asked for at once, and not only when it has been read.
const SCRIPTS: &[&str] = &[
    "acts.js",
    "core.js",
    "follow.js",
    "keys.js",
    "list.js",
    "live.js",
    "look.js",
    "message.js",
    "pane.js",
    "search.js",
    "side.js",
    "stream.js",
    "texts.js",
    "words.js",
];

/// The addresses that every page names. They stand in a folder with the name of all files' content, so that a script can
/// import its neighbour and each may be cached for ever.
pub fn addresses() -> Assets {
    let at = format!("/static/{}/", version());
    Assets {
        style: format!("{at}{ALL_STYLES}"),
        scripts: SCRIPTS.iter().map(|name| format!("{at}{name}")).collect(),
        at,
    }
}

/// `GET /static/{version}/{name}`: of any version what there is.
pub async fn get(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (asked, name) = path.into_inner();
    let Some(file) = read(&name) else { return HttpResponse::NotFound().body("no such file\n") };
    let lasting = !cfg!(debug_assertions) && asked == version();
    let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let tag = format!("\"{}\"", hex(&Sha256::digest(&file)));
    let fresh = request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((header::CACHE_CONTROL, cache)).insert_header((header::ETAG, tag));
    if fresh {
        return answer.finish();
    }
    answer.content_type(media_type(&name)).insert_header((header::VARY, header::ACCEPT_ENCODING.as_str()));
    match packed(&name).filter(|_| takes_gzip(&request)) {
        Some(bytes) => answer.insert_header((header::CONTENT_ENCODING, "gzip")).body(bytes),
        None => answer.body(file.into_owned()),
    }
}

/// A file as it is sent.
fn read(name: &str) -> Option<Cow<'static, [u8]>> {
    if name != ALL_STYLES {
        return Static::get(name).map(|file| file.data);
    }
    Some(STYLES.iter().filter_map(|name| Static::get(name)).flat_map(|file| file.data.into_owned()).collect())
}

/// A file packed as small as gzip does, once: what is made for each answer alone is packed in haste. In a debug build files
/// change, and that haste will do.
fn packed(name: &str) -> Option<Bytes> {
    static OF_RELEASE: LazyLock<BTreeMap<String, Bytes>> = LazyLock::new(|| {
        let pack = |name: &str| Some((name.to_owned(), gzip(&read(name)?)?.into()));
        Static::iter().chain([ALL_STYLES.into()]).filter_map(|name| pack(&name)).collect()
    });
    if cfg!(debug_assertions) { None } else { OF_RELEASE.get(name).cloned() }
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).ok()?;
    packed.finish().ok()
}

/// Whether the client takes gzip (RFC 9110 §12.5.3).
fn takes_gzip(request: &HttpRequest) -> bool {
    let taken =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok()).unwrap_or_default();
    taken.split(',').map(|one| one.trim().split_once(';').unwrap_or((one.trim(), ""))).any(|(coding, weight)| {
        let is_refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0);
        (coding == "gzip" || coding == "*") && !is_refused
    })
}

/// Names the content of all files. In a debug build they may change while it runs.
fn version() -> String {
    static OF_RELEASE: LazyLock<String> = LazyLock::new(read_version);
    if cfg!(debug_assertions) { read_version() } else { OF_RELEASE.clone() }
}

fn read_version() -> String {
    let mut names: Vec<_> = Static::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for file in names.iter().filter_map(|name| Static::get(name)) {
        all.update(file.metadata.sha256_hash());
    }
    hex(&all.finalize())
}

/// The first of it.
fn hex(hash: &[u8]) -> String {
    hash[..6].iter().fold(String::new(), |mut text, byte| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    #[test]
    fn the_script_stays_small_on_the_wire() {
        let wire = |file: &str| gzip(&read(file).unwrap()).unwrap().len();
        let scripts: usize = Static::iter().filter(|name| name.ends_with(".js")).map(|name| wire(&name)).sum();
        let styles = wire(ALL_STYLES);
        assert!(scripts < 30 << 10 && styles < 20 << 10, "{scripts} and {styles} bytes");
    }

    #[test]
    fn gzip_is_sent_to_whom_it_is_welcome() {
        let asks = |taken: &str| {
            takes_gzip(&TestRequest::default().insert_header((header::ACCEPT_ENCODING, taken)).to_http_request())
        };
        assert!(asks("gzip, deflate, br") && asks("br;q=1.0, gzip;q=0.5") && asks("*"));
        assert!(!asks("") && !asks("identity") && !asks("br, gzip;q=0") && !asks("xgzip"));
    }

    #[test]
    fn every_file_that_a_page_names_is_there() {
        for name in STYLES.iter().chain(SCRIPTS).chain(&["app.js", "early.js", "worker.js", "icon.svg"]) {
            assert!(Static::get(name).is_some(), "{name}");
        }
        let all = read(ALL_STYLES).unwrap().len();
        assert_eq!(all, STYLES.iter().map(|name| read(name).unwrap().len()).sum::<usize>());
    }

    #[test]
    fn every_script_is_asked_for_at_once() {
        let named_by_itself = ["app.js", "early.js", "worker.js"];
        let scripts = Static::iter().filter(|name| name.ends_with(".js") && !named_by_itself.contains(&&**name));
        let mut scripts: Vec<_> = scripts.map(|name| name.to_string()).collect();
        scripts.sort();
        let mut named = SCRIPTS.to_vec();
        named.sort_unstable();
        assert_eq!(scripts, named);
    }
}
