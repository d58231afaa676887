//! Finds batteries that hold little of what they were made for.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::{Battery, Host, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "hardware.battery",
    number: 29,
    version: 1,
    title_en: "The battery",
    title_fr: "La batterie",
    every: Duration::from_secs(6 * 3600),
    limits: &[
        Limit::percent("health_critical", 30),
        Limit::percent("health_warning", 60),
    ],
    remedies: &[],
    texts: &[
        Text::technician(
            "none",
            "This machine has no battery",
            "Cette machine n'a pas de batterie",
        ),
        Text {
            id: "well",
            en: "{battery} holds {health} of what it was made for",
            fr: "{battery} conserve {health} de sa capacité d'origine",
            user_en: "The battery is well.",
            user_fr: "La batterie est en bon état.",
        },
        Text {
            id: "worn",
            en: "{battery} holds only {health} of what it was made for",
            fr: "{battery} ne conserve que {health} de sa capacité d'origine",
            user_en: "The battery is worn out and lasts only a short time.",
            user_fr: "La batterie est usée et ne tient plus longtemps.",
        },
        Text {
            id: "bad",
            en: "{battery} says of itself: {word}",
            fr: "{battery} signale elle-même : {word}",
            user_en: "The battery is broken. It has to be replaced.",
            user_fr: "La batterie est défectueuse. Il faut la remplacer.",
        },
        Text::technician(
            "silent",
            "Cannot tell: {battery} does not say what it holds",
            "Indéterminé : {battery} ne dit pas ce qu'elle contient",
        ),
        Text::technician(
            "aged",
            "It was charged {cycles} times",
            "Elle a été chargée {cycles} fois",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

/// A machine without the kernel's class has no battery either.
fn observe(host: &Host) -> Result<Vec<Battery>, Unavailable> {
    match host.batteries() {
        Err(Unavailable::Absent { .. }) => Ok(Vec::new()),
        told => told,
    }
}

fn judge(batteries: &[Battery], limits: &Limits) -> Vec<Finding> {
    if batteries.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    batteries.iter().map(|of| one(of, limits)).collect()
}

/// What its electronics call well; `Cold` and `Warm` pass by themselves.
const WELL: &[&str] = &["Calibration required", "Cold", "Cool", "Good", "Warm"];

fn one(of: &Battery, limits: &Limits) -> Finding {
    let battery = name("battery", &of.name);
    if let Some(word) = of.health.as_deref().filter(|word| !WELL.contains(word)) {
        return Finding::new(Status::Critical, &of.name)
            .says("bad", vec![battery, name("word", word)]);
    }
    let Some(health) = of.health_percent else {
        return Finding::new(Status::Unknown, &of.name).says("silent", vec![battery]);
    };
    let status = limits.below("health", health as f64);
    let id = match status {
        Status::Ok => "well",
        Status::Warning | Status::Critical | Status::Unknown => "worn",
    };
    let said = vec![battery, percent("health", health as f64)];
    let finding = Finding::new(status, &of.name).says(id, said);
    let finding = match &of.model {
        Some(model) => finding.evidence(name("model", model)),
        None => finding,
    };
    match of.cycles {
        Some(cycles) if status != Status::Ok => {
            finding.because("aged", vec![count("cycles", cycles)])
        }
        Some(_) | None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(health_percent: Option<u64>, health: Option<&str>, expected: &str) {
        let battery = Battery {
            name: "BAT0".into(),
            health_percent,
            cycles: Some(900),
            health: health.map(str::to_owned),
            model: None,
        };
        let found = show(&CHECK, &judge(&[battery], &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_battery_is_worn_by_what_it_holds() {
        check(
            Some(85),
            Some("Good"),
            "ok BAT0 / BAT0 holds 85 % of what it was made for",
        );
        check(
            Some(45),
            None,
            "warning BAT0 / BAT0 holds only 45 % of what it was made for / because It was charged 900 times",
        );
        check(
            Some(20),
            None,
            "critical BAT0 / BAT0 holds only 20 % of what it was made for / because It was charged 900 times",
        );
        check(
            Some(85),
            Some("Dead"),
            "critical BAT0 / BAT0 says of itself: Dead",
        );
        check(
            None,
            None,
            "unknown BAT0 / Cannot tell: BAT0 does not say what it holds",
        );
    }

    #[test]
    fn a_machine_without_one_lacks_nothing() {
        let tree = crate::host::recorded::Tree::new(&[]);
        let found = judge(&observe(&tree.host()).unwrap(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), "ok / This machine has no battery");
    }
}
