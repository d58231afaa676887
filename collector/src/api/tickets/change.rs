//! Changes of a ticket: notes, assignment, state, priority, devices.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, post};
use serde::Deserialize;

use super::super::body::{At, Body, clean};
use super::super::caller::{Caller, Technician};
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, time};
use super::TicketView;
use crate::desk::ticket::NOTE_LENGTH;
use crate::desk::{Event, Priority, State as TicketState, WaitingFor};
use crate::store::StoreError;
use crate::store::accounts::Role;
use crate::store::tickets::TicketChange;
use crate::work::Live;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Assign {
    /// Name of an account; none: nobody.
    to: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewState {
    state: TicketState,
    waiting_for: Option<WaitingFor>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPriority {
    priority: Priority,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AddDevice {
    /// Id.
    device: String,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    let change = |path, summary, handler| {
        Route::new(Method::POST, path, technician, summary, handler).gives::<TicketView>()
    };
    vec![
        change("/tickets/{ticket}/notes", "Adds a note", post(note)).takes::<NewNote>(),
        change(
            "/tickets/{ticket}/assign",
            "Gives it to somebody",
            post(assign),
        )
        .takes::<Assign>(),
        change("/tickets/{ticket}/state", "Moves it on", post(set_state)).takes::<NewState>(),
        change(
            "/tickets/{ticket}/priority",
            "Sets its priority",
            post(set_priority),
        )
        .takes::<NewPriority>(),
        change(
            "/tickets/{ticket}/devices",
            "Adds a device",
            post(add_device),
        )
        .takes::<AddDevice>(),
        Route::new(
            Method::DELETE,
            "/tickets/{ticket}/devices/{device}",
            technician,
            "Takes a device off it",
            delete(remove_device),
        )
        .gives::<TicketView>(),
    ]
}

async fn change(
    state: &AppState,
    caller: &Caller,
    number: i64,
    headers: &HeaderMap,
    event: Event,
) -> Result<Response, Problem> {
    caller.ticket(state, number).await?;
    let expected_version = super::expected_version(headers)?;
    let changed = state
        .store
        .change_ticket(TicketChange {
            number,
            event,
            actor: caller.account.name.clone(),
            expected_version,
            at: time::now_us(),
        })
        .await
        .map_err(|error| refused(error, expected_version.is_some()))?;
    state.work.announce(Live::Ticket {
        number,
        version: changed.ticket.ticket.version,
    });
    for job in changed.to_cancel {
        state
            .work
            .cancel(job, &caller.account, time::now_us())
            .await?;
    }
    Ok(super::tagged(StatusCode::OK, changed.ticket))
}

fn refused(error: StoreError, named_version: bool) -> Problem {
    if let StoreError::Conflict { what } = &error
        && named_version
    {
        return Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "changed-since",
            what.clone(),
        )
        .remedy("read the ticket again and repeat the change if it still makes sense");
    }
    error.into()
}

async fn note(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    headers: HeaderMap,
    Body(body): Body<NewNote>,
) -> Result<Response, Problem> {
    let text = clean("text", &body.text, NOTE_LENGTH, true)?;
    change(&state, &caller, number, &headers, Event::Noted { text }).await
}

async fn assign(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    headers: HeaderMap,
    Body(body): Body<Assign>,
) -> Result<Response, Problem> {
    if let Some(name) = &body.to {
        let ticket = caller.ticket(&state, number).await?;
        let known = state.store.secrets(name).await?.map(|known| known.account);
        let can = known.is_some_and(|account| {
            account.disabled_at.is_none()
                && account.role >= Role::Technician
                && account.sees(ticket.site_key)
        });
        if !can {
            return Err(Problem::field(
                "to",
                format!("{name:?} is no technician of the ticket's site"),
            )
            .remedy("name an account with the role technician or higher"));
        }
    }
    change(
        &state,
        &caller,
        number,
        &headers,
        Event::Assigned { to: body.to },
    )
    .await
}

async fn set_state(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    headers: HeaderMap,
    Body(body): Body<NewState>,
) -> Result<Response, Problem> {
    let event = Event::StateChanged {
        to: body.state,
        waiting_for: body.waiting_for,
        reason: body
            .reason
            .map(|reason| clean("reason", &reason, NOTE_LENGTH, true))
            .transpose()?,
    };
    change(&state, &caller, number, &headers, event).await
}

async fn set_priority(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    headers: HeaderMap,
    Body(body): Body<NewPriority>,
) -> Result<Response, Problem> {
    let event = Event::PriorityChanged { to: body.priority };
    change(&state, &caller, number, &headers, event).await
}

async fn add_device(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At(number): At<i64>,
    headers: HeaderMap,
    Body(body): Body<AddDevice>,
) -> Result<Response, Problem> {
    let device = caller.device(&state, &body.device).await?;
    let event = Event::DeviceAdded {
        device: device.id.to_string(),
    };
    change(&state, &caller, number, &headers, event).await
}

async fn remove_device(
    State(state): State<AppState>,
    Technician(caller): Technician,
    At((number, device)): At<(i64, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let event = Event::DeviceRemoved { device };
    change(&state, &caller, number, &headers, event).await
}
