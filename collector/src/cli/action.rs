//! Actions: what would change, then the change, then the proof.

mod ask;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::client::escape;
use super::output::{field, items, plain, when};
use super::ticket::{Kind, Which};
use super::{Context, Failure, device, job};

#[derive(Debug, Subcommand)]
pub(super) enum ActionCommand {
    /// List actions.
    #[command(after_help = "Example:\n  sonde action list --device lab-7")]
    List {
        /// Host name, or id; without it, what all devices have.
        #[arg(long)]
        device: Option<String>,
    },
    /// Show exactly what an action would change. Nothing is changed.
    #[command(
        after_help = "Example:\n  sonde action plan service.restart --device lab-7 --ticket 42 unit=cups.service"
    )]
    Plan(Ask),
    /// Plan, apply and verify an action.
    #[command(
        after_help = "Example:\n  sonde action run service.restart --device lab-7 --ticket 42 unit=cups.service\n  \
                      sonde action run process.terminate --device lab-7 --ticket 42 --ask pid=77"
    )]
    Run {
        #[command(flatten)]
        ask: Ask,
        #[command(flatten)]
        change: Change,
        /// Ask the user first: shows them the plan, waits for their answer so many seconds at most, and does it when they
        /// have agreed. What they allow for the ticket is not asked again.
        #[arg(
            long = "ask",
            value_name = "SECONDS",
            num_args = 0..=1,
            default_missing_value = "3600",
            require_equals = true,
            conflicts_with_all = ["consent", "new_ticket"]
        )]
        ask_user: Option<u32>,
    },
    /// Take back what an action changed: on the same device, with the same parameters.
    #[command(after_help = "Example:\n  sonde action undo 5k2… --ticket 42")]
    Undo {
        /// The job whose change is taken back.
        job: String,
        /// The ticket that it is for.
        #[arg(long, value_name = "NUMBER")]
        ticket: i64,
        #[command(flatten)]
        change: Change,
        /// How long to wait for the end.
        #[arg(long, value_name = "SECONDS", default_value_t = 300)]
        wait: u32,
    },
}

/// How something is changed.
#[derive(Debug, Args)]
pub(super) struct Change {
    /// How the user agreed: "by telephone".
    #[arg(long, value_name = "HOW")]
    consent: Option<String>,
    /// How long the order waits for a device that is not connected; ten minutes if it is not given, for what changes
    /// something should not come as a surprise.
    #[arg(long, value_name = "SECONDS")]
    expires: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct Ask {
    /// Id of an action: "service.restart".
    action: String,
    /// Host name, or id.
    #[arg(long)]
    device: String,
    #[command(flatten)]
    ticket: Which,
    /// How long to wait for the end.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    wait: u32,
    /// Parameters.
    #[arg(value_name = "KEY=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
}

/// Reads "key=value".
pub(super) fn parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as key=value".to_owned())
}

pub(super) async fn run(
    context: &mut Context,
    command: ActionCommand,
) -> Result<ExitCode, Failure> {
    match command {
        ActionCommand::List { device } => list(context, device).await,
        ActionCommand::Plan(ask) => order(context, ask, json!({ "phase": "plan" })).await,
        ActionCommand::Run {
            ask: asked,
            change,
            ask_user,
        } => {
            if let Some(seconds) = ask_user
                && let Some(code) = ask::first(context, &asked, seconds).await?
            {
                return Ok(code);
            }
            let body = json!({
                "phase": "apply", "consent": change.consent, "expires_in_seconds": change.expires,
            });
            order(context, asked, body).await
        }
        ActionCommand::Undo {
            job,
            ticket,
            change,
            wait,
        } => {
            let body = json!({
                "phase": "undo", "undo_of": job,
                "consent": change.consent, "expires_in_seconds": change.expires,
            });
            let path = format!("/tickets/{ticket}/actions");
            let jobs = job::ask(context, &path, job::Asked::plain(body), wait).await?;
            let done = jobs.into_iter().next().unwrap_or_default();
            job::show(context, &done)?;
            Ok(job::exit_code(&done))
        }
    }
}

async fn order(context: &mut Context, ask: Ask, mut body: Value) -> Result<ExitCode, Failure> {
    let id = device::resolve(context, &ask.device).await?;
    let parameters: Map<String, Value> = ask
        .parameters
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)))
        .collect();
    say_tried(context, &id, &ask.action, ask.ticket.number(), &parameters).await?;
    body["device"] = Value::from(id);
    body["action"] = Value::from(ask.action.as_str());
    body["parameters"] = Value::from(parameters);
    let done = ask.ticket.ask(context, Kind::Action, body, ask.wait);
    let done = done.await?;
    job::show(context, &done)?;
    Ok(job::exit_code(&done))
}

/// Says before it is run what became of it when it was run before.
async fn say_tried(
    context: &mut Context,
    device: &str,
    action: &str,
    ticket: Option<i64>,
    parameters: &Map<String, Value>,
) -> Result<(), Failure> {
    if context.output.json {
        return Ok(());
    }
    let mut path = format!("/devices/{device}/tried?action={}", escape(action));
    if let Some(ticket) = ticket {
        path.push_str(&format!("&ticket={ticket}"));
    }
    let tried = context.client().await?.get(&path).await?;
    for job in items(&tried) {
        context.output.notice(&tried_line(job, parameters))?;
    }
    Ok(())
}

fn tried_line(job: &Value, parameters: &Map<String, Value>) -> String {
    let mut line = format!(
        "already tried {} by {} on {}",
        when(&job["issued_at"]),
        field(job, "requested_by"),
        field(job, "hostname")
    );
    if let Some(ticket) = job["ticket"].as_i64() {
        line.push_str(&format!(", ticket {ticket}"));
    }
    let given = job["parameters"].as_object();
    let is_same = given.is_some_and(|given| {
        parameters
            .iter()
            .all(|(name, value)| given.get(name).map(plain) == Some(plain(value)))
    });
    let given: Vec<String> = given
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name}={}", plain(value)))
        .collect();
    match is_same {
        true => line.push_str(", the same"),
        false => line.push_str(&format!(", with {}", given.join(" "))),
    }
    line.push_str(&format!(": {}", field(job, "state")));
    let reason = field(job, "reason");
    if !reason.is_empty() {
        line.push_str(&format!(" ({reason})"));
    }
    line
}

async fn list(context: &mut Context, device: Option<String>) -> Result<ExitCode, Failure> {
    let path = match device {
        Some(device) => format!(
            "/actions?device={}",
            device::resolve(context, &device).await?
        ),
        None => "/actions".to_owned(),
    };
    let actions = context.client().await?.get(&path).await?;
    if context.output.json {
        context.output.value(&actions)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = items(&actions).iter().map(|action| {
        let parameters = action["parameters"].as_array().cloned().unwrap_or_default();
        let parameters: Vec<String> = parameters
            .iter()
            .map(|parameter| match parameter["required"].as_bool() {
                Some(true) => field(parameter, "name"),
                _ => format!("[{}]", field(parameter, "name")),
            })
            .collect();
        vec![
            field(action, "id"),
            field(action, "class"),
            parameters.join(" "),
            field(action, "title"),
        ]
    });
    let header = ["action", "class", "parameters", "what it does"];
    context.output.table(&header, rows)?;
    Ok(ExitCode::SUCCESS)
}
