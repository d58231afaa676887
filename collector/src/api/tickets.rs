//! Tickets: open, list, show, change, timeline.

mod about;
mod attachments;
mod change;
mod clocks;
mod codes;
pub(super) mod consents;
mod list;
mod macros;
mod marks;
mod pages;
mod prove;
mod requester;
mod search;
mod snapshots;
mod technicians;
mod told;

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::body::{At, Body, clean};
use super::caller::{Caller, Technician, Viewer};
use super::devices::light_name;
use super::job_view::JobView;
use super::lang::Reader;
use super::route::{Least, Route};
use super::work::First;
use super::{AppState, Problem, canned, time};
use crate::desk::mark::Relation;
use crate::desk::matrix::{Impact, Urgency, Weight};
use crate::desk::ticket::{NOTE_LENGTH, TITLE_LENGTH};
use crate::desk::view::Order;
use crate::desk::{Priority, State as DeskState, Tier};
use crate::store::StoreError;
use crate::store::accounts::Role;
use crate::store::assets::Asset;
use crate::store::devices::Light;
use crate::store::sites::DEFAULT_SITE;
use crate::store::tickets::{NumberedTicket, OpenTicket, TicketClock};
use crate::work::Live;

pub(super) use attachments::download;
use clocks::ClockView;
use list::Which;
pub(super) use snapshots::freeze;
pub(crate) use told::event_json;

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;
/// Longest name of a requester, characters.
const REQUESTER_LENGTH: usize = 200;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TicketView {
    number: i64,
    title: String,
    site: String,
    /// "new", "open", "waiting", "proposed", "resolved", "closed".
    state: String,
    /// Where it can go from here.
    next_states: Vec<DeskState>,
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
struct LinkView {
    relation: Relation,
    ticket: i64,
}

/// Who has asked on their own machine, and when they meant it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AskedView {
    /// Id of the device.
    device: String,
    /// As the device's system knows them.
    login: String,
    /// Before the ticket was opened, if the device could not say it sooner.
    at: String,
}

/// A device as people know it, and how it stands; nulls where that cannot be read now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Named {
    id: String,
    hostname: Option<String>,
    connected: Option<bool>,
    /// Its worst finding: "ok", "warning", "critical", "unknown"; null: nothing is reported yet.
    status: Option<String>,
}

/// What is shown beside tickets: how their devices stand and their assets, by id, and clocks.
#[derive(Default)]
struct Beside {
    lights: HashMap<String, Light>,
    assets: HashMap<String, Asset>,
    clocks: Vec<TicketClock>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TicketList {
    items: Vec<TicketView>,
    /// Give it as `before` to get the next page, in the queue and of a search as `after`; none: this is the last.
    next: Option<String>,
    /// None: of a search, how well they fit.
    order: Option<Order>,
    /// How the search went, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<search::SearchView>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    title: String,
    /// The first device's, else the first asset's, if it is not given.
    site: Option<String>,
    /// Not with impact and urgency.
    priority: Option<Priority>,
    /// With urgency: the priority that the matrix has for both.
    impact: Option<Impact>,
    urgency: Option<Urgency>,
    /// Their name; that of the person if it is not given.
    requester: Option<String>,
    /// Id of a person. If it is not given: the only one of that name at the site, if there is one.
    person: Option<String>,
    /// Ids.
    #[serde(default)]
    devices: Vec<String>,
    /// Ids of things without an agent.
    #[serde(default)]
    assets: Vec<String>,
    note: Option<String>,
    /// What the devices are asked for at once. Without a ticket where it cannot be asked.
    first: Option<First>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Opened {
    #[serde(flatten)]
    ticket: TicketView,
    /// Of what was asked for at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    jobs: Vec<JobView>,
}

pub(super) fn routes() -> Vec<Route> {
    let viewer = Least::Role(Role::Viewer);
    let mut routes = vec![
        Route::new(
            Method::GET,
            "/tickets",
            viewer,
            "Tickets, the newest first, or in the order of what is due next",
            get(list::list),
        )
        .query::<Which>()
        .gives::<TicketList>(),
        Route::new(
            Method::POST,
            "/tickets",
            Least::Role(Role::Technician),
            "Opens a ticket and freezes what is known of its devices; may ask them for something at once",
            post(open),
        )
        .takes::<NewTicket>()
        .gives::<Opened>()
        .answers("201"),
        Route::new(
            Method::GET,
            "/tickets/{ticket}",
            viewer,
            "One ticket",
            get(show),
        )
        .gives::<TicketView>(),
    ];
    routes.extend(about::routes());
    routes.extend(change::routes());
    routes.extend(attachments::routes());
    routes.push(codes::route());
    routes.push(macros::route());
    routes.extend(consents::routes());
    routes.extend(marks::routes());
    routes.extend(pages::routes());
    routes.push(requester::route());
    routes.extend(snapshots::routes());
    routes.push(technicians::route());
    routes.push(told::route());
    routes
}

fn view(ticket: NumberedTicket, beside: &Beside) -> TicketView {
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
pub(super) async fn views(
    state: &AppState,
    tickets: Vec<NumberedTicket>,
) -> Result<Vec<TicketView>, StoreError> {
    let beside = beside(state, &tickets).await?;
    let views = tickets.into_iter().map(|ticket| view(ticket, &beside));
    Ok(views.collect())
}

async fn beside(state: &AppState, tickets: &[NumberedTicket]) -> Result<Beside, StoreError> {
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
async fn named(state: &AppState, ticket: NumberedTicket) -> TicketView {
    let beside = beside(state, std::slice::from_ref(&ticket)).await;
    let beside = beside.unwrap_or_else(|error| {
        tracing::warn!(%error, "a ticket's devices and clocks cannot be read");
        Beside::default()
    });
    view(ticket, &beside)
}

/// With the version as its entity tag.
async fn tagged(state: &AppState, status: StatusCode, ticket: NumberedTicket) -> Response {
    let tag = format!("\"{}\"", ticket.ticket.version);
    let mut response = (status, Json(named(state, ticket).await)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version that `If-Match` names; none: the caller takes whichever it is.
fn expected_version(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = tag.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    text.trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map(Some)
        .map_err(|_| {
            Problem::field("If-Match", "it is not a ticket's version")
                .remedy("give the ETag that came with the ticket")
        })
}

async fn open(
    State(state): State<AppState>,
    Technician(caller): Technician,
    Reader(lang): Reader,
    Body(new): Body<NewTicket>,
) -> Result<Response, Problem> {
    let about::About {
        devices,
        assets,
        site,
        site_key,
    } = about::about(&state, &caller, &new).await?;
    let first = match (new.first, site_key) {
        (None, _) => None,
        (Some(first), Some(key)) => Some(first.prepare(&state, &caller, key, &new.devices).await?),
        (Some(_), None) => return Err(Problem::field("devices", "it is missing")),
    };
    let (priority, weight) = weigh(&state, new.priority, new.impact, new.urgency).await?;
    let asker = requester::asker(&state, &caller, new.requester, new.person);
    let (requester, person) = asker.await?;
    let now = time::now_us();
    let ticket = OpenTicket {
        title: clean("title", &new.title, TITLE_LENGTH, false)?,
        site,
        priority,
        requester,
        person,
        weight,
        devices: devices.iter().map(|device| device.id.to_string()).collect(),
        note: new
            .note
            .map(|note| clean("note", &note, NOTE_LENGTH, true))
            .transpose()?,
        opened_by: caller.account.name.clone(),
        at: now,
    };
    let opened = state.store.open_ticket_about(ticket, assets).await?;
    for device in devices {
        let frozen = snapshots::freeze(&state, &caller.account.name, opened.number, &device);
        frozen
            .await
            .map_err(|problem| is_opened(problem, &opened))?;
    }
    let ticket = caller.ticket(&state, opened.number).await;
    let ticket = ticket.map_err(|problem| is_opened(problem, &opened))?;
    state.work.announce(Live::Ticket {
        number: ticket.number,
        version: ticket.ticket.version,
    });
    let Some(first) = first else {
        return Ok(tagged(&state, StatusCode::CREATED, ticket).await);
    };
    let asked = first.order(&state, &caller, opened.number, lang).await;
    let (_, Json(asked)) = asked.map_err(|problem| match problem.is_done {
        true => problem,
        false => {
            let detail = format!(
                "ticket {} is opened, and: {}",
                opened.number, problem.detail
            );
            problem.done(detail)
        }
    })?;
    let opened = Opened {
        ticket: named(&state, ticket).await,
        jobs: asked.jobs,
    };
    Ok((StatusCode::CREATED, Json(opened)).into_response())
}

/// The priority that is given, or that the matrix has for impact and urgency; else normal.
async fn weigh(
    state: &AppState,
    priority: Option<Priority>,
    impact: Option<Impact>,
    urgency: Option<Urgency>,
) -> Result<(Priority, Option<Weight>), Problem> {
    match (priority, impact, urgency) {
        (given, None, None) => Ok((given.unwrap_or(Priority::Normal), None)),
        (None, Some(impact), Some(urgency)) => {
            let weight = Weight { impact, urgency };
            let priority = canned::matrix(state).await?.priority(weight);
            Ok((priority, Some(weight)))
        }
        (Some(_), _, _) => Err(
            Problem::field("priority", "it follows from impact and urgency")
                .remedy("give either the priority or both of these"),
        ),
        (None, None, Some(_)) => Err(Problem::field("impact", "it goes with urgency")),
        (None, Some(_), None) => Err(Problem::field("urgency", "it goes with impact")),
    }
}

fn is_opened(problem: Problem, opened: &NumberedTicket) -> Problem {
    problem.after(format!("ticket {} is opened", opened.number))
}

/// Where a ticket without a device belongs: to the caller's first site.
pub(super) async fn own_site(state: &AppState, caller: &Caller) -> Result<String, Problem> {
    let Some(first) = caller.account.sites.first() else {
        return Ok(DEFAULT_SITE.to_owned());
    };
    let sites = state.store.sites().await?;
    let own = sites.into_iter().find(|site| site.site_key == *first);
    own.map(|site| site.name)
        .ok_or_else(|| Problem::not_found("site", first))
}

async fn show(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(number): At<i64>,
) -> Result<Response, Problem> {
    let ticket = caller.ticket(&state, number).await?;
    Ok(tagged(&state, StatusCode::OK, ticket).await)
}
