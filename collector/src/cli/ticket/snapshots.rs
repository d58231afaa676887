//! A ticket's snapshots: what was known of a device when it was frozen.

use serde_json::Value;

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure, check, device};

pub(super) async fn list(context: &mut Context, number: i64) -> Result<(), Failure> {
    let base = format!("/tickets/{number}/snapshots?limit=1000");
    let list = device::whole(context, &base, "after", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&list)?);
    }
    let rows = items(&list).iter().map(|snapshot| {
        let is_partial = snapshot["partial"].as_bool() == Some(true);
        vec![
            field(snapshot, "id"),
            field(snapshot, "hostname"),
            when(&snapshot["taken_at"]),
            if is_partial {
                "the device was away"
            } else {
                ""
            }
            .to_owned(),
        ]
    });
    Ok(context.output.table(&["id", "device", "taken", ""], rows)?)
}

/// What was wrong, the tables there are, and the last value of each metric; or one table whole.
pub(super) async fn show(
    context: &mut Context,
    number: i64,
    id: &str,
    table: Option<String>,
) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/snapshots/{}", escape(id));
    let whole = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&whole)?);
    }
    let of = |name: &str| whole[name].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(name) = table {
        let found = of("tables")
            .iter()
            .find(|table| table["name"] == name.as_str());
        let found = found.ok_or_else(|| {
            let names: Vec<String> = of("tables")
                .iter()
                .map(|table| field(table, "name"))
                .collect();
            Failure::with_remedy(
                format!("the snapshot has no table {name:?}"),
                format!("it has: {}", names.join(", ")),
            )
        })?;
        return device::rows(context, found);
    }
    let output = &context.output;
    output.line(&format!(
        "{}, as it was {}",
        field(&whole, "hostname"),
        when(&whole["taken_at"])
    ))?;
    match of("findings") {
        [] => output.line("nothing was found")?,
        found => check::findings(context, found)?,
    }
    output.line("")?;
    let rows = of("tables").iter().map(|table| {
        let n_rows = table["rows"].as_array().map_or(0, Vec::len);
        vec![
            field(table, "name"),
            n_rows.to_string(),
            when(&table["changed_at"]),
            field(table, "unavailable"),
        ]
    });
    output.table(&["table", "rows", "changed", "not read"], rows)?;
    output.line("")?;
    let rows = of("metrics").iter().filter_map(last);
    output.table(&["metric", "of", "last value", "unit"], rows)?;
    Ok(())
}

fn last(course: &Value) -> Option<Vec<String>> {
    let point = course["points"].as_array()?.last()?;
    Some(vec![
        field(course, "name"),
        field(course, "labels"),
        field(point, "value"),
        field(course, "unit"),
    ])
}
