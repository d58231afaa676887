//! Tells when a file system will be full, by how it has filled up in the last hours.

use std::time::Duration;

use crate::facts::trends::{self, Trend};
use crate::finding::{Finding, Status, Text, bytes, duration, name};
use crate::host::{Host, Room, Unavailable};

use super::{Check, Limit, Limits, Run, disk_space};

pub(super) const CHECK: Check = Check {
    id: "disk.fill-forecast",
    number: 2,
    version: 1,
    title_en: "When the file systems will be full",
    title_fr: "Prévision de remplissage des systèmes de fichiers",
    every: Duration::from_secs(3600),
    limits: &[
        Limit::seconds("left_critical", 3.0 * 3600.0),
        Limit::seconds("left_warning", 24.0 * 3600.0),
        Limit::seconds("history_least", 2.0 * 3600.0),
        // Of what is free at first: less is no trend but how a machine breathes.
        Limit::percent("lost_least", 2),
        Limit::percent("steady_least", 60),
    ],
    remedies: &["disk.clean", "logs.vacuum"],
    texts: &[
        Text {
            id: "none",
            en: "At the pace of the last hours no file system fills up soon",
            fr: "Au rythme des dernières heures, aucun système de fichiers ne se remplit bientôt",
            user_en: "The disk does not fill up.",
            user_fr: "Le disque ne se remplit pas.",
        },
        Text {
            id: "fills",
            en: "{mount} will be full in {left}: it loses {pace} an hour",
            fr: "{mount} sera plein dans {left} : il perd {pace} par heure",
            user_en: "The disk fills up quickly.",
            user_fr: "Le disque se remplit vite.",
        },
        Text::technician(
            "young",
            "Cannot tell: the flight recorder has less than {needed} of any file system",
            "Indéterminé : l'enregistreur n'a pas encore {needed} de mesures d'un système de fichiers",
        ),
    ],
    ticket_worthy: true,
    run: Run::Wait(|host, limits| {
        Box::pin(async {
            let (trends, rooms) = observe(host).await?;
            Ok(judge(&trends, &rooms, limits))
        })
    }),
};

async fn observe(host: &Host) -> Result<(Vec<Trend>, Vec<Room>), Unavailable> {
    let trends = trends::ask(host, trends::FREE_BYTES).await?;
    Ok((trends, disk_space::observe(host).await?))
}

fn judge(trends: &[Trend], rooms: &[Room], limits: &Limits) -> Vec<Finding> {
    let needed = limits.get("history_least");
    let long = trends.iter().filter(|of| of.span_us as f64 / 1e6 >= needed);
    if long.clone().next().is_none() {
        let needed = duration("needed", (needed * 1e6) as i64);
        return vec![Finding::new(Status::Unknown, "").says("young", vec![needed])];
    }
    let findings: Vec<Finding> = long.filter_map(|of| one(of, rooms, limits)).collect();
    if findings.is_empty() {
        return vec![Finding::new(Status::Ok, "").says("none", vec![])];
    }
    findings
}

fn one(of: &Trend, rooms: &[Room], limits: &Limits) -> Option<Finding> {
    let (fs, _) = rooms.iter().find(|(fs, _)| fs.mount == of.thing)?;
    let lost_percent = (of.first - of.last) * 100.0 / of.first.max(1.0);
    let is_trend = of.per_second < 0.0
        && lost_percent >= limits.get("lost_least")
        && of.steady * 100.0 >= limits.get("steady_least");
    if !is_trend {
        return None;
    }
    let left_seconds = of.last / -of.per_second;
    let status = limits.below("left", left_seconds);
    let left = duration("left", (left_seconds * 1e6) as i64);
    let pace = bytes("pace", (-of.per_second * 3600.0) as u64);
    let finding = Finding::new(status, &fs.mount)
        .says("fills", vec![name("mount", &fs.mount), left, pace])
        .evidence(bytes("free_bytes", of.last as u64))
        .evidence(duration("seen_us", of.span_us));
    let finding = match fs.has_caches {
        true => finding,
        false if fs.has_logs => finding.with_remedy("logs.vacuum"),
        false => finding.without_remedies(),
    };
    (status != Status::Ok).then_some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::shown_findings::{limits, show};
    use crate::host::{Filesystem, Usage};

    const GIB: f64 = (1_u64 << 30) as f64;

    /// GiB free some hours ago and now, and how steadily it went there.
    #[track_caller]
    fn check(hours: f64, first: f64, last: f64, steady: f64, expected: &str) {
        let trend = Trend {
            thing: "/srv".into(),
            span_us: (hours * 3.6e9) as i64,
            first: first * GIB,
            last: last * GIB,
            per_second: (last - first) * GIB / (hours * 3600.0),
            steady,
            ..Trend::default()
        };
        let fs = Filesystem {
            mount: "/srv".into(),
            ..Filesystem::default()
        };
        let rooms = [(fs, Ok(Usage::default()))];
        let found = show(&CHECK, &judge(&[trend], &rooms, &limits(&CHECK)));
        assert_eq!(found, expected);
    }

    const WELL: &str = "ok / At the pace of the last hours no file system fills up soon";

    #[test]
    fn what_fills_up_within_a_day_is_told_and_sooner_is_worse() {
        check(
            4.0,
            50.0,
            30.0,
            1.0,
            "warning /srv / /srv will be full in 6 h: it loses 5 GiB an hour",
        );
        check(
            4.0,
            50.0,
            10.0,
            1.0,
            "critical /srv / /srv will be full in 1 h: it loses 10 GiB an hour",
        );
        check(4.0, 500.0, 490.0, 1.0, WELL);
    }

    #[test]
    fn a_machine_that_breathes_does_not_fill_up() {
        check(4.0, 10.0, 9.9, 1.0, WELL);
        check(4.0, 50.0, 30.0, 0.5, WELL);
        check(4.0, 30.0, 50.0, 1.0, WELL);
    }

    #[test]
    fn without_enough_history_nothing_is_foretold() {
        check(
            1.0,
            50.0,
            5.0,
            1.0,
            "unknown / Cannot tell: the flight recorder has less than 2 h of any file system",
        );
    }
}
