//! For those who watch the collector.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{AppState, Problem};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers by the first digit of their status, 1 to 5.
#[derive(Debug, Default)]
pub(crate) struct Answered([AtomicU64; 5]);

/// Counts what is answered.
pub(super) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = usize::from(response.status().as_u16() / 100);
    if let Some(count) = state.answered.0.get(class.wrapping_sub(1)) {
        count.fetch_add(1, Ordering::Relaxed);
    }
    response
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

async fn ready(State(state): State<AppState>) -> Result<&'static str, Problem> {
    state.store.ping().await?;
    Ok("ok\n")
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let written = state.store.written();
    let mut text = String::new();
    for (name, help, value) in [
        ("store_commits", "Transactions committed", written.n_commits),
        (
            "store_commands",
            "Commands handed to the writer",
            written.n_commands,
        ),
        (
            "store_failures",
            "Commands that failed by the store's own fault",
            written.n_failed,
        ),
    ] {
        text.push_str(&format!(
            "# HELP sonde_{name} {help}.\n# TYPE sonde_{name} counter\nsonde_{name}_total {value}\n"
        ));
    }
    let n_sessions = state.work.n_sessions();
    text.push_str(&format!(
        "# HELP sonde_sessions Sessions of devices that are open.\n# TYPE sonde_sessions gauge\n\
         sonde_sessions {n_sessions}\n\
         # HELP sonde_http_answers Requests answered.\n# TYPE sonde_http_answers counter\n"
    ));
    for (class, count) in (1..).zip(&state.answered.0) {
        let count = count.load(Ordering::Relaxed);
        text.push_str(&format!(
            "sonde_http_answers_total{{class=\"{class}xx\"}} {count}\n"
        ));
    }
    text.push_str("# EOF\n");
    ([(header::CONTENT_TYPE, OPEN_METRICS)], text)
}
