//! What the collector's own checks find.

use super::*;
use crate::store::{DeviceId, Id};
use sonde_proto::message::names;

const NOW: i64 = 100 * DAY_US;

pub(in crate::fleet) fn device() -> Device {
    Device {
        device_key: 1,
        id: DeviceId::random(),
        site: "default".into(),
        site_key: 1,
        hostname: "pc".into(),
        os: "linux".into(),
        serial: String::new(),
        agent_version: String::new(),
        installation_id: Id([0; 16]),
        boot_id: String::new(),
        certificate_not_after: NOW,
        enrolled_at: 0,
        removed_at: None,
        connected_at: None,
        last_seen: NOW,
        clock_offset_us: 0,
        conflict_since: None,
        twin_of: None,
        proposed_predecessor: None,
        predecessor: None,
        worst_status: None,
    }
}

fn refused() -> Known {
    Known {
        refusals: Some(Refusals {
            since: 5,
            last_at: 7,
            reason: "x".into(),
        }),
        ..Known::default()
    }
}

#[track_caller]
fn check(change: impl Fn(&mut Device), known: Known, expected: &str) {
    let mut device = device();
    change(&mut device);
    let found = judge(&device, &known, &Limits::default(), NOW);
    let bad = found
        .iter()
        .filter(|row| row.finding.status() != Status::Ok);
    let shown: Vec<_> = bad
        .map(|row| format!("{} {:?}", row.finding.check, row.finding.status()))
        .collect();
    assert_eq!(shown.join(", "), expected);
}

#[test]
fn a_device_that_is_well_has_nothing() {
    check(|_| {}, Known::default(), "");
    check(
        |device| device.last_seen = NOW - 30 * DAY_US,
        Known::default(),
        "",
    );
    check(
        |device| device.clock_offset_us = -MINUTE_US,
        Known::default(),
        "",
    );
}

#[test]
fn what_only_the_collector_sees_is_found() {
    check(
        |device| device.last_seen = NOW - 31 * DAY_US,
        Known::default(),
        "device.silent Warning",
    );
    check(
        |device| device.clock_offset_us = -2 * MINUTE_US,
        Known::default(),
        "device.clock Warning",
    );
    check(
        |device| device.clock_offset_us = i64::MIN,
        Known::default(),
        "device.clock Critical",
    );
    check(
        |device| device.conflict_since = Some(5),
        Known::default(),
        "device.conflict Critical",
    );
    check(|_| {}, refused(), "device.rejected Warning");
}

#[test]
fn nobody_is_silent_for_what_the_collector_could_not_hear() {
    let silent_since = |deaf: &[(i64, i64)]| {
        let mut device = device();
        device.last_seen = NOW - 40 * DAY_US;
        let known = Known {
            deaf_us: deaf_us(deaf, device.last_seen),
            ..Known::default()
        };
        let found = judge(&device, &known, &Limits::default(), NOW);
        let silent = found
            .into_iter()
            .find(|row| row.finding.check == "device.silent");
        silent
            .filter(|row| row.finding.status() != Status::Ok)
            .map(|row| row.since)
    };
    let days_ago = |from: i64, to: i64| (NOW - from * DAY_US, NOW - to * DAY_US);
    assert_eq!(silent_since(&[]), Some(NOW - 10 * DAY_US));
    // Away for longer than the collector was.
    assert_eq!(silent_since(&[days_ago(9, 8)]), Some(NOW - 9 * DAY_US));
    assert_eq!(silent_since(&[days_ago(45, 35), days_ago(9, 3)]), None);
    assert_eq!(silent_since(&[days_ago(60, 50)]), Some(NOW - 10 * DAY_US));
}

#[test]
fn a_limit_beyond_all_time_is_never_reached() {
    let limits = Limits {
        silent_us: i64::MAX,
        ..Limits::default()
    };
    let found = judge(&device(), &Known::default(), &limits, NOW);
    assert!(found.iter().all(|row| row.finding.status() == Status::Ok));
}

#[test]
fn refusals_count_from_the_first_and_say_why_the_last_was() {
    let found = judge(&device(), &refused(), &Limits::default(), NOW);
    let row = found
        .iter()
        .find(|row| row.finding.check == "device.rejected");
    let row = row.unwrap();
    assert_eq!(row.since, 5);
    let told = &row.finding.evidence[0];
    assert_eq!(told.value, Some(argument::Value::TimeUs(7)));
}

#[test]
fn every_message_has_its_text_in_both_languages() {
    let catalogue = catalogue();
    let mut conflicted = device();
    (conflicted.conflict_since, conflicted.last_seen) = (Some(1), 0);
    let known = refused();
    let limits = Limits::default();
    for row in [
        judge(&device(), &Known::default(), &limits, NOW),
        judge(&conflicted, &known, &limits, NOW),
    ]
    .concat()
    {
        let message = row.finding.message.unwrap();
        let declared = catalogue
            .checks
            .iter()
            .find(|check| check.id == row.finding.check)
            .unwrap();
        let text = declared
            .texts
            .iter()
            .find(|text| text.id == message.id)
            .unwrap();
        for wording in [&text.en, &text.fr] {
            let mut given: Vec<_> = message
                .arguments
                .iter()
                .map(|argument| argument.name.as_str())
                .collect();
            let mut used: Vec<_> = names(wording).collect();
            given.sort_unstable();
            used.sort_unstable();
            assert_eq!(used, given, "{wording}");
        }
    }
}

#[test]
fn a_clock_is_wrong_since_it_was_judged_so_whenever_its_device_connects() {
    let clock = |offset_minutes: i64, known: Option<(i64, i64)>| {
        let mut device = device();
        device.connected_at = Some(NOW - 1);
        device.clock_offset_us = offset_minutes * MINUTE_US;
        let known = Known {
            clock: known.map(|(status, since)| ClockStatus { status, since }),
            ..Known::default()
        };
        let found = judge(&device, &known, &Limits::default(), NOW);
        let row = found.iter().find(|row| row.finding.check == CLOCK).unwrap();
        let changed = clock_changed(&found, &known);
        (row.since, changed.map(|changed| changed.status))
    };
    assert_eq!(clock(0, None), (0, None));
    assert_eq!(clock(2, None), (NOW, Some(1)));
    assert_eq!(clock(2, Some((1, 7))), (7, None));
    assert_eq!(clock(9, Some((1, 7))), (NOW, Some(2)));
    assert_eq!(clock(0, Some((2, 7))), (NOW, Some(0)));
}
