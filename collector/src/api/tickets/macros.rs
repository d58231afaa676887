//! A macro is run on a ticket: its changes are one, then its checks begin.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use sonde_proto::message::Lang;

use super::super::body::{At, Body};
use super::super::lang::Reader;
use super::super::route::{Least, Route};
use super::super::{Problem, canned, time};
use super::TicketView;
use super::change::{Change, refused, withdraw};
use crate::desk::State as TicketState;
use crate::store::accounts::Role;
use crate::store::tickets::TicketChanges;
use crate::wording::wording;
use crate::work::{EXPIRY_US, Live, Options, Request};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RunMacro {
    /// Name of a macro.
    #[serde(rename = "macro")]
    name: String,
}

pub(super) fn route() -> Route {
    Route::new(
        Method::POST,
        "/tickets/{ticket}/macros",
        Least::Role(Role::Technician),
        "Runs a macro on it",
        post(run),
    )
    .takes::<RunMacro>()
    .gives::<TicketView>()
}

async fn run(
    change: Change,
    At(number): At<i64>,
    Reader(lang): Reader,
    Body(body): Body<RunMacro>,
) -> Result<Response, Problem> {
    let state = change.state.clone();
    let ticket = change.caller.ticket(&state, number).await?;
    let found = canned::macro_of(&state, &body.name).await?;
    let reply = match &found.reply {
        Some(name) => Some(canned::reply_of(&state, name).await?),
        None => None,
    };
    if found.state == Some(TicketState::Proposed) {
        change.prove(number).await?;
    }
    let by = change.caller.account.name.clone();
    let events = found.events(
        number,
        &ticket.ticket,
        &by,
        reply.as_ref(),
        lang == Lang::Fr,
    );
    let mut ticket = ticket;
    if !events.is_empty() {
        let changed = state.store.change_ticket_all(TicketChanges {
            number,
            events,
            actor: by,
            expected_version: change.expected_version,
            at: time::now_us(),
        });
        let changed = changed.await;
        let changed = changed.map_err(|error| refused(error, change.expected_version.is_some()))?;
        let account = &change.caller.account;
        withdraw(&state, account, changed.cancelled, changed.to_cancel).await;
        ticket = changed.ticket;
    }
    if !found.checks.is_empty() && !ticket.ticket.devices.is_empty() {
        check(&change, number, &ticket.ticket.devices, found.checks).await?;
        ticket = change.caller.ticket(&state, number).await?;
    }
    state.work.announce(Live::Ticket {
        number,
        version: ticket.ticket.version,
    });
    Ok(super::tagged(&state, StatusCode::OK, ticket).await)
}

/// Asks the ticket's devices for the checks that they have.
async fn check(
    change: &Change,
    number: i64,
    ids: &[String],
    checks: Vec<String>,
) -> Result<(), Problem> {
    let (state, caller) = (&change.state, &change.caller);
    for id in ids {
        let device = caller.device(state, id).await?;
        let known = state
            .catalogues
            .of_device(&state.store, device.device_key)
            .await?;
        let has = |check: &String| {
            let own = known.checks().find(|known| known.id == *check);
            own.is_some_and(|own| !own.takes_asset)
        };
        let own: Vec<String> = checks.iter().filter(|check| has(check)).cloned().collect();
        if own.is_empty() {
            continue;
        }
        let options = Options {
            expires_in_us: EXPIRY_US,
        };
        let request = Request::Checks { checks: own };
        let (now, devices) = (time::now_us(), [device]);
        let account = &caller.account;
        let submitted = state
            .work
            .submit(account, number, &devices, &request, options, now);
        submitted.await.map_err(|error| {
            Problem::from(error).after(wording!("the macro has changed ticket {}", number))
        })?;
    }
    Ok(())
}
