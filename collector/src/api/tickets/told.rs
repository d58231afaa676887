//! A ticket's timeline: its events, and beside those of work the job's own record, in the reader's language.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sonde_proto::message::Lang;

use super::super::body::{At, Params};
use super::super::caller::Viewer;
use super::super::lang::Reader;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, job_view, time};
use super::LARGEST_PAGE;
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::tickets::{Happened, TimelineEvent};

const WORK_ASKED: &str = "work_asked";
const WORK_ENDED: &str = "work_ended";

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EventView {
    number: i64,
    at: String,
    actor: String,
    kind: String,
    /// What the kind has to say.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Timeline {
    items: Vec<EventView>,
    /// Give it as `after` to get the next page; none: this is the last.
    next: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Page {
    after: Option<i64>,
    limit: Option<u32>,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::GET,
        "/tickets/{ticket}/timeline",
        Least::Role(Role::Viewer),
        "What happened to a ticket, oldest first",
        get(timeline),
    )
    .query::<Page>()
    .gives::<Timeline>()
}

async fn timeline(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Reader(lang): Reader,
    At(number): At<i64>,
    Params(page): Params<Page>,
) -> Result<Json<Timeline>, Problem> {
    caller.ticket(&state, number).await?;
    let most = page.limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
    let after = page.after.unwrap_or(0);
    let (items, last) = self::page(&state, number, after, most, lang).await?;
    let next = last.map(|last| last.to_string());
    Ok(Json(Timeline { items, next }))
}

/// So many events of a ticket after one, and the last of them where more may follow.
pub(super) async fn page(
    state: &AppState,
    number: i64,
    after: i64,
    most: u32,
    lang: Lang,
) -> Result<(Vec<EventView>, Option<i64>), Problem> {
    let events = state.store.timeline(number, after, most).await?;
    let is_full = events.len() == most as usize;
    let last = events.last().filter(|_| is_full).map(|last| last.number);
    let mut items: Vec<EventView> = events.into_iter().map(event_view).collect();
    name(state, &mut items).await?;
    tell(state, &mut items, lang).await?;
    Ok((items, last))
}

fn event_view(event: TimelineEvent) -> EventView {
    let (kind, rest) = match event.event {
        Happened::Known(known) => {
            let kind = known.kind().to_owned();
            let rest = match serde_json::to_value(&known) {
                Ok(Value::Object(mut rest)) => {
                    rest.remove("kind");
                    for (_, value) in rest.iter_mut().filter(|(name, _)| name.ends_with("_at")) {
                        if let Some(at) = value.as_i64() {
                            *value = time::shown(at).into();
                        }
                    }
                    show_asked(&mut rest);
                    show_window(&mut rest);
                    rest
                }
                Ok(_) | Err(_) => serde_json::Map::new(),
            };
            (kind, rest)
        }
        Happened::Unknown { kind, .. } => (kind, serde_json::Map::new()),
    };
    EventView {
        number: event.number,
        at: time::shown(event.at),
        actor: event.actor,
        kind,
        rest,
    }
}

/// When it was meant, as every other time.
fn show_asked(rest: &mut serde_json::Map<String, Value>) {
    let at = rest.get_mut("asked").and_then(|asked| asked.get_mut("at"));
    if let Some(at) = at
        && let Some(us) = at.as_i64()
    {
        *at = time::shown(us).into();
    }
}

/// From when to when, as every other time.
fn show_window(rest: &mut serde_json::Map<String, Value>) {
    let Some(Value::Object(window)) = rest.get_mut("window") else {
        return;
    };
    for name in ["from_at", "to_at"] {
        if let Some(at) = window.get_mut(name)
            && let Some(us) = at.as_i64()
        {
            *at = time::shown(us).into();
        }
    }
}

/// An event as the timeline has it, without what stands beside it.
pub(crate) fn event_json(event: TimelineEvent) -> Value {
    // Its maps have texts for keys.
    serde_json::to_value(event_view(event)).unwrap_or_default()
}

/// Adds to each event that is about a device or an asset how people call it.
async fn name(state: &AppState, events: &mut [EventView]) -> Result<(), Problem> {
    let of = |event: &EventView| event.rest.get("device")?.as_str().map(str::to_owned);
    let ids: Vec<String> = events.iter().filter_map(of).collect();
    let names = state.store.hostnames(ids.iter().map(String::as_str));
    let names = names.await?;
    let asset = |event: &EventView| event.rest.get("asset")?.as_str().map(str::to_owned);
    let ids: Vec<String> = events.iter().filter_map(asset).collect();
    let assets = state.store.assets_by_id(ids.iter().map(String::as_str));
    let assets = assets.await?;
    for event in events {
        let known = asset(event).and_then(|id| assets.get(&id));
        if let Some(known) = known {
            let name = known.details.name.as_str();
            event.rest.insert("asset_name".to_owned(), name.into());
        }
        let name = of(event).and_then(|id| names.get(&id));
        if let Some(name) = name {
            event
                .rest
                .insert("hostname".to_owned(), name.as_str().into());
        }
    }
    Ok(())
}

/// Adds to each event of work what was asked for, or what came of it.
async fn tell(state: &AppState, events: &mut [EventView], lang: Lang) -> Result<(), Problem> {
    let of = |event: &EventView| -> Option<Id> {
        matches!(event.kind.as_str(), WORK_ASKED | WORK_ENDED)
            .then(|| event.rest.get("job")?.as_str()?.parse().ok())
            .flatten()
    };
    let mut ids: Vec<Id> = events.iter().filter_map(of).collect();
    ids.sort_unstable();
    ids.dedup();
    let jobs = job_view::briefs(state, &ids, lang).await?;
    for event in events {
        let Some(job) = of(event).and_then(|id| jobs.get(&id)) else {
            continue;
        };
        let (name, told) = match event.kind == WORK_ENDED {
            false => ("asked", job.asked()),
            true => ("result", job.came()),
        };
        event.rest.insert(name.to_owned(), told);
    }
    Ok(())
}
