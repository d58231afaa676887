//! The numbers that checks judge by, and those that a policy puts in their place.

use std::collections::BTreeMap;

use sonde_proto::asset::AssetAddress;
use sonde_proto::target::{Target, WrongTarget};

use crate::checks::{Check, Unknown, find};
use crate::finding::Status;
use crate::text::{nearest, shown};

/// A number that a check judges by; policies may set another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    pub name: &'static str,
    pub default: f64,
    /// `%`, `bytes`, `s`; empty: a plain number.
    pub unit: &'static str,
}

impl Limit {
    pub const fn percent(name: &'static str, default: u32) -> Self {
        Self {
            name,
            default: default as f64,
            unit: "%",
        }
    }

    pub const fn bytes(name: &'static str, default: u64) -> Self {
        Self {
            name,
            default: default as f64,
            unit: "bytes",
        }
    }

    pub const fn seconds(name: &'static str, default: f64) -> Self {
        Self {
            name,
            default,
            unit: "s",
        }
    }

    pub const fn number(name: &'static str, default: u32) -> Self {
        Self {
            name,
            default: default as f64,
            unit: "",
        }
    }
}

/// The limits of one run of one check.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    values: Vec<(&'static str, f64)>,
}

impl Limits {
    /// The check's own, with those of `overrides` in their place.
    pub fn of(check: &Check, overrides: &Overrides) -> Self {
        let set = overrides.by_check.get(check.id);
        let values = check.limits.iter().map(|limit| {
            let other = set.and_then(|set| set.iter().find(|(name, _)| *name == limit.name));
            (limit.name, other.map_or(limit.default, |(_, value)| *value))
        });
        Self {
            values: values.collect(),
        }
    }

    /// The value of a limit that the check declares. A test over the registry runs every check, so that a name
    /// that is not declared shows there; in the field it is never reached.
    pub fn get(&self, name: &str) -> f64 {
        self.values
            .iter()
            .find(|(of, _)| *of == name)
            .map_or(f64::NAN, |(_, value)| *value)
    }

    pub fn bytes(&self, name: &str) -> u64 {
        self.get(name) as u64
    }

    /// By the limits `{name}_warning` and `{name}_critical`: what lies below them is bad. Limits are exclusive.
    pub fn below(&self, name: &str, value: f64) -> Status {
        self.grade(name, |limit| value < limit)
    }

    /// What lies above them is bad.
    pub fn above(&self, name: &str, value: f64) -> Status {
        self.grade(name, |limit| value > limit)
    }

    fn grade(&self, name: &str, is_bad: impl Fn(f64) -> bool) -> Status {
        if is_bad(self.get(&format!("{name}_critical"))) {
            Status::Critical
        } else if is_bad(self.get(&format!("{name}_warning"))) {
            Status::Warning
        } else {
            Status::Ok
        }
    }
}

/// Limits that a policy sets otherwise than the checks do, and targets that it names; the asset that an order names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    by_check: BTreeMap<&'static str, Vec<(&'static str, f64)>>,
    targets: BTreeMap<&'static str, Vec<Target>>,
    asset: Option<AssetAddress>,
}

/// Targets that cannot be a check's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Untargeted {
    #[error(transparent)]
    Unknown(#[from] Unknown),
    #[error("{check} takes no targets")]
    TakesNone { check: &'static str },
    #[error("target {text}: {why}")]
    Wrong { text: String, why: WrongTarget },
}

impl Overrides {
    /// Those of one check, in the order in which they were set.
    pub fn of(&self, check: &Check) -> &[(&'static str, f64)] {
        self.by_check.get(check.id).map_or(&[], Vec::as_slice)
    }

    /// The targets of one check, in their order.
    pub fn targets(&self, check: &Check) -> &[Target] {
        self.targets.get(check.id).map_or(&[], Vec::as_slice)
    }

    /// The asset that is looked for; none: nobody is.
    pub fn asset(&self) -> Option<&AssetAddress> {
        self.asset.as_ref()
    }

    /// The same with the one asset that is looked for.
    #[must_use]
    pub fn toward(self, asset: Option<AssetAddress>) -> Self {
        Self { asset, ..self }
    }

    /// In the place of those that were named before. They come from outside: none is taken when one is wrong.
    pub fn set_targets(&mut self, check: &str, texts: &[String]) -> Result<(), Untargeted> {
        let check = find(check)?;
        if !check.takes_targets() {
            return Err(Untargeted::TakesNone { check: check.id });
        }
        let targets = Target::all(texts).map_err(|(at, why)| Untargeted::Wrong {
            text: shown(texts.get(at).map_or("", String::as_str)),
            why,
        })?;
        self.targets.insert(check.id, targets);
        Ok(())
    }

    pub fn set(&mut self, check: &str, limit: &str, value: f64) -> Result<(), Unknown> {
        let check = find(check)?;
        let known = check.limits.iter().find(|known| known.name == limit);
        let known = known.ok_or_else(|| Unknown::Limit {
            check: check.id,
            name: shown(limit),
            near: nearest(limit, check.limits.iter().map(|limit| limit.name)),
        })?;
        if !value.is_finite() {
            return Err(Unknown::NotFinite {
                check: check.id,
                name: known.name,
            });
        }
        let set = self.by_check.entry(check.id).or_default();
        set.retain(|(name, _)| *name != known.name);
        set.push((known.name, value));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(of: &str, targets: &[&str], expected: Result<(), &str>) {
        let mut overrides = Overrides::default();
        let targets: Vec<String> = targets.iter().map(|one| (*one).to_owned()).collect();
        let set = overrides.set_targets(of, &targets);
        let said = set.map_err(|why| why.to_string());
        assert_eq!(said, expected.map_err(str::to_owned));
        let taken = overrides.targets(find("net.target").unwrap());
        assert_eq!(
            taken.len(),
            if expected.is_ok() { targets.len() } else { 0 }
        );
    }

    #[test]
    fn targets_come_from_outside_and_are_taken_whole_or_not_at_all() {
        check("net.target", &["tcp://h:1", "http://h/"], Ok(()));
        check("net.dns", &["tcp://h:1"], Err("net.dns takes no targets"));
        check(
            "net.target",
            &["tcp://h:1", "tcp://h"],
            Err("target tcp://h: a port from 1 to 65535 has to follow the host"),
        );
        check(
            "net.target",
            &["tcp://h:1"; sonde_proto::target::MOST + 1],
            Err("target tcp://h:1: there are more than 20"),
        );
    }
}
