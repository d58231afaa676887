//! A device as a technician needs it first: how it is, what it is, who is on it, what is open about it.

use serde_json::{Value, json};

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure, check};
use super::{resolve, whole};

/// What has been shown before the rest.
const SHOWN: [&str; 9] = [
    "id",
    "hostname",
    "site",
    "os",
    "agent_version",
    "connected",
    "last_seen",
    "status",
    "connected_at",
];

pub(super) async fn show(context: &mut Context, device: &str) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let client = context.client().await?;
    let device = client.get(&format!("/devices/{id}")).await?;
    let findings = client.get(&format!("/devices/{id}/findings")).await?;
    let tickets = client
        .get(&format!("/tickets?state=unresolved&limit=20&device={id}"))
        .await?;
    if context.output.json {
        let value = json!({
            "device": device, "what_is_wrong": findings["what_is_wrong"],
            "findings": findings["items"], "tickets": tickets["items"],
        });
        return Ok(context.output.value(&value)?);
    }
    let os = held(context, &id, "os").await?;
    let addresses = held(context, &id, "addresses").await?;
    let sessions = held(context, &id, "sessions").await?;
    let seen = match device["connected"].as_bool() {
        Some(true) => "connected".to_owned(),
        _ => format!("last seen {}", when(&device["last_seen"])),
    };
    let status = match field(&device, "status") {
        status if status.is_empty() => "nothing is reported yet".to_owned(),
        status => status,
    };
    context
        .output
        .line(&format!("{}: {status}, {seen}", field(&device, "hostname")))?;
    context
        .output
        .line(&field(&findings["what_is_wrong"], "technician"))?;
    context.output.line("")?;
    check::findings(context, items(&findings))?;
    context.output.line("")?;
    let open = items(&tickets).iter();
    let mut open: Vec<String> = open
        .map(|ticket| format!("{} {}", field(ticket, "number"), field(ticket, "title")))
        .collect();
    if tickets["next"].is_string() {
        let host = field(&device, "hostname");
        open.push(format!(
            "more: sonde ticket list --state unresolved --device {host}"
        ));
    }
    let mut rows = vec![
        ("system", system(&device, &os)),
        ("addresses", addresses_of(&addresses)),
        ("logged on", names(&sessions, "user").join(", ")),
        ("site", field(&device, "site")),
        ("agent", field(&device, "agent_version")),
        ("open tickets", open.join("\n")),
        ("id", field(&device, "id")),
    ];
    rows.retain(|(_, text)| !text.is_empty());
    let first = rows.into_iter().map(|(name, text)| (name.to_owned(), text));
    let rows = first
        .chain(rest(&device))
        .map(|(name, text)| vec![name, text]);
    Ok(context.output.table(&["device", ""], rows)?)
}

/// Rows that the collector holds of a table; none where it has none.
async fn held(context: &mut Context, id: &str, table: &str) -> Result<Vec<Value>, Failure> {
    let base = format!("/devices/{id}/facts/{}?limit=1000", escape(table));
    match whole(context, &base, "after", "rows").await {
        Ok(table) => Ok(table["rows"].as_array().cloned().unwrap_or_default()),
        Err(failure) if failure.kind() == Some("not-found") => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn system(device: &Value, os: &[Value]) -> String {
    let Some(os) = os.first() else {
        return field(device, "os");
    };
    let parts = ["name", "version", "kernel"].map(|name| field(os, name));
    parts.join(" ").trim().to_owned()
}

/// Those by which others reach it.
fn addresses_of(rows: &[Value]) -> String {
    let reachable: Vec<Value> = rows
        .iter()
        .filter(|row| !matches!(row["scope"].as_str(), Some("host" | "link")))
        .cloned()
        .collect();
    names(&reachable, "address").join(", ")
}

/// What stands in a column, each once.
fn names(rows: &[Value], column: &str) -> Vec<String> {
    let mut names: Vec<String> = rows.iter().map(|row| field(row, column)).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

fn rest(device: &Value) -> impl Iterator<Item = (String, String)> {
    let all = device.as_object().into_iter().flatten();
    all.filter(|(name, value)| !SHOWN.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.replace('_', " "), when(value)))
        .filter(|(_, text)| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_that_others_reach_it_by() {
        let rows = [
            json!({"address": "192.0.2.7", "scope": "global"}),
            json!({"address": "127.0.0.1", "scope": "host"}),
            json!({"address": "fe80::1", "scope": "link"}),
            json!({"address": "192.0.2.7", "scope": "global"}),
        ];
        assert_eq!(addresses_of(&rows), "192.0.2.7");
    }

    #[test]
    fn what_is_told_first_is_not_told_twice() {
        let device = json!({
            "id": "x", "hostname": "pc", "serial": "S1", "removed_at": null, "kind": "",
            "enrolled_at": "rubbish",
        });
        let rest: Vec<(String, String)> = rest(&device).collect();
        let expected = [("enrolled at", "rubbish"), ("serial", "S1")];
        assert_eq!(rest, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
