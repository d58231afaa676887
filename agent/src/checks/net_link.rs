//! Finds a machine, or an interface with an address, that has no link.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, number};
use crate::host::{Address, Host, Interface, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.link",
    number: 32,
    version: 2,
    title_en: "Link of the network interfaces",
    title_fr: "Lien des interfaces réseau",
    every: Duration::from_secs(60),
    limits: &[Limit::number("megabits_warning", 100)],
    remedies: &["net.interface-restart"],
    texts: &[
        Text {
            id: "up",
            en: "{interface} is connected",
            fr: "{interface} est connectée",
            user_en: "The network cable or Wi-Fi is connected.",
            user_fr: "Le câble réseau ou le Wi-Fi est connecté.",
        },
        Text {
            id: "lost",
            en: "{interface} has an address but no link",
            fr: "{interface} a une adresse mais pas de lien",
            user_en: "A network cable is unplugged or the Wi-Fi is out of reach.",
            user_fr: "Un câble réseau est débranché ou le Wi-Fi hors de portée.",
        },
        Text {
            id: "none",
            en: "None of the {interfaces} network interfaces is connected",
            fr: "Aucune des {interfaces} interfaces réseau n'est connectée",
            user_en: "The computer is not connected to any network.",
            user_fr: "L'ordinateur n'est connecté à aucun réseau.",
        },
        Text {
            id: "off",
            en: "All {interfaces} network interfaces are switched off",
            fr: "Les {interfaces} interfaces réseau sont toutes désactivées",
            user_en: "The network is switched off on this computer.",
            user_fr: "Le réseau est désactivé sur cet ordinateur.",
        },
        Text {
            id: "absent",
            en: "There is no network interface",
            fr: "Il n'y a aucune interface réseau",
            user_en: "The computer has no network card.",
            user_fr: "L'ordinateur n'a pas de carte réseau.",
        },
        Text::technician(
            "isolated",
            "This container has no network of its own but its loopback",
            "Ce conteneur n'a pas d'autre réseau que sa boucle locale",
        ),
        Text::technician(
            "slow",
            "{interface} runs at {megabits} only, or in half duplex",
            "{interface} ne fonctionne qu'à {megabits}, ou en semi-duplex",
        ),
        Text::technician(
            "cable",
            "The cable is unplugged, or the other end is switched off",
            "Le câble est débranché, ou l'autre extrémité est éteinte",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| {
        let (interfaces, addresses) = observe(host)?;
        let is_isolated = host.is_isolated();
        Ok(judge(&interfaces, &addresses, is_isolated, limits))
    }),
};

fn observe(host: &Host) -> Result<(Vec<Interface>, Vec<Address>), Unavailable> {
    Ok((host.interfaces()?, host.addresses()?))
}

/// Interfaces that lead out of the machine.
pub(super) fn leads_out(interface: &Interface, addresses: &[Address]) -> bool {
    let inside = ["loopback", "bridge", "veth", "tunnel"].contains(&interface.kind.as_str());
    // In a container the way out is one end of a virtual pair.
    interface.physical || (!inside && has_address(interface, addresses))
}

fn has_address(interface: &Interface, addresses: &[Address]) -> bool {
    addresses
        .iter()
        .any(|address| address.interface == interface.name && address.scope == "global")
}

fn judge(
    interfaces: &[Interface],
    addresses: &[Address],
    is_isolated: bool,
    limits: &Limits,
) -> Vec<Finding> {
    let mut outside = interfaces
        .iter()
        .filter(|interface| leads_out(interface, addresses))
        .collect::<Vec<_>>();
    if outside.is_empty() {
        // A container's way out before it has an address.
        outside.extend(interfaces.iter().filter(|one| one.kind == "virtual"));
    }
    let n_outside = vec![count("interfaces", outside.len() as u64)];
    let none = |id, arguments| vec![Finding::new(Status::Critical, "").says(id, arguments)];
    // A container without a network is made so; a computer without a network card is not.
    if outside.is_empty() && is_isolated {
        return vec![Finding::new(Status::Ok, "").says("isolated", vec![])];
    }
    if outside.is_empty() {
        return none("absent", vec![]);
    }
    if outside.iter().all(|interface| !interface.up) {
        return none("off", n_outside);
    }
    if outside
        .iter()
        .all(|one| !one.up || one.carrier == Some(false))
    {
        return none("none", n_outside)
            .into_iter()
            .map(|finding| finding.because("cable", vec![]))
            .collect();
    }
    outside
        .into_iter()
        .filter(|interface| interface.up)
        .filter_map(|interface| one(interface, addresses, limits))
        .collect()
}

/// Absent: an interface that nobody uses.
fn one(interface: &Interface, addresses: &[Address], limits: &Limits) -> Option<Finding> {
    let of = || name("interface", &interface.name);
    let finding =
        |status| Finding::new(status, &interface.name).evidence(name("kind", &interface.kind));
    if interface.carrier == Some(false) {
        return has_address(interface, addresses).then(|| {
            finding(Status::Warning)
                .says("lost", vec![of()])
                .because("cable", vec![])
        });
    }
    let megabits = interface.speed.map(|speed| speed as f64 / 1e6);
    let is_slow = megabits.is_some_and(|megabits| megabits < limits.get("megabits_warning"))
        || interface.full_duplex == Some(false);
    if is_slow && interface.kind == "ethernet" {
        let megabits = number("megabits", megabits.unwrap_or_default(), "Mbit/s");
        return Some(finding(Status::Warning).says("slow", vec![of(), megabits]));
    }
    Some(finding(Status::Ok).says("up", vec![of()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Interfaces as `name kind up|down link|- speed address|-`.
    #[track_caller]
    fn check(interfaces: &[&str], expected: &str) {
        check_in(false, interfaces, expected);
    }

    #[track_caller]
    fn check_in(is_isolated: bool, interfaces: &[&str], expected: &str) {
        let mut addresses = Vec::new();
        let interfaces = interfaces
            .iter()
            .map(|line| {
                let words = line.split(' ').collect::<Vec<_>>();
                if words[5] != "-" {
                    addresses.push(Address {
                        interface: words[0].into(),
                        ip: words[5].parse().unwrap(),
                        prefix: 24,
                        scope: "global",
                        permanent: true,
                        valid_seconds: None,
                        is_duplicate: false,
                    });
                }
                Interface {
                    name: words[0].into(),
                    kind: words[1].into(),
                    physical: ["ethernet", "wifi"].contains(&words[1]),
                    up: words[2] == "up",
                    carrier: (words[2] == "up").then_some(words[3] == "link"),
                    speed: words[4].parse::<u64>().ok().map(|m| m * 1_000_000),
                    ..Interface::default()
                }
            })
            .collect::<Vec<_>>();
        let found = judge(&interfaces, &addresses, is_isolated, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn a_laptop_on_wifi_misses_no_cable() {
        check(
            &[
                "lo loopback up link - -",
                "eth0 ethernet up - - -",
                "wlan0 wifi up link - 192.0.2.5",
                "docker0 bridge up - - 192.0.2.129",
            ],
            "ok wlan0 / wlan0 is connected",
        );
    }

    #[test]
    fn a_pulled_cable_is_found() {
        let cable = "because The cable is unplugged, or the other end is switched off";
        check(
            &["eth0 ethernet up - - 192.0.2.5"],
            &format!("critical / None of the 1 network interfaces is connected / {cable}"),
        );
        check(
            &[
                "eth0 ethernet up - - 192.0.2.5",
                "eth1 ethernet up link 1000 192.0.2.6",
            ],
            &format!(
                "warning eth0 / eth0 has an address but no link / {cable}\nok eth1 / eth1 is connected"
            ),
        );
    }

    #[test]
    fn switched_off_and_absent_are_told_apart() {
        check(
            &["eth0 ethernet down - - -"],
            "critical / All 1 network interfaces are switched off",
        );
        check(
            &["host0 virtual down - - -"],
            "critical / All 1 network interfaces are switched off",
        );
        check(
            &["lo loopback up link - -"],
            "critical / There is no network interface",
        );
    }

    #[test]
    fn a_container_without_a_network_is_made_so() {
        let alone = &["lo loopback up link - -"][..];
        check_in(
            true,
            alone,
            "ok / This container has no network of its own but its loopback",
        );
    }

    #[test]
    fn a_slow_link_is_named() {
        check(
            &["eth0 ethernet up link 10 192.0.2.5"],
            "warning eth0 / eth0 runs at 10 Mbit/s only, or in half duplex",
        );
        check(
            &["eth0 virtual up link - 192.0.2.5"],
            "ok eth0 / eth0 is connected",
        );
    }
}
