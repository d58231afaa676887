//! Warns before a filesystem fills up.

use std::time::Duration;

use crate::facts::mount_usage;
use crate::finding::{Finding, Status, Text, bytes, name, percent};
use crate::host::{Filesystem, Host, Room, Unavailable, Usage};

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.space",
    number: 1,
    version: 1,
    title_en: "Room on the file systems",
    title_fr: "Espace disponible sur les systèmes de fichiers",
    every: Duration::from_secs(60),
    limits: &[
        Limit::bytes("free_enough", 20 << 30),
        Limit::percent("free_critical", 3),
        Limit::percent("free_warning", 10),
    ],
    remedies: &["disk.clean", "logs.vacuum"],
    texts: &[
        Text {
            id: "free",
            en: "{free_percent} free on {mount}",
            fr: "{free_percent} libres sur {mount}",
            user_en: "There is enough room on the disk.",
            user_fr: "Il y a assez de place sur le disque.",
        },
        Text {
            id: "low",
            en: "Only {free_percent} ({available}) free on {mount}",
            fr: "Seulement {free_percent} ({available}) libres sur {mount}",
            user_en: "The disk is almost full.",
            user_fr: "Le disque est presque plein.",
        },
        Text {
            id: "full",
            en: "Nothing is free on {mount}",
            fr: "Il ne reste rien de libre sur {mount}",
            user_en: "The disk is full.",
            user_fr: "Le disque est plein.",
        },
        Text::technician(
            "none",
            "No file system to judge",
            "Aucun système de fichiers à juger",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

/// Each file system that can fill up, once whatever it is mounted on.
pub(super) async fn observe(host: &Host) -> Result<Vec<Room>, Unavailable> {
    host.rooms(read(host)).await
}

/// Those that may hang are asked by workers, all at once.
async fn read(host: &Host) -> Result<Vec<Room>, Unavailable> {
    let mut seen = Vec::new();
    let mut filesystems = host.filesystems()?;
    filesystems.retain(|fs| {
        let first = !seen.contains(&fs.device);
        seen.push(fs.device);
        first && fs.can_fill()
    });
    let rooms = filesystems.into_iter().map(async |fs| {
        let usage = match fs.may_hang() {
            true => mount_usage::ask(host, &fs.mount).await,
            false => host.usage(&fs.mount),
        };
        (fs, usage)
    });
    Ok(futures::future::join_all(rooms).await)
}

fn judge(rooms: &[Room], limits: &Limits) -> Vec<Finding> {
    let findings = rooms
        .iter()
        .filter(|(_, usage)| !matches!(usage, Ok(usage) if usage.total_bytes == 0))
        .map(|(fs, usage)| match usage {
            Ok(usage) => {
                let finding = one(fs, *usage, limits);
                match (fs.has_caches, fs.has_logs) {
                    (true, true) => finding,
                    (true, false) => finding.with_remedy("disk.clean"),
                    (false, true) => finding.with_remedy("logs.vacuum"),
                    (false, false) => finding.without_remedies(),
                }
            }
            Err(why) => unknown(fs, why),
        })
        .collect::<Vec<_>>();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(fs: &Filesystem, usage: Usage, limits: &Limits) -> Finding {
    let free_percent = usage.free_percent();
    let status = match limits.bytes("free_enough") {
        enough if usage.available_bytes > enough => Status::Ok,
        _ => limits.below("free", free_percent),
    };
    let finding = Finding::new(status, &fs.mount)
        .evidence(percent("free_percent", free_percent))
        .evidence(bytes("available_bytes", usage.available_bytes))
        .evidence(bytes("total_bytes", usage.total_bytes))
        .evidence(name("source", &fs.source));
    let free = percent("free_percent", free_percent);
    let mount = name("mount", &fs.mount);
    match status {
        Status::Ok => finding.says("free", vec![free, mount]),
        Status::Warning | Status::Critical | Status::Unknown if usage.available_bytes == 0 => {
            finding.says("full", vec![mount])
        }
        Status::Warning | Status::Critical | Status::Unknown => finding.says(
            "low",
            vec![free, bytes("available", usage.available_bytes), mount],
        ),
    }
}

/// Of a file system that did not say.
pub(super) fn unknown(fs: &Filesystem, why: &Unavailable) -> Finding {
    let mut finding = Finding::new(Status::Unknown, &fs.mount);
    finding.message = why.message();
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Mount, available and total in GiB.
    #[track_caller]
    fn check(rooms: &[(&str, u64, u64)], expected: &str) {
        let rooms = rooms
            .iter()
            .map(|(mount, available, total)| {
                let fs = Filesystem {
                    mount: (*mount).into(),
                    ..Filesystem::default()
                };
                let usage = Usage {
                    total_bytes: total << 30,
                    free_bytes: available << 30,
                    available_bytes: available << 30,
                    ..Usage::default()
                };
                (fs, Ok(usage))
            })
            .collect::<Vec<_>>();
        assert_eq!(show(&CHECK, &judge(&rooms, &limits(&CHECK))), expected);
    }

    #[test]
    fn limits_are_exclusive() {
        check(&[("/", 10, 100)], "ok / / 10 % free on /");
        check(&[("/", 9, 100)], "warning / / Only 9 % (9 GiB) free on /");
        check(&[("/", 3, 100)], "warning / / Only 3 % (3 GiB) free on /");
        check(&[("/", 2, 100)], "critical / / Only 2 % (2 GiB) free on /");
        check(&[("/", 0, 100)], "critical / / Nothing is free on /");
    }

    #[tokio::test]
    async fn rooms_are_read_once_in_one_look() {
        let tree = crate::host::recorded::Tree::new(&[]);
        let (host, n_reads) = (tree.host().for_one_look(), std::cell::Cell::new(0));
        for _ in 0..2 {
            let read = async {
                n_reads.set(n_reads.get() + 1);
                Ok(Vec::new())
            };
            host.rooms(read).await.unwrap();
        }
        assert_eq!(n_reads.get(), 1);
    }

    #[test]
    fn caches_and_logs_are_cleared_where_they_lie() {
        let full = |has_caches, has_logs| {
            let fs = Filesystem {
                has_caches,
                has_logs,
                ..Filesystem::default()
            };
            let usage = Usage {
                total_bytes: 9,
                ..Usage::default()
            };
            let found = judge(&[(fs, Ok(usage))], &limits(&CHECK));
            (found[0].is_incurable, found[0].remedies.clone())
        };
        assert_eq!(full(true, true), (false, vec![]), "all of the check's");
        assert_eq!(full(true, false), (false, vec!["disk.clean"]));
        assert_eq!(full(false, true), (false, vec!["logs.vacuum"]));
        assert_eq!(full(false, false), (true, vec![]));
    }

    #[test]
    fn a_huge_disk_may_be_almost_full() {
        check(&[("/srv", 21, 1000)], "ok /srv / 2.1 % free on /srv");
    }

    #[test]
    fn what_hangs_is_unknown_and_the_others_are_judged() {
        let fs = |mount: &str| Filesystem {
            mount: mount.into(),
            ..Filesystem::default()
        };
        let dead = Unavailable::Timeout {
            what: "/nas".into(),
            after: Duration::from_secs(1),
        };
        let rooms = [(fs("/nas"), Err(dead))];
        assert_eq!(
            show(&CHECK, &judge(&rooms, &limits(&CHECK))),
            "unknown /nas / Cannot tell: /nas gave no answer within 1 s"
        );
        assert_eq!(
            show(&CHECK, &judge(&[], &limits(&CHECK))),
            "ok / No file system to judge"
        );
    }
}
