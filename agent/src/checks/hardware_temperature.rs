//! Finds parts that are too hot and fans that stand still, by the limits that their own chips set.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, number};
use crate::host::{Host, Sensor, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "hardware.temperature",
    number: 27,
    version: 1,
    title_en: "Temperatures and fans",
    title_fr: "Températures et ventilateurs",
    every: Duration::from_secs(300),
    limits: &[
        // Of a sensor that has no limit of its own.
        celsius("celsius_critical", 105.0),
        celsius("celsius_warning", 95.0),
        // Under full load many parts come this near to their end and are made for it.
        celsius("margin_warning", 5.0),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "well",
            en: "All {sensors} sensors are within their limits",
            fr: "Les {sensors} capteurs sont dans leurs limites",
            user_en: "The computer is not too hot.",
            user_fr: "L'ordinateur n'est pas trop chaud.",
        },
        Text {
            id: "hot",
            en: "{sensor} is {celsius} hot; {most} is too much for it",
            fr: "{sensor} atteint {celsius} ; {most} est déjà trop",
            user_en: "The computer is too hot.",
            user_fr: "L'ordinateur est trop chaud.",
        },
        Text {
            id: "alarm",
            en: "{sensor} gives an alarm at {celsius}",
            fr: "{sensor} signale une alarme à {celsius}",
            user_en: "The computer is too hot.",
            user_fr: "L'ordinateur est trop chaud.",
        },
        Text {
            id: "stopped",
            en: "The fan {sensor} stands still",
            fr: "Le ventilateur {sensor} est arrêté",
            user_en: "A fan stands still.",
            user_fr: "Un ventilateur est arrêté.",
        },
        Text {
            id: "slow",
            en: "The fan {sensor} turns {turns} times a minute; it has to reach {least}",
            fr: "Le ventilateur {sensor} fait {turns} tours par minute ; il doit en faire {least}",
            user_en: "A fan turns too slowly.",
            user_fr: "Un ventilateur tourne trop lentement.",
        },
        Text::technician(
            "cooling",
            "Dust, a stopped fan, dried thermal paste, or a room that is too warm",
            "Poussière, ventilateur arrêté, pâte thermique sèche ou pièce trop chaude",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

const fn celsius(name: &'static str, default: f64) -> Limit {
    Limit {
        name,
        default,
        unit: "°C",
    }
}

fn observe(host: &Host) -> Result<Vec<Sensor>, Unavailable> {
    host.sensors()
}

fn judge(sensors: &[Sensor], limits: &Limits) -> Vec<Finding> {
    let one = |of: &Sensor| match of.is_fan {
        true => fan(of),
        false => heat(of, limits),
    };
    let findings: Vec<Finding> = sensors.iter().filter_map(one).collect();
    if findings.is_empty() {
        let said = vec![count("sensors", sensors.len() as u64)];
        return vec![Finding::new(Status::Ok, "").says("well", said)];
    }
    findings
}

/// A fan that may stand still has no least.
fn fan(of: &Sensor) -> Option<Finding> {
    let sensor = name("sensor", &of.name);
    if of.value == 0 && of.min.is_some() {
        return Some(Finding::new(Status::Critical, &of.name).says("stopped", vec![sensor]));
    }
    let least = of.min.filter(|min| of.value < *min)?;
    let turns = |key, value: i64| number(key, value as f64, "");
    let said = vec![sensor, turns("turns", of.value), turns("least", least)];
    Some(Finding::new(Status::Warning, &of.name).says("slow", said))
}

fn heat(of: &Sensor, limits: &Limits) -> Option<Finding> {
    let degrees = |millidegrees: i64| millidegrees as f64 / 1000.0;
    let value = degrees(of.value);
    let (status, most) = match (of.critical.map(degrees), of.max.map(degrees)) {
        (Some(critical), _) if value >= critical => (Status::Critical, critical),
        (Some(critical), _) if value >= critical - limits.get("margin_warning") => {
            (Status::Warning, critical)
        }
        (Some(critical), _) => (Status::Ok, critical),
        (None, Some(max)) if value >= max => (Status::Warning, max),
        (None, Some(max)) => (Status::Ok, max),
        (None, None) => {
            let status = limits.above("celsius", value);
            let key = if status == Status::Critical {
                "celsius_critical"
            } else {
                "celsius_warning"
            };
            (status, limits.get(key))
        }
    };
    let sensor = name("sensor", &of.name);
    let celsius = |key, value| number(key, value, "°C");
    let finding = match status {
        Status::Ok if of.has_alarm => Finding::new(Status::Warning, &of.name)
            .says("alarm", vec![sensor, celsius("celsius", value)]),
        Status::Ok => return None,
        Status::Warning | Status::Critical | Status::Unknown => {
            let said = vec![sensor, celsius("celsius", value), celsius("most", most)];
            Finding::new(status, &of.name).says("hot", said)
        }
    };
    Some(finding.because("cooling", vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(sensor: Sensor, expected: &str) {
        let sensor = Sensor {
            name: "s".into(),
            ..sensor
        };
        let found = show(&CHECK, &judge(&[sensor], &limits(&CHECK)));
        assert!(found.starts_with(expected), "{found}");
    }

    /// In degrees.
    fn heat(value: i64, max: Option<i64>, critical: Option<i64>) -> Sensor {
        let milli = |degrees: i64| degrees * 1000;
        Sensor {
            value: milli(value),
            max: max.map(milli),
            critical: critical.map(milli),
            ..Sensor::default()
        }
    }

    #[test]
    fn a_part_is_too_hot_by_its_own_limits() {
        check(
            heat(90, Some(80), Some(100)),
            "ok / All 1 sensors are within their limits",
        );
        check(
            heat(96, Some(80), Some(100)),
            "warning s / s is 96 °C hot; 100 °C is too much for it / because Dust",
        );
        check(heat(100, Some(80), Some(100)), "critical s");
        check(
            heat(85, Some(80), None),
            "warning s / s is 85 °C hot; 80 °C",
        );
        check(heat(90, None, None), "ok");
        check(
            heat(106, None, None),
            "critical s / s is 106 °C hot; 105 °C",
        );
        let alarm = Sensor {
            has_alarm: true,
            ..heat(50, None, None)
        };
        check(alarm, "warning s / s gives an alarm at 50 °C");
    }

    #[test]
    fn a_fan_that_has_to_turn_and_does_not_is_broken() {
        let fan = |value, min| Sensor {
            is_fan: true,
            value,
            min,
            ..Sensor::default()
        };
        check(fan(0, None), "ok");
        check(fan(900, Some(600)), "ok");
        check(
            fan(300, Some(600)),
            "warning s / The fan s turns 300 times a minute; it has to reach 600",
        );
        check(fan(0, Some(600)), "critical s / The fan s stands still");
    }
}
