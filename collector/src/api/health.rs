//! For those who watch the collector.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::{AppState, Problem};
use crate::link::gate::NoPlace;

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

async fn metrics(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let mut text = String::new();
    let encoded = encode(&mut text, &gathered(&state));
    encoded.map_err(|error| crate::store::StoreError::Broken(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text))
}

/// What has been counted elsewhere, as it stands.
fn gathered(state: &AppState) -> Registry {
    let written = state.store.written();
    let (n_connections, n_refused) = state.gate.counts_now();
    let mut all = Registry::with_prefix("sonde");
    for (name, help, value) in [
        (
            "sessions",
            "Sessions of devices that are open",
            state.work.n_sessions(),
        ),
        (
            "agents_connections",
            "Connections at the agents' port",
            n_connections,
        ),
    ] {
        all.register(name, help, ConstGauge::new(value as i64));
    }
    for (name, help, value) in [
        ("store_commits", "Transactions committed", written.n_commits),
        (
            "store_commands",
            "Commands handed to the writer, which several share a transaction of",
            written.n_commands,
        ),
        (
            "store_failures",
            "Commands that failed by the store's own fault",
            written.n_failed,
        ),
        ("store_reads", "Reads of the store", written.n_reads),
        (
            "store_unread",
            "Reads for which there was no connection to the store",
            written.n_unread,
        ),
    ] {
        all.register(name, help, ConstCounter::new(value));
    }
    let reports = written.kept.n_reports();
    let reports = reports.map(|(fate, n)| (fate.as_str().to_owned(), n));
    by(
        &mut all,
        ("reports", "Numbers of devices' spools accounted for"),
        "fate",
        reports,
    );
    let jobs = written.kept.n_ended_jobs();
    let jobs = jobs.map(|(state, n)| (state.as_str().to_owned(), n));
    by(&mut all, ("jobs_ended", "Ends of jobs"), "state", jobs);
    let refused = NoPlace::ALL.into_iter().zip(n_refused);
    let refused = refused.map(|(why, n)| (why.as_str().to_owned(), n));
    by(
        &mut all,
        (
            "agents_refused",
            "Connections at the agents' port for which there was no place",
        ),
        "full",
        refused,
    );
    let answered = (1..).zip(&state.answered.0);
    let answered =
        answered.map(|(class, n): (u8, _)| (format!("{class}xx"), n.load(Ordering::Relaxed)));
    by(
        &mut all,
        ("http_answers", "Requests answered"),
        "class",
        answered,
    );
    all
}

/// A counter for each value of a label.
fn by(
    all: &mut Registry,
    (name, help): (&str, &str),
    label: &'static str,
    counts: impl Iterator<Item = (String, u64)>,
) {
    let family = Family::<Vec<(&str, String)>, Counter>::default();
    for (value, count) in counts {
        family.get_or_create(&vec![(label, value)]).inc_by(count);
    }
    all.register(name, help, family);
}
