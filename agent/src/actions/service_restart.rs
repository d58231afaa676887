//! Starts a service anew.

use std::time::Duration;

use crate::facts::{self, Request};
use crate::finding::{Message, Text, name};
use crate::host::{Host, Service};
use crate::plan::{Plan, Step};
use crate::value::{Parameter, Rule};

use super::{Action, Class, Parameters, Planner, Refusal};

const DEADLINE: Duration = Duration::from_secs(120);

/// Those that a session hangs on: starting them anew throws the user out, which is more than a repair.
const ENDS_SESSIONS: &[&str] = &[
    "dbus.service",
    "dbus-broker.service",
    "display-manager.service",
    "gdm.service",
    "gdm3.service",
    "lightdm.service",
    "sddm.service",
    "systemd-logind.service",
    "xdm.service",
];

pub(super) const ACTION: Action = Action {
    id: "service.restart",
    version: 1,
    title_en: "Restart a service",
    title_fr: "Redémarrer un service",
    class: Class::Repair,
    parameters: &[Parameter {
        name: "unit",
        required: true,
        help_en: "name of the service",
        help_fr: "nom du service",
        longest: 255,
        rule: Some(Rule {
            must: "the name of a service",
            holds: crate::text::is_unit_name,
        }),
        ..Parameter::PLAIN
    }],
    texts: &[
        Text {
            id: "reset",
            en: "Clear the failure of {unit}, so that it may start again",
            fr: "Effacer l'échec de {unit} pour qu'il puisse redémarrer",
            user_en: "A background program may start again.",
            user_fr: "Un programme de fond peut redémarrer.",
        },
        Text {
            id: "restart",
            en: "Restart {unit}, which is {state} now",
            fr: "Redémarrer {unit}, actuellement {state}",
            user_en: "A background program is started anew.",
            user_fr: "Un programme de fond est relancé.",
        },
        Text {
            id: "stop",
            en: "Stop {unit}, which did not run before",
            fr: "Arrêter {unit}, qui ne fonctionnait pas auparavant",
            user_en: "A background program is stopped.",
            user_fr: "Un programme de fond est arrêté.",
        },
        Text::technician(
            "no_such_service",
            "There is no service {unit}; similar: {near}",
            "Il n'y a pas de service {unit} ; noms proches : {near}",
        ),
        Text::technician(
            "not_a_service",
            "{unit} is not a service",
            "{unit} n'est pas un service",
        ),
        Text::technician(
            "masked",
            "{unit} is masked: someone has forbidden it to start",
            "{unit} est masqué : quelqu'un a interdit son démarrage",
        ),
        Text::technician(
            "own",
            "{unit} is this agent; it does not restart itself",
            "{unit} est cet agent ; il ne se redémarre pas lui-même",
        ),
        Text::technician(
            "ends_sessions",
            "Restarting {unit} would end the user's session",
            "Redémarrer {unit} mettrait fin à la session de l'utilisateur",
        ),
    ],
    verified_by: "service.failed",
    settle: Duration::from_secs(2),
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(look_and_plan(host, parameters))),
};

async fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let unit = full_name(parameters.text("unit"));
    refuse(&unit)?;
    let table = facts::find("services")
        .map_err(|_| Refusal::new("not_a_service", vec![name("unit", &unit)]))?;
    let reading = facts::read(table, host, &Request::default()).await?;
    let services = reading
        .rows
        .iter()
        .map(facts::service_of_row)
        .collect::<Vec<_>>();
    plan(&unit, &services)
}

/// `ssh` means `ssh.service`.
fn full_name(unit: &str) -> String {
    match unit.rsplit_once('.') {
        Some((_, kind)) if KINDS.contains(&kind) => unit.into(),
        Some(_) | None => format!("{unit}.service"),
    }
}

/// systemd.unit(5)
const KINDS: &[&str] = &[
    "automount",
    "device",
    "mount",
    "path",
    "scope",
    "service",
    "slice",
    "socket",
    "swap",
    "target",
    "timer",
];

/// What is refused whatever the machine has.
fn refuse(unit: &str) -> Result<(), Refusal> {
    let refused = |id| Err(Refusal::new(id, vec![name("unit", unit)]));
    if !unit.ends_with(".service") {
        refused("not_a_service")
    } else if unit.starts_with("sonde-agent") {
        refused("own")
    } else if ENDS_SESSIONS.contains(&unit) || unit.starts_with("user@") {
        refused("ends_sessions")
    } else {
        Ok(())
    }
}

fn plan(unit: &str, services: &[Service]) -> Result<Plan, Refusal> {
    let of = || name("unit", unit);
    let Some(service) = services.iter().find(|service| service.unit == unit) else {
        let near = crate::text::nearest(unit, services.iter().map(|service| service.unit.as_str()));
        let near = near.into_iter().take(5).collect::<Vec<_>>().join(", ");
        return Err(Refusal::new(
            "no_such_service",
            vec![of(), name("near", near)],
        ));
    };
    if service.load == "masked" || service.enabled.as_deref() == Some("masked") {
        return Err(Refusal::new("masked", vec![of()]));
    }
    let systemctl = |verb: &str| Step::Run {
        program: "systemctl".into(),
        arguments: ["--no-ask-password", verb, "--", unit]
            .map(str::to_owned)
            .into(),
        deadline: DEADLINE,
    };
    let mut plan = Plan::default();
    if service.active == "failed" {
        plan = plan.step(Message::new("reset", vec![of()]), systemctl("reset-failed"));
    }
    let restart = Message::new("restart", vec![of(), name("state", &service.active)]);
    let plan = plan.step(restart, systemctl("restart"));
    Ok(match service.active.as_str() {
        "failed" | "inactive" => plan.or_back(Message::new("stop", vec![of()]), systemctl("stop")),
        _ => plan,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(unit: &str, active: &str, load: &str, expected: &str) {
        let service = Service {
            unit: "web.service".into(),
            active: active.into(),
            load: load.into(),
            ..Service::default()
        };
        let unit = full_name(unit);
        let plan = refuse(&unit).and_then(|()| plan(&unit, &[service]));
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn what_cannot_be_restarted_is_refused() {
        check(
            "sonde-agent",
            "active",
            "loaded",
            "refused: sonde-agent.service is this agent; it does not restart itself",
        );
        check(
            "gdm",
            "active",
            "loaded",
            "refused: Restarting gdm.service would end the user's session",
        );
        check(
            "user@1000.service",
            "active",
            "loaded",
            "refused: Restarting user@1000.service would end the user's session",
        );
        check(
            "home.mount",
            "active",
            "loaded",
            "refused: home.mount is not a service",
        );
        check(
            "web",
            "inactive",
            "masked",
            "refused: web.service is masked: someone has forbidden it to start",
        );
        check(
            "wbe",
            "active",
            "loaded",
            "refused: There is no service wbe.service; similar: web.service",
        );
    }

    #[test]
    fn a_running_service_is_restarted() {
        check(
            "web",
            "active",
            "loaded",
            "Restart web.service, which is active now: systemctl --no-ask-password restart -- web.service",
        );
    }

    #[test]
    fn a_failed_one_is_cleared_first_and_can_be_stopped_again() {
        check(
            "web.service",
            "failed",
            "loaded",
            "Clear the failure of web.service, so that it may start again: \
             systemctl --no-ask-password reset-failed -- web.service\n\
             Restart web.service, which is failed now: systemctl --no-ask-password restart -- web.service \
             (back: systemctl --no-ask-password stop -- web.service)",
        );
    }
}
