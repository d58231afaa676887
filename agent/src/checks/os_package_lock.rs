//! Finds a package manager that has been at work, or in the way of others, for too long.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, duration, name, time};
use crate::host::{Host, PackageLock, Unavailable};

use super::{Check, Limit, Limits, Run};

/// Services that take the lock now and then: how long they run says nothing of how long they hold it.
const SERVICES: &[&str] = &["packagekitd", "aptd", "dnfdaemon-syste"];

pub(super) const CHECK: Check = Check {
    id: "os.package-lock",
    number: 49,
    version: 1,
    title_en: "The package manager's lock",
    title_fr: "Le verrou du gestionnaire de paquets",
    every: Duration::from_secs(900),
    limits: &[
        Limit::seconds("held_critical", 21_600.0),
        Limit::seconds("held_warning", 3600.0),
    ],
    remedies: &["process.terminate"],
    texts: &[
        Text {
            id: "free",
            en: "Nobody holds the package manager's lock",
            fr: "Personne ne tient le verrou du gestionnaire de paquets",
            user_en: "Nothing keeps updates from being installed.",
            user_fr: "Rien n'empêche d'installer les mises à jour.",
        },
        Text {
            id: "at_work",
            en: "{process} (process {pid}) works on packages, since {age} at most",
            fr: "{process} (processus {pid}) travaille sur les paquets, depuis {age} au plus",
            user_en: "Programs or updates are being installed.",
            user_fr: "Des programmes ou des mises à jour sont en cours d'installation.",
        },
        Text {
            id: "held",
            en: "{process} (process {pid}), which has run for {age}, holds {path}: nothing else can install or update",
            fr: "{process} (processus {pid}), lancé il y a {age}, tient {path} : rien d'autre ne peut être installé ni \
                 mis à jour",
            user_en: "Updates cannot be installed: another installation has not come to its end.",
            user_fr: "Les mises à jour ne s'installent pas : une autre installation ne se termine pas.",
        },
        Text::technician(
            "since_unknown",
            "{process} (process {pid}) holds {path}; it runs all the time, so since when it does cannot be told",
            "{process} (processus {pid}) tient {path} ; il fonctionne en permanence, on ne peut donc pas dire depuis \
             quand",
        ),
    ],
    ticket_worthy: false,
    run: Run::Now(|host, limits| Ok(judge(observe(host)?.as_ref(), host.now_us(), limits))),
};

fn observe(host: &Host) -> Result<Option<PackageLock>, Unavailable> {
    host.package_lock()
}

fn judge(lock: Option<&PackageLock>, now_us: i64, limits: &Limits) -> Vec<Finding> {
    let Some(lock) = lock else {
        return vec![Finding::new(Status::Ok, "").says("free", vec![])];
    };
    // It took the lock when it was started, or later.
    let age_us = (now_us - lock.started_us).max(0);
    let status = limits.above("held", age_us as f64 / 1e6);
    let process = name("process", &lock.process);
    let pid = count("pid", lock.pid.into());
    let (path, age) = (name("path", &lock.path), duration("age", age_us));
    let finding = match status {
        Status::Ok => Finding::new(status, "").says("at_work", vec![process, pid.clone(), age]),
        _ if SERVICES.contains(&lock.process.as_str()) => Finding::new(Status::Unknown, "")
            .says("since_unknown", vec![process, pid.clone(), path]),
        Status::Warning | Status::Critical | Status::Unknown => {
            Finding::new(status, "").says("held", vec![process, pid.clone(), age, path])
        }
    };
    vec![
        finding
            .evidence(pid)
            .evidence(time("started_at", lock.started_us)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(process: &str, minutes: i64, expected: &str) {
        let lock = PackageLock {
            path: "/var/lib/dpkg/lock".into(),
            pid: 7,
            process: process.into(),
            started_us: 0,
        };
        let found = judge(Some(&lock), minutes * 60_000_000, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn who_has_held_it_for_long_is_in_the_way() {
        check(
            "apt-get",
            59,
            "ok / apt-get (process 7) works on packages, since 59 min at most",
        );
        let held = "holds /var/lib/dpkg/lock: nothing else can install or update";
        check(
            "apt-get",
            120,
            &format!("warning / apt-get (process 7), which has run for 2 h, {held}"),
        );
        check(
            "aptitude",
            600,
            &format!("critical / aptitude (process 7), which has run for 10 h, {held}"),
        );
        check(
            "packagekitd",
            600,
            "unknown / packagekitd (process 7) holds /var/lib/dpkg/lock; it runs all the time, so since when it does \
             cannot be told",
        );
        let free = judge(None, 0, &limits(&CHECK));
        assert_eq!(
            show(&CHECK, &free),
            "ok / Nobody holds the package manager's lock"
        );
    }
}
