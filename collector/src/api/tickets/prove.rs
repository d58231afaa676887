//! Before a technician says that it is solved, what failed on the ticket is checked again.

use super::super::caller::Caller;
use super::super::{AppState, Problem, jobs, time};
use crate::store::tickets::NumberedTicket;
use crate::work::{Options, Request, Submitted};

/// How long the devices have for it, seconds.
const WAIT_S: u32 = 60;

/// Runs the checks that failed on a ticket on those of their devices that are connected, and waits for their end. What
/// is wrong still is for the store to say.
///
/// # Errors
/// The caller's brakes; those of the store.
pub(super) async fn again(
    state: &AppState,
    caller: &Caller,
    ticket: &NumberedTicket,
) -> Result<(), Problem> {
    let deadline = jobs::deadline(WAIT_S);
    let mut waits = Vec::new();
    for (device_key, checks) in state.store.failed_checks(ticket.number).await? {
        if !state.work.is_connected(device_key) {
            continue;
        }
        let Some(device) = state.store.device_by_key(device_key).await? else {
            continue;
        };
        // Nothing that happens to the job from now on is missed.
        let changes = state.work.subscribe();
        let request = Request::Checks {
            checks: checks.into_iter().collect(),
        };
        let options = Options {
            expires_in_us: i64::from(WAIT_S) * 1_000_000,
        };
        let now = time::now_us();
        let submitted = state
            .work
            .submit(
                &caller.account,
                ticket.number,
                &[device],
                &request,
                options,
                now,
            )
            .await?;
        waits.extend(submitted.into_iter().next().map(|order| (order, changes)));
    }
    for (Submitted { job, .. }, changes) in waits {
        jobs::wait(state, changes, job, None, deadline).await?;
    }
    Ok(())
}
