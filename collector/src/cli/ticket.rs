//! Tickets.

mod case;
mod list;
mod note;
mod set;
mod show;
mod snapshots;
mod timeline;
mod which;

pub(super) use which::{Kind, Which};

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

use super::output::field;
use super::{Context, Failure, caller, device, job};

const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
const STATES: [&str; 6] = ["new", "open", "waiting", "proposed", "resolved", "closed"];
const TIERS: [&str; 4] = ["first", "second", "third", "supplier"];
const WAITING_FOR: [&str; 5] = ["user", "part", "supplier", "device", "appointment"];

#[derive(Debug, Subcommand)]
pub(super) enum TicketCommand {
    /// Open a ticket.
    #[command(
        after_help = "Example:\n  sonde ticket open \"no sound\" --device lab-7 --requester Rosa\n  sonde ticket open \"no sound\" --caller \"06 12 34 56 78\""
    )]
    Open {
        /// What it is about, in a line.
        title: String,
        /// Host names or ids.
        #[arg(long = "device", value_name = "DEVICE")]
        devices: Vec<String>,
        /// Who asked for help.
        #[arg(long)]
        requester: Option<String>,
        /// Whatever the caller has said: finds requester and device as sonde caller does.
        #[arg(long, value_name = "WORDS")]
        caller: Option<String>,
        /// How soon it needs work.
        #[arg(long, value_parser = PRIORITIES)]
        priority: Option<String>,
        /// The device's if it is not given.
        #[arg(long)]
        site: Option<String>,
        /// A first note.
        #[arg(long)]
        note: Option<String>,
    },
    /// List tickets, the newest first; or those that have some words, best first.
    #[command(
        after_help = "Example:\n  sonde ticket list --state open --assignee ann\n  sonde ticket list --search \"printer offline\""
    )]
    List {
        /// What stands on them: all words are needed, the last may be a beginning.
        #[arg(long, value_name = "WORDS", conflicts_with = "before")]
        search: Option<String>,
        /// A state; open stands for all that are not resolved or closed.
        #[arg(long, value_parser = STATES)]
        state: Option<String>,
        /// Name of an account.
        #[arg(long)]
        assignee: Option<String>,
        /// Host name, or id.
        #[arg(long)]
        device: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only tickets before this one.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// Only what comes after so many: `next` of the page before of a search.
        #[arg(long, value_name = "N", requires = "search")]
        after: Option<u32>,
    },
    /// List what is to be done, what is due next first.
    #[command(after_help = "Example:\n  sonde ticket queue --assignee ann")]
    Queue {
        /// Name of an account.
        #[arg(long)]
        assignee: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only tickets after this place: `next` of the page before.
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
    },
    /// Show a ticket and what happened to it.
    #[command(after_help = "Example:\n  sonde ticket show 42")]
    Show {
        /// Number of the ticket.
        number: i64,
    },
    /// Add a note, or what a machine without a network says by its code.
    #[command(
        after_help = "Example:\n  sonde ticket note 42 \"called back, nobody there\"\n  sonde ticket note 42 --code 59BK-34WJ-4940-G0CR-NGVZ"
    )]
    Note {
        /// Number of the ticket.
        number: i64,
        /// What the note says.
        #[arg(required_unless_present = "code")]
        text: Option<String>,
        /// What somebody reads from sonde-agent status.
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
    },
    /// Answer the requester, or record what they said.
    #[command(
        after_help = "Example:\n  sonde ticket reply 42 \"please try again\"\n  sonde ticket reply 42 --from-requester \"still no sound\""
    )]
    Reply {
        /// Number of the ticket.
        number: i64,
        /// What it says.
        text: String,
        /// The requester said it, on the telephone for instance.
        #[arg(long)]
        from_requester: bool,
    },
    /// Hand a ticket on to another tier, or send it back.
    #[command(
        after_help = "Example:\n  sonde ticket escalate 42 --to second --reason \"needs the network team\""
    )]
    Escalate {
        /// Number of the ticket.
        number: i64,
        /// Who works on it from now on.
        #[arg(long, value_name = "TIER", value_parser = TIERS)]
        to: String,
        /// Why, for who takes it.
        #[arg(long)]
        reason: String,
    },
    /// Give a ticket to somebody.
    #[command(after_help = "Example:\n  sonde ticket assign 42 ann")]
    Assign {
        /// Number of the ticket.
        number: i64,
        /// Name of an account; nobody if it is not given.
        to: Option<String>,
    },
    /// Set state or priority.
    #[command(
        after_help = "Example:\n  sonde ticket set 42 --state waiting --for part --reason \"a new disk\""
    )]
    Set {
        /// Number of the ticket.
        number: i64,
        /// Where it stands from now on.
        #[arg(long, value_parser = STATES)]
        state: Option<String>,
        /// What it waits for.
        #[arg(long = "for", value_name = "WHAT", value_parser = WAITING_FOR, requires = "state")]
        waiting_for: Option<String>,
        /// Why, for the timeline.
        #[arg(long, requires = "state")]
        reason: Option<String>,
        /// How soon it needs work.
        #[arg(long, value_parser = PRIORITIES)]
        priority: Option<String>,
    },
    /// Make it part of an incident that has a ticket of its own.
    #[command(after_help = "Example:\n  sonde ticket join 42 --incident 44")]
    Join {
        /// Number of the ticket.
        number: i64,
        /// Number of the ticket that stands for all of them.
        #[arg(long, value_name = "NUMBER")]
        incident: i64,
    },
    /// Say that it is fixed, so that the requester can confirm.
    #[command(after_help = "Example:\n  sonde ticket propose 42 --reason \"driver replaced\"")]
    Propose {
        /// Number of the ticket.
        number: i64,
        /// Why, for the timeline.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Record that the requester says it is solved.
    #[command(after_help = "Example:\n  sonde ticket confirm 42")]
    Confirm {
        /// Number of the ticket.
        number: i64,
    },
    /// Open it again.
    #[command(after_help = "Example:\n  sonde ticket reopen 42 --reason \"it is back\"")]
    Reopen {
        /// Number of the ticket.
        number: i64,
        /// Why, for the timeline.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Close a resolved ticket; what is queued for it is cancelled.
    #[command(after_help = "Example:\n  sonde ticket close 42")]
    Close {
        /// Number of the ticket.
        number: i64,
    },
    /// Add a device.
    #[command(after_help = "Example:\n  sonde ticket add-device 42 lab-7")]
    AddDevice {
        /// Number of the ticket.
        number: i64,
        /// Host name, or id.
        device: String,
    },
    /// Take a device off it.
    #[command(after_help = "Example:\n  sonde ticket remove-device 42 lab-7")]
    RemoveDevice {
        /// Number of the ticket.
        number: i64,
        /// Host name, or id.
        device: String,
    },
    /// Write its case file, one archive that is read without the collector; or post it to another ticket system.
    #[command(
        after_help = "Example:\n  sonde ticket export 42 --lang fr --out case.zip\n  sonde ticket export 42 --to https://glpi.example/in --token-file token"
    )]
    Export {
        /// Number of the ticket.
        number: i64,
        #[command(flatten)]
        to: case::To,
    },
    /// List what devices were asked for on it.
    #[command(after_help = "Example:\n  sonde ticket jobs 42")]
    Jobs {
        /// Number of the ticket.
        number: i64,
        /// Only what was ordered before this job.
        #[arg(long, value_name = "JOB")]
        before: Option<String>,
    },
    /// List its snapshots, show what one of them froze, or one of its tables.
    #[command(after_help = "Example:\n  sonde ticket snapshots 42 5k2… --table filesystems")]
    Snapshots {
        /// Number of the ticket.
        number: i64,
        /// Id of a snapshot.
        snapshot: Option<String>,
        /// Name of a table that it has.
        #[arg(long, requires = "snapshot")]
        table: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sonde snapshot --device lab-7 --ticket 42")]
pub(super) struct TakeSnapshot {
    /// Host name, or id.
    #[arg(long)]
    device: String,
    /// The ticket that it is for.
    #[arg(long, value_name = "NUMBER")]
    ticket: i64,
}

pub(super) async fn run(
    context: &mut Context,
    command: TicketCommand,
) -> Result<ExitCode, Failure> {
    match command {
        TicketCommand::Open {
            title,
            devices,
            requester,
            caller,
            priority,
            site,
            note,
        } => {
            let mut ids = Vec::new();
            for device in &devices {
                ids.push(device::resolve(context, device).await?);
            }
            let (requester, ids, site) = match caller {
                Some(words) => caller::calls(context, &words, requester, ids, site).await?,
                None => (requester, ids, site),
            };
            let body = json!({
                "title": title, "devices": ids, "requester": requester,
                "priority": priority, "site": site, "note": note,
            });
            let opened = context.client().await?.post("/tickets", &body).await?;
            told(context, &opened)?;
        }
        TicketCommand::List {
            search,
            state,
            assignee,
            device,
            limit,
            before,
            after,
        } => {
            let before = before.map(|number| number.to_string());
            let after = after.map(|n_before| n_before.to_string());
            let narrowed = [
                ("search", search),
                ("state", state),
                ("assignee", assignee),
                ("before", before),
                ("after", after),
            ];
            list::list(context, narrowed, device, limit).await?
        }
        TicketCommand::Queue {
            assignee,
            limit,
            after,
        } => list::queue(context, [("assignee", assignee), ("after", after)], limit).await?,
        TicketCommand::Show { number } => show::show(context, number).await?,
        TicketCommand::Set {
            number,
            state,
            waiting_for,
            reason,
            priority,
        } => set::set(context, number, state, waiting_for, reason, priority).await?,
        TicketCommand::Snapshots {
            number,
            snapshot: None,
            ..
        } => snapshots::list(context, number).await?,
        TicketCommand::Snapshots {
            number,
            snapshot: Some(id),
            table,
        } => snapshots::show(context, number, &id, table).await?,
        TicketCommand::Join { number, incident } => {
            change(context, number, "incident", json!({ "incident": incident })).await?;
        }
        TicketCommand::Note { number, text, code } => {
            note::add(context, number, text, code).await?
        }
        TicketCommand::Reply {
            number,
            text,
            from_requester,
        } => {
            let side = if from_requester {
                "requester"
            } else {
                "technician"
            };
            let body = json!({ "text": text, "side": side });
            change(context, number, "messages", body).await?;
        }
        TicketCommand::Escalate { number, to, reason } => {
            let body = json!({ "tier": to, "reason": reason });
            change(context, number, "tier", body).await?;
        }
        TicketCommand::Assign { number, to } => {
            change(context, number, "assign", json!({ "to": to })).await?;
        }
        TicketCommand::Propose { number, reason } => {
            change(context, number, "state", moved("proposed", reason)).await?;
        }
        TicketCommand::Confirm { number } => {
            change(context, number, "state", moved("resolved", None)).await?;
        }
        TicketCommand::Reopen { number, reason } => {
            change(context, number, "state", moved("open", reason)).await?;
        }
        TicketCommand::Close { number } => {
            change(context, number, "state", moved("closed", None)).await?;
        }
        TicketCommand::AddDevice { number, device } => {
            let id = device::resolve(context, &device).await?;
            change(context, number, "devices", json!({ "device": id })).await?;
        }
        TicketCommand::RemoveDevice { number, device } => {
            let id = device::resolve(context, &device).await?;
            let path = format!("/tickets/{number}/devices/{id}");
            let client = context.client().await?;
            let ticket = client.call(Method::DELETE, &path, None).await?;
            told(context, &ticket)?;
        }
        TicketCommand::Export { number, to } => case::export(context, number, to).await?,
        TicketCommand::Jobs { number, before } => {
            job::list(context, &format!("/tickets/{number}/jobs"), before).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn moved(state: &str, reason: Option<String>) -> Value {
    json!({ "state": state, "reason": reason })
}

/// One request, and the ticket afterwards.
async fn change(
    context: &mut Context,
    number: i64,
    what: &str,
    body: Value,
) -> Result<(), Failure> {
    let path = format!("/tickets/{number}/{what}");
    let ticket = context.client().await?.post(&path, &body).await?;
    told(context, &ticket)
}

fn told(context: &Context, ticket: &Value) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(ticket)?);
    }
    let assignee = match ticket["assignee"].as_str() {
        Some(name) => format!(", {name}"),
        None => String::new(),
    };
    Ok(context.output.line(&format!(
        "ticket {}: {} ({}, {}{assignee})",
        field(ticket, "number"),
        field(ticket, "title"),
        field(ticket, "state"),
        field(ticket, "priority"),
    ))?)
}

pub(super) async fn snapshot(
    context: &mut Context,
    take: TakeSnapshot,
) -> Result<ExitCode, Failure> {
    let device = device::resolve(context, &take.device).await?;
    let path = format!("/tickets/{}/snapshots", take.ticket);
    let body = json!({ "device": device });
    let taken = context.client().await?.post(&path, &body).await?;
    match context.output.json {
        true => context.output.value(&taken)?,
        false => context
            .output
            .line(&format!("snapshot {} is taken", field(&taken, "id")))?,
    }
    Ok(ExitCode::SUCCESS)
}
