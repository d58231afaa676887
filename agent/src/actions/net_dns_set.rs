//! Sets the name servers that an interface is asked through, or those of /etc/resolv.conf. It is taken back unless the
//! collector is heard afterwards.

use std::net::IpAddr;
use std::time::Duration;

use crate::finding::{Message, Text, count, name};
use crate::host::{Host, Resolver, Unavailable};
use crate::plan::{Plan, Step};
use crate::value::{Parameter, Rule};

use super::net::{self, HEARD_WITHIN, of, run};
use super::{Action, Class, Parameters, Planner, Refusal};

const RESOLV: &str = "/etc/resolv.conf";
/// resolv.conf(5): MAXNS.
const MOST_SERVERS: usize = 3;

pub(super) const ACTION: Action = Action {
    id: "net.dns-set",
    version: 1,
    title_en: "Set the name servers",
    title_fr: "Définir les serveurs de noms",
    class: Class::Disrupt,
    parameters: &[
        net::INTERFACE,
        Parameter {
            name: "servers",
            required: true,
            help_en: "addresses of at most three, separated by commas",
            help_fr: "adresses de trois au plus, séparées par des virgules",
            longest: 128,
            rule: Some(Rule {
                must: "one to three IP addresses, separated by commas",
                holds: |text| servers(text).is_some(),
            }),
            ..Parameter::PLAIN
        },
    ],
    texts: &[
        Text {
            id: "resolved",
            en: "Ask {servers} through {interface}; taken back unless the collector is heard within a minute",
            fr: "Interroger {servers} par {interface} ; annulé si le collecteur n'est pas entendu dans la minute",
            user_en: "The computer asks other servers for names.",
            user_fr: "L'ordinateur demande les noms à d'autres serveurs.",
        },
        Text {
            id: "line",
            en: "Change line {line} of /etc/resolv.conf, to ask {servers}; taken back unless the collector is heard within \
                 a minute",
            fr: "Modifier la ligne {line} de /etc/resolv.conf, pour interroger {servers} ; annulé si le collecteur n'est \
                 pas entendu dans la minute",
            user_en: "The computer asks other servers for names.",
            user_fr: "L'ordinateur demande les noms à d'autres serveurs.",
        },
        Text {
            id: "back",
            en: "Ask the name servers that were asked before",
            fr: "Interroger les serveurs de noms d'avant",
            user_en: "The computer asks its former servers for names.",
            user_fr: "L'ordinateur demande de nouveau les noms à ses anciens serveurs.",
        },
        Text::technician(
            "no_interface",
            "There is no interface {interface}",
            "Il n'y a pas d'interface {interface}",
        ),
        Text::technician(
            "has_them",
            "{servers} are asked already",
            "{servers} sont déjà interrogés",
        ),
        Text::technician(
            "managed",
            "/etc/resolv.conf is a link, a mount or another program's work: what is written there would not stay",
            "/etc/resolv.conf est un lien, un montage ou l'œuvre d'un autre programme : ce qui y est écrit ne resterait pas",
        ),
    ],
    verified_by: "net.dns",
    settle: Duration::from_secs(1),
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

/// Those that a text names; `None`: it is none.
fn servers(text: &str) -> Option<Vec<IpAddr>> {
    let servers: Option<Vec<IpAddr>> = text.split(',').map(|one| one.trim().parse().ok()).collect();
    let plain = |ip: &IpAddr| !ip.is_unspecified() && !ip.is_multicast();
    servers.filter(|all| all.len() <= MOST_SERVERS && all.iter().all(plain))
}

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    let interface = parameters.text("interface");
    let wanted = servers(parameters.text("servers")).unwrap_or_default();
    match host.resolver(interface) {
        Err(Unavailable::Absent { .. }) => Err(Refusal::new("no_interface", of(interface))),
        resolver => plan(interface, &wanted, resolver?),
    }
}

fn plan(interface: &str, wanted: &[IpAddr], resolver: Resolver) -> Result<Plan, Refusal> {
    let wanted: Vec<String> = wanted.iter().map(IpAddr::to_string).collect();
    let said = || name("servers", wanted.join(", "));
    let has_them = || Refusal::new("has_them", vec![said()]);
    let back = || Message::new("back", vec![]);
    let plan = match resolver {
        Resolver::Managed => return Err(Refusal::new("managed", vec![])),
        Resolver::Resolved { servers } => {
            if servers == wanted {
                return Err(has_them());
            }
            let ask = |servers: &[String]| {
                let servers = servers.iter().map(String::as_str);
                let all = ["dns", interface].into_iter().chain(servers);
                run("resolvectl", &all.collect::<Vec<_>>())
            };
            let way_back = match servers.as_slice() {
                // What nobody has set there comes from the configuration.
                [] => run("resolvectl", &["revert", interface]),
                servers => ask(servers),
            };
            Plan::default()
                .step(
                    Message::new("resolved", [vec![said()], of(interface)].concat()),
                    ask(&wanted),
                )
                .or_back(back(), way_back)
        }
        Resolver::File { text } => {
            let mut plan = Plan::default();
            for (line, from, to) in changes(&text, &wanted) {
                let change = |from: Option<String>, to: Option<String>| Step::ChangeLine {
                    path: RESOLV.into(),
                    line,
                    from,
                    to,
                };
                plan = plan
                    .step(
                        Message::new("line", vec![count("line", line.into()), said()]),
                        change(from.clone(), to.clone()),
                    )
                    .or_back(back(), change(to, from));
            }
            if plan.steps.is_empty() {
                return Err(has_them());
            }
            plan
        }
    };
    Ok(plan.unless_heard(HEARD_WITHIN))
}

/// Line, what it reads, what it is to read: the servers' lines from the last on, then those that are new, at the end.
fn changes(text: &str, wanted: &[String]) -> Vec<(u32, Option<String>, Option<String>)> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let server = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next().unwrap_or_default().to_owned())
    };
    let at: Vec<usize> = (0..lines.len())
        .filter(|at| server(lines[*at]).is_some())
        .collect();
    let mut changes = Vec::new();
    for (n, at) in at.iter().enumerate().rev() {
        let to = wanted.get(n);
        if to != server(lines[*at]).as_ref() {
            let to = to.map(|server| format!("nameserver {server}\n"));
            changes.push((*at as u32 + 1, Some(lines[*at].to_owned()), to));
        }
    }
    let end = lines.len() as u32 + 1;
    if let Some(last) = lines.last().filter(|last| !last.ends_with('\n'))
        && wanted.len() > at.len()
        && server(last).is_none()
    {
        let whole = format!("{last}\n");
        changes.push((end - 1, Some((*last).to_owned()), Some(whole)));
    }
    for (line, server) in (end..).zip(wanted.iter().skip(at.len())) {
        changes.push((line, None, Some(format!("nameserver {server}\n"))));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;

    #[track_caller]
    fn check(wanted: &str, resolver: Resolver, expected: &str) {
        let plan = plan("eth0", &servers(wanted).unwrap(), resolver);
        if let Ok(plan) = &plan {
            assert_eq!(plan.unless_heard, Some(HEARD_WITHIN));
        }
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[test]
    fn only_addresses_are_servers() {
        for text in [
            "192.0.2.1",
            "192.0.2.1, 2001:db8::1",
            "1.1.1.1,2.2.2.2,3.3.3.3",
        ] {
            assert!(servers(text).is_some(), "{text}");
        }
        for text in [
            "",
            "a",
            "192.0.2.1;reboot",
            "0.0.0.0",
            "224.0.0.1",
            "1.1.1.1,,",
            "--all",
        ] {
            assert_eq!(servers(text), None, "{text}");
        }
        assert_eq!(servers("1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4"), None);
    }

    #[test]
    fn resolved_is_told_and_told_back() {
        let ask = "Ask 192.0.2.1, 192.0.2.2 through eth0; taken back unless the collector is heard within a minute: \
                   resolvectl dns eth0 192.0.2.1 192.0.2.2";
        let resolved = |servers: &[&str]| Resolver::Resolved {
            servers: servers.iter().map(|one| (*one).to_owned()).collect(),
        };
        check(
            "192.0.2.1,192.0.2.2",
            resolved(&[]),
            &format!("{ask} (back: resolvectl revert eth0)"),
        );
        check(
            "192.0.2.1,192.0.2.2",
            resolved(&["192.0.2.9"]),
            &format!("{ask} (back: resolvectl dns eth0 192.0.2.9)"),
        );
        check(
            "192.0.2.1",
            resolved(&["192.0.2.1"]),
            "refused: 192.0.2.1 are asked already",
        );
    }

    #[test]
    fn what_another_program_writes_is_left_to_it() {
        check(
            "192.0.2.1",
            Resolver::Managed,
            "refused: /etc/resolv.conf is a link, a mount or another program's work: what is written there would not stay",
        );
    }

    #[track_caller]
    fn check_file(before: &str, wanted: &[&str], expected: &str) {
        let wanted: Vec<String> = wanted.iter().map(|one| (*one).to_owned()).collect();
        let mut lines: Vec<String> = before.split_inclusive('\n').map(str::to_owned).collect();
        for (line, from, to) in changes(before, &wanted) {
            let at = line as usize - 1;
            if let Some(from) = from {
                assert_eq!(lines.remove(at), from);
            }
            if let Some(to) = to {
                lines.insert(at, to);
            }
        }
        assert_eq!(lines.concat(), expected);
    }

    #[test]
    fn the_files_other_lines_stay() {
        check_file(
            "nameserver a\nsearch x\n",
            &["b"],
            "nameserver b\nsearch x\n",
        );
        check_file(
            "search x\nnameserver a\nnameserver b\n",
            &["c"],
            "search x\nnameserver c\n",
        );
        check_file(
            "nameserver a\noptions y",
            &["a", "b"],
            "nameserver a\noptions y\nnameserver b\n",
        );
        check_file("", &["a"], "nameserver a\n");
        check_file("nameserver a", &["b", "c"], "nameserver b\nnameserver c\n");
        assert_eq!(changes("nameserver a\n", &["a".to_owned()]), []);
    }
}
