//! Finds disks that fail or are about to, by what they say of themselves.

use std::time::Duration;

use crate::facts::disk_health;
use crate::finding::{Finding, Status, Text, count, name, percent};
use crate::host::DiskHealth;

use super::{Check, Limit, Limits, Run};

pub(super) const CHECK: Check = Check {
    id: "disk.health",
    number: 7,
    version: 1,
    title_en: "Health of the disks",
    title_fr: "Santé des disques",
    every: Duration::from_secs(3600),
    limits: &[
        Limit::number("reallocated_critical", 500),
        Limit::number("reallocated_warning", 10),
        Limit::number("pending_critical", 50),
        Limit::number("pending_warning", 0),
        Limit::number("uncorrectable_critical", 50),
        Limit::number("uncorrectable_warning", 0),
        Limit::number("media_critical", 100),
        Limit::number("media_warning", 0),
        Limit::percent("used_critical", 110),
        Limit::percent("used_warning", 95),
        Limit::percent("spare_margin", 10),
    ],
    remedies: &[],
    texts: &[
        Text {
            id: "well",
            en: "{disk} says that it is well",
            fr: "{disk} se déclare en bon état",
            user_en: "The disk is well.",
            user_fr: "Le disque est en bon état.",
        },
        Text {
            id: "failing",
            en: "{disk} says itself that it is failing",
            fr: "{disk} annonce lui-même une panne",
            user_en: "The disk is failing. Save what you need at once.",
            user_fr: "Le disque est en train de tomber en panne. Sauvegardez tout de suite ce dont vous avez besoin.",
        },
        Text {
            id: "sectors",
            en: "{disk} has damaged places: {reallocated} replaced, {pending} that wait, {uncorrectable} lost",
            fr: "{disk} a des secteurs abîmés : {reallocated} remplacés, {pending} en attente, {uncorrectable} perdus",
            user_en: "The disk has damaged places.",
            user_fr: "Le disque a des zones abîmées.",
        },
        Text {
            id: "media",
            en: "{disk} has lost data {errors} times: its memory has errors that it could not correct",
            fr: "{disk} a perdu des données {errors} fois : sa mémoire a des erreurs qu'il n'a pas pu corriger",
            user_en: "The disk has lost data.",
            user_fr: "Le disque a perdu des données.",
        },
        Text {
            id: "spare",
            en: "{disk} has {spare} of its spare memory left; below {least} it may stop taking writes",
            fr: "{disk} n'a plus que {spare} de mémoire de réserve ; sous {least}, il risque de refuser les écritures",
            user_en: "The disk is almost worn out.",
            user_fr: "Le disque est presque usé.",
        },
        Text {
            id: "worn",
            en: "{disk} has used {used} of the life that its maker promises",
            fr: "{disk} a consommé {used} de la durée de vie promise par le fabricant",
            user_en: "The disk is worn out.",
            user_fr: "Le disque est usé.",
        },
        Text::technician(
            "silent",
            "Cannot tell: {disk} says nothing of itself ({why})",
            "Indéterminé : {disk} ne dit rien de lui-même ({why})",
        ),
        Text::technician(
            "replace",
            "{model}, serial number {serial}: save its data and have it replaced",
            "{model}, numéro de série {serial} : sauvegarder ses données et le faire remplacer",
        ),
        Text::technician(
            "below",
            "{model}, serial number {serial}: {attributes} below what the maker allows; save its data and have it replaced",
            "{model}, numéro de série {serial} : {attributes} sous le seuil du fabricant ; sauvegarder ses données et le \
             faire remplacer",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let disks = disk_health::ask(host).await?;
            Ok(disks.iter().map(|of| judge(of, limits)).collect())
        })
    }),
};

fn judge(of: &DiskHealth, limits: &Limits) -> Finding {
    let disk = || name("disk", &of.disk);
    if let Some(why) = &of.trouble {
        return Finding::new(Status::Unknown, &of.disk)
            .says("silent", vec![disk(), name("why", why)]);
    }
    let mut finding = worst(of, limits);
    let numbers = [
        ("reallocated", of.reallocated),
        ("pending", of.pending),
        ("uncorrectable", of.uncorrectable),
        ("media_errors", of.media_errors),
        ("hours", of.hours),
    ];
    for (key, value) in numbers {
        if let Some(value) = value {
            finding = finding.evidence(count(key, value));
        }
    }
    if finding.status == Status::Ok {
        return finding;
    }
    let unknown = || "?".to_owned();
    let mut who = vec![
        name("model", of.model.clone().unwrap_or_else(unknown)),
        name("serial", of.serial.clone().unwrap_or_else(unknown)),
    ];
    if of.failing.is_empty() {
        return finding.because("replace", who);
    }
    who.push(name("attributes", of.failing.join(", ")));
    finding.because("below", who)
}

/// What is worst about it; of equals, what comes first here.
fn worst(of: &DiskHealth, limits: &Limits) -> Finding {
    let disk = name("disk", &of.disk);
    let finding = |status| Finding::new(status, &of.disk);
    let above = |limit, value: Option<u64>| {
        value.map_or(Status::Ok, |value| limits.above(limit, value as f64))
    };
    // NVM Express Base Specification 2.0, figure 207: bits 2 and 3, degraded and read-only.
    let calls_for_help = of.critical_warning.is_some_and(|bits| bits & 0b1100 != 0);
    let failing = match of.has_passed == Some(false) || !of.failing.is_empty() || calls_for_help {
        true => Status::Critical,
        false => Status::Ok,
    };
    let sectors = above("reallocated", of.reallocated)
        .worse(above("pending", of.pending))
        .worse(above("uncorrectable", of.uncorrectable));
    let spare = of.spare_percent.zip(of.spare_least_percent);
    let is_spare_low = spare.map_or(Status::Ok, |(left, least)| {
        if left < least {
            Status::Critical
        } else if ((left - least) as f64) < limits.get("spare_margin") {
            Status::Warning
        } else {
            Status::Ok
        }
    });
    let (left, least) = spare.unwrap_or_default();
    let number = |key, value: Option<u64>| count(key, value.unwrap_or_default());
    let candidates = [
        (failing, "failing", vec![]),
        (
            above("media", of.media_errors),
            "media",
            vec![number("errors", of.media_errors)],
        ),
        (
            sectors,
            "sectors",
            vec![
                number("reallocated", of.reallocated),
                number("pending", of.pending),
                number("uncorrectable", of.uncorrectable),
            ],
        ),
        (
            is_spare_low,
            "spare",
            vec![
                percent("spare", left as f64),
                percent("least", least as f64),
            ],
        ),
        (
            above("used", of.used_percent),
            "worn",
            vec![percent("used", of.used_percent.unwrap_or_default() as f64)],
        ),
    ];
    let mut worst = (Status::Ok, "well", vec![]);
    for candidate in candidates {
        if candidate.0.weight() > worst.0.weight() {
            worst = candidate;
        }
    }
    let (status, id, mut said) = worst;
    said.insert(0, disk);
    finding(status).says(id, said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};

    #[track_caller]
    fn check(of: DiskHealth, expected: &str) {
        let of = DiskHealth {
            disk: "sda".into(),
            ..of
        };
        let found = show(&CHECK, &[judge(&of, &limits(&CHECK))]);
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn a_disk_is_well_until_it_says_otherwise() {
        let well = DiskHealth {
            has_passed: Some(true),
            reallocated: Some(8),
            pending: Some(0),
            ..DiskHealth::default()
        };
        check(well.clone(), "ok sda / sda says that it is well");
        let fails = DiskHealth {
            has_passed: Some(false),
            pending: Some(3),
            model: Some("WDC".into()),
            failing: vec!["Reallocated_Sector_Ct".into()],
            ..well.clone()
        };
        check(
            fails,
            "critical sda / sda says itself that it is failing / because WDC, serial number ?: Reallocated_Sector_Ct below",
        );
        let silent = DiskHealth {
            trouble: Some("asleep".into()),
            ..DiskHealth::default()
        };
        check(
            silent,
            "unknown sda / Cannot tell: sda says nothing of itself (asleep)",
        );
    }

    #[test]
    fn damaged_places_are_told_before_the_disk_calls_itself_failing() {
        let passed = |pending, reallocated| DiskHealth {
            has_passed: Some(true),
            pending: Some(pending),
            reallocated: Some(reallocated),
            ..DiskHealth::default()
        };
        check(
            passed(2, 0),
            "warning sda / sda has damaged places: 0 replaced, 2 that wait, 0 lost / because ?, serial number ?: save",
        );
        check(
            passed(0, 600),
            "critical sda / sda has damaged places: 600 replaced",
        );
    }

    #[test]
    fn flash_memory_is_judged_by_its_errors_spare_and_life() {
        let nvme = |media, spare, used| DiskHealth {
            has_passed: Some(true),
            media_errors: Some(media),
            spare_percent: Some(spare),
            spare_least_percent: Some(10),
            used_percent: Some(used),
            ..DiskHealth::default()
        };
        check(nvme(0, 100, 50), "ok");
        check(nvme(4, 100, 50), "warning sda / sda has lost data 4 times");
        check(
            nvme(0, 15, 50),
            "warning sda / sda has 15 % of its spare memory left; below 10 % it",
        );
        check(
            nvme(0, 9, 50),
            "critical sda / sda has 9 % of its spare memory left",
        );
        check(
            nvme(0, 100, 99),
            "warning sda / sda has used 99 % of the life",
        );
        let degraded = DiskHealth {
            critical_warning: Some(4),
            ..nvme(0, 100, 50)
        };
        check(
            degraded,
            "critical sda / sda says itself that it is failing",
        );
    }
}
