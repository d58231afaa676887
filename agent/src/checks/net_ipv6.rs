//! Finds an IPv6 address that programs would use first, and that leads nowhere.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{Address, Family, Host, Interface, NextHop, Term, Unavailable, Way};

use super::{Check, Limits, Run};

/// An address that no network of its own has: the kernel is asked for its way there, nobody else.
const ELSEWHERE: &str = "2000::1";

pub(super) const CHECK: Check = Check {
    id: "net.ipv6",
    number: 43,
    version: 1,
    title_en: "IPv6 out of the local network",
    title_fr: "IPv6 hors du réseau local",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text::technician(
            "none",
            "This machine has no global IPv6 address, and needs none",
            "Cette machine n'a pas d'adresse IPv6 globale, et n'en a pas besoin",
        ),
        Text {
            id: "works",
            en: "{address} leads out by {interface}",
            fr: "{address} mène dehors par {interface}",
            user_en: "The newer kind of network works too.",
            user_fr: "Le nouveau type de réseau fonctionne aussi.",
        },
        Text::technician(
            "unsure",
            "Whether {address} leads out cannot be told: its gateway cannot be asked",
            "Impossible de dire si {address} mène dehors : sa passerelle ne peut être interrogée",
        ),
        Text {
            id: "no_route",
            en: "{interface} has the IPv6 address {address}, but there is no IPv6 route out",
            fr: "{interface} a l'adresse IPv6 {address}, mais il n'y a pas de route IPv6 vers l'extérieur",
            user_en: "Some pages open late or not at all.",
            user_fr: "Certaines pages s'ouvrent tard ou pas du tout.",
        },
        Text {
            id: "dead",
            en: "{interface} has the IPv6 address {address}, but the gateway {gateway} does not answer",
            fr: "{interface} a l'adresse IPv6 {address}, mais la passerelle {gateway} ne répond pas",
            user_en: "Some pages open late or not at all.",
            user_fr: "Certaines pages s'ouvrent tard ou pas du tout.",
        },
        Text::technician(
            "v4_works",
            "Programs try IPv6 first and wait before they go on with IPv4, which works",
            "Les programmes essaient d'abord IPv6 et attendent avant de passer à IPv4, qui fonctionne",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

struct Seen {
    interfaces: Vec<Interface>,
    addresses: Vec<Address>,
    /// The best first.
    ways: Vec<Way>,
    /// Where a packet to the outside would go.
    elsewhere: Option<NextHop>,
}

async fn observe(host: &Host) -> Result<Seen, Unavailable> {
    let elsewhere = ELSEWHERE.parse::<IpAddr>();
    let elsewhere =
        elsewhere.map_err(|error| Unavailable::broken(Term::Routing, error.to_string()))?;
    Ok(Seen {
        interfaces: host.interfaces()?,
        addresses: host.addresses()?,
        ways: host.ways().await?,
        elsewhere: host.next_hop(elsewhere).unwrap_or_default(),
    })
}

/// What programs would leave the network with. Unique local addresses (RFC 4193) are made to stay inside, and so are
/// those of a tunnel.
fn global(seen: &Seen) -> Option<&Address> {
    let is_global = |ip: IpAddr| match ip {
        // RFC 4291 §2.4, and what IANA has given out of it.
        IpAddr::V6(ip) => ip.segments()[0] & 0xe000 == 0x2000,
        IpAddr::V4(_) => false,
    };
    let is_outside = |name: &str| {
        let interface = seen.interfaces.iter().find(|one| one.name == name);
        interface.is_some_and(|one| {
            one.up
                && one.carrier != Some(false)
                && !["loopback", "tunnel"].contains(&one.kind.as_str())
        })
    };
    seen.addresses
        .iter()
        .find(|one| is_global(one.ip) && !one.is_duplicate && is_outside(&one.interface))
}

fn judge(seen: &Seen, _: &Limits) -> Vec<Finding> {
    let Some(address) = global(seen) else {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    };
    let of = name("address", address.ip.to_string());
    let interface = name("interface", &address.interface);
    let finding = |status| Finding::new(status, "").evidence(of.clone());
    let of_family = |family| {
        let of_it = move |way: &&Way| way.route.family == family;
        seen.ways.iter().filter(of_it).collect::<Vec<_>>()
    };
    let because = |finding: Finding| {
        let v4 = of_family(Family::V4);
        match v4.first().is_some_and(|way| way.works() == Some(true)) {
            true => finding.because("v4_works", vec![]),
            false => finding,
        }
    };
    let ways = of_family(Family::V6);
    let Some(best) = ways.first() else {
        return vec![match &seen.elsewhere {
            Some(hop) if !hop.is_local => {
                let interface = name("interface", &hop.interface);
                finding(Status::Ok).says("works", vec![of.clone(), interface])
            }
            Some(_) | None => {
                let arguments = vec![interface, of.clone()];
                because(finding(Status::Warning).says("no_route", arguments))
            }
        }];
    };
    // The kernel picks a router that is there of several that are alike.
    let alike = ways
        .iter()
        .filter(|way| way.route.metric == best.route.metric);
    let answers: Vec<Option<bool>> = alike.map(|way| way.works()).collect();
    let has_gateway = best.route.gateway.map(|gateway| gateway.to_string());
    vec![match has_gateway {
        Some(gateway) if answers.iter().all(|works| *works == Some(false)) => {
            let arguments = vec![interface, of.clone(), name("gateway", &gateway)];
            because(finding(Status::Warning).says("dead", arguments))
                .evidence(name("gateway", gateway))
        }
        Some(_) if !answers.contains(&Some(true)) => {
            finding(Status::Unknown).says("unsure", vec![of.clone()])
        }
        Some(_) | None => {
            let interface = name("interface", &best.route.interface);
            finding(Status::Ok).says("works", vec![of.clone(), interface])
        }
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::{Echoes, Neighbour, Route};

    /// `gateway|- works|dead|unsure`, on eth0
    fn way(line: &str) -> Way {
        let (gateway, state) = line.split_once(' ').unwrap();
        let gateway: Option<IpAddr> = gateway.parse().ok();
        let is_v4 = gateway.is_some_and(|gateway| gateway.is_ipv4());
        Way {
            route: Route {
                family: if is_v4 { Family::V4 } else { Family::V6 },
                destination: "::".parse().unwrap(),
                prefix: 0,
                gateway,
                interface: "eth0".into(),
                metric: 1024,
            },
            echoes: Ok(Echoes::default()),
            neighbour: match state {
                "works" => Neighbour::Known,
                "dead" => Neighbour::Failed,
                _ => Neighbour::Stale,
            },
        }
    }

    fn seen(addresses: &[&str], ways: &[&str]) -> Seen {
        let interface = |name: &str, kind: &str| Interface {
            name: name.into(),
            kind: kind.into(),
            up: true,
            ..Interface::default()
        };
        let address = |line: &&str| {
            let (interface, ip) = line.split_once(' ').unwrap();
            Address {
                interface: interface.into(),
                ip: ip.parse().unwrap(),
                prefix: 64,
                scope: "global",
                permanent: false,
                valid_seconds: None,
                is_duplicate: false,
            }
        };
        Seen {
            interfaces: vec![interface("eth0", "ethernet"), interface("tun0", "tunnel")],
            addresses: addresses.iter().map(address).collect(),
            ways: ways.iter().map(|line| way(line)).collect(),
            elsewhere: None,
        }
    }

    #[track_caller]
    fn check_seen(seen: &Seen, expected: &str) {
        assert_eq!(show(&CHECK, &judge(seen, &limits(&CHECK))), expected);
    }

    #[track_caller]
    fn check(addresses: &[&str], ways: &[&str], expected: &str) {
        check_seen(&seen(addresses, ways), expected);
    }

    const NONE: &str = "ok / This machine has no global IPv6 address, and needs none";

    #[test]
    fn machines_without_ipv6_are_left_alone() {
        check(&[], &["192.0.2.1 works"], NONE);
        // Addresses that are made to stay inside, and those of a tunnel.
        check(
            &["eth0 fe80::5", "eth0 fd00::5", "tun0 2001:db8::5"],
            &["192.0.2.1 works"],
            NONE,
        );
    }

    #[test]
    fn a_way_out_is_enough() {
        let works = "ok / 2001:db8::5 leads out by eth0";
        check(&["eth0 2001:db8::5"], &["fe80::1 works"], works);
        check(&["eth0 2001:db8::5"], &["- unsure"], works);
        check(
            &["eth0 2001:db8::5"],
            &["fe80::1 dead", "fe80::2 works"],
            works,
        );
        let mut ruled = seen(&["eth0 2001:db8::5"], &[]);
        ruled.elsewhere = Some(NextHop {
            interface: "eth0".into(),
            gateway: None,
            mtu: 1500,
            is_local: false,
        });
        check_seen(&ruled, works);
    }

    #[test]
    fn an_address_without_a_path_is_found() {
        let first =
            "because Programs try IPv6 first and wait before they go on with IPv4, which works";
        check(
            &["eth0 2001:db8::5"],
            &["192.0.2.1 works"],
            &format!(
                "warning / eth0 has the IPv6 address 2001:db8::5, but there is no IPv6 route out / {first}"
            ),
        );
        check(
            &["eth0 2001:db8::5"],
            &["fe80::1 dead", "192.0.2.1 works"],
            &format!(
                "warning / eth0 has the IPv6 address 2001:db8::5, but the gateway fe80::1 does not answer / {first}"
            ),
        );
        check(
            &["eth0 2001:db8::5"],
            &["fe80::1 unsure"],
            "unknown / Whether 2001:db8::5 leads out cannot be told: its gateway cannot be asked",
        );
    }
}
