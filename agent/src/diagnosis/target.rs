//! What explains that a target is not reached or not trusted, and that an asset does not answer. What it says tells how far the way there went: who was told
//! off by the target itself has a network that works.

use super::{Rule, is_named, rule};
use crate::finding::{Finding, Status};

/// Nothing came back from it, nor from who knows its name.
const UNANSWERED: &[&str] = &["silent", "unreachable", "unresolved"];
/// An asset of which nothing was heard, though somebody may be there.
const UNSEEN: &[&str] = &["no_way", "port_silent", "port_unreachable"];
/// It has taken the connection, and more than a few bytes did not come through.
const CUT_SHORT: &[&str] = &["late", "stalled"];
/// By the device's clock its certificate is too old or too young.
const BY_THE_CLOCK: &[&str] = &["clock", "early", "expired"];

fn says(finding: &Finding, ids: &[&str]) -> bool {
    ids.contains(&finding.message.id.as_ref())
}

const fn of_target(cause: &'static str) -> Rule {
    rule(cause, &["net.target"])
}

const fn below(cause: &'static str) -> Rule {
    Rule {
        reaches: |_, finding| says(finding, UNANSWERED) || says(finding, UNSEEN),
        ..rule(cause, &["net.target", "net.asset"])
    }
}

pub(super) const RULES: &[Rule] = &[
    below("net.link"),
    below("net.dhcp"),
    below("net.address"),
    below("net.route"),
    below("net.ports"),
    below("net.gateway"),
    Rule {
        reaches: |_, finding| says(finding, UNANSWERED) || says(finding, &["forbidden"]),
        ..of_target("net.firewall")
    },
    Rule {
        reaches: |_, finding| says(finding, &["unresolved"]),
        ..of_target("net.resolver")
    },
    Rule {
        reaches: |_, finding| says(finding, &["unresolved"]),
        ..of_target("net.dns")
    },
    // A line of the machine's own leads its name astray, whatever is found there.
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| is_named(finding, "host", &cause.subject),
        ..of_target("net.hosts")
    },
    Rule {
        from: Status::Warning,
        reaches: |cause, finding| is_named(finding, "proxy", &cause.subject),
        ..of_target("net.proxy")
    },
    Rule {
        reaches: |_, finding| says(finding, CUT_SHORT),
        ..of_target("net.mtu")
    },
    Rule {
        reaches: |_, finding| says(finding, BY_THE_CLOCK),
        ..of_target("time.offset")
    },
];

#[cfg(test)]
mod tests {
    use super::super::rank;
    use super::*;
    use crate::finding::name;

    /// What a dead target follows from: `message` is what it says, `cause` a broken check and its subject.
    #[track_caller]
    fn check(message: &'static str, cause: &'static str, status: Status, expected: &str) {
        let (of, subject) = cause.split_once(' ').unwrap_or((cause, ""));
        let mut cause = Finding::new(status, subject);
        cause.check = of;
        let mut dead = Finding::new(Status::Critical, "https://intranet.example/")
            .says(message, vec![])
            .evidence(name("host", "intranet.example"))
            .evidence(name("proxy", "proxy.example:3128"));
        dead.check = "net.target";
        let found = rank(vec![dead, cause], &[]);
        let dead = found.iter().find(|one| one.check == "net.target");
        let by = dead.and_then(|dead| dead.explained_by.clone());
        assert_eq!(by.unwrap_or_default(), expected, "{message} {of}");
    }

    #[test]
    fn whatever_is_broken_below_explains_a_target_from_which_nothing_comes() {
        for cause in [
            "net.link",
            "net.dhcp",
            "net.address",
            "net.route",
            "net.ports",
            "net.gateway",
            "net.firewall",
        ] {
            for said in UNANSWERED {
                check(said, cause, Status::Critical, &format!("{cause}/"));
            }
            check("silent", cause, Status::Warning, "");
            check("refused", cause, Status::Critical, "");
            check("expired", cause, Status::Critical, "");
        }
        check(
            "forbidden",
            "net.firewall",
            Status::Critical,
            "net.firewall/",
        );
        check("forbidden", "net.gateway", Status::Critical, "");
    }

    #[test]
    fn whoever_looks_with_a_broken_network_knows_nothing_of_an_asset() {
        let mut link = Finding::new(Status::Critical, "eth0");
        link.check = "net.link";
        for (said, expected) in [
            ("silent", "net.link/eth0"),
            ("no_way", "net.link/eth0"),
            ("port_silent", "net.link/eth0"),
            ("refused", ""),
        ] {
            let mut asset = Finding::new(Status::Critical, "192.0.2.7").says(said, vec![]);
            asset.check = "net.asset";
            let found = rank(vec![asset, link.clone()], &[]);
            let asset = found.iter().find(|one| one.check == "net.asset");
            let by = asset.and_then(|asset| asset.explained_by.clone());
            assert_eq!(by.unwrap_or_default(), expected, "{said}");
        }
    }

    #[test]
    fn who_names_nobody_explains_a_name_that_is_not_found() {
        for cause in ["net.resolver", "net.dns"] {
            check("unresolved", cause, Status::Critical, &format!("{cause}/"));
            check("silent", cause, Status::Critical, "");
            check("no_name", cause, Status::Critical, "");
        }
    }

    #[test]
    fn a_line_of_its_own_and_its_proxy_explain_a_target() {
        let lie = "net.hosts intranet.example";
        check(
            "refused",
            lie,
            Status::Warning,
            "net.hosts/intranet.example",
        );
        check("refused", "net.hosts other.example", Status::Warning, "");
        let proxy = "net.proxy proxy.example:3128";
        check(
            "no_proxy",
            proxy,
            Status::Critical,
            "net.proxy/proxy.example:3128",
        );
        check(
            "no_proxy",
            "net.proxy other.example:1",
            Status::Critical,
            "",
        );
    }

    #[test]
    fn lost_large_packets_explain_what_stalls() {
        for said in CUT_SHORT {
            check(said, "net.mtu", Status::Critical, "net.mtu/");
        }
        check("silent", "net.mtu", Status::Critical, "");
    }

    #[test]
    fn a_wrong_clock_explains_what_it_takes_for_too_old_or_too_young() {
        for said in BY_THE_CLOCK {
            check(said, "time.offset", Status::Critical, "time.offset/");
        }
        check("other_name", "time.offset", Status::Critical, "");
        check("expired", "time.offset", Status::Warning, "");
    }
}
