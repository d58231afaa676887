//! What a simulated machine tells of itself beside its numbers: made up, and its vendor's name says so.

use sonde_agent::changes::TableState;
use sonde_agent::facts::{self, Row, Table, Value};
use sonde_agent::finding::{Finding, Status, bytes, name, percent};
use sonde_agent::wire;
use sonde_proto::declaration;
use sonde_proto::message::Argument;
use sonde_proto::v1::argument::Value as Harmed;
use sonde_proto::v1::{self, declaration::Body};

use super::tone::Tone;

/// (id, name, version, codename, kernel) of what such machines run.
const SYSTEMS: &[[&str; 5]] = &[
    [
        "debian",
        "Debian GNU/Linux",
        "12",
        "bookworm",
        "6.1.0-41-amd64",
    ],
    ["ubuntu", "Ubuntu", "24.04", "noble", "6.8.0-88-generic"],
    ["ubuntu", "Ubuntu", "22.04", "jammy", "5.15.0-161-generic"],
    ["fedora", "Fedora Linux", "43", "", "6.17.9-300.fc43.x86_64"],
    [
        "rhel",
        "Red Hat Enterprise Linux",
        "9.7",
        "Plow",
        "5.14.0-611.el9.x86_64",
    ],
];
const PEOPLE: &[&str] = &[
    "claire", "jean", "sofia", "tom", "ines", "paul", "awa", "lucie",
];
const GIB: i64 = 1 << 30;

/// What one in so many machines is found to have.
const FULL_DISK_OF: usize = 9;
const RESTART_OF: usize = 5;
const FAILED_SERVICE_OF: usize = 17;

/// Percent of its only file system that is free on machine `number`.
fn free_percent(number: usize) -> i64 {
    match number % FULL_DISK_OF {
        4 => 2 + (number as i64 / 9) % 7,
        _ => 20 + (number as i64 * 37) % 70,
    }
}

/// Tables of facts of machine `number`, each as a change from nothing.
pub(super) fn tables(number: usize, tone: Tone) -> Vec<v1::TableChange> {
    let [id, os, version, codename, kernel] = SYSTEMS[number % SYSTEMS.len()];
    let text = |text: &str| Value::Text(tone.say(text));
    let total = 256 * GIB;
    let free = total / 100 * free_percent(number);
    let told: [(&str, Vec<(&str, Value)>); 5] = [
        (
            "os",
            vec![
                ("id", text(id)),
                ("name", text(os)),
                ("version", text(version)),
                ("codename", text(codename)),
                ("kernel", text(kernel)),
                ("architecture", text("x86_64")),
                ("restart_wanted", Value::Truth(wants_restart(number))),
            ],
        ),
        (
            "system",
            vec![
                ("hostname", text(&super::device::hostname(number))),
                ("vendor", text("Simulated")),
                ("product", text(&format!("Desk {}", 3 + number % 4))),
                ("serial", text(&format!("SIM{number:05}"))),
                ("virtualisation", text("simulated")),
            ],
        ),
        (
            "memory",
            vec![
                ("total_bytes", Value::Integer(GIB << (2 + number % 4))),
                ("available_bytes", Value::Integer(GIB << (1 + number % 4))),
            ],
        ),
        (
            "filesystems",
            vec![
                ("mount", text("/")),
                ("source", text("/dev/nvme0n1p2")),
                ("kind", text("ext4")),
                ("read_only", Value::Truth(false)),
                ("total_bytes", Value::Integer(total)),
                ("used_bytes", Value::Integer(total - free)),
                ("available_bytes", Value::Integer(free)),
                (
                    "used_percent",
                    Value::Real(100.0 - free_percent(number) as f64),
                ),
            ],
        ),
        (
            "sessions",
            vec![
                ("id", text("2")),
                ("user", text(PEOPLE[number % PEOPLE.len()])),
                ("terminal", text(":0")),
                ("kind", text("wayland")),
            ],
        ),
    ];
    let change = |(table, cells): (&str, Vec<(&str, Value)>)| {
        let table = facts::ALL.iter().find(|known| known.name == table)?;
        let declaration = wire::table(table);
        let (id, _) = declaration::encode(Body::Table(declaration.clone()));
        let mut state = TableState::new(declaration, id);
        // Told first is only a hash, which is that of what the collector has: nothing.
        state.update(Vec::new());
        Some(state.update(vec![wire::row(row(table, &cells))]))
    };
    told.into_iter().filter_map(change).flatten().collect()
}

/// A row of these cells; the others are absent.
fn row(table: &Table, cells: &[(&str, Value)]) -> Row {
    debug_assert!(
        cells
            .iter()
            .all(|(name, _)| table.columns.iter().any(|column| column.name == *name)),
        "{} has no such column",
        table.name
    );
    let cell = |column: &facts::Column| {
        let given = cells.iter().find(|(name, _)| *name == column.name);
        given.map_or(Value::Absent, |(_, value)| value.clone())
    };
    table.columns.iter().map(cell).collect()
}

fn wants_restart(number: usize) -> bool {
    number % RESTART_OF == 2
}

/// All that is found on machine `number`, which began at `since_us`.
pub(super) fn findings(number: usize, since_us: i64, tone: Tone) -> v1::FindingChanges {
    let free = free_percent(number);
    let room = |status, id, arguments| found("disk.space", status, "/", id, arguments);
    let on = || name("mount", "/");
    let disk = match free {
        ..3 => room(Status::Critical, "low", low(free)),
        3..10 => room(Status::Warning, "low", low(free)),
        _ => room(
            Status::Ok,
            "free",
            vec![percent("free_percent", free as f64), on()],
        ),
    };
    let restart = match wants_restart(number) {
        true => {
            let packages = vec![name("packages", "linux-image, libc6")];
            found(
                "os.reboot-required",
                Status::Warning,
                "",
                "packages",
                packages,
            )
        }
        false => found("os.reboot-required", Status::Ok, "", "none", Vec::new()),
    };
    let service = match number % FAILED_SERVICE_OF {
        6 => {
            let unit = "cups.service";
            found(
                "service.failed",
                Status::Critical,
                unit,
                "failed",
                vec![name("unit", unit)],
            )
        }
        _ => found("service.failed", Status::Ok, "", "none", Vec::new()),
    };
    let told = |finding| {
        let mut told = wire::finding(finding);
        told.since_us = since_us;
        harm(&mut told, tone);
        told
    };
    v1::FindingChanges {
        findings: [disk, restart, service].map(told).into(),
        gone: Vec::new(),
        whole: true,
        kept: Vec::new(),
    }
}

/// Past what an agent's own side cleans.
fn harm(finding: &mut v1::Finding, tone: Tone) {
    if tone == Tone::Honest {
        return;
    }
    finding.subject = tone.say(&finding.subject);
    let said = finding
        .message
        .iter_mut()
        .flat_map(|said| &mut said.arguments);
    for argument in said {
        if let Some(Harmed::Text(text)) = &mut argument.value {
            *text = tone.say(text);
        }
    }
}

fn low(free: i64) -> Vec<Argument> {
    let available = (256 * GIB / 100 * free) as u64;
    vec![
        percent("free_percent", free as f64),
        bytes("available", available),
        name("mount", "/"),
    ]
}

fn found(
    check: &'static str,
    status: Status,
    subject: &str,
    text: &'static str,
    arguments: Vec<Argument>,
) -> Finding {
    let mut finding = Finding::new(status, subject);
    finding.check = check;
    finding.says(text, arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sonde_agent::checks;

    #[test]
    fn what_is_made_up_is_said_in_words_that_there_are() {
        for number in 0..100 {
            for finding in findings(number, 1, Tone::Honest).findings {
                let check = checks::ALL.iter().find(|check| check.id == finding.check);
                let said = finding.message.unwrap_or_default().id;
                let texts = check.map_or(&[][..], |check| check.texts);
                assert!(texts.iter().any(|text| text.id == said), "{said}");
            }
            assert_eq!(tables(number, Tone::Honest).len(), 5);
        }
    }
}
