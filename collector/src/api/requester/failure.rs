//! What a requester is shown when something cannot be done: in their words, with the way back.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonde_proto::help::Reason;
use sonde_proto::message::Lang;

use super::super::Problem;
use super::page;
use super::words::{self, Words};

/// Why something is not shown or not done.
pub(in crate::api) struct Failure {
    status: StatusCode,
    lang: Lang,
    title: &'static str,
    text: String,
    /// Address of the page that it came from.
    back: Option<String>,
}

impl Failure {
    /// The address leads nowhere: it never did, has expired or was revoked.
    pub(super) fn no_page(lang: Lang) -> Self {
        let words = words::of(lang);
        Self {
            status: StatusCode::NOT_FOUND,
            lang,
            title: words.no_page,
            text: words.no_page_why.to_owned(),
            back: None,
        }
    }

    /// The address was good once, and is used; or it is too late.
    pub(super) fn used(lang: Lang) -> Self {
        let words = words::of(lang);
        Self {
            text: words.used.to_owned(),
            ..Self::no_page(lang)
        }
    }

    /// Why the helpdesk does not take what was said.
    pub(super) fn told(lang: Lang, reason: Reason) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            text: reason.words(lang).to_owned(),
            ..Self::new(lang, |words| words.not_possible)
        }
    }

    /// The form does not say what its button would.
    pub(super) fn form(lang: Lang) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..Self::new(lang, |words| words.not_understood)
        }
    }

    /// It came too late: somebody else was faster, or it has expired.
    pub(super) fn too_late(lang: Lang) -> Self {
        Self {
            status: StatusCode::CONFLICT,
            ..Self::new(lang, |words| words.too_late)
        }
    }

    pub(super) fn of(problem: impl Into<Problem>, lang: Lang) -> Self {
        let problem = problem.into();
        let status = problem.status;
        match status.is_server_error() {
            true => Self {
                status,
                ..Self::new(lang, |words| words.later)
            },
            false => Self {
                status,
                ..Self::new(lang, |words| words.not_possible)
            },
        }
    }

    fn new(lang: Lang, text: impl Fn(&Words) -> &'static str) -> Self {
        let words = words::of(lang);
        Self {
            status: StatusCode::BAD_REQUEST,
            lang,
            title: words.not_done,
            text: text(words).to_owned(),
            back: None,
        }
    }

    pub(super) fn back_to(self, place: String) -> Self {
        Self {
            back: Some(place),
            ..self
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let shown = page::failure(self.lang, self.title, &self.text, self.back.as_deref());
        (self.status, axum::response::Html(shown.into_string())).into_response()
    }
}
