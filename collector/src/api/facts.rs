//! Fact tables of a device, and what it tells of itself.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonde_proto::v1::{self, ColumnRole, ValueType, agent_event, value};

use super::body::{At, Params};
use super::caller::Viewer;
use super::page::{After, next};
use super::route::{Least, Route};
use super::{AppState, Problem, time};
use crate::digest::{hex, unhex};
use crate::store::accounts::Role;
use crate::store::facts::{NotAKey, sort_key};
use crate::store::reports::AgentEventRow;
use crate::wording::wording;

/// Events of a page.
const MOST_EVENTS: u32 = 100;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TableStateView {
    table: String,
    changed_at: String,
    /// Why the table could not be read.
    unavailable: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TableStateList {
    items: Vec<TableStateView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TableView {
    table: String,
    changed_at: String,
    unavailable: Option<String>,
    columns: Vec<ColumnView>,
    /// Values by column; an absent one is not there.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
    /// Give it as `after` to get the next rows; none: these are the last.
    next: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ColumnView {
    name: String,
    /// "integer", "real", "text", "truth", "time".
    #[serde(rename = "type")]
    kind: String,
    /// "key", "slow", "live".
    role: String,
    unit: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AgentEventView {
    /// On the collector's clock.
    at: String,
    /// On the device's.
    reported_at: String,
    boot_id: String,
    /// "started", "clock_jumped", "resumed", "other".
    kind: String,
    /// Of `started`: the agent's version.
    agent_version: Option<String>,
    /// Of `started`: the run before ended in good order.
    clean: Option<bool>,
    /// Of `clock_jumped`: how far the clock moved beyond the time that passed; of `resumed`: how long it slept.
    seconds: Option<f64>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct EventList {
    /// The newest first.
    items: Vec<AgentEventView>,
    /// `before` of the next page.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Page {
    /// `next` of the page before.
    before: Option<i64>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    vec![
        Route::new(
            Method::GET,
            "/devices/{device}/facts",
            viewer,
            "Fact tables that a device reports",
            get(tables),
        )
        .gives::<TableStateList>(),
        Route::new(
            Method::GET,
            "/devices/{device}/facts/{table}",
            viewer,
            "One fact table as it is now, rows by their keys",
            get(table),
        )
        .query::<After>()
        .gives::<TableView>(),
        Route::new(
            Method::GET,
            "/devices/{device}/events",
            viewer,
            "What a device tells of itself: starts, jumps of its clock, sleep",
            get(events),
        )
        .query::<Page>()
        .gives::<EventList>(),
    ]
}

/// A value as plain JSON; none: it is absent.
pub(super) fn json(value: &v1::Value) -> Option<Value> {
    Some(match value.value.as_ref()? {
        value::Value::Integer(n) => Value::from(*n),
        value::Value::Real(n) => Value::from(*n),
        value::Value::Text(text) => Value::from(text.as_str()),
        value::Value::Truth(truth) => Value::from(*truth),
        value::Value::TimeUs(us) => Value::from(time::shown(*us)),
    })
}

pub(super) fn kind_name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Integer => "integer",
        ValueType::Real => "real",
        ValueType::Text | ValueType::Unspecified => "text",
        ValueType::Truth => "truth",
        ValueType::Time => "time",
    }
}

pub(super) fn columns(columns: &[v1::Column]) -> Vec<ColumnView> {
    let shown = columns.iter().map(|column| ColumnView {
        name: column.name.clone(),
        kind: kind_name(column.r#type()).to_owned(),
        role: match column.role() {
            ColumnRole::Key => "key",
            ColumnRole::Slow | ColumnRole::Unspecified => "slow",
            ColumnRole::Live => "live",
        }
        .to_owned(),
        unit: column.unit.clone(),
    });
    shown.collect()
}

pub(super) fn row(columns: &[v1::Column], values: &[v1::Value]) -> Map<String, Value> {
    columns
        .iter()
        .zip(values)
        .filter_map(|(column, value)| Some((column.name.clone(), json(value)?)))
        .collect()
}

/// The key of a row as a cursor, which is none that people read.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RowKey(String);

impl std::fmt::Display for RowKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(self.0.as_bytes()))
    }
}

impl std::str::FromStr for RowKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let text = unhex(text).and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Self).ok_or(NotAKey)
    }
}

async fn tables(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
) -> Result<Json<TableStateList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let states = state.store.fact_states(device.device_key).await?;
    let items = states.into_iter().map(|state| TableStateView {
        table: state.table,
        changed_at: time::shown(state.changed_at),
        unavailable: Some(state.unavailable).filter(|why| !why.is_empty()),
    });
    Ok(Json(TableStateList {
        items: items.collect(),
    }))
}

async fn table(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At((device, name)): At<(String, String)>,
    Params(page): Params<After>,
) -> Result<Json<TableView>, Problem> {
    let device = caller.device(&state, &device).await?;
    let after: Option<RowKey> = page.cursor()?;
    let Some(mut table) = state.store.facts(device.device_key, &name).await? else {
        let states = state.store.fact_states(device.device_key).await?;
        let names: Vec<String> = states.into_iter().map(|state| state.table).collect();
        let remedy = match names.is_empty() {
            true => wording!("it has reported none yet"),
            false => wording!("it has reported: {}", names.join(", ")),
        };
        return Err(Problem::not_found(wording!("table"), name).remedy(remedy));
    };
    let key = |values: &Vec<v1::Value>| RowKey(sort_key(&table.columns, values));
    table
        .rows
        .retain(|row| after.as_ref().is_none_or(|after| key(row) > *after));
    table.rows.truncate(page.most() as usize);
    Ok(Json(TableView {
        next: next(&table.rows, page.most(), |row| key(row).to_string()),
        table: table.state.table,
        changed_at: time::shown(table.state.changed_at),
        unavailable: Some(table.state.unavailable).filter(|why| !why.is_empty()),
        rows: table
            .rows
            .iter()
            .map(|values| row(&table.columns, values))
            .collect(),
        columns: columns(&table.columns),
    }))
}

async fn events(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(device): At<String>,
    Params(page): Params<Page>,
) -> Result<Json<EventList>, Problem> {
    let device = caller.device(&state, &device).await?;
    let events = state
        .store
        .agent_events(device.device_key, page.before, MOST_EVENTS)
        .await?;
    let next = events
        .last()
        .filter(|_| events.len() == MOST_EVENTS as usize)
        .map(|last| last.event_key.to_string());
    Ok(Json(EventList {
        items: events.into_iter().map(event).collect(),
        next,
    }))
}

fn event(row: AgentEventRow) -> AgentEventView {
    let mut view = AgentEventView {
        at: time::shown(row.at),
        reported_at: time::shown(row.reported_at),
        boot_id: row.boot_id,
        kind: String::new(),
        agent_version: None,
        clean: None,
        seconds: None,
    };
    let seconds = |us: i64| Some(us as f64 / 1e6);
    let kind = match row.event.event {
        Some(agent_event::Event::Started(started)) => {
            view.agent_version = Some(started.agent_version);
            view.clean = Some(started.clean);
            "started"
        }
        Some(agent_event::Event::ClockJumped(jump)) => {
            view.seconds = seconds(jump.by_us);
            "clock_jumped"
        }
        Some(agent_event::Event::Resumed(resumed)) => {
            view.seconds = seconds(resumed.asleep_us);
            "resumed"
        }
        // Of a newer agent.
        None => "other",
    };
    kind.clone_into(&mut view.kind);
    view
}
