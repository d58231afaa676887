//! Tickets as a list: which, and in which order.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::super::body::Params;
use super::super::caller::Viewer;
use super::super::page::After;
use super::super::{AppState, Problem};
use super::{LARGEST_PAGE, PAGE, TicketList, beside, search, view};
use crate::desk::{State as TicketState, mark};
use crate::store::StoreError;
use crate::store::tickets::{Place, TicketFilter};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub(super) struct Which {
    /// "open" stands for everything that is not resolved or closed.
    pub(super) state: Option<String>,
    pub(super) assignee: Option<String>,
    /// Id of a device.
    pub(super) device: Option<String>,
    /// Id of a thing without an agent.
    pub(super) asset: Option<String>,
    pub(super) tag: Option<String>,
    /// Name of an account that watches them.
    pub(super) watcher: Option<String>,
    /// "due": the queue, what is due next first, without what is resolved. The newest first if it is not given.
    pub(super) order: Option<String>,
    /// Words that stand on the ticket: in title, notes, messages, reasons, names of requester and devices. All are needed; the
    /// last may be a beginning. The 200 newest that have them come in the order of how well they fit.
    pub(super) search: Option<String>,
    pub(super) before: Option<i64>,
    /// `next` of the page before, in the queue or of a search.
    pub(super) after: Option<String>,
    pub(super) limit: Option<u32>,
}

pub(super) async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(which): Params<Which>,
) -> Result<Json<TicketList>, Problem> {
    let most = which.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let device_key = match &which.device {
        Some(device) => Some(caller.device(&state, device).await?.device_key),
        None => None,
    };
    let asset = match &which.asset {
        Some(asset) => Some(caller.asset(&state, asset).await?.id),
        None => None,
    };
    let is_queue = match which.order.as_deref() {
        None => false,
        Some("due") => true,
        Some(other) => {
            return Err(
                Problem::field("order", format!("there is no order {other:?}"))
                    .remedy("due, or nothing for the newest first"),
            );
        }
    };
    let filter = TicketFilter {
        sites: caller.account.site_filter(),
        states: states(which.state.as_deref())?,
        assignee: which.assignee.clone(),
        device_key,
        asset,
        tag: which
            .tag
            .as_deref()
            .map(mark::tag)
            .transpose()
            .map_err(StoreError::from)?,
        watcher: which.watcher.clone(),
        numbers: None,
        before: which.before,
        queue: None,
        most,
    };
    if which.search.is_some() {
        return search::list(&state, which, filter).await;
    }
    let after: Option<Place> = After::of(which.after, None).cursor()?;
    let misplaced = match is_queue {
        true => which.before.map(|_| "before"),
        false => after.map(|_| "after"),
    };
    if let Some(field) = misplaced {
        return Err(Problem::field(field, "it does not go with this order")
            .remedy("after goes with order=due, before with the newest first"));
    }
    let filter = TicketFilter {
        queue: is_queue.then_some(after),
        ..filter
    };
    let tickets = state.store.tickets(&filter).await?;
    let last = tickets.last().filter(|_| tickets.len() == most as usize);
    let next = match last {
        None => None,
        Some(last) if is_queue => state
            .store
            .place(last.number)
            .await?
            .map(|place| place.to_string()),
        Some(last) => Some(last.number.to_string()),
    };
    let beside = beside(&state, &tickets).await?;
    let views = tickets.into_iter().map(|ticket| view(ticket, &beside));
    Ok(Json(TicketList {
        items: views.collect(),
        next,
        search: None,
    }))
}

fn states(name: Option<&str>) -> Result<Vec<TicketState>, Problem> {
    let Some(name) = name else {
        return Ok(Vec::new());
    };
    if name == "open" {
        return Ok(vec![
            TicketState::New,
            TicketState::Open,
            TicketState::Waiting,
            TicketState::Proposed,
        ]);
    }
    let found = TicketState::ALL
        .into_iter()
        .find(|state| state.as_str() == name);
    found.map(|state| vec![state]).ok_or_else(|| {
        let names = TicketState::ALL.map(TicketState::as_str).join(", ");
        Problem::field("state", format!("there is no state {name:?}"))
            .remedy(format!("one of {names}"))
    })
}
