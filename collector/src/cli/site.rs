//! Sites: where devices belong, and what they are opened in.

mod tool;

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::output::{field, items, when};
use super::{Context, Failure, device};

#[derive(Debug, Subcommand)]
pub(super) enum SiteCommand {
    /// List sites.
    #[command(after_help = "Example:\n  sonde site list")]
    List,
    /// Make a site.
    #[command(after_help = "Example:\n  sonde site create lyon")]
    Create {
        /// Name of the site.
        name: String,
    },
    /// List remote desktop tools that devices are opened in from a ticket.
    #[command(after_help = "Example:\n  sonde site tools")]
    Tools,
    /// Remote desktop tools: set, remove.
    #[command(subcommand)]
    Tool(tool::ToolCommand),
}

pub(super) async fn run(context: &mut Context, command: SiteCommand) -> Result<ExitCode, Failure> {
    match command {
        SiteCommand::List => {
            let sites = device::whole(context, "/sites?limit=1000", "after", "items").await?;
            if context.output.json {
                context.output.value(&sites)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = items(&sites).iter().map(|site| {
                vec![
                    field(site, "name"),
                    field(site, "n_devices"),
                    when(&site["created_at"]),
                ]
            });
            context.output.table(&["site", "devices", "made"], rows)?;
        }
        SiteCommand::Create { name } => {
            let body = json!({ "name": name });
            context.client().await?.post("/sites", &body).await?;
            if !context.output.json {
                context.output.line(&format!("site {name} is made"))?;
            }
        }
        SiteCommand::Tools => tool::list(context).await?,
        SiteCommand::Tool(command) => tool::run(context, command).await?,
    }
    Ok(ExitCode::SUCCESS)
}
