//! What changed on a device.

use serde_json::Value;

use super::super::client::escape;
use super::super::output::{exactly, field, items, plain};
use super::super::{Context, Failure};
use super::resolve;

pub(super) async fn changes(
    context: &mut Context,
    device: &str,
    given: [(&str, Option<String>); 3],
) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let given: Vec<String> = given
        .into_iter()
        .filter_map(|(name, said)| Some(format!("{name}={}", escape(&said?))))
        .collect();
    let path = format!("/devices/{id}/changes?{}", given.join("&"));
    let changes = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&changes)?);
    }
    let is_ranked = changes["since"].is_string();
    if is_ranked {
        let since = exactly(&changes["since"]);
        let from = exactly(&changes["from"]);
        let n = items(&changes).len();
        let said = format!("wrong since {since}; {n} changes since {from}, the likeliest first");
        context.output.line(&said)?;
    }
    let rows = items(&changes).iter().map(|change| {
        let mut row = vec![
            exactly(&change["at"]),
            field(change, "table"),
            field(change, "kind"),
            difference(&change["before"], &change["after"]),
        ];
        if is_ranked {
            let likely = change["likelihood"].as_f64().unwrap_or_default() * 100.0;
            row.insert(0, format!("{likely:.0} %"));
        }
        row
    });
    let header = ["likely", "at", "table", "what", "row"];
    let header = if is_ranked { &header } else { &header[1..] };
    Ok(context.output.table(header, rows)?)
}

/// Cells of a row; of a changed one, with what they were before.
fn difference(before: &Value, after: &Value) -> String {
    let none = serde_json::Map::new();
    let (old, new) = (
        before.as_object().unwrap_or(&none),
        after.as_object().unwrap_or(&none),
    );
    if old.is_empty() || new.is_empty() {
        let row = if new.is_empty() { old } else { new };
        let cells = row
            .iter()
            .map(|(name, value)| format!("{name}={}", plain(value)));
        return cells.collect::<Vec<_>>().join(" ");
    }
    let names = old
        .keys()
        .chain(new.keys().filter(|name| !old.contains_key(*name)));
    let cells = names.map(|name| match (old.get(name), new.get(name)) {
        (before, after) if before == after => {
            format!("{name}={}", after.map(plain).unwrap_or_default())
        }
        (before, after) => format!(
            "{name}: {} → {}",
            before.map(plain).unwrap_or_default(),
            after.map(plain).unwrap_or_default()
        ),
    });
    cells.collect::<Vec<_>>().join(" ")
}
