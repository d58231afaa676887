//! A ticket as people see it, with what stands beside it.

use std::collections::HashMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::super::devices::light_name;
use super::super::{AppState, time};
use super::about;
use super::clocks::{self, ClockView};
use crate::desk::mark::Relation;
use crate::desk::matrix::{Impact, Urgency};
use crate::desk::{Priority, State, Tier};
use crate::store::StoreError;
use crate::store::assets::Asset;
use crate::store::devices::Light;
use crate::store::tickets::{NumberedTicket, TicketClock};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in super::super) struct TicketView {
    number: i64,
    title: String,
    site: String,
    /// "new", "open", "waiting", "proposed", "resolved", "closed".
    state: String,
    /// Where it can go from here.
    next_states: Vec<State>,
    /// "user", "part", "supplier", "device", "appointment".
    waiting_for: Option<String>,
    priority: Priority,
    /// With urgency: what the priority follows from; none: it was set.
    impact: Option<Impact>,
    urgency: Option<Urgency>,
    tier: Tier,
    requester: Option<String>,
    /// Id of the person who that is, if the directory has them.
    person: Option<String>,
    /// Their group when it was said.
    group: Option<String>,
    assignee: Option<String>,
    devices: Vec<Named>,
    /// Things without an agent that it is about.
    assets: Vec<about::NamedAsset>,
    /// What was promised for it; an agreement that promises nothing leaves it empty.
    clocks: Vec<ClockView>,
    tags: Vec<String>,
    /// Names of accounts.
    watchers: Vec<String>,
    /// How it belongs to other tickets.
    links: Vec<LinkView>,
    /// The ticket of the incident that it is part of.
    incident: Option<i64>,
    /// The check whose incident it is.
    incident_check: Option<String>,
    /// Somebody has asked for it on their own machine.
    asked: Option<AskedView>,
    opened_by: String,
    opened_at: String,
    changed_at: String,
    /// What `If-Match` compares.
    version: i64,
}

/// Another ticket, and how this one belongs to it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LinkView {
    relation: Relation,
    ticket: i64,
}

/// Who has asked on their own machine, and when they meant it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AskedView {
    /// Id of the device.
    device: String,
    /// As the device's system knows them.
    login: String,
    /// Before the ticket was opened, if the device could not say it sooner.
    at: String,
}

/// A device as people know it, and how it stands; nulls where that cannot be read now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Named {
    id: String,
    hostname: Option<String>,
    connected: Option<bool>,
    /// Its worst finding: "ok", "warning", "critical", "unknown"; null: nothing is reported yet.
    status: Option<String>,
}

/// What is shown beside tickets: how their devices stand and their assets, by id, and clocks.
#[derive(Default)]
pub(super) struct Beside {
    lights: HashMap<String, Light>,
    assets: HashMap<String, Asset>,
    clocks: Vec<TicketClock>,
}

pub(super) fn view(ticket: NumberedTicket, beside: &Beside) -> TicketView {
    let NumberedTicket { number, ticket, .. } = ticket;
    let devices = ticket.devices.into_iter().map(|id| {
        let light = beside.lights.get(&id);
        Named {
            hostname: light.map(|light| light.hostname.clone()),
            connected: light.map(|light| light.is_connected),
            status: light
                .and_then(|light| light.worst_status)
                .map(|status| light_name(status).to_owned()),
            id,
        }
    });
    let clocks = beside.clocks.iter().filter(|clock| clock.ticket == number);
    TicketView {
        number,
        title: ticket.title,
        site: ticket.site,
        state: ticket.state.as_str().to_owned(),
        next_states: ticket.state.next().to_vec(),
        waiting_for: ticket.waiting_for.map(|what| what.as_str().to_owned()),
        priority: ticket.priority,
        impact: ticket.weight.map(|weight| weight.impact),
        urgency: ticket.weight.map(|weight| weight.urgency),
        tier: ticket.tier,
        requester: ticket.requester,
        person: ticket.person.as_ref().and_then(|person| person.id.clone()),
        group: ticket.person.and_then(|person| person.group),
        assignee: ticket.assignee,
        devices: devices.collect(),
        assets: about::named(&ticket.assets, &beside.assets),
        clocks: clocks.map(clocks::view).collect(),
        tags: ticket.marks.tags,
        watchers: ticket.marks.watchers,
        links: ticket
            .marks
            .links
            .into_iter()
            .map(|(relation, ticket)| LinkView { relation, ticket })
            .collect(),
        incident: ticket.incident,
        incident_check: ticket.incident_check,
        asked: ticket.asked.map(|asked| AskedView {
            device: asked.device,
            login: asked.login,
            at: time::shown(asked.at),
        }),
        opened_by: ticket.opened_by,
        opened_at: time::shown(ticket.opened_at),
        changed_at: time::shown(ticket.changed_at),
        version: ticket.version,
    }
}

/// What stands beside these tickets.
/// Tickets with what stands beside them.
pub(in super::super) async fn views(
    state: &AppState,
    tickets: Vec<NumberedTicket>,
) -> Result<Vec<TicketView>, StoreError> {
    let beside = beside(state, &tickets).await?;
    let views = tickets.into_iter().map(|ticket| view(ticket, &beside));
    Ok(views.collect())
}

pub(super) async fn beside(
    state: &AppState,
    tickets: &[NumberedTicket],
) -> Result<Beside, StoreError> {
    let ids = tickets.iter().flat_map(|ticket| &ticket.ticket.devices);
    let numbers: Vec<i64> = tickets.iter().map(|ticket| ticket.number).collect();
    let assets = tickets.iter().flat_map(|ticket| &ticket.ticket.assets);
    let assets = assets.map(String::as_str);
    Ok(Beside {
        lights: state.store.lights(ids.map(String::as_str)).await?,
        assets: state.store.assets_by_id(assets).await?,
        clocks: state.store.clocks(&numbers).await?,
    })
}

/// What was done is said, though what stands beside it may be missing.
pub(super) async fn named(state: &AppState, ticket: NumberedTicket) -> TicketView {
    let beside = beside(state, std::slice::from_ref(&ticket)).await;
    let beside = beside.unwrap_or_else(|error| {
        tracing::warn!(%error, "a ticket's devices and clocks cannot be read");
        Beside::default()
    });
    view(ticket, &beside)
}

/// With the version as its entity tag.
pub(super) async fn tagged(
    state: &AppState,
    status: StatusCode,
    ticket: NumberedTicket,
) -> Response {
    let tag = format!("\"{}\"", ticket.ticket.version);
    let mut response = (status, Json(named(state, ticket).await)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
