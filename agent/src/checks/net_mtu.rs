//! Finds a path that swallows large packets, so that connections begin and then hang.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Echo, Family, Host, Interface, Route, Unavailable};

use super::{Check, Limits, Run};

/// What every network lets through (RFC 8200 §5), and what is asked where that is all.
const SURE: u32 = 1280;
const SMALL: u32 = 576;
const TINY: u32 = 84;
/// How long answers to several tries may take.
const ANSWER: Duration = Duration::from_millis(1200);

pub(super) const CHECK: Check = Check {
    id: "net.mtu",
    number: 44,
    version: 1,
    title_en: "Large packets",
    title_fr: "Grands paquets",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "passes",
            en: "Packets of {size} bytes reach {target}",
            fr: "Les paquets de {size} octets atteignent {target}",
            user_en: "Large amounts of data get through.",
            user_fr: "Les grandes quantités de données passent.",
        },
        Text {
            id: "swallowed",
            en: "Packets of {size} bytes to {target} are lost, those of {smaller} get through",
            fr: "Les paquets de {size} octets vers {target} se perdent, ceux de {smaller} passent",
            user_en: "Pages begin to open and then hang.",
            user_fr: "Les pages commencent à s'ouvrir puis se bloquent.",
        },
        Text::technician(
            "larger_than_path",
            "{interface} sends packets of up to {size} bytes, more than the way there takes, and nobody says so",
            "{interface} envoie des paquets jusqu'à {size} octets, plus que le chemin n'accepte, et personne ne le signale",
        ),
        Text {
            id: "small",
            en: "{interface} sends packets of at most {size} bytes: IPv6 needs 1280, and much else is slow",
            fr: "{interface} envoie des paquets d'au plus {size} octets : IPv6 en exige 1280, et le reste est lent",
            user_en: "The network is set to very small packets on this computer.",
            user_fr: "Le réseau est réglé sur de très petits paquets sur cet ordinateur.",
        },
        Text::technician(
            "short_only",
            "Whether large packets reach {target} cannot be told: it answers only short echoes",
            "Impossible de dire si les grands paquets atteignent {target} : il ne répond qu'aux échos courts",
        ),
        Text::technician(
            "nobody",
            "Nobody on the way out answers echoes: large packets cannot be tried",
            "Personne sur le chemin ne répond aux échos : les grands paquets ne peuvent être essayés",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| {
        Box::pin(async {
            let (interfaces, tried) = observe(host).await?;
            Ok(judge(&interfaces, &tried, limits))
        })
    }),
};

/// Echoes of three sizes to one machine.
struct Tried {
    target: IpAddr,
    interface: String,
    /// The largest packet that should get there.
    size: u32,
    smaller: u32,
    whole: Echo,
    of_smaller: Echo,
    tiny: Echo,
}

async fn observe(host: &Host) -> Result<(Vec<Interface>, Vec<Tried>), Unavailable> {
    let interfaces = host.interfaces()?;
    let mut targets = gateways(&host.routes()?);
    // Where the collector was: the way behind the gateway is another one.
    let known = host
        .collector()
        .and_then(|of| of.known.first().map(|at| at.ip()));
    targets.extend(
        known
            .filter(|ip| !targets.iter().any(|(of, _)| of == ip))
            .map(|ip| (ip, None)),
    );
    let tried = targets.into_iter().map(async |(target, route)| {
        let hop = host.next_hop(target).ok()??;
        let interface = route.map_or(hop.interface, |route| route.interface);
        let of_it = interfaces.iter().find(|one| one.name == interface)?;
        if hop.is_local {
            return None;
        }
        let size = hop.mtu.min(of_it.mtu);
        let smaller = if size > SURE { SURE } else { SMALL };
        let echo = |size| host.echo_of(target, &interface, size, ANSWER);
        let (whole, of_smaller, tiny) = futures::join!(echo(size), echo(smaller), echo(TINY));
        Some(Tried {
            target,
            size,
            smaller,
            whole: whole.ok()?,
            of_smaller: of_smaller.ok()?,
            tiny: tiny.ok()?,
            interface,
        })
    });
    let tried = futures::future::join_all(tried).await;
    Ok((interfaces, tried.into_iter().flatten().collect()))
}

/// Of the best default route of each family.
fn gateways(routes: &[Route]) -> Vec<(IpAddr, Option<Route>)> {
    let best = [Family::V4, Family::V6].into_iter().filter_map(|family| {
        let of_it = |route: &&Route| route.family == family && route.is_default();
        let best = routes.iter().filter(of_it).min_by_key(|route| route.metric);
        best.cloned()
    });
    let with = best.filter_map(|route| Some((route.gateway?, Some(route))));
    with.collect()
}

fn judge(interfaces: &[Interface], tried: &[Tried], _: &Limits) -> Vec<Finding> {
    let mut findings: Vec<Finding> = interfaces.iter().filter_map(small).collect();
    findings.extend(tried.iter().filter_map(one));
    if findings.is_empty() {
        findings.push(Finding::new(Status::Ok, "").says("nobody", vec![]));
    }
    findings
}

/// Hardware that is set to less than any network takes.
fn small(interface: &Interface) -> Option<Finding> {
    let is_used = interface.up && interface.carrier == Some(true);
    let is_of_people = ["ethernet", "wifi", "virtual", "bridge", "bond", "vlan"];
    let is_one = is_of_people.contains(&interface.kind.as_str());
    let is_small = (1..SURE).contains(&interface.mtu);
    (is_used && is_one && is_small).then(|| {
        let arguments = vec![
            name("interface", &interface.name),
            count("size", interface.mtu.into()),
        ];
        Finding::new(Status::Warning, &interface.name).says("small", arguments)
    })
}

/// Absent: it answers no echo at all, or the kernel knows better what fits.
fn one(tried: &Tried) -> Option<Finding> {
    let answered = |echo: &Echo| matches!(echo, Echo::Answered { .. });
    if !answered(&tried.tiny) {
        return None;
    }
    let subject = tried.target.to_string();
    let target = name("target", &subject);
    let size = count("size", tried.size.into());
    let finding = |status| {
        let mtu = count("mtu_bytes", tried.size.into());
        Finding::new(status, &subject).evidence(mtu)
    };
    match (&tried.whole, answered(&tried.of_smaller)) {
        (Echo::Answered { .. }, _) => Some(finding(Status::Ok).says("passes", vec![size, target])),
        (Echo::Silent, true) => {
            let smaller = count("smaller", tried.smaller.into());
            let interface = name("interface", &tried.interface);
            let finding = finding(Status::Critical)
                .says("swallowed", vec![size.clone(), target, smaller])
                .because("larger_than_path", vec![interface, size]);
            Some(finding)
        }
        (Echo::Silent, false) => Some(finding(Status::Unknown).says("short_only", vec![target])),
        (Echo::Unreachable { .. }, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    fn echo(word: &str) -> Echo {
        match word {
            "yes" => Echo::Answered {
                after: Duration::from_millis(1),
            },
            "no" => Echo::Silent,
            why => Echo::Unreachable { why: why.into() },
        }
    }

    /// Answers of the largest, a smaller and a tiny echo.
    #[track_caller]
    fn check([whole, smaller, tiny]: [&str; 3], expected: &str) {
        let tried = Tried {
            target: [192, 0, 2, 1].into(),
            interface: "eth0".into(),
            size: 1500,
            smaller: SURE,
            whole: echo(whole),
            of_smaller: echo(smaller),
            tiny: echo(tiny),
        };
        let found = judge(&[], &[tried], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn a_path_that_swallows_large_packets_is_found() {
        check(
            ["yes", "yes", "yes"],
            "ok 192.0.2.1 / Packets of 1500 bytes reach 192.0.2.1",
        );
        check(
            ["no", "yes", "yes"],
            "critical 192.0.2.1 / Packets of 1500 bytes to 192.0.2.1 are lost, those of 1280 get through / because \
             eth0 sends packets of up to 1500 bytes, more than the way there takes, and nobody says so",
        );
    }

    #[test]
    fn a_gateway_that_is_told_to_answer_little_proves_nothing() {
        let nobody = "ok / Nobody on the way out answers echoes: large packets cannot be tried";
        check(["no", "no", "no"], nobody);
        check(["Message too long", "yes", "yes"], nobody);
        check(
            ["no", "no", "yes"],
            "unknown 192.0.2.1 / Whether large packets reach 192.0.2.1 cannot be told: it answers only short echoes",
        );
    }

    #[test]
    fn hardware_that_is_set_too_small_is_found() {
        let interface = |kind: &str, mtu| Interface {
            name: "eth0".into(),
            kind: kind.into(),
            mtu,
            up: true,
            carrier: Some(true),
            ..Interface::default()
        };
        let shown = |kind, mtu| {
            show(
                &CHECK,
                &judge(&[interface(kind, mtu)], &[], &limits(&CHECK)),
            )
        };
        assert_eq!(
            shown("ethernet", 600),
            "warning eth0 / eth0 sends packets of at most 600 bytes: IPv6 needs 1280, and much else is slow"
        );
        for (kind, mtu) in [("ethernet", 1280), ("ethernet", 9000), ("tunnel", 600)] {
            assert!(shown(kind, mtu).starts_with("ok / "), "{kind} {mtu}");
        }
    }
}
