//! Finds file systems that should be mounted and are not.

use std::collections::HashSet;
use std::time::Duration;

use crate::finding::{Finding, Status, Text, name};
use crate::host::{ConfiguredMount, Host, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "mount.missing",
    number: 10,
    version: 1,
    title_en: "File systems that should be mounted",
    title_fr: "Systèmes de fichiers à monter",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &["mount.mount"],
    texts: &[
        Text {
            id: "none",
            en: "All that /etc/fstab wants mounted is mounted",
            fr: "Tout ce que /etc/fstab demande de monter est monté",
            user_en: "All disks and shared folders are there.",
            user_fr: "Tous les disques et dossiers partagés sont là.",
        },
        Text {
            id: "missing",
            en: "{mount} ({source}) is not mounted: what programs write there lands on the file system below",
            fr: "{mount} ({source}) n'est pas monté : ce que les programmes y écrivent va sur le système de fichiers \
                 en dessous",
            user_en: "A disk or a shared folder is missing.",
            user_fr: "Il manque un disque ou un dossier partagé.",
        },
        Text::technician(
            "no_device",
            "There is no {source} on this machine",
            "Il n'y a pas de {source} sur cette machine",
        ),
        Text::technician(
            "no_folder",
            "There is no folder {mount} to mount it on",
            "Il n'y a pas de dossier {mount} où le monter",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

/// What is missing, and why as far as that can be seen.
struct Missing {
    wanted: ConfiguredMount,
    has_source: bool,
    has_folder: bool,
}

fn observe(host: &Host) -> Result<Vec<Missing>, Unavailable> {
    let mounted: HashSet<String> = host.filesystems()?.into_iter().map(|fs| fs.mount).collect();
    let wanted = host.configured_mounts()?.into_iter();
    Ok(wanted
        .filter(|wanted| wanted.is_wanted() && !mounted.contains(&wanted.mount))
        .map(|wanted| Missing {
            has_source: host.has_source(&wanted.source),
            has_folder: host.has_folder(&wanted.mount),
            wanted,
        })
        .collect())
}

fn judge(missing: &[Missing], _: &Limits) -> Vec<Finding> {
    if missing.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    missing.iter().map(one).collect()
}

fn one(missing: &Missing) -> Finding {
    let wanted = &missing.wanted;
    // Who writes nofail expects it to be away at times (systemd.mount(5)).
    let status = match wanted.may_fail() {
        true => Status::Warning,
        false => Status::Critical,
    };
    let mount = name("mount", &wanted.mount);
    let source = name("source", &wanted.source);
    let finding = Finding::new(status, &wanted.mount)
        .evidence(name("options", &wanted.options))
        .says("missing", vec![mount.clone(), source.clone()]);
    match (missing.has_source, missing.has_folder) {
        (false, _) => finding
            .because("no_device", vec![source])
            .without_remedies(),
        (true, false) => finding.because("no_folder", vec![mount]).without_remedies(),
        (true, true) => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::recorded::Tree;

    #[track_caller]
    fn check(fstab: &str, expected: &str) {
        let mounted = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /srv rw - ext4 /dev/sda2 rw\n";
        let tree = Tree::new(&[
            ("/proc/self/mountinfo", mounted),
            ("/etc/fstab", fstab),
            ("/dev/sdb1", ""),
            ("/data/x", ""),
        ]);
        let found = judge(&observe(&tree.host()).unwrap(), &limits(&CHECK));
        assert_eq!(show(&CHECK, &found), expected);
    }

    #[test]
    fn what_fstab_wants_and_is_not_there_is_missing() {
        let said = "programs write there lands on the file system below";
        check(
            "/dev/sdb1 /data ext4 defaults 0 2\n",
            &format!("critical /data / /data (/dev/sdb1) is not mounted: what {said}"),
        );
        check(
            "UUID=0b1e-77aa /backup ext4 nofail 0 2\n",
            &format!(
                "warning /backup / /backup (UUID=0b1e-77aa) is not mounted: what {said} / because There is no \
                 UUID=0b1e-77aa on this machine"
            ),
        );
        check(
            "nas:/export /net nfs _netdev 0 0\n",
            &format!(
                "critical /net / /net (nas:/export) is not mounted: what {said} / because There is no folder /net to \
                 mount it on"
            ),
        );
    }

    #[test]
    fn what_nobody_wants_now_is_not_missed() {
        check(
            "# /dev/sdb1 /data ext4 defaults\n/dev/sda2 /srv/ ext4 defaults 0 2\n/dev/sdb1 none swap sw 0 0\n\
             /dev/sr0 /media/cdrom iso9660 ro,user,noauto 0 0\nnas:/x /auto nfs x-systemd.automount 0 0\n/dev/sda3 swap swap defaults\n",
            "ok / All that /etc/fstab wants mounted is mounted",
        );
    }
}
