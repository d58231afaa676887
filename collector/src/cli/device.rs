//! Devices.

mod changes;
mod cohort;
mod list;
mod metrics;
mod named;
mod show;
mod table;
mod watch;

pub(super) use named::resolve;
pub(super) use table::{rows, table};

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::moment::moment;
use super::output::{exactly, field, items, when};
use super::{Context, Failure, job};

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// List devices.
    #[command(
        after_help = "Example:\n  sonde device list --text lab --status critical,warning --sort -seen --facts os.version"
    )]
    List(list::Which),
    /// Show a device and its findings.
    #[command(after_help = "Example:\n  sonde device show lab-7")]
    Show {
        /// Host name, or id.
        device: String,
    },
    /// Show the fact tables of a device, or one of them.
    #[command(after_help = "Example:\n  sonde device facts lab-7 filesystems")]
    Facts {
        /// Host name, or id.
        device: String,
        /// Name of a table; without it, the tables there are.
        table: Option<String>,
        /// All columns of a wide table, a block for each row.
        #[arg(long)]
        all_columns: bool,
    },
    /// List the metrics of a device, or show the course of one.
    #[command(after_help = "Example:\n  sonde device metrics lab-7 disk.used_bytes --from -2d")]
    Metrics(metrics::Metrics),
    Watch(watch::Watch),
    /// Show what changed on a device, or what may have made a finding.
    #[command(
        after_help = "Example:\n  sonde device changes lab-7 --from -2h\n  sonde device changes lab-7 --for disk.space//srv"
    )]
    Changes {
        /// Host name, or id.
        device: String,
        /// `CHECK` or `CHECK/SUBJECT` of a finding: what changed since it was well, the likeliest cause first.
        #[arg(long = "for", value_name = "FINDING")]
        of: Option<String>,
        /// A day before --to if it is not given.
        #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
        from: Option<String>,
        /// Now if it is not given.
        #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
        to: Option<String>,
    },
    /// Is it only this machine? Show how many have the same finding, and what those have in common.
    #[command(after_help = "Example:\n  sonde device cohort lab-7 --for net.dns/192.0.2.53")]
    Cohort {
        /// Host name, or id.
        device: String,
        /// `CHECK` or `CHECK/SUBJECT` of a finding.
        #[arg(long = "for", value_name = "FINDING")]
        of: String,
        /// Count findings of the same check about anything, not only about the same subject.
        #[arg(long)]
        any_subject: bool,
        /// Compare the versions of these packages too.
        #[arg(long, value_name = "NAME,…")]
        packages: Option<String>,
    },
    /// Show how a device's reports were accounted for.
    #[command(after_help = "Example:\n  sonde device reports lab-7")]
    Reports {
        /// Host name, or id.
        device: String,
    },
    /// List what a device was asked for.
    #[command(after_help = "Example:\n  sonde device jobs lab-7")]
    Jobs {
        /// Host name, or id.
        device: String,
        /// Only what was ordered before this job.
        #[arg(long, value_name = "JOB")]
        before: Option<String>,
    },
    /// List reports of a device that were refused.
    #[command(after_help = "Example:\n  sonde device rejected lab-7")]
    Rejected {
        /// Host name, or id.
        device: String,
    },
    /// Say which device this one continues, after it was enrolled anew.
    #[command(after_help = "Example:\n  sonde device join lab-7 --predecessor 178…")]
    Join {
        /// Host name, or id.
        device: String,
        /// Host name, or id, of the earlier one; it continues none if this is not given.
        #[arg(long, value_name = "DEVICE")]
        predecessor: Option<String>,
    },
    /// End a conflict of two machines with one key.
    #[command(after_help = "Example:\n  sonde device split lab-7 --keep 5k2…")]
    Split {
        /// Host name, or id.
        device: String,
        /// Id of the installation that stays the device.
        #[arg(long, value_name = "INSTALLATION")]
        keep: String,
    },
    /// Cut a device off and refuse its key from now on.
    #[command(after_help = "Example:\n  sonde device remove lab-7")]
    Remove {
        /// Host name, or id.
        device: String,
    },
}

pub(super) async fn run(
    context: &mut Context,
    command: DeviceCommand,
) -> Result<ExitCode, Failure> {
    match command {
        DeviceCommand::List(which) => list::list(context, which).await?,
        DeviceCommand::Show { device } => show::show(context, &device).await?,
        DeviceCommand::Facts {
            device,
            table: None,
            ..
        } => facts(context, &device).await?,
        DeviceCommand::Facts {
            device,
            table: Some(name),
            all_columns,
        } => {
            context.output.all_columns = all_columns;
            table(context, &device, &name).await?;
        }
        DeviceCommand::Reports { device } => reports(context, &device).await?,
        DeviceCommand::Metrics(ask) => metrics::show(context, ask).await?,
        DeviceCommand::Watch(ask) => return watch::run(context, ask).await,
        DeviceCommand::Changes {
            device,
            of,
            from,
            to,
        } => changes::changes(context, &device, [("for", of), ("from", from), ("to", to)]).await?,
        DeviceCommand::Cohort {
            device,
            of,
            any_subject,
            packages,
        } => cohort::cohort(context, &device, &of, any_subject, packages).await?,
        DeviceCommand::Jobs { device, before } => {
            let id = resolve(context, &device).await?;
            job::list(context, &format!("/devices/{id}/jobs"), before).await?;
        }
        DeviceCommand::Rejected { device } => rejected(context, &device).await?,
        DeviceCommand::Join {
            device,
            predecessor,
        } => {
            let id = resolve(context, &device).await?;
            let predecessor = match predecessor {
                Some(predecessor) => Some(resolve(context, &predecessor).await?),
                None => None,
            };
            let body = json!({ "predecessor": predecessor });
            let path = format!("/devices/{id}/join");
            let device = context.client().await?.post(&path, &body).await?;
            told(context, &device, "told what it continues")?;
        }
        DeviceCommand::Split { device, keep } => {
            let id = resolve(context, &device).await?;
            let path = format!("/devices/{id}/split");
            let body = json!({ "keep": keep });
            let device = context.client().await?.post(&path, &body).await?;
            told(context, &device, "split")?;
        }
        DeviceCommand::Remove { device } => {
            let id = resolve(context, &device).await?;
            let path = format!("/devices/{id}");
            let client = context.client().await?;
            client.call(Method::DELETE, &path, None).await?;
            told(context, &json!({ "id": id }), "removed")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(context: &Context, device: &Value, what: &str) -> Result<(), Failure> {
    match context.output.json {
        true => context.output.value(device)?,
        false => context
            .output
            .line(&format!("{} is {what}", field(device, "id")))?,
    }
    Ok(())
}

/// All items of a list, page by page; `base` has a query.
pub(super) async fn pages(
    context: &mut Context,
    base: &str,
    cursor: &str,
) -> Result<Vec<Value>, Failure> {
    let mut whole = whole(context, base, cursor, "items").await?;
    let items = whole["items"].as_array_mut().map(std::mem::take);
    Ok(items.unwrap_or_default())
}

/// The same with what stands beside its items, which are called `name`.
pub(super) async fn whole(
    context: &mut Context,
    base: &str,
    cursor: &str,
    name: &str,
) -> Result<Value, Failure> {
    let client = context.client().await?;
    let mut whole = client.get(base).await?;
    let mut next = field(&whole, "next");
    while !next.is_empty() {
        let path = format!("{base}&{cursor}={}", escape(&next));
        let mut page = client.get(&path).await?;
        next = field(&page, "next");
        if let (Some(all), Some(more)) = (whole[name].as_array_mut(), page[name].as_array_mut()) {
            all.append(more);
        }
    }
    if let Some(whole) = whole.as_object_mut() {
        whole.remove("next");
    }
    Ok(whole)
}

async fn facts(context: &mut Context, device: &str) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let path = format!("/devices/{id}/facts");
    let tables = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&tables)?);
    }
    let rows = items(&tables).iter().map(|table| {
        vec![
            field(table, "table"),
            when(&table["changed_at"]),
            field(table, "unavailable"),
        ]
    });
    Ok(context
        .output
        .table(&["table", "changed", "unavailable"], rows)?)
}

async fn rejected(context: &mut Context, device: &str) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let base = format!("/devices/{id}/rejected?limit=1000");
    let reports = whole(context, &base, "before", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&reports)?);
    }
    let rows = items(&reports).iter().map(|report| {
        vec![
            exactly(&report["at"]),
            field(report, "seq"),
            field(report, "reason"),
        ]
    });
    Ok(context.output.table(&["at", "report", "reason"], rows)?)
}

/// A spool whose ranges came on several pages is one.
fn join_spools(account: &mut Value) {
    let Some(spools) = account["spools"].as_array_mut() else {
        return;
    };
    spools.dedup_by(|later, first| {
        let is_same = later["spool"] == first["spool"];
        if let (true, Some(all), Some(more)) = (
            is_same,
            first["ranges"].as_array_mut(),
            later["ranges"].as_array_mut(),
        ) {
            all.append(more);
        }
        is_same
    });
}

async fn reports(context: &mut Context, device: &str) -> Result<(), Failure> {
    let id = resolve(context, device).await?;
    let base = format!("/devices/{id}/reports?limit=1000");
    let mut account = whole(context, &base, "after", "spools").await?;
    join_spools(&mut account);
    if context.output.json {
        return Ok(context.output.value(&account)?);
    }
    let mut shown = Vec::new();
    for spool in account["spools"].as_array().into_iter().flatten() {
        for range in spool["ranges"].as_array().into_iter().flatten() {
            let name = field(spool, "spool");
            shown.push(vec![
                name,
                field(range, "first"),
                field(range, "last"),
                field(range, "fate"),
            ]);
        }
    }
    Ok(context
        .output
        .table(&["spool", "first", "last", "fate"], shown)?)
}
