//! Alerts that are open, and what keeps findings from becoming one: mutes, and acceptances.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::moment::moment;
use super::output::{field, items, when};
use super::{Context, Failure, device, silenced};

#[derive(Debug, Subcommand)]
pub(super) enum AlertCommand {
    /// List open alerts.
    #[command(after_help = "Example:\n  sonde alert list --device lab-7")]
    List {
        /// Host name, or id.
        #[arg(long)]
        device: Option<String>,
    },
    /// List mutes that hold.
    #[command(after_help = "Example:\n  sonde alert mutes")]
    Mutes,
    /// Let findings open no alert.
    #[command(
        after_help = "Example:\n  sonde alert mute --device lab-7 --check cpu.load --until +8h --reason \"render farm\""
    )]
    Mute(Mute),
    /// Accept what is wrong with a device as known, as bad as it is now, until a time.
    #[command(
        after_help = "Example:\n  sonde alert accept disk.space//srv --device lab-7 --until +30d --reason \"a new disk is ordered\"\n\nIt \
        opens no alert and is not held against a ticket; what gets worse is no longer accepted. A mute (sonde alert mute) is\nfor \
        whatever a check finds."
    )]
    Accept(Accept),
    /// List findings that are accepted.
    #[command(after_help = "Example:\n  sonde alert accepted")]
    Accepted,
    /// End an acceptance.
    #[command(after_help = "Example:\n  sonde alert unaccept 5k2…")]
    Unaccept {
        /// Id of the acceptance.
        acceptance: String,
    },
    /// End a mute.
    #[command(after_help = "Example:\n  sonde alert unmute 5k2…")]
    Unmute {
        /// Id of the mute.
        mute: String,
    },
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("where").required(true))]
pub(super) struct Mute {
    /// Host name, or id.
    #[arg(long, group = "where")]
    device: Option<String>,
    /// Name of a site.
    #[arg(long, group = "where")]
    site: Option<String>,
    /// Every device of every site; this takes the role senior.
    #[arg(long, group = "where")]
    fleet: bool,
    /// Id of a check; every check if it is not given.
    #[arg(long, default_value = "")]
    check: String,
    /// Only this of the check's subjects: a mount, a service.
    #[arg(long)]
    subject: Option<String>,
    /// Until the finding changes if it is not given.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    until: Option<String>,
    /// For the others.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// What is wrong: a check, or check/subject where it finds several things.
    finding: String,
    /// Host name, or id.
    #[arg(long)]
    device: String,
    /// When somebody is to think of it again.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: String,
    /// For the others.
    #[arg(long)]
    reason: String,
}

pub(super) async fn run(context: &mut Context, command: AlertCommand) -> Result<ExitCode, Failure> {
    match command {
        AlertCommand::List { device } => list(context, device).await?,
        AlertCommand::Mutes => mutes(context).await?,
        AlertCommand::Mute(mute) => {
            let device = match &mute.device {
                Some(device) => Some(device::resolve(context, device).await?),
                None => None,
            };
            let body = json!({
                "device": device, "site": mute.site, "check": mute.check, "subject": mute.subject,
                "reason": mute.reason, "until": mute.until,
            });
            let made = context.client().await?.post("/mutes", &body).await?;
            match context.output.json {
                true => context.output.value(&made)?,
                false => {
                    let until = until(&made);
                    let said = format!("muted until {until}: {}", field(&made, "id"));
                    context.output.line(&said)?;
                }
            }
        }
        AlertCommand::Accept(accept) => self::accept(context, accept).await?,
        AlertCommand::Accepted => accepted(context).await?,
        AlertCommand::Unaccept { acceptance } => {
            end(context, &format!("/acceptances/{}", escape(&acceptance))).await?;
        }
        AlertCommand::Unmute { mute } => {
            end(context, &format!("/mutes/{}", escape(&mute))).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn end(context: &mut Context, path: &str) -> Result<(), Failure> {
    let client = context.client().await?;
    client.call(Method::DELETE, path, None).await?;
    match context.output.json {
        true => Ok(()),
        false => Ok(context.output.line("it no longer holds")?),
    }
}

async fn accept(context: &mut Context, accept: Accept) -> Result<(), Failure> {
    let device = device::resolve(context, &accept.device).await?;
    let body = json!({
        "device": device, "finding": accept.finding, "until": accept.until, "reason": accept.reason,
    });
    let made = context.client().await?.post("/acceptances", &body).await?;
    if context.output.json {
        return Ok(context.output.value(&made)?);
    }
    let until = until(&made);
    let said = format!("accepted until {until}: {}", field(&made, "id"));
    Ok(context.output.line(&said)?)
}

async fn accepted(context: &mut Context) -> Result<(), Failure> {
    let accepted = device::whole(context, "/acceptances?limit=1000", "before", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&accepted)?);
    }
    let rows = items(&accepted).iter().map(|one| {
        let what = format!("{} {}", field(one, "check"), field(one, "subject"));
        vec![
            field(one, "id"),
            field(one, "hostname"),
            what.trim_end().to_owned(),
            field(one, "status"),
            until(one),
            format!("{}: {}", field(one, "created_by"), field(one, "reason")),
        ]
    });
    let head = ["id", "device", "what", "up to", "until", "why"];
    Ok(context.output.table(&head, rows)?)
}

async fn list(context: &mut Context, device: Option<String>) -> Result<(), Failure> {
    let mut base = "/alerts?limit=1000".to_owned();
    if let Some(device) = device {
        let id = device::resolve(context, &device).await?;
        base.push_str(&format!("&device={id}"));
    }
    let alerts = device::pages(context, &base, "before").await?;
    if context.output.json {
        return Ok(context.output.value(&json!({ "items": alerts }))?);
    }
    let rows = alerts.iter().map(|alert| {
        let of = format!("{} {}", field(alert, "check"), field(alert, "subject"));
        let silenced = silenced::told(alert);
        let what = format!("{}\n{}\n{silenced}", of.trim_end(), field(alert, "summary"));
        let since = match alert["since"].is_null() {
            true => when(&alert["opened_at"]),
            false => when(&alert["since"]),
        };
        vec![
            field(alert, "status"),
            field(alert, "hostname"),
            what.trim_end().to_owned(),
            since,
            field(alert, "ticket"),
        ]
    });
    Ok(context
        .output
        .table(&["status", "device", "what", "since", "ticket"], rows)?)
}

fn until(mute: &Value) -> String {
    match mute["until"].is_null() {
        true => "it changes".to_owned(),
        false => when(&mute["until"]),
    }
}

async fn mutes(context: &mut Context) -> Result<(), Failure> {
    let mutes = device::whole(context, "/mutes?limit=1000", "before", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&mutes)?);
    }
    let rows = items(&mutes).iter().map(|mute| {
        let of = [field(mute, "device"), field(mute, "site")];
        let of = of.into_iter().find(|name| !name.is_empty());
        let what = format!("{} {}", field(mute, "check"), field(mute, "subject"));
        let what = match what.trim() {
            "" => "every check".to_owned(),
            what => what.to_owned(),
        };
        vec![
            field(mute, "id"),
            of.unwrap_or_else(|| "the fleet".to_owned()),
            what,
            until(mute),
            format!("{}: {}", field(mute, "created_by"), field(mute, "reason")),
        ]
    });
    Ok(context
        .output
        .table(&["id", "for", "what", "until", "why"], rows)?)
}
