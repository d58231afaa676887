//! Devices as a list, narrowed and ordered by the collector.

use clap::Args;
use serde_json::Value;

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure};
use super::whole;

#[derive(Debug, Args)]
pub(in crate::cli) struct Which {
    /// Part of the host name or serial number, or beginning of the id or a hardware address.
    #[arg(long)]
    text: Option<String>,
    /// Only those that are connected now.
    #[arg(long)]
    connected: bool,
    /// Only those that are not.
    #[arg(long, conflicts_with = "connected")]
    away: bool,
    /// Only of this site.
    #[arg(long)]
    site: Option<String>,
    /// Only of this system.
    #[arg(long)]
    os: Option<String>,
    /// Only with this version of the agent.
    #[arg(long, value_name = "VERSION")]
    agent_version: Option<String>,
    /// critical, warning, unknown, ok, none; several with commas.
    #[arg(long)]
    status: Option<String>,
    /// Only those whose key two machines hold.
    #[arg(long)]
    conflict: bool,
    /// Only those with a row for which a question holds, as `filesystems where used_percent > 90`.
    #[arg(long, value_name = "QUESTION")]
    having: Option<String>,
    /// With removed ones.
    #[arg(long)]
    removed: bool,
    /// enrolled, name, status, seen, site, os or agent_version; with - before it from the last to the first.
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true)]
    sort: Option<String>,
    /// What to show of their facts: TABLE.COLUMN, several with commas.
    #[arg(long, value_name = "COLUMNS")]
    facts: Option<String>,
    /// How many there are at each site, of each system and status, and no list.
    #[arg(long, conflicts_with_all = ["sort", "facts"])]
    counts: bool,
}

impl Which {
    /// What narrows, as a query that another part may follow.
    fn query(&self) -> String {
        let texts = [
            ("text", &self.text),
            ("site", &self.site),
            ("os", &self.os),
            ("agent_version", &self.agent_version),
            ("status", &self.status),
            ("q", &self.having),
            ("sort", &self.sort),
            ("facts", &self.facts),
        ];
        let mut query = format!("removed={}", self.removed);
        for (name, value) in texts {
            if let Some(value) = value {
                query.push_str(&format!("&{name}={}", escape(value)));
            }
        }
        if self.connected || self.away {
            query.push_str(&format!("&connected={}", self.connected));
        }
        if self.conflict {
            query.push_str("&conflict=true");
        }
        query
    }
}

pub(super) async fn list(context: &mut Context, which: Which) -> Result<(), Failure> {
    let query = which.query();
    if which.counts {
        return counts(context, &query).await;
    }
    let base = format!("/devices?limit=1000&{query}");
    let list = whole(context, &base, "after", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&list)?);
    }
    let facts: Vec<String> = list["facts"].as_array().map_or_else(Vec::new, |columns| {
        columns.iter().map(|one| field(one, "name")).collect()
    });
    let rows = items(&list).iter().map(|device| {
        let plain = [
            field(device, "id"),
            field(device, "hostname"),
            field(device, "site"),
            field(device, "status"),
            seen(device),
        ];
        let said = facts.iter().map(|name| extent(&device["facts"][name]));
        plain.into_iter().chain(said).collect()
    });
    let header = ["id", "host", "site", "status", "seen"];
    let header: Vec<&str> = header
        .into_iter()
        .chain(facts.iter().map(String::as_str))
        .collect();
    Ok(context.output.table(&header, rows)?)
}

/// The one value, or the least and the most.
fn extent(said: &Value) -> String {
    let (least, most) = (field(said, "least"), field(said, "most"));
    match said["n_values"].as_i64() {
        None | Some(0 | 1) => least,
        Some(2..) if least != most => format!("{least} … {most}"),
        Some(_) => least,
    }
}

async fn counts(context: &mut Context, query: &str) -> Result<(), Failure> {
    let path = format!("/devices/counts?{query}");
    let counts = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&counts)?);
    }
    let groups = [("site", "sites"), ("system", "os"), ("status", "statuses")];
    let rows = groups.into_iter().flat_map(|(kind, name)| {
        let of = counts[name].as_array().into_iter().flatten();
        of.map(move |one| vec![kind.to_owned(), field(one, "name"), field(one, "n_devices")])
    });
    let whole = [("all", "total"), ("connected", "connected")];
    let whole =
        whole.map(|(kind, name)| vec![kind.to_owned(), String::new(), field(&counts, name)]);
    let rows = whole.into_iter().chain(rows);
    Ok(context.output.table(&["of", "name", "devices"], rows)?)
}

/// Whether it is there now, or when it was.
pub(super) fn seen(device: &Value) -> String {
    let is_connected = device["connected"].as_bool() == Some(true);
    match (device["removed_at"].is_null(), is_connected) {
        (false, _) => "removed".to_owned(),
        (true, true) => "connected".to_owned(),
        (true, false) => when(&device["last_seen"]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_many_values_the_least_and_the_most_are_shown() {
        let check = |said: Value, expected: &str| assert_eq!(extent(&said), expected);
        check(json!({"least": 5, "most": 5, "n_values": 1}), "5");
        check(
            json!({"least": "ann", "most": "bob", "n_values": 3}),
            "ann … bob",
        );
        check(Value::Null, "");
    }
}
