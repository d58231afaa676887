//! Asks each name server that this machine uses.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, duration, name};
use crate::host::{Asked, Host, Reached, Reply, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "net.dns",
    number: 40,
    version: 2,
    title_en: "Name servers of this machine",
    title_fr: "Serveurs de noms de cette machine",
    every: Duration::from_secs(60),
    limits: &[
        Limit::seconds("answer_critical", 1.0),
        Limit::seconds("answer_warning", 0.4),
    ],
    remedies: &["net.dns-flush", "net.dns-set"],
    texts: &[
        Text::technician(
            "isolated",
            "This container has no network of its own but its loopback",
            "Ce conteneur n'a pas d'autre réseau que sa boucle locale",
        ),
        Text {
            id: "answers",
            en: "Name server {server} answers within {after}",
            fr: "Le serveur de noms {server} répond en {after}",
            user_en: "Names on the network are found.",
            user_fr: "Les noms sur le réseau sont trouvés.",
        },
        Text {
            id: "slow",
            en: "Name server {server} takes {after} to answer",
            fr: "Le serveur de noms {server} met {after} à répondre",
            user_en: "Finding names on the network is slow.",
            user_fr: "La recherche de noms sur le réseau est lente.",
        },
        Text {
            id: "silent",
            en: "Name server {server} does not answer",
            fr: "Le serveur de noms {server} ne répond pas",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "no_server",
            en: "No name server runs at {server}",
            fr: "Aucun serveur de noms ne fonctionne à {server}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "unreachable",
            en: "Name server {server} cannot be reached: {why}",
            fr: "Le serveur de noms {server} est injoignable : {why}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "error",
            en: "Name server {server} answers every question with {code}",
            fr: "Le serveur de noms {server} répond à toute question par {code}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "none",
            en: "No name server is configured",
            fr: "Aucun serveur de noms n'est configuré",
            user_en: "The computer does not know whom to ask for names.",
            user_fr: "L'ordinateur ne sait pas à qui demander les noms.",
        },
        Text {
            id: "forbidden",
            en: "This machine's own rules let no question out to name server {server}",
            fr: "Les règles de cette machine ne laissent sortir aucune question vers le serveur de noms {server}",
            user_en: "Names on the network may not be found.",
            user_fr: "Des noms sur le réseau peuvent être introuvables.",
        },
        Text {
            id: "invents",
            en: "Name server {server} answers {address} for a name that does not exist",
            fr: "Le serveur de noms {server} répond {address} pour un nom qui n'existe pas",
            user_en: "Wrong names lead to a page of somebody else's.",
            user_fr: "Les noms erronés mènent à une page d'un tiers.",
        },
        Text {
            id: "misleads",
            en: "Name server {server} says that the collector is at {address}; others say {other}, and there it was",
            fr: "Le serveur de noms {server} situe le collecteur à {address} ; d'autres à {other}, et il y était",
            user_en: "Some names lead to the wrong place.",
            user_fr: "Certains noms mènent au mauvais endroit.",
        },
        Text {
            id: "drops",
            en: "Name server {server} answers for IPv4 addresses and is silent when it is asked for those of IPv6",
            fr: "Le serveur de noms {server} répond pour les adresses IPv4 et se tait pour celles d'IPv6",
            user_en: "Finding names on the network is slow.",
            user_fr: "La recherche de noms sur le réseau est lente.",
        },
        Text::technician(
            "stands_in",
            "A portal that wants a sign-in, or a provider, stands in for the real answer",
            "Un portail qui demande une connexion, ou un fournisseur, répond à la place",
        ),
        Text::technician(
            "waits",
            "Programs that ask for both wait until they give up",
            "Les programmes qui demandent les deux attendent jusqu'à l'abandon",
        ),
        Text::technician(
            "others_answer",
            "{others} other name servers answer",
            "{others} autres serveurs de noms répondent",
        ),
        Text::technician(
            "nobody_answers",
            "No name server answers: the network is more likely at fault than the server",
            "Aucun serveur de noms ne répond : le réseau est plus probablement en cause que le serveur",
        ),
    ],
    ticket_worthy: true,
    run: Run::Away(|host, limits| {
        Box::pin(async {
            if host.is_isolated() {
                return Ok(vec![Finding::new(Status::Ok, "").says("isolated", vec![])]);
            }
            Ok(judge(&observe(host).await?, &known(host), limits))
        })
    }),
};

async fn observe(host: &Host) -> Result<Vec<Asked>, Unavailable> {
    host.ask_name_servers().await
}

/// Where the collector has been.
fn known(host: &Host) -> Vec<IpAddr> {
    let known = host.collector().map(|collector| collector.known);
    known.into_iter().flatten().map(|at| at.ip()).collect()
}

fn judge(asked: &[Asked], known: &[IpAddr], limits: &Limits) -> Vec<Finding> {
    let configured = asked
        .iter()
        .filter(|asked| asked.works() || !asked.is_implied);
    let asked: Vec<&Asked> = configured.collect();
    if asked.is_empty() {
        return vec![Finding::new(Status::Critical, "").says("none", vec![])];
    }
    let n_working = asked.iter().filter(|one| one.works()).count();
    let right = right(&asked, known);
    asked
        .iter()
        .map(|one| match one.reply().worked() {
            Some(after) => working(one, after, &right, limits),
            None => broken(one, n_working),
        })
        .collect()
}

/// Addresses of the collector's name in answers that name one where it has been.
fn right(asked: &[&Asked], known: &[IpAddr]) -> BTreeSet<IpAddr> {
    let answers = asked.iter().filter_map(|one| of_collector(one));
    let is_right = |answer: &BTreeSet<IpAddr>| known.iter().any(|at| answer.contains(at));
    answers.filter(is_right).flatten().collect()
}

/// Absent: it was not asked, or has not answered.
fn of_collector(asked: &Asked) -> Option<BTreeSet<IpAddr>> {
    let replies = asked.collector.iter().flatten();
    let answers = replies.filter_map(|reply| match reply {
        Reply::Answered { addresses, .. } => Some(addresses),
        Reply::Failed(_) => None,
    });
    let all: Vec<&BTreeSet<IpAddr>> = answers.collect();
    (!all.is_empty()).then(|| all.into_iter().flatten().copied().collect())
}

/// A server that answers, and whether what it says can be believed.
fn working(asked: &Asked, after: Duration, right: &BTreeSet<IpAddr>, limits: &Limits) -> Finding {
    let subject = asked.server.address.to_string();
    let of = name("server", &subject);
    let after = duration("after", after.as_micros() as i64);
    let finding = |status| {
        Finding::new(status, &subject)
            .evidence(name("source", asked.server.source))
            .evidence(after.clone())
    };
    let [v4, v6] = &asked.nowhere;
    let invented = asked.nowhere.iter().find_map(|reply| match reply {
        Reply::Answered { addresses, .. } => addresses.first(),
        Reply::Failed(_) => None,
    });
    if let Some(address) = invented {
        return finding(Status::Warning)
            .says("invents", vec![of, name("address", address.to_string())])
            .because("stands_in", vec![])
            .without_remedies();
    }
    // Different answers alone are no lie: inside a network a name may lead elsewhere than outside.
    let said = of_collector(asked).filter(|said| !said.is_empty());
    if let (Some(said), Some(other)) = (said, right.first())
        && said.is_disjoint(right)
        && let Some(address) = said.first()
    {
        let arguments = vec![
            of,
            name("address", address.to_string()),
            name("other", other.to_string()),
        ];
        return finding(Status::Warning)
            .says("misleads", arguments)
            .without_remedies();
    }
    let silent = |reply: &Reply| *reply == Reply::Failed(Reached::Silent);
    if v4.worked().is_some() && silent(v6) {
        return finding(Status::Warning)
            .says("drops", vec![of])
            .because("waits", vec![])
            .without_remedies();
    }
    let status = limits.above(
        "answer",
        asked.reply().worked().unwrap_or_default().as_secs_f64(),
    );
    let id = match status {
        Status::Ok => "answers",
        Status::Warning | Status::Critical | Status::Unknown => "slow",
    };
    finding(status).says(id, vec![of, after])
}

/// A server that does not answer, or only that it cannot.
fn broken(asked: &Asked, n_working: usize) -> Finding {
    let server = &asked.server;
    let subject = server.address.to_string();
    let of = name("server", &subject);
    // With another that works, programs wait but find their names.
    let status = match n_working {
        0 => Status::Critical,
        _ => Status::Warning,
    };
    let (id, more) = match asked.reply() {
        Reply::Answered { code: 2, .. } => ("error", Some(name("code", "SERVFAIL"))),
        Reply::Answered { .. } => ("error", Some(name("code", "REFUSED"))),
        Reply::Failed(Reached::Refused) => ("no_server", None),
        Reply::Failed(Reached::Forbidden) => ("forbidden", None),
        Reply::Failed(Reached::Unreachable { why }) => ("unreachable", Some(name("why", why))),
        Reply::Failed(Reached::Silent | Reached::Connected) => ("silent", None),
    };
    let finding = Finding::new(status, &subject)
        .evidence(name("source", server.source))
        .says(id, [Some(of), more].into_iter().flatten().collect());
    // What this machine caches is forgotten by an action; a server elsewhere is not cured from here.
    let finding = match server.address.is_loopback() {
        true => finding,
        false => finding.without_remedies(),
    };
    match (id, n_working) {
        (_, 1..) => finding.because("others_answer", vec![count("others", n_working as u64)]),
        ("silent" | "unreachable", 0) => finding.because("nobody_answers", vec![]),
        _ => finding,
    }
}

#[cfg(test)]
mod tests;
