//! Asks the default gateways whether they are there.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, duration, name};
use crate::host::{Echo, Family, Host, Neighbour, Route, Unavailable};

use super::{Check, Limit, Limits, Run};

/// How long an answer may take, and then one for the gateway's address: a diagnosis takes less than 2 s.
const DEADLINE: Duration = Duration::from_millis(1100);
const ADDRESS_DEADLINE: Duration = Duration::from_millis(500);

pub(super) const CHECK: Check = Check {
    id: "net.gateway",
    version: 1,
    title_en: "Way out of the local network",
    title_fr: "Sortie du réseau local",
    every: Duration::from_secs(60),
    limits: &[
        Limit::seconds("answer_critical", 1.0),
        Limit::seconds("answer_warning", 0.2),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "answers",
            en: "The {family} gateway {gateway} answers within {after}",
            fr: "La passerelle {family} {gateway} répond en {after}",
            user_en: "The way out of the local network works.",
            user_fr: "La sortie du réseau local fonctionne.",
        },
        Text {
            id: "known",
            en: "The {family} gateway {gateway} is there; it answers no ping",
            fr: "La passerelle {family} {gateway} est présente ; elle ne répond pas au ping",
            user_en: "The way out of the local network works.",
            user_fr: "La sortie du réseau local fonctionne.",
        },
        Text {
            id: "present",
            en: "The {family} gateway {gateway} has just answered for its address; this user may not ping",
            fr: "La passerelle {family} {gateway} vient de répondre pour son adresse ; cet utilisateur ne peut pas faire de ping",
            user_en: "The way out of the local network works.",
            user_fr: "La sortie du réseau local fonctionne.",
        },
        Text {
            id: "slow",
            en: "The {family} gateway {gateway} takes {after} to answer",
            fr: "La passerelle {family} {gateway} met {after} à répondre",
            user_en: "The local network is slow.",
            user_fr: "Le réseau local est lent.",
        },
        Text {
            id: "silent",
            en: "The {family} gateway {gateway} on {interface} does not answer",
            fr: "La passerelle {family} {gateway} sur {interface} ne répond pas",
            user_en: "The way out of the local network does not work.",
            user_fr: "La sortie du réseau local ne fonctionne pas.",
        },
        Text {
            id: "unsure",
            en: "The {family} gateway {gateway} answers no ping; not long ago it was there, and this user may not ask for its address",
            fr: "La passerelle {family} {gateway} ne répond pas au ping ; elle était là il y a peu, et cet utilisateur ne peut pas demander son adresse",
            user_en: "The way out of the local network may not work.",
            user_fr: "La sortie du réseau local ne fonctionne peut-être pas.",
        },
        Text {
            id: "unasked",
            en: "The {family} gateway {gateway} answers no ping, and this link has no other way to ask it",
            fr: "La passerelle {family} {gateway} ne répond pas au ping, et cette liaison n'offre pas d'autre moyen de l'interroger",
            user_en: "The way out of the local network may not work.",
            user_fr: "La sortie du réseau local ne fonctionne peut-être pas.",
        },
        Text {
            id: "no_route",
            en: "There is no default route: nothing beyond the local network can be reached",
            fr: "Il n'y a pas de route par défaut : rien au-delà du réseau local n'est joignable",
            user_en: "The computer does not know the way out of the local network.",
            user_fr: "L'ordinateur ne connaît pas la sortie du réseau local.",
        },
        Text::technician(
            "direct",
            "The default route leads straight into {interface}; there is no gateway to ask",
            "La route par défaut mène directement dans {interface} ; aucune passerelle à interroger",
        ),
        Text::technician(
            "unreachable",
            "The operating system says: {why}",
            "Le système d'exploitation indique : {why}",
        ),
        Text::technician(
            "no_neighbour",
            "Nothing on the link answers to this address",
            "Rien sur le lien ne répond à cette adresse",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(observe(host).await?, limits)) })),
};

/// A default route and what its gateway answered.
struct Way {
    route: Route,
    answer: Result<Echo, Unavailable>,
    /// Of the neighbour table, after the question.
    neighbour: Neighbour,
}

/// The best default route of each family, its gateway asked; both at once.
async fn observe(host: &Host) -> Result<Vec<Way>, Unavailable> {
    let routes = host.routes()?;
    let best = [Family::V4, Family::V6].into_iter().filter_map(|family| {
        routes
            .iter()
            .filter(|route| route.family == family && route.is_default())
            .min_by_key(|route| route.metric)
            .cloned()
    });
    let ways = best.map(async |route| {
        let Some(gateway) = route.gateway else {
            return Way {
                route,
                answer: Ok(Echo::Silent),
                neighbour: Neighbour::Unknown,
            };
        };
        let answer = host.echo(gateway, &route.interface, DEADLINE).await;
        let mut neighbour = host.neighbour(gateway, &route.interface);
        if neighbour == Neighbour::Stale && !matches!(answer, Ok(Echo::Answered { .. })) {
            let asked = host.ask_neighbour(gateway, &route.interface, ADDRESS_DEADLINE);
            neighbour = asked.await.unwrap_or(neighbour);
        }
        Way {
            route,
            answer,
            neighbour,
        }
    });
    Ok(futures::future::join_all(ways).await)
}

fn judge(ways: Vec<Way>, limits: &Limits) -> Vec<Finding> {
    if ways.is_empty() {
        return vec![Finding::new(Status::Critical, "").says("no_route", vec![])];
    }
    let mut findings = ways
        .into_iter()
        .map(|way| one(way, limits))
        .collect::<Vec<_>>();
    // Programs then go the way of the other family, if late.
    if findings.iter().any(|one| one.status == Status::Ok) {
        for finding in &mut findings {
            if finding.status == Status::Critical {
                finding.status = Status::Warning;
            }
        }
    }
    findings
}

fn one(way: Way, limits: &Limits) -> Finding {
    let interface = name("interface", &way.route.interface);
    let Some(gateway) = way.route.gateway else {
        return Finding::new(Status::Ok, &way.route.interface).says("direct", vec![interface]);
    };
    let subject = gateway.to_string();
    let family = name("family", way.route.family.name());
    let finding = |status| Finding::new(status, &subject).evidence(interface.clone());
    let of = vec![family, name("gateway", &subject)];
    let with = |more| of.iter().cloned().chain([more]).collect::<Vec<_>>();
    let is_known = way.neighbour == Neighbour::Known;
    match way.answer {
        Ok(Echo::Answered { after }) => {
            let status = limits.above("answer", after.as_secs_f64());
            let id = match status {
                Status::Ok => "answers",
                Status::Warning | Status::Critical | Status::Unknown => "slow",
            };
            let after = duration("after", after.as_micros() as i64);
            finding(status)
                .evidence(after.clone())
                .says(id, with(after))
        }
        // Many gateways are told to answer no ping; who is in the neighbour table has answered for its address.
        Ok(_) if is_known => finding(Status::Ok).says("known", of),
        Err(_) if is_known => finding(Status::Ok).says("present", of),
        Ok(Echo::Unreachable { why }) => finding(Status::Critical)
            .says("silent", with(interface.clone()))
            .because("unreachable", vec![name("why", why)]),
        Ok(Echo::Silent) if way.neighbour == Neighbour::Stale => {
            finding(Status::Unknown).says("unsure", of)
        }
        Ok(Echo::Silent) if way.neighbour == Neighbour::Unasked => {
            finding(Status::Unknown).says("unasked", of)
        }
        Ok(Echo::Silent) => {
            let finding = finding(Status::Critical).says("silent", with(interface.clone()));
            match way.neighbour {
                Neighbour::Failed => finding.because("no_neighbour", vec![]),
                Neighbour::Known | Neighbour::Unasked | Neighbour::Stale | Neighbour::Unknown => {
                    finding
                }
            }
        }
        Err(why) => {
            let mut finding = finding(Status::Unknown);
            finding.message = why.message();
            finding
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    fn way(answer: Result<Echo, Unavailable>, neighbour: Neighbour) -> Way {
        Way {
            route: Route {
                family: Family::V4,
                destination: [0, 0, 0, 0].into(),
                prefix: 0,
                gateway: Some([192, 0, 2, 1].into()),
                interface: "eth0".into(),
                metric: 0,
            },
            answer,
            neighbour,
        }
    }

    #[track_caller]
    fn check(answer: Result<Echo, Unavailable>, neighbour: Neighbour, expected: &str) {
        let found = judge(vec![way(answer, neighbour)], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    fn answered(ms: u64) -> Result<Echo, Unavailable> {
        Ok(Echo::Answered {
            after: Duration::from_millis(ms),
        })
    }

    #[test]
    fn a_gateway_that_answers_is_well_unless_slow() {
        check(
            answered(2),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers within 2 ms",
        );
        check(
            answered(500),
            Neighbour::Known,
            "warning 192.0.2.1 / The IPv4 gateway 192.0.2.1 takes 500 ms to answer",
        );
    }

    #[test]
    fn a_gateway_that_answers_no_ping_may_be_there() {
        check(
            Ok(Echo::Silent),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 is there; it answers no ping",
        );
        check(
            Ok(Echo::Silent),
            Neighbour::Failed,
            "critical 192.0.2.1 / The IPv4 gateway 192.0.2.1 on eth0 does not answer / because Nothing on \
             the link answers to this address",
        );
    }

    #[test]
    fn a_gateway_that_was_there_and_cannot_be_asked_is_unknown() {
        check(
            Ok(Echo::Silent),
            Neighbour::Stale,
            "unknown 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers no ping; not long ago it was there, and \
             this user may not ask for its address",
        );
    }

    #[test]
    fn a_silent_gateway_of_a_tunnel_may_be_there() {
        check(
            Ok(Echo::Silent),
            Neighbour::Unasked,
            "unknown 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers no ping, and this link has no other way \
             to ask it",
        );
    }

    #[test]
    fn of_two_ways_out_one_is_enough_to_be_no_disaster() {
        let ways = vec![
            way(answered(2), Neighbour::Known),
            way(Ok(Echo::Silent), Neighbour::Failed),
        ];
        let found = judge(ways, &limits(&CHECK));
        assert_eq!(
            (found[0].status, found[1].status),
            (Status::Ok, Status::Warning)
        );
    }

    #[test]
    fn who_may_not_ask_cannot_tell() {
        let refused = Unavailable::Permission {
            what: "ICMP echo socket".into(),
        };
        check(
            Err(refused),
            Neighbour::Unknown,
            "unknown 192.0.2.1 / Cannot tell: this user has no permission for ICMP echo socket",
        );
        let refused = Unavailable::Permission {
            what: "ICMP echo socket".into(),
        };
        check(
            Err(refused),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 has just answered for its address; this user may \
             not ping",
        );
    }

    #[test]
    fn no_way_out_is_found() {
        let found = judge(Vec::new(), &limits(&CHECK));
        assert!(show(&CHECK, &found).starts_with("critical / There is no default route"));
    }
}
