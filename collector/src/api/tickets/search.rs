//! Tickets by their words: the newest that have them, best first.

use axum::Json;
use serde::Serialize;

use super::super::page::After;
use super::super::{AppState, Problem};
use super::{TicketList, beside, view};
use crate::desk::view::View;
use crate::desk::words::Asked;
use crate::store::search::Narrowed;
use crate::store::tickets::TicketFilter;

/// What a list of tickets is a part of when words were looked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SearchView {
    /// Tickets that were found,
    n_found: i64,
    /// and false: there may be more, which were not counted.
    is_counted: bool,
    /// The newest of them, up to 200, which were put in order.
    n_ranked: usize,
    /// Tickets up to this number were not looked at: the collector is still taking up the words of what was written before
    /// it could search. None: all were.
    not_searched_up_to: Option<i64>,
}

/// Those of the filter that have the words. `narrowed_by`: what the filter was made of; `after`: how many come before.
pub(super) async fn list(
    state: &AppState,
    words: &str,
    narrowed_by: &View,
    after: Option<String>,
    filter: TicketFilter,
) -> Result<Json<TicketList>, Problem> {
    let asked = Asked::of(words)?;
    let skip: Option<usize> = After::of(after, None).cursor()?;
    let skip = skip.unwrap_or_default();
    let narrowed = Narrowed {
        sites: filter.sites.clone(),
        states: filter.states.clone(),
        assignee: filter.assignee.clone(),
        device: narrowed_by.device.clone(),
        asset: narrowed_by.asset.clone(),
        tag: filter.tag.clone(),
        watcher: filter.watcher.clone(),
        tier: filter.tier,
        priority: filter.priority,
        waiting_for: filter.waiting_for,
    };
    let found = state.store.search_tickets(&asked, &narrowed).await?;
    let of_page = found.ranked.iter().copied().skip(skip);
    let numbers: Vec<i64> = of_page.take(filter.most as usize).collect();
    let end = skip.saturating_add(numbers.len());
    let has_more = !numbers.is_empty() && end < found.ranked.len();
    // The filter again: what has changed since the index was asked is not shown.
    let filter = TicketFilter {
        numbers: Some(numbers.clone()),
        ..filter
    };
    let mut tickets = state.store.tickets(&filter).await?;
    tickets.sort_by_key(|ticket| numbers.iter().position(|number| *number == ticket.number));
    let beside = beside(state, &tickets).await?;
    let views = tickets.into_iter().map(|ticket| view(ticket, &beside));
    Ok(Json(TicketList {
        items: views.collect(),
        next: has_more.then(|| end.to_string()),
        order: None,
        search: Some(SearchView {
            n_found: found.n_found,
            is_counted: found.is_counted,
            n_ranked: found.ranked.len(),
            not_searched_up_to: Some(found.unread).filter(|unread| *unread > 0),
        }),
    }))
}
