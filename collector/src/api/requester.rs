//! The requester's page: a ticket as the one sees it who asked for help, behind an address that only they know.
//!
//! It runs without script. A GET changes nothing: programs that look into mails open addresses by themselves. Whatever
//! is changed is a POST of one of its forms.

mod act;
mod ask;
mod failure;
mod files;
mod gather;
mod moment;
mod page;
mod remote;
mod said;
mod words;

use axum::Router;
use axum::extract::{FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use sonde_proto::message::Lang;

use super::lang;
use super::{AppState, Problem, time};
use crate::account::hash_secret;
use crate::store::links::{Link, NewLink};
use crate::store::tickets::NumberedTicket;
use crate::store::{Id, StoreError};
use failure::Failure;

/// Who does what is done on the page, as the ticket's events name them.
pub(super) const ACTOR: &str = "requester";
/// Where the pages are.
const PLACE: &str = "/r";
/// Where somebody at a device asks for help.
pub(crate) const HELP_PLACE: &str = "/h";
/// Largest form, bytes: a message of the longest, each character escaped.
const FORM_BYTES: usize = 256 << 10;
const DAY_US: i64 = 86_400_000_000;

/// An address that was made, and what is shown of it once.
pub(super) struct Made {
    pub(super) link: Link,
    pub(super) url: String,
}

/// Makes an address of a ticket's page: 128 random bits of which the store keeps a hash.
///
/// # Errors
/// Those of the store.
pub(super) async fn make(
    state: &AppState,
    ticket: i64,
    days: u16,
    by: &str,
) -> Result<Made, StoreError> {
    let secret = Id::random().to_string();
    let now = time::now_us();
    let link = state.store.make_link(NewLink {
        ticket,
        secret_hash: hash_secret(&secret),
        expires_at: now + i64::from(days) * DAY_US,
        created_by: by.to_owned(),
        at: now,
    });
    Ok(Made {
        link: link.await?,
        url: format!("{}{PLACE}/{secret}", state.public_url),
    })
}

pub(super) use gather::purpose;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/r/{secret}", get(page::show))
        .route("/r/{secret}/files/{file}", get(files::file))
        .route("/r/{secret}/message", post(act::message))
        .route("/r/{secret}/solved", post(act::solved))
        .route("/r/{secret}/consents/{consent}", post(act::consent))
        .route("/h/{secret}", get(ask::show))
        .route("/h/{secret}/ask", post(ask::ask))
        .route("/h/{secret}/read", post(ask::read))
        .layer(axum::extract::DefaultBodyLimit::max(FORM_BYTES))
        .layer(from_fn(with_headers))
}

/// What a browser may do with the page: show it, and send its forms. The address goes nowhere.
async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A file has a stricter one of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = page::content_security_policy().clone();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.insert(name, value);
    };
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ] {
        set(name, HeaderValue::from_static(value));
    }
    response
}

/// Whoever came with an address that is good.
pub(super) struct Guest {
    secret: String,
    lang: Lang,
    ticket: NumberedTicket,
}

#[derive(Deserialize)]
struct Place {
    secret: String,
}

impl FromRequestParts<AppState> for Guest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let lang = lang::of(&parts.uri, &parts.headers);
        let place = Path::<Place>::from_request_parts(parts, state).await;
        let Ok(Path(Place { secret })) = place else {
            return Err(Failure::no_page(lang));
        };
        let hash = hash_secret(&secret);
        let found = async {
            let Some(link) = state.store.link(&hash, time::now_us()).await? else {
                return Ok(None);
            };
            state.store.ticket(link.ticket).await
        };
        let ticket = found.await.map_err(|error| Failure::of(error, lang))?;
        ticket
            .map(|ticket| Self {
                secret,
                lang,
                ticket,
            })
            .ok_or_else(|| Failure::no_page(lang))
    }
}

impl Guest {
    /// The page's own address, in its language.
    fn place(&self) -> String {
        format!("{PLACE}/{}?lang={}", self.secret, words::code(self.lang))
    }

    /// Where a form of it goes.
    fn form(&self, what: &str) -> String {
        let lang = words::code(self.lang);
        format!("{PLACE}/{}/{what}?lang={lang}", self.secret)
    }

    fn failure(&self, problem: impl Into<Problem>) -> Failure {
        Failure::of(problem, self.lang).back_to(self.place())
    }
}
