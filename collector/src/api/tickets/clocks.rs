//! What was promised for a ticket, as it is shown.

use serde::Serialize;

use super::super::time;
use crate::desk::Tier;
use crate::desk::sla::Measure;
use crate::store::tickets::TicketClock;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ClockView {
    measure: Measure,
    /// Whose, when it measures the time with a tier.
    tier: Option<Tier>,
    /// The name of the agreement that promises it.
    agreement: String,
    /// Of working time.
    target_seconds: i64,
    /// Of working time, until `at`.
    spent_seconds: i64,
    /// Of the last event or change of rules that it was reckoned at; what runs has counted on since.
    at: String,
    /// "running", "paused" or "ended".
    standing: &'static str,
    /// When it runs out, or ran out; none while it does not run.
    due_at: Option<String>,
    ended_at: Option<String>,
    /// Whether it ended in time; none: it has not ended.
    is_met: Option<bool>,
}

pub(super) fn view(clock: &TicketClock) -> ClockView {
    let standing = match (clock.ended_at, clock.is_running) {
        (Some(_), _) => "ended",
        (None, true) => "running",
        (None, false) => "paused",
    };
    ClockView {
        measure: clock.measure,
        tier: clock.tier,
        agreement: clock.agreement.clone(),
        target_seconds: clock.target_us / 1_000_000,
        spent_seconds: clock.spent_us / 1_000_000,
        at: time::shown(clock.reckoned_at),
        standing,
        due_at: clock.due_at.map(time::shown),
        ended_at: clock.ended_at.map(time::shown),
        is_met: clock.ended_at.map(|_| clock.spent_us <= clock.target_us),
    }
}
