//! Checks that only the collector can make: they judge what it knows of a device. Pure.

use sonde_proto::v1::{
    self, Argument, CheckDeclaration, Finding, LimitDeclaration, Message, Status, Text, argument,
};

use crate::store::devices::{ClockStatus, Device};
use crate::store::findings::{FindingRow, code, is_collectors};
use crate::store::reports::{REFUSALS_APART_US, Refusals};

const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 86_400_000_000;
const CLOCK: &str = "device.clock";
/// A refused report is spoken of for so long.
pub const REJECTED_US: i64 = REFUSALS_APART_US;

/// What the checks judge by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// A device that was not heard of for so long is silent; 0: silence is nothing to speak of (a machine that is off).
    pub silent_us: i64,
    /// A clock further off than this.
    pub clock_warning_us: i64,
    pub clock_critical_us: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            silent_us: 30 * DAY_US,
            clock_warning_us: MINUTE_US,
            clock_critical_us: 5 * MINUTE_US,
        }
    }
}

/// What is known of a device beside its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its reports that were refused, the newest within a day.
    pub refusals: Option<Refusals>,
    /// How its clock was judged before.
    pub clock: Option<ClockStatus>,
    /// How long no collector listened since the device was last heard of.
    pub deaf_us: i64,
}

/// Declarations and texts, as devices send theirs.
pub fn catalogue() -> v1::Catalogue {
    let limits = Limits::default();
    let limit = |name: &str, us: i64| LimitDeclaration {
        name: name.into(),
        default: us as f64 / 1e6,
        unit: "s".into(),
    };
    let check = |id: &str,
                 titles: [&str; 2],
                 limits: Vec<LimitDeclaration>,
                 texts: &[[&str; 3]]| CheckDeclaration {
        id: id.into(),
        version: 1,
        title_en: titles[0].into(),
        title_fr: titles[1].into(),
        every_us: MINUTE_US,
        limits,
        texts: texts
            .iter()
            .map(|[id, en, fr]| Text {
                id: (*id).into(),
                en: (*en).into(),
                fr: (*fr).into(),
                ..Text::default()
            })
            .collect(),
        ..CheckDeclaration::default()
    };
    let checks = vec![
        check(
            "device.silent",
            [
                "Warns when a device is no longer heard of",
                "Signale un appareil dont on n'a plus de nouvelles",
            ],
            vec![limit("silent", limits.silent_us)],
            &[
                [
                    "silent",
                    "Not heard of since {since}",
                    "Sans nouvelles depuis le {since}",
                ],
                [
                    "heard",
                    "Heard of at {since}",
                    "Dernières nouvelles le {since}",
                ],
            ],
        ),
        check(
            "device.clock",
            [
                "Warns when a device's clock is not the collector's",
                "Signale une horloge différente de celle du collecteur",
            ],
            vec![
                limit("offset_warning", limits.clock_warning_us),
                limit("offset_critical", limits.clock_critical_us),
            ],
            &[[
                "offset",
                "Its clock is {offset} away from the collector's",
                "Son horloge diffère de {offset} de celle du collecteur",
            ]],
        ),
        check(
            "device.conflict",
            [
                "Warns when two machines have one device's key",
                "Signale deux machines ayant la clé d'un même appareil",
            ],
            vec![],
            &[
                [
                    "conflict",
                    "Two machines have its key since {since}; split them",
                    "Deux machines ont sa clé depuis le {since} ; séparez-les",
                ],
                [
                    "alone",
                    "One machine has its key",
                    "Une seule machine a sa clé",
                ],
            ],
        ),
        check(
            "device.rejected",
            [
                "Warns when reports of a device are refused",
                "Signale des rapports refusés",
            ],
            vec![],
            &[
                [
                    "rejected",
                    "A report was refused at {at}: {reason}",
                    "Un rapport a été refusé le {at} : {reason}",
                ],
                [
                    "none",
                    "No report was refused within a day",
                    "Aucun rapport refusé depuis un jour",
                ],
            ],
        ),
    ];
    v1::Catalogue {
        checks,
        actions: vec![],
        texts: vec![],
    }
}

/// Only the collector makes this check.
pub fn is_own(check: &str) -> bool {
    is_collectors(check)
}

/// How much of the times in which no collector listened, from and to, is after `last_seen`.
pub fn deaf_us(deaf: &[(i64, i64)], last_seen: i64) -> i64 {
    let after = deaf
        .iter()
        .map(|(from, to)| to.saturating_sub(*from.max(&last_seen)).max(0));
    after.fold(0, i64::saturating_add)
}

/// How a device's clock is judged now, if that is not how it was.
pub fn clock_changed(found: &[FindingRow], known: &Known) -> Option<ClockStatus> {
    let clock = found.iter().find(|row| row.finding.check == CLOCK)?;
    let status = code(clock.finding.status());
    let before = known.clock.map_or(0, |before| before.status);
    (status != before).then_some(ClockStatus {
        status,
        since: clock.since,
    })
}

/// What the collector finds about a device at `now`.
pub fn judge(device: &Device, known: &Known, limits: &Limits, now: i64) -> Vec<FindingRow> {
    vec![
        silent(device, known, limits, now),
        clock(device, known, limits, now),
        conflict(device),
        rejected(device, known),
    ]
}

fn silent(device: &Device, known: &Known, limits: &Limits, now: i64) -> FindingRow {
    let over = device
        .last_seen
        .saturating_add(known.deaf_us)
        .saturating_add(limits.silent_us);
    let is_silent = device.connected_at.is_none() && limits.silent_us > 0 && over < now;
    let (status, id) = if is_silent {
        (Status::Warning, "silent")
    } else {
        (Status::Ok, "heard")
    };
    let since = if is_silent { over } else { device.last_seen };
    row(
        device,
        "device.silent",
        status,
        since,
        id,
        vec![at("since", device.last_seen)],
    )
}

fn clock(device: &Device, known: &Known, limits: &Limits, now: i64) -> FindingRow {
    let offset = device.clock_offset_us;
    let status = match offset.saturating_abs() {
        far if far > limits.clock_critical_us => Status::Critical,
        far if far > limits.clock_warning_us => Status::Warning,
        _ => Status::Ok,
    };
    let since = match known.clock {
        Some(before) if before.status == code(status) => before.since,
        None if status == Status::Ok => device.enrolled_at,
        Some(_) | None => now,
    };
    let value = argument::Value::DurationUs(offset);
    let offset = Argument {
        name: "offset".into(),
        value: Some(value),
        ..Argument::default()
    };
    row(device, CLOCK, status, since, "offset", vec![offset])
}

fn conflict(device: &Device) -> FindingRow {
    match device.conflict_since {
        Some(since) => row(
            device,
            "device.conflict",
            Status::Critical,
            since,
            "conflict",
            vec![at("since", since)],
        ),
        None => row(
            device,
            "device.conflict",
            Status::Ok,
            device.enrolled_at,
            "alone",
            vec![],
        ),
    }
}

fn rejected(device: &Device, known: &Known) -> FindingRow {
    match &known.refusals {
        Some(Refusals {
            since,
            last_at,
            reason,
        }) => {
            let reason = Argument {
                name: "reason".into(),
                value: Some(argument::Value::Text(reason.clone())),
                ..Argument::default()
            };
            row(
                device,
                "device.rejected",
                Status::Warning,
                *since,
                "rejected",
                vec![at("at", *last_at), reason],
            )
        }
        None => row(
            device,
            "device.rejected",
            Status::Ok,
            device.enrolled_at,
            "none",
            vec![],
        ),
    }
}

fn at(name: &str, us: i64) -> Argument {
    Argument {
        name: name.into(),
        value: Some(argument::Value::TimeUs(us)),
        ..Argument::default()
    }
}

fn row(
    device: &Device,
    check: &str,
    status: Status,
    since: i64,
    id: &str,
    arguments: Vec<Argument>,
) -> FindingRow {
    let message = Message {
        id: id.into(),
        arguments: arguments.clone(),
    };
    let finding = Finding {
        check: check.into(),
        status: status.into(),
        message: Some(message),
        evidence: arguments,
        since_us: since,
        ..Finding::default()
    };
    FindingRow {
        device_key: device.device_key,
        finding,
        since,
        changed_at: since,
    }
}

#[cfg(test)]
pub(super) mod tests;
