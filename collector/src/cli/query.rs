//! Tables: as the collector holds them, or read anew from devices for a ticket.

mod fleet;

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value, json};

use super::action::parameter;
use super::client::escape;
use super::moment::moment;
use super::output::{exactly, field, items};
use super::ticket::{Kind, Which};
use super::{Context, Failure, device, job};
use crate::question::Question;

/// Ask for rows of a table, as the collector holds them or read anew, of one device or of all.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sonde query \"filesystems where used_percent > 90 and mount = '/'\"\n  \
                  sonde query processes --live --device lab-7 --ticket 42 sort=cpu --rows 10\n\n\
                  A condition compares columns by =, !=, <, <=, >, >= and contains, joined by and, or, not and\n\
                  parentheses; texts and times stand in quotes; `COLUMN is absent` asks for what is not there."
)]
pub(super) struct Query {
    /// A table, and which of its rows: `TABLE [where CONDITION]`; without it, the tables there are.
    question: Option<String>,
    /// Host name, or id; all devices if it is not given.
    #[arg(long)]
    device: Option<String>,
    /// Ask the devices that are connected now, for a ticket; who does not answer is named.
    #[arg(long)]
    live: bool,
    /// The ticket that a live reading is for.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<i64>,
    /// Open a ticket in the same step.
    #[arg(long, value_name = "TITLE", conflicts_with = "ticket")]
    new_ticket: Option<String>,
    /// How many rows at most; what the table gives if it is not given.
    #[arg(long, default_value_t = 0)]
    rows: u32,
    /// All columns of a wide table, a block for each row.
    #[arg(long)]
    all_columns: bool,
    /// How long to wait for the answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    wait: u32,
    /// What narrows a live reading down.
    #[arg(value_name = "KEY=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
}

/// Read the log of a device, for a ticket.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sonde log --device lab-7 --ticket 42 --unit cups.service --severity 4"
)]
pub(super) struct Log {
    /// Host name, or id.
    #[arg(long)]
    device: String,
    #[command(flatten)]
    ticket: Which,
    /// Only of this service.
    #[arg(long)]
    unit: Option<String>,
    /// Not older than this.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    since: Option<String>,
    /// Not newer than this.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    until: Option<String>,
    /// At most this syslog severity: 3 is errors and worse.
    #[arg(long)]
    severity: Option<u8>,
    /// Part of the text.
    #[arg(long, value_name = "TEXT")]
    contains: Option<String>,
    /// How many records, the last ones.
    #[arg(long)]
    lines: Option<u32>,
    /// How long to wait for the answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    wait: u32,
}

pub(super) async fn run(context: &mut Context, query: Query) -> Result<ExitCode, Failure> {
    context.output.all_columns = query.all_columns;
    let Some(text) = query.question else {
        return tables(context, query.device).await;
    };
    let question: Question = text.parse()?;
    if !query.live {
        if !query.parameters.is_empty() {
            return Err(Failure::with_remedy(
                "what the collector holds is narrowed down by a condition",
                format!(
                    "as in: sonde query \"{} where …\"; --live --ticket NUMBER reads it anew",
                    question.table
                ),
            ));
        }
        return match (query.device, &question.condition) {
            (Some(of), None) => {
                device::table(context, &of, &question.table).await?;
                Ok(ExitCode::SUCCESS)
            }
            (of, _) => fleet::stored(context, &text, of, query.rows).await,
        };
    }
    let Some(ticket) = Which::of(query.ticket, query.new_ticket) else {
        return Err(Failure::with_remedy(
            "to read it from the device now takes a ticket",
            "--ticket NUMBER, or --new-ticket TITLE",
        ));
    };
    let parameters = query.parameters.into_iter();
    let parameters: Map<String, Value> = parameters
        .map(|(name, value)| (name, value.into()))
        .collect();
    let of = match (query.device, &question.condition) {
        (Some(of), None) => of,
        (of, _) => {
            let live = fleet::Live {
                question,
                parameters,
                rows: query.rows,
                wait: query.wait,
            };
            return live.ask(context, of, &ticket).await;
        }
    };
    let body = json!({
        "table": question.table, "parameters": parameters, "most_rows": query.rows,
    });
    let done = ask(context, &of, &ticket, body, query.wait).await?;
    job::show(context, &done)?;
    Ok(job::exit_code(&done))
}

pub(super) async fn log(context: &mut Context, log: Log) -> Result<ExitCode, Failure> {
    let given = [
        ("unit", log.unit),
        ("since", log.since),
        ("until", log.until),
        ("severity", log.severity.map(|n| n.to_string())),
        ("contains", log.contains),
        ("lines", log.lines.map(|n| n.to_string())),
    ];
    let parameters: Map<String, Value> = given
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.into())))
        .collect();
    let body = json!({ "table": "logs", "parameters": parameters });
    let done = ask(context, &log.device, &log.ticket, body, log.wait).await?;
    let rows = done["table"]["rows"].as_array();
    let (false, Some(rows)) = (context.output.json, rows) else {
        job::show(context, &done)?;
        return Ok(job::exit_code(&done));
    };
    for row in rows {
        let from = [field(row, "unit"), field(row, "program")];
        let from = from.iter().find(|name| !name.is_empty());
        context.output.line(&format!(
            "{} {} {}",
            exactly(&row["at"]),
            from.map_or("-", String::as_str),
            field(row, "text")
        ))?;
    }
    if rows.is_empty() {
        context.output.line("(no record matches)")?;
    }
    if let Some(missing @ 1..) = done["table"]["missing_rows"].as_u64() {
        context
            .output
            .line(&format!("({missing} records are left out)"))?;
    }
    Ok(job::exit_code(&done))
}

async fn ask(
    context: &mut Context,
    of: &str,
    ticket: &Which,
    mut body: Value,
    wait: u32,
) -> Result<Value, Failure> {
    let id = device::resolve(context, of).await?;
    body["device"] = id.into();
    ticket.ask(context, Kind::Table, body, wait).await
}

async fn tables(context: &mut Context, of: Option<String>) -> Result<ExitCode, Failure> {
    let path = match of {
        Some(of) => {
            let id = device::resolve(context, &of).await?;
            format!("/tables?device={}", escape(&id))
        }
        None => "/tables".to_owned(),
    };
    let tables = context.client().await?.get(&path).await?;
    if context.output.json {
        context.output.value(&tables)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = items(&tables).iter().map(|table| {
        let every = match table["every_seconds"].as_i64() {
            Some(0) | None => "when asked".to_owned(),
            Some(seconds) => format!("{seconds} s"),
        };
        let parameters = table["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<String> = parameters.map(|one| field(one, "name")).collect();
        vec![
            field(table, "name"),
            every,
            parameters.join(" "),
            field(table, "columns"),
        ]
    });
    context
        .output
        .table(&["table", "read every", "narrowed by", "columns"], rows)?;
    Ok(ExitCode::SUCCESS)
}
