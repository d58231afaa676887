//! What changed on a device, and which of it may have made a finding.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::v1::{self, agent_event};

use super::body::{At, Params};
use super::caller::Viewer;
use super::facts::json;
use super::route::{Least, Route};
use super::{AppState, Problem, findings, time};
use crate::fleet::likely::{self, Readings, Trouble};
use crate::store::accounts::Role;
use crate::store::devices::Device;
use crate::store::facts::{Cell, Change, ChangeKind, NotAKey};
use crate::wording::wording;

/// Changes of a page, and those that are weighed for a finding: the newest.
const MOST_CHANGES: u32 = 1_000;
/// Changes that are shown for a finding.
const MOST_LIKELY: usize = 50;
/// Starts and wakings of a device that are looked at: the newest.
const MOST_EVENTS: u32 = 200;
/// What changed in the last day, unless a time is named.
const DAY_US: i64 = 86_400 * 1_000_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ChangeView {
    at: String,
    table: String,
    /// "added", "removed", "changed".
    kind: String,
    #[schema(value_type = Object)]
    before: Map<String, Value>,
    #[schema(value_type = Object)]
    after: Map<String, Value>,
    /// For a finding: how likely it has to do with it, 0 to 1.
    likelihood: Option<f64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ChangeList {
    /// For a finding: a day before it went wrong, or since it was well.
    from: String,
    to: String,
    /// Since when the finding that was asked for is wrong.
    since: Option<String>,
    /// The newest first; for a finding the likeliest.
    items: Vec<ChangeView>,
    /// `before` of the next page.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Between {
    /// `CHECK` or `CHECK/SUBJECT`: what may have made this finding, the likeliest first, 50 at most.
    #[serde(rename = "for")]
    of: Option<String>,
    /// RFC 3339; a day before `to` if it is not given, or before it went wrong.
    from: Option<String>,
    /// RFC 3339; now if it is not given.
    to: Option<String>,
    /// `next` of the page before, with the same `from` and `to`.
    before: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/changes",
            Least::Role(Role::Viewer),
            "What changed on a device between two times, or what may have made a finding",
            get(changes),
        )
        .query::<Between>()
        .gives::<ChangeList>(),
    ]
}

async fn changes(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(between): Params<Between>,
) -> Result<Json<ChangeList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let to = match &between.to {
        Some(to) => time::read("to", to)?,
        None => time::now_us(),
    };
    let from = between.from.as_ref().map(|from| time::read("from", from));
    let from = from.transpose()?;
    if let Some(of) = &between.of {
        if between.before.is_some() {
            return Err(Problem::field(
                "before",
                wording!("what is ranked has no pages"),
            ));
        }
        return suspects(&state, &device, of, from, to).await;
    }
    let from = from.unwrap_or(to - DAY_US);
    if from >= to {
        return Err(Problem::field("from", wording!("it is not before `to`")));
    }
    let before = between.before.as_deref().map(str::parse).transpose();
    let before = before
        .map_err(|_: NotAKey| Problem::field("before", wording!("it is no place among changes")))?;
    let changes = state
        .store
        .changes(device.device_key, from, to, before, MOST_CHANGES)
        .await?;
    let next = changes
        .last()
        .filter(|_| changes.len() == MOST_CHANGES as usize)
        .map(|last| last.key.to_string());
    Ok(Json(ChangeList {
        from: time::shown(from),
        to: time::shown(to),
        since: None,
        items: changes.into_iter().map(|one| view(one, None)).collect(),
        next,
    }))
}

/// What changed since a finding was last well, the likeliest cause first.
async fn suspects(
    state: &AppState,
    device: &Device,
    of: &str,
    from: Option<i64>,
    to: i64,
) -> Result<Json<ChangeList>, Problem> {
    let row = findings::named(state, device, of).await?;
    let (check, subject) = (&row.finding.check, &row.finding.subject);
    let history = state.store.went_wrong(device.device_key, check, subject);
    let (since, well_from) = history.await?.unwrap_or((row.since, None));
    // What breaks it shows within a day, and not before it was well.
    let from = from.unwrap_or_else(|| (since - DAY_US).max(well_from.unwrap_or(i64::MIN)));
    if from >= to {
        return Err(Problem::field(
            "to",
            wording!("it is not after the finding was last well"),
        ));
    }
    let changes = state
        .store
        .changes(device.device_key, from, to, None, MOST_CHANGES)
        .await?;
    let trouble = Trouble {
        check,
        subject,
        since,
    };
    let catalogue = state.catalogues.of_device(&state.store, device.device_key);
    let catalogue = catalogue.await?;
    let tables = catalogue.tables();
    let every_us = tables.map(|table| (table.name.as_str(), table.every_us));
    let readings = Readings::new(&changes, every_us, woken(state, device).await?);
    let weighed: Vec<f64> = changes
        .iter()
        .map(|change| likely::likelihood(&trouble, change, readings.before(change)))
        .collect();
    drop(readings);
    let mut weighed: Vec<(f64, Change)> = weighed.into_iter().zip(changes).collect();
    weighed.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    weighed.truncate(MOST_LIKELY);
    let items = weighed.into_iter();
    Ok(Json(ChangeList {
        from: time::shown(from),
        to: time::shown(to),
        since: Some(time::shown(since)),
        items: items
            .map(|(likelihood, one)| view(one, Some(likelihood)))
            .collect(),
        next: None,
    }))
}

/// When the device began to look again, as its newest events tell.
async fn woken(state: &AppState, device: &Device) -> Result<Vec<i64>, Problem> {
    let events = state
        .store
        .agent_events(device.device_key, None, MOST_EVENTS)
        .await?;
    let is_start = |event: &v1::AgentEvent| match event.event {
        Some(agent_event::Event::Started(_) | agent_event::Event::Resumed(_)) => true,
        Some(agent_event::Event::ClockJumped(_)) | None => false,
    };
    let starts = events.into_iter().filter(|row| is_start(&row.event));
    Ok(starts.map(|row| row.at).collect())
}

fn view(change: Change, likelihood: Option<f64>) -> ChangeView {
    let cells = |cells: Vec<Cell>| -> Map<String, Value> {
        cells
            .into_iter()
            .filter_map(|(name, value)| Some((name, json(&value)?)))
            .collect()
    };
    ChangeView {
        at: time::shown(change.at),
        table: change.table,
        kind: match change.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        }
        .to_owned(),
        before: cells(change.before),
        after: cells(change.after),
        likelihood: likelihood.map(|one| (one * 100.0).round() / 100.0),
    }
}
