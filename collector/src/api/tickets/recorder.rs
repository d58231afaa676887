//! A window of the device's own flight recorder, frozen on a ticket: what it measured, which processes were the busiest,
//! and what turned.

use axum::http::StatusCode;
use sonde_proto::message::Lang;

use super::super::caller::Caller;
use super::super::work::{AskTable, asked_of};
use super::super::{AppState, Problem, time};
use crate::store::TimeUs;
use crate::wording::wording;

/// A recorder holds no more than the last day.
pub(super) const RECORDED_US: i64 = 86_400 * 1_000_000;
/// Clocks of browsers and devices are so far ahead of ours, and no one minds.
const AHEAD_US: i64 = 60 * 1_000_000;
/// What a recorder is read by, as far as the device declares it.
const TABLES: [&str; 3] = ["recorded_metrics", "recorded_processes", "recorded_events"];

/// A stretch of time that a recorder may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    from: TimeUs,
    to: TimeUs,
}

impl Window {
    /// The one that is named; `None`: none is.
    ///
    /// # Errors
    /// It is no stretch of time, or no recorder holds it.
    pub(super) fn read(
        from: Option<&str>,
        to: Option<&str>,
        now: TimeUs,
    ) -> Result<Option<Self>, Problem> {
        let (from, to) = match (from, to) {
            (None, None) => return Ok(None),
            (Some(from), Some(to)) => (time::read("from", from)?, time::read("to", to)?),
            (Some(_), None) => return Err(missing("to")),
            (None, Some(_)) => return Err(missing("from")),
        };
        judge(from, to, now).map(Some)
    }
}

fn missing(field: &str) -> Problem {
    Problem::field(field, wording!("it is missing"))
        .remedy(wording!("a window has both from and to"))
}

fn judge(from: TimeUs, to: TimeUs, now: TimeUs) -> Result<Window, Problem> {
    if from >= to {
        return Err(Problem::field("to", wording!("it is not after from")));
    }
    if to > now.saturating_add(AHEAD_US) {
        return Err(Problem::field("to", wording!("it is still to come"))
            .remedy(wording!("no later than now")));
    }
    let oldest = now.saturating_sub(RECORDED_US);
    if from < oldest {
        let what = wording!(
            "the flight recorder holds the last 24 hours, since {}",
            time::shown(oldest)
        );
        return Err(Problem::field("from", what).remedy(wording!(
            "older samples are kept by the collector: sonde device metrics DEVICE --from TIME"
        )));
    }
    Ok(Window { from, to })
}

/// Asks the device for its record of the window; gives ids of the jobs. Where it is away, they wait as long as it may still
/// hold it.
///
/// # Errors
/// The device declares no recorder, or may not be asked.
pub(super) async fn freeze(
    state: &AppState,
    caller: &Caller,
    ticket: (i64, i64),
    device: &str,
    window: Window,
    lang: Lang,
) -> Result<Vec<String>, Problem> {
    let (number, site_key) = ticket;
    let (known, catalogue) = asked_of(state, caller, site_key, device).await?;
    let has = |name: &&str| catalogue.tables().any(|table| table.name == **name);
    let tables: Vec<&str> = TABLES.into_iter().filter(|name| has(name)).collect();
    if tables.is_empty() {
        return Err(Problem::field(
            "device",
            wording!("the agent of {} has no flight recorder", known.hostname),
        )
        .remedy(wording!("take the snapshot without from and to")));
    }
    let left_us = window.from.saturating_add(RECORDED_US) - time::now_us();
    let expires_in_seconds = u32::try_from(left_us / 1_000_000).unwrap_or(0).max(60);
    let mut jobs = Vec::new();
    for table in tables {
        let (since, until) = (time::shown(window.from), time::shown(window.to));
        let ask = AskTable::between(device, table, &since, &until, expires_in_seconds);
        let prepared = ask.prepare(state, caller, site_key).await?;
        let (_, asked): (StatusCode, _) = prepared.order(state, caller, number, lang).await?;
        jobs.extend(asked.0.jobs.iter().map(|job| job.id.clone()));
    }
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600 * 1_000_000;
    const NOW: TimeUs = 1_000 * HOUR;

    #[track_caller]
    fn check(from: i64, to: i64, expected: Result<(), &str>) {
        let found = judge(NOW + from, NOW + to, NOW);
        let field = found
            .as_ref()
            .err()
            .map(|problem| problem.field.clone().unwrap_or_default());
        assert_eq!(field, expected.err().map(Box::from), "{found:?}");
    }

    #[test]
    fn only_what_a_recorder_may_hold_is_frozen() {
        check(-HOUR, 0, Ok(()));
        check(-24 * HOUR, 0, Ok(()));
        check(-24 * HOUR - 1, -23 * HOUR, Err("from"));
        check(-HOUR, -HOUR, Err("to"));
        check(-HOUR, -2 * HOUR, Err("to"));
        check(-HOUR, AHEAD_US, Ok(()));
        check(-HOUR, AHEAD_US + 1, Err("to"));
    }

    #[test]
    fn a_window_has_two_ends_or_is_none() {
        let read = |from, to| Window::read(from, to, NOW).map_err(|problem| problem.field);
        assert_eq!(read(None, None), Ok(None));
        assert_eq!(read(Some("x"), None), Err(Some("to".into())));
        assert_eq!(read(None, Some("x")), Err(Some("from".into())));
        assert_eq!(read(Some("x"), Some("y")), Err(Some("from".into())));
    }
}
