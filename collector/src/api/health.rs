//! For those who watch the collector.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::{AppState, Problem};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

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
        ("store_failures", "Commands that failed", written.n_failed),
    ] {
        text.push_str(&format!(
            "# HELP sonde_{name} {help}.\n# TYPE sonde_{name} counter\nsonde_{name}_total {value}\n"
        ));
    }
    text.push_str("# EOF\n");
    ([(header::CONTENT_TYPE, OPEN_METRICS)], text)
}
