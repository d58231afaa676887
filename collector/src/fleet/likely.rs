//! How likely a change of a device's facts has to do with a finding. Pure.

mod readings;

pub use readings::Readings;

use sonde_proto::v1;

use crate::store::TimeUs;
use crate::store::facts::{Cell, Change};

/// Tables that matter to findings of an area, the part of a check's name before the point.
struct Area {
    name: &'static str,
    tables: &'static [(&'static str, f64)],
}

/// A table that none of them names still changed.
const ELSEWHERE: f64 = 0.1;

const AREAS: &[Area] = &[
    Area {
        name: "disk",
        tables: &[
            ("filesystems", 1.0),
            ("mounts", 1.0),
            ("disks", 0.9),
            ("disk_health", 0.9),
            ("services", 0.3),
            ("packages", 0.3),
        ],
    },
    Area {
        name: "mount",
        tables: &[
            ("mounts", 1.0),
            ("filesystems", 1.0),
            ("disks", 0.9),
            ("packages", 0.2),
        ],
    },
    Area {
        name: "memory",
        tables: MACHINE,
    },
    Area {
        name: "cpu",
        tables: MACHINE,
    },
    Area {
        name: "process",
        tables: MACHINE,
    },
    Area {
        name: "service",
        tables: &[
            ("services", 1.0),
            ("packages", 0.8),
            ("filesystems", 0.5),
            ("listeners", 0.4),
            ("timers", 0.4),
            ("users", 0.3),
            ("addresses", 0.3),
        ],
    },
    Area {
        name: "net",
        tables: &[
            ("interfaces", 1.0),
            ("addresses", 1.0),
            ("routes", 1.0),
            ("dns_servers", 1.0),
            ("dhcp_leases", 0.9),
            ("proxies", 0.9),
            ("hosts_entries", 0.9),
            ("firewall", 0.9),
            ("services", 0.5),
            ("neighbours", 0.3),
            ("packages", 0.3),
        ],
    },
    Area {
        name: "time",
        tables: &[
            ("services", 0.8),
            ("packages", 0.5),
            ("dns_servers", 0.5),
            ("routes", 0.4),
            ("boots", 0.4),
        ],
    },
    Area {
        name: "os",
        tables: SOFTWARE,
    },
    Area {
        name: "logs",
        tables: SOFTWARE,
    },
    Area {
        name: "crash",
        tables: SOFTWARE,
    },
    Area {
        name: "kernel",
        tables: SOFTWARE,
    },
    Area {
        name: "cert",
        tables: &[("certificates", 1.0), ("packages", 0.3), ("services", 0.3)],
    },
    Area {
        name: "hardware",
        tables: &[
            ("disks", 0.9),
            ("memory", 0.9),
            ("cpus", 0.9),
            ("system", 0.8),
            ("boots", 0.5),
            ("os", 0.4),
        ],
    },
];

const MACHINE: &[(&str, f64)] = &[
    ("services", 0.9),
    ("packages", 0.8),
    ("memory", 0.9),
    ("cpus", 0.8),
    ("timers", 0.5),
    ("sessions", 0.4),
    ("boots", 0.4),
];

const SOFTWARE: &[(&str, f64)] = &[
    ("packages", 1.0),
    ("os", 1.0),
    ("updates", 0.8),
    ("boots", 0.7),
    ("services", 0.6),
];

/// What it went wrong with.
#[derive(Debug, Clone, Copy)]
pub struct Trouble<'a> {
    pub check: &'a str,
    pub subject: &'a str,
    /// Since when it is so.
    pub since: TimeUs,
}

/// A change so long before counts half.
const HALF_US: f64 = 12.0 * 3_600e6;
/// What came after it went wrong is a consequence, or nothing: less than what came a day before.
const AFTERWARDS: f64 = 0.1;
/// What does not name the subject.
const UNNAMED: f64 = 0.6;

/// Between 0 and 1: by its table, by when it came, and by whether it names what the finding is about. `before`: when the
/// change was not there yet; none: nobody knows.
pub fn likelihood(trouble: &Trouble<'_>, change: &Change, before: Option<TimeUs>) -> f64 {
    let area = trouble.check.split('.').next().unwrap_or_default();
    let tables = AREAS.iter().find(|one| one.name == area);
    let table = tables.and_then(|area| area.tables.iter().find(|(name, _)| *name == change.table));
    let of_table = table.map_or(ELSEWHERE, |(_, weight)| *weight);
    let of_time = nearness(trouble.since, change.at, before);
    let of_name = if names(trouble, change) { 1.0 } else { UNNAMED };
    of_table * of_time * of_name
}

/// Between 0 and 1: a cause comes before its effect, and shortly before. What was told afterwards may have come
/// before, as likely as the time in which it came lies before.
fn nearness(since: TimeUs, told: TimeUs, before: Option<TimeUs>) -> f64 {
    if told <= since {
        return 0.5_f64.powf(since.saturating_sub(told) as f64 / HALF_US);
    }
    let share = before.map_or(1.0, |before| {
        let before_it = since.saturating_sub(before).max(0) as f64;
        before_it / told.saturating_sub(before).max(1) as f64
    });
    AFTERWARDS + (1.0 - AFTERWARDS) * share
}

/// Whether a cell names what the finding is about; of a service, also the package that is called like it.
fn names(trouble: &Trouble<'_>, change: &Change) -> bool {
    let subject = trouble.subject;
    let stem = subject.split(['.', ' ', '@']).next().unwrap_or_default();
    let is_it = |(_, value): &Cell| match &value.value {
        Some(v1::value::Value::Text(text)) => {
            text == subject || (change.table == "packages" && text == stem)
        }
        Some(_) | None => false,
    };
    !subject.is_empty() && change.before.iter().chain(&change.after).any(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::facts::{ChangeKey, ChangeKind};

    const HOUR: TimeUs = 3_600_000_000;
    const SINCE: TimeUs = 1_000 * HOUR;

    fn change(table: &str, hours: i64, cell: &str) -> Change {
        let at = SINCE + hours * HOUR;
        let value = v1::Value {
            value: Some(v1::value::Value::Text(cell.into())),
        };
        Change {
            key: format!("{at}.1.1").parse::<ChangeKey>().unwrap(),
            at,
            table: table.into(),
            kind: ChangeKind::Added,
            before: Vec::new(),
            after: vec![("name".into(), value)],
        }
    }

    /// The first is more likely than the second.
    #[track_caller]
    fn check(check: &str, subject: &str, more: (&str, i64, &str), less: (&str, i64, &str)) {
        let trouble = Trouble {
            check,
            subject,
            since: SINCE,
        };
        let of = |(table, hours, cell)| {
            let change = change(table, hours, cell);
            // Read once an hour.
            likelihood(&trouble, &change, Some(change.at - HOUR))
        };
        assert!(of(more) > of(less), "{check}: {} {}", of(more), of(less));
    }

    #[test]
    fn what_is_near_in_kind_in_time_and_in_name_comes_first() {
        check(
            "net.dns",
            "",
            ("dns_servers", -2, "x"),
            ("packages", -2, "x"),
        );
        check(
            "disk.space",
            "/",
            ("filesystems", -2, "/"),
            ("filesystems", -2, "/srv"),
        );
        check(
            "os.end-of-life",
            "",
            ("packages", -1, "x"),
            ("packages", -30, "x"),
        );
        check(
            "net.link",
            "eth0",
            ("interfaces", -1, "eth0"),
            ("interfaces", 5, "eth0"),
        );
        check(
            "service.failed",
            "nginx.service",
            ("packages", 0, "nginx"),
            ("packages", 0, "vim"),
        );
        check(
            "service.failed",
            "nginx.service",
            ("packages", 0, "nginx"),
            ("users", 0, "nginx"),
        );
        check(
            "agent.state",
            "",
            ("system", -1, "x"),
            ("system", -200, "x"),
        );
    }

    /// Minutes after it went wrong: when it was told, and when it was not there yet.
    #[track_caller]
    fn check_time(told: i64, before: Option<i64>, expected: f64) {
        let at = |minutes: i64| SINCE + minutes * HOUR / 60;
        let found = nearness(SINCE, at(told), before.map(at));
        assert!((found - expected).abs() < 0.005, "{found}");
    }

    #[test]
    fn what_certainly_came_afterwards_is_less_than_what_came_a_day_before() {
        check_time(-24 * 60, Some(-25 * 60), 0.25);
        check_time(30, Some(0), 0.1);
        check_time(30, Some(29), 0.1);
        check_time(600, Some(540), 0.1);
    }

    #[test]
    fn what_was_told_afterwards_may_have_come_before() {
        check_time(0, Some(-60), 1.0);
        check_time(6, Some(-54), 0.91);
        check_time(54, Some(-6), 0.19);
        // Read every six hours, or nobody knows when.
        check_time(60, Some(-300), 0.85);
        check_time(60, None, 1.0);
    }

    #[test]
    fn it_lies_between_none_and_all() {
        let trouble = Trouble {
            check: "disk.space",
            subject: "/srv",
            since: SINCE,
        };
        for hours in [-10_000, -1, 0, 1, 10_000] {
            for table in ["filesystems", "nothing"] {
                let change = change(table, hours, "/srv");
                for before in [None, Some(i64::MIN), Some(SINCE), Some(change.at - 1)] {
                    let found = likelihood(&trouble, &change, before);
                    assert!((0.0..=1.0).contains(&found), "{found}");
                }
            }
        }
    }
}
