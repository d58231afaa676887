//! Tickets that a person asks for.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;

use super::super::body::{At, Params};
use super::super::caller::Viewer;
use super::super::page::{Before, next};
use super::super::route::{Least, Route};
use super::super::tickets::{TicketView, views};
use super::super::{AppState, Problem};
use super::person_of;
use crate::store::accounts::Role;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonTickets {
    items: Vec<TicketView>,
    /// Give it as `before` to get the next page; none: this is the last.
    next: Option<String>,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::GET,
        "/persons/{person}/tickets",
        Least::Role(Role::Viewer),
        "Tickets that they ask for, the newest first",
        get(tickets),
    )
    .query::<Before>()
    .gives::<PersonTickets>()
}

async fn tickets(
    State(state): State<AppState>,
    Viewer(caller): Viewer,
    At(id): At<String>,
    Params(page): Params<Before>,
) -> Result<Json<PersonTickets>, Problem> {
    let person = person_of(&state, &caller, &id).await?;
    let sites = caller.account.site_filter();
    let asked =
        state
            .store
            .tickets_of_person(person.id, sites.as_deref(), page.cursor()?, page.most());
    let tickets = asked.await?;
    let next = next(&tickets, page.most(), |ticket| ticket.number.to_string());
    Ok(Json(PersonTickets {
        items: views(&state, tickets).await?,
        next,
    }))
}
