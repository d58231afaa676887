//! Systems whose messages open tickets.

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::json;

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure, device};

#[derive(Debug, Subcommand)]
pub(in super::super) enum SourceCommand {
    /// Declare a system whose messages open tickets, and show its secret this once.
    #[command(after_help = "Example:\n  sonde webhook source add monitoring --site lyon")]
    Add {
        /// What it is called here; it posts to /api/v1/intake/NAME.
        name: String,
        /// To which its tickets belong.
        #[arg(long)]
        site: String,
    },
    /// List them.
    #[command(after_help = "Example:\n  sonde webhook source list")]
    List,
    /// Take no more messages of one; its tickets stay.
    #[command(after_help = "Example:\n  sonde webhook source remove monitoring")]
    Remove {
        /// What it is called here.
        name: String,
    },
}

pub(super) async fn run(
    context: &mut Context,
    command: SourceCommand,
) -> Result<ExitCode, Failure> {
    match command {
        SourceCommand::Add { name, site } => {
            let body = json!({ "name": name, "site": site });
            let client = context.client().await?;
            let made = client.post("/webhook-sources", &body).await?;
            super::secret(context, &made)?;
        }
        SourceCommand::List => {
            let base = "/webhook-sources?limit=1000";
            let all = device::whole(context, base, "after", "items").await?;
            if context.output.json {
                context.output.value(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = items(&all).iter().map(|source| {
                vec![
                    field(source, "name"),
                    field(source, "site"),
                    field(source, "path"),
                    field(source, "created_by"),
                    when(&source["created_at"]),
                ]
            });
            let header = ["name", "site", "posts to", "made by", "made"];
            context.output.table(&header, rows)?;
        }
        SourceCommand::Remove { name } => {
            let path = format!("/webhook-sources/{}", escape(&name));
            let client = context.client().await?;
            client.call(Method::DELETE, &path, None).await?;
            if !context.output.json {
                context.output.line(&format!("{name} is removed"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
