//! A creating call that is repeated with its `Idempotency-Key` gets its first answer again.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::problem::{Fate, in_language};
use super::{AppState, Problem, caller, lang, time};
use crate::desk::attachment::MOST_BYTES;
use crate::store::idempotency::{Begun, NewCall};
use crate::wording::wording;

const HEADER: &str = "idempotency-key";
/// Longest key, characters.
const KEY_LENGTH: usize = 255;
/// Largest answer that is kept.
const ANSWER_BYTES: u64 = 1 << 20;

pub(super) async fn answer_again(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_change = request.method() != Method::GET;
    let key = request
        .headers()
        .get(HEADER)
        .filter(|_| request.method() == Method::POST)
        .cloned();
    if key.is_some() && gives_secret(request.uri().path()) {
        return Problem::field(
            "Idempotency-Key",
            wording!("what this makes is shown once: the call cannot be repeated"),
        )
        .remedy(wording!(
            "send it without; where no answer came, look what was made"
        ))
        .into_response();
    }
    let answer = async move {
        match key {
            None => next.run(request).await,
            Some(key) => match once(&state, key, request, next).await {
                Ok(response) => response,
                Err(problem) => problem.into_response(),
            },
        }
    };
    match is_change {
        false => answer.await,
        true => to_the_end(answer).await,
    }
}

/// What changes something is done to its end, also when the client hangs up meanwhile.
async fn to_the_end(answer: impl Future<Output = Response> + Send + 'static) -> Response {
    match tokio::spawn(answer).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a request broke");
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                wording!("the collector failed; its log says why"),
            )
            .into_response()
        }
    }
}

/// Answers that hold a secret are shown once and never kept.
pub(super) fn gives_secret(path: &str) -> bool {
    [
        "/sign-in",
        "/me/",
        "/accounts",
        "/enrolment-tokens",
        "/pages",
        "/remote-tools",
        "/webhook",
    ]
    .iter()
    .any(|part| path.contains(part))
}

async fn once(
    state: &AppState,
    key: HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=KEY_LENGTH).contains(&key.len()))
        .ok_or_else(|| {
            Problem::field(
                "Idempotency-Key",
                wording!("it has 1 to {} visible characters", KEY_LENGTH),
            )
        })?
        .to_owned();
    let (parts, body) = request.into_parts();
    let account_key = caller::caller(&parts, state).await?.account.account_key;
    let body = to_bytes(body, MOST_BYTES).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body",
            wording!("a body has {} bytes at most", MOST_BYTES),
        )
    })?;
    let mut context = Context::new(&SHA256);
    context.update(parts.uri.path().as_bytes());
    context.update(b"\0");
    context.update(&body);
    let call = NewCall {
        account_key,
        key: key.clone(),
        request_hash: context.finish().as_ref().to_vec(),
        at: time::now_us(),
    };
    match state.store.begin_call(call).await? {
        Begun::New => {}
        Begun::Answered { status, answer } => return Ok(answered(status, &answer)),
        Begun::Running => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "running",
                wording!("the first call with this Idempotency-Key has not been answered, or too long to be kept"),
            )
            .remedy(wording!("look whether it was done before you try with another key")));
        }
        Begun::Other => {
            return Err(Problem::field(
                "Idempotency-Key",
                wording!("it was used for another request"),
            )
            .remedy(wording!("take a new key for a new request")));
        }
    }
    let lang = lang::of(&parts.uri, &parts.headers);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // Who asks again gets the same words again.
    let response = in_language(response, lang);
    Ok(keep(state, account_key, key, response).await)
}

async fn keep(state: &AppState, account_key: i64, key: String, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    // What is not kept is passed on; the call stays one that was done, so that it is not done twice.
    let fate = parts.extensions.get::<Fate>().copied();
    let length = HttpBody::size_hint(&body).upper();
    if length.is_none_or(|length| length > ANSWER_BYTES) {
        return Response::from_parts(parts, body);
    }
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let head = |name| {
        let value = parts.headers.get(name);
        value.and_then(|value| Some(value.to_str().ok()?.to_owned()))
    };
    let kept = Kept {
        etag: head(header::ETAG),
        language: head(header::CONTENT_LANGUAGE),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    // Texts always have a JSON form.
    let answer = serde_json::to_string(&kept).unwrap_or_default();
    let status = match fate {
        Some(Fate::NotDone) => None,
        // Nobody knows what was done.
        None if parts.status.is_server_error() => {
            return Response::from_parts(parts, Body::from(body));
        }
        Some(Fate::Done) | None => Some(i64::from(parts.status.as_u16())),
    };
    // What was done was done, whether that could be kept or not.
    if let Err(error) = state.store.end_call(account_key, key, status, answer).await {
        tracing::warn!(%error, "an answer was not kept for its Idempotency-Key");
    }
    Response::from_parts(parts, Body::from(body))
}

/// An answer as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    #[serde(default)]
    language: Option<String>,
    body: String,
}

fn answered(status: i64, answer: &str) -> Response {
    let Kept {
        etag,
        language,
        body,
    } = serde_json::from_str(answer).unwrap_or_default();
    let status = u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK);
    let media_type = match status.is_success() {
        true => "application/json",
        false => super::PROBLEM_MEDIA_TYPE,
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (
            header::HeaderName::from_static("idempotent-replayed"),
            "true",
        ),
    ];
    let mut response = (status, headers, body).into_response();
    for (name, value) in [(header::ETAG, etag), (header::CONTENT_LANGUAGE, language)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::super::tests::Bench;
    use super::*;
    use crate::store::StoreError;
    use crate::store::testing::{NOW, on_both};

    async fn length(response: Response) -> usize {
        to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap()
            .len()
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_kept_is_passed_on_and_its_call_not_done_again() {
        on_both(|store| async move {
            let state = Bench::new(store).await.state;
            let call = NewCall {
                account_key: 1,
                key: "k".into(),
                request_hash: vec![1],
                at: NOW,
            };
            state.store.begin_call(call.clone()).await.unwrap();
            let long = vec![b'x'; ANSWER_BYTES as usize + 1];
            let n_bytes = long.len();
            let response = keep(&state, 1, "k".into(), long.clone().into_response()).await;
            assert_eq!(length(response).await, n_bytes);
            let again = state.store.begin_call(call).await.unwrap();
            assert_eq!(again, Begun::Running);
            state.store.close().await;
            let response = keep(&state, 1, "k".into(), "done".into_response()).await;
            assert_eq!(length(response).await, 4);
        })
        .await;
    }

    #[tokio::test]
    async fn only_what_was_not_done_may_be_tried_again() {
        on_both(|store| async move {
            let state = Bench::new(store).await.state;
            let again = async |key: &str, response: Response| {
                let call = NewCall {
                    account_key: 1,
                    key: key.into(),
                    request_hash: vec![1],
                    at: NOW,
                };
                state.store.begin_call(call.clone()).await.unwrap();
                keep(&state, 1, key.into(), response).await;
                match state.store.begin_call(call).await.unwrap() {
                    Begun::Answered { status, .. } => status.to_string(),
                    other @ (Begun::New | Begun::Running | Begun::Other) => format!("{other:?}"),
                }
            };
            let away = || Problem::from(StoreError::Unavailable("x".into()));
            let busy = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", wording!("x"));
            let broken = Problem::from(StoreError::Broken("x".into()));
            assert_eq!(again("away", away().into_response()).await, "New");
            assert_eq!(again("busy", busy.into_response()).await, "New");
            assert_eq!(again("broken", broken.into_response()).await, "Running");
            let done = away().after(wording!("it is done"));
            assert_eq!(done.retry_after, None);
            assert_eq!(again("done", done.into_response()).await, "503");
            let accepted = StatusCode::ACCEPTED.into_response();
            assert_eq!(again("accepted", accepted).await, "202");
        })
        .await;
    }

    #[tokio::test]
    async fn who_hangs_up_does_not_stop_what_was_begun() {
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (end, ended) = tokio::sync::oneshot::channel();
        let answer = to_the_end(async move {
            begun.await.unwrap();
            end.send(()).unwrap();
            StatusCode::OK.into_response()
        });
        let mut answer = Box::pin(answer);
        assert!(futures::poll!(answer.as_mut()).is_pending());
        drop(answer);
        begin.send(()).unwrap();
        ended.await.unwrap();
    }
}
