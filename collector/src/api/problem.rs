//! Errors as RFC 9457 has them, naming the field and the remedy. Answers never carry where an error came from.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sonde_proto::message::Lang;

use super::lang;
use crate::desk::Refusal;
use crate::store::StoreError;
use crate::wording::{Wording, wording};
use crate::work::{self, SubmitError, TooMany};

pub const MEDIA_TYPE: &str = "application/problem+json";
/// When to try again after the store was not available, seconds.
const RETRY_S: u32 = 2;
const AWAY: &str = "store-unavailable";
const TOO_MANY: &str = "too-many";

/// What went wrong, in no language yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// A word to decide by.
    pub(super) kind: &'static str,
    pub(super) status: StatusCode,
    pub(super) detail: Wording,
    pub(super) field: Option<Box<str>>,
    pub(super) at: Option<Part>,
    pub(super) remedy: Option<Wording>,
    pub(super) retry_after: Option<u32>,
    /// What was asked for is done: it must not be done again.
    pub(super) is_done: bool,
}

/// What went wrong, for a person and for a program, in the language of whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct WrittenProblem {
    /// `urn:sonde:` and a word to decide by.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: Box<str>,
    #[schema(value_type = String)]
    pub title: Box<str>,
    pub status: u16,
    /// What is wrong with this request, in the language that `Accept-Language` asks for.
    #[schema(value_type = String)]
    pub detail: Box<str>,
    /// The field, parameter or thing that is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Where in that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Part>,
    /// What to do about it, in the same language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Seconds after which to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// A part of a text, by its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Part {
    /// The first.
    pub begin: u16,
    /// The one after the last.
    pub end: u16,
}

/// Of an answer that is an error: what is known of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    /// The same call may be made again.
    NotDone,
}

impl Problem {
    pub(super) fn new(status: StatusCode, kind: &'static str, detail: Wording) -> Self {
        Self {
            kind,
            status,
            detail,
            field: None,
            at: None,
            remedy: None,
            retry_after: None,
            is_done: false,
        }
    }

    /// A field that cannot be as it is.
    pub(super) fn field(field: impl Into<Box<str>>, detail: Wording) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
        }
    }

    /// Where in the field: the first character, and the one after the last.
    pub(super) fn at(self, (begin, end): (usize, usize)) -> Self {
        let character = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let (begin, end) = (character(begin), character(end));
        Self {
            at: Some(Part { begin, end }),
            ..self
        }
    }

    pub(super) fn not_found(what: Wording, name: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            wording!("no {} {} that you may see", what, %name),
        )
    }

    /// What was asked for is done, and more cannot be said of it now.
    pub(super) fn after(self, done: Wording) -> Self {
        self.done(wording!("{}; how it stands now cannot be read", done))
            .remedy(wording!("do not repeat it; look again in a moment"))
    }

    /// Something was done before this went wrong: nobody is told to try the whole again.
    pub(super) fn done(self, detail: Wording) -> Self {
        Self {
            kind: "done",
            detail,
            retry_after: None,
            is_done: true,
            ..self
        }
    }

    pub(super) fn remedy(self, remedy: Wording) -> Self {
        Self {
            remedy: Some(remedy),
            ..self
        }
    }

    pub(super) fn written(&self, lang: Lang) -> WrittenProblem {
        WrittenProblem {
            kind: format!("urn:sonde:{}", self.kind).into(),
            title: self.status.canonical_reason().unwrap_or_default().into(),
            status: self.status.as_u16(),
            detail: self.detail.written(lang).into(),
            field: self.field.as_deref().map(str::to_owned),
            at: self.at,
            remedy: self.remedy.as_ref().map(|remedy| remedy.written(lang)),
            retry_after: self.retry_after,
        }
    }

    fn body(&self, lang: Lang) -> Vec<u8> {
        // Texts and numbers always have a JSON form.
        serde_json::to_vec(&self.written(lang)).unwrap_or_default()
    }
}

/// The answer, where it is a problem, in the language of whoever asked.
pub(super) fn in_language(mut response: Response, lang: Lang) -> Response {
    if lang == Lang::default() {
        return response;
    }
    match response.extensions_mut().remove::<Problem>() {
        None => response,
        Some(problem) => {
            let (mut parts, _) = response.into_parts();
            let language = HeaderValue::from_static(lang::code(lang));
            parts.headers.insert(header::CONTENT_LANGUAGE, language);
            Response::from_parts(parts, problem.body(lang).into())
        }
    }
}

/// In English; [`in_language`] says it anew where another is asked for.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, MEDIA_TYPE),
            (header::CONTENT_LANGUAGE, lang::code(Lang::default())),
        ];
        let body = self.body(Lang::default());
        let mut response = (self.status, headers, body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let fate = match (self.is_done, self.kind) {
            (true, _) => Some(Fate::Done),
            (false, AWAY | TOO_MANY) => Some(Fate::NotDone),
            (false, _) => None,
        };
        if let Some(fate) = fate {
            response.extensions_mut().insert(fate);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(why) => {
                tracing::warn!(%why, "the store is not available");
                Self {
                    retry_after: Some(RETRY_S),
                    ..Self::new(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "store-unavailable",
                        wording!("the collector's database does not answer"),
                    )
                }
                .remedy(wording!("try again in a moment; where something was to change, look first whether it has"))
            }
            StoreError::OutcomeUnknown(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "outcome-unknown",
                wording!("the collector's database did not say whether the change was kept"),
            )
            .remedy(wording!("look whether it was, before you ask again")),
            StoreError::NotFound { what } => Self::new(
                StatusCode::NOT_FOUND,
                "not-found",
                wording!("there is no such {}", what),
            ),
            StoreError::Conflict { what } => Self::new(StatusCode::CONFLICT, "conflict", what),
            StoreError::Refused {
                field,
                reason,
                remedy,
            } => Self {
                remedy,
                ..Self::field(field, reason)
            },
            StoreError::Newer { .. } | StoreError::Broken(_) => {
                tracing::error!(%error, "the store failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    wording!("the collector failed; its log says why"),
                )
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            remedy: refusal.remedy,
            ..Self::field(refusal.field, refusal.reason)
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::TooLarge { found } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                work::too_large(found),
            ),
            SubmitError::Store(error) => error.into(),
            SubmitError::TooMany(too_many) => too_many.into(),
        }
    }
}

impl From<TooMany> for Problem {
    fn from(too_many: TooMany) -> Self {
        let problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            too_many.wording(),
        );
        match too_many {
            TooMany::Orders { again_in } => Self {
                retry_after: Some(u32::try_from(again_in.as_secs() + 1).unwrap_or(u32::MAX)),
                ..problem
            },
            TooMany::Devices { .. } => Self {
                field: Some("devices".into()),
                ..problem
            },
        }
    }
}

pub(super) async fn no_such_route() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-route",
        wording!("there is no such route"),
    )
    .remedy(wording!("/api/openapi.json lists all routes"))
}

pub(super) async fn no_such_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "no-method",
        wording!("the route does not take this method"),
    )
    .remedy(wording!("/api/openapi.json lists all routes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(refused: StoreError, expected: (&str, Option<&str>)) {
        let problem = Problem::from(refused);
        let written = problem.written(Lang::En);
        assert_eq!((&*written.detail, written.remedy.as_deref()), expected);
    }

    #[tokio::test]
    async fn a_hostile_text_stays_a_text_of_its_problem() {
        for hostile in crate::hostile::texts() {
            let problem = Problem {
                retry_after: Some(1),
                ..Problem::field(&*hostile, wording!("{}", *hostile))
                    .remedy(wording!("{}", *hostile))
            };
            let response = problem.clone().into_response();
            for (name, value) in response.headers() {
                crate::hostile::assert_inert(value.to_str().unwrap());
                assert!(
                    ["content-type", "content-language", "retry-after"].contains(&name.as_str())
                );
            }
            let body = axum::body::to_bytes(response.into_body(), 1 << 24).await;
            let body = body.unwrap();
            assert!(!body.contains(&b'\n'), "one line");
            assert_eq!(
                serde_json::from_slice::<WrittenProblem>(&body).unwrap(),
                problem.written(Lang::En)
            );
        }
    }

    #[test]
    fn what_is_wrong_and_what_to_do_are_told_apart_by_whoever_refuses() {
        let refused = || StoreError::refused("name", wording!("no \"a: b\" here"));
        check(refused(), ("no \"a: b\" here", None));
        let cured = refused().remedy(wording!("take: another"));
        assert_eq!(cured.to_string(), "name: no \"a: b\" here: take: another");
        check(cured, ("no \"a: b\" here", Some("take: another")));
    }
}
