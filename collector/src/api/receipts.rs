//! What a device says it was asked, held against the record, for administrators.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;
use serde_json::{Map, Value};

use super::body::At;
use super::caller::Admin;
use super::job_view;
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::digest::unhex;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::wording::wording;
use crate::work::{Misfit, Receipt, compare};

/// The table in which a device tells them.
const TABLE: &str = "receipts";

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Comparison {
    device: String,
    hostname: String,
    /// Nothing that was compared is a misfit.
    fits: bool,
    /// Since when the device has receipts; null: it has none.
    since: Option<String>,
    n_receipts: usize,
    /// Orders of that time in the record, the newest 20,000.
    n_recorded: usize,
    misfits: Vec<MisfitView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MisfitView {
    /// Id of the order and its job.
    job: String,
    misfit: Misfit,
    /// What the device says of it; null: it knows nothing of it.
    #[schema(value_type = Object)]
    receipt: Option<Map<String, Value>>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/jobs/{job}/receipts",
            Least::Role(Role::Admin),
            "Holds the receipts that a device gave in this job, as the table `receipts`, against orders and audit log",
            get(compared),
        )
        .gives::<Comparison>(),
    ]
}

async fn compared(
    State(state): State<AppState>,
    Admin(caller): Admin,
    At(id): At<String>,
) -> Result<Json<Comparison>, Problem> {
    caller.everywhere()?;
    let job = caller.job(&state, &id).await?;
    let rows = job_view::rows(&state, &job).await?;
    let rows = rows.filter(|rows| rows.name == TABLE).ok_or_else(|| {
        Problem::field("job", wording!("it has no receipts")).remedy(wording!(
            "ask the device for its table receipts, on a ticket, and give that job"
        ))
    })?;
    let told: Vec<(Receipt, &Map<String, Value>)> = rows
        .rows
        .iter()
        .filter_map(|row| Some((receipt(row)?, row)))
        .collect();
    let issued = rows.rows.iter().filter_map(|row| at(row, "issued_at"));
    let since = issued.min();
    let recorded = match since {
        Some(since) => state.store.recorded_orders(job.id, since).await?,
        None => Vec::new(),
    };
    let receipts: Vec<Receipt> = told.iter().map(|(receipt, _)| receipt.clone()).collect();
    let misfits = compare(&receipts, &recorded).into_iter();
    let misfits: Vec<MisfitView> = misfits
        .map(|(order, misfit)| MisfitView {
            job: order.to_string(),
            misfit,
            receipt: told
                .iter()
                .find(|(receipt, _)| receipt.order == order)
                .map(|(_, row)| (*row).clone()),
        })
        .collect();
    Ok(Json(Comparison {
        device: job.device.to_string(),
        hostname: job.hostname,
        fits: misfits.is_empty() && receipts.len() == rows.rows.len(),
        since: since.map(time::shown),
        n_receipts: receipts.len(),
        n_recorded: recorded.len(),
        misfits,
    }))
}

fn receipt(row: &Map<String, Value>) -> Option<Receipt> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Receipt {
        order: Id::from_slice(&unhex(&text("order")?)?).ok()?,
        digest: text("digest")?,
        requested_by: text("requested_by").unwrap_or_default(),
        ticket: row.get("ticket").and_then(Value::as_i64),
        outcome: text("outcome"),
    })
}

/// Microseconds since 1970 UTC.
fn at(row: &Map<String, Value>, name: &str) -> Option<i64> {
    let at: jiff::Timestamp = row.get(name)?.as_str()?.parse().ok()?;
    Some(at.as_microsecond())
}
