//! Finds a clock that is wrong, or that nothing keeps right, as the machine's own time daemon tells it; where none
//! does, by the collector's.

use std::time::Duration;

use crate::facts::clock;
use crate::finding::{Finding, Status, Text, duration, name};
use crate::host::{ClockState, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "time.offset",
    number: 47,
    version: 1,
    title_en: "The clock",
    title_fr: "L'horloge",
    every: Duration::from_secs(900),
    limits: &[
        Limit::seconds("offset_critical", 60.0),
        Limit::seconds("offset_warning", 1.0),
    ],
    remedies: &["time.sync", "service.restart"],
    texts: &[
        Text {
            id: "right",
            en: "The clock is right within {offset}, says {daemon}",
            fr: "L'horloge est juste à {offset} près, selon {daemon}",
            user_en: "The clock is right.",
            user_fr: "L'horloge est à l'heure.",
        },
        Text::technician(
            "synchronised",
            "The clock is synchronised, says {daemon}",
            "L'horloge est synchronisée, selon {daemon}",
        ),
        Text {
            id: "wrong",
            en: "The clock is wrong by {offset}, says {daemon}",
            fr: "L'horloge est fausse de {offset}, selon {daemon}",
            user_en: "The computer's clock is wrong.",
            user_fr: "L'horloge de l'ordinateur n'est pas à l'heure.",
        },
        Text {
            id: "right_by_collector",
            en: "The clock is right within {offset} by the collector's; no time daemon tells",
            fr: "L'horloge est juste à {offset} près d'après celle du collecteur ; aucun service de temps ne répond",
            user_en: "The clock is right.",
            user_fr: "L'horloge est à l'heure.",
        },
        Text {
            id: "wrong_by_collector",
            en: "The clock is wrong by {offset} by the collector's; no time daemon tells",
            fr: "L'horloge est fausse de {offset} d'après celle du collecteur ; aucun service de temps ne répond",
            user_en: "The computer's clock is wrong.",
            user_fr: "L'horloge de l'ordinateur n'est pas à l'heure.",
        },
        Text {
            id: "unsynchronised",
            en: "{daemon} runs, but no time source answers it",
            fr: "{daemon} fonctionne, mais aucune source de temps ne lui répond",
            user_en: "The computer's clock may become wrong.",
            user_fr: "L'horloge de l'ordinateur risque de se dérégler.",
        },
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let state = clock::ask(host).await;
            judge(state, host.clock_ahead_us(), limits)
        })
    }),
};

/// `ahead_us`: of the collector's clock, where that has been told.
fn judge(
    state: Result<ClockState, Unavailable>,
    ahead_us: Option<i64>,
    limits: &Limits,
) -> Result<Vec<Finding>, Unavailable> {
    match (state, ahead_us) {
        (Ok(state), _) => Ok(by_daemon(&state, limits)),
        (Err(_), Some(ahead_us)) => Ok(by_collector(ahead_us, limits)),
        (Err(why), None) => Err(why),
    }
}

fn by_collector(ahead_us: i64, limits: &Limits) -> Vec<Finding> {
    let status = limits.above("offset", ahead_us.unsigned_abs() as f64 / 1e6);
    let id = match status {
        Status::Ok => "right_by_collector",
        Status::Warning | Status::Critical | Status::Unknown => "wrong_by_collector",
    };
    let offset = duration("offset", ahead_us.saturating_abs());
    vec![
        Finding::new(status, "")
            .says(id, vec![offset])
            .evidence(duration("offset_us", ahead_us))
            // There is no daemon to restart.
            .without_remedies(),
    ]
}

fn by_daemon(state: &ClockState, limits: &Limits) -> Vec<Finding> {
    let daemon = name("daemon", state.daemon);
    let finding = |status| {
        let finding = Finding::new(status, "");
        match &state.source {
            Some(source) => finding.evidence(name("source", source)),
            None => finding,
        }
    };
    if !state.synchronised {
        return vec![finding(Status::Warning).says("unsynchronised", vec![daemon])];
    }
    let Some(offset_us) = state.offset_us else {
        return vec![finding(Status::Ok).says("synchronised", vec![daemon])];
    };
    let status = limits.above("offset", offset_us.unsigned_abs() as f64 / 1e6);
    let id = match status {
        Status::Ok => "right",
        Status::Warning | Status::Critical | Status::Unknown => "wrong",
    };
    let offset = duration("offset", offset_us.saturating_abs());
    vec![
        finding(status)
            .says(id, vec![offset, daemon])
            .evidence(duration("offset_us", offset_us)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(synchronised: bool, offset_us: Option<i64>, expected: &str) {
        let state = ClockState {
            daemon: "chrony",
            synchronised,
            offset_us,
            source: None,
        };
        assert_eq!(show(&CHECK, &by_daemon(&state, &limits(&CHECK))), expected);
    }

    #[test]
    fn without_a_daemon_the_collectors_clock_counts() {
        let silent = || Err(Unavailable::absent("time daemon"));
        let limits = limits(&CHECK);
        assert_eq!(
            judge(silent(), None, &limits),
            silent().map(|_: ClockState| Vec::new())
        );
        let found = judge(silent(), Some(-400 * 86_400_000_000), &limits).unwrap();
        assert!(
            show(&CHECK, &found).starts_with("critical / The clock is wrong by 400 d"),
            "{}",
            show(&CHECK, &found)
        );
        let found = judge(silent(), Some(20_000), &limits).unwrap();
        assert!(show(&CHECK, &found).starts_with("ok / The clock is right within 20 ms"));
    }

    #[test]
    fn a_wrong_clock_is_found_in_both_directions() {
        check(
            true,
            Some(300),
            "ok / The clock is right within 0.3 ms, says chrony",
        );
        check(
            true,
            Some(-2_000_000),
            "warning / The clock is wrong by 2 s, says chrony",
        );
        check(
            true,
            Some(90_000_000),
            "critical / The clock is wrong by 1 min 30 s, says chrony",
        );
        check(true, None, "ok / The clock is synchronised, says chrony");
        check(
            false,
            None,
            "warning / chrony runs, but no time source answers it",
        );
    }
}
