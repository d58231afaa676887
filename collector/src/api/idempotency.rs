//! A creating call that is repeated with its `Idempotency-Key` gets its first answer again.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ring::digest::{Context, SHA256};

use super::{AppState, BODY_BYTES, Problem, caller, time};
use crate::store::idempotency::{Begun, NewCall};

const HEADER: &str = "idempotency-key";
/// Longest key, characters.
const KEY_LENGTH: usize = 255;
/// Largest answer that is kept.
const ANSWER_BYTES: usize = 1 << 20;

pub(super) async fn answer_again(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let key = request
        .headers()
        .get(HEADER)
        .filter(|_| request.method() == Method::POST && !gives_secret(request.uri().path()))
        .cloned();
    match key {
        None => next.run(request).await,
        Some(key) => match once(&state, key, request, next).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
    }
}

/// Answers that hold a secret are shown once and never kept.
fn gives_secret(path: &str) -> bool {
    ["/sign-in", "/me/", "/accounts", "/enrolment-tokens"]
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
                format!("it has 1 to {KEY_LENGTH} visible characters"),
            )
        })?
        .to_owned();
    let account_key = caller::caller(request.headers(), state)
        .await?
        .account
        .account_key;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body",
            format!("a body has {BODY_BYTES} bytes at most"),
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
        Begun::Answered { status, answer } => return Ok(answered(status, answer)),
        Begun::Running => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "running",
                "the first call with this Idempotency-Key has not been answered",
            )
            .remedy("look whether it was done before you try with another key"));
        }
        Begun::Other => {
            return Err(
                Problem::field("Idempotency-Key", "it was used for another request")
                    .remedy("take a new key for a new request"),
            );
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(state, account_key, key, response).await
}

async fn keep(
    state: &AppState,
    account_key: i64,
    key: String,
    response: Response,
) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_BYTES).await.unwrap_or_default();
    let answer = String::from_utf8_lossy(&body).into_owned();
    let is_final = !parts.status.is_server_error();
    let status = is_final.then(|| i64::from(parts.status.as_u16()));
    state
        .store
        .end_call(account_key, key, status, answer)
        .await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn answered(status: i64, answer: String) -> Response {
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
    (status, headers, answer).into_response()
}
