//! Finds a machine without an address that leads anywhere, and an address that another machine has too.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{Address, Family, Host, Interface, Neighbour, Route, Term, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.address",
    number: 34,
    version: 1,
    title_en: "Addresses of this machine",
    title_fr: "Adresses de cette machine",
    // Others on the network are asked each time.
    every: Duration::from_secs(120),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "has",
            en: "{interface} has the address {address}, and no other machine says that it has it too",
            fr: "{interface} a l'adresse {address}, et aucune autre machine ne la revendique",
            user_en: "The computer has an address on the network.",
            user_fr: "L'ordinateur a une adresse sur le réseau.",
        },
        Text {
            id: "unasked",
            en: "{interface} has the address {address}; whether another machine has it too cannot be asked here",
            fr: "{interface} a l'adresse {address} ; impossible de demander ici si une autre machine l'a aussi",
            user_en: "The computer has an address on the network.",
            user_fr: "L'ordinateur a une adresse sur le réseau.",
        },
        Text::technician(
            "no_link",
            "No interface that leads out has a link: none needs an address",
            "Aucune interface vers l'extérieur n'a de lien : aucune n'a besoin d'adresse",
        ),
        Text {
            id: "none",
            en: "{interface} is connected but has no address",
            fr: "{interface} est connectée mais n'a pas d'adresse",
            user_en: "The network has given this computer no address.",
            user_fr: "Le réseau n'a pas donné d'adresse à cet ordinateur.",
        },
        Text {
            id: "link_local",
            en: "{interface} has only the address {address}, which reaches no further than its own link",
            fr: "{interface} n'a que l'adresse {address}, qui ne va pas plus loin que sa propre liaison",
            user_en: "The network has given this computer no address.",
            user_fr: "Le réseau n'a pas donné d'adresse à cet ordinateur.",
        },
        Text {
            id: "half",
            en: "{interface} has no IPv4 address but {address} of its own making, and IPv6 has no way out",
            fr: "{interface} n'a pas d'adresse IPv4 sauf {address}, attribuée d'elle-même, et IPv6 n'a pas de sortie",
            user_en: "The network has given this computer no address.",
            user_fr: "Le réseau n'a pas donné d'adresse à cet ordinateur.",
        },
        Text {
            id: "duplicate",
            en: "Another machine has the address {address} of {interface} too",
            fr: "Une autre machine a aussi l'adresse {address} de {interface}",
            user_en: "Another device on the network uses this computer's address.",
            user_fr: "Un autre appareil du réseau utilise l'adresse de cet ordinateur.",
        },
        Text::technician(
            "nobody_gave",
            "Neither a DHCP server nor a router has given one, and none is set",
            "Ni un serveur DHCP ni un routeur n'en a donné, et aucune n'est définie",
        ),
        Text::technician("answers", "{mac} answers for it", "{mac} répond pour elle"),
        Text::technician(
            "kernel_says",
            "The kernel has heard it answer, and does not use the address",
            "Le noyau a entendu sa réponse, et n'utilise pas l'adresse",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

/// What is looked at.
/// Addresses whose network is asked who else has them; a server may have hundreds.
const MOST_ASKED: usize = 16;

#[derive(Default)]
struct Seen {
    interfaces: Vec<Interface>,
    addresses: Vec<Address>,
    routes: Vec<Route>,
    /// Who else says that they have an address.
    owners: Vec<(IpAddr, Result<Vec<String>, Unavailable>)>,
}

async fn observe(host: &Host) -> Result<Seen, Unavailable> {
    let mut seen = Seen {
        interfaces: host.interfaces()?,
        addresses: host.addresses()?,
        routes: host.routes()?,
        owners: Vec::new(),
    };
    let outside = outside(&seen);
    let on_link = seen
        .addresses
        .iter()
        .filter_map(|address| match address.ip {
            // One that has its link for itself has no neighbours to ask.
            IpAddr::V4(ip) if address.prefix < 31 && is_routable(address) => Some((ip, address)),
            IpAddr::V4(_) | IpAddr::V6(_) => None,
        });
    let of_outside = on_link.filter(|(_, address)| {
        let mut names = outside.iter().map(|interface| &interface.name);
        names.any(|name| *name == address.interface)
    });
    let asked = of_outside.take(MOST_ASKED).map(async |(ip, address)| {
        let owners = host.other_owners(ip, &address.interface).await;
        (IpAddr::from(ip), owners)
    });
    let owners = futures::future::join_all(asked).await;
    let stand_ins = stand_ins(host, &seen.routes);
    seen.owners = owners
        .into_iter()
        .map(|(ip, owners)| (ip, owners.and_then(|owners| without(owners, &stand_ins))))
        .collect();
    Ok(seen)
}

/// Gateways: in many a cloud they answer for every address.
fn stand_ins(host: &Host, routes: &[Route]) -> Vec<String> {
    let is_gateway = |ip| routes.iter().any(|route| route.gateway == Some(ip));
    let neighbours = host.neighbours().unwrap_or_default();
    let gateways = neighbours.into_iter().filter(|one| is_gateway(one.address));
    gateways
        .filter(|one| one.state != Neighbour::Failed)
        .filter_map(|one| one.mac)
        .collect()
}

fn without(mut owners: Vec<String>, stand_ins: &[String]) -> Result<Vec<String>, Unavailable> {
    let n_all = owners.len();
    owners.retain(|mac| !stand_ins.contains(mac));
    match owners.is_empty() && n_all > 0 {
        true => Err(Unavailable::broken(Term::Arp, Term::GatewayAnswers)),
        false => Ok(owners),
    }
}

/// Interfaces that lead out of this machine and have a link; of a bridge or bond, it stands for its parts.
fn outside(seen: &Seen) -> Vec<&Interface> {
    let has_physical_part = |bridge: &Interface| {
        let of_it = |one: &&Interface| one.master.as_deref() == Some(bridge.name.as_str());
        seen.interfaces.iter().filter(of_it).any(|one| one.physical)
    };
    let leads_out = |one: &Interface| {
        one.master.is_none()
            && (super::net_link::leads_out(one, &seen.addresses) || has_physical_part(one))
    };
    let is_up = |one: &&Interface| one.up && one.carrier != Some(false);
    let up: Vec<&Interface> = seen.interfaces.iter().filter(is_up).collect();
    let outside: Vec<&Interface> = up.iter().copied().filter(|one| leads_out(one)).collect();
    match outside.is_empty() {
        // A container's way out before it has an address.
        true => up
            .into_iter()
            .filter(|one| one.kind == "virtual" && one.master.is_none())
            .collect(),
        false => outside,
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn is_routable(address: &Address) -> bool {
    !address.ip.is_loopback() && !is_link_local(address.ip) && !address.is_duplicate
}

fn judge(seen: &Seen, _: &Limits) -> Vec<Finding> {
    let outside = outside(seen);
    if outside.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("no_link", vec![])];
    }
    let of = |interface: &Interface| {
        let of_it = |address: &&Address| address.interface == interface.name;
        seen.addresses.iter().filter(of_it).collect::<Vec<_>>()
    };
    let mut findings: Vec<Finding> = outside
        .iter()
        .flat_map(|interface| of(interface))
        .filter_map(|address| one(address, seen))
        .collect();
    let is_well = |finding: &Finding| finding.status == Status::Ok;
    if findings.iter().any(is_well) {
        // With one that works, the machine is on the network.
        for finding in findings
            .iter_mut()
            .filter(|one| one.status == Status::Critical)
        {
            if finding.subject.contains(':') {
                finding.status = Status::Warning;
            }
        }
    } else if findings.is_empty() {
        findings.extend(
            outside
                .iter()
                .map(|interface| without_any(interface, &of(interface))),
        );
    }
    findings.extend(half(&outside, seen));
    findings
}

/// Of an address that counts, or that would if no other machine had it.
fn one(address: &Address, seen: &Seen) -> Option<Finding> {
    let subject = address.ip.to_string();
    let arguments = vec![
        name("interface", &address.interface),
        name("address", &subject),
    ];
    let finding = |status, id| Finding::new(status, &subject).says(id, arguments.clone());
    if address.is_duplicate {
        return Some(finding(Status::Critical, "duplicate").because("kernel_says", vec![]));
    }
    if !is_routable(address) {
        return None;
    }
    let asked = seen.owners.iter().find(|(ip, _)| *ip == address.ip);
    Some(match asked {
        Some((_, Ok(owners))) => match owners.first() {
            Some(mac) => {
                finding(Status::Critical, "duplicate").because("answers", vec![name("mac", mac)])
            }
            None => finding(Status::Ok, "has"),
        },
        // The kernel has asked for one of IPv6 before it took it.
        None if address.ip.is_ipv6() => finding(Status::Ok, "has"),
        Some((_, Err(_))) | None => finding(Status::Ok, "unasked"),
    })
}

fn without_any(interface: &Interface, addresses: &[&Address]) -> Finding {
    let of = name("interface", &interface.name);
    let finding = Finding::new(Status::Critical, &interface.name);
    let local = addresses.iter().min_by_key(|address| address.ip.is_ipv6());
    let finding = match local {
        Some(local) => {
            let address = name("address", local.ip.to_string());
            finding.says("link_local", vec![of, address])
        }
        None => finding.says("none", vec![of]),
    };
    finding.because("nobody_gave", vec![])
}

/// A machine that waits for an IPv4 address in vain, where IPv6 does not lead out either.
fn half(outside: &[&Interface], seen: &Seen) -> Option<Finding> {
    let is_outside = |address: &&Address| {
        outside
            .iter()
            .any(|interface| interface.name == address.interface)
    };
    let addresses: Vec<&Address> = seen.addresses.iter().filter(is_outside).collect();
    let routable = |v4: bool| {
        let of_family = |one: &&&Address| one.ip.is_ipv4() == v4 && is_routable(one);
        addresses.iter().any(|one| of_family(&one))
    };
    let has_way = seen
        .routes
        .iter()
        .any(|route| route.is_default() && route.family == Family::V6);
    let local = addresses
        .iter()
        .find(|one| one.ip.is_ipv4() && is_link_local(one.ip))?;
    (!routable(true) && routable(false) && !has_way).then(|| {
        let arguments = vec![
            name("interface", &local.interface),
            name("address", local.ip.to_string()),
        ];
        Finding::new(Status::Critical, &local.interface)
            .says("half", arguments)
            .because("nobody_gave", vec![])
    })
}

#[cfg(test)]
mod tests;
