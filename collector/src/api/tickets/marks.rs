//! Tags, watchers, links; tickets that become one, and one that becomes two.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, post};
use serde::Deserialize;

use super::super::body::{At, Body, clean};
use super::super::caller::{Caller, Technician};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::change::{Change, withdraw};
use super::{TicketView, snapshots};
use crate::desk::mark::{self, Relation};
use crate::desk::ticket::TITLE_LENGTH;
use crate::desk::{Event, MOST_DEVICES};
use crate::store::StoreError;
use crate::store::accounts::Role;
use crate::store::tickets::{LinkTickets, MergeTickets, SplitTicket};
use crate::wording::wording;
use crate::work::Live;

/// Messages and notes that a new ticket can take along.
const MOST_TAKEN: usize = 50;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTag {
    tag: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWatcher {
    /// Name of an account that may see the ticket; the caller's own if it is not given.
    account: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLink {
    /// "duplicate_of", "caused_by", "follows".
    relation: Relation,
    /// Number of the other ticket.
    ticket: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// Number of the ticket that stays.
    into: i64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SplitOff {
    title: String,
    /// Ids of devices of this ticket that the new one is about.
    #[serde(default)]
    devices: Vec<String>,
    /// Numbers of messages and notes of this ticket that are told on the new one, 50 at most.
    #[serde(default)]
    events: Vec<i64>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Claim {
    /// Also from somebody else.
    #[serde(default)]
    take_over: bool,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    let route = |method, path, summary, handler| {
        Route::new(method, path, technician, summary, handler).gives::<TicketView>()
    };
    let put = |path, summary, handler| route(Method::POST, path, summary, handler);
    let take = |path, summary, handler| route(Method::DELETE, path, summary, handler);
    vec![
        put("/tickets/{ticket}/claim", "Takes it oneself", post(claim)).takes::<Claim>(),
        put("/tickets/{ticket}/tags", "Adds a tag", post(tag)).takes::<NewTag>(),
        take(
            "/tickets/{ticket}/tags/{tag}",
            "Takes a tag off",
            delete(untag),
        ),
        put(
            "/tickets/{ticket}/watchers",
            "Has somebody watch it",
            post(watch),
        )
        .takes::<NewWatcher>(),
        take(
            "/tickets/{ticket}/watchers/{account}",
            "Nobody watches it under this name any more",
            delete(unwatch),
        ),
        put(
            "/tickets/{ticket}/links",
            "Says how it belongs to another ticket",
            post(link),
        )
        .takes::<NewLink>(),
        take(
            "/tickets/{ticket}/links/{relation}/{other}",
            "It does not belong to the other ticket any more",
            delete(unlink),
        ),
        put(
            "/tickets/{ticket}/merge",
            "Closes it as part of another ticket, which is given",
            post(merge),
        )
        .takes::<Merge>(),
        put(
            "/tickets/{ticket}/split",
            "Opens another ticket for a part of it, which is given",
            post(split),
        )
        .takes::<SplitOff>()
        .answers("201"),
    ]
}

async fn claim(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<Claim>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?.ticket;
    let own = change.caller.account.name.clone();
    match ticket.assignee {
        Some(other) if other != own && !body.take_over => {
            let what = wording!("{} has it", other);
            Err(Problem::field("ticket", what).remedy(wording!("ask them, or take it over")))
        }
        Some(_) | None => change.make(number, Event::Assigned { to: Some(own) }).await,
    }
}

async fn tag(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewTag>,
) -> Result<Response, Problem> {
    let tag = mark::tag(&body.tag).map_err(StoreError::from)?;
    change.make(number, Event::TagAdded { tag }).await
}

async fn untag(change: Change, At((number, tag)): At<(i64, String)>) -> Result<Response, Problem> {
    let tag = mark::tag(&tag).map_err(StoreError::from)?;
    change.make(number, Event::TagRemoved { tag }).await
}

async fn watch(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewWatcher>,
) -> Result<Response, Problem> {
    let account = match body.account {
        None => change.caller.account.name.clone(),
        Some(name) => {
            let ticket = change.caller.ticket(&change.state, number).await?;
            let known = change.state.store.secrets(&name).await?;
            let can = known.map(|known| known.account).is_some_and(|account| {
                account.disabled_at.is_none() && account.sees(ticket.site_key)
            });
            if !can {
                let what = wording!("{} may not see the ticket", ?name);
                return Err(Problem::field("account", what)
                    .remedy(wording!("name an account of the ticket's site")));
            }
            name
        }
    };
    change.make(number, Event::WatcherAdded { account }).await
}

async fn unwatch(
    change: Change,
    At((number, account)): At<(i64, String)>,
) -> Result<Response, Problem> {
    change.make(number, Event::WatcherRemoved { account }).await
}

async fn link(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(body): Body<NewLink>,
) -> Result<Response, Problem> {
    if !Relation::SAID.contains(&body.relation) {
        let names: Vec<&str> = Relation::SAID.iter().map(|one| one.as_str()).collect();
        return Err(Problem::field(
            "relation",
            wording!("it follows from what is done to tickets"),
        )
        .remedy(wording!("one of {}", names.join(", "))));
    }
    related(&state, &caller, number, body.relation, body.ticket, true).await
}

async fn unlink(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At((number, relation, other)): At<(i64, Relation, i64)>,
) -> Result<Response, Problem> {
    related(&state, &caller, number, relation, other, false).await
}

async fn related(
    state: &AppState,
    caller: &Caller,
    number: i64,
    relation: Relation,
    other: i64,
    is_on: bool,
) -> Result<Response, Problem> {
    caller.ticket(state, number).await?;
    caller.ticket(state, other).await?;
    if number == other {
        return Err(Problem::field(
            "ticket",
            wording!("it is this ticket itself"),
        ));
    }
    let linked = state.store.link_tickets(LinkTickets {
        number,
        relation,
        other,
        is_on,
        actor: caller.account.name.clone(),
        at: time::now_us(),
    });
    let ticket = linked.await?;
    told(state, &[number, other]);
    Ok(super::tagged(state, StatusCode::OK, ticket).await)
}

async fn merge(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(body): Body<Merge>,
) -> Result<Response, Problem> {
    caller.ticket(&state, number).await?;
    caller.ticket(&state, body.into).await?;
    let merged = state.store.merge_tickets(MergeTickets {
        number,
        into: body.into,
        actor: caller.account.name.clone(),
        at: time::now_us(),
    });
    let merged = merged.await?;
    told(&state, &[number, body.into]);
    let account = &caller.account;
    withdraw(&state, account, merged.cancelled, merged.to_cancel).await;
    Ok(super::tagged(&state, StatusCode::OK, merged.ticket).await)
}

async fn split(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(body): Body<SplitOff>,
) -> Result<Response, Problem> {
    let ticket = caller.ticket(&state, number).await?.ticket;
    if body.devices.len() > MOST_DEVICES || body.events.len() > MOST_TAKEN {
        let what = wording!("{} at most", MOST_TAKEN);
        return Err(Problem::field("events", what));
    }
    if let Some(strange) = body.devices.iter().find(|id| !ticket.devices.contains(id)) {
        return Err(Problem::field(
            "devices",
            wording!("{} is not on the ticket", strange),
        ));
    }
    let opened = state.store.split_ticket(SplitTicket {
        number,
        title: clean("title", &body.title, TITLE_LENGTH, false)?,
        devices: body.devices.clone(),
        events: body.events,
        actor: caller.account.name.clone(),
        at: time::now_us(),
    });
    let opened = opened.await?;
    for id in &body.devices {
        let device = caller.device(&state, id).await?;
        snapshots::freeze(&state, &caller.account.name, opened.number, &device).await?;
    }
    told(&state, &[number, opened.number]);
    let ticket = caller.ticket(&state, opened.number).await?;
    Ok(super::tagged(&state, StatusCode::CREATED, ticket).await)
}

fn told(state: &AppState, numbers: &[i64]) {
    for number in numbers {
        state.work.announce(Live::Ticket {
            number: *number,
            version: 0,
        });
    }
}
