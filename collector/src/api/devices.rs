//! Devices: list, show, remove, join, split.

mod list;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, Params};
use super::caller::{Senior, Viewer};
use super::page::{Before, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::wording::wording;
use crate::work::{Ending, Live};
use list::{Counted, Counts, DeviceList, ExtentView, Which};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DeviceView {
    id: String,
    hostname: String,
    site: String,
    os: String,
    serial: String,
    agent_version: String,
    connected: bool,
    connected_at: Option<String>,
    last_seen: String,
    enrolled_at: String,
    removed_at: Option<String>,
    /// Its worst finding; none: nothing is reported yet.
    status: Option<String>,
    /// Device's clock less the collector's, seconds.
    clock_offset_seconds: f64,
    /// Since when two machines hold its key.
    conflict_since: Option<String>,
    /// Ids of its installations, those in conflict included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    installations: Vec<String>,
    certificate_not_after: String,
    /// Id of a silent device that this one may be.
    proposed_predecessor: Option<String>,
    predecessor: Option<String>,
    /// Of a list with columns of facts: what it says there, by `table.column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<BTreeMap<String, ExtentView>>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Split {
    /// Id of the installation that stays the device; every other has to enrol anew.
    keep: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Join {
    /// Id of the device that this one continues; none: it continues none.
    predecessor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RejectedView {
    seq: i64,
    at: String,
    reason: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RejectedList {
    items: Vec<RejectedView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let (viewer, senior) = (Least::Role(Role::Viewer), Least::Role(Role::Senior));
    vec![
        Route::new(
            Method::GET,
            "/devices",
            viewer,
            "Devices, with what is asked for of their facts",
            get(list::list),
        )
        .query::<Which>()
        .gives::<DeviceList>(),
        Route::new(
            Method::GET,
            "/devices/counts",
            viewer,
            "How many devices there are at each site, of each system and status",
            get(list::counts),
        )
        .query::<Counted>()
        .gives::<Counts>(),
        Route::new(
            Method::GET,
            "/devices/{device}",
            viewer,
            "One device",
            get(show),
        )
        .gives::<DeviceView>(),
        Route::new(
            Method::DELETE,
            "/devices/{device}",
            senior,
            "Cuts a device off and refuses its key from now on",
            delete(remove),
        )
        .answers("204"),
        Route::new(
            Method::POST,
            "/devices/{device}/split",
            senior,
            "Ends a conflict of two machines with one key",
            post(split),
        )
        .takes::<Split>()
        .gives::<DeviceView>(),
        Route::new(
            Method::POST,
            "/devices/{device}/join",
            senior,
            "Says which device this one continues",
            post(join),
        )
        .takes::<Join>()
        .gives::<DeviceView>(),
        Route::new(
            Method::GET,
            "/devices/{device}/rejected",
            viewer,
            "Reports of a device that were refused, the newest first",
            get(rejected),
        )
        .query::<Before>()
        .gives::<RejectedList>(),
    ]
}

/// The worst of a device's findings, as monitoring plugins number it, by its name.
pub(super) fn light_name(status: i64) -> &'static str {
    match status {
        0 => "ok",
        1 => "warning",
        2 => "critical",
        _ => "unknown",
    }
}

fn view(device: Device) -> DeviceView {
    DeviceView {
        id: device.id.to_string(),
        hostname: device.hostname,
        site: device.site,
        os: device.os,
        serial: device.serial,
        agent_version: device.agent_version,
        connected: device.connected_at.is_some(),
        connected_at: device.connected_at.map(time::shown),
        last_seen: time::shown(device.last_seen),
        enrolled_at: time::shown(device.enrolled_at),
        removed_at: device.removed_at.map(time::shown),
        status: device
            .worst_status
            .map(|status| light_name(status).to_owned()),
        clock_offset_seconds: device.clock_offset_us as f64 / 1e6,
        conflict_since: device.conflict_since.map(time::shown),
        installations: Vec::new(),
        certificate_not_after: time::shown(device.certificate_not_after),
        proposed_predecessor: device.proposed_predecessor,
        predecessor: device.predecessor,
        facts: None,
    }
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
) -> Result<Json<DeviceView>, Problem> {
    let device = caller.device(&state, &device).await?;
    let installations = state.store.installations(device.device_key).await?;
    Ok(Json(DeviceView {
        installations: installations
            .into_iter()
            .map(|(installation, _)| installation.to_string())
            .collect(),
        ..view(device)
    }))
}

async fn remove(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(device): At<String>,
) -> Result<StatusCode, Problem> {
    let device = caller.device(&state, &device).await?;
    let now = time::now_us();
    let by = &caller.account.name;
    let (_, jobs) = state.store.remove_device(&device.id, by, now).await?;
    for job in jobs {
        state.work.announce(Live::Job(job));
    }
    state.work.cut(device.device_key, Ending::Removed);
    state.work.announce(Live::Device {
        device_key: device.device_key,
    });
    Ok(StatusCode::NO_CONTENT)
}

async fn split(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(device): At<String>,
    Body(body): Body<Split>,
) -> Result<Json<DeviceView>, Problem> {
    let device = caller.device(&state, &device).await?;
    let keep = body
        .keep
        .parse()
        .map_err(|_| Problem::field("keep", wording!("it is not the id of an installation")))?;
    state
        .store
        .split_device(&device.id, keep, &caller.account.name, time::now_us())
        .await?;
    // Both come back; the one that was split off is told to enrol.
    state.work.cut(device.device_key, Ending::Split);
    state.work.announce(Live::Device {
        device_key: device.device_key,
    });
    let shown = show(State(state), Viewer(caller), At(device.id.to_string())).await;
    shown.map_err(|problem| problem.after(wording!("the machines are told apart")))
}

async fn join(
    State(state): State<AppState>,
    Senior(caller): Senior,
    At(device): At<String>,
    Body(body): Body<Join>,
) -> Result<Json<DeviceView>, Problem> {
    let device = caller.device(&state, &device).await?;
    let (by, now) = (&caller.account.name, time::now_us());
    match body.predecessor {
        None => state.store.decline_predecessor(&device.id, by, now).await?,
        Some(predecessor) => {
            let predecessor = caller.device(&state, &predecessor).await?;
            let jobs = state
                .store
                .join_device(&device.id, &predecessor.id, by, now)
                .await?;
            for job in jobs {
                state.work.announce(Live::Job(job));
            }
        }
    }
    let shown = show(State(state), Viewer(caller), At(device.id.to_string())).await;
    shown.map_err(|problem| problem.after(wording!("what it continues is kept")))
}

async fn rejected(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(page): Params<Before>,
) -> Result<Json<RejectedList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let reports = state
        .store
        .rejected_reports(device.device_key, page.cursor()?, page.most())
        .await?;
    let next = next(&reports, page.most(), |report| report.key().to_string());
    let items = reports.into_iter().map(|report| RejectedView {
        seq: report.seq,
        at: time::shown(report.at),
        reason: report.reason,
    });
    Ok(Json(RejectedList {
        items: items.collect(),
        next,
    }))
}
