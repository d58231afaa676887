//! Finds the room that a short disk would have again if a process let go of deleted files.

use std::time::Duration;

use crate::facts::deleted_files;
use crate::finding::{Finding, Status, Text, bytes, name, percent, time};
use crate::host::{DeletedFiles, Host, Room, Unavailable};

use super::{Check, Limit, Limits, Run, disk_space};

pub(super) const CHECK: Check = Check {
    id: "disk.deleted-open",
    number: 3,
    version: 1,
    title_en: "Deleted files that take room still",
    title_fr: "Fichiers supprimés qui occupent encore de la place",
    every: Duration::from_secs(900),
    limits: &[
        Limit::percent("free_critical", 3),
        Limit::percent("free_warning", 10),
        Limit::percent("held_enough", 5),
    ],
    remedies: &[
        "disk.release-deleted",
        "service.restart",
        "process.terminate",
    ],
    texts: &[
        Text::technician(
            "none",
            "No short file system is filled by deleted files",
            "Aucun système de fichiers à l'étroit n'est rempli par des fichiers supprimés",
        ),
        Text {
            id: "held",
            en: "{held} of {mount} belong to deleted files that {process} (process {pid}) still has open",
            fr: "{held} de {mount} appartiennent à des fichiers supprimés que {process} (processus {pid}) garde ouverts",
            user_en: "A program keeps deleted files on the disk.",
            user_fr: "Un programme garde sur le disque des fichiers supprimés.",
        },
        Text::technician(
            "largest",
            "The largest was {path} ({largest}); the room is free again when the program closes it or ends",
            "Le plus gros était {path} ({largest}) ; la place sera libérée quand le programme le fermera ou s'arrêtera",
        ),
    ],
    ticket_worthy: false,
    run: Run::Wait(|host, limits| Box::pin(async { observe(host, limits).await })),
};

/// Open files are looked at only where a file system is short: most machines start no worker for this.
async fn observe(host: &Host, limits: &Limits) -> Result<Vec<Finding>, Unavailable> {
    let mut short = disk_space::observe(host).await?;
    short.retain(|(_, usage)| {
        let usage = usage.as_ref();
        usage.is_ok_and(|usage| limits.below("free", usage.free_percent()) != Status::Ok)
    });
    let held = match short.as_slice() {
        [] => Vec::new(),
        _ => deleted_files::ask(host).await?,
    };
    Ok(judge(&short, &held, limits))
}

fn judge(short: &[Room], held: &[DeletedFiles], limits: &Limits) -> Vec<Finding> {
    let findings: Vec<Finding> = short
        .iter()
        .filter_map(|room| one(room, held, limits))
        .collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

/// Of one file system: the process that holds the most, if that is worth ending it.
fn one((fs, usage): &Room, held: &[DeletedFiles], limits: &Limits) -> Option<Finding> {
    let usage = usage.as_ref().ok()?;
    let of_it = held.iter().filter(|held| held.device == fs.device);
    let worst = of_it.max_by_key(|held| held.bytes)?;
    let held_percent = worst.bytes as f64 * 100.0 / usage.total_bytes.max(1) as f64;
    if held_percent < limits.get("held_enough") {
        return None;
    }
    let status = limits.below("free", usage.free_percent());
    let (mount, pid) = (name("mount", &fs.mount), name("pid", worst.pid.to_string()));
    Some(
        Finding::new(status, &fs.mount)
            .evidence(bytes("held_bytes", worst.bytes))
            .evidence(percent("held_percent", held_percent))
            .evidence(name("process", &worst.process))
            .evidence(pid.clone())
            .evidence(time("started_at", worst.started_us))
            .says(
                "held",
                vec![
                    bytes("held", worst.bytes),
                    mount,
                    name("process", &worst.process),
                    pid,
                ],
            )
            .because(
                "largest",
                vec![
                    name("path", &worst.largest),
                    bytes("largest", worst.largest_bytes),
                ],
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::{Filesystem, Usage};

    fn room(free_mib: u64) -> Room {
        let fs = Filesystem {
            mount: "/var".into(),
            device: (8, 1),
            ..Filesystem::default()
        };
        let usage = Usage {
            total_bytes: 1000 << 20,
            free_bytes: free_mib << 20,
            available_bytes: free_mib << 20,
            ..Usage::default()
        };
        (fs, Ok(usage))
    }

    fn held(device: (u32, u32), mib: u64) -> DeletedFiles {
        DeletedFiles {
            device,
            pid: 7,
            process: "logd".into(),
            bytes: mib << 20,
            largest: "/var/log/big".into(),
            largest_bytes: mib << 20,
            ..DeletedFiles::default()
        }
    }

    #[track_caller]
    fn check(free_mib: u64, held: &[DeletedFiles], expected: &str) {
        let found = judge(&[room(free_mib)], held, &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn who_holds_much_of_a_short_disk_is_named() {
        let said = "/var / 300 MiB of /var belong to deleted files that logd (process 7) still has open / because \
                    The largest was /var/log/big (300 MiB); the room is free again when the program closes it or ends";
        check(20, &[held((8, 1), 300)], &format!("critical {said}"));
        check(80, &[held((8, 1), 300)], &format!("warning {said}"));
    }

    #[test]
    fn little_or_elsewhere_is_no_fault() {
        let well = "ok / No short file system is filled by deleted files";
        check(20, &[held((8, 1), 20)], well);
        check(20, &[held((8, 2), 300)], well);
        check(20, &[], well);
    }
}
