//! Changes of a ticket: notes, assignment, state, priority, devices.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, post};
use serde::Deserialize;
use sonde_proto::message::Lang;

use super::super::body::{At, Body, clean};
use super::super::caller::{Caller, Technician};
use super::super::lang::Reader;
use super::super::route::{Least, Route};
use super::super::{AppState, Problem, canned, time};
use super::TicketView;
use crate::desk::answer::Reply;
use crate::desk::matrix::{Impact, Urgency};
use crate::desk::ticket::{NOTE_LENGTH, REASON_LENGTH};
use crate::desk::{Confirmation, Event, Priority, Side, State as TicketState, Tier, WaitingFor};
use crate::store::accounts::{Account, Role};
use crate::store::tickets::{RequesterSays, TicketChange};
use crate::store::work::JobChange;
use crate::store::{Id, StoreError};
use crate::wording::{Wording, wording};
use crate::work::Live;

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNote {
    text: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    /// Not with `reply`.
    text: Option<String>,
    /// Name of a canned reply, in the language asked for.
    reply: Option<String>,
    /// Who wrote or said it; the technician if it is not given.
    side: Option<Side>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTier {
    tier: Tier,
    reason: String,
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
    /// With "proposed" the requester reads it.
    reason: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPriority {
    /// Not with impact and urgency.
    priority: Option<Priority>,
    /// With urgency: the priority that the matrix has for both.
    impact: Option<Impact>,
    urgency: Option<Urgency>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AddDevice {
    /// Id.
    device: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinIncident {
    /// Number of the ticket that stands for all of them.
    incident: i64,
}

pub(super) fn routes() -> Vec<Route> {
    let technician = Least::Role(Role::Technician);
    let change = |path, summary, handler| {
        Route::new(Method::POST, path, technician, summary, handler).gives::<TicketView>()
    };
    vec![
        change("/tickets/{ticket}/notes", "Adds a note", post(note)).takes::<NewNote>(),
        change(
            "/tickets/{ticket}/messages",
            "Answers the requester, or records what they said",
            post(message),
        )
        .takes::<NewMessage>(),
        change(
            "/tickets/{ticket}/tier",
            "Hands it on to another tier, or sends it back",
            post(set_tier),
        )
        .takes::<NewTier>(),
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
            "/tickets/{ticket}/incident",
            "Makes it part of an incident",
            post(join_incident),
        )
        .takes::<JoinIncident>(),
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

/// A technician who changes a ticket, and the version that they saw.
pub(super) struct Change {
    pub(super) state: AppState,
    pub(super) caller: Caller,
    pub(super) expected_version: Option<i64>,
}

impl FromRequestParts<AppState> for Change {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Technician(caller) = Technician::from_request_parts(parts, state).await?;
        Ok(Self {
            state: state.clone(),
            caller,
            expected_version: super::expected_version(&parts.headers)?,
        })
    }
}

impl Change {
    pub(super) async fn make(&self, number: i64, event: Event) -> Result<Response, Problem> {
        let (state, account) = (&self.state, &self.caller.account);
        self.caller.ticket(state, number).await?;
        let change = TicketChange {
            number,
            event,
            actor: account.name.clone(),
            expected_version: self.expected_version,
            at: time::now_us(),
        };
        let changed = state.store.change_ticket(change).await;
        let changed = changed.map_err(|error| refused(error, self.expected_version.is_some()))?;
        state.work.announce(Live::Ticket {
            number,
            version: changed.ticket.ticket.version,
        });
        withdraw(state, account, changed.cancelled, changed.to_cancel).await;
        Ok(super::tagged(state, StatusCode::OK, changed.ticket).await)
    }
}

impl Change {
    /// What the requester said, as a technician records it, with what follows of it.
    async fn said(&self, number: i64, text: String) -> Result<Response, Problem> {
        let state = &self.state;
        self.caller.ticket(state, number).await?;
        let says = RequesterSays {
            number,
            reply: Reply {
                text: Some(text),
                is_solved: None,
                asked: None,
            },
            actor: self.caller.account.name.clone(),
            expected_version: self.expected_version,
            at: time::now_us(),
        };
        let said = state.store.requester_says(says).await;
        let ticket = said.map_err(|error| refused(error, self.expected_version.is_some()))?;
        state.work.announce(Live::Ticket {
            number,
            version: ticket.ticket.version,
        });
        Ok(super::tagged(state, StatusCode::OK, ticket).await)
    }
}

/// What was asked for on a ticket that is closed is no longer wanted.
pub(super) async fn withdraw(
    state: &AppState,
    account: &Account,
    cancelled: Vec<JobChange>,
    to_cancel: Vec<Id>,
) {
    for job in cancelled {
        state.work.announce(Live::Job(job));
    }
    for job in to_cancel {
        // That it is to stop is kept already: its device is told now, or when it comes.
        if let Err(error) = state.work.cancel(job, account, time::now_us()).await {
            tracing::warn!(%error, job.id = %job, "a device is not told that its job is to stop");
        }
    }
}

pub(super) fn refused(error: StoreError, named_version: bool) -> Problem {
    if let StoreError::Conflict { what } = &error
        && named_version
    {
        return Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "changed-since",
            what.clone(),
        )
        .remedy(wording!(
            "read the ticket again and repeat the change if it still makes sense"
        ));
    }
    error.into()
}

async fn note(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewNote>,
) -> Result<Response, Problem> {
    let text = clean("text", &body.text, NOTE_LENGTH, true)?;
    change.make(number, Event::Noted { text }).await
}

async fn message(
    change: Change,
    At(number): At<i64>,
    Reader(lang): Reader,
    Body(body): Body<NewMessage>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?.ticket;
    let text = match (body.text, body.reply) {
        (Some(text), None) => clean("text", &text, NOTE_LENGTH, true)?,
        (None, Some(name)) => {
            let by = &change.caller.account.name;
            let reply = canned::reply_of(&change.state, &name).await?;
            reply.of(number, &ticket, by, lang == Lang::Fr)
        }
        (None, None) => return Err(Problem::field("text", wording!("it is missing"))),
        (Some(_), Some(_)) => {
            return Err(Problem::field(
                "reply",
                wording!("a message is either written or canned"),
            ));
        }
    };
    match body.side {
        Some(Side::Requester) => change.said(number, text).await,
        Some(Side::Technician) | None => {
            let side = Side::Technician;
            change
                .make(
                    number,
                    Event::Messaged {
                        side,
                        text,
                        asked: None,
                    },
                )
                .await
        }
    }
}

async fn set_tier(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewTier>,
) -> Result<Response, Problem> {
    let event = Event::TierChanged {
        to: body.tier,
        reason: clean("reason", &body.reason, REASON_LENGTH, true)?,
    };
    change.make(number, event).await
}

async fn assign(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<Assign>,
) -> Result<Response, Problem> {
    if let Some(name) = &body.to {
        let ticket = change.caller.ticket(&change.state, number).await?;
        let known = change.state.store.secrets(name).await?;
        let can = known.map(|known| known.account).is_some_and(|account| {
            account.disabled_at.is_none()
                && account.role >= Role::Technician
                && account.sees(ticket.site_key)
        });
        if !can {
            return Err(Problem::field(
                "to",
                wording!("{} is no technician of the ticket's site", ?name),
            )
            .remedy(wording!(
                "name an account with the role technician or higher"
            )));
        }
    }
    change.make(number, Event::Assigned { to: body.to }).await
}

async fn set_state(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewState>,
) -> Result<Response, Problem> {
    let reason = body
        .reason
        .map(|reason| clean("reason", &reason, NOTE_LENGTH, true));
    let confirmation = match body.state {
        TicketState::Resolved => {
            // Whoever resolves it says what the requester said, where there is one.
            let ticket = change.caller.ticket(&change.state, number).await?.ticket;
            ticket.requester.map(|_| Confirmation::Requester)
        }
        TicketState::New
        | TicketState::Open
        | TicketState::Waiting
        | TicketState::Proposed
        | TicketState::Closed => None,
    };
    let event = Event::StateChanged {
        to: body.state,
        waiting_for: body.waiting_for,
        reason: reason.transpose()?,
        confirmation,
    };
    if body.state == TicketState::Proposed {
        change.prove(number).await?;
    }
    change.make(number, event).await
}

async fn set_priority(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<NewPriority>,
) -> Result<Response, Problem> {
    change.caller.ticket(&change.state, number).await?;
    if body.priority.is_none() && body.impact.is_none() && body.urgency.is_none() {
        return Err(Problem::field("priority", wording!("it is missing")));
    }
    let weighed = super::weigh(&change.state, body.priority, body.impact, body.urgency);
    let (to, weight) = weighed.await?;
    change
        .make(number, Event::PriorityChanged { to, weight })
        .await
}

async fn join_incident(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<JoinIncident>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?;
    let incident = change.caller.ticket(&change.state, body.incident).await?;
    let wrong = |why: Wording| Err(Problem::field("incident", why));
    if body.incident == number {
        return wrong(wording!("it is this ticket itself"));
    }
    if incident.site_key != ticket.site_key {
        return wrong(wording!("it is of another site"));
    }
    if incident.ticket.incident.is_some() || incident.ticket.state == TicketState::Closed {
        return wrong(wording!("it is closed, or part of another incident itself"));
    }
    let incident = body.incident;
    change
        .make(number, Event::JoinedIncident { incident })
        .await
}

async fn add_device(
    change: Change,
    At(number): At<i64>,
    Body(body): Body<AddDevice>,
) -> Result<Response, Problem> {
    let ticket = change.caller.ticket(&change.state, number).await?;
    let device = change
        .caller
        .device_of_site(&change.state, ticket.site_key, &body.device);
    let device = device.await?.id.to_string();
    change.make(number, Event::DeviceAdded { device }).await
}

async fn remove_device(
    change: Change,
    At((number, device)): At<(i64, String)>,
) -> Result<Response, Problem> {
    let event = Event::DeviceRemoved {
        device,
        goes_on_as: None,
    };
    change.make(number, event).await
}
