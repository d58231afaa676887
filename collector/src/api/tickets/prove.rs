//! Before a technician says that it is solved, what failed on the ticket is checked again.

use super::super::caller::Caller;
use super::super::{AppState, Problem, jobs, time};
use super::change::{Change, refused};
use crate::desk::State as TicketState;
use crate::store::tickets::NumberedTicket;
use crate::work::{self, Options, Submitted};

/// How long the devices have for it, seconds.
const WAIT_S: u32 = 60;

impl Change {
    /// Checks again what failed on the ticket, if it is to be moved on as the caller saw it.
    pub(super) async fn prove(&self, number: i64) -> Result<(), Problem> {
        let (state, caller, seen) = (&self.state, &self.caller, self.expected_version);
        caller.ticket(state, number).await?;
        let by = &caller.account.name;
        let ticket = state.store.ticket_as_seen(number, seen, by).await;
        let ticket = ticket.map_err(|error| refused(error, seen.is_some()))?;
        match ticket.ticket.state.next().contains(&TicketState::Proposed) {
            true => again(state, caller, &ticket).await,
            // The change itself says why not.
            false => Ok(()),
        }
    }
}

/// Runs the checks that failed on a ticket on those of their devices that are connected, and waits for their end. What
/// is wrong still is for the store to say.
///
/// # Errors
/// The caller's brakes; those of the store.
async fn again(state: &AppState, caller: &Caller, ticket: &NumberedTicket) -> Result<(), Problem> {
    let deadline = jobs::deadline(WAIT_S);
    let mut waits = Vec::new();
    for (device_key, failed) in state.store.failed_checks(ticket.number).await? {
        if !state.work.is_connected(device_key) {
            continue;
        }
        let Some(device) = state.store.device_by_key(device_key).await? else {
            continue;
        };
        let options = Options {
            expires_in_us: i64::from(WAIT_S) * 1_000_000,
        };
        for request in work::again(&state.store, &failed).await? {
            // Nothing that happens to the job from now on is missed.
            let changes = state.work.subscribe();
            let (by, devices) = (&caller.account, std::slice::from_ref(&device));
            let (number, now) = (ticket.number, time::now_us());
            let submitted = state
                .work
                .submit(by, number, devices, &request, options, now);
            let submitted = submitted.await?;
            waits.extend(submitted.into_iter().next().map(|order| (order, changes)));
        }
    }
    for (Submitted { job, .. }, changes) in waits {
        jobs::wait(state, changes, job, None, deadline).await?;
    }
    Ok(())
}
