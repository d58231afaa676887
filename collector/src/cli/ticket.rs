//! Tickets.

mod case;
mod command;
pub(super) mod consents;
mod files;
mod list;
mod marks;
mod narrow;
mod note;
mod page;
mod remote;
mod set;
mod show;
mod snapshots;
mod timeline;
mod which;

pub(super) use command::TicketCommand;
pub(super) use narrow::{Due, Narrow};
pub(super) use which::{Kind, Which};

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::moment::moment;
use super::output::field;
use super::{Context, Failure, asset, caller, device, job, person};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sonde snapshot --device lab-7 --ticket 42\n  sonde snapshot --device lab-7 --ticket 42 --from -2h --to -1h"
)]
pub(super) struct TakeSnapshot {
    /// Host name, or id.
    #[arg(long)]
    device: String,
    /// The ticket that it is for.
    #[arg(long, value_name = "NUMBER")]
    ticket: i64,
    /// Also what the device's flight recorder holds from here on; 24 hours back at most.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true, requires = "to")]
    from: Option<String>,
    /// Until then.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true, requires = "from")]
    to: Option<String>,
}

pub(super) async fn run(
    context: &mut Context,
    command: TicketCommand,
) -> Result<ExitCode, Failure> {
    match command {
        TicketCommand::Open {
            title,
            devices,
            assets,
            requester,
            caller,
            priority,
            impact,
            urgency,
            site,
            note,
        } => {
            let mut ids = Vec::new();
            for device in &devices {
                ids.push(device::resolve(context, device).await?);
            }
            let mut things = Vec::new();
            for asset in &assets {
                things.push(asset::resolve(context, asset).await?);
            }
            let given = caller::Call {
                requester,
                person: None,
                devices: ids,
                assets: things,
                site,
            };
            let call = match caller {
                Some(words) => caller::calls(context, &words, given).await?,
                None => given,
            };
            let body = json!({
                "title": title, "devices": call.devices, "assets": call.assets,
                "requester": call.requester, "person": call.person,
                "priority": priority, "impact": impact, "urgency": urgency, "site": call.site, "note": note,
            });
            let opened = context.client().await?.post("/tickets", &body).await?;
            told(context, &opened)?;
        }
        TicketCommand::List {
            view,
            search,
            narrow,
            limit,
            before,
            after,
        } => {
            let mut filter = narrow.filter(context).await?;
            let before = before.map(|number| number.to_string());
            for (name, value) in [
                ("view", view),
                ("search", search),
                ("before", before),
                ("after", after),
            ] {
                filter.extend(value.map(|value| (name.to_owned(), value.into())));
            }
            list::list(context, &filter, limit).await?
        }
        TicketCommand::Queue {
            view,
            narrow,
            due,
            limit,
            after,
        } => {
            let mut filter = narrow.filter(context).await?;
            due.add_to(&mut filter);
            for (name, value) in [("view", view), ("after", after)] {
                filter.extend(value.map(|value| (name.to_owned(), value.into())));
            }
            filter.insert("order".to_owned(), "due".into());
            list::list(context, &filter, limit).await?
        }
        TicketCommand::Claim { number, take_over } => {
            change(context, number, "claim", json!({ "take_over": take_over })).await?;
        }
        TicketCommand::Tag {
            number,
            tag,
            remove,
        } => marks::tag(context, number, &tag, remove).await?,
        TicketCommand::Watch {
            number,
            account,
            stop,
        } => marks::watch(context, number, account, stop).await?,
        TicketCommand::Link {
            number,
            relation,
            other,
            remove,
        } => marks::link(context, number, &relation, other, remove).await?,
        TicketCommand::Merge { number, into } => {
            change(context, number, "merge", json!({ "into": into })).await?;
        }
        TicketCommand::Split {
            number,
            title,
            devices,
            events,
        } => marks::split(context, number, title, devices, events).await?,
        TicketCommand::Show { number } => show::show(context, number).await?,
        TicketCommand::Attach {
            number,
            file,
            to_requester,
        } => files::attach(context, number, &file, to_requester).await?,
        TicketCommand::Files {
            number,
            file: Some(id),
            out: Some(out),
        } => files::keep(context, number, &id, &out).await?,
        TicketCommand::Files { number, .. } => files::list(context, number).await?,
        TicketCommand::Set {
            number,
            state,
            waiting_for,
            reason,
            priority,
            impact,
            urgency,
            requester,
            person,
        } => {
            let person = match person {
                Some(person) => Some(person::resolve(context, &person).await?),
                None => None,
            };
            let sets = [
                (
                    "requester",
                    json!({ "requester": requester, "person": person }),
                ),
                (
                    "priority",
                    json!({ "priority": priority, "impact": impact, "urgency": urgency }),
                ),
                (
                    "state",
                    json!({ "state": state, "waiting_for": waiting_for, "reason": reason }),
                ),
            ];
            set::set(context, number, sets).await?;
        }
        TicketCommand::Snapshots {
            number,
            snapshot: None,
            ..
        } => snapshots::list(context, number).await?,
        TicketCommand::Snapshots {
            number,
            snapshot: Some(id),
            table,
            metric,
        } => snapshots::show(context, number, &id, table, metric).await?,
        TicketCommand::Join { number, incident } => {
            change(context, number, "incident", json!({ "incident": incident })).await?;
        }
        TicketCommand::Note { number, text, code } => {
            note::add(context, number, text, code).await?
        }
        TicketCommand::Reply {
            number,
            text,
            canned,
            from_requester,
        } => {
            let side = if from_requester {
                "requester"
            } else {
                "technician"
            };
            let body = json!({ "text": text, "reply": canned, "side": side });
            change(context, number, "messages", body).await?;
        }
        TicketCommand::Macro { number, name } => {
            change(context, number, "macros", json!({ "macro": name })).await?;
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
        TicketCommand::Asset {
            number,
            what,
            asset,
        } => {
            let id = asset::resolve(context, &asset).await?;
            if what == command::ADD_OR_REMOVE[0] {
                return change(context, number, "assets", json!({ "asset": id }))
                    .await
                    .map(|()| ExitCode::SUCCESS);
            }
            let path = format!("/tickets/{number}/assets/{id}");
            let client = context.client().await?;
            let ticket = client.call(Method::DELETE, &path, None).await?;
            told(context, &ticket)?;
        }
        TicketCommand::Export { number, to } => case::export(context, number, to).await?,
        TicketCommand::OpenIn {
            number,
            device,
            tool,
        } => remote::open_in(context, number, device, tool).await?,
        TicketCommand::Page {
            number,
            days,
            list,
            revoke,
        } => page::page(context, number, days, list, revoke).await?,
        TicketCommand::Consents { number, withdraw } => {
            consents::consents(context, number, withdraw).await?
        }
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
    let body = json!({ "device": device, "from": take.from, "to": take.to });
    let taken = context.client().await?.post(&path, &body).await?;
    match context.output.json {
        true => context.output.value(&taken)?,
        false => context
            .output
            .line(&format!("snapshot {} is taken", field(&taken, "id")))?,
    }
    let jobs = taken["jobs"].as_array().map_or(0, Vec::len);
    if jobs > 0 && !context.output.json {
        let what = format!(
            "{jobs} jobs read the flight recorder: sonde ticket jobs {}",
            take.ticket
        );
        context.output.line(&what)?;
    }
    Ok(ExitCode::SUCCESS)
}
