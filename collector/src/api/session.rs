//! A browser's session: its secret travels in a cookie that no script can read, and a change needs a second one that only
//! a page of this origin can know.

use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};
use subtle::ConstantTimeEq as _;

use super::Problem;
use crate::account::SESSION_US;
use crate::wording::{Wording, wording};

const NAME: &str = "sonde_session";
/// What comes with every change.
pub(super) const CSRF: &str = "x-csrf-token";
const FETCH_SITE: &str = "sec-fetch-site";

/// The secret of a session, out of a request's cookies.
pub(super) fn secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).into_iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, secret)| secret)
}

/// The header value that begins a session; without a secret, that ends it. `is_private`: nobody on the way reads along.
pub(super) fn cookie(secret: Option<&str>, is_private: bool) -> Result<HeaderValue, Problem> {
    let (secret, seconds) = match secret {
        Some(secret) => (secret, SESSION_US / 1_000_000),
        None => ("", 0),
    };
    let secure = if is_private { "; Secure" } else { "" };
    let text =
        format!("{NAME}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).map_err(|_| {
        let what = wording!("the session's secret is none");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", what)
    })
}

/// What changes are to come with, in the header `X-CSRF-Token`: whoever knows only the cookie's name cannot reckon it.
pub(super) fn csrf(secret: &str) -> String {
    let mut context = Context::new(&SHA256);
    context.update(b"sonde csrf\0");
    context.update(secret.as_bytes());
    URL_SAFE_NO_PAD.encode(context.finish())
}

/// That a request with a session's cookie was made by a page of this origin.
///
/// # Errors
/// Forbidden: another origin has made it, or a change comes without its token.
pub(super) fn own(parts: &Parts, secret: &str) -> Result<(), Problem> {
    let text = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let foreign = |what: Wording| {
        Err(
            Problem::new(StatusCode::FORBIDDEN, "another-origin", what).remedy(wording!(
                "programs sign in for a token: POST /api/v1/sign-in with token_name"
            )),
        )
    };
    if let Some(origin) = text(ORIGIN.as_str()) {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        // HTTP/2 names it in the address.
        let here = parts.uri.authority().map(Authority::as_str);
        if authority.is_none() || authority != here.or(text(HOST.as_str())) {
            return foreign(wording!("a page of another origin has made this request"));
        }
    }
    if text(FETCH_SITE).is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return foreign(wording!("a page of another site has made this request"));
    }
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let given = text(CSRF).unwrap_or_default();
    match bool::from(given.as_bytes().ct_eq(csrf(secret).as_bytes())) {
        true => Ok(()),
        false => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "csrf",
            wording!("the session's changes come with the header X-CSRF-Token"),
        )
        .remedy(wording!("read it from GET /api/v1/me"))),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[track_caller]
    fn check(method: Method, headers: &[(&str, &str)], expected: Option<&str>) {
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let found = own(&parts, "s").err().map(|problem| problem.kind);
        assert_eq!(found, expected, "{headers:?}");
    }

    #[test]
    fn only_a_page_of_this_origin_changes_anything() {
        let token = csrf("s");
        let (here, with) = (("host", "desk:8443"), ("x-csrf-token", token.as_str()));
        check(Method::GET, &[], None);
        check(Method::POST, &[with], None);
        check(Method::POST, &[], Some("csrf"));
        check(Method::POST, &[("x-csrf-token", "")], Some("csrf"));
        check(
            Method::DELETE,
            &[("x-csrf-token", &csrf("t"))],
            Some("csrf"),
        );
        let own = ("origin", "https://desk:8443");
        check(Method::POST, &[here, own, with], None);
        let foreign = Some("another-origin");
        for origin in [
            "https://desk:8444",
            "https://evil.example",
            "null",
            "desk:8443",
        ] {
            check(Method::GET, &[here, ("origin", origin)], foreign);
            check(Method::POST, &[here, ("origin", origin), with], foreign);
        }
        let at_once = Request::get("https://desk:8443/api/v1/me").header(own.0, own.1);
        let (parts, ()) = at_once.body(()).unwrap().into_parts();
        assert!(super::own(&parts, "s").is_ok());
        check(Method::GET, &[("sec-fetch-site", "same-origin")], None);
        check(Method::GET, &[("sec-fetch-site", "none")], None);
        check(Method::GET, &[("sec-fetch-site", "same-site")], foreign);
        check(Method::GET, &[("sec-fetch-site", "cross-site")], foreign);
    }

    #[test]
    fn the_secret_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", HeaderValue::from_static("a=b; sonde_session=x=y"));
        headers.append("cookie", HeaderValue::from_static("c=d"));
        assert_eq!(secret(&headers), Some("x=y"));
        assert_eq!(secret(&HeaderMap::new()), None);
    }
}
