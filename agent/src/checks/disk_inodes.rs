//! Warns before a file system has no inode left for another file.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::{Filesystem, Room, Usage};

use super::disk_space::{observe, unknown};
use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.inodes",
    number: 4,
    version: 1,
    title_en: "Room for more files on the file systems",
    title_fr: "Place pour d'autres fichiers sur les systèmes de fichiers",
    every: Duration::from_secs(60),
    limits: &[
        Limit::percent("free_critical", 2),
        Limit::percent("free_warning", 8),
    ],
    remedies: &["disk.clean"],
    texts: &[
        Text {
            id: "free",
            en: "{free_percent} of the inodes free on {mount}",
            fr: "{free_percent} des inodes libres sur {mount}",
            user_en: "The disk can take more files.",
            user_fr: "Le disque peut recevoir d'autres fichiers.",
        },
        Text {
            id: "low",
            en: "Only {free_percent} of the inodes ({free}) free on {mount}",
            fr: "Seulement {free_percent} des inodes ({free}) libres sur {mount}",
            user_en: "The disk holds almost as many files as it can.",
            user_fr: "Le disque contient presque autant de fichiers qu'il peut.",
        },
        Text::technician(
            "none",
            "No file system has a limit of inodes",
            "Aucun système de fichiers n'a de limite d'inodes",
        ),
        Text::technician(
            "small_files",
            "Many small files lie on it: the room for content is not used up",
            "Beaucoup de petits fichiers s'y trouvent : l'espace pour leur contenu n'est pas épuisé",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| Box::pin(async { Ok(judge(&observe(host).await?, limits)) })),
};

fn judge(rooms: &[Room], limits: &Limits) -> Vec<Finding> {
    let findings = rooms
        .iter()
        // btrfs and the like make inodes as they need them.
        .filter(|(_, usage)| !matches!(usage, Ok(usage) if usage.inodes == 0))
        .map(|(fs, usage)| match usage {
            Ok(usage) if fs.has_caches => one(fs, *usage, limits),
            Ok(usage) => one(fs, *usage, limits).without_remedies(),
            Err(why) => unknown(fs, why),
        })
        .collect::<Vec<_>>();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(fs: &Filesystem, usage: Usage, limits: &Limits) -> Finding {
    let free_percent = usage.free_inodes_percent();
    let status = limits.below("free", free_percent);
    let free = percent("free_percent", free_percent);
    let mount = name("mount", &fs.mount);
    let finding = Finding::new(status, &fs.mount)
        .evidence(free.clone())
        .evidence(count("free_inodes", usage.free_inodes))
        .evidence(count("inodes", usage.inodes));
    if status == Status::Ok {
        return finding.says("free", vec![free, mount]);
    }
    let finding = finding.says("low", vec![free, count("free", usage.free_inodes), mount]);
    if usage.free_percent() > 20.0 {
        return finding.because("small_files", vec![]);
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    /// Free and all inodes.
    #[track_caller]
    fn check(free_inodes: u64, inodes: u64, expected: &str) {
        let fs = Filesystem {
            mount: "/".into(),
            ..Filesystem::default()
        };
        let usage = Usage {
            total_bytes: 100,
            free_bytes: 50,
            available_bytes: 50,
            inodes,
            free_inodes,
        };
        let found = judge(&[(fs, Ok(usage))], &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn limits_are_exclusive() {
        check(8, 100, "ok / / 8 % of the inodes free on /");
        check(
            7,
            100,
            "warning / / Only 7 % of the inodes (7) free on / / because Many small files lie on it: \
             the room for content is not used up",
        );
        check(
            1,
            100,
            "critical / / Only 1 % of the inodes (1) free on / / because Many small files lie on it: \
             the room for content is not used up",
        );
    }

    #[test]
    fn a_file_system_without_a_limit_is_not_judged() {
        check(0, 0, "ok / No file system has a limit of inodes");
    }
}
