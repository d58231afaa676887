//! Policies: which checks run on which devices, how often, with which limits, and what their findings open. Pure.

mod order;

pub use order::{Held, Misordered};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sonde_proto::v1;

use super::checks::Limits;

/// Policies of a collector, at most.
pub const MOST: usize = 200;
/// The name of what holds where no policy says otherwise.
pub const DEFAULT: &str = "default";

/// What one policy says. What it leaves out is said by a policy with a wider reach, or by the default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// For people.
    pub description: String,
    /// Names of sites. Neither sites nor devices: the whole fleet.
    pub sites: Vec<String>,
    /// Ids of devices.
    pub devices: Vec<String>,
    /// By the id of a check.
    #[schema(value_type = Object)]
    pub checks: BTreeMap<String, CheckRules>,
    /// No ticket is opened for a device within so long after its enrolment; a day by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settling_seconds: Option<u32>,
}

/// What a policy says about one check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckRules {
    /// How often it runs; 0: only when asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u32>,
    /// By the name of a limit, in its unit.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, f64>,
    /// Addresses that it tries: `tcp://host:port`, `tls://host:port`, `http://host[:port]/path`,
    /// `https://host[:port]/path`; 20 at most. Only for checks that take targets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// A finding that lasts so long becomes an alert; two minutes by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_seconds: Option<u32>,
    /// An alert whose finding is ok for so long is cleared; five minutes by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clear_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<Opens>,
}

/// What a finding that lasts opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    Nothing,
    Alert,
    /// An alert, and a ticket when it is critical.
    Ticket,
    /// An alert with a ticket.
    TicketOnWarning,
}

/// A policy under its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub name: String,
    pub policy: Policy,
}

/// When a check's finding becomes an alert, and what that opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub hold_us: i64,
    pub clear_us: i64,
    /// None: a ticket where the check was declared worthy of one, else an alert.
    pub opens: Option<Opens>,
}

/// What all policies together say about one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effective {
    /// Those that reach it, the widest reach first: what a later one says holds.
    pub names: Vec<String>,
    pub checks: BTreeMap<String, CheckRules>,
    settling_seconds: Option<u32>,
    /// Which policy says what each check's findings open.
    openers: BTreeMap<String, String>,
}

/// Policies by whom they reach. The wider come first; of the same reach, by name.
#[derive(Debug, Default)]
pub struct Reaching {
    named: Vec<Named>,
    fleet: Vec<usize>,
    by_site: HashMap<String, Vec<usize>>,
    by_device: HashMap<String, Vec<usize>>,
}

impl Reaching {
    pub fn new(mut named: Vec<Named>) -> Self {
        named.sort_by(|a, b| a.name.cmp(&b.name));
        let mut reaching = Self::default();
        for (n, Named { policy, .. }) in named.iter().enumerate() {
            if policy.sites.is_empty() && policy.devices.is_empty() {
                reaching.fleet.push(n);
            }
            for (index, names) in [
                (&mut reaching.by_site, &policy.sites),
                (&mut reaching.by_device, &policy.devices),
            ] {
                for name in names {
                    let of = index.entry(name.clone()).or_default();
                    if of.last() != Some(&n) {
                        of.push(n);
                    }
                }
            }
        }
        reaching.named = named;
        reaching
    }

    /// Which reach a device of a site, each by the closest that it names.
    fn which(&self, device: &str, site: &str) -> Vec<usize> {
        let own = self.by_device.get(device).map_or(&[][..], Vec::as_slice);
        let of_site = self.by_site.get(site).map_or(&[][..], Vec::as_slice);
        let wider = self.fleet.iter().chain(of_site);
        let wider = wider.filter(|n| !own.contains(n));
        wider.chain(own).copied().collect()
    }

    /// What holds for a device of a site. Of policies with the same reach, the later name's holds.
    pub fn resolve(&self, device: &str, site: &str) -> Effective {
        merged(self.which(device, site).iter().map(|n| &self.named[*n]))
    }
}

/// What holds for many devices: those that the same policies reach share it.
#[derive(Default)]
pub struct Shared(HashMap<Vec<usize>, Arc<Effective>>);

impl Shared {
    /// The same as [`Reaching::resolve`], of one `reaching` only.
    pub fn of(&mut self, reaching: &Reaching, device: &str, site: &str) -> Arc<Effective> {
        let which = reaching.which(device, site);
        if let Some(known) = self.0.get(&which) {
            return Arc::clone(known);
        }
        let effective = Arc::new(merged(which.iter().map(|n| &reaching.named[*n])));
        self.0.insert(which, Arc::clone(&effective));
        effective
    }
}

fn merged<'p>(reaching: impl Iterator<Item = &'p Named>) -> Effective {
    let mut effective = Effective::default();
    for named in reaching {
        effective.names.push(named.name.clone());
        let said = named.policy.settling_seconds;
        effective.settling_seconds = said.or(effective.settling_seconds);
        for (check, rules) in &named.policy.checks {
            let before = effective.checks.entry(check.clone()).or_default();
            before.every_seconds = rules.every_seconds.or(before.every_seconds);
            before.hold_seconds = rules.hold_seconds.or(before.hold_seconds);
            before.clear_seconds = rules.clear_seconds.or(before.clear_seconds);
            if let Some(opens) = rules.opens {
                before.opens = Some(opens);
                effective.openers.insert(check.clone(), named.name.clone());
            }
            if !rules.targets.is_empty() {
                before.targets.clone_from(&rules.targets);
            }
            let limits = rules.limits.iter();
            before
                .limits
                .extend(limits.map(|(name, value)| (name.clone(), *value)));
        }
    }
    effective
}

impl Effective {
    pub fn rules(&self, check: &str) -> Rules {
        let said = self.checks.get(check);
        let us = |seconds: Option<u32>, default_us| {
            seconds.map_or(default_us, |seconds| i64::from(seconds) * 1_000_000)
        };
        Rules {
            hold_us: us(said.and_then(|said| said.hold_seconds), 2 * 60_000_000),
            clear_us: us(said.and_then(|said| said.clear_seconds), 5 * 60_000_000),
            opens: said.and_then(|said| said.opens),
        }
    }

    /// The policy that says what the findings of a check open.
    pub fn author(&self, check: &str) -> &str {
        self.openers.get(check).map_or(DEFAULT, String::as_str)
    }

    /// Microseconds after its enrolment for which no ticket is opened.
    pub fn settling_us(&self) -> i64 {
        self.settling_seconds
            .map_or(86_400_000_000, |seconds| i64::from(seconds) * 1_000_000)
    }

    /// Limits of the checks that only the collector makes.
    pub fn limits(&self) -> Limits {
        let default = Limits::default();
        let us = |check: &str, name: &str, default_us: i64| {
            let said = self
                .checks
                .get(check)
                .and_then(|said| said.limits.get(name));
            said.map_or(default_us, |seconds| (seconds * 1e6) as i64)
        };
        Limits {
            silent_us: us("device.silent", "silent", default.silent_us),
            clock_warning_us: us("device.clock", "offset_warning", default.clock_warning_us),
            clock_critical_us: us("device.clock", "offset_critical", default.clock_critical_us),
        }
    }

    /// What the device is told.
    pub fn schedule(&self) -> v1::Schedule {
        let checks = self
            .checks
            .iter()
            .filter(|(_, said)| {
                said.every_seconds.is_some() || !said.limits.is_empty() || !said.targets.is_empty()
            })
            .map(|(check, said)| v1::CheckSchedule {
                check: check.clone(),
                every_us: said
                    .every_seconds
                    .map(|seconds| i64::from(seconds) * 1_000_000),
                limits: said
                    .limits
                    .iter()
                    .map(|(name, value)| v1::LimitValue {
                        name: name.clone(),
                        value: *value,
                    })
                    .collect(),
                targets: said.targets.clone(),
            });
        v1::Schedule {
            checks: checks.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, json: &str) -> Named {
        Named {
            name: name.into(),
            policy: serde_json::from_str(json).unwrap(),
        }
    }

    fn policies() -> Vec<Named> {
        vec![
            named(
                "own",
                r#"{"devices":["d1"],"checks":{"disk.space":{"limits":{"free_warning":30}}}}"#,
            ),
            named(
                "all",
                r#"{"checks":{"disk.space":{"every_seconds":600,"hold_seconds":60,"limits":{"free_warning":10,"free_critical":2}}},
                   "settling_seconds":60}"#,
            ),
            named(
                "lab",
                r#"{"sites":["lab"],"checks":{"disk.space":{"every_seconds":0},"device.silent":{"limits":{"silent":60}}}}"#,
            ),
        ]
    }

    #[track_caller]
    fn check(device: &str, site: &str, names: &str, disk_space: &str) {
        let effective = Reaching::new(policies()).resolve(device, site);
        assert_eq!(effective.names.join(" "), names);
        let said = serde_json::to_string(&effective.checks["disk.space"]).unwrap();
        assert_eq!(said, disk_space);
    }

    #[test]
    fn the_closest_policy_holds_and_leaves_the_rest_to_the_others() {
        check(
            "d9",
            "here",
            "all",
            r#"{"every_seconds":600,"limits":{"free_critical":2.0,"free_warning":10.0},"hold_seconds":60}"#,
        );
        check(
            "d9",
            "lab",
            "all lab",
            r#"{"every_seconds":0,"limits":{"free_critical":2.0,"free_warning":10.0},"hold_seconds":60}"#,
        );
        check(
            "d1",
            "lab",
            "all lab own",
            r#"{"every_seconds":0,"limits":{"free_critical":2.0,"free_warning":30.0},"hold_seconds":60}"#,
        );
    }

    #[test]
    fn the_default_holds_where_nothing_is_said() {
        let effective = Reaching::new(policies()).resolve("d9", "lab");
        let rules = |hold_us, opens| Rules {
            hold_us,
            clear_us: 300_000_000,
            opens,
        };
        assert_eq!(effective.rules("disk.space"), rules(60_000_000, None));
        assert_eq!(effective.rules("net.dns"), rules(120_000_000, None));
        assert_eq!(effective.settling_us(), 60_000_000);
        assert_eq!(Effective::default().settling_us(), 86_400_000_000);
        assert_eq!(effective.limits().silent_us, 60_000_000);
        assert_eq!(Effective::default().limits(), Limits::default());
    }

    #[test]
    fn a_device_is_told_what_concerns_it() {
        let schedule = Reaching::new(policies()).resolve("d9", "here").schedule();
        let shown: Vec<_> = schedule
            .checks
            .iter()
            .map(|set| (set.check.as_str(), set.every_us, set.limits.len()))
            .collect();
        assert_eq!(shown, [("disk.space", Some(600_000_000), 2)]);
        assert_eq!(
            Reaching::default().resolve("d9", "here").schedule(),
            v1::Schedule::default()
        );
    }

    #[test]
    fn the_closest_policy_that_names_targets_holds() {
        let policies = || {
            vec![
                named(
                    "all",
                    r#"{"checks":{"net.target":{"targets":["tcp://a:1","tcp://b:1"]}}}"#,
                ),
                named(
                    "lab",
                    r#"{"sites":["lab"],"checks":{"net.target":{"targets":["tcp://c:1"]}}}"#,
                ),
                named(
                    "own",
                    r#"{"devices":["d1"],"checks":{"net.target":{"hold_seconds":60}}}"#,
                ),
            ]
        };
        let told = |device: &str, site: &str| {
            let schedule = Reaching::new(policies()).resolve(device, site).schedule();
            schedule.checks[0].targets.join(" ")
        };
        assert_eq!(told("d9", "here"), "tcp://a:1 tcp://b:1");
        assert_eq!(told("d1", "lab"), "tcp://c:1");
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let refused = serde_json::from_str::<Policy>(r#"{"check":{}}"#).unwrap_err();
        assert!(
            refused.to_string().contains("unknown field `check`"),
            "{refused}"
        );
    }

    #[test]
    fn devices_that_the_same_policies_reach_share_what_holds() {
        let reaching = Reaching::new(policies());
        let mut shared = Shared::default();
        let mut of = |device: &str, site: &str| shared.of(&reaching, device, site);
        let (one, other, lab) = (of("d8", "here"), of("d9", "there"), of("d9", "lab"));
        assert!(Arc::ptr_eq(&one, &other));
        assert_eq!(*lab, reaching.resolve("d9", "lab"));
        assert_ne!(one, lab);
    }
}
