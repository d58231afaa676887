//! Finds a machine that knows no way out, or takes one that leads nowhere before one that works.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{Family, Host, Interface, NextHop, Unavailable, Way};

use super::{Check, Limits, Run};

/// An address that no network of its own has: the kernel is asked for its way there, nobody else.
const ELSEWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(1, 0, 0, 1));

pub(super) const CHECK: Check = Check {
    id: "net.route",
    number: 35,
    version: 1,
    title_en: "Routes out of the local network",
    title_fr: "Routes hors du réseau local",
    every: Duration::from_secs(60),
    limits: &[],
    remedies: &["net.route-set"],
    texts: &[
        Text {
            id: "leads",
            en: "{family} leaves by {interface}",
            fr: "{family} sort par {interface}",
            user_en: "The computer knows the way out of the local network.",
            user_fr: "L'ordinateur connaît la sortie du réseau local.",
        },
        Text::technician(
            "policy",
            "There is no default route; rules lead out by {interface}",
            "Il n'y a pas de route par défaut ; des règles mènent dehors par {interface}",
        ),
        Text::technician(
            "isolated",
            "This container has no network of its own but its loopback",
            "Ce conteneur n'a pas d'autre réseau que sa boucle locale",
        ),
        Text {
            id: "none",
            en: "There is no default route: nothing beyond the local network can be reached",
            fr: "Il n'y a pas de route par défaut : rien au-delà du réseau local n'est joignable",
            user_en: "The computer does not know the way out of the local network.",
            user_fr: "L'ordinateur ne connaît pas la sortie du réseau local.",
        },
        Text {
            id: "forbidden",
            en: "There is a default route by {interface}, but a better route or a rule of this machine forbids the way out",
            fr: "Il y a une route par défaut via {interface}, mais une route ou une règle de cette machine interdit la sortie",
            user_en: "The computer forbids itself the way out of the local network.",
            user_fr: "L'ordinateur s'interdit la sortie du réseau local.",
        },
        Text {
            id: "shadowed",
            en: "The {family} default route by {gateway} on {interface} leads nowhere and comes before the one on {other}, which works",
            fr: "La route {family} par défaut via {gateway} sur {interface} ne mène nulle part et passe avant celle sur {other}, qui fonctionne",
            user_en: "The computer takes a dead way out of the local network although another one works.",
            user_fr: "L'ordinateur prend une sortie morte du réseau local alors qu'une autre fonctionne.",
        },
        Text::technician(
            "equal",
            "{interface} and {other} both have an {family} default route of metric {metric}: only the first is taken",
            "{interface} et {other} ont toutes deux une route {family} par défaut de métrique {metric} : seule la première sert",
        ),
        Text::technician(
            "no_link",
            "{interface} has no link",
            "{interface} n'a pas de lien",
        ),
        Text::technician(
            "no_answer",
            "The gateway {gateway} does not answer",
            "La passerelle {gateway} ne répond pas",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

struct Seen {
    /// The best first.
    ways: Vec<Way>,
    interfaces: Vec<Interface>,
    /// Where an IPv4 packet to the outside would go.
    elsewhere: Option<NextHop>,
    is_isolated: bool,
}

async fn observe(host: &Host) -> Result<Seen, Unavailable> {
    let ways = host.ways().await?;
    Ok(Seen {
        ways,
        interfaces: host.interfaces()?,
        elsewhere: host.next_hop(ELSEWHERE)?,
        is_isolated: host.is_isolated(),
    })
}

fn judge(seen: &Seen, _: &Limits) -> Vec<Finding> {
    if seen.ways.is_empty() {
        return vec![without_default(seen)];
    }
    [Family::V4, Family::V6]
        .into_iter()
        .filter_map(|family| {
            let of_it = |way: &&Way| way.route.family == family;
            let ways: Vec<&Way> = seen.ways.iter().filter(of_it).collect();
            of_family(family, &ways, seen)
        })
        .collect()
}

fn without_default(seen: &Seen) -> Finding {
    if let Some(hop) = seen.elsewhere.as_ref().filter(|hop| !hop.is_local) {
        let interface = name("interface", &hop.interface);
        return Finding::new(Status::Ok, "").says("policy", vec![interface]);
    }
    if seen.is_isolated {
        return Finding::new(Status::Ok, "").says("isolated", vec![]);
    }
    Finding::new(Status::Critical, "").says("none", vec![])
}

/// `ways` of one family, the best first.
fn of_family(family: Family, ways: &[&Way], seen: &Seen) -> Option<Finding> {
    let best = *ways.first()?;
    let of_family = name("family", family.name());
    let interface = name("interface", &best.route.interface);
    if family == Family::V4 && seen.elsewhere.is_none() {
        let finding = Finding::new(Status::Critical, family.name());
        return Some(
            finding
                .evidence(interface.clone())
                .says("forbidden", vec![interface]),
        );
    }
    let has_link = |way: &Way| {
        let of_it = |one: &&Interface| one.name == way.route.interface;
        let interface = seen.interfaces.iter().find(of_it);
        interface.is_none_or(|one| one.carrier != Some(false))
    };
    let gateway = best.route.gateway.map(|gateway| gateway.to_string());
    let is_dead = best.works() == Some(false) || !has_link(best);
    let works = |way: &&&Way| way.works() == Some(true) && has_link(way);
    if let Some(other) = ways.iter().find(works).filter(|_| is_dead) {
        let gateway = name("gateway", gateway.unwrap_or_else(|| "-".into()));
        let arguments = vec![
            of_family,
            gateway.clone(),
            interface.clone(),
            name("other", &other.route.interface),
        ];
        let finding = Finding::new(Status::Critical, family.name())
            .says("shadowed", arguments)
            .evidence(interface.clone())
            .evidence(name("metric", best.route.metric.to_string()));
        return Some(match has_link(best) {
            true => finding.because("no_answer", vec![gateway]),
            false => finding.because("no_link", vec![interface]),
        });
    }
    // Of IPv6, several routers of one rank are a network's own choice, and the kernel picks one that is there.
    let same = |way: &&&Way| {
        way.route.metric == best.route.metric && way.route.gateway != best.route.gateway
    };
    let equal = ways.iter().find(same).filter(|_| family == Family::V4);
    let finding = |status| {
        let finding = Finding::new(status, family.name()).evidence(interface.clone());
        match &gateway {
            Some(gateway) => finding.evidence(name("gateway", gateway)),
            None => finding,
        }
    };
    Some(match equal {
        Some(other) => {
            let other = name("other", &other.route.interface);
            let metric = name("metric", best.route.metric.to_string());
            let arguments = vec![interface.clone(), other, of_family, metric];
            finding(Status::Warning).says("equal", arguments)
        }
        None => finding(Status::Ok).says("leads", vec![of_family, interface.clone()]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::{Echoes, Neighbour, Route};

    /// `gateway|- interface metric works|dead|unsure`
    fn way(line: &str) -> Way {
        let words: Vec<&str> = line.split(' ').collect();
        let gateway: Option<IpAddr> = words[0].parse().ok();
        let is_v6 = gateway.is_some_and(|gateway| gateway.is_ipv6());
        Way {
            route: Route {
                family: if is_v6 { Family::V6 } else { Family::V4 },
                destination: [0, 0, 0, 0].into(),
                prefix: 0,
                gateway,
                interface: words[1].into(),
                metric: words[2].parse().unwrap(),
            },
            echoes: Ok(Echoes::default()),
            neighbour: match words[3] {
                "works" => Neighbour::Known,
                "dead" => Neighbour::Failed,
                _ => Neighbour::Stale,
            },
        }
    }

    fn seen(ways: &[&str]) -> Seen {
        let interface = |name: &str, kind: &str, carrier| Interface {
            name: name.into(),
            kind: kind.into(),
            carrier: Some(carrier),
            ..Interface::default()
        };
        Seen {
            ways: ways.iter().map(|line| way(line)).collect(),
            interfaces: vec![
                interface("lo", "loopback", true),
                interface("eth0", "ethernet", true),
                interface("eth9", "ethernet", false),
            ],
            elsewhere: (!ways.is_empty()).then(|| NextHop {
                interface: "eth0".into(),
                gateway: None,
                mtu: 1500,
                is_local: false,
            }),
            is_isolated: false,
        }
    }

    #[track_caller]
    fn check_seen(seen: &Seen, expected: &str) {
        assert_eq!(show(&CHECK, &judge(seen, &limits(&CHECK))), expected);
    }

    #[track_caller]
    fn check(ways: &[&str], expected: &str) {
        check_seen(&seen(ways), expected);
    }

    #[test]
    fn a_machine_without_a_way_out_is_found() {
        check(
            &[],
            "critical / There is no default route: nothing beyond the local network can be reached",
        );
    }

    #[test]
    fn ways_out_without_a_default_route_count() {
        let mut ruled = seen(&[]);
        let hop = |is_local| NextHop {
            interface: "wg0".into(),
            gateway: None,
            mtu: 1420,
            is_local,
        };
        ruled.elsewhere = Some(hop(false));
        check_seen(
            &ruled,
            "ok / There is no default route; rules lead out by wg0",
        );
        ruled.elsewhere = Some(hop(true));
        assert_eq!(judge(&ruled, &limits(&CHECK))[0].status, Status::Critical);
    }

    #[test]
    fn a_container_with_loopback_only_needs_no_route() {
        let mut alone = seen(&[]);
        alone.is_isolated = true;
        check_seen(
            &alone,
            "ok / This container has no network of its own but its loopback",
        );
    }

    #[test]
    fn a_better_route_into_nowhere_is_found() {
        check(
            &["192.0.2.1 eth0 100 dead", "198.51.100.1 wlan0 600 works"],
            "critical IPv4 / The IPv4 default route by 192.0.2.1 on eth0 leads nowhere and comes before the one on \
             wlan0, which works / because The gateway 192.0.2.1 does not answer",
        );
        check(
            &["192.0.2.1 eth9 100 unsure", "198.51.100.1 wlan0 600 works"],
            "critical IPv4 / The IPv4 default route by 192.0.2.1 on eth9 leads nowhere and comes before the one on \
             wlan0, which works / because eth9 has no link",
        );
        // A dead gateway alone is the gateway's fault, and a spare one that is dead nobody's.
        check(
            &["192.0.2.1 eth0 100 dead"],
            "ok IPv4 / IPv4 leaves by eth0",
        );
        check(
            &["192.0.2.1 eth0 100 works", "198.51.100.1 eth9 600 dead"],
            "ok IPv4 / IPv4 leaves by eth0",
        );
        check(
            &["192.0.2.1 eth0 100 unsure", "198.51.100.1 wlan0 600 works"],
            "ok IPv4 / IPv4 leaves by eth0",
        );
    }

    #[test]
    fn a_way_out_that_is_forbidden_is_found() {
        let mut forbidden = seen(&["192.0.2.1 eth0 100 works", "fe80::1 eth0 1024 works"]);
        forbidden.elsewhere = None;
        check_seen(
            &forbidden,
            "critical IPv4 / There is a default route by eth0, but a better route or a rule of this machine forbids \
             the way out\nok IPv6 / IPv6 leaves by eth0",
        );
        // Without IPv4 there is no way out for it.
        forbidden.ways.remove(0);
        check_seen(&forbidden, "ok IPv6 / IPv6 leaves by eth0");
    }

    #[test]
    fn several_defaults_of_one_metric_are_found() {
        check(
            &["192.0.2.1 eth0 100 works", "198.51.100.1 eth1 100 works"],
            "warning IPv4 / eth0 and eth1 both have an IPv4 default route of metric 100: only the first is taken",
        );
    }

    #[test]
    fn odd_but_healthy_machines_are_not_blamed() {
        // Cable and Wi-Fi; two routers that announce themselves; a VPN before the real way out.
        check(
            &["192.0.2.1 eth0 100 works", "192.0.2.1 wlan0 600 works"],
            "ok IPv4 / IPv4 leaves by eth0",
        );
        check(
            &["fe80::1 eth0 1024 works", "fe80::2 eth0 1024 works"],
            "ok IPv6 / IPv6 leaves by eth0",
        );
        check(
            &["- tun0 50 unsure", "192.0.2.1 eth0 100 works"],
            "ok IPv4 / IPv4 leaves by tun0",
        );
    }
}
