//! The language that an answer's messages are rendered in.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use sonde_proto::message::Lang;

use super::{Problem, problem};
use crate::wording::wording;

/// `?lang=fr` before `Accept-Language`; English by default.
pub(super) struct Reader(pub(super) Lang);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match named(&parts.uri) {
            None => Ok(Self(accepted(&parts.headers))),
            Some(name) => Lang::named(name).map(Self).ok_or_else(|| {
                Problem::field("lang", wording!("there are no texts in {}", ?name))
                    .remedy(wording!("en or fr"))
            }),
        }
    }
}

/// What goes wrong with any request is told in its language.
pub(super) async fn tell_problems(request: Request, next: Next) -> Response {
    let lang = of(request.uri(), request.headers());
    problem::in_language(next.run(request).await, lang)
}

/// The language of a request, also where it names one that there is not.
pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Lang {
    let named = named(uri).and_then(Lang::named);
    named.unwrap_or_else(|| accepted(headers))
}

fn named(uri: &Uri) -> Option<&str> {
    let query = uri.query().unwrap_or_default();
    query.split('&').find_map(|part| part.strip_prefix("lang="))
}

fn accepted(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|value| value.to_str().ok());
    Lang::best(wanted.unwrap_or_default())
}

/// As `Content-Language` has it.
pub(super) fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Fr => "fr",
    }
}
