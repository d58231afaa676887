//! Finds an address whose time runs out because nobody renews it, and a machine that asks for one in vain.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, duration, name};
use crate::host::{Address, Host, Lease, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.dhcp",
    number: 33,
    version: 1,
    title_en: "Addresses that are lent to this machine",
    title_fr: "Adresses prêtées à cette machine",
    every: Duration::from_secs(300),
    limits: &[
        // A client asks its server from half of the time on, and anybody from seven eighths on (RFC 2131 §4.4.5).
        Limit::percent("left_warning", 12),
    ],
    remedies: &["net.dhcp-renew"],
    texts: &[
        Text::technician(
            "static",
            "No DHCP client keeps an address for this machine",
            "Aucun client DHCP ne garde d'adresse pour cette machine",
        ),
        Text {
            id: "lent",
            en: "{interface} has {address} for {left} more",
            fr: "{interface} a {address} pour encore {left}",
            user_en: "The network has given this computer an address.",
            user_fr: "Le réseau a donné une adresse à cet ordinateur.",
        },
        Text::technician(
            "lent_for_ever",
            "{interface} has {address} from a DHCP server",
            "{interface} a {address} d'un serveur DHCP",
        ),
        Text {
            id: "ending",
            en: "{interface} has {address} for {left} only, and nobody renews it",
            fr: "{interface} n'a {address} que pour {left}, et personne ne la renouvelle",
            user_en: "The computer will lose its address on the network soon.",
            user_fr: "L'ordinateur va bientôt perdre son adresse sur le réseau.",
        },
        Text {
            id: "expired",
            en: "The time of {address} on {interface} has run out {ago} ago, and nobody has renewed it",
            fr: "Le délai de {address} sur {interface} a expiré il y a {ago}, et personne ne l'a renouvelée",
            user_en: "The computer has lost its address on the network.",
            user_fr: "L'ordinateur a perdu son adresse sur le réseau.",
        },
        Text {
            id: "unanswered",
            en: "{client} asks for an address, and no DHCP server gives one",
            fr: "{client} demande une adresse, et aucun serveur DHCP n'en donne",
            user_en: "The network gives this computer no address.",
            user_fr: "Le réseau ne donne pas d'adresse à cet ordinateur.",
        },
        Text::technician(
            "server_silent",
            "The DHCP server {server} does not answer {client}, or {client} does not run",
            "Le serveur DHCP {server} ne répond pas à {client}, ou {client} ne fonctionne pas",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host)?, limits)) })),
};

struct Seen {
    leases: Vec<Lease>,
    addresses: Vec<Address>,
    /// Clients that run; looked for only where it matters.
    clients: Vec<&'static str>,
    now_us: i64,
}

fn observe(host: &Host) -> Result<Seen, Unavailable> {
    let mut seen = Seen {
        leases: host.leases()?,
        addresses: host.addresses()?,
        clients: Vec::new(),
        now_us: host.now_us(),
    };
    let has_address = seen.addresses.iter().any(is_routable);
    let is_in_use = |lease: &Lease| on_machine(lease, &seen.addresses).is_some();
    if !has_address || !seen.leases.iter().all(is_in_use) {
        seen.clients = host.lease_clients()?;
    }
    Ok(seen)
}

fn is_routable(address: &Address) -> bool {
    match address.ip {
        std::net::IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local(),
        std::net::IpAddr::V6(_) => false,
    }
}

fn on_machine<'a>(lease: &Lease, addresses: &'a [Address]) -> Option<&'a Address> {
    addresses
        .iter()
        .find(|one| one.ip == lease.address && one.interface == lease.interface)
}

fn judge(seen: &Seen, limits: &Limits) -> Vec<Finding> {
    let mut findings: Vec<Finding> = seen
        .leases
        .iter()
        .filter_map(|lease| one(lease, seen, limits))
        .collect();
    let has_address = seen.addresses.iter().any(is_routable);
    if let Some(client) = seen
        .clients
        .first()
        .filter(|_| findings.is_empty() && !has_address)
    {
        let client = name("client", *client);
        findings.push(Finding::new(Status::Critical, "").says("unanswered", vec![client]));
    }
    if findings.is_empty() {
        findings.push(Finding::new(Status::Ok, "").says("static", vec![]));
    }
    findings
}

/// Absent: a lease of former times, of which nothing is left on the machine.
fn one(lease: &Lease, seen: &Seen, limits: &Limits) -> Option<Finding> {
    let address = on_machine(lease, &seen.addresses);
    let of = vec![
        name("interface", &lease.interface),
        name("address", lease.address.to_string()),
    ];
    let with = |more| of.iter().cloned().chain([more]).collect::<Vec<_>>();
    let finding =
        |status| Finding::new(status, &lease.interface).evidence(name("client", lease.client));
    let because = |finding: Finding| match lease.server {
        Some(server) => {
            let server = name("server", server.to_string());
            finding.because("server_silent", vec![server, name("client", lease.client)])
        }
        None => finding,
    };
    // The kernel counts down itself, whatever the clock says.
    let by_kernel = address.and_then(|address| address.valid_seconds);
    let by_file = lease.expires_us.map(|expires| expires - seen.now_us);
    let left_us = by_kernel
        .map(|seconds| i64::from(seconds) * 1_000_000)
        .or(by_file);
    let runs = seen.clients.contains(&lease.client);
    if address.is_none() && !runs {
        return None;
    }
    let Some(left_us) = left_us else {
        return address.map(|_| finding(Status::Ok).says("lent_for_ever", of.clone()));
    };
    if left_us <= 0 {
        let ago = duration("ago", -left_us);
        return Some(because(
            finding(Status::Critical).says("expired", with(ago)),
        ));
    }
    address?;
    let left = duration("left", left_us);
    let whole_us = lease.lifetime_seconds.map(|seconds| seconds as f64 * 1e6);
    let is_ending = whole_us
        .is_some_and(|whole| left_us as f64 * 100.0 / whole.max(1.0) < limits.get("left_warning"));
    Some(match is_ending {
        true => because(finding(Status::Warning).says("ending", with(left))),
        false => finding(Status::Ok).says("lent", with(left)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const HOUR_US: i64 = 3_600_000_000;

    /// A lease of eight hours on eth0 that ends `ends_in_us` from now, and what is on eth0.
    fn seen(ends_in_us: Option<i64>, address: Option<&str>, clients: &[&'static str]) -> Seen {
        let now_us = 1_795_499_100_000_000;
        let on_eth0 = |ip: &str| Address {
            interface: "eth0".into(),
            ip: ip.parse().unwrap(),
            prefix: 24,
            scope: "global",
            permanent: true,
            valid_seconds: None,
            is_duplicate: false,
        };
        Seen {
            leases: vec![Lease {
                interface: "eth0".into(),
                address: [192, 0, 2, 7].into(),
                client: "dhclient",
                server: Some([192, 0, 2, 1].into()),
                lifetime_seconds: Some(8 * 3600),
                expires_us: ends_in_us.map(|us| now_us + us),
            }],
            addresses: address.map(on_eth0).into_iter().collect(),
            clients: clients.to_vec(),
            now_us,
        }
    }

    #[track_caller]
    fn check(seen: &Seen, expected: &str) {
        assert_eq!(show(&CHECK, &judge(seen, &limits(&CHECK))), expected);
    }

    const MINE: Option<&str> = Some("192.0.2.7");
    const SILENT: &str =
        "because The DHCP server 192.0.2.1 does not answer dhclient, or dhclient does not run";

    #[test]
    fn a_lease_that_is_renewed_is_well() {
        check(
            &seen(Some(HOUR_US * 5), MINE, &[]),
            "ok eth0 / eth0 has 192.0.2.7 for 5 h more",
        );
        check(
            &seen(None, MINE, &[]),
            "ok eth0 / eth0 has 192.0.2.7 from a DHCP server",
        );
    }

    #[test]
    fn a_lease_that_nobody_renews_is_found_before_and_after_its_end() {
        check(
            &seen(Some(HOUR_US / 2), MINE, &[]),
            &format!(
                "warning eth0 / eth0 has 192.0.2.7 for 30 min only, and nobody renews it / {SILENT}"
            ),
        );
        let expired = format!(
            "critical eth0 / The time of 192.0.2.7 on eth0 has run out 1 h ago, and nobody has renewed it / {SILENT}"
        );
        check(&seen(Some(-HOUR_US), MINE, &[]), &expired);
        check(&seen(Some(-HOUR_US), None, &["dhclient"]), &expired);
    }

    #[test]
    fn a_wrong_clock_ends_no_lease() {
        let mut ahead = seen(Some(-400 * 24 * HOUR_US), MINE, &[]);
        ahead.addresses[0].valid_seconds = Some(5 * 3600);
        check(&ahead, "ok eth0 / eth0 has 192.0.2.7 for 5 h more");
    }

    #[test]
    fn what_is_left_of_former_times_is_no_fault() {
        let none = "ok / No DHCP client keeps an address for this machine";
        check(&seen(Some(-HOUR_US), Some("192.0.2.9"), &[]), none);
        check(&seen(Some(HOUR_US), Some("192.0.2.9"), &["dhclient"]), none);
        let mut by_hand = seen(None, Some("192.0.2.9"), &[]);
        by_hand.leases.clear();
        check(&by_hand, none);
    }

    #[test]
    fn a_client_that_asks_in_vain_is_found() {
        let mut asks = seen(None, Some("169.254.7.7"), &["dhclient"]);
        asks.leases.clear();
        check(
            &asks,
            "critical / dhclient asks for an address, and no DHCP server gives one",
        );
        asks.clients.clear();
        check(
            &asks,
            "ok / No DHCP client keeps an address for this machine",
        );
    }
}
