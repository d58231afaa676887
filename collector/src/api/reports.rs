//! How a device's reports were accounted for: each of its numbers committed, rejected or thinned, exactly once.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;

use super::body::{At, Params};
use super::caller::Viewer;
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem};
use crate::store::accounts::Role;
use crate::store::reports::RangeKey;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ReportAccount {
    /// A page of so many ranges; the next may begin with more of the last spool.
    spools: Vec<SpoolView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
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
        .query::<After>()
        .gives::<ReportAccount>(),
    ]
}

async fn account(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(page): Params<After>,
) -> Result<Json<ReportAccount>, Problem> {
    let device = caller.device(&state, &device).await?;
    let ranges = state
        .store
        .device_ranges(device.device_key, page.cursor()?, page.most())
        .await?;
    let next = next(&ranges, page.most(), |(spool_id, range)| {
        let (spool_id, first) = (*spool_id, range.first);
        RangeKey { spool_id, first }.to_string()
    });
    let mut spools: Vec<SpoolView> = Vec::new();
    for (spool_id, range) in ranges {
        let spool = spool_id.to_string();
        let view = RangeView {
            first: range.first,
            last: range.last,
            fate: range.fate.as_str(),
        };
        match spools.last_mut().filter(|last| last.spool == spool) {
            Some(last) => last.ranges.push(view),
            None => spools.push(SpoolView {
                spool,
                ranges: vec![view],
            }),
        }
    }
    Ok(Json(ReportAccount { spools, next }))
}
