//! Finds arrays of disks that run without one of their members, or not at all.

use std::time::Duration;

use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::{Host, Raid, Unavailable};

use super::{Check, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.raid",
    number: 8,
    version: 1,
    title_en: "Arrays of disks",
    title_fr: "Grappes de disques (RAID)",
    every: Duration::from_secs(300),
    limits: &[],
    remedies: &[],
    texts: &[
        Text::technician(
            "none",
            "There is no array of disks",
            "Aucune grappe de disques",
        ),
        Text {
            id: "whole",
            en: "{array} ({level}) has all its {wanted} disks",
            fr: "{array} ({level}) a tous ses {wanted} disques",
            user_en: "All disks work.",
            user_fr: "Tous les disques fonctionnent.",
        },
        Text {
            id: "degraded",
            en: "{array} ({level}) has {working} of its {wanted} disks",
            fr: "{array} ({level}) n'a que {working} de ses {wanted} disques",
            user_en: "A disk has failed. The next failure loses data.",
            user_fr: "Un disque est en panne. La prochaine panne fera perdre des données.",
        },
        Text {
            id: "rebuilds",
            en: "{array} ({level}) has {working} of its {wanted} disks and is filling one: {done}",
            fr: "{array} ({level}) n'a que {working} de ses {wanted} disques et en reconstruit un : {done}",
            user_en: "A disk was replaced and is being filled.",
            user_fr: "Un disque a été remplacé et se remplit.",
        },
        Text {
            id: "stopped",
            en: "{array} does not run: too few of its disks were found",
            fr: "{array} ne fonctionne pas : trop peu de ses disques ont été trouvés",
            user_en: "Several disks have failed: their data cannot be reached.",
            user_fr: "Plusieurs disques sont en panne : leurs données sont inaccessibles.",
        },
        Text::technician(
            "failed",
            "{disks} failed and has to be replaced",
            "{disks} est en panne et doit être remplacé",
        ),
        Text::technician(
            "missing",
            "A disk is missing: it was not found at the start, or was taken out",
            "Un disque manque : introuvable au démarrage, ou retiré",
        ),
    ],
    ticket_worthy: true,
    run: Run::Now(|host, limits| Ok(judge(&observe(host)?, limits))),
};

fn observe(host: &Host) -> Result<Vec<Raid>, Unavailable> {
    host.raids()
}

fn judge(raids: &[Raid], _: &Limits) -> Vec<Finding> {
    if raids.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    raids.iter().map(one).collect()
}

fn one(of: &Raid) -> Finding {
    let array = name("array", &of.name);
    if !of.is_active {
        return Finding::new(Status::Critical, &of.name).says("stopped", vec![array]);
    }
    let mut said = vec![array, name("level", &of.level), count("wanted", of.wanted)];
    if of.working >= of.wanted {
        return Finding::new(Status::Ok, &of.name).says("whole", said);
    }
    said.push(count("working", of.working));
    let finding = match of.rebuilt_percent {
        Some(done) => {
            said.push(percent("done", done));
            Finding::new(Status::Warning, &of.name).says("rebuilds", said)
        }
        None => Finding::new(Status::Critical, &of.name).says("degraded", said),
    };
    let finding = finding.evidence(name("failed", of.failed.join(", ")));
    match of.failed.is_empty() {
        true => finding.because("missing", vec![]),
        false => finding.because("failed", vec![name("disks", of.failed.join(", "))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(working: u64, failed: &[&str], rebuilt_percent: Option<f64>, expected: &str) {
        let raid = Raid {
            name: "md0".into(),
            level: "raid1".into(),
            is_active: working > 0,
            wanted: 2,
            working,
            failed: failed.iter().map(|disk| (*disk).to_owned()).collect(),
            rebuilt_percent,
        };
        let found = show(&CHECK, &judge(&[raid], &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_array_without_a_member_is_one_failure_from_its_end() {
        check(2, &[], None, "ok md0 / md0 (raid1) has all its 2 disks");
        check(
            1,
            &["sdb1"],
            None,
            "critical md0 / md0 (raid1) has 1 of its 2 disks / because sdb1 failed and has to be replaced",
        );
        check(
            1,
            &[],
            Some(12.5),
            "warning md0 / md0 (raid1) has 1 of its 2 disks and is filling one: 12 % / because A disk is missing: it was \
             not found at the start, or was taken out",
        );
        check(
            0,
            &[],
            None,
            "critical md0 / md0 does not run: too few of its disks were found",
        );
    }

    #[test]
    fn a_machine_without_arrays_is_well() {
        let found = show(&CHECK, &judge(&[], &limits(&CHECK)));
        assert_eq!(found, "ok / There is no array of disks");
    }
}
