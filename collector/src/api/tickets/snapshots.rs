//! What was known of a device at a moment, frozen on a ticket.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::body::{At, Body};
use super::super::caller::{Technician, Viewer};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::snapshots::Snapshot;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SnapshotView {
    id: String,
    ticket: i64,
    device: String,
    taken_at: String,
    /// Made of what was stored because the device was not connected; completed when it comes back.
    partial: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SnapshotList {
    items: Vec<SnapshotView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WholeSnapshot {
    #[serde(flatten)]
    snapshot: SnapshotView,
    /// Tables, findings and the last minutes of metrics.
    #[schema(value_type = Object)]
    content: Value,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Freeze {
    /// Id of a device.
    device: String,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/snapshots",
            viewer,
            "Snapshots of a ticket",
            get(list),
        )
        .gives::<SnapshotList>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/snapshots",
            Least::Role(Role::Technician),
            "Freezes what is known of a device now",
            post(take),
        )
        .takes::<Freeze>()
        .gives::<SnapshotView>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/tickets/{ticket}/snapshots/{snapshot}",
            viewer,
            "One snapshot with its content",
            get(show),
        )
        .gives::<WholeSnapshot>(),
    ]
}

/// Freezes what is known of a device now.
pub(super) async fn freeze(
    state: &AppState,
    by: &str,
    ticket: i64,
    device: &Device,
) -> Result<Snapshot, Problem> {
    let partial = device.connected_at.is_none();
    let taken = state
        .store
        .take_snapshot(ticket, device.device_key, partial, by, time::now_us());
    Ok(taken.await?)
}

fn view(snapshot: &Snapshot) -> SnapshotView {
    SnapshotView {
        id: snapshot.id.to_string(),
        ticket: snapshot.ticket,
        device: snapshot.device.to_string(),
        taken_at: time::shown(snapshot.taken_at),
        partial: snapshot.partial,
    }
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
) -> Result<Json<SnapshotList>, Problem> {
    caller.ticket(&state, number).await?;
    let snapshots = state.store.snapshots(number).await?;
    let items = snapshots.iter().map(view).collect();
    Ok(Json(SnapshotList { items }))
}

async fn take(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(body): Body<Freeze>,
) -> Result<(StatusCode, Json<SnapshotView>), Problem> {
    let ticket = caller.ticket(&state, number).await?;
    let device = caller.device_of_site(&state, ticket.site_key, &body.device);
    let device = device.await?;
    let taken = freeze(&state, &caller.account.name, number, &device).await?;
    Ok((StatusCode::CREATED, Json(view(&taken))))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At((number, id)): At<(i64, String)>,
) -> Result<Json<WholeSnapshot>, Problem> {
    caller.ticket(&state, number).await?;
    let missing = || Problem::not_found("snapshot", &id);
    let key = id.parse().map_err(|_| missing())?;
    let (snapshot, body) = state
        .store
        .snapshot(key)
        .await?
        .filter(|(snapshot, _)| snapshot.ticket == number)
        .ok_or_else(missing)?;
    Ok(Json(WholeSnapshot {
        snapshot: view(&snapshot),
        content: serde_json::from_str(&body).unwrap_or(Value::Null),
    }))
}
