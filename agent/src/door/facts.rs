//! `sonde-agent facts`: what the machine says of itself, with no collector.

use std::process::ExitCode;

use serde_json::{Map, json};

use crate::config::Config;
use crate::facts::{self, Reading, Request, Row, Table, Value};
use crate::host::Host;
use crate::text::{clean, fit, table};

/// Show what describes this machine, as tables.
///
/// Without a table it lists the tables; with --json and no table it reads all that are read by themselves.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: sonde-agent facts logs unit=ssh.service lines=20")]
pub struct Arguments {
    /// Table to show
    #[arg(value_name = "TABLE")]
    table: Option<String>,
    /// What narrows it down, as name=value
    #[arg(value_name = "NAME=VALUE", requires = "table")]
    parameters: Vec<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Reads and prints. The exit code is 3 when the machine does not say, 2 for a question that cannot be asked.
///
/// `config` names the agent that may run here; `None`: it cannot be read.
pub async fn run(arguments: &Arguments, config: Option<&Config>) -> ExitCode {
    let host = super::this_host(config);
    let (width, _) = super::terminal();
    let Some(name) = &arguments.table else {
        match arguments.json {
            true => super::print_json(&everything(&host).await),
            false => super::print(&list(width)),
        }
        return ExitCode::SUCCESS;
    };
    let asked = facts::find(name).map_err(|wrong| wrong.to_string());
    let asked = asked.and_then(|table| Ok((table, request(table, &arguments.parameters)?)));
    let (table, request) = match asked {
        Ok(asked) => asked,
        Err(wrong) => {
            super::complain(&wrong);
            return super::usage_error();
        }
    };
    match facts::read(table, &host, &request).await {
        Ok(reading) => {
            match arguments.json {
                true => super::print_json(&to_json(table, &reading)),
                false => super::print(&people(table, &reading, width)),
            }
            ExitCode::SUCCESS
        }
        Err(why) => {
            super::complain(&format_args!("{}: {why}", table.name));
            ExitCode::from(3)
        }
    }
}

fn request(table: &Table, given: &[String]) -> Result<Request, String> {
    let mut request = Request::default();
    for pair in given {
        let (name, text) = pair.split_once('=').ok_or_else(|| {
            format!(
                "{}: write parameters as name=value",
                crate::text::shown(pair)
            )
        })?;
        let declared = table.parameters.iter().find(|one| one.name == name);
        let value = match declared {
            Some(declared) => Value::parse(declared.kind, text)
                .ok_or_else(|| format!("parameter {name} must be {}", declared.kind.word()))?,
            // The validation below names those there are.
            None => Value::from(text),
        };
        request = request.with(name, value);
    }
    facts::validate(table, &request).map_err(|wrong| wrong.to_string())?;
    Ok(request)
}

fn list(width: usize) -> String {
    let rows = facts::ALL
        .iter()
        .map(|table| {
            let every = match table.every.as_secs() {
                0 => "on demand".to_owned(),
                seconds => format!("{seconds} s"),
            };
            let columns = table.columns.iter().map(|column| column.name);
            vec![
                table.name.to_owned(),
                every,
                columns.collect::<Vec<_>>().join(" "),
            ]
        })
        .collect::<Vec<_>>();
    table(&["table", "read every", "columns"], &rows, width)
}

/// All tables that are read by themselves, each with its rows or the reason why there are none.
async fn everything(host: &Host) -> serde_json::Value {
    let mut all = Map::new();
    for table in facts::ALL.iter().filter(|table| !table.every.is_zero()) {
        let value = match facts::read(table, host, &Request::default()).await {
            Ok(reading) => to_json(table, &reading),
            Err(why) => json!({ "table": table.name, "unavailable": why.to_string() }),
        };
        all.insert(table.name.to_owned(), value);
    }
    json!({ "tables": all })
}

/// `{table, rows: [{column: value}], missing_rows}`; absent cells are null, times RFC 3339.
pub fn to_json(table: &Table, reading: &Reading) -> serde_json::Value {
    let cell = |value: &Value| match value {
        Value::Absent => json!(null),
        Value::Integer(n) => json!(n),
        Value::Real(n) => json!(n),
        Value::Text(text) => json!(text),
        Value::Truth(truth) => json!(truth),
        Value::TimeUs(us) => json!(super::check::time(*us)),
    };
    let row = |row: &Row| {
        let names = table.columns.iter().map(|column| column.name.to_owned());
        names.zip(row.iter().map(cell)).collect::<Map<_, _>>()
    };
    json!({
        "table": table.name,
        "rows": reading.rows.iter().map(row).collect::<Vec<_>>(),
        "missing_rows": reading.missing_rows,
    })
}

/// As a table where it fits, else each row as a block of lines.
fn people(of: &Table, reading: &Reading, width: usize) -> String {
    let columns = of.columns.iter().map(|column| column.name);
    let columns = columns.collect::<Vec<_>>();
    let rows = reading
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    let mut out = match natural_width(&columns, &rows) <= width {
        true => table(&columns, &rows, width),
        false => blocks(&columns, &rows, width),
    };
    if reading.missing_rows > 0 {
        out.push_str(&format!("… and {} more rows\n", reading.missing_rows));
    }
    out
}

/// A value as people read it.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Absent => "-".into(),
        Value::Integer(n) => n.to_string(),
        Value::Real(n) => n.to_string(),
        Value::Text(text) => clean(text).into_owned(),
        Value::Truth(true) => "yes".into(),
        Value::Truth(false) => "no".into(),
        Value::TimeUs(us) => super::check::time(*us).unwrap_or_else(|| us.to_string()),
    }
}

fn natural_width(columns: &[&str], rows: &[Vec<String>]) -> usize {
    let widths = columns.iter().enumerate().map(|(at, heading)| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.max().unwrap_or(0).max(heading.len()) + 2
    });
    widths.sum::<usize>().saturating_sub(2)
}

fn blocks(columns: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let widest = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let blocks = rows.iter().map(|row| {
        let lines = columns.iter().zip(row).filter(|(_, cell)| *cell != "-");
        lines
            .map(|(column, cell)| {
                let cell = fit(cell, width.saturating_sub(widest + 2));
                format!("{column:widest$}  {cell}").trim_end().to_owned() + "\n"
            })
            .collect::<String>()
    });
    blocks.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Column, Kind};

    const TABLE: Table = Table {
        name: "test",
        columns: &[
            Column::key("name", Kind::Text),
            Column::slow("size", Kind::Integer, "bytes"),
        ],
        ..Table::PLAIN
    };

    fn reading(name: &str) -> Reading {
        Reading {
            rows: vec![vec![Value::from(name), Value::Integer(7)]],
            missing_rows: 1,
        }
    }

    #[test]
    fn rows_fit_the_width_as_a_table_or_as_blocks() {
        assert_eq!(
            people(&TABLE, &reading("a\x1bb"), 80),
            "name  size\na\u{fffd}b   7\n… and 1 more rows\n"
        );
        let long = people(&TABLE, &reading(&"x".repeat(30)), 20);
        assert_eq!(long, "name  xxxxxxxxxxxxx…\nsize  7\n… and 1 more rows\n");
    }

    #[test]
    fn absent_cells_are_null() {
        let mut reading = reading("a");
        reading.rows[0][1] = Value::Absent;
        let json = to_json(&TABLE, &reading);
        assert_eq!(json["rows"][0], json!({ "name": "a", "size": null }));
    }

    #[test]
    fn parameters_are_typed_and_wrong_ones_named() {
        let logs = facts::find("logs").unwrap();
        let ask = |pairs: &[&str]| {
            let pairs = pairs
                .iter()
                .map(|pair| (*pair).to_owned())
                .collect::<Vec<_>>();
            request(logs, &pairs)
        };
        assert_eq!(
            ask(&["lines=20"]).unwrap().parameters[0].1,
            Value::Integer(20)
        );
        assert_eq!(
            ask(&["lines=x"]).unwrap_err(),
            "parameter lines must be a whole number"
        );
        assert_eq!(
            ask(&["lines=5000"]).unwrap_err(),
            "logs: parameter lines must lie between 1 and 1000"
        );
        assert_eq!(
            ask(&["x"]).unwrap_err(),
            "x: write parameters as name=value"
        );
        assert!(
            ask(&["linse=2"])
                .unwrap_err()
                .contains("it takes: unit, since")
        );
        assert!(
            ask(&["unit=-M evil"])
                .unwrap_err()
                .ends_with("must be the name of a service")
        );
    }

    #[test]
    fn the_list_of_tables_fits_the_width() {
        assert!(list(80).lines().all(|line| line.chars().count() <= 80));
    }
}
