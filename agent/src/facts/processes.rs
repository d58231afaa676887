//! Processes, on demand. Their arguments only when asked for: they may hold what is private.

use std::time::Duration;

use crate::host::{Host, Process, Unavailable, User};
use crate::text::mask_secrets;

use super::{Column, Kind, Parameter, Request, Row, Table, Value};

pub(super) const TABLE: Table = Table {
    name: "processes",
    every: Duration::ZERO,
    columns: &[
        Column::key("pid", Kind::Integer),
        Column::key("started_at", Kind::Time),
        Column::slow("parent", Kind::Integer, ""),
        Column::slow("name", Kind::Text, ""),
        Column::slow("user", Kind::Text, ""),
        Column::live("state", Kind::Text, ""),
        Column::live("cpu_us", Kind::Integer, "µs"),
        Column::live("resident_bytes", Kind::Integer, "bytes"),
        Column::live("threads", Kind::Integer, ""),
        Column::slow("arguments", Kind::Text, ""),
    ],
    in_worker: true,
    as_root: true,
    private: shows_arguments,
    parameters: &[
        Parameter {
            name: "sort",
            help_en: "which come first",
            help_fr: "lesquels d'abord",
            choices: &["cpu", "memory", "pid"],
            ..Parameter::PLAIN
        },
        Parameter {
            name: "name",
            help_en: "part of the process's name",
            help_fr: "partie du nom du processus",
            longest: 64,
            ..Parameter::PLAIN
        },
        Parameter {
            name: "arguments",
            kind: Kind::Truth,
            help_en: "show arguments too (private)",
            help_fr: "montrer aussi les arguments (privés)",
            ..Parameter::PLAIN
        },
    ],
    read,
    ..Table::PLAIN
};

fn shows_arguments(request: &Request) -> bool {
    request.get("arguments").and_then(Value::as_truth) == Some(true)
}

fn read(host: &Host, request: &Request) -> Result<Vec<Row>, Unavailable> {
    let mut processes = host.processes()?;
    if let Some(part) = request.text("name") {
        processes.retain(|process| process.name.contains(&part));
    }
    match request.text("sort").as_deref() {
        Some("memory") => processes.sort_by_key(|p| std::cmp::Reverse(p.resident_bytes)),
        Some("cpu") => processes.sort_by_key(|p| std::cmp::Reverse(p.cpu_us)),
        Some(_) | None => processes.sort_by_key(|p| p.pid),
    }
    let users = host.users().unwrap_or_default();
    let with_arguments = shows_arguments(request);
    Ok(processes
        .into_iter()
        .map(|process| {
            let arguments = with_arguments
                .then(|| host.arguments(process.pid).ok())
                .flatten()
                .map(|arguments| mask_secrets(&arguments.join(" ")));
            row(process, &users, arguments)
        })
        .collect())
}

fn row(process: Process, users: &[User], arguments: Option<String>) -> Row {
    let user = users
        .iter()
        .find(|user| user.id == process.user_id)
        .map_or_else(|| process.user_id.to_string(), |user| user.name.clone());
    vec![
        process.pid.into(),
        Value::TimeUs(process.started_us),
        process.parent.into(),
        process.name.into(),
        user.into(),
        process.state.word().into(),
        process.cpu_us.into(),
        process.resident_bytes.into(),
        process.threads.into(),
        arguments.into(),
    ]
}

#[test]
fn arguments_stay_private_unless_asked_for() {
    let host = Host::this();
    let own = std::process::id();
    let of_own = |request: &Request| {
        read(&host, request)
            .unwrap()
            .into_iter()
            .find(|row| row[0] == Value::from(own))
            .unwrap()
    };
    assert_eq!(of_own(&Request::default())[9], Value::Absent);
    let asked = Request::default().with("arguments", Value::Truth(true));
    assert!(of_own(&asked)[9].as_text().is_some());
}
