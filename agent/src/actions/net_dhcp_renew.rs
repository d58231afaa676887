//! Has whoever keeps an interface's address ask its DHCP server again.

use std::time::Duration;

use crate::finding::{Message, Text, name};
use crate::host::{Host, LeaseKeeper, Unavailable};
use crate::plan::{Plan, Signal, Step};

use super::net::{self, of, run};
use super::{Action, Class, Parameters, Planner, Refusal};

/// A killed process is gone within this.
const GONE: Duration = Duration::from_secs(5);
/// Options of dhclient(8) that say where it works, and those that stand alone. With any other it is left alone: what
/// another process was started with is not started by this agent.
const WITH_FILE: &[&str] = &["-pf", "-lf", "-df", "-cf"];
const ALONE: &[&str] = &["-4", "-1", "-v", "-q", "-nw", "-i", "-I"];
const FILES_IN: &[&str] = &["/run/", "/var/run/", "/var/lib/", "/etc/dhcp/"];

pub(super) const ACTION: Action = Action {
    id: "net.dhcp-renew",
    version: 1,
    title_en: "Ask the DHCP server for the address again",
    title_fr: "Redemander l'adresse au serveur DHCP",
    // Some of those who do it take the address away meanwhile.
    class: Class::Disrupt,
    parameters: &[net::INTERFACE],
    texts: &[
        Text {
            id: "renew",
            en: "Have {keeper} ask for the address of {interface} again",
            fr: "Faire redemander l'adresse de {interface} par {keeper}",
            user_en: "The computer asks for its address on the network again.",
            user_fr: "L'ordinateur redemande son adresse sur le réseau.",
        },
        Text {
            id: "reconnect",
            en: "Have NetworkManager connect {interface} anew; the network is away for a moment",
            fr: "Faire reconnecter {interface} par NetworkManager ; le réseau est coupé un instant",
            user_en: "The computer connects to the network anew.",
            user_fr: "L'ordinateur se reconnecte au réseau.",
        },
        Text {
            id: "end",
            en: "End dhclient of {interface} (process {pid}), which leaves the address as it is",
            fr: "Arrêter le dhclient de {interface} (processus {pid}), qui laisse l'adresse telle quelle",
            user_en: "The computer asks for its address on the network again.",
            user_fr: "L'ordinateur redemande son adresse sur le réseau.",
        },
        Text::technician(
            "no_interface",
            "There is no interface {interface}",
            "Il n'y a pas d'interface {interface}",
        ),
        Text::technician(
            "nobody",
            "Nobody asks a DHCP server for the address of {interface}: it was set by hand, or by a program that is not \
             known (NetworkManager, systemd-networkd, dhcpcd, dhclient)",
            "Personne ne demande l'adresse de {interface} à un serveur DHCP : elle a été fixée à la main, ou par un \
             programme inconnu (NetworkManager, systemd-networkd, dhcpcd, dhclient)",
        ),
        Text::technician(
            "runs_otherwise",
            "dhclient of {interface} (process {pid}) was started in a way that this agent does not repeat",
            "Le dhclient de {interface} (processus {pid}) a été lancé d'une façon que cet agent ne répète pas",
        ),
    ],
    verified_by: "net.dhcp",
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
    let renew = |keeper| {
        Message::new(
            "renew",
            [vec![name("keeper", keeper)], of(interface)].concat(),
        )
    };
    let plan = Plan::default();
    Ok(match keeper {
        None => return Err(Refusal::new("nobody", of(interface))),
        Some(LeaseKeeper::NetworkManager { profile }) => {
            let again = [
                "--wait",
                "60",
                "connection",
                "up",
                "uuid",
                &profile,
                "ifname",
                interface,
            ];
            plan.step(
                Message::new("reconnect", of(interface)),
                run("nmcli", &again),
            )
        }
        Some(LeaseKeeper::Networkd) => plan.step(
            renew("systemd-networkd"),
            run("networkctl", &["renew", interface]),
        ),
        Some(LeaseKeeper::Dhcpcd) => {
            plan.step(renew("dhcpcd"), run("dhcpcd", &["--rebind", interface]))
        }
        Some(LeaseKeeper::Dhclient { process: None, .. }) => {
            // Where ifup(8) of Debian has it work.
            let id = format!("/run/dhclient.{interface}.pid");
            let leases = format!("/var/lib/dhcp/dhclient.{interface}.leases");
            let usual = ["-4", "-1", "-pf", &id, "-lf", &leases, interface];
            plan.step(renew("dhclient"), run("dhclient", &usual))
        }
        Some(LeaseKeeper::Dhclient {
            process: Some(process),
            arguments,
        }) => {
            let pid = name("pid", process.pid.to_string());
            let ended = [of(interface), vec![pid]].concat();
            let again: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
            // Anybody may give a process a name; root's alone is believed.
            if process.user_id != 0 || !is_usual(&again, interface) {
                return Err(Refusal::new("runs_otherwise", ended));
            }
            // Asked to end, it would take the address away.
            let kill = Step::Signal {
                pid: process.pid,
                start_us: process.start_us,
                signal: Signal::Kill,
                wait: GONE,
            };
            plan.step(Message::new("end", ended), kill)
                .step(renew("dhclient"), run("dhclient", &again))
        }
    })
}

/// Whether dhclient was started for this interface alone, with nothing that leads it elsewhere.
fn is_usual(arguments: &[&str], interface: &str) -> bool {
    let mut arguments = arguments.iter();
    let mut is_for_it = false;
    while let Some(argument) = arguments.next() {
        let is_fine = if WITH_FILE.contains(argument) {
            arguments.next().is_some_and(|file| {
                let lies_there = FILES_IN.iter().any(|folder| file.starts_with(folder));
                lies_there && !file.contains("/..")
            })
        } else if *argument == interface {
            is_for_it = true;
            true
        } else {
            ALONE.contains(argument)
        };
        if !is_fine {
            return false;
        }
    }
    is_for_it
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;
    use crate::host::Process;
    use crate::value::Value;

    #[track_caller]
    fn check(keeper: Option<LeaseKeeper>, expected: &str) {
        assert_eq!(show(&ACTION, &plan("eth0", keeper)), expected);
    }

    fn dhclient(user_id: u32, arguments: &[&str]) -> Option<LeaseKeeper> {
        let all = ["/sbin/dhclient"].iter().chain(arguments);
        Some(LeaseKeeper::Dhclient {
            process: Some(Process {
                pid: 77,
                user_id,
                ..Process::default()
            }),
            arguments: all.map(|one| (*one).to_owned()).collect(),
        })
    }

    #[tokio::test]
    async fn what_is_no_interface_is_refused() {
        let host = crate::host::recorded::Tree::new(&[("/sys/class/net/eth0/ifindex", "1")]).host();
        for (interface, expected) in [
            ("", "Parameter interface"),
            ("eth0;reboot", "Parameter interface"),
            ("../eth0", "Parameter interface"),
            ("--all", "Parameter interface"),
            ("a b", "Parameter interface"),
            ("sixteen-letters-", "Parameter interface"),
        ] {
            let given = vec![("interface".to_owned(), Value::from(interface))];
            let planned = ACTION.plan(&host, &Parameters(given)).await;
            let said = planned.unwrap_err().to_string();
            assert!(said.starts_with(expected), "{interface:?}: {said}");
        }
    }

    #[test]
    fn whoever_keeps_the_lease_is_asked() {
        check(
            Some(LeaseKeeper::Networkd),
            "Have systemd-networkd ask for the address of eth0 again: networkctl renew eth0",
        );
        check(
            Some(LeaseKeeper::NetworkManager {
                profile: "ab-1".into(),
            }),
            "Have NetworkManager connect eth0 anew; the network is away for a moment: \
             nmcli --wait 60 connection up uuid ab-1 ifname eth0",
        );
        check(
            Some(LeaseKeeper::Dhcpcd),
            "Have dhcpcd ask for the address of eth0 again: dhcpcd --rebind eth0",
        );
        check(
            Some(LeaseKeeper::Dhclient {
                process: None,
                arguments: Vec::new(),
            }),
            "Have dhclient ask for the address of eth0 again: dhclient -4 -1 -pf /run/dhclient.eth0.pid \
             -lf /var/lib/dhcp/dhclient.eth0.leases eth0",
        );
        check(
            dhclient(0, &["-4", "-pf", "/run/dhclient.eth0.pid", "eth0"]),
            "End dhclient of eth0 (process 77), which leaves the address as it is: SIGKILL 77\n\
             Have dhclient ask for the address of eth0 again: dhclient -4 -pf /run/dhclient.eth0.pid eth0",
        );
    }

    #[test]
    fn nothing_is_started_that_another_could_have_thought_of() {
        let otherwise = "refused: dhclient of eth0 (process 77) was started in a way that this agent does not repeat";
        check(dhclient(1000, &["eth0"]), otherwise);
        for arguments in [
            &["-sf", "/tmp/x", "eth0"][..],
            &["-pf", "/tmp/x", "eth0"],
            &["-lf", "/run/../tmp/x", "eth0"],
            &["eth0", "-cf"],
            &["eth0", "eth1"],
            &["-4"],
        ] {
            check(dhclient(0, arguments), otherwise);
        }
    }

    #[test]
    fn an_address_that_was_set_by_hand_is_left_alone() {
        let plan = plan("eth0", None).unwrap_err();
        assert!(plan.to_string().starts_with("Nobody asks a DHCP server"));
    }
}
