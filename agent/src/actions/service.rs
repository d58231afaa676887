//! What the actions on services share: which ones are left alone, how one is found, and what asks the manager.

use std::time::Duration;

use crate::facts::services;
use crate::finding::{Message, Text, name};
use crate::host::{Host, Service};
use crate::plan::{Plan, Step};
use crate::value::{Parameter, Rule};

use super::{Parameters, Refusal};

const DEADLINE: Duration = Duration::from_secs(120);
/// A service may start and fall over at once.
pub(super) const SETTLE: Duration = Duration::from_secs(2);

/// Those that a session hangs on: without them the user is out.
const SESSIONS: &[&str] = &[
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
const TO_ANOTHER_MODE: &[&str] = &[
    "emergency.service",
    "initrd-cleanup.service",
    "initrd-parse-etc.service",
    "initrd-switch-root.service",
    "packagekit-offline-update.service",
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

/// Those that carry the network, and with it this agent's own way to the collector.
const NETWORKS: &[&str] = &[
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

/// Those that give whoever sits at the machine root's shell.
const OPENS_SHELL: &[&str] = &["debug-shell.service", "console-shell.service"];

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

pub(super) const UNIT: Parameter = Parameter {
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
};

/// The texts of an action on services: those of `look_for`, and its own.
macro_rules! texts {
    ($($own:expr),* $(,)?) => {
        &[
            $crate::actions::service::NO_SUCH_SERVICE,
            $crate::actions::service::NOT_A_SERVICE,
            $crate::actions::service::OWN,
            $crate::actions::service::ENDS_SESSIONS,
            $crate::actions::service::STOPS_MACHINE,
            $crate::actions::service::OPENS_A_SHELL,
            $crate::actions::service::CARRIES_THE_NETWORK,
            $($own),*
        ]
    };
}
pub(super) use texts;

pub(super) const NO_SUCH_SERVICE: Text = Text::technician(
    "no_such_service",
    "There is no service {unit}; similar: {near}",
    "Il n'y a pas de service {unit} ; noms proches : {near}",
);
pub(super) const NOT_A_SERVICE: Text = Text::technician(
    "not_a_service",
    "{unit} is not a service",
    "{unit} n'est pas un service",
);
pub(super) const OWN: Text = Text::technician(
    "own",
    "{unit} is this agent; it leaves itself as it is",
    "{unit} est cet agent ; il ne touche pas à lui-même",
);
pub(super) const ENDS_SESSIONS: Text = Text::technician(
    "ends_sessions",
    "{unit} carries the user's session, which would end",
    "{unit} porte la session de l'utilisateur, qui prendrait fin",
);
pub(super) const STOPS_MACHINE: Text = Text::technician(
    "stops_machine",
    "Starting {unit} would take the machine down or into another mode",
    "Démarrer {unit} arrêterait la machine ou la ferait changer de mode",
);
pub(super) const OPENS_A_SHELL: Text = Text::technician(
    "opens_shell",
    "{unit} gives whoever sits at the machine a shell of root's",
    "{unit} donne un interpréteur de commandes de root à quiconque est devant la machine",
);
pub(super) const CARRIES_THE_NETWORK: Text = Text::technician(
    "carries_network",
    "{unit} carries the network: this could cut this device off",
    "{unit} porte le réseau : cela pourrait isoler cet appareil",
);
pub(super) const MASKED: Text = Text::technician(
    "masked",
    "{unit} is masked: someone has forbidden it to start",
    "{unit} est masqué : quelqu'un a interdit son démarrage",
);
pub(super) const ALIAS: Text = Text::technician(
    "alias",
    "{unit} is only another name of a service; name the service itself",
    "{unit} n'est qu'un autre nom d'un service ; indiquez le service lui-même",
);
pub(super) const RESET: Text = Text {
    id: "reset",
    en: "Clear the failure of {unit}, so that it may start again",
    fr: "Effacer l'échec de {unit} pour qu'il puisse redémarrer",
    user_en: "A background program may start again.",
    user_fr: "Un programme de fond peut redémarrer.",
};
pub(super) const START: Text = Text {
    id: "start",
    en: "Start {unit}",
    fr: "Démarrer {unit}",
    user_en: "A background program is started.",
    user_fr: "Un programme de fond est démarré.",
};
pub(super) const STOP: Text = Text {
    id: "stop",
    en: "Stop {unit}",
    fr: "Arrêter {unit}",
    user_en: "A background program is stopped.",
    user_fr: "Un programme de fond est arrêté.",
};

/// Of a unit by its name.
pub(super) fn of(unit: &str) -> Vec<sonde_proto::message::Argument> {
    vec![name("unit", unit)]
}

/// The service that is asked for, unless it is one that is left alone whatever the machine has.
pub(super) async fn look_for(host: &Host, parameters: &Parameters) -> Result<Service, Refusal> {
    let unit = full_name(parameters.text("unit"));
    refuse(&unit)?;
    find(&unit, &services::ask(host).await?)
}

/// `ssh` means `ssh.service`.
fn full_name(unit: &str) -> String {
    match unit.rsplit_once('.') {
        Some((_, kind)) if KINDS.contains(&kind) => unit.into(),
        Some(_) | None => format!("{unit}.service"),
    }
}

fn refuse(unit: &str) -> Result<(), Refusal> {
    let refused = |id| Err(Refusal::new(id, of(unit)));
    // A template alone is none.
    if !unit.ends_with(".service") || unit.ends_with("@.service") {
        refused("not_a_service")
    } else if unit.starts_with("sonde-agent") {
        refused("own")
    } else if is_one_of(unit, SESSIONS, OF_SESSIONS) {
        refused("ends_sessions")
    } else if is_one_of(unit, TO_ANOTHER_MODE, &[]) {
        refused("stops_machine")
    } else if is_one_of(unit, OPENS_SHELL, &[]) {
        refused("opens_shell")
    } else if is_one_of(unit, NETWORKS, OF_NETWORKS) {
        refused("carries_network")
    } else {
        Ok(())
    }
}

/// One of `names`, or one whose name begins as `families` do.
fn is_one_of(unit: &str, names: &[&str], families: &[&str]) -> bool {
    names.contains(&unit) || families.iter().any(|family| unit.starts_with(family))
}

fn find(unit: &str, services: &[Service]) -> Result<Service, Refusal> {
    let of_name = |name: &str| services.iter().find(|service| service.unit == name);
    let Some(found) = of_name(unit) else {
        let names = services.iter().map(|service| service.unit.as_str());
        let near = crate::text::nearest(unit, names);
        let near = near.into_iter().take(5).collect::<Vec<_>>().join(", ");
        let said = vec![name("unit", unit), name("near", near)];
        return Err(Refusal::new("no_such_service", said));
    };
    let mut found = found.clone();
    if let (None, Some((template, _))) = (&found.enabled, unit.split_once('@')) {
        let template = of_name(&format!("{template}@.service"));
        found.enabled = template.and_then(|template| template.enabled.clone());
    }
    Ok(found)
}

/// What can be started at all. The list of units has each under its own name; another name of it is a file alone.
pub(super) fn refuse_start(service: &Service) -> Result<(), Refusal> {
    let refused = |id| Err(Refusal::new(id, of(&service.unit)));
    if is_masked(service) {
        refused("masked")
    } else if unit_file(service) == "alias" {
        refused("alias")
    } else {
        Ok(())
    }
}

pub(super) fn is_masked(service: &Service) -> bool {
    service.load == "masked" || unit_file(service).starts_with("masked")
}

/// What the manager says of the unit file (systemctl(1), is-enabled); empty: nothing.
pub(super) fn unit_file(service: &Service) -> &str {
    service.enabled.as_deref().unwrap_or_default()
}

/// A plan that begins with the clearing of a failure, where there is one.
pub(super) fn from_failure(service: &Service) -> Plan {
    match service.active.as_str() {
        "failed" => Plan::default().step(
            Message::new("reset", of(&service.unit)),
            systemctl("reset-failed", &[], &service.unit),
        ),
        _ => Plan::default(),
    }
}

/// What the service manager does, and what takes that back: two of its verbs, each told by the text that is called like it.
pub(super) fn there_and_back(
    plan: Plan,
    [there, back]: [&'static str; 2],
    options: &[&str],
    unit: &str,
) -> Plan {
    let step = |verb| (Message::new(verb, of(unit)), systemctl(verb, options, unit));
    let ((told, done), (told_back, undone)) = (step(there), step(back));
    plan.step(told, done).or_back(told_back, undone)
}

/// Has the service manager do it.
pub(super) fn systemctl(verb: &str, options: &[&str], unit: &str) -> Step {
    let (before, after) = (["--no-ask-password", verb], ["--", unit]);
    let arguments = before.iter().chain(options).chain(&after);
    Step::Run {
        program: "systemctl".into(),
        arguments: arguments.map(|one| (*one).to_owned()).collect(),
        deadline: DEADLINE,
        // The manager is not stopped by the end of who has asked.
        outlives: true,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::actions::Action;
    use crate::actions::shown_plans::show;

    /// `web.service` in a state: what the manager says of its file, and what it does.
    pub(in crate::actions) fn web(enabled: &str, active: &str) -> Service {
        Service {
            unit: "web.service".into(),
            active: active.into(),
            load: "loaded".into(),
            enabled: (!enabled.is_empty()).then(|| enabled.into()),
            ..Service::default()
        }
    }

    #[track_caller]
    pub(in crate::actions) fn check(
        action: &Action,
        plan: impl Fn(&Service) -> Result<Plan, Refusal>,
        (enabled, active): (&str, &str),
        expected: &str,
    ) {
        let plan = plan(&web(enabled, active));
        assert_eq!(show(action, &plan), expected, "{enabled} {active}");
    }

    #[track_caller]
    fn check_refused(unit: &str, expected: &str) {
        let refusal = refuse(&full_name(unit)).unwrap_err();
        assert_eq!(refusal.0.id, expected, "{unit}");
    }

    #[test]
    fn what_a_machine_stands_on_is_left_alone() {
        for unit in ["sonde-agent", "sonde-agent.service", "sonde-agent@2"] {
            check_refused(unit, "own");
        }
        for unit in ["home.mount", "cups.socket", "multi-user.target", "web@"] {
            check_refused(unit, "not_a_service");
        }
        for unit in [
            "systemd-reboot",
            "systemd-poweroff.service",
            "systemd-kexec",
            "systemd-suspend",
            "initrd-switch-root",
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
        for unit in [
            "gdm",
            "lxdm",
            "greetd",
            "display-manager",
            "getty@tty1",
            "user@1000.service",
        ] {
            check_refused(unit, "ends_sessions");
        }
        check_refused("debug-shell", "opens_shell");
        assert_eq!(refuse("web.service"), Ok(()));
    }

    #[test]
    fn a_service_that_is_not_there_gets_the_near_ones() {
        let services = [web("", "active")];
        let refusal = find("wbe.service", &services).unwrap_err();
        let said = refusal.to_string();
        assert_eq!(
            said,
            "There is no service wbe.service; similar: web.service"
        );
        assert_eq!(find("web.service", &services).as_ref(), Ok(&services[0]));
    }

    #[test]
    fn one_of_a_template_is_enabled_as_that_is() {
        let [instance, template] = ["web@a.service", "web@.service"].map(|unit| Service {
            unit: unit.into(),
            enabled: unit.contains("@.").then(|| "disabled".into()),
            ..Service::default()
        });
        let found = find("web@a.service", &[instance, template]).unwrap();
        assert_eq!(unit_file(&found), "disabled");
    }
}
