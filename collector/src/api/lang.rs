//! The language that an answer's messages are rendered in.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use sonde_proto::message::Lang;

use super::Problem;

/// `?lang=fr` before `Accept-Language`; English by default.
pub(super) struct Reader(pub(super) Lang);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let named = query.split('&').find_map(|part| part.strip_prefix("lang="));
        let accepted = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        match named {
            None => Ok(Self(Lang::best(accepted.unwrap_or_default()))),
            Some(name) => Lang::named(name).map(Self).ok_or_else(|| {
                Problem::field("lang", format!("there are no texts in {name:?}")).remedy("en or fr")
            }),
        }
    }
}
