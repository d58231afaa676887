//! Addresses of the requester's page of a ticket: made, listed, revoked.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};

use super::super::body::{At, Body};
use super::super::caller::Technician;
use super::super::requester;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use crate::store::Id;
use crate::store::accounts::Role;
use crate::store::links::Link;
use crate::wording::wording;

/// How long an address is good unless it is said otherwise, and the longest: days.
const DAYS: u16 = 30;
const MOST_DAYS: u16 = 365;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PageAddress {
    id: String,
    /// Shown once, when it is made: whoever knows it sees the ticket as its requester does.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    created_by: String,
    created_at: String,
    expires_at: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PageList {
    /// All that are good, 20 at most.
    items: Vec<PageAddress>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPage {
    /// 30 if it is not given, 365 at most.
    days: Option<u16>,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    vec![
        Route::new(
            Method::GET,
            "/tickets/{ticket}/pages",
            technician,
            "Addresses of the requester's page that are good",
            get(list),
        )
        .gives::<PageList>(),
        Route::new(
            Method::POST,
            "/tickets/{ticket}/pages",
            technician,
            "Makes an address of the requester's page",
            post(create),
        )
        .takes::<NewPage>()
        .gives::<PageAddress>()
        .answers("201"),
        Route::new(
            Method::DELETE,
            "/tickets/{ticket}/pages/{page}",
            technician,
            "Revokes an address of the requester's page",
            delete(revoke),
        )
        .answers("204"),
    ]
}

fn view(link: Link, url: Option<String>) -> PageAddress {
    PageAddress {
        id: link.id.to_string(),
        url,
        created_by: link.created_by,
        created_at: time::shown(link.created_at),
        expires_at: time::shown(link.expires_at),
    }
}

async fn list(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
) -> Result<Json<PageList>, Problem> {
    caller.ticket(&state, number).await?;
    let links = state.store.links(number, time::now_us()).await?;
    let items = links.into_iter().map(|link| view(link, None)).collect();
    Ok(Json(PageList { items }))
}

async fn create(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    Body(new): Body<NewPage>,
) -> Result<(StatusCode, Json<PageAddress>), Problem> {
    let ticket = caller.ticket(&state, number).await?.ticket;
    if ticket.requester.is_none() {
        return Err(
            Problem::field("ticket", wording!("nobody has asked for it"))
                .remedy(wording!("a page is its requester's")),
        );
    }
    let days = new.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::field("days", wording!("from 1 to {}", MOST_DAYS)));
    }
    let made = requester::make(&state, number, days, &caller.account.name).await?;
    Ok((StatusCode::CREATED, Json(view(made.link, Some(made.url)))))
}

async fn revoke(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At((number, page)): At<(i64, String)>,
) -> Result<StatusCode, Problem> {
    caller.ticket(&state, number).await?;
    let id: Id = page
        .parse()
        .map_err(|_| Problem::not_found(wording!("page"), &page))?;
    let by = &caller.account.name;
    state
        .store
        .revoke_link(number, id, by, time::now_us())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
