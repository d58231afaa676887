//! Finds rules, here or on the way, that let echoes through and stop what people need.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::facts::firewall;
use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Chain, Echo, Host, Reached, Reply, Unavailable};

use super::{Check, Limits, Run};

/// For each attempt, and then for a reading of this machine's own rules: a diagnosis takes less than 2 s.
const ANSWER: Duration = Duration::from_millis(900);
const RULES: Duration = Duration::from_millis(700);
const MOST_TARGETS: usize = 6;

pub(super) const CHECK: Check = Check {
    id: "net.firewall",
    number: 37,
    version: 1,
    title_en: "Rules that stop what leaves this machine",
    title_fr: "Règles qui arrêtent ce qui sort de cette machine",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "open",
            en: "What this machine needs gets through to {targets} places",
            fr: "Ce dont cette machine a besoin atteint {targets} destinations",
            user_en: "Nothing stops this computer's connections.",
            user_fr: "Rien n'arrête les connexions de cet ordinateur.",
        },
        Text::technician(
            "isolated",
            "This container has no network of its own but its loopback",
            "Ce conteneur n'a pas d'autre réseau que sa boucle locale",
        ),
        Text::technician(
            "nothing",
            "There is neither a name server nor a collector elsewhere to try",
            "Il n'y a ni serveur de noms ni collecteur ailleurs à essayer",
        ),
        Text::technician(
            "unclear",
            "Whether rules stop anything cannot be told: no echo to {target} is answered either",
            "Impossible de dire si des règles arrêtent quoi que ce soit : {target} ne répond pas non plus aux échos",
        ),
        Text {
            id: "forbidden",
            en: "This machine's own rules let nothing out to {target}",
            fr: "Les règles de cette machine ne laissent rien sortir vers {target}",
            user_en: "A protection on this computer blocks its own connections.",
            user_fr: "Une protection de cet ordinateur bloque ses propres connexions.",
        },
        Text {
            id: "prohibited",
            en: "Echoes to {target} are answered, but connections are turned away: {why}",
            fr: "Les échos vers {target} reçoivent réponse, mais les connexions sont rejetées : {why}",
            user_en: "A protection on the network blocks this computer's connections.",
            user_fr: "Une protection du réseau bloque les connexions de cet ordinateur.",
        },
        Text {
            id: "silent",
            en: "Echoes to {target} are answered, and nothing else gets through",
            fr: "Les échos vers {target} reçoivent réponse, et rien d'autre ne passe",
            user_en: "A protection on the network blocks this computer's connections.",
            user_fr: "Une protection du réseau bloque les connexions de cet ordinateur.",
        },
        Text::technician(
            "own_rules",
            "Chain {chain} of this machine drops or rejects what leaves it",
            "La chaîne {chain} de cette machine rejette ce qui en sort",
        ),
        Text::technician(
            "elsewhere",
            "No rule of this machine stops what leaves it: somebody on the way does, or the other machine itself",
            "Aucune règle de cette machine n'arrête ce qui en sort : quelqu'un sur le chemin le fait, ou l'autre machine",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| {
        Box::pin(async {
            if host.is_isolated() {
                return Ok(vec![Finding::new(Status::Ok, "").says("isolated", vec![])]);
            }
            let (targets, chains) = observe(host).await?;
            Ok(judge(&targets, chains.as_deref(), limits))
        })
    }),
};

/// A place that this machine needs, and what became of the ways to try it.
struct Target {
    at: SocketAddr,
    /// Of a name server.
    asked: Option<Reply>,
    connected: Reached,
    echo: Result<Echo, Unavailable>,
}

#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Passes,
    /// By this machine itself.
    Forbidden,
    Prohibited {
        why: String,
    },
    Silent,
    /// The other machine may be off.
    Unclear,
}

impl Target {
    fn verdict(&self) -> Verdict {
        let of_question = match &self.asked {
            Some(Reply::Answered { .. }) => return Verdict::Passes,
            Some(Reply::Failed(failed)) => Some(failed),
            None => None,
        };
        let tries = || of_question.into_iter().chain([&self.connected]);
        if tries().any(|one| matches!(one, Reached::Connected | Reached::Refused)) {
            // It was let out, and somebody there has answered.
            return match (of_question, &self.connected) {
                // Who takes connections and answers no question is no matter of rules.
                (Some(Reached::Silent), _) => Verdict::Unclear,
                _ => Verdict::Passes,
            };
        }
        if tries().any(|one| *one == Reached::Forbidden) {
            return Verdict::Forbidden;
        }
        if !matches!(self.echo, Ok(Echo::Answered { .. })) {
            return Verdict::Unclear;
        }
        let why = tries().find_map(|one| match one {
            Reached::Unreachable { why } => Some(why.clone()),
            Reached::Connected | Reached::Refused | Reached::Silent | Reached::Forbidden => None,
        });
        why.map_or(Verdict::Silent, |why| Verdict::Prohibited { why })
    }
}

/// Chains are read only when something is stopped.
async fn observe(host: &Host) -> Result<(Vec<Target>, Option<Vec<Chain>>), Unavailable> {
    let mut places: Vec<SocketAddr> = host
        .name_servers()
        .unwrap_or_default()
        .iter()
        .map(|server| server.at())
        .collect();
    places.extend(collector(host));
    places.retain(|at| !at.ip().is_loopback());
    places.truncate(MOST_TARGETS);
    let attempts = async {
        let attempts = places.iter().map(async |at| {
            let echo = host.echo(at.ip(), "", ANSWER);
            futures::join!(host.reach(*at, ANSWER), echo)
        });
        let attempts = futures::future::join_all(attempts).await;
        let gets_through =
            |(reached, _): &(Reached, _)| matches!(reached, Reached::Connected | Reached::Refused);
        let chains = match attempts.iter().all(gets_through) {
            true => None,
            false => tokio::time::timeout(RULES, firewall::ask(host)).await.ok(),
        };
        (attempts, chains.and_then(Result::ok))
    };
    let ((attempts, chains), asked) = futures::join!(attempts, host.ask_name_servers());
    let asked = asked?;
    let targets = places
        .into_iter()
        .zip(attempts)
        .map(|(at, (connected, echo))| {
            let of_it = asked.iter().find(|one| one.server.at() == at);
            Target {
                at,
                asked: of_it.map(|one| one.reply().clone()),
                connected,
                echo,
            }
        });
    Ok((targets.collect(), chains))
}

/// Where the collector was, or is set to be; through a proxy nobody goes there himself.
fn collector(host: &Host) -> Option<SocketAddr> {
    let collector = host.collector().filter(|one| one.proxy.is_none())?;
    let set = || {
        Some(SocketAddr::new(
            collector.host.parse::<IpAddr>().ok()?,
            collector.port,
        ))
    };
    collector.known.first().copied().or_else(set)
}

/// `chains`: this machine's own rules; `None`: they were not read.
fn judge(targets: &[Target], chains: Option<&[Chain]>, _: &Limits) -> Vec<Finding> {
    let Some(first) = targets.first() else {
        return vec![Finding::new(Status::Ok, "").says("nothing", vec![])];
    };
    let verdicts: Vec<Verdict> = targets.iter().map(Target::verdict).collect();
    let is_stopped = |verdict: &Verdict| !matches!(verdict, Verdict::Passes | Verdict::Unclear);
    let n_stopped = verdicts.iter().filter(|one| is_stopped(one)).count();
    let all_are = n_stopped == targets.len();
    let own = chains.and_then(own_rules);
    let stopped = targets
        .iter()
        .zip(&verdicts)
        .filter_map(|(target, verdict)| {
            // One that is silent alone may be off, behind rules of its own.
            let is_sure = match verdict {
                Verdict::Silent => own.is_some() || n_stopped > 1,
                Verdict::Passes
                | Verdict::Forbidden
                | Verdict::Prohibited { .. }
                | Verdict::Unclear => true,
            };
            let status = match all_are && is_sure {
                true => Status::Critical,
                false => Status::Warning,
            };
            one(target, verdict, status, own, chains.is_some())
        });
    let mut findings: Vec<Finding> = stopped.collect();
    if findings.is_empty() {
        let passes = verdicts
            .iter()
            .filter(|one| **one == Verdict::Passes)
            .count();
        findings.push(match passes {
            0 => {
                let target = name("target", first.at.ip().to_string());
                Finding::new(Status::Unknown, "").says("unclear", vec![target])
            }
            n => Finding::new(Status::Ok, "").says("open", vec![count("targets", n as u64)]),
        });
    }
    findings
}

fn one(
    target: &Target,
    verdict: &Verdict,
    status: Status,
    own: Option<&Chain>,
    is_read: bool,
) -> Option<Finding> {
    let subject = target.at.to_string();
    let of = name("target", &subject);
    let (id, arguments) = match verdict {
        Verdict::Passes | Verdict::Unclear => return None,
        Verdict::Forbidden => ("forbidden", vec![of]),
        Verdict::Prohibited { why } => ("prohibited", vec![of, name("why", why)]),
        Verdict::Silent => ("silent", vec![of]),
    };
    let finding = Finding::new(status, subject).says(id, arguments);
    Some(match own {
        Some(chain) => {
            let chain = format!("{} {} {}", chain.family, chain.table, chain.name);
            finding.because("own_rules", vec![name("chain", chain)])
        }
        None if is_read && *verdict != Verdict::Forbidden => finding.because("elsewhere", vec![]),
        None => finding,
    })
}

/// A chain that packets come through on their way out, and that stops some.
fn own_rules(chains: &[Chain]) -> Option<&Chain> {
    let is_way_out = |chain: &&Chain| {
        matches!(
            chain.hook.as_deref(),
            Some("output" | "postrouting" | "egress")
        )
    };
    let stops = |chain: &&Chain| chain.policy.as_deref() == Some("drop") || chain.n_refusing > 0;
    let of_same_table = |chain: &Chain| {
        let same = |of: &&Chain| {
            (&of.family, &of.table) == (&chain.family, &chain.table) && of.hook.is_none()
        };
        chains.iter().filter(same).find(stops)
    };
    let ways_out = || chains.iter().filter(is_way_out);
    let direct = ways_out().find(stops);
    direct.or_else(|| ways_out().find_map(of_same_table))
}

#[cfg(test)]
mod tests;
