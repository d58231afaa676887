//! Finds a proxy that is set and not there.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{Host, Proxy, Reached, Term, Unavailable};

use super::{Check, Limits, Run};

/// For its name, and then for each of its addresses at once.
const NAME: Duration = Duration::from_millis(700);
const CONNECT: Duration = Duration::from_millis(1000);
/// Addresses of one proxy that are tried.
const MOST_ADDRESSES: usize = 4;

pub(super) const CHECK: Check = Check {
    id: "net.proxy",
    number: 41,
    version: 1,
    title_en: "Proxies that are set",
    title_fr: "Proxys définis",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text::technician("none", "No proxy is set", "Aucun proxy n'est défini"),
        Text {
            id: "works",
            en: "The proxy {proxy} takes connections",
            fr: "Le proxy {proxy} accepte les connexions",
            user_en: "The helper for opening pages works.",
            user_fr: "L'intermédiaire qui ouvre les pages fonctionne.",
        },
        Text {
            id: "refused",
            en: "The proxy {proxy} is set, and nobody listens there",
            fr: "Le proxy {proxy} est défini, et personne n'y écoute",
            user_en: "Pages do not open: the helper that this computer is told to use is not there.",
            user_fr: "Les pages ne s'ouvrent pas : l'intermédiaire que cet ordinateur doit utiliser est absent.",
        },
        Text {
            id: "silent",
            en: "The proxy {proxy} is set and does not answer",
            fr: "Le proxy {proxy} est défini et ne répond pas",
            user_en: "Pages do not open: the helper that this computer is told to use is not there.",
            user_fr: "Les pages ne s'ouvrent pas : l'intermédiaire que cet ordinateur doit utiliser est absent.",
        },
        Text {
            id: "unreachable",
            en: "The proxy {proxy} is set and cannot be reached: {why}",
            fr: "Le proxy {proxy} est défini et injoignable : {why}",
            user_en: "Pages do not open: the helper that this computer is told to use is not there.",
            user_fr: "Les pages ne s'ouvrent pas : l'intermédiaire que cet ordinateur doit utiliser est absent.",
        },
        Text {
            id: "forbidden",
            en: "The proxy {proxy} is set, and this machine's own rules let nothing out to it",
            fr: "Le proxy {proxy} est défini, et les règles de cette machine n'y laissent rien sortir",
            user_en: "Pages do not open: this computer forbids the way to the helper that it is told to use.",
            user_fr: "Les pages ne s'ouvrent pas : cet ordinateur interdit l'accès à l'intermédiaire qu'il doit utiliser.",
        },
        Text {
            id: "no_name",
            en: "The proxy {proxy} is set, and there is no such name",
            fr: "Le proxy {proxy} est défini, et ce nom n'existe pas",
            user_en: "Pages do not open: the helper that this computer is told to use does not exist.",
            user_fr: "Les pages ne s'ouvrent pas : l'intermédiaire que cet ordinateur doit utiliser n'existe pas.",
        },
        Text::technician(
            "unresolved",
            "Whether the proxy {proxy} is there cannot be told: nobody answers for its name",
            "Impossible de dire si le proxy {proxy} est là : personne ne répond pour son nom",
        ),
        Text::technician(
            "no_port",
            "Whether the proxy {proxy} is there cannot be told: no port is set, and each program has its own idea of it",
            "Impossible de dire si le proxy {proxy} est là : sans port défini, chaque programme a sa propre idée",
        ),
        Text::technician(
            "set_in",
            "It is set in {source}",
            "Il est défini dans {source}",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| Box::pin(async { Ok(judge(&observe(host).await, limits)) })),
};

/// What became of the attempt.
#[derive(Clone, Debug, PartialEq)]
enum Outcome {
    Tried(Reached),
    NoName,
    Unresolved,
    NoPort,
}

async fn observe(host: &Host) -> Vec<(Proxy, Outcome)> {
    let tried = host.proxies().into_iter().map(async |proxy| {
        let outcome = attempt(host, &proxy).await;
        (proxy, outcome)
    });
    futures::future::join_all(tried).await
}

async fn attempt(host: &Host, proxy: &Proxy) -> Outcome {
    let Some(port) = proxy.port else {
        return Outcome::NoPort;
    };
    let late = |_| Err(Unavailable::absent(Term::Answer));
    let addresses = timeout(NAME, host.addresses_of(&proxy.host)).await;
    let addresses = match addresses.unwrap_or_else(late) {
        Ok(addresses) if addresses.is_empty() => return Outcome::NoName,
        Ok(addresses) => addresses,
        Err(_) => return Outcome::Unresolved,
    };
    let tries = addresses.into_iter().take(MOST_ADDRESSES);
    let tries = tries.map(|address| host.reach(SocketAddr::new(address, port), CONNECT));
    let mut all = futures::future::join_all(tries).await;
    let works = all.iter().position(|one| *one == Reached::Connected);
    Outcome::Tried(all.swap_remove(works.unwrap_or(0)))
}

fn judge(tried: &[(Proxy, Outcome)], _: &Limits) -> Vec<Finding> {
    if tried.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    tried
        .iter()
        .map(|(proxy, outcome)| one(proxy, outcome))
        .collect()
}

fn one(proxy: &Proxy, outcome: &Outcome) -> Finding {
    let subject = proxy.authority();
    // What only installs programs goes on with those that are there.
    let installs = |source: &String| {
        let places = ["/etc/apt/", "/etc/yum", "/etc/dnf/"];
        places.iter().any(|place| source.starts_with(place))
    };
    let bad = match proxy.sources.iter().all(installs) {
        true => Status::Warning,
        false => Status::Critical,
    };
    let (status, id, why) = match outcome {
        Outcome::Tried(Reached::Connected) => (Status::Ok, "works", None),
        Outcome::Tried(Reached::Refused) => (bad, "refused", None),
        Outcome::Tried(Reached::Silent) => (bad, "silent", None),
        Outcome::Tried(Reached::Forbidden) => (bad, "forbidden", None),
        Outcome::Tried(Reached::Unreachable { why }) => (bad, "unreachable", Some(why)),
        Outcome::NoName => (bad, "no_name", None),
        Outcome::Unresolved => (Status::Unknown, "unresolved", None),
        Outcome::NoPort => (Status::Unknown, "no_port", None),
    };
    let mut arguments = vec![name("proxy", &subject)];
    arguments.extend(why.map(|why| name("why", why)));
    let source = name("source", proxy.sources.join(", "));
    let finding = Finding::new(status, subject)
        .says(id, arguments)
        .evidence(source.clone());
    match status {
        Status::Warning | Status::Critical => finding.because("set_in", vec![source]),
        Status::Ok | Status::Unknown => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(sources: &[&str], outcome: Outcome, expected: &str) {
        let mut proxy = Proxy::parse("http://me:secret@proxy.example:3128", "").unwrap();
        proxy.sources = sources.iter().map(|of| (*of).to_owned()).collect();
        let found = judge(&[(proxy, outcome)], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn a_proxy_that_is_not_there_is_found() {
        let env = &["/etc/environment"][..];
        let set = "because It is set in /etc/environment";
        check(
            env,
            Outcome::Tried(Reached::Connected),
            "ok proxy.example:3128 / The proxy proxy.example:3128 takes connections",
        );
        for (outcome, said) in [
            (
                Outcome::Tried(Reached::Refused),
                "is set, and nobody listens there",
            ),
            (
                Outcome::Tried(Reached::Silent),
                "is set and does not answer",
            ),
            (
                Outcome::Tried(Reached::Unreachable {
                    why: "No route".into(),
                }),
                "is set and cannot be reached: No route",
            ),
            (
                Outcome::Tried(Reached::Forbidden),
                "is set, and this machine's own rules let nothing out to it",
            ),
            (Outcome::NoName, "is set, and there is no such name"),
        ] {
            check(
                env,
                outcome,
                &format!(
                    "critical proxy.example:3128 / The proxy proxy.example:3128 {said} / {set}"
                ),
            );
        }
    }

    #[test]
    fn a_proxy_for_updates_alone_stops_nobodys_work() {
        check(
            &["/etc/apt/apt.conf.d/80proxy"],
            Outcome::NoName,
            "warning proxy.example:3128 / The proxy proxy.example:3128 is set, and there is no such name / because It \
             is set in /etc/apt/apt.conf.d/80proxy",
        );
        check(
            &["/etc/apt/apt.conf", "/etc/environment"],
            Outcome::NoName,
            "critical proxy.example:3128 / The proxy proxy.example:3128 is set, and there is no such name / because \
             It is set in /etc/apt/apt.conf, /etc/environment",
        );
    }

    #[test]
    fn what_cannot_be_asked_cannot_be_told() {
        check(
            &["x"],
            Outcome::Unresolved,
            "unknown proxy.example:3128 / Whether the proxy proxy.example:3128 is there cannot be told: nobody answers \
             for its name",
        );
        check(
            &["x"],
            Outcome::NoPort,
            "unknown proxy.example:3128 / Whether the proxy proxy.example:3128 is there cannot be told: no port is set, \
             and each program has its own idea of it",
        );
        let found = judge(&[], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), "ok / No proxy is set");
    }
}
