//! Policies: which checks run where, how often, with which limits, and what their findings open.

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::Value;

use super::client::escape;
use super::output::{field, items, when};
use super::{Context, Failure, device, file};

#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// List policies.
    #[command(after_help = "Example:\n  sonde policy list")]
    List,
    /// Show a policy as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde policy show lab > lab.json")]
    Show {
        /// Name of the policy.
        policy: String,
    },
    /// Show what policies say about a device.
    #[command(after_help = "Example:\n  sonde policy of lab-7")]
    Of {
        /// Host name, or id.
        device: String,
    },
    /// Set a policy, in the place of the one of its name.
    #[command(
        after_help = "Example:\n  sonde policy set lab lab.json\n\nThe file:\n  {\"sites\": [\"lab\"], \"checks\": {\"disk.space\": \
        {\"every_seconds\": 600, \"limits\": {\"free_warning\": 20}, \"opens\": \"ticket\"}}}\n\nopens: nothing, alert, \
        ticket, ticket_on_warning. hold_seconds: a finding that lasts so long becomes an alert (120). clear_seconds: one that is \
        ok so long ends it (300). settling_seconds, beside checks: a device opens no ticket within so long after its \
        enrolment (86400). targets, for a check that takes them such as net.target: addresses that the devices try, \
        tcp://host:port, tls://host:port, http://host[:port]/path, https://host[:port]/path; 20 at most, each one that answers \
        itself and leads nowhere else. `sonde check list --json` shows each check's limits, and which take targets."
    )]
    Set {
        /// Name of the policy.
        policy: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Remove a policy.
    #[command(after_help = "Example:\n  sonde policy remove lab")]
    Remove {
        /// Name of the policy.
        policy: String,
    },
}

pub(super) async fn run(
    context: &mut Context,
    command: PolicyCommand,
) -> Result<ExitCode, Failure> {
    match command {
        PolicyCommand::List => list(context).await?,
        PolicyCommand::Show { policy } => {
            let mut policy = context.client().await?.get(&path(&policy)).await?;
            if let (false, Some(view)) = (context.output.json, policy.as_object_mut()) {
                for known in ["name", "changed_at", "changed_by"] {
                    view.remove(known);
                }
            }
            context.output.value(&policy)?;
        }
        PolicyCommand::Of { device } => of(context, &device).await?,
        PolicyCommand::Set { policy, file } => {
            let body = file::json(&file, "sonde policy set --help shows a policy")?;
            let path = path(&policy);
            let client = context.client().await?;
            let set = client.call(Method::PUT, &path, Some(&body)).await?;
            match context.output.json {
                true => context.output.value(&set)?,
                false => context.output.line(&format!(
                    "policy {policy} is set, and connected devices are told"
                ))?,
            }
        }
        PolicyCommand::Remove { policy } => {
            let path = path(&policy);
            let client = context.client().await?;
            client.call(Method::DELETE, &path, None).await?;
            if !context.output.json {
                context
                    .output
                    .line(&format!("policy {policy} is removed"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn path(policy: &str) -> String {
    format!("/policies/{}", escape(policy))
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let policies = device::whole(context, "/policies?limit=1000", "after", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&policies)?);
    }
    let rows = items(&policies).iter().map(|policy| {
        let count =
            |name: &str, one: &str, many: &str| match policy[name].as_array().map_or(0, Vec::len) {
                0 => None,
                1 => Some(format!("1 {one}")),
                n => Some(format!("{n} {many}")),
            };
        let reach = [
            count("sites", "site", "sites"),
            count("devices", "device", "devices"),
        ];
        let reach: Vec<String> = reach.into_iter().flatten().collect();
        let reach = match reach.is_empty() {
            true => "the fleet".to_owned(),
            false => reach.join(", "),
        };
        let checks = policy["checks"].as_object();
        let checks: Vec<&str> = checks
            .into_iter()
            .flat_map(|checks| checks.keys().map(String::as_str))
            .collect();
        vec![
            field(policy, "name"),
            reach,
            checks.join(" "),
            format!(
                "{} by {}",
                when(&policy["changed_at"]),
                field(policy, "changed_by")
            ),
        ]
    });
    Ok(context
        .output
        .table(&["policy", "for", "checks", "changed"], rows)?)
}

async fn of(context: &mut Context, device: &str) -> Result<(), Failure> {
    let id = device::resolve(context, device).await?;
    let path = format!("/devices/{id}/policy");
    let effective = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&effective)?);
    }
    let policies = field(&effective, "policies");
    if policies.is_empty() {
        return Ok(context
            .output
            .line("no policy reaches it: all checks are as they were declared")?);
    }
    context.output.line(&format!("policies: {policies}"))?;
    let checks = effective["checks"].as_object();
    let rows = checks.into_iter().flatten().map(|(check, rules)| {
        let seconds = |name: &str| match rules[name].as_i64() {
            Some(seconds) => format!("{seconds} s"),
            None => String::new(),
        };
        let every = match rules["every_seconds"].as_i64() {
            Some(0) => "when asked".to_owned(),
            Some(_) | None => seconds("every_seconds"),
        };
        let limits = rules["limits"].as_object();
        let limits: Vec<String> = limits
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let targets = rules["targets"].as_array().into_iter().flatten();
        let targets: Vec<&str> = targets.filter_map(Value::as_str).collect();
        vec![
            check.clone(),
            every,
            limits.join(", "),
            targets.join("\n"),
            seconds("hold_seconds"),
            field(rules, "opens"),
        ]
    });
    Ok(context.output.table(
        &["check", "every", "limits", "targets", "holds", "opens"],
        rows,
    )?)
}
