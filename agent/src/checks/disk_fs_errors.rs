//! Finds file systems that have recorded errors and are written to still.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name};
use crate::host::{Filesystem, Host, Storage, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.fs-errors",
    number: 6,
    version: 1,
    title_en: "Errors in the file systems",
    title_fr: "Erreurs dans les systèmes de fichiers",
    every: Duration::from_secs(900),
    limits: &[],
    remedies: &[],
    texts: &[
        Text {
            id: "none",
            en: "No file system has recorded an error that goes on unrepaired",
            fr: "Aucun système de fichiers n'a enregistré d'erreur qui reste à réparer",
            user_en: "The disk has recorded no errors.",
            user_fr: "Le disque n'a pas enregistré d'erreur.",
        },
        Text {
            id: "errors",
            en: "{mount} ({source}) has recorded {errors} errors",
            fr: "{mount} ({source}) a enregistré {errors} erreurs",
            user_en: "The disk has recorded errors.",
            user_fr: "Le disque a enregistré des erreurs.",
        },
        Text::technician(
            "unrepaired",
            "Nobody has checked it since (e2fsck): it may lose files, and the disk below it may be failing",
            "Personne ne l'a vérifié depuis (e2fsck) : il peut perdre des fichiers, et le disque peut être en panne",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

/// File systems that are written to, with the errors that they have recorded.
fn observe(host: &Host) -> Result<Vec<(Filesystem, u64)>, Unavailable> {
    let mut seen = Vec::new();
    let mut filesystems = host.filesystems()?;
    // One that takes no more writes is what disk.readonly finds.
    filesystems.retain(|fs| {
        let is_first = !seen.contains(&fs.device);
        seen.push(fs.device);
        is_first && fs.storage == Storage::Block && !fs.super_read_only
    });
    let errors = |fs: Filesystem| {
        let errors = host.filesystem_errors(&fs.source).unwrap_or(0);
        (fs, errors)
    };
    Ok(filesystems.into_iter().map(errors).collect())
}

fn judge(filesystems: &[(Filesystem, u64)], _: &Limits) -> Vec<Finding> {
    let broken = filesystems.iter().filter(|(_, errors)| *errors > 0);
    let findings: Vec<Finding> = broken.map(|(fs, errors)| one(fs, *errors)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(fs: &Filesystem, errors: u64) -> Finding {
    let said = vec![
        name("mount", &fs.mount),
        name("source", &fs.source),
        count("errors", errors),
    ];
    Finding::new(Status::Warning, &fs.mount)
        .evidence(count("errors", errors))
        .evidence(name("options", &fs.options))
        .says("errors", said)
        .because("unrepaired", vec![])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(options: &str, errors: &str, expected: &str) {
        let mounts = format!(
            "1 0 8:1 / / rw - ext4 /dev/sda1 {options}\n2 1 8:1 / /again rw - ext4 /dev/sda1 {options}\n"
        );
        let tree = Tree::new(&[
            ("/proc/self/mountinfo", &mounts),
            ("/dev/sda1", ""),
            ("/sys/fs/ext4/sda1/errors_count", errors),
        ]);
        let found = judge(&observe(&tree.host()).unwrap(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn a_recorded_error_is_said_once() {
        check(
            "rw",
            "3\n",
            "warning / / / (/dev/sda1) has recorded 3 errors / because Nobody has checked it since (e2fsck): it may \
             lose files, and the disk below it may be failing",
        );
    }

    #[test]
    fn none_is_well_and_what_is_read_only_is_another_checks() {
        let well = "ok / No file system has recorded an error that goes on unrepaired";
        check("rw", "0\n", well);
        check("rw,emergency_ro", "3\n", well);
    }
}
