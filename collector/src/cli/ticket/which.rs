//! The ticket that a device is asked for something on.

use clap::Args;
use serde_json::{Value, json};

use super::super::output::{field, items};
use super::super::{Context, Failure, job};

/// The ticket that a device is asked for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(in super::super) struct Which {
    /// The ticket that it is for.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<i64>,
    /// Open a ticket in the same step.
    #[arg(long, value_name = "TITLE")]
    new_ticket: Option<String>,
}

impl Which {
    /// Where it need not be given.
    pub(in super::super) fn of(ticket: Option<i64>, new_ticket: Option<String>) -> Option<Self> {
        let is_given = ticket.is_some() || new_ticket.is_some();
        is_given.then_some(Self { ticket, new_ticket })
    }

    /// Asks a device for some of the checks, actions or tables that it has, and follows the job. A ticket is opened
    /// only for what the device can be asked for.
    pub(in super::super) async fn ask(
        &self,
        context: &mut Context,
        (kind, names): (&str, &[String]),
        body: Value,
        wait: u32,
    ) -> Result<Value, Failure> {
        let device = field(&body, "device");
        if self.ticket.is_none() {
            known(context, &device, kind, names).await?;
        }
        let number = self.number(context, &device).await?;
        let path = format!("/tickets/{number}/{kind}");
        let asked = job::ask(context, &path, body, wait).await;
        asked.map_err(|failure| match self.ticket {
            Some(_) => failure,
            None => failure.and_say(&format!("ticket {number} was opened")),
        })
    }

    /// Its number; a new one is opened with the device on it.
    async fn number(&self, context: &mut Context, device: &str) -> Result<i64, Failure> {
        let title = match (self.ticket, &self.new_ticket) {
            (Some(number), _) => return Ok(number),
            (None, title) => title.clone().unwrap_or_default(),
        };
        let body = json!({ "title": title, "devices": [device] });
        let opened = context.client().await?.post("/tickets", &body).await?;
        opened["number"]
            .as_i64()
            .ok_or_else(|| Failure::other("the collector gave no number"))
    }
}

/// Refuses what the device does not declare.
async fn known(
    context: &mut Context,
    device: &str,
    kind: &str,
    names: &[String],
) -> Result<(), Failure> {
    let path = format!("/{kind}?device={device}");
    let list = context.client().await?.get(&path).await?;
    let name = if kind == "tables" { "name" } else { "id" };
    let has: Vec<String> = items(&list).iter().map(|one| field(one, name)).collect();
    match names.iter().find(|name| !has.contains(name)) {
        None => Ok(()),
        Some(other) => Err(Failure::with_remedy(
            format!("the device has no {} {other:?}", kind.trim_end_matches('s')),
            format!("it has: {}", has.join(", ")),
        )),
    }
}
