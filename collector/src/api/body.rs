//! What a request says, with refusals that name the field.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::{AppState, Problem};
use crate::wording::{Wording, wording};

/// A body in JSON.
pub(super) struct Body<T>(pub(super) T);

/// The part of the address behind `?`.
pub(super) struct Params<T>(pub(super) T);

/// The named parts of the path.
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(refused) => {
                let text = refused.body_text();
                // "…into the target type: field.name: what is wrong at line 1 column 9"
                let text = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(_, rest)| rest);
                let (field, detail) = match text.split_once(": ") {
                    Some((field, detail)) if !field.contains(' ') => (Some(field), detail),
                    _ => (None, text),
                };
                Err(Problem {
                    field: field.map(Into::into),
                    ..Problem::new(refused.status(), "body", wording!("{}", detail))
                }
                .remedy(wording!("send JSON as /api/openapi.json describes it")))
            }
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(refused) => {
                let text = refused.body_text();
                let detail = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(_, rest)| rest);
                Err(
                    Problem::new(StatusCode::BAD_REQUEST, "query", wording!("{}", detail))
                        .remedy(wording!("/api/openapi.json lists the parameters")),
                )
            }
        }
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(path)) => Ok(Self(path)),
            Err(refused) => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not-found",
                wording!("{}", refused.body_text()),
            )),
        }
    }
}

/// A text of the caller's, harmless and within its length.
pub(super) fn clean(
    field: &'static str,
    text: &str,
    longest: usize,
    lines: bool,
) -> Result<String, Problem> {
    let cleaned = sonde_proto::text::clean(text, usize::MAX, lines);
    match cleaned.chars().count() {
        length if length > longest => Err(Problem::field(
            field,
            wording!("{} characters, where {} are the most", length, longest),
        )),
        _ => Ok(cleaned.into_owned()),
    }
}

/// A text that must say something; otherwise the remedy.
pub(super) fn said(
    field: &'static str,
    text: &str,
    longest: usize,
    remedy: Wording,
) -> Result<String, Problem> {
    match clean(field, text, longest, false)?.trim() {
        "" => Err(Problem::field(field, wording!("it is empty")).remedy(remedy)),
        text => Ok(text.to_owned()),
    }
}
