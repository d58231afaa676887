//! Before a technician says that it is solved, what failed on the ticket is checked again.

use super::super::caller::Caller;
use super::super::{AppState, Problem, jobs, time};
use super::LARGEST_PAGE;
use super::change::Change;
use crate::desk::State as TicketState;
use crate::store::tickets::NumberedTicket;
use crate::work::{self, Options, Submitted};

/// How long the devices have for it, seconds.
const WAIT_S: u32 = 60;

impl Change {
    /// Checks again what failed on the ticket; if it is another one than the caller saw, the change itself says so.
    pub(super) async fn prove(&self, number: i64) -> Result<(), Problem> {
        let ticket = self.caller.ticket(&self.state, number).await?;
        let seen = self.expected_version.unwrap_or(ticket.ticket.version);
        let since = self
            .state
            .store
            .timeline(number, seen, LARGEST_PAGE)
            .await?;
        let by = &self.caller.account.name;
        let is_seen =
            seen <= ticket.ticket.version && !since.iter().any(|event| event.is_change_for(by));
        match is_seen && ticket.ticket.state.next().contains(&TicketState::Proposed) {
            true => again(&self.state, &self.caller, &ticket).await,
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
