//! The audit log.

use std::process::ExitCode;

use clap::Subcommand;

use super::output::{field, items, when};
use super::{Context, Failure};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// List entries, the newest first.
    #[command(after_help = "Example:\n  sonde audit list --limit 20")]
    List {
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
}

pub(super) async fn run(context: &mut Context, command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::List { limit, before } => {
            let mut path = format!("/audit?limit={limit}");
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
    }
}
