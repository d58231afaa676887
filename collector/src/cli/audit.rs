//! The audit log.

use std::process::ExitCode;

use clap::Subcommand;

use serde_json::{Value, json};

use super::client::escape;
use super::moment::moment;
use super::output::{field, items, when};
use super::ticket::{Kind, Which};
use super::{Context, Failure, device, job};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// List entries, the newest first.
    #[command(after_help = "Example:\n  sonde audit list --who ada --did account --from -7d")]
    List {
        /// Only what this account did.
        #[arg(long, value_name = "ACCOUNT")]
        who: Option<String>,
        /// Only this deed, or those that begin so.
        #[arg(long, value_name = "DEED")]
        did: Option<String>,
        /// Only what was done to this, as entries have it.
        #[arg(long, value_name = "SUBJECT")]
        to: Option<String>,
        /// Not earlier.
        #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
        from: Option<String>,
        /// Earlier than this.
        #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
        until: Option<String>,
        /// How many entries.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only entries before this one.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
    /// Check that no entry was changed or taken out.
    #[command(after_help = "Example:\n  sonde audit verify")]
    Verify,
    /// Hold what a device says it was asked against orders and entries.
    #[command(after_help = "Example:\n  sonde audit compare lab-7 --ticket 42")]
    Compare {
        /// Host name, or id.
        device: String,
        #[command(flatten)]
        ticket: Which,
        /// How long to wait for the device.
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u32,
    },
}

pub(super) async fn run(context: &mut Context, command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::List {
            who,
            did,
            to,
            from,
            until,
            limit,
            before,
        } => {
            let mut path = format!("/audit?limit={limit}");
            let narrow = [
                ("actor", who),
                ("deed", did),
                ("subject", to),
                ("from", from),
                ("to", until),
            ];
            for (name, value) in narrow {
                if let Some(value) = value {
                    path.push_str(&format!("&{name}={}", escape(&value)));
                }
            }
            if let Some(before) = before {
                path.push_str(&format!("&before={before}"));
            }
            let entries = context.client().await?.get(&path).await?;
            if context.output.json {
                context.output.value(&entries)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = items(&entries).iter().map(|entry| {
                vec![
                    field(entry, "seq"),
                    when(&entry["at"]),
                    field(entry, "actor"),
                    field(entry, "deed"),
                    field(entry, "subject"),
                    field(entry, "detail"),
                ]
            });
            let header = ["no", "at", "who", "did", "to", "detail"];
            context.output.table(&header, rows)?;
            context.output.more(&entries, "before")?;
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Verify => {
            let verdict = context.client().await?.get("/audit/verify").await?;
            let whole = verdict["whole"].as_bool() == Some(true);
            if context.output.json {
                context.output.value(&verdict)?;
            } else if whole {
                let n_entries = field(&verdict, "n_entries");
                context
                    .output
                    .line(&format!("{n_entries} entries, none broken"))?;
            } else {
                let seq = field(&verdict, "broken_at");
                context.output.line(&format!("broken at entry {seq}"))?;
            }
            Ok(if whole {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        AuditCommand::Compare {
            device,
            ticket,
            wait,
        } => compare(context, &device, &ticket, wait).await,
    }
}

async fn compare(
    context: &mut Context,
    of: &str,
    ticket: &Which,
    wait: u32,
) -> Result<ExitCode, Failure> {
    let id = device::resolve(context, of).await?;
    let body = json!({ "device": id, "table": "receipts", "parameters": {} });
    let done = ticket.ask(context, Kind::Table, body, wait).await?;
    if field(&done, "state") != "succeeded" {
        job::show(context, &done)?;
        return Ok(job::exit_code(&done));
    }
    let path = format!("/jobs/{}/receipts", field(&done, "id"));
    let compared = context.client().await?.get(&path).await?;
    let fits = compared["fits"].as_bool() == Some(true);
    if context.output.json {
        context.output.value(&compared)?;
    } else {
        let said = format!(
            "{}: {} receipts since {}, {} orders in the record, {} that do not fit",
            field(&compared, "hostname"),
            field(&compared, "n_receipts"),
            when(&compared["since"]),
            field(&compared, "n_recorded"),
            compared["misfits"].as_array().map_or(0, Vec::len),
        );
        context.output.line(&said)?;
        let misfits = compared["misfits"].as_array().into_iter().flatten();
        let rows: Vec<Vec<String>> = misfits.map(misfit).collect();
        if !rows.is_empty() {
            let head = ["job", "misfit", "asked by", "ticket", "asked"];
            context.output.table(&head, rows)?;
        }
    }
    Ok(match fits {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn misfit(misfit: &Value) -> Vec<String> {
    let receipt = &misfit["receipt"];
    vec![
        field(misfit, "job"),
        field(misfit, "misfit").replace('_', " "),
        field(receipt, "requested_by"),
        field(receipt, "ticket"),
        field(receipt, "asked"),
    ]
}
