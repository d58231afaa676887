//! Sets the default route of IPv4. It is taken back unless the collector is heard afterwards.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use crate::finding::{Message, Text, name};
use crate::host::{Address, Host, Interface, Route};
use crate::plan::Plan;
use crate::value::{Parameter, Rule};

use super::net::{self, HEARD_WITHIN, of, run};
use super::{Action, Class, Parameters, Planner, Refusal};

pub(super) const ACTION: Action = Action {
    id: "net.route-set",
    version: 1,
    title_en: "Set the default route",
    title_fr: "Définir la route par défaut",
    class: Class::Disrupt,
    parameters: &[
        net::INTERFACE,
        Parameter {
            name: "gateway",
            required: true,
            help_en: "IPv4 address of the gateway",
            help_fr: "adresse IPv4 de la passerelle",
            longest: 15,
            rule: Some(Rule {
                must: "an IPv4 address",
                holds: |text| text.parse::<Ipv4Addr>().is_ok(),
            }),
            ..Parameter::PLAIN
        },
    ],
    texts: &[
        Text {
            id: "set",
            en: "Lead out by {gateway} on {interface}, until the next restart; taken back unless the collector is heard \
                 within a minute",
            fr: "Sortir par {gateway} sur {interface}, jusqu'au prochain redémarrage ; annulé si le collecteur n'est pas \
                 entendu dans la minute",
            user_en: "The computer takes another way out of the local network.",
            user_fr: "L'ordinateur prend une autre sortie du réseau local.",
        },
        Text {
            id: "back",
            en: "Lead out as before",
            fr: "Sortir comme avant",
            user_en: "The computer takes its former way out of the local network.",
            user_fr: "L'ordinateur reprend son ancienne sortie du réseau local.",
        },
        Text::technician(
            "no_interface",
            "There is no interface {interface}",
            "Il n'y a pas d'interface {interface}",
        ),
        Text::technician("down", "{interface} is down", "{interface} est désactivée"),
        Text::technician(
            "not_beside",
            "{gateway} is in no network of {interface}: no packet could be handed to it",
            "{gateway} n'est dans aucun réseau de {interface} : aucun paquet ne pourrait lui être remis",
        ),
        Text::technician(
            "itself",
            "{gateway} is this machine's own address",
            "{gateway} est l'adresse de cette machine elle-même",
        ),
        Text::technician(
            "has_it",
            "A default route leads out by {gateway} on {interface} already",
            "Une route par défaut sort déjà par {gateway} sur {interface}",
        ),
    ],
    verified_by: "net.route",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let seen = Seen {
        interfaces: host.interfaces()?,
        addresses: host.addresses()?,
        routes: host.routes()?,
    };
    plan(
        &seen,
        parameters.text("interface"),
        parameters.text("gateway"),
    )
}

struct Seen {
    interfaces: Vec<Interface>,
    addresses: Vec<Address>,
    routes: Vec<Route>,
}

fn plan(seen: &Seen, interface: &str, gateway: &str) -> Result<Plan, Refusal> {
    let both = || [of(interface), vec![name("gateway", gateway)]].concat();
    let refused = |id| Err(Refusal::new(id, both()));
    let Some(found) = seen.interfaces.iter().find(|one| one.name == interface) else {
        return Err(Refusal::new("no_interface", of(interface)));
    };
    if !found.up {
        return Err(Refusal::new("down", of(interface)));
    }
    let Ok(ip) = gateway.parse::<Ipv4Addr>() else {
        return refused("not_beside");
    };
    if seen.addresses.iter().any(|one| one.ip == IpAddr::V4(ip)) {
        return Err(Refusal::new("itself", vec![name("gateway", gateway)]));
    }
    let on_it = seen
        .addresses
        .iter()
        .filter(|one| one.interface == interface);
    if !on_it.into_iter().any(|one| is_beside(one, ip)) {
        return refused("not_beside");
    }
    let is_default = |route: &&Route| route.is_default() && route.destination.is_ipv4();
    let mut defaults = seen.routes.iter().filter(is_default);
    let same =
        |route: &Route| route.gateway == Some(IpAddr::V4(ip)) && route.interface == interface;
    if defaults.clone().any(same) {
        return refused("has_it");
    }
    // It replaces the one that comes first of all (metric 0); others stay behind it.
    let replaced = defaults.find(|route| route.metric == 0);
    let via = ["default", "via", gateway, "dev", interface];
    let set = run("ip", &[&["-4", "route", "replace"], &via[..]].concat());
    let back = match replaced {
        Some(Route {
            gateway: Some(old),
            interface,
            ..
        }) => {
            let old = old.to_string();
            let old = ["default", "via", &old, "dev", interface];
            run("ip", &[&["-4", "route", "replace"], &old[..]].concat())
        }
        Some(Route { interface, .. }) => run(
            "ip",
            &["-4", "route", "replace", "default", "dev", interface],
        ),
        // Which does nothing where there is none any more.
        None => {
            let exact = ["exact", "default", "via", gateway, "dev", interface];
            run("ip", &[&["-4", "route", "flush"], &exact[..]].concat())
        }
    };
    Ok(Plan::default()
        .step(Message::new("set", both()), set)
        .or_back(Message::new("back", vec![]), back)
        .unless_heard(HEARD_WITHIN))
}

/// Another machine of the address's network: neither the network itself nor all of it (RFC 1122 §3.2.1.3).
fn is_beside(address: &Address, gateway: Ipv4Addr) -> bool {
    let (IpAddr::V4(own), 1..=31) = (address.ip, address.prefix) else {
        return false;
    };
    let hosts = u32::MAX >> address.prefix;
    let (own, gateway) = (u32::from(own), u32::from(gateway));
    let is_host = address.prefix == 31 || !matches!(gateway & hosts, 0) && gateway & hosts != hosts;
    own & !hosts == gateway & !hosts && is_host
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;
    use crate::host::Family;

    #[track_caller]
    fn check(routes: &[(&str, &str, u32)], interface: &str, gateway: &str, expected: &str) {
        let address = |interface: &str, ip: &str, prefix| Address {
            interface: interface.into(),
            ip: ip.parse().unwrap(),
            prefix,
            scope: "global",
            permanent: true,
            valid_seconds: None,
            is_duplicate: false,
        };
        let interface_of = |name: &str, up| Interface {
            name: name.into(),
            up,
            ..Interface::default()
        };
        let route = |(gateway, interface, metric): &(&str, &str, u32)| Route {
            family: Family::V4,
            destination: [0, 0, 0, 0].into(),
            prefix: 0,
            gateway: gateway.parse().ok(),
            interface: (*interface).into(),
            metric: *metric,
        };
        let seen = Seen {
            interfaces: vec![interface_of("eth0", true), interface_of("eth1", false)],
            addresses: vec![
                address("eth0", "192.0.2.7", 24),
                address("eth1", "198.51.100.7", 24),
                address("eth0", "2001:db8::7", 64),
            ],
            routes: routes.iter().map(route).collect(),
        };
        let plan = plan(&seen, interface, gateway);
        if let Ok(plan) = &plan {
            assert_eq!(plan.unless_heard, Some(HEARD_WITHIN));
        }
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn a_way_that_cannot_lead_out_is_refused() {
        let beside = |gateway: &str| {
            format!("refused: {gateway} is in no network of eth0: no packet could be handed to it")
        };
        for gateway in [
            "203.0.113.1",
            "192.0.2.0",
            "192.0.2.255",
            "198.51.100.1",
            "a;b",
        ] {
            check(&[], "eth0", gateway, &beside(gateway));
        }
        check(
            &[],
            "eth0",
            "192.0.2.7",
            "refused: 192.0.2.7 is this machine's own address",
        );
        check(&[], "eth1", "198.51.100.1", "refused: eth1 is down");
        check(
            &[],
            "eth7",
            "192.0.2.1",
            "refused: There is no interface eth7",
        );
        check(
            &[("192.0.2.1", "eth0", 100)],
            "eth0",
            "192.0.2.1",
            "refused: A default route leads out by 192.0.2.1 on eth0 already",
        );
    }

    #[test]
    fn the_route_that_was_first_comes_back() {
        let set = "Lead out by 192.0.2.1 on eth0, until the next restart; taken back unless the collector is heard within \
                   a minute: ip -4 route replace default via 192.0.2.1 dev eth0";
        check(
            &[("192.0.2.9", "eth0", 0), ("192.0.2.8", "eth0", 100)],
            "eth0",
            "192.0.2.1",
            &format!("{set} (back: ip -4 route replace default via 192.0.2.9 dev eth0)"),
        );
        check(
            &[("", "tun0", 0)],
            "eth0",
            "192.0.2.1",
            &format!("{set} (back: ip -4 route replace default dev tun0)"),
        );
        check(
            &[("192.0.2.9", "eth0", 100)],
            "eth0",
            "192.0.2.1",
            &format!("{set} (back: ip -4 route flush exact default via 192.0.2.1 dev eth0)"),
        );
    }
}
