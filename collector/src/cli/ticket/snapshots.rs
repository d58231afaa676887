//! A ticket's snapshots: what was known of a device when it was frozen.

use serde_json::{Value, json};

use super::super::client::escape;
use super::super::human::human;
use super::super::output::{exactly, field, items, when};
use super::super::{Context, Failure, check, device};
use super::timeline::spoken;

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

/// What was wrong, the tables there are, and the last value of each metric; or one table whole. With the first of a ticket
/// what was measured when, as its words say, it happened; or one metric's course of that.
pub(super) async fn show(
    context: &mut Context,
    number: i64,
    id: &str,
    table: Option<String>,
    metric: Option<String>,
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
    if let Some(name) = metric {
        return course(context, &whole["window"], &name);
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
    window(context, number, &whole)
}

/// What was measured when it happened: how far each metric went.
fn window(context: &Context, number: i64, whole: &Value) -> Result<(), Failure> {
    let (output, window) = (&context.output, &whole["window"]);
    let Some(told) = spoken(window) else {
        return Ok(());
    };
    output.line("")?;
    output.line(&told)?;
    let courses = window["metrics"].as_array().into_iter().flatten();
    let rows = courses.filter_map(|course| {
        let points = course["points"].as_array()?;
        let unit = course["unit"].as_str().unwrap_or_default();
        let of = |name: &str| {
            let values = points
                .iter()
                .map(|point| point[name].as_f64().or(point["value"].as_f64()));
            values.flatten().collect::<Vec<f64>>()
        };
        let least = of("least").into_iter().reduce(f64::min)?;
        let most = of("most").into_iter().reduce(f64::max)?;
        let shown = |value: f64| human(&json!(value), "real", unit);
        Some(vec![
            field(course, "name"),
            field(course, "labels"),
            shown(least),
            shown(most),
            points.len().to_string(),
        ])
    });
    output.table(&["metric", "of", "least", "most", "points"], rows)?;
    let asked = format!(
        "--live --device {} --ticket {number} since={} until={}",
        field(whole, "device"),
        field(window, "from_at"),
        field(window, "to_at"),
    );
    output.line("for a day its own recorder knows which processes were busy, and what turned:")?;
    output.line(&format!("  sonde query recorded_processes {asked}"))?;
    Ok(output.line(&format!("  sonde query recorded_events {asked}"))?)
}

/// Each point of one metric.
fn course(context: &Context, window: &Value, name: &str) -> Result<(), Failure> {
    let courses = window["metrics"].as_array().map_or(&[][..], Vec::as_slice);
    let named: Vec<&Value> = courses.iter().filter(|one| one["name"] == name).collect();
    if named.is_empty() {
        let remedy = match window.is_object() {
            true => "without --metric it says which there are",
            false => "its ticket's words name no time: sonde device metrics",
        };
        let what = format!("the snapshot has no course of {name:?}");
        return Err(Failure::with_remedy(what, remedy));
    }
    let mut rows = Vec::new();
    for course in named {
        let unit = course["unit"].as_str().unwrap_or_default();
        for point in course["points"].as_array().into_iter().flatten() {
            let mut row = vec![field(course, "labels"), exactly(&point["at"])];
            row.extend(["value", "least", "most"].map(|name| human(&point[name], "real", unit)));
            rows.push(row);
        }
    }
    let head = ["labels", "at", "value", "least", "most"];
    Ok(context.output.table(&head, rows)?)
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
