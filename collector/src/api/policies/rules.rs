//! What a policy may say about one check.

use sonde_proto::target::Target;
use sonde_proto::v1;

use crate::api::Problem;
use crate::fleet::policy::CheckRules;
use crate::wording::{wire, wording};

/// A check runs this often at most; an agent keeps to it too.
const EVERY_LEAST_S: u32 = 10;
/// Longest of all times in a policy: 30 days.
const LONGEST_S: u32 = 30 * 86_400;

/// Longest time that a limit can be: ten years.
const LONGEST_LIMIT_S: u32 = 3_650 * 86_400;
/// Most bytes that a limit can be: an exabyte.
const LARGEST_LIMIT_BYTES: f64 = 1e18;
/// Largest limit without a unit, or of a unit that is not known here: it may be below zero.
const LARGEST_LIMIT: f64 = 1e12;

/// Holds what a policy says about one check against what the check declares. `field`: where it stands.
pub(super) fn valid(
    field: &str,
    declared: &v1::CheckDeclaration,
    rules: &CheckRules,
) -> Result<(), Problem> {
    if declared.takes_asset {
        let problem = Problem::field(field, wording!("{} runs for a ticket alone", declared.id));
        return Err(problem.remedy(wording!("leave it out of the policy")));
    }
    if rules.every_seconds != Some(0) {
        within(
            &format!("{field}.every_seconds"),
            rules.every_seconds,
            EVERY_LEAST_S,
        )?;
    }
    within(&format!("{field}.hold_seconds"), rules.hold_seconds, 0)?;
    within(&format!("{field}.clear_seconds"), rules.clear_seconds, 0)?;
    valid_targets(&format!("{field}.targets"), declared, &rules.targets)?;
    for (name, value) in &rules.limits {
        let known = declared.limits.iter().find(|limit| limit.name == *name);
        let Some(known) = known else {
            let names: Vec<&str> = declared.limits.iter().map(|limit| &*limit.name).collect();
            let problem = Problem::field(
                format!("{field}.limits.{name}"),
                wording!("{} has no limit {}", declared.id, ?name),
            );
            return Err(match names.is_empty() {
                true => problem.remedy(wording!("it has none")),
                false => problem.remedy(wording!("it has: {}", names.join(", "))),
            });
        };
        let (least, most) = range_of(&known.unit);
        if !(least..=most).contains(value) {
            return Err(Problem::field(
                format!("{field}.limits.{name}"),
                match known.unit.as_str() {
                    "%" => wording!("{} is not between {} and {} %", value, least, most),
                    "s" => wording!("{} is not between {} and {} seconds", value, least, most),
                    "bytes" => wording!("{} is not between {} and {} bytes", value, least, most),
                    _ => wording!("{} is not between {} and {}", value, least, most),
                },
            ));
        }
    }
    Ok(())
}

fn valid_targets(
    field: &str,
    declared: &v1::CheckDeclaration,
    targets: &[String],
) -> Result<(), Problem> {
    if !targets.is_empty() && !declared.takes_targets {
        let problem = Problem::field(field, wording!("{} takes no targets", declared.id));
        return Err(problem.remedy(wording!(
            "sonde check list --json shows which check takes them"
        )));
    }
    Target::all(targets).map(drop).map_err(|(at, wrong)| {
        let problem = Problem::field(format!("{field}[{at}]"), wire::target(&wrong));
        problem.remedy(wire::target_remedy())
    })
}

/// What a limit of a unit can be at least and at most.
fn range_of(unit: &str) -> (f64, f64) {
    match unit {
        "%" => (0.0, 100.0),
        "s" => (0.0, f64::from(LONGEST_LIMIT_S)),
        "bytes" => (0.0, LARGEST_LIMIT_BYTES),
        _ => (-LARGEST_LIMIT, LARGEST_LIMIT),
    }
}

pub(super) fn within(field: &str, seconds: Option<u32>, least: u32) -> Result<(), Problem> {
    match seconds {
        Some(seconds) if !(least..=LONGEST_S).contains(&seconds) => Err(Problem::field(
            field,
            wording!(
                "{} is not between {} and {} seconds",
                seconds,
                least,
                LONGEST_S
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `low % 101`: name, unit and value of a limit.
    #[track_caller]
    fn check(limit: &str, expected: &str) {
        let [name, unit, value] = limit.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{limit}");
        };
        let declared = v1::CheckDeclaration {
            id: "disk.space".into(),
            limits: vec![v1::LimitDeclaration {
                name: "low".into(),
                default: 1.0,
                unit: unit.trim_matches('-').into(),
            }],
            ..v1::CheckDeclaration::default()
        };
        let rules = CheckRules {
            limits: [(name.to_owned(), value.parse().unwrap())].into(),
            ..CheckRules::default()
        };
        let said = match valid("checks.disk.space", &declared, &rules) {
            Ok(()) => "ok".to_owned(),
            Err(problem) => format!("{}: {}", problem.field.unwrap(), problem.detail),
        };
        assert_eq!(said, expected);
    }

    #[track_caller]
    fn check_targets(takes_targets: bool, targets: &[&str], expected: &str) {
        let declared = v1::CheckDeclaration {
            id: "net.target".into(),
            takes_targets,
            ..v1::CheckDeclaration::default()
        };
        let rules = CheckRules {
            targets: targets.iter().map(|target| (*target).to_owned()).collect(),
            ..CheckRules::default()
        };
        let said = match valid("checks.net.target", &declared, &rules) {
            Ok(()) => "ok".to_owned(),
            Err(problem) => format!("{}: {}", problem.field.unwrap(), problem.detail),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn targets_are_addresses_of_checks_that_take_them() {
        check_targets(true, &["tcp://h:1", "https://h/"], "ok");
        check_targets(false, &[], "ok");
        check_targets(
            false,
            &["tcp://h:1"],
            "checks.net.target.targets: net.target takes no targets",
        );
        check_targets(
            true,
            &["tcp://h:1", "https://me@h/"],
            "checks.net.target.targets[1]: a user or password does not belong into it",
        );
    }

    #[test]
    fn a_limit_is_within_what_its_unit_can_be() {
        let low = "checks.disk.space.limits.low";
        let between = |what: &str| format!("{low}: {what}");
        check("low % 0", "ok");
        check("low % 100", "ok");
        check("low % 100.5", &between("100.5 is not between 0 and 100 %"));
        check("low % -1", &between("-1 is not between 0 and 100 %"));
        check("low % NaN", &between("NaN is not between 0 and 100 %"));
        check("low s 315360000", "ok");
        check(
            "low s 1e9",
            &between("1000000000 is not between 0 and 315360000 seconds"),
        );
        check("low bytes 1e18", "ok");
        check(
            "low bytes inf",
            &between("inf is not between 0 and 1000000000000000000 bytes"),
        );
        check("low - 1e9", "ok");
        check("low dBm -70", "ok");
        check(
            "low - 1e13",
            &between("10000000000000 is not between -1000000000000 and 1000000000000"),
        );
        check(
            "high % 1",
            "checks.disk.space.limits.high: disk.space has no limit \"high\"",
        );
    }
}
