//! Tickets as a list: which, and in which order.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::super::body::Params;
use super::super::caller::{Caller, Viewer};
use super::super::page::After;
use super::super::{AppState, Problem, time, views};
use super::{LARGEST_PAGE, PAGE, TicketList, beside, search, view};
use crate::desk::view::{Order, View};
use crate::desk::{Priority, Tier, WaitingFor};
use crate::store::StoreError;
use crate::store::tickets::{Place, TicketFilter};
use crate::wording::wording;

const MINUTE_US: i64 = 60_000_000;

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(super) struct Which {
    /// Name of a view: one's own, else one that is shared. Whatever else is given narrows it, or gives another order.
    view: Option<String>,
    /// States with commas between them; "unresolved" stands for all that are not resolved or closed.
    state: Option<String>,
    /// Name of an account, "me", or "nobody".
    assignee: Option<String>,
    /// Name of a site.
    site: Option<String>,
    /// Id of a device.
    device: Option<String>,
    /// Id of a thing without an agent.
    asset: Option<String>,
    tag: Option<String>,
    /// Name of an account that watches them, or "me".
    watcher: Option<String>,
    #[param(value_type = Option<Tier>)]
    tier: Option<String>,
    #[param(value_type = Option<Priority>)]
    priority: Option<String>,
    /// What they wait for.
    #[param(value_type = Option<WaitingFor>)]
    waiting_for: Option<String>,
    /// "due": the queue, what is due next first, without what is resolved. "newest": the newest first, as if it is not given.
    #[param(value_type = Option<Order>)]
    order: Option<String>,
    /// In the queue: something is due within so many minutes, or was.
    due_within: Option<u32>,
    /// Words that stand on the ticket: in title, notes, messages, reasons, names of requester and devices. All are needed; the
    /// last may be a beginning. The 200 newest that have them come in the order of how well they fit.
    search: Option<String>,
    before: Option<i64>,
    /// `next` of the page before, in the queue or of a search.
    after: Option<String>,
    limit: Option<u32>,
}

impl Which {
    /// What it narrows by beside a view.
    fn asked(&self) -> Result<View, Problem> {
        Ok(View {
            state: self.state.clone(),
            assignee: self.assignee.clone(),
            watcher: self.watcher.clone(),
            site: self.site.clone(),
            device: self.device.clone(),
            asset: self.asset.clone(),
            tag: self.tag.clone(),
            tier: one_of("tier", &self.tier, &Tier::ALL, Tier::as_str)?,
            priority: one_of("priority", &self.priority, &Priority::ALL, Priority::as_str)?,
            waiting_for: one_of(
                "waiting_for",
                &self.waiting_for,
                &WaitingFor::ALL,
                WaitingFor::as_str,
            )?,
            search: self.search.clone(),
            order: one_of("order", &self.order, &Order::ALL, Order::as_str)?,
            due_within: self.due_within,
        })
    }
}

/// The one that is called so.
fn one_of<T: Copy>(
    field: &str,
    name: &Option<String>,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<Option<T>, Problem> {
    let Some(name) = name else {
        return Ok(None);
    };
    let found = all.iter().find(|one| name_of(**one) == name).copied();
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = all.iter().copied().map(name_of).collect();
        Problem::field(field, wording!("{} is none that there is", ?name))
            .remedy(wording!("one of {}", names.join(", ")))
    })
}

pub(super) async fn list(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    Params(which): Params<Which>,
) -> Result<Json<TicketList>, Problem> {
    let asked = match &which.view {
        None => which.asked()?.checked(),
        Some(name) => {
            let view = views::named(&state, &caller, name).await?;
            view.narrowed(which.asked()?)
        }
    };
    let asked = asked.map_err(StoreError::from)?;
    let most = which.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let filter = filter(&state, &caller, &asked).await?;
    let filter = TicketFilter {
        before: which.before,
        most,
        ..filter
    };
    if let Some(words) = &asked.search {
        if which.before.is_some() {
            return Err(
                Problem::field("search", wording!("it has an order of its own"))
                    .remedy(wording!("neither order nor before; the next page by after")),
            );
        }
        return search::list(&state, words, &asked, which.after, filter).await;
    }
    let is_queue = asked.order == Some(Order::Due);
    let after: Option<Place> = After::of(which.after, None).cursor()?;
    let misplaced = match is_queue {
        true => which.before.map(|_| "before"),
        false => after.map(|_| "after"),
    };
    if let Some(field) = misplaced {
        return Err(
            Problem::field(field, wording!("it does not go with this order")).remedy(wording!(
                "after goes with order=due, before with the newest first"
            )),
        );
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
        order: Some(if is_queue { Order::Due } else { Order::Newest }),
        search: None,
    }))
}

/// What it narrows by, for whoever asks.
async fn filter(state: &AppState, caller: &Caller, asked: &View) -> Result<TicketFilter, Problem> {
    let me = &caller.account.name;
    let device_key = match &asked.device {
        Some(device) => Some(caller.device(state, device).await?.device_key),
        None => None,
    };
    let asset = match &asked.asset {
        Some(asset) => Some(caller.asset(state, asset).await?.id),
        None => None,
    };
    let sites = match &asked.site {
        None => caller.account.site_filter(),
        Some(name) => Some(vec![caller.site(state, name).await?]),
    };
    let due_us = |minutes| time::now_us().saturating_add(i64::from(minutes) * MINUTE_US);
    Ok(TicketFilter {
        sites,
        states: asked.states().map_err(StoreError::from)?,
        assignee: asked.whose(me),
        device_key,
        asset,
        tag: asked.tag.clone(),
        watcher: asked.watched_by(me),
        tier: asked.tier,
        priority: asked.priority,
        waiting_for: asked.waiting_for,
        due_until: asked.due_within.map(due_us),
        ..TicketFilter::default()
    })
}
