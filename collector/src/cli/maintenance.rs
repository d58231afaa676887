//! Maintenance: planned, listed, ended.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::moment::moment;
use super::output::{field, items, when};
use super::{Context, Failure, device};

#[derive(Debug, Subcommand)]
pub(super) enum MaintenanceCommand {
    /// Plan a span of time in which what is found opens no ticket before its end.
    #[command(
        after_help = "Example:\n  sonde maintenance plan --device lab-7 --from \"2026-12-05 20:00\" --until \"2026-12-05 23:00\" --reason \
        \"new disk\"\n  sonde maintenance plan --site lyon --from +1h --until +3h --weekly Europe/Paris --reason \"updates\"\n\nWhat is \
        found is recorded and shown all the same; what is wrong still at the end opens a ticket then."
    )]
    Plan(Plan),
    /// List what is planned and not over.
    #[command(after_help = "Example:\n  sonde maintenance list")]
    List,
    /// End a maintenance, or what is left of it.
    #[command(after_help = "Example:\n  sonde maintenance end 5k2…")]
    End {
        /// Id of the maintenance.
        maintenance: String,
    },
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true))]
pub(super) struct Plan {
    /// Host names or ids, of one site.
    #[arg(long = "device", value_name = "DEVICE", group = "where")]
    devices: Vec<String>,
    /// The whole of a site; this takes the role senior.
    #[arg(long, group = "where")]
    site: Option<String>,
    /// When it begins.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    from: String,
    /// When it ends.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: String,
    /// The same every week, on the clock of this time zone.
    #[arg(long, value_name = "ZONE")]
    weekly: Option<String>,
    /// With --weekly: none begins after this.
    #[arg(long, value_name = "TIME", value_parser = moment, requires = "weekly")]
    last: Option<String>,
    /// For the others.
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(
    context: &mut Context,
    command: MaintenanceCommand,
) -> Result<ExitCode, Failure> {
    match command {
        MaintenanceCommand::Plan(new) => plan(context, new).await?,
        MaintenanceCommand::List => list(context).await?,
        MaintenanceCommand::End { maintenance } => {
            let path = format!("/maintenance/{}", escape(&maintenance));
            let client = context.client().await?;
            client.call(Method::DELETE, &path, None).await?;
            if !context.output.json {
                context.output.line("it is over")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn plan(context: &mut Context, new: Plan) -> Result<(), Failure> {
    let mut ids = Vec::with_capacity(new.devices.len());
    for device in &new.devices {
        ids.push(device::resolve(context, device).await?);
    }
    let body = json!({
        "devices": ids, "site": new.site, "from": new.from, "until": new.until, "weekly": new.weekly.is_some(),
        "time_zone": new.weekly, "last": new.last, "reason": new.reason,
    });
    let planned = context.client().await?.post("/maintenance", &body).await?;
    if context.output.json {
        return Ok(context.output.value(&planned)?);
    }
    let told = format!("planned {}: {}", span(&planned), field(&planned, "id"));
    Ok(context.output.line(&told)?)
}

/// "2026-12-05 20:00 to 2026-12-05 23:00, every week until it is ended".
fn span(planned: &Value) -> String {
    let (from, until) = (when(&planned["from"]), when(&planned["until"]));
    let weekly = match (planned["weekly"].as_bool(), planned["last"].is_null()) {
        (Some(true), true) => ", every week".to_owned(),
        (Some(true), false) => format!(", every week until {}", when(&planned["last"])),
        _ => String::new(),
    };
    format!("{from} to {until}{weekly}")
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let planned = device::whole(context, "/maintenance?limit=1000", "before", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&planned)?);
    }
    let rows = items(&planned).iter().map(|one| {
        let devices = one["devices"].as_array().into_iter().flatten();
        let devices: Vec<String> = devices.map(|device| field(device, "hostname")).collect();
        let what = match devices.is_empty() {
            true => format!("site {}", field(one, "site")),
            false => devices.join(", "),
        };
        let state = match one["holds"].as_bool() {
            Some(true) => "now",
            _ => "planned",
        };
        vec![
            field(one, "id"),
            state.to_owned(),
            what,
            span(one),
            format!("{}: {}", field(one, "created_by"), field(one, "reason")),
        ]
    });
    let head = ["id", "state", "for", "when", "why"];
    Ok(context.output.table(&head, rows)?)
}
