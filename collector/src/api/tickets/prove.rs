//! Before a technician says that it is solved, what failed on the ticket is checked again.

use super::super::caller::Caller;
use super::super::{AppState, Problem, jobs, time};
use super::LARGEST_PAGE;
use super::change::Change;
use crate::desk::State as TicketState;
use crate::store::tickets::{Happened, NumberedTicket, TimelineEvent};
use crate::work::{self, Options, Submitted};

/// How long the devices have for it, seconds.
const WAIT_S: u32 = 60;

impl Change {
    /// The same change once what failed on the ticket has been checked again: the version that was seen then counts as
    /// that after the checks, if nothing but work has happened since.
    pub(super) async fn proved(self, number: i64) -> Result<Self, Problem> {
        let ticket = self.caller.ticket(&self.state, number).await?;
        let version = ticket.ticket.version;
        let is_seen = self.expected_version.is_none_or(|seen| seen == version);
        if !is_seen || !ticket.ticket.state.next().contains(&TicketState::Proposed) {
            // The change itself says why not.
            return Ok(self);
        }
        again(&self.state, &self.caller, &ticket).await?;
        let since = self
            .state
            .store
            .timeline(number, version, LARGEST_PAGE)
            .await?;
        let is_work = |event: &TimelineEvent| match &event.event {
            Happened::Known(known) => matches!(known.kind(), "work_asked" | "work_ended"),
            Happened::Unknown { .. } => false,
        };
        let expected_version = match since.last() {
            Some(last) if since.iter().all(is_work) => self.expected_version.map(|_| last.number),
            Some(_) | None => self.expected_version,
        };
        Ok(Self {
            expected_version,
            ..self
        })
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
