//! Takes a name out of /etc/hosts that leads to a wrong address.

use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use crate::finding::{Message, Text, count, name};
use crate::host::Host;
use crate::plan::{Plan, Step};
use crate::value::{Parameter, Rule};

use super::{Action, Class, Parameters, Planner, Refusal};

const HOSTS: &str = "/etc/hosts";
/// What every machine calls itself.
const LOCAL: &[&str] = &["localhost", "ip6-localhost", "ip6-loopback"];
/// Of a name (RFC 1035 §2.3.4).
const LONGEST_NAME: u32 = 253;
/// Lines of one plan.
const MOST_LINES: usize = 32;

pub(super) const ACTION: Action = Action {
    id: "net.hosts-remove",
    version: 1,
    title_en: "Take a name out of /etc/hosts",
    title_fr: "Retirer un nom de /etc/hosts",
    class: Class::Repair,
    parameters: &[
        Parameter {
            name: "name",
            required: true,
            help_en: "the name that is led astray",
            help_fr: "le nom qui est mal orienté",
            longest: LONGEST_NAME,
            rule: Some(Rule {
                must: "the name of a host",
                holds: is_name,
            }),
            ..Parameter::PLAIN
        },
        Parameter {
            name: "address",
            required: true,
            help_en: "the address that it is led to",
            help_fr: "l'adresse à laquelle il mène",
            longest: 45,
            rule: Some(Rule {
                must: "an IP address",
                holds: |text| text.parse::<IpAddr>().is_ok(),
            }),
            ..Parameter::PLAIN
        },
    ],
    texts: &[
        Text {
            id: "remove",
            en: "Remove line {line} of /etc/hosts, which leads {name} to {address}",
            fr: "Supprimer la ligne {line} de /etc/hosts, qui mène {name} à {address}",
            user_en: "A name that leads to the wrong place is looked up afresh.",
            user_fr: "Un nom qui mène au mauvais endroit est recherché à nouveau.",
        },
        Text {
            id: "cut",
            en: "Take {name} out of line {line} of /etc/hosts, which leads it to {address}; its other names stay",
            fr: "Retirer {name} de la ligne {line} de /etc/hosts, qui le mène à {address} ; ses autres noms restent",
            user_en: "A name that leads to the wrong place is looked up afresh.",
            user_fr: "Un nom qui mène au mauvais endroit est recherché à nouveau.",
        },
        Text {
            id: "restore",
            en: "Put line {line} of /etc/hosts back as it was",
            fr: "Remettre la ligne {line} de /etc/hosts comme avant",
            user_en: "A name leads where it led before.",
            user_fr: "Un nom mène de nouveau là où il menait.",
        },
        Text::technician(
            "no_entry",
            "No line of /etc/hosts leads {name} to {address}",
            "Aucune ligne de /etc/hosts ne mène {name} à {address}",
        ),
        Text::technician(
            "itself",
            "{name} is this machine itself, and {address} is where it should lead",
            "{name} est cette machine elle-même, et c'est à {address} qu'il doit mener",
        ),
        Text::technician(
            "not_text",
            "Line {line} of /etc/hosts holds bytes that are no text; it is left for somebody at the machine",
            "La ligne {line} de /etc/hosts contient des octets qui ne sont pas du texte ; elle est laissée à quelqu'un \
             devant la machine",
        ),
        Text::technician(
            "covered",
            "/etc/hosts is a mount of its own: whoever made this container keeps it",
            "/etc/hosts est un montage à part : c'est à celui qui a créé ce conteneur de le tenir",
        ),
    ],
    verified_by: "net.hosts",
    settle: Duration::ZERO,
    can_undo: true,
    runs_as: "root",
    plan: Planner(|host, parameters| Box::pin(async { look_and_plan(host, parameters) })),
};

/// Letters of any language, since many a resolver takes them; no option, no path.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '.'])
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn look_and_plan(host: &Host, parameters: &Parameters) -> Result<Plan, Refusal> {
    if host.filesystems()?.iter().any(|fs| fs.mount == HOSTS) {
        return Err(Refusal::new("covered", vec![]));
    }
    let (of, address) = (parameters.text("name"), parameters.text("address"));
    plan(&host.hosts_file()?, of, address, host.name().as_deref())
}

/// `own`: the machine's name.
fn plan(hosts: &str, of: &str, address: &str, own: Option<&str>) -> Result<Plan, Refusal> {
    let both = || vec![name("name", of), name("address", address)];
    let no_entry = || Refusal::new("no_entry", both());
    let Ok(ip) = address.parse::<IpAddr>() else {
        return Err(no_entry());
    };
    let is = |other: &str| other.eq_ignore_ascii_case(of);
    let is_own = LOCAL.iter().any(|local| is(local)) || own.is_some_and(is);
    if ip.is_loopback() && is_own {
        return Err(Refusal::new("itself", both()));
    }
    let mut plan = Plan::default();
    // From the last line on, so that no removal moves a line that is still to go.
    let lines: Vec<&str> = hosts.split_inclusive('\n').collect();
    for (at, line) in lines.into_iter().enumerate().rev() {
        let Some(entry) = entry(line, ip, of) else {
            continue;
        };
        if plan.steps.len() == MOST_LINES {
            break;
        }
        let number = || count("line", at as u64 + 1);
        if line.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Refusal::new("not_text", vec![number()]));
        }
        let rest = entry.rest(line);
        let id = if rest.is_some() { "cut" } else { "remove" };
        let change = |from: Option<String>, to: Option<String>| Step::ChangeLine {
            path: HOSTS.into(),
            line: at as u32 + 1,
            from,
            to,
        };
        let was = Some(line.to_owned());
        plan = plan
            .step(
                Message::new(id, [vec![number()], both()].concat()),
                change(was.clone(), rest.clone()),
            )
            .or_back(Message::new("restore", vec![number()]), change(rest, was));
    }
    match plan.steps.is_empty() {
        true => Err(no_entry()),
        false => Ok(plan),
    }
}

/// A line that leads the name there.
struct Entry {
    /// Where the name stands in the line, with the space before it.
    names: Vec<Range<usize>>,
    has_others: bool,
}

impl Entry {
    /// What is left of the line without the name; `None`: nothing.
    fn rest(&self, line: &str) -> Option<String> {
        let mut rest = line.to_owned();
        for name in self.names.iter().rev() {
            rest.replace_range(name.clone(), "");
        }
        self.has_others.then_some(rest)
    }
}

/// Address, names; what follows a `#` says nothing (hosts(5)).
fn entry(line: &str, ip: IpAddr, of: &str) -> Option<Entry> {
    let said = line.split('#').next()?;
    let mut words = said.split_ascii_whitespace();
    // A zone says where an address lies, not which one it is.
    let address: IpAddr = words.next()?.split('%').next()?.parse().ok()?;
    if address != ip {
        return None;
    }
    let mut entry = Entry {
        names: Vec::new(),
        has_others: false,
    };
    for word in words {
        // Words are slices of the line.
        let start = word.as_ptr() as usize - line.as_ptr() as usize;
        if word.eq_ignore_ascii_case(of) {
            let before = line[..start].trim_ascii_end().len();
            entry.names.push(before..start + word.len());
        } else {
            entry.has_others = true;
        }
    }
    (!entry.names.is_empty()).then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::shown_plans::show;
    use crate::value::Value;

    #[track_caller]
    fn check(hosts: &str, of: &str, address: &str, expected: &str) {
        let plan = plan(hosts, of, address, Some("desk-7"));
        assert_eq!(show(&ACTION, &plan), expected);
    }

    #[tokio::test]
    async fn what_is_no_name_or_no_address_is_refused() {
        let host = crate::host::recorded::Tree::new(&[]).host();
        for (of, address, expected) in [
            ("a;reboot", "192.0.2.9", "Parameter name"),
            ("../etc", "192.0.2.9", "Parameter name"),
            ("-all", "192.0.2.9", "Parameter name"),
            ("", "192.0.2.9", "Parameter name"),
            ("a\nb", "192.0.2.9", "Parameter name"),
            ("shop", "192.0.2", "Parameter address"),
            ("shop", "192.0.2.9 x", "Parameter address"),
        ] {
            let given = [("name", of), ("address", address)];
            let given = given.map(|(name, value)| (name.to_owned(), Value::from(value)));
            let planned = ACTION.plan(&host, &Parameters(given.into())).await;
            let said = planned.unwrap_err().to_string();
            assert!(said.starts_with(expected), "{of} {address}: {said}");
        }
    }

    #[test]
    fn the_machines_own_place_is_left_alone() {
        for of in ["localhost", "LOCALHOST", "desk-7"] {
            let hosts = "127.0.0.1 localhost\n127.0.1.1 desk-7\n";
            check(
                hosts,
                of,
                "127.0.0.1",
                &format!(
                    "refused: {of} is this machine itself, and 127.0.0.1 is where it should lead"
                ),
            );
        }
        check(
            "192.0.2.9 shop # 192.0.2.8 shop\n",
            "shop",
            "192.0.2.8",
            "refused: No line of /etc/hosts leads shop to 192.0.2.8",
        );
    }

    #[test]
    fn a_line_goes_and_its_other_names_stay() {
        check(
            "127.0.0.1 localhost\n203.0.113.9\tlocalhost # old\n",
            "localhost",
            "203.0.113.9",
            "Remove line 2 of /etc/hosts, which leads localhost to 203.0.113.9: \
             /etc/hosts:2 -203.0.113.9\tlocalhost # old (back: /etc/hosts:2 +203.0.113.9\tlocalhost # old)",
        );
        check(
            "192.0.2.9  web\tShop shop  db # x\n",
            "shop",
            "192.0.2.9",
            "Take shop out of line 1 of /etc/hosts, which leads it to 192.0.2.9; its other names stay: /etc/hosts:1 \
             -192.0.2.9  web\tShop shop  db # x +192.0.2.9  web  db # x (back: /etc/hosts:1 -192.0.2.9  web  db # x \
             +192.0.2.9  web\tShop shop  db # x)",
        );
    }

    #[test]
    fn of_several_lines_the_last_goes_first() {
        let plan = plan("192.0.2.9 a\n\n192.0.2.9 a\n", "a", "192.0.2.9", None).unwrap();
        let lines = plan.steps.iter().map(|step| step.step.exact().remove(0));
        assert_eq!(lines.collect::<Vec<_>>(), ["/etc/hosts:3", "/etc/hosts:1"]);
        check(
            "192.0.2.9 a \u{fffd}\n",
            "a",
            "192.0.2.9",
            "refused: Line 1 of /etc/hosts holds bytes that are no text; it is left for somebody at the machine",
        );
    }
}
