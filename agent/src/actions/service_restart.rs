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
    "cosmic-greeter.service",
    "dbus-broker.service",
    "dbus.service",
    "display-manager.service",
    "elogind.service",
    "gdm.service",
    "gdm3.service",
    "greetd.service",
    "lightdm.service",
    "lxdm.service",
    "ly.service",
    "nodm.service",
    "sddm.service",
    "seatd.service",
    "slim.service",
    "systemd-logind.service",
    "wdm.service",
    "xdm.service",
];

/// Services of one user or one terminal.
const OF_SESSIONS: &[&str] = &[
    "autovt@",
    "getty@",
    "serial-getty@",
    "user-runtime-dir@",
    "user@",
];

/// Those whose start takes the machine down or into another mode (systemd.special(7)).
const STOPS_MACHINE: &[&str] = &[
    "emergency.service",
    "rescue.service",
    "systemd-exit.service",
    "systemd-halt.service",
    "systemd-hibernate.service",
    "systemd-hybrid-sleep.service",
    "systemd-kexec.service",
    "systemd-poweroff.service",
    "systemd-reboot.service",
    "systemd-soft-reboot.service",
    "systemd-suspend-then-hibernate.service",
    "systemd-suspend.service",
];

/// Those that carry the network, and with it this agent's own way to the collector. An action has one class, and
/// that of this one is a repair: it cannot ask the user first.
const CARRIES_NETWORK: &[&str] = &[
    "NetworkManager.service",
    "connman.service",
    "dhcpcd.service",
    "ifplugd.service",
    "iwd.service",
    "network.service",
    "networking.service",
    "systemd-networkd.service",
    "tailscaled.service",
    "wicked.service",
    "wpa_supplicant.service",
];

/// One service for each of several networks.
const OF_NETWORKS: &[&str] = &[
    "dhcpcd@",
    "ifup@",
    "openvpn",
    "wg-quick@",
    "wickedd",
    "wpa_supplicant",
];

/// What the manager says of a unit file that makes its service run without being asked for (systemctl(1),
/// is-enabled).
const STARTS_ITSELF: &[&str] = &["enabled", "enabled-runtime", "generated"];

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
        Text::technician(
            "stops_machine",
            "Starting {unit} would take the machine down or into another mode",
            "Démarrer {unit} arrêterait la machine ou la ferait changer de mode",
        ),
        Text::technician(
            "carries_network",
            "{unit} carries the network: restarting it could cut this device off, and this action cannot ask the user first",
            "{unit} porte le réseau : le redémarrer pourrait isoler cet appareil, et cette action ne peut pas demander l'accord de l'utilisateur",
        ),
        Text::technician(
            "alias",
            "{unit} is only another name of a service; name the service itself",
            "{unit} n'est qu'un autre nom d'un service ; indiquez le service lui-même",
        ),
        Text::technician(
            "not_meant_to_run",
            "{unit} does not run and nothing starts it by itself: there is nothing to restart",
            "{unit} ne fonctionne pas et rien ne le lance de lui-même : il n'y a rien à redémarrer",
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
    } else if is_one_of(unit, ENDS_SESSIONS, OF_SESSIONS) {
        refused("ends_sessions")
    } else if is_one_of(unit, STOPS_MACHINE, &[]) {
        refused("stops_machine")
    } else if is_one_of(unit, CARRIES_NETWORK, OF_NETWORKS) {
        refused("carries_network")
    } else {
        Ok(())
    }
}

/// One of `names`, or one whose name begins as `families` do.
fn is_one_of(unit: &str, names: &[&str], families: &[&str]) -> bool {
    names.contains(&unit) || families.iter().any(|family| unit.starts_with(family))
}

/// A service that stands still is only started where it should be running: started at boot, or failed at that.
/// The list of units has each under its own name; another name of it is a file alone.
fn refuse_start(service: &Service) -> Result<(), Refusal> {
    let refused = |id| Err(Refusal::new(id, vec![name("unit", &service.unit)]));
    let enabled = service.enabled.as_deref().unwrap_or_default();
    if service.load == "masked" || enabled == "masked" {
        refused("masked")
    } else if enabled == "alias" {
        refused("alias")
    } else if service.active == "inactive" && !STARTS_ITSELF.contains(&enabled) {
        refused("not_meant_to_run")
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
    refuse_start(service)?;
    let systemctl = |verb: &str| Step::Run {
        program: "systemctl".into(),
        arguments: ["--no-ask-password", verb, "--", unit]
            .map(str::to_owned)
            .into(),
        deadline: DEADLINE,
        // The service manager does it, and is not stopped by the end of who has asked.
        outlives: true,
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
    fn a_repair_neither_stops_the_machine_nor_cuts_it_off() {
        for unit in [
            "systemd-reboot",
            "systemd-poweroff.service",
            "systemd-kexec",
            "systemd-suspend",
            "rescue",
            "emergency",
        ] {
            check_refused(unit, "stops_machine");
        }
        for unit in [
            "NetworkManager",
            "systemd-networkd",
            "wpa_supplicant@wlan0",
            "wg-quick@office",
        ] {
            check_refused(unit, "carries_network");
        }
        for unit in ["lxdm", "greetd", "display-manager", "getty@tty1"] {
            check_refused(unit, "ends_sessions");
        }
    }

    #[track_caller]
    fn check_refused(unit: &str, expected: &str) {
        let refusal = refuse(&full_name(unit)).unwrap_err();
        assert_eq!(refusal.0.id, expected, "{unit}");
    }

    #[test]
    fn only_what_should_be_running_is_started() {
        for (load, enabled, expected) in [
            ("loaded", "static", "not_meant_to_run"),
            ("not-loaded", "disabled", "not_meant_to_run"),
            ("loaded", "", "not_meant_to_run"),
            ("not-loaded", "alias", "alias"),
            ("not-loaded", "enabled", "planned"),
            ("loaded", "generated", "planned"),
        ] {
            let service = Service {
                unit: "web.service".into(),
                active: "inactive".into(),
                load: load.into(),
                enabled: Some(enabled.into()),
                ..Service::default()
            };
            let planned = plan("web.service", &[service]);
            let said = planned.map_or_else(|refusal| refusal.0.id, |_| "planned".into());
            assert_eq!(said, expected, "{load} {enabled}");
        }
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
