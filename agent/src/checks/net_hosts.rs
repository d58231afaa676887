//! Finds a line of /etc/hosts that leads a name in use elsewhere than it should.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Host, HostsEntry, Term, Unavailable};

use super::{Check, Limits, Run};

/// For what the name servers say.
const ANSWER: Duration = Duration::from_millis(1500);

pub(super) const CHECK: Check = Check {
    id: "net.hosts",
    number: 39,
    version: 1,
    title_en: "Names that /etc/hosts settles",
    title_fr: "Noms fixés par /etc/hosts",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &["net.hosts-remove"],
    texts: &[
        Text {
            id: "clean",
            en: "/etc/hosts leads no name in use astray",
            fr: "/etc/hosts ne détourne aucun nom utilisé",
            user_en: "Names that are settled on this computer are right.",
            user_fr: "Les noms fixés sur cet ordinateur sont justes.",
        },
        Text {
            id: "localhost",
            en: "Line {line} of /etc/hosts leads {name} to {address}, which is not this machine itself",
            fr: "La ligne {line} de /etc/hosts mène {name} à {address}, qui n'est pas cette machine",
            user_en: "Programs on this computer do not find each other.",
            user_fr: "Les programmes de cet ordinateur ne se trouvent pas.",
        },
        Text {
            id: "own",
            en: "Line {line} of /etc/hosts leads this machine's own name {name} to {address}, which it does not have",
            fr: "La ligne {line} de /etc/hosts mène le nom de cette machine, {name}, à {address}, qu'elle n'a pas",
            user_en: "This computer's own name leads elsewhere.",
            user_fr: "Le nom de cet ordinateur mène ailleurs.",
        },
        Text {
            id: "known",
            en: "Line {line} of /etc/hosts leads {name} to {address}; it has been at {other}",
            fr: "La ligne {line} de /etc/hosts mène {name} à {address} ; il était à {other}",
            user_en: "A line in a file on this computer leads a name to the wrong place.",
            user_fr: "Une ligne d'un fichier de cet ordinateur mène un nom au mauvais endroit.",
        },
        Text {
            id: "dns",
            en: "Line {line} of /etc/hosts leads {name} to {address}; the name servers say {other}",
            fr: "La ligne {line} de /etc/hosts mène {name} à {address} ; les serveurs de noms disent {other}",
            user_en: "A line in a file on this computer leads a name to the wrong place.",
            user_fr: "Une ligne d'un fichier de cet ordinateur mène un nom au mauvais endroit.",
        },
        Text {
            id: "blocked",
            en: "Line {line} of /etc/hosts leads {name} to {address}: it can never be reached",
            fr: "La ligne {line} de /etc/hosts mène {name} à {address} : il n'est jamais joignable",
            user_en: "A line in a file on this computer blocks a name that it needs.",
            user_fr: "Une ligne d'un fichier de cet ordinateur bloque un nom dont il a besoin.",
        },
        Text::technician(
            "unsure",
            "Line {line} of /etc/hosts leads {name} to {address}; nobody else can be asked for it now",
            "La ligne {line} de /etc/hosts mène {name} à {address} ; personne d'autre ne peut être interrogé à présent",
        ),
        Text::technician(
            "use_collector",
            "This machine's agent looks for its collector by this name",
            "L'agent de cette machine cherche son collecteur sous ce nom",
        ),
        Text::technician(
            "use_proxy",
            "Programs of this machine look for their proxy by this name",
            "Les programmes de cette machine cherchent leur proxy sous ce nom",
        ),
        Text::technician(
            "use_time",
            "This machine looks for its time server by this name",
            "Cette machine cherche son serveur de temps sous ce nom",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

/// What this machine needs a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Collector,
    Proxy,
    Time,
}

/// A name in use that /etc/hosts settles.
struct Settled {
    name: String,
    of: Use,
    entries: Vec<HostsEntry>,
    /// Where it has been reached.
    known: Vec<IpAddr>,
    /// What the name servers say.
    dns: Result<Vec<IpAddr>, Unavailable>,
}

struct Seen {
    entries: Vec<HostsEntry>,
    own_name: Option<String>,
    own_addresses: Vec<IpAddr>,
    settled: Vec<Settled>,
}

async fn observe(host: &Host) -> Result<Seen, Unavailable> {
    let entries = match host.hosts_entries() {
        Err(Unavailable::Absent { .. }) => Vec::new(),
        other => other?,
    };
    let addresses = host.addresses()?;
    let collector = host.collector();
    let mut names: Vec<(String, Use)> = Vec::new();
    names.extend(
        collector
            .iter()
            .map(|one| (one.host.clone(), Use::Collector)),
    );
    names.extend(host.proxies().into_iter().map(|one| (one.host, Use::Proxy)));
    names.extend(host.time_servers().into_iter().map(|one| (one, Use::Time)));
    let settled = names.into_iter().filter_map(|(name, of)| {
        let about = entries.iter().filter(|entry| entry.names(&name));
        let entries: Vec<HostsEntry> = about.cloned().collect();
        let known = collector.iter().filter(|_| of == Use::Collector);
        (!entries.is_empty()).then(|| Settled {
            known: known.flat_map(|one| &one.known).map(|at| at.ip()).collect(),
            dns: Err(Unavailable::absent(Term::Answer)),
            name,
            of,
            entries,
        })
    });
    let asked = settled.map(async |mut one| {
        let dns = tokio::time::timeout(ANSWER, host.ask_for(&one.name)).await;
        one.dns = dns.unwrap_or(one.dns);
        one
    });
    let settled = futures::future::join_all(asked).await;
    Ok(Seen {
        own_name: host.name(),
        own_addresses: addresses.into_iter().map(|address| address.ip).collect(),
        settled,
        entries,
    })
}

fn judge(seen: &Seen, _: &Limits) -> Vec<Finding> {
    let mut findings: Vec<Finding> = localhost(&seen.entries).into_iter().collect();
    findings.extend(own(seen));
    findings.extend(seen.settled.iter().filter_map(one));
    if findings.is_empty() {
        let lines = count("lines", seen.entries.len() as u64);
        findings.push(
            Finding::new(Status::Ok, "")
                .says("clean", vec![])
                .evidence(lines),
        );
    }
    findings
}

fn says(status: Status, id: &'static str, entry: &HostsEntry, of: &str) -> Finding {
    let arguments = vec![
        count("line", entry.line.into()),
        name("name", of),
        name("address", entry.address.to_string()),
    ];
    Finding::new(status, of).says(id, arguments)
}

/// The first line of a family is the one that programs go by.
fn first_of_each<'a>(entries: &'a [HostsEntry], of: &str) -> Vec<&'a HostsEntry> {
    let first = |v4: bool| {
        let is_it = |entry: &&HostsEntry| entry.address.is_ipv4() == v4 && entry.names(of);
        entries.iter().find(is_it)
    };
    [true, false].into_iter().filter_map(first).collect()
}

fn localhost(entries: &[HostsEntry]) -> Option<Finding> {
    let first = first_of_each(entries, "localhost");
    let wrong = first
        .into_iter()
        .find(|entry| !entry.address.is_loopback())?;
    Some(says(Status::Critical, "localhost", wrong, "localhost"))
}

fn own(seen: &Seen) -> Option<Finding> {
    let own_name = seen
        .own_name
        .as_deref()
        .filter(|name| *name != "localhost")?;
    let is_own = |address: IpAddr| address.is_loopback() || seen.own_addresses.contains(&address);
    let first = first_of_each(&seen.entries, own_name);
    let wrong = first.into_iter().find(|entry| !is_own(entry.address))?;
    Some(says(Status::Warning, "own", wrong, own_name))
}

/// Of a name that other programs than this machine's own settle: a line that says the same, or that nobody else
/// could say, is somebody's good reason.
fn one(settled: &Settled) -> Option<Finding> {
    let entry = settled.entries.first()?;
    let says = |status, id| says(status, id, entry, &settled.name);
    let here = |entries: &[HostsEntry], other: &[IpAddr]| {
        entries.iter().any(|entry| other.contains(&entry.address))
    };
    let bad = match settled.of {
        Use::Collector => Status::Critical,
        Use::Proxy | Use::Time => Status::Warning,
    };
    let with = |mut finding: Finding, other: &[IpAddr]| {
        let other = other.first().map(ToString::to_string).unwrap_or_default();
        finding.message.arguments.push(name("other", other));
        finding
    };
    let dns = settled.dns.as_deref().unwrap_or_default();
    let is_nowhere = entry.address.is_unspecified();
    let finding = if here(&settled.entries, &settled.known) || here(&settled.entries, dns) {
        return None;
    } else if !settled.known.is_empty() {
        with(says(bad, "known"), &settled.known)
    } else if !dns.is_empty() {
        with(says(bad, "dns"), dns)
    } else if is_nowhere {
        says(bad, "blocked")
    } else if settled.dns.is_ok() {
        return None;
    } else {
        return Some(says(Status::Unknown, "unsure"));
    };
    let of = match settled.of {
        Use::Collector => "use_collector",
        Use::Proxy => "use_proxy",
        Use::Time => "use_time",
    };
    Some(finding.because(of, vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    fn entries(lines: &[&str]) -> Vec<HostsEntry> {
        let entry = |(at, line): (usize, &&str)| {
            let (address, names) = line.split_once(' ').unwrap();
            HostsEntry {
                line: at as u32 + 1,
                address: address.parse().unwrap(),
                names: names.split(' ').map(str::to_owned).collect(),
            }
        };
        lines.iter().enumerate().map(entry).collect()
    }

    fn ips(addresses: &[&str]) -> Vec<IpAddr> {
        addresses.iter().map(|of| of.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check_seen(lines: &[&str], settled: Vec<Settled>, expected: &str) {
        let seen = Seen {
            entries: entries(lines),
            own_name: Some("desk-7".into()),
            own_addresses: ips(&["127.0.0.1", "192.0.2.5"]),
            settled,
        };
        assert_eq!(show(&CHECK, &judge(&seen, &limits(&CHECK))), expected);
    }

    const CLEAN: &str = "ok / /etc/hosts leads no name in use astray";

    #[test]
    fn the_machines_own_names_are_its_own() {
        for usual in [
            &[
                "127.0.0.1 localhost",
                "::1 localhost ip6-localhost",
                "127.0.1.1 desk-7",
            ][..],
            &["192.0.2.5 desk-7.example desk-7"],
            // Of two addresses the first counts, as for programs.
            &["127.0.1.1 desk-7", "203.0.113.9 desk-7"],
            &["0.0.0.0 ads.example", "203.0.113.9 intranet"],
            &[],
        ] {
            check_seen(usual, Vec::new(), CLEAN);
        }
        check_seen(
            &["192.0.2.9 localhost"],
            Vec::new(),
            "critical localhost / Line 1 of /etc/hosts leads localhost to 192.0.2.9, which is not this machine itself",
        );
        check_seen(
            &["127.0.0.1 localhost", "203.0.113.9 Desk-7"],
            Vec::new(),
            "warning desk-7 / Line 2 of /etc/hosts leads this machine's own name desk-7 to 203.0.113.9, which it does \
             not have",
        );
    }

    #[track_caller]
    fn check(of: Use, at: &str, known: &[&str], dns: Option<&[&str]>, expected: &str) {
        let line = format!("{at} name.example");
        let settled = Settled {
            name: "name.example".into(),
            of,
            entries: entries(&[line.as_str()]),
            known: ips(known),
            dns: dns
                .map(ips)
                .ok_or_else(|| Unavailable::absent(Term::Answer)),
        };
        check_seen(&[line.as_str()], vec![settled], expected);
    }

    const LINE: &str = "Line 1 of /etc/hosts leads name.example to 203.0.113.9";

    #[test]
    fn a_name_that_is_led_astray_is_found() {
        check(
            Use::Collector,
            "203.0.113.9",
            &["192.0.2.7"],
            None,
            &format!(
                "critical name.example / {LINE}; it has been at 192.0.2.7 / because This machine's agent looks for its \
                 collector by this name"
            ),
        );
        check(
            Use::Proxy,
            "203.0.113.9",
            &[],
            Some(&["192.0.2.7"]),
            &format!(
                "warning name.example / {LINE}; the name servers say 192.0.2.7 / because Programs of this machine \
                 look for their proxy by this name"
            ),
        );
        check(
            Use::Time,
            "0.0.0.0",
            &[],
            Some(&[]),
            "warning name.example / Line 1 of /etc/hosts leads name.example to 0.0.0.0: it can never be reached / \
             because This machine looks for its time server by this name",
        );
    }

    #[test]
    fn a_line_with_a_good_reason_is_left_alone() {
        // It says the same; it led there before; nobody else knows the name.
        check(
            Use::Collector,
            "192.0.2.7",
            &[],
            Some(&["192.0.2.7"]),
            CLEAN,
        );
        check(
            Use::Collector,
            "192.0.2.7",
            &["192.0.2.7"],
            Some(&["203.0.113.9"]),
            CLEAN,
        );
        check(Use::Collector, "192.0.2.7", &[], Some(&[]), CLEAN);
    }

    #[test]
    fn without_anybody_to_ask_it_cannot_be_told() {
        check(
            Use::Collector,
            "203.0.113.9",
            &[],
            None,
            &format!("unknown name.example / {LINE}; nobody else can be asked for it now"),
        );
    }
}
