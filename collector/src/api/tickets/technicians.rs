//! Who can work on a ticket.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use serde::Serialize;

use super::super::body::At;
use super::super::caller::Technician;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem};
use crate::store::accounts::Role;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TechnicianView {
    name: String,
    role: Role,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TechnicianList {
    /// By name: the first 500.
    items: Vec<TechnicianView>,
}

/// Names that are given.
const MOST: usize = 500;

pub(super) fn route() -> Route {
    Route::new(
        Method::GET,
        "/tickets/{ticket}/technicians",
        Least::Role(Role::Technician),
        "Whom it can be given to",
        get(technicians),
    )
    .gives::<TechnicianList>()
}

async fn technicians(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
) -> Result<Json<TechnicianList>, Problem> {
    let ticket = caller.ticket(&state, number).await?;
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let accounts = state.store.accounts(after, MOST as u32).await?;
        let Some(last) = accounts.last() else {
            break;
        };
        after = Some(last.account_key);
        let can = accounts.into_iter().filter(|account| {
            account.disabled_at.is_none()
                && account.role >= Role::Technician
                && account.sees(ticket.site_key)
        });
        items.extend(can.map(|account| TechnicianView {
            name: account.name,
            role: account.role,
        }));
        if items.len() >= MOST {
            break;
        }
    }
    items.truncate(MOST);
    Ok(Json(TechnicianList { items }))
}
