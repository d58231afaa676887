//! Tables of facts, in their own columns.

use serde_json::Value;

use super::super::client::escape;
use super::super::human::human;
use super::super::output::field;
use super::super::{Context, Failure};
use super::{resolve, whole};

/// Columns that fit beside each other in 80 characters.
const MOST_COLUMNS: usize = 7;
/// What is looked for in a wide table, after what its rows are told apart by.
const LOOKED_FOR: [&str; 10] = [
    "name",
    "user",
    "state",
    "cpu_us",
    "resident_bytes",
    "status",
    "version",
    "description",
    "used_percent",
    "at",
];

/// A table as the collector holds it.
pub(in super::super) async fn table(
    context: &mut Context,
    device: &str,
    name: &str,
) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let base = format!("/devices/{id}/facts/{}?limit=1000", escape(name));
    let table = whole(context, &base, "after", "rows").await?;
    if context.output.json {
        return Ok(context.output.value(&table)?);
    }
    if let Some(why) = table["unavailable"].as_str() {
        context.output.line(&format!("not read: {why}"))?;
    }
    rows(context, &table)
}

/// Rows of a table, those of its columns that fit.
pub(in super::super) fn rows(context: &Context, table: &Value) -> Result<(), Failure> {
    let columns = table["columns"].as_array().map_or(&[][..], Vec::as_slice);
    let rows = table["rows"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |column: &Value, name: &str| column[name].as_str().unwrap_or_default().to_owned();
    let cell = |row: &Value, column: &Value| {
        let name = text(column, "name");
        human(&row[name], &text(column, "type"), &text(column, "unit"))
    };
    if context.output.all_columns && columns.len() > MOST_COLUMNS {
        // One block for each row, its values under each other.
        for row in rows {
            let lines = columns.iter().map(|column| {
                let name = field(column, "name").replace('_', " ");
                vec![name, cell(row, column)]
            });
            context.output.table(&["", ""], lines)?;
        }
        return Ok(());
    }
    let shown = chosen(columns);
    let names: Vec<String> = shown.iter().map(|column| field(column, "name")).collect();
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    let cells = rows.iter().map(|row| {
        let cells = shown.iter().map(|column| cell(row, column));
        cells.collect()
    });
    context.output.table(&header, cells)?;
    match columns.len() - shown.len() {
        0 => Ok(()),
        more => Ok(context
            .output
            .line(&format!("({more} more columns: --all-columns)"))?),
    }
}

/// The columns that a person looks for first, in the table's order.
fn chosen(columns: &[Value]) -> Vec<&Value> {
    let rank = |column: &Value| {
        let name = column["name"].as_str().unwrap_or_default();
        match column["role"].as_str() {
            Some("key") => 0,
            _ => LOOKED_FOR
                .iter()
                .position(|of| *of == name)
                .map_or(usize::MAX, |place| place + 1),
        }
    };
    let mut ranks: Vec<(usize, usize)> = columns.iter().map(rank).zip(0..).collect();
    ranks.sort_unstable();
    ranks.truncate(MOST_COLUMNS);
    ranks.sort_unstable_by_key(|(_, place)| *place);
    ranks
        .into_iter()
        .filter_map(|(_, place)| columns.get(place))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_many_columns_those_are_shown_that_somebody_looks_for() {
        let names = [
            "a", "b", "pid", "c", "d", "user", "e", "f", "state", "cpu_us", "name",
        ];
        let columns: Vec<Value> = names
            .iter()
            .map(|name| json!({"name": name, "role": if *name == "pid" { "key" } else { "live" }}))
            .collect();
        let shown = chosen(&columns);
        let shown: Vec<&str> = shown
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!(shown, ["a", "b", "pid", "user", "state", "cpu_us", "name"]);
    }
}
