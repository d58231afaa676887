//! Asks the default gateways whether they are there.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, duration, name, percent};
use crate::host::{Echoes, Family, Host, Neighbour, Unavailable, Way};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.gateway",
    number: 36,
    version: 2,
    title_en: "Way out of the local network",
    title_fr: "Sortie du réseau local",
    every: Duration::from_secs(60),
    limits: &[
        Limit::seconds("answer_critical", 1.0),
        Limit::seconds("answer_warning", 0.2),
        Limit::percent("loss_critical", 70),
        // Of five echoes one may get lost on a healthy radio link.
        Limit::percent("loss_warning", 30),
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
            id: "loses",
            en: "{loss} of the echoes to the {family} gateway {gateway} get lost",
            fr: "{loss} des échos vers la passerelle {family} {gateway} se perdent",
            user_en: "The local network loses data.",
            user_fr: "Le réseau local perd des données.",
        },
        Text::technician(
            "none",
            "No default route names a gateway: there is none to ask",
            "Aucune route par défaut ne nomme de passerelle : aucune à interroger",
        ),
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
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(observe(host).await?, limits)) })),
};

async fn observe(host: &Host) -> Result<Vec<Way>, Unavailable> {
    host.ways().await
}

/// The best default route of each family; of several equals all.
fn best(ways: Vec<Way>) -> Vec<Way> {
    let least = [Family::V4, Family::V6].map(|family| {
        let of_it = ways.iter().filter(|way| way.route.family == family);
        of_it.map(|way| way.route.metric).min()
    });
    let is_best = |way: &Way| {
        let least = match way.route.family {
            Family::V4 => least[0],
            Family::V6 => least[1],
        };
        Some(way.route.metric) == least
    };
    ways.into_iter().filter(is_best).collect()
}

fn judge(ways: Vec<Way>, limits: &Limits) -> Vec<Finding> {
    let mut findings: Vec<Finding> = best(ways).into_iter().map(|way| one(way, limits)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
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
    let loss = |echoes: &Echoes| {
        f64::from(echoes.n_sent - echoes.n_answered) * 100.0 / f64::from(echoes.n_sent)
    };
    match way.echoes {
        Ok(
            echoes @ Echoes {
                after: Some(after), ..
            },
        ) => {
            let of_loss = limits.above("loss", loss(&echoes));
            let of_delay = limits.above("answer", after.as_secs_f64());
            let lost = percent("loss", loss(&echoes));
            let after = duration("after", after.as_micros() as i64);
            let finding = finding(of_loss.worse(of_delay))
                .evidence(after.clone())
                .evidence(lost.clone());
            match (of_loss, of_delay) {
                (Status::Ok, Status::Ok) => finding.says("answers", with(after)),
                (Status::Ok, _) => finding.says("slow", with(after)),
                _ => finding.says("loses", with(lost)),
            }
        }
        // Many gateways are told to answer no ping; who is in the neighbour table has answered for its address.
        Ok(_) if is_known => finding(Status::Ok).says("known", of),
        Err(_) if is_known => finding(Status::Ok).says("present", of),
        Ok(Echoes { why: Some(why), .. }) => finding(Status::Critical)
            .says("silent", with(interface.clone()))
            .because("unreachable", vec![name("why", why)]),
        Ok(_) => match way.neighbour {
            Neighbour::Stale => finding(Status::Unknown).says("unsure", of),
            Neighbour::Unasked => finding(Status::Unknown).says("unasked", of),
            Neighbour::Failed => finding(Status::Critical)
                .says("silent", with(interface.clone()))
                .because("no_neighbour", vec![]),
            Neighbour::Known | Neighbour::Unknown => {
                finding(Status::Critical).says("silent", with(interface.clone()))
            }
        },
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
    use crate::host::Route;
    use crate::host::Term;

    fn way(echoes: Result<Echoes, Unavailable>, neighbour: Neighbour) -> Way {
        Way {
            route: Route {
                family: Family::V4,
                destination: [0, 0, 0, 0].into(),
                prefix: 0,
                gateway: Some([192, 0, 2, 1].into()),
                interface: "eth0".into(),
                metric: 0,
            },
            echoes,
            neighbour,
        }
    }

    #[track_caller]
    fn check(answer: Result<Echoes, Unavailable>, neighbour: Neighbour, expected: &str) {
        let found = judge(vec![way(answer, neighbour)], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    fn answered(ms: u64) -> Result<Echoes, Unavailable> {
        answered_of(5, ms)
    }

    fn answered_of(n_answered: u32, ms: u64) -> Result<Echoes, Unavailable> {
        Ok(Echoes {
            n_sent: 5,
            n_answered,
            after: Some(Duration::from_millis(ms)),
            why: None,
        })
    }

    fn silent() -> Result<Echoes, Unavailable> {
        Ok(Echoes {
            n_sent: 5,
            ..Echoes::default()
        })
    }

    #[test]
    fn one_lost_echo_is_no_fault_and_two_are() {
        check(
            answered_of(4, 2),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers within 2 ms",
        );
        check(
            answered_of(3, 2),
            Neighbour::Known,
            "warning 192.0.2.1 / 40 % of the echoes to the IPv4 gateway 192.0.2.1 get lost",
        );
        check(
            answered_of(1, 900),
            Neighbour::Known,
            "critical 192.0.2.1 / 80 % of the echoes to the IPv4 gateway 192.0.2.1 get lost",
        );
    }

    #[test]
    fn only_the_best_way_of_a_family_is_the_way_out() {
        let mut other = way(silent(), Neighbour::Failed);
        other.route.metric = 600;
        let found = judge(
            vec![other, way(answered(1), Neighbour::Known)],
            &limits(&CHECK),
        );
        assert_eq!((found.len(), found[0].status), (1, Status::Ok));
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
            silent(),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 is there; it answers no ping",
        );
        check(
            silent(),
            Neighbour::Failed,
            "critical 192.0.2.1 / The IPv4 gateway 192.0.2.1 on eth0 does not answer / because Nothing on \
             the link answers to this address",
        );
    }

    #[test]
    fn a_gateway_that_was_there_and_cannot_be_asked_is_unknown() {
        check(
            silent(),
            Neighbour::Stale,
            "unknown 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers no ping; not long ago it was there, and \
             this user may not ask for its address",
        );
    }

    #[test]
    fn a_silent_gateway_of_a_tunnel_may_be_there() {
        check(
            silent(),
            Neighbour::Unasked,
            "unknown 192.0.2.1 / The IPv4 gateway 192.0.2.1 answers no ping, and this link has no other way \
             to ask it",
        );
    }

    #[test]
    fn of_two_ways_out_one_is_enough_to_be_no_disaster() {
        let ways = vec![
            way(answered(2), Neighbour::Known),
            way(silent(), Neighbour::Failed),
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
            what: Term::EchoSocket.into(),
        };
        check(
            Err(refused),
            Neighbour::Unknown,
            "unknown 192.0.2.1 / Cannot tell: this user has no permission for ICMP echo socket",
        );
        let refused = Unavailable::Permission {
            what: Term::EchoSocket.into(),
        };
        check(
            Err(refused),
            Neighbour::Known,
            "ok 192.0.2.1 / The IPv4 gateway 192.0.2.1 has just answered for its address; this user may \
             not ping",
        );
    }

    #[test]
    fn without_a_default_route_there_is_no_gateway_to_blame() {
        let found = judge(Vec::new(), &limits(&CHECK));
        assert!(show(&CHECK, &found).starts_with("ok / No default route"));
    }
}
