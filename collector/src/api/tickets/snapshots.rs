//! What was known of a device at a moment, frozen on a ticket.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use prost::Message;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::message::Lang;
use sonde_proto::v1;

use super::super::body::{At, Body, Params};
use super::super::caller::{Technician, Viewer};
use super::super::facts::{self, ColumnView};
use super::super::findings::{self, FindingView};
use super::super::lang::Reader;
use super::super::metrics::{self, Course};
use super::super::page::{After, next};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::recorder;
use crate::digest::unhex;
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::metrics::NewSeries;
use crate::store::snapshots::{FrozenWindow, Snapshot};
use crate::store::{Id, StoreError};
use crate::wording::wording;
use crate::work::Live;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SnapshotView {
    id: String,
    ticket: i64,
    device: String,
    hostname: Option<String>,
    taken_at: String,
    /// Made of what was stored because the device was not connected; completed when it comes back.
    partial: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SnapshotList {
    items: Vec<SnapshotView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WholeSnapshot {
    #[serde(flatten)]
    snapshot: SnapshotView,
    findings: Vec<FindingView>,
    tables: Vec<FrozenTable>,
    /// The last 15 minutes.
    metrics: Vec<Course>,
    /// Of the first snapshot of a ticket whose title or first text says since when: what was measured then.
    window: Option<WindowView>,
}

/// The stretch of time of which a ticket's own words speak.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct WindowView {
    /// The words that mean it.
    words: String,
    from_at: String,
    to_at: String,
    /// Minimum, mean and maximum over each step; 0: every sample.
    step_seconds: i64,
    metrics: Vec<Course>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct FrozenTable {
    name: String,
    changed_at: String,
    /// Why it could not be read; what is here was known before.
    unavailable: Option<String>,
    columns: Vec<ColumnView>,
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
}

/// A snapshot as the store keeps it: what travelled stays as it was, in hexadecimal.
#[derive(Deserialize)]
struct Kept {
    tables: BTreeMap<String, KeptTable>,
    findings: Vec<KeptFinding>,
    metrics: Vec<KeptSeries>,
    #[serde(default)]
    window: Option<FrozenWindow>,
}

#[derive(Deserialize)]
struct KeptTable {
    changed_at_us: i64,
    unavailable: String,
    declaration: String,
    rows: String,
}

#[derive(Deserialize)]
struct KeptFinding {
    since_us: i64,
    encoded: String,
}

#[derive(Deserialize)]
struct KeptSeries {
    name: String,
    labels: String,
    unit: String,
    scale: i32,
    samples: Vec<(i64, i64)>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Freeze {
    /// Id of a device.
    device: String,
    /// With `to`: has the device freeze what its flight recorder holds of that time as well, as jobs of this ticket. Not older
    /// than 24 hours.
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Frozen {
    #[serde(flatten)]
    snapshot: SnapshotView,
    /// Ids of the jobs that read the flight recorder.
    jobs: Vec<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/snapshots",
            viewer,
            "Snapshots of a ticket, oldest first",
            get(list),
        )
        .query::<After>()
        .gives::<SnapshotList>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/snapshots",
            Least::Role(Role::Technician),
            "Freezes what is known of a device now, and a window of its flight recorder",
            post(take),
        )
        .asks_device()
        .takes::<Freeze>()
        .gives::<Frozen>()
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
pub(in super::super) async fn freeze(
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

fn view(snapshot: &Snapshot, hostname: Option<String>) -> SnapshotView {
    SnapshotView {
        id: snapshot.id.to_string(),
        ticket: snapshot.ticket,
        device: snapshot.device.to_string(),
        hostname,
        taken_at: time::shown(snapshot.taken_at),
        partial: snapshot.partial,
    }
}

async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
    Params(page): Params<After>,
) -> Result<Json<SnapshotList>, Problem> {
    caller.ticket(&state, number).await?;
    let (after, most) = (page.cursor()?, page.most());
    let snapshots = state.store.snapshots(number, after, most).await?;
    let ids = snapshots.iter().map(|snapshot| snapshot.device.as_str());
    let names = state.store.hostnames(ids).await?;
    let views = snapshots.iter().map(|snapshot| {
        let hostname = names.get(snapshot.device.as_str()).cloned();
        view(snapshot, hostname)
    });
    Ok(Json(SnapshotList {
        items: views.collect(),
        next: next(&snapshots, most, |snapshot| snapshot.id.to_string()),
    }))
}

async fn take(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    At(number): At<i64>,
    Body(body): Body<Freeze>,
) -> Result<(StatusCode, Json<Frozen>), Problem> {
    let window = recorder::Window::read(body.from.as_deref(), body.to.as_deref(), time::now_us())?;
    let ticket = caller.ticket(&state, number).await?;
    if !ticket.ticket.state.takes_work() {
        return Err(Problem::field(
            "ticket",
            wording!(
                "ticket {} is closed, and no change is allowed any more",
                number
            ),
        )
        .remedy(wording!("open a new ticket")));
    }
    let device = caller.device_of_site(&state, ticket.site_key, &body.device);
    let device = device.await?;
    // First what may be refused.
    let jobs = match window {
        Some(window) => {
            let of = (number, ticket.site_key);
            recorder::freeze(&state, &caller, of, &body.device, window, lang).await?
        }
        None => Vec::new(),
    };
    let taken = freeze(&state, &caller.account.name, number, &device).await?;
    state.work.announce(Live::of_snapshot(&taken));
    let snapshot = view(&taken, Some(device.hostname));
    Ok((StatusCode::CREATED, Json(Frozen { snapshot, jobs })))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At((number, id)): At<(i64, String)>,
) -> Result<Json<WholeSnapshot>, Problem> {
    caller.ticket(&state, number).await?;
    let key = id.parse();
    let key = key.map_err(|_| Problem::not_found(wording!("snapshot"), &id))?;
    whole(&state, number, key, lang).await.map(Json)
}

pub(super) async fn whole(
    state: &AppState,
    number: i64,
    id: Id,
    lang: Lang,
) -> Result<WholeSnapshot, Problem> {
    let (snapshot, body) = state
        .store
        .snapshot(id)
        .await?
        .filter(|(snapshot, _)| snapshot.ticket == number)
        .ok_or_else(|| Problem::not_found(wording!("snapshot"), id))?;
    let kept: Kept = serde_json::from_str(&body)
        .map_err(|error| StoreError::Broken(format!("snapshot {id}: {error}")))?;
    let device = state.store.device(&snapshot.device).await?;
    let device_key = device.as_ref().map_or(0, |device| device.device_key);
    let site_key = device.as_ref().map_or(0, |device| device.site_key);
    let hostname = device.map(|device| device.hostname);
    let catalogue = state.catalogues.of_device(&state.store, device_key).await?;
    let finding = |kept: &KeptFinding| {
        let finding = decoded::<v1::Finding>(&kept.encoded)?;
        Some(findings::view(&finding, kept.since_us, &catalogue, lang))
    };
    let mut found: Vec<FindingView> = kept.findings.iter().filter_map(finding).collect();
    // As it was then.
    let (of, then) = ([device_key], snapshot.taken_at);
    let silences = state.store.silences_of(&of, then).await?;
    findings::mark(&mut found, &silences, (device_key, site_key));
    Ok(WholeSnapshot {
        snapshot: view(&snapshot, hostname),
        findings: found,
        tables: kept
            .tables
            .into_iter()
            .filter_map(|(name, kept)| table(name, kept))
            .collect(),
        metrics: kept.metrics.into_iter().map(course).collect(),
        window: kept.window.map(window).transpose()?,
    })
}

fn table(name: String, kept: KeptTable) -> Option<FrozenTable> {
    let declared = decoded::<v1::TableDeclaration>(&kept.declaration)?;
    let rows = decoded::<v1::JobRows>(&kept.rows)?.rows;
    Some(FrozenTable {
        name,
        changed_at: time::shown(kept.changed_at_us),
        unavailable: Some(kept.unavailable).filter(|why| !why.is_empty()),
        columns: facts::columns(&declared.columns),
        rows: rows
            .iter()
            .map(|row| facts::row(&declared.columns, &row.values))
            .collect(),
    })
}

fn window(kept: FrozenWindow) -> Result<WindowView, StoreError> {
    let step_us = kept.metrics.step_us;
    let courses = kept.metrics.courses()?;
    let courses = courses.iter().map(|(series, points)| match step_us {
        0 => {
            let samples: Vec<(i64, i64)> =
                points.iter().map(|point| (point.at, point.mean)).collect();
            metrics::course(series, &samples)
        }
        _ => metrics::rolled(series, points),
    });
    Ok(WindowView {
        words: kept.words,
        from_at: time::shown(kept.from_us),
        to_at: time::shown(kept.to_us),
        step_seconds: step_us / 1_000_000,
        metrics: courses.collect(),
    })
}

fn course(kept: KeptSeries) -> Course {
    let series = NewSeries {
        name: kept.name,
        labels: kept.labels,
        unit: kept.unit,
        scale: kept.scale,
        counter: false,
    };
    metrics::course(&series, &kept.samples)
}

fn decoded<M: Message + Default>(hex: &str) -> Option<M> {
    M::decode(&unhex(hex)?[..]).ok()
}
