//! Has the machine's own time daemon ask its servers anew and set the clock.

use std::time::Duration;

use crate::facts::{clock, services};
use crate::finding::{Message, Text, duration, name};
use crate::host::{ClockState, Host, Service, Unavailable};
use crate::plan::{Plan, Step};

use super::{Action, Class, Planner, Refusal, service};

/// A clock that is wrong by less is being steered already.
const RIGHT_US: u64 = 1_000_000;
const DEADLINE: Duration = Duration::from_secs(20);
/// Looks whether a source has answered, and seconds between them.
const WAIT: [&str; 5] = ["waitsync", "20", "0", "0", "2"];
const WAIT_DEADLINE: Duration = Duration::from_secs(60);
/// Measurements that are wanted, and most that are tried.
const BURST: &str = "4/8";

pub(super) const ACTION: Action = Action {
    id: "time.sync",
    version: 1,
    title_en: "Set the clock by its servers",
    title_fr: "Mettre l'horloge à l'heure de ses serveurs",
    class: Class::Repair,
    parameters: &[],
    texts: &[
        Text {
            id: "ask",
            en: "Have {daemon} ask its time servers at once",
            fr: "Faire interroger immédiatement ses serveurs de temps par {daemon}",
            user_en: "The computer asks for the right time.",
            user_fr: "L'ordinateur demande l'heure exacte.",
        },
        Text {
            id: "wait",
            en: "Wait until a time server has answered {daemon}",
            fr: "Attendre qu'un serveur de temps ait répondu à {daemon}",
            user_en: "The computer waits for the right time.",
            user_fr: "L'ordinateur attend l'heure exacte.",
        },
        Text {
            id: "set",
            en: "Have {daemon} set the clock at once instead of little by little",
            fr: "Faire régler l'horloge par {daemon} d'un coup et non peu à peu",
            user_en: "The computer's clock is set.",
            user_fr: "L'horloge de l'ordinateur est mise à l'heure.",
        },
        Text {
            id: "restart",
            en: "Restart {daemon}, which then asks its time servers and sets the clock",
            fr: "Redémarrer {daemon}, qui interroge alors ses serveurs de temps et règle l'horloge",
            user_en: "The computer's clock is set.",
            user_fr: "L'horloge de l'ordinateur est mise à l'heure.",
        },
        Text::technician(
            "right",
            "The clock is right within {offset}, says {daemon}",
            "L'horloge est juste à {offset} près, selon {daemon}",
        ),
        Text::technician(
            "synchronised",
            "The clock is synchronised, says {daemon}",
            "L'horloge est synchronisée, selon {daemon}",
        ),
        Text::technician(
            "not_its_clock",
            "{daemon} runs without the right to set this machine's clock (-x)",
            "{daemon} fonctionne sans le droit de régler l'horloge de cette machine (-x)",
        ),
        Text::technician(
            "no_service",
            "{daemon} runs, but no service that could be restarted",
            "{daemon} fonctionne, mais pas sous forme d'un service à redémarrer",
        ),
    ],
    verified_by: "time.offset",
    settle: Duration::from_secs(5),
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, _| Box::pin(look_and_plan(host))),
};

async fn look_and_plan(host: &Host) -> Result<Plan, Refusal> {
    let state = clock::ask(host).await?;
    let services = match state.daemon {
        "chrony" => Vec::new(),
        _ => services::ask(host).await?,
    };
    plan(&state, may_set(host)?, &services)
}

/// chronyd(8): with `-x` it never touches the clock, as in a container.
fn may_set(host: &Host) -> Result<bool, Unavailable> {
    let processes = host.processes()?;
    let Some(chronyd) = processes.iter().find(|one| one.name == "chronyd") else {
        return Ok(true);
    };
    let arguments = host.arguments(chronyd.pid)?;
    Ok(!arguments.iter().any(|argument| argument == "-x"))
}

/// `may_set`: chrony may.
fn plan(state: &ClockState, may_set: bool, services: &[Service]) -> Result<Plan, Refusal> {
    let of = || vec![name("daemon", state.daemon)];
    if state.synchronised {
        match state.offset_us {
            None => return Err(Refusal::new("synchronised", of())),
            Some(us) if us.unsigned_abs() < RIGHT_US => {
                let offset = duration("offset", us.saturating_abs());
                return Err(Refusal::new("right", [of(), vec![offset]].concat()));
            }
            Some(_) => {}
        }
    }
    let units: &[&str] = match state.daemon {
        "chrony" => return chrony(state.synchronised, may_set, &of),
        "ntpd" => &["ntp.service", "ntpsec.service", "ntpd.service"],
        _ => &["systemd-timesyncd.service"],
    };
    let runs =
        |service: &&Service| service.active == "active" && units.contains(&service.unit.as_str());
    let Some(running) = services.iter().find(runs) else {
        return Err(Refusal::new("no_service", of()));
    };
    Ok(Plan::default().step(
        Message::new("restart", of()),
        service::systemctl("restart", &[], &running.unit),
    ))
}

fn chrony(
    is_synchronised: bool,
    may_set: bool,
    of: &dyn Fn() -> Vec<sonde_proto::message::Argument>,
) -> Result<Plan, Refusal> {
    if is_synchronised && !may_set {
        return Err(Refusal::new("not_its_clock", of()));
    }
    let step = |plan: Plan, id, arguments: &[&str], deadline| {
        let step = Step::Run {
            program: "chronyc".into(),
            arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
            deadline,
            outlives: false,
        };
        plan.step(Message::new(id, of()), step)
    };
    let mut plan = Plan::default();
    if !is_synchronised {
        // What was without a network when it began may still be told to be.
        plan = step(plan, "ask", &["online"], DEADLINE);
        plan = step(plan, "ask", &["burst", BURST], DEADLINE);
        plan = step(plan, "wait", &WAIT, WAIT_DEADLINE);
    }
    if may_set {
        plan = step(plan, "set", &["makestep"], DEADLINE);
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(daemon: &'static str, offset_us: Option<i64>, may_set: bool, expected: &str) {
        check_state(daemon, true, offset_us, may_set, expected);
    }

    #[track_caller]
    fn check_state(
        daemon: &'static str,
        synchronised: bool,
        offset_us: Option<i64>,
        may_set: bool,
        expected: &str,
    ) {
        let state = ClockState {
            daemon,
            synchronised,
            offset_us,
            source: None,
        };
        let services = ["ntpsec.service", "systemd-timesyncd.service"].map(|unit| Service {
            unit: unit.into(),
            active: "active".into(),
            ..Service::default()
        });
        let plan = plan(&state, may_set, &services);
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn a_clock_that_is_right_is_left_alone() {
        check(
            "chrony",
            Some(-250_000),
            true,
            "refused: The clock is right within 250 ms, says chrony",
        );
        check(
            "systemd-timesyncd",
            None,
            true,
            "refused: The clock is synchronised, says systemd-timesyncd",
        );
        check(
            "chrony",
            Some(90_000_000),
            false,
            "refused: chrony runs without the right to set this machine's clock (-x)",
        );
    }

    #[test]
    fn chrony_sets_a_wrong_clock_once_it_knows_the_time() {
        let set = "Have chrony set the clock at once instead of little by little: chronyc makestep";
        check("chrony", Some(90_000_000), true, set);
        let ask = "Have chrony ask its time servers at once: chronyc online\n\
                   Have chrony ask its time servers at once: chronyc burst 4/8\n\
                   Wait until a time server has answered chrony: chronyc waitsync 20 0 0 2";
        check_state("chrony", false, None, false, ask);
        check_state("chrony", false, None, true, &format!("{ask}\n{set}"));
    }

    #[test]
    fn other_daemons_are_started_anew_as_the_services_they_are() {
        check(
            "ntpd",
            Some(-90_000_000),
            true,
            "Restart ntpd, which then asks its time servers and sets the clock: \
             systemctl --no-ask-password restart -- ntpsec.service",
        );
        check_state(
            "systemd-timesyncd",
            false,
            None,
            true,
            "Restart systemd-timesyncd, which then asks its time servers and sets the clock: \
             systemctl --no-ask-password restart -- systemd-timesyncd.service",
        );
        let state = ClockState {
            daemon: "ntpd",
            synchronised: false,
            offset_us: None,
            source: None,
        };
        let refused = plan(&state, true, &[]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "ntpd runs, but no service that could be restarted"
        );
    }
}
