//! How a device's reports were accounted for: each of its numbers committed, rejected or thinned, exactly once.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;

use super::body::At;
use super::caller::Viewer;
use super::route::{Least, Route};
use super::{AppState, Problem};
use crate::store::accounts::Role;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AccountView {
    spools: Vec<SpoolView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SpoolView {
    spool: String,
    /// Ascending, without overlaps; neighbours of one fate are one range.
    ranges: Vec<RangeView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RangeView {
    first: i64,
    last: i64,
    /// "committed", "rejected", "thinned".
    fate: &'static str,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/reports",
            Least::Role(Role::Viewer),
            "How a device's reports were accounted for, by spool",
            get(account),
        )
        .gives::<AccountView>(),
    ]
}

async fn account(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
) -> Result<Json<AccountView>, Problem> {
    let device = caller.device(&state, &device).await?;
    let mut spools = Vec::new();
    for spool_id in state.store.spools(device.device_key).await? {
        let ranges = state
            .store
            .spool_ranges(device.device_key, spool_id)
            .await?;
        let view = |range: crate::store::reports::Range| RangeView {
            first: range.first,
            last: range.last,
            fate: range.fate.as_str(),
        };
        spools.push(SpoolView {
            spool: spool_id.to_string(),
            ranges: ranges.into_iter().map(view).collect(),
        });
    }
    Ok(Json(AccountView { spools }))
}
