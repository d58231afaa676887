//! Views: lists of tickets under a name.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, plain, when};
use super::ticket::{Due, Narrow};
use super::{Context, Failure, device};

#[derive(Debug, Subcommand)]
pub(super) enum ViewCommand {
    /// Keep what a list of tickets is narrowed by under a name.
    #[command(
        after_help = "Example:\n  sonde view save mine --assignee me --state unresolved\n  sonde view save late --queue --due-within 4h \
        --share\n  sonde ticket queue --view late\n\nIt is one's own; with --share everybody sees it, with --share-site those who see \
        the site, which take the role\nsenior. me is whoever uses it."
    )]
    Save(Box<Save>),
    /// List one's own views and those that are shared.
    #[command(after_help = "Example:\n  sonde view list")]
    List,
    /// Remove a view: one's own of that name, else one that is shared.
    #[command(after_help = "Example:\n  sonde view remove late")]
    Remove {
        /// Name of the view.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Save {
    /// Name of the view.
    name: String,
    #[command(flatten)]
    narrow: Narrow,
    #[command(flatten)]
    due: Due,
    /// Words that stand on the tickets.
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["queue", "due_within"])]
    search: Option<String>,
    /// In the order of what is due next, without what is resolved.
    #[arg(long)]
    queue: bool,
    /// With everybody.
    #[arg(long, conflicts_with = "share_site")]
    share: bool,
    /// With whoever sees this site.
    #[arg(long, value_name = "SITE")]
    share_site: Option<String>,
}

pub(super) async fn run(context: &mut Context, command: ViewCommand) -> Result<ExitCode, Failure> {
    match command {
        ViewCommand::Save(view) => save(context, *view).await?,
        ViewCommand::List => list(context).await?,
        ViewCommand::Remove { name } => {
            let path = format!("/views/{}", escape(&name));
            let client = context.client().await?;
            client.call(Method::DELETE, &path, None).await?;
            if !context.output.json {
                context.output.line(&format!("view {name} is removed"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn save(context: &mut Context, view: Save) -> Result<(), Failure> {
    let mut filter = view.narrow.filter(context).await?;
    view.due.add_to(&mut filter);
    if let Some(words) = view.search {
        filter.insert("search".to_owned(), words.into());
    }
    if view.queue {
        filter.insert("order".to_owned(), "due".into());
    }
    let body = json!({
        "filter": filter, "shared": view.share || view.share_site.is_some(), "site": view.share_site,
    });
    let path = format!("/views/{}", escape(&view.name));
    let client = context.client().await?;
    let saved = client.call(Method::PUT, &path, Some(&body)).await?;
    match context.output.json {
        true => Ok(context.output.value(&saved)?),
        false => {
            let told = format!("view {} is kept, {}", view.name, audience(&saved));
            Ok(context.output.line(&told)?)
        }
    }
}

fn audience(view: &Value) -> String {
    match (view["shared"].as_bool(), view["site"].as_str()) {
        (Some(true), Some(site)) => format!("for {site}"),
        (Some(true), None) => "for everybody".to_owned(),
        _ => "for you".to_owned(),
    }
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let views = device::whole(context, "/views?limit=1000", "after", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&views)?);
    }
    let rows = items(&views).iter().map(|view| {
        let filter = view["filter"].as_object().into_iter().flatten();
        let filter =
            filter.map(|(name, value)| format!("{} {}", name.replace('_', " "), plain(value)));
        vec![
            field(view, "name"),
            audience(view),
            filter.collect::<Vec<_>>().join(", "),
            format!(
                "{} by {}",
                when(&view["changed_at"]),
                field(view, "changed_by")
            ),
        ]
    });
    let head = ["view", "whose", "what", "changed"];
    Ok(context.output.table(&head, rows)?)
}
