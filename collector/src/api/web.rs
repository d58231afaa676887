//! The console's files, as they were built into this program.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::AppState;
use super::problem::no_such_route;
use crate::digest::hex;

/// Everything in it is this origin's own; nothing runs that is written into a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const INDEX: &str = "index.html";
/// Names of files in there change with what is in them.
const LASTING: &str = "assets/";
/// As a build without Node leaves it.
const NOT_BUILT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Sonde</title><h1>The console is not built into this \
     program</h1><p>cargo xtask demo builds it; by itself: cargo xtask web, then the collector anew. Everything else works: the \
     command sonde, the API at /api/v1.";

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Built;

/// What a file is stored as beside its own form, best first: encoding and ending.
const PACKED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Serves what is there, and the console's page at every address that a person opens.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(async |headers: HeaderMap| page(&headers)))
        .fallback(async |uri: Uri, headers: HeaderMap| {
            let path = uri.path().trim_start_matches('/');
            match file(path, &headers) {
                Some(found) => found,
                None if opens_page(path, &headers) => page(&headers),
                None => no_such_route().await.into_response(),
            }
        })
}

/// A person's browser asks for a page; a program for a file or data that is not there.
fn opens_page(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let takes_page = accept.is_some_and(|value| {
        let text = value.to_str().unwrap_or_default();
        text.split(',')
            .any(|one| one.trim().starts_with("text/html"))
    });
    takes_page && !path.starts_with("api/") && !path.starts_with(LASTING)
}

fn page(headers: &HeaderMap) -> Response {
    file(INDEX, headers).unwrap_or_else(|| {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        guarded(Response::new(Body::from(NOT_BUILT)), kind)
    })
}

/// A file in the best form that is taken; a browser that has it is told so.
fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    if PACKED.iter().any(|(_, ending)| path.ends_with(ending)) {
        return None;
    }
    let plain = Built::get(path)?;
    let tag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()[..16]));
    let caching = match path.starts_with(LASTING) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let known = headers.get(IF_NONE_MATCH);
    let mut response = match known.is_some_and(|known| known == tag.as_str()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => {
            let (encoding, file) = best(path, plain, headers);
            let mut response = Response::new(Body::from(bytes(file)));
            if let Some(encoding) = encoding {
                let encoding = HeaderValue::from_static(encoding);
                response.headers_mut().insert(CONTENT_ENCODING, encoding);
            }
            response
        }
    };
    let all = response.headers_mut();
    all.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    all.insert(VARY, HeaderValue::from_static("accept-encoding"));
    all.extend(HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag)));
    Some(guarded(response, HeaderValue::from_static(kind(path))))
}

fn best(
    path: &str,
    plain: EmbeddedFile,
    headers: &HeaderMap,
) -> (Option<&'static str>, EmbeddedFile) {
    let taken = headers.get(ACCEPT_ENCODING);
    let taken = taken.and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |encoding: &str| {
        let mut all = taken.split(',').map(str::trim);
        all.any(|one| {
            one == encoding || one.starts_with(&format!("{encoding};")) && !one.ends_with("q=0")
        })
    };
    let packed = PACKED
        .iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, ending)| {
            Some((Some(*encoding), Built::get(&format!("{path}{ending}"))?))
        });
    packed.unwrap_or((None, plain))
}

fn bytes(file: EmbeddedFile) -> bytes::Bytes {
    match file.data {
        Cow::Borrowed(data) => bytes::Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

fn guarded(mut response: Response, kind: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let opener = HeaderValue::from_static("same-origin");
    headers.insert("cross-origin-opener-policy", opener);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[track_caller]
    fn check(path: &str, accept: &'static str, expected: bool) {
        assert_eq!(opens_page(path, &headers(header::ACCEPT, accept)), expected);
    }

    #[test]
    fn only_a_browser_that_opens_an_address_gets_the_page() {
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        check("tickets/7", browser, true);
        check("", browser, true);
        check("tickets/7", "application/json", false);
        check("tickets/7", "*/*", false);
        check("api/v1/ticket", browser, false);
        check("assets/gone-1a2b.js", browser, false);
    }

    #[test]
    fn whatever_is_served_lets_nothing_else_run() {
        let response = page(&HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        let policy = &response.headers()[header::CONTENT_SECURITY_POLICY];
        assert!(!policy.to_str().unwrap().contains("unsafe"));
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    }

    /// Where the console is built in.
    #[test]
    fn a_file_comes_in_the_best_form_and_only_once() {
        let Some(path) = Built::iter().find(|path| path.ends_with(".js.br")) else {
            assert!(
                Built::get(INDEX).is_none(),
                "a console without packed files"
            );
            return;
        };
        let plain = path.trim_end_matches(".br");
        assert!(file(&path, &HeaderMap::new()).is_none());
        let encoding = |taken: &'static str| {
            let found = file(plain, &headers(ACCEPT_ENCODING, taken)).unwrap();
            let encoding = found.headers().get(CONTENT_ENCODING);
            encoding.map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(encoding("gzip, br").as_deref(), Some("br"));
        assert_eq!(encoding("gzip;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(encoding("br;q=0"), None);
        let found = file(plain, &HeaderMap::new()).unwrap();
        let tag = found.headers()[ETAG].clone();
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, tag)]);
        assert_eq!(
            file(plain, &known).unwrap().status(),
            StatusCode::NOT_MODIFIED
        );
    }
}
