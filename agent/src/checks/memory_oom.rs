//! Finds processes that the kernel has ended for want of memory.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, time};
use crate::host::{Host, OomKill, OomLog, Unavailable};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "memory.oom",
    number: 14,
    version: 1,
    title_en: "Processes ended for want of memory",
    title_fr: "Processus arrêtés par manque de mémoire",
    every: Duration::from_secs(300),
    limits: &[
        Limit::seconds("age_critical", 3600.0),
        Limit::seconds("age_warning", 86_400.0),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text {
            id: "none",
            en: "No process was ended for want of memory since boot",
            fr: "Aucun processus arrêté par manque de mémoire depuis le démarrage",
            user_en: "No program was ended for want of memory.",
            user_fr: "Aucun programme n'a été arrêté par manque de mémoire.",
        },
        Text {
            id: "old",
            en: "{kills} processes were ended for want of memory since boot, none lately",
            fr: "{kills} processus arrêtés par manque de mémoire depuis le démarrage, aucun récemment",
            user_en: "Programs were ended for want of memory some time ago.",
            user_fr: "Des programmes ont été arrêtés par manque de mémoire il y a un certain temps.",
        },
        Text {
            id: "killed",
            en: "{process} was ended for want of memory at {at}",
            fr: "{process} a été arrêté par manque de mémoire à {at}",
            user_en: "The computer ran out of memory and had to end a program.",
            user_fr: "L'ordinateur n'avait plus de mémoire et a dû arrêter un programme.",
        },
        Text {
            id: "killed_between",
            en: "{process} was ended for want of memory between {from} and {until}; the machine slept meanwhile",
            fr: "{process} a été arrêté par manque de mémoire entre {from} et {until} ; la machine a été en veille entre-temps",
            user_en: "The computer ran out of memory and had to end a program.",
            user_fr: "L'ordinateur n'avait plus de mémoire et a dû arrêter un programme.",
        },
        Text {
            id: "group",
            en: "{process} was ended at {at}: its group of processes had used up the memory that it may have",
            fr: "{process} a été arrêté à {at} : son groupe de processus avait épuisé la mémoire autorisée",
            user_en: "A program used more memory than it may, and was ended.",
            user_fr: "Un programme a utilisé plus de mémoire qu'autorisé et a été arrêté.",
        },
        Text::technician(
            "when_unknown",
            "{kills} processes were ended for want of memory since boot; when, this user may not read",
            "{kills} processus arrêtés par manque de mémoire depuis le démarrage ; cet utilisateur ne peut pas lire quand",
        ),
        Text::technician(
            "forgotten",
            "{kills} processes were ended for want of memory since boot; when, the kernel's log no longer says",
            "{kills} processus arrêtés par manque de mémoire depuis le démarrage ; le journal du noyau ne dit plus quand",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| {
        let (kills, recorded) = observe(host)?;
        Ok(judge(kills, recorded, host.now_us(), limits))
    }),
};

/// Of a kill whose moment is known as exactly as a person wants it.
const MINUTE_US: i64 = 60_000_000;

/// How many there were since boot, and those that the kernel's log still holds, read only when there were any.
fn observe(host: &Host) -> Result<(u64, Result<OomLog, Unavailable>), Unavailable> {
    let kills = host.paging()?.oom_kills;
    let recorded = match kills {
        0 => Ok(OomLog::default()),
        _ => host.oom_kills(),
    };
    Ok((kills, recorded))
}

fn judge(
    kills: u64,
    recorded: Result<OomLog, Unavailable>,
    now_us: i64,
    limits: &Limits,
) -> Vec<Finding> {
    if kills == 0 {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    let Ok(recorded) = recorded else {
        return vec![
            Finding::new(Status::Unknown, "").says("when_unknown", vec![count("kills", kills)]),
        ];
    };
    let worst = recorded
        .kills
        .iter()
        .map(|kill| (status(kill, now_us, limits), kill))
        .max_by_key(|(status, kill)| (*status as u8, kill.from_us));
    vec![match worst {
        Some((status, kill)) if status != Status::Ok => killed(status, kill)
            .evidence(count("kills", kills))
            .evidence(count("pid", kill.pid.into())),
        Some(_) | None if reaches_back(&recorded, kills, now_us, limits) => {
            Finding::new(Status::Ok, "").says("old", vec![count("kills", kills)])
        }
        Some(_) | None => {
            Finding::new(Status::Unknown, "").says("forgotten", vec![count("kills", kills)])
        }
    }]
}

/// By the age that is sure. The limit of a group is its owner's, and no fault of the machine.
fn status(kill: &OomKill, now_us: i64, limits: &Limits) -> Status {
    let age = (now_us - kill.from_us) as f64 / 1e6;
    if age < limits.get("age_critical") && !kill.of_group {
        Status::Critical
    } else if age < limits.get("age_warning") {
        Status::Warning
    } else {
        Status::Ok
    }
}

fn killed(status: Status, kill: &OomKill) -> Finding {
    let process = name("process", &kill.process);
    let (from, until) = (time("from", kill.from_us), time("until", kill.until_us));
    let finding = Finding::new(status, "");
    match kill.until_us - kill.from_us > MINUTE_US {
        true => finding.says("killed_between", vec![process, from, until]),
        false if kill.of_group => finding.says("group", vec![process, time("at", kill.until_us)]),
        false => finding.says("killed", vec![process, time("at", kill.until_us)]),
    }
}

/// Whether the log would still have a kill that is young enough to matter.
fn reaches_back(log: &OomLog, kills: u64, now_us: i64, limits: &Limits) -> bool {
    let age = log
        .begins_us
        .map(|begins_us| (now_us - begins_us) as f64 / 1e6);
    log.kills.len() as u64 >= kills || age.is_none_or(|age| age >= limits.get("age_warning"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    const HOUR_US: i64 = 3_600_000_000;

    /// Kills since boot, and hours since each that the log holds.
    #[track_caller]
    fn check(kills: u64, hours: Option<&[i64]>, expected: &str) {
        check_log(kills, hours, None, expected);
    }

    /// The same, of a log that begins some hours ago.
    #[track_caller]
    fn check_log(kills: u64, hours: Option<&[i64]>, begins: Option<i64>, expected: &str) {
        let now_us = 1_795_499_100_000_000;
        let recorded = hours.map_or_else(
            || {
                Err(Unavailable::Permission {
                    what: "/dev/kmsg".into(),
                })
            },
            |hours| {
                let kills = hours.iter().map(|hours| OomKill {
                    from_us: now_us - hours * HOUR_US,
                    until_us: now_us - hours * HOUR_US,
                    of_group: false,
                    process: "chrome".into(),
                    pid: 7,
                });
                Ok(OomLog {
                    kills: kills.collect(),
                    begins_us: begins.map(|hours| now_us - hours * HOUR_US),
                })
            },
        );
        let found = judge(kills, recorded, now_us, &limits(&CHECK));
        let found = show(&CHECK, &found);
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn what_the_log_has_forgotten_is_not_taken_for_old() {
        check_log(2, Some(&[]), Some(1), "unknown / 2 processes were ended");
        check_log(2, Some(&[30]), Some(23), "unknown");
        check_log(2, Some(&[]), Some(24), "ok / 2 processes were ended");
        check_log(1, Some(&[30]), Some(23), "ok");
    }

    #[test]
    fn only_recent_kills_are_bad() {
        check(0, Some(&[]), "ok / No process was ended");
        check(
            1,
            Some(&[0]),
            "critical / chrome was ended for want of memory at ",
        );
        check(
            2,
            Some(&[30, 5]),
            "warning / chrome was ended for want of memory at ",
        );
        check(2, Some(&[30, 48]), "ok / 2 processes were ended");
        check(1, Some(&[]), "ok / 1 processes were ended");
    }

    #[test]
    fn a_kill_before_a_sleep_or_in_a_group_is_not_taken_for_worse() {
        let now_us = 1_795_499_100_000_000;
        let check = |from_hours, of_group, expected| {
            let kill = OomKill {
                from_us: now_us - from_hours * HOUR_US,
                until_us: now_us,
                of_group,
                process: "chrome".into(),
                pid: 7,
            };
            let log = OomLog {
                kills: vec![kill],
                begins_us: None,
            };
            let found = show(&CHECK, &judge(1, Ok(log), now_us, &limits(&CHECK)));
            assert!(found.starts_with(expected), "{found}");
        };
        check(
            5,
            false,
            "warning / chrome was ended for want of memory between ",
        );
        check(72, false, "ok");
        check(0, false, "critical");
        check(0, true, "warning / chrome was ended at ");
    }

    #[test]
    fn who_may_not_read_the_log_cannot_tell() {
        check(1, None, "unknown / 1 processes were ended");
    }
}
