//! Remote desktop tools that devices of a site are opened in from a ticket.

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::super::client::escape;
use super::super::output::{field, items, when};
use super::super::{Context, Failure, device, file};

#[derive(Debug, Subcommand)]
pub(in super::super) enum ToolCommand {
    /// Set a tool, in the place of that of its name at the site.
    #[command(
        after_help = "Example:\n  sonde site tool set RustDesk \"rustdesk://connection/new/{hostname}\"\n  \
                      sonde site tool set Mesh \"https://mesh.example/?viewmode=11&gotonode={hostname}\" --site lyon\n\n\
                      Filled in, percent-encoded: {hostname}, {device} (its id), {site}, {address} (its primary IP address), \
                      {ticket}; not in the scheme, and of http and https not in the host."
    )]
    Set {
        /// What technicians call it.
        name: String,
        /// The address with what is filled in; - reads it from the standard input, where it holds a secret.
        template: String,
        /// Only for this site, in the place of that of all sites.
        #[arg(long)]
        site: Option<String>,
    },
    /// Remove a tool.
    #[command(after_help = "Example:\n  sonde site tool remove Mesh --site lyon")]
    Remove {
        /// What technicians call it.
        name: String,
        /// That of this site; that of all sites if it is not given.
        #[arg(long)]
        site: Option<String>,
    },
}

pub(super) async fn run(context: &mut Context, command: ToolCommand) -> Result<(), Failure> {
    match command {
        ToolCommand::Set {
            name,
            template,
            site,
        } => set(context, &name, template, site).await,
        ToolCommand::Remove { name, site } => remove(context, &name, site.as_deref()).await,
    }
}

async fn all(context: &mut Context) -> Result<Value, Failure> {
    device::whole(context, "/remote-tools?limit=1000", "after", "items").await
}

pub(super) async fn list(context: &mut Context) -> Result<(), Failure> {
    let tools = all(context).await?;
    if context.output.json {
        return Ok(context.output.value(&tools)?);
    }
    let rows = items(&tools).iter().map(|tool| {
        vec![
            field(tool, "name"),
            match tool["site"].as_str() {
                Some(_) => field(tool, "site"),
                None => "all".to_owned(),
            },
            field(tool, "template"),
            format!(
                "{} {}",
                when(&tool["changed_at"]),
                field(tool, "changed_by")
            ),
        ]
    });
    let head = ["tool", "site", "address", "changed"];
    Ok(context.output.table(&head, rows)?)
}

/// The id of that of a site, or of all.
fn find(tools: &Value, name: &str, site: Option<&str>) -> Option<String> {
    let is_it = |tool: &&Value| tool["name"] == name && tool["site"].as_str() == site;
    let found = items(tools).iter().find(is_it);
    found.map(|tool| field(tool, "id"))
}

async fn set(
    context: &mut Context,
    name: &str,
    template: String,
    site: Option<String>,
) -> Result<(), Failure> {
    let template = match template.as_str() {
        "-" => file::text("-")?,
        _ => template,
    };
    let there = find(&all(context).await?, name, site.as_deref());
    let body = json!({ "name": name, "template": template.trim(), "site": site });
    let client = context.client().await?;
    let set = match there {
        Some(id) => {
            let path = format!("/remote-tools/{}", escape(&id));
            client.call(Method::PUT, &path, Some(&body)).await?
        }
        None => client.post("/remote-tools", &body).await?,
    };
    match context.output.json {
        true => Ok(context.output.value(&set)?),
        false => Ok(context
            .output
            .line(&format!("the remote tool {name} is set"))?),
    }
}

async fn remove(context: &mut Context, name: &str, site: Option<&str>) -> Result<(), Failure> {
    let Some(id) = find(&all(context).await?, name, site) else {
        let of = site.unwrap_or("all sites");
        return Err(Failure::with_remedy(
            format!("there is no remote tool {name:?} of {of}"),
            "sonde site tools",
        ));
    };
    let path = format!("/remote-tools/{}", escape(&id));
    let client = context.client().await?;
    client.call(Method::DELETE, &path, None).await?;
    match context.output.json {
        true => Ok(context.output.value(&json!({ "removed": id }))?),
        false => Ok(context
            .output
            .line(&format!("the remote tool {name} is removed"))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_own_tool_is_not_that_of_all() {
        let tools = json!({"items": [
            {"id": "1", "name": "Mesh", "site": null},
            {"id": "2", "name": "Mesh", "site": "lyon"},
        ]});
        let id = |name, site| find(&tools, name, site);
        assert_eq!(id("Mesh", None).as_deref(), Some("1"));
        assert_eq!(id("Mesh", Some("lyon")).as_deref(), Some("2"));
        assert_eq!(id("Mesh", Some("oslo")), None);
        assert_eq!(id("mesh", None), None);
    }
}
