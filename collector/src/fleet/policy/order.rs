//! Whether the limits of a warning and of what is critical stand in their order, wherever a policy reaches. Pure.

use std::collections::{HashMap, HashSet};

use sonde_proto::v1;

use super::{DEFAULT, Named, Reaching};

/// A limit as it holds somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub name: String,
    /// In `unit`.
    pub value: f64,
    /// Of the policy that sets it; [`DEFAULT`]: none does.
    pub policy: String,
}

/// Two limits by which a finding is critical before it would be a warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Misordered {
    pub check: String,
    /// As the check declares it.
    pub unit: String,
    pub critical: Held,
    pub warning: Held,
    /// The smaller the value that is judged, the worse.
    pub less_is_worse: bool,
}

impl Reaching {
    /// The same with `named` in the place of the policy of its name.
    #[must_use]
    pub fn with(&self, named: Named) -> Self {
        let others = self.named.iter();
        let others = others.filter(|other| other.name != named.name).cloned();
        let others: Vec<Named> = others.collect();
        Self::new(others.into_iter().chain([named]).collect())
    }

    /// Ids of all devices that policies name.
    pub fn named_devices(&self) -> impl Iterator<Item = &str> {
        self.by_device.keys().map(String::as_str)
    }

    /// The first two limits that are out of order on some device of the fleet, one of them by what `policy` says.
    /// `sites`: the site of each device that policies name. `declared`: what a check declares.
    pub fn misordered<'d>(
        &self,
        policy: &str,
        sites: &HashMap<String, String>,
        declared: impl Fn(&str) -> Option<&'d v1::CheckDeclaration>,
    ) -> Option<Misordered> {
        let all = self.named.iter().position(|one| one.name == policy)?;
        let checks = self.named[all].policy.checks.iter();
        let checks = checks.filter(|(_, rules)| !rules.limits.is_empty());
        let pairs: Vec<Pair<'_>> = checks
            .filter_map(|(id, _)| declared(id))
            .flat_map(pairs_of)
            .collect();
        let ways = self.ways(sites);
        let mut ways: Vec<_> = ways.into_iter().filter(|way| way.contains(&all)).collect();
        ways.sort_unstable();
        ways.iter().find_map(|way| {
            let of = |limit: &v1::LimitDeclaration, check: &str| self.held(way, check, limit);
            pairs.iter().find_map(|pair| {
                let (critical, warning) = (
                    of(pair.critical, &pair.check.id),
                    of(pair.warning, &pair.check.id),
                );
                let is_of_it = critical.policy == policy || warning.policy == policy;
                (is_of_it && pair.is_broken(critical.value, warning.value)).then(|| Misordered {
                    check: pair.check.id.clone(),
                    unit: pair.critical.unit.clone(),
                    critical,
                    warning,
                    less_is_worse: pair.less_is_worse,
                })
            })
        })
    }

    /// The sets of policies that reach devices together.
    fn ways(&self, sites: &HashMap<String, String>) -> HashSet<Vec<usize>> {
        let anywhere = [("", "")].into_iter();
        let of_sites = self.by_site.keys().map(|site| ("", site.as_str()));
        let of_devices = self.named_devices().map(|device| {
            let site = sites.get(device).map_or("", String::as_str);
            (device, site)
        });
        let all = anywhere.chain(of_sites).chain(of_devices);
        all.map(|(device, site)| self.which(device, site)).collect()
    }

    /// What holds where `way` reaches: what the last of them says.
    fn held(&self, way: &[usize], check: &str, limit: &v1::LimitDeclaration) -> Held {
        let said = way.iter().rev().find_map(|n| {
            let named = &self.named[*n];
            let value = named.policy.checks.get(check)?.limits.get(&limit.name)?;
            Some((*value, named.name.as_str()))
        });
        let (value, policy) = said.unwrap_or((limit.default, DEFAULT));
        Held {
            name: limit.name.clone(),
            value,
            policy: policy.to_owned(),
        }
    }
}

/// The limits of one measure, of which the check's own values tell which way is worse.
struct Pair<'d> {
    check: &'d v1::CheckDeclaration,
    critical: &'d v1::LimitDeclaration,
    warning: &'d v1::LimitDeclaration,
    less_is_worse: bool,
}

impl Pair<'_> {
    fn is_broken(&self, critical: f64, warning: f64) -> bool {
        match self.less_is_worse {
            true => critical > warning,
            false => critical < warning,
        }
    }
}

/// `free_critical` and `free_warning` are of one measure; where their own values are the same, they have no order.
fn pairs_of(check: &v1::CheckDeclaration) -> impl Iterator<Item = Pair<'_>> {
    check.limits.iter().filter_map(move |critical| {
        let measure = critical.name.strip_suffix("_critical")?;
        let mut all = check.limits.iter();
        let warning = all.find(|other| other.name.strip_suffix("_warning") == Some(measure))?;
        (critical.default != warning.default).then_some(Pair {
            check,
            critical,
            warning,
            less_is_worse: critical.default < warning.default,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::policy::{CheckRules, Policy};

    fn declared() -> v1::CheckDeclaration {
        let limit = |name: &str, default| v1::LimitDeclaration {
            name: name.into(),
            default,
            unit: "%".into(),
        };
        v1::CheckDeclaration {
            id: "x".into(),
            limits: vec![
                limit("free_critical", 3.0),
                limit("free_warning", 10.0),
                limit("free_enough", 50.0),
                limit("used_warning", 80.0),
                limit("used_critical", 95.0),
                limit("same_warning", 1.0),
                limit("same_critical", 1.0),
            ],
            ..v1::CheckDeclaration::default()
        }
    }

    /// `all: free_warning 5`, one policy each line; `@lab` is a site's, `#d1` a device's, which is in the lab. What is
    /// wrong with the policy of the last line.
    #[track_caller]
    fn check(policies: &str, expected: &str) {
        let mut reaching = Reaching::default();
        let mut last = "";
        for line in policies.split(" / ") {
            let (name, said) = line.split_once(": ").unwrap();
            last = name;
            let words: Vec<&str> = said.split(' ').collect();
            let limits = words.chunks(2);
            let limits = limits.map(|two| (two[0].to_owned(), two[1].parse().unwrap()));
            let limits = limits.collect();
            let rules = CheckRules {
                limits,
                ..CheckRules::default()
            };
            let of = |mark| name.strip_prefix(mark).map(str::to_owned);
            let policy = Policy {
                sites: of('@').into_iter().collect(),
                devices: of('#').into_iter().collect(),
                checks: [("x".to_owned(), rules)].into(),
                ..Policy::default()
            };
            let name = name.to_owned();
            reaching = reaching.with(Named { name, policy });
        }
        let declared = declared();
        let sites = [("d1".to_owned(), "lab".to_owned())].into();
        let found = reaching.misordered(last, &sites, |id| (id == "x").then_some(&declared));
        let held = |held: &Held| format!("{} {} by {}", held.name, held.value, held.policy);
        let said = found.map_or("in order".into(), |found| {
            format!("{}, {}", held(&found.critical), held(&found.warning))
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn what_is_critical_is_never_milder_than_a_warning() {
        check("all: free_warning 30 free_critical 20", "in order");
        check("all: free_warning 20 free_critical 20", "in order");
        check(
            "all: free_warning 5 free_critical 20",
            "free_critical 20 by all, free_warning 5 by all",
        );
        check("all: used_warning 30 used_critical 40", "in order");
        check(
            "all: used_warning 50 used_critical 40",
            "used_critical 40 by all, used_warning 50 by all",
        );
    }

    #[test]
    fn a_limit_alone_is_held_against_the_checks_own() {
        check(
            "all: free_critical 20",
            "free_critical 20 by all, free_warning 10 by default",
        );
        check("all: used_warning 94", "in order");
        check(
            "all: used_warning 96",
            "used_critical 95 by default, used_warning 96 by all",
        );
    }

    #[test]
    fn limits_without_an_order_are_free() {
        check("all: same_critical 9 same_warning 0", "in order");
        check("all: same_critical 0 same_warning 9", "in order");
        check("all: free_enough 5 free_critical 10", "in order");
    }

    #[test]
    fn what_holds_together_somewhere_is_judged_there() {
        check("all: free_warning 30 / @lab: free_critical 20", "in order");
        check(
            "@lab: free_warning 30 / all: free_critical 20",
            "free_critical 20 by all, free_warning 10 by default",
        );
        check(
            "#d1: free_warning 5 / @lab: free_critical 7",
            "free_critical 7 by @lab, free_warning 5 by #d1",
        );
        check("#d2: free_warning 5 / @lab: free_critical 7", "in order");
        // What was wrong before, elsewhere, is nothing to a policy that says nothing of it.
        check("@old: free_critical 20 / @lab: used_warning 70", "in order");
    }
}
