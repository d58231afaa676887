//! Finds a /etc/resolv.conf that names nobody to ask, or one who does not answer before one who does.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, duration, name};
use crate::host::{Asked, Host, Reached, Reply, ResolverFile, Unavailable};

use super::{Check, Limit, Limits, Run};

/// The servers that programs ask themselves, in this order.
const FILE: &str = "/etc/resolv.conf";

pub(super) const CHECK: Check = Check {
    id: "net.resolver",
    number: 38,
    version: 1,
    title_en: "Whom this machine asks for names",
    title_fr: "À qui cette machine demande les noms",
    every: Duration::from_secs(60),
    limits: &[Limit::seconds("slow_warning", 0.4)],
    remedies: &["net.dns-set"],
    texts: &[
        Text {
            id: "names",
            en: "/etc/resolv.conf names {servers} name servers",
            fr: "/etc/resolv.conf nomme {servers} serveurs de noms",
            user_en: "The computer knows whom to ask for names.",
            user_fr: "L'ordinateur sait à qui demander les noms.",
        },
        Text::technician(
            "isolated",
            "This container has no network of its own but its loopback",
            "Ce conteneur n'a pas d'autre réseau que sa boucle locale",
        ),
        Text::technician(
            "local",
            "/etc/resolv.conf names no name server; the one on this machine answers",
            "/etc/resolv.conf ne nomme aucun serveur de noms ; celui de cette machine répond",
        ),
        Text {
            id: "missing",
            en: "There is no /etc/resolv.conf: programs find no names",
            fr: "/etc/resolv.conf n'existe pas : les programmes ne trouvent aucun nom",
            user_en: "The computer does not know whom to ask for names.",
            user_fr: "L'ordinateur ne sait pas à qui demander les noms.",
        },
        Text {
            id: "dangling",
            en: "/etc/resolv.conf is a link to {target}, which is not there: programs find no names",
            fr: "/etc/resolv.conf est un lien vers {target}, qui n'existe pas : les programmes ne trouvent aucun nom",
            user_en: "The computer does not know whom to ask for names.",
            user_fr: "L'ordinateur ne sait pas à qui demander les noms.",
        },
        Text {
            id: "empty",
            en: "/etc/resolv.conf names no name server: programs find no names",
            fr: "/etc/resolv.conf ne nomme aucun serveur de noms : les programmes ne trouvent aucun nom",
            user_en: "The computer does not know whom to ask for names.",
            user_fr: "L'ordinateur ne sait pas à qui demander les noms.",
        },
        Text {
            id: "wrong",
            en: "/etc/resolv.conf names a name server by {word}, which is no address",
            fr: "/etc/resolv.conf nomme un serveur de noms par {word}, qui n'est pas une adresse",
            user_en: "The computer may not find names on the network.",
            user_fr: "L'ordinateur peut ne pas trouver de noms sur le réseau.",
        },
        Text {
            id: "unreadable",
            en: "Only its owner may read /etc/resolv.conf: programs of other users find no names",
            fr: "Seul son propriétaire peut lire /etc/resolv.conf : les programmes des autres ne trouvent aucun nom",
            user_en: "The computer may not find names on the network.",
            user_fr: "L'ordinateur peut ne pas trouver de noms sur le réseau.",
        },
        Text {
            id: "first_silent",
            en: "The first name server, {server}, does not answer: every program waits for it before it asks the next",
            fr: "Le premier serveur de noms, {server}, ne répond pas : chaque programme l'attend avant de passer au suivant",
            user_en: "Finding names on the network is slow.",
            user_fr: "La recherche de noms sur le réseau est lente.",
        },
        Text {
            id: "first_slow",
            en: "The first name server, {server}, takes {after}; another one answers within {other}",
            fr: "Le premier serveur de noms, {server}, met {after} ; un autre répond en {other}",
            user_en: "Finding names on the network is slow.",
            user_fr: "La recherche de noms sur le réseau est lente.",
        },
        Text::technician(
            "no_service",
            "The service that writes it, {service}, does not run",
            "Le service qui l'écrit, {service}, ne fonctionne pas",
        ),
    ],
    ticket_worthy: false,
    run: Run::Away(|host, limits| {
        Box::pin(async {
            if host.is_isolated() {
                return Ok(vec![Finding::new(Status::Ok, "").says("isolated", vec![])]);
            }
            let (file, asked) = observe(host).await?;
            Ok(judge(&file, &asked, limits))
        })
    }),
};

async fn observe(host: &Host) -> Result<(ResolverFile, Vec<Asked>), Unavailable> {
    Ok((host.resolver_file()?, host.ask_name_servers().await?))
}

fn judge(file: &ResolverFile, asked: &[Asked], limits: &Limits) -> Vec<Finding> {
    let finding = |status, id, arguments| Finding::new(status, "").says(id, arguments);
    let critical = |id, arguments| vec![finding(Status::Critical, id, arguments)];
    // resolv.conf(5): without any, programs ask the machine itself.
    let is_local = asked.iter().any(|one| one.is_implied && one.works());
    match file {
        ResolverFile::Missing
        | ResolverFile::Dangling { .. }
        | ResolverFile::Read { n_servers: 0, .. }
            if is_local =>
        {
            vec![finding(Status::Ok, "local", vec![])]
        }
        ResolverFile::Missing => critical("missing", vec![]),
        ResolverFile::Dangling { target } => {
            let found = critical("dangling", vec![name("target", target)]);
            let because = |one: Finding| match writer(target) {
                Some(service) => one.because("no_service", vec![name("service", service)]),
                None => one,
            };
            found.into_iter().map(because).collect()
        }
        ResolverFile::Read {
            n_servers: 0,
            wrong,
            ..
        } => match wrong.first() {
            Some(word) => critical("wrong", vec![name("word", word)]),
            None => critical("empty", vec![]),
        },
        ResolverFile::Read {
            by_all,
            n_servers,
            wrong,
        } => {
            let mut findings = Vec::new();
            if !by_all {
                findings.push(Finding::new(Status::Warning, FILE).says("unreadable", vec![]));
            }
            if let Some(word) = wrong.first() {
                let word = vec![name("word", word)];
                findings.push(finding(Status::Warning, "wrong", word));
            }
            findings.extend(first(asked, limits));
            if findings.is_empty() {
                let servers = count("servers", *n_servers as u64);
                findings.push(finding(Status::Ok, "names", vec![servers]));
            }
            findings
        }
    }
}

/// Programs wait for who is silent or slow; from who refuses they go on at once.
fn first(asked: &[Asked], limits: &Limits) -> Option<Finding> {
    let mut own = asked.iter().filter(|one| one.server.source == FILE);
    let first = own.next()?;
    let fastest = own.filter_map(|one| one.reply().worked()).min()?;
    let subject = first.server.address.to_string();
    let finding = Finding::new(Status::Warning, &subject);
    let server = name("server", subject);
    let slow = Duration::from_secs_f64(limits.get("slow_warning").max(0.0));
    match first.reply() {
        Reply::Failed(Reached::Silent) => Some(finding.says("first_silent", vec![server])),
        Reply::Answered { after, .. } if *after > slow && fastest * 2 < *after => {
            let after = duration("after", after.as_micros() as i64);
            let other = duration("other", fastest.as_micros() as i64);
            Some(finding.says("first_slow", vec![server, after, other]))
        }
        Reply::Answered { .. } | Reply::Failed(_) => None,
    }
}

/// Who makes what the usual links lead to.
fn writer(target: &str) -> Option<&'static str> {
    const WRITERS: &[(&str, &str)] = &[
        ("run/systemd/resolve/", "systemd-resolved"),
        ("run/NetworkManager/", "NetworkManager"),
        ("run/resolvconf/", "resolvconf"),
        ("run/connman/", "connman"),
    ];
    let writes = |(part, _): &&(&str, &str)| target.contains(part);
    WRITERS.iter().find(writes).map(|(_, service)| *service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::NameServer;
    use std::collections::BTreeSet;

    fn asked(address: &str, works: bool) -> Asked {
        let reply = match works {
            true => Reply::Answered {
                code: 0,
                addresses: BTreeSet::new(),
                after: Duration::from_millis(1),
            },
            false => Reply::Failed(Reached::Silent),
        };
        Asked {
            server: NameServer {
                address: address.parse().unwrap(),
                scope_id: 0,
                position: 1,
                source: FILE,
                search: Vec::new(),
            },
            is_implied: false,
            own: reply.clone(),
            root: reply.clone(),
            nowhere: [reply.clone(), reply],
            collector: None,
        }
    }

    fn read(by_all: bool, n_servers: usize, wrong: &[&str]) -> ResolverFile {
        ResolverFile::Read {
            by_all,
            n_servers,
            wrong: wrong.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    #[track_caller]
    fn check(file: &ResolverFile, asked: &[Asked], expected: &str) {
        assert_eq!(show(&CHECK, &judge(file, asked, &limits(&CHECK))), expected);
    }

    #[test]
    fn a_file_that_names_nobody_is_found() {
        let nobody = "programs find no names";
        check(
            &ResolverFile::Missing,
            &[],
            &format!("critical / There is no /etc/resolv.conf: {nobody}"),
        );
        let target = "../run/systemd/resolve/stub-resolv.conf".to_owned();
        check(
            &ResolverFile::Dangling { target },
            &[],
            &format!(
                "critical / /etc/resolv.conf is a link to ../run/systemd/resolve/stub-resolv.conf, which is not there: \
                 {nobody} / because The service that writes it, systemd-resolved, does not run"
            ),
        );
        check(
            &read(true, 0, &[]),
            &[],
            &format!("critical / /etc/resolv.conf names no name server: {nobody}"),
        );
        check(
            &read(true, 0, &["dns.example"]),
            &[],
            "critical / /etc/resolv.conf names a name server by dns.example, which is no address",
        );
    }

    #[test]
    fn a_name_server_of_the_machine_itself_needs_no_file() {
        let mut local = asked("127.0.0.1", true);
        local.is_implied = true;
        check(
            &ResolverFile::Missing,
            &[local],
            "ok / /etc/resolv.conf names no name server; the one on this machine answers",
        );
    }

    #[test]
    fn what_is_only_half_of_use_is_a_warning() {
        check(
            &read(false, 1, &["x"]),
            &[asked("192.0.2.1", true)],
            "warning /etc/resolv.conf / Only its owner may read /etc/resolv.conf: programs of other users find no names\n\
             warning / /etc/resolv.conf names a name server by x, which is no address",
        );
    }

    #[test]
    fn a_slow_first_server_before_a_fast_one_is_found() {
        let after = |ms| Reply::Answered {
            code: 0,
            addresses: BTreeSet::new(),
            after: Duration::from_millis(ms),
        };
        let of = |address, ms| {
            let mut one = asked(address, true);
            one.own = after(ms);
            one
        };
        check(
            &read(true, 2, &[]),
            &[of("192.0.2.1", 700), of("192.0.2.2", 5)],
            "warning 192.0.2.1 / The first name server, 192.0.2.1, takes 700 ms; another one answers within 5 ms",
        );
        // A far network makes all of them slow.
        check(
            &read(true, 2, &[]),
            &[of("192.0.2.1", 700), of("192.0.2.2", 650)],
            "ok / /etc/resolv.conf names 2 name servers",
        );
    }

    #[test]
    fn a_silent_first_server_makes_every_program_wait() {
        let well = "ok / /etc/resolv.conf names 2 name servers";
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        check(
            &read(true, 2, &[]),
            &[asked(first, false), asked(second, true)],
            "warning 192.0.2.1 / The first name server, 192.0.2.1, does not answer: every program waits for it \
             before it asks the next",
        );
        check(
            &read(true, 2, &[]),
            &[asked(first, true), asked(second, false)],
            well,
        );
        // All silent is not a matter of the order; one that refuses costs no time.
        check(
            &read(true, 2, &[]),
            &[asked(first, false), asked(second, false)],
            well,
        );
        let mut refuses = asked(first, false);
        refuses.own = Reply::Failed(Reached::Refused);
        refuses.root = Reply::Failed(Reached::Refused);
        check(&read(true, 2, &[]), &[refuses, asked(second, true)], well);
        // Those behind a stub are its own business.
        let mut behind = asked(first, false);
        behind.server.source = "/run/systemd/resolve/resolv.conf";
        check(&read(true, 2, &[]), &[behind, asked(second, true)], well);
    }
}
