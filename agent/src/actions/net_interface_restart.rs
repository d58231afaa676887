//! Takes an interface down and up again, by whoever manages it. It is brought up once more unless the collector is heard
//! afterwards.

use std::time::Duration;

use crate::finding::{Message, Text};
use crate::host::{Host, LeaseKeeper, Unavailable};
use crate::plan::Plan;

use super::net::{self, HEARD_WITHIN, of, run};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "net.interface-restart",
    version: 1,
    title_en: "Restart an interface",
    title_fr: "Redémarrer une interface",
    class: Class::Disrupt,
    parameters: &[net::INTERFACE],
    texts: &[
        Text {
            id: "down",
            en: "Take {interface} down",
            fr: "Désactiver {interface}",
            user_en: "The network is away for a moment.",
            user_fr: "Le réseau est coupé un instant.",
        },
        Text {
            id: "up",
            en: "Bring {interface} up as it is configured",
            fr: "Activer {interface} selon sa configuration",
            user_en: "The network comes back.",
            user_fr: "Le réseau revient.",
        },
        Text::technician(
            "no_interface",
            "There is no interface {interface}",
            "Il n'y a pas d'interface {interface}",
        ),
        Text::technician(
            "nobody",
            "Neither NetworkManager nor systemd-networkd manages {interface}: nobody would give it its addresses and \
             routes back",
            "Ni NetworkManager ni systemd-networkd ne gère {interface} : personne ne lui rendrait ses adresses et ses routes",
        ),
    ],
    verified_by: "net.link",
    settle: Duration::from_secs(3),
    can_undo: false,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let interface = parameters.text("interface");
    match host.lease_keeper(interface) {
        Err(Unavailable::Absent { .. }) => Err(Refusal::new("no_interface", of(interface))),
        keeper => plan(interface, keeper?),
    }
}

fn plan(interface: &str, keeper: Option<LeaseKeeper>) -> Result<Plan, Refusal> {
    let (down, up) = match keeper {
        Some(LeaseKeeper::Networkd) => (
            run("networkctl", &["down", interface]),
            run("networkctl", &["up", interface]),
        ),
        Some(LeaseKeeper::NetworkManager { profile }) => {
            let up = ["connection", "up", "uuid", &profile, "ifname", interface];
            (
                run(
                    "nmcli",
                    &["--wait", "60", "device", "disconnect", interface],
                ),
                run("nmcli", &[&["--wait", "60"], &up[..]].concat()),
            )
        }
        Some(LeaseKeeper::Dhcpcd | LeaseKeeper::Dhclient { .. }) | None => {
            return Err(Refusal::new("nobody", of(interface)));
        }
    };
    let words = |id| Message::new(id, of(interface));
    Ok(Plan::default()
        .step(words("down"), down)
        .or_back(words("up"), up.clone())
        .step(words("up"), up)
        .unless_heard(HEARD_WITHIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(keeper: Option<LeaseKeeper>, expected: &str) {
        let plan = plan("eth0", keeper);
        if let Ok(plan) = &plan {
            assert_eq!(plan.unless_heard, Some(HEARD_WITHIN));
        }
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn what_nobody_would_set_up_again_stays_up() {
        let nobody = "refused: Neither NetworkManager nor systemd-networkd manages eth0: nobody would give it its \
                      addresses and routes back";
        check(None, nobody);
        check(Some(LeaseKeeper::Dhcpcd), nobody);
    }

    #[test]
    fn it_goes_down_and_comes_up_by_its_manager() {
        check(
            Some(LeaseKeeper::Networkd),
            "Take eth0 down: networkctl down eth0 (back: networkctl up eth0)\n\
             Bring eth0 up as it is configured: networkctl up eth0",
        );
        check(
            Some(LeaseKeeper::NetworkManager {
                profile: "ab-1".into(),
            }),
            "Take eth0 down: nmcli --wait 60 device disconnect eth0 (back: nmcli --wait 60 connection up uuid ab-1 ifname \
             eth0)\nBring eth0 up as it is configured: nmcli --wait 60 connection up uuid ab-1 ifname eth0",
        );
    }
}
