//! The ticket that a device is asked for something on.

use clap::Args;
use serde_json::{Value, json};

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

    /// Asks a device for checks, an action, a table or an asset, and follows the job. A new ticket is opened by the same request,
    /// and only for what the device can be asked for.
    pub(in super::super) async fn ask(
        &self,
        context: &mut Context,
        kind: Kind,
        body: Value,
        wait: u32,
    ) -> Result<Value, Failure> {
        let (path, body) = self.place(kind, body);
        let jobs = job::ask(context, &path, body, wait).await?;
        Ok(jobs.into_iter().next().unwrap_or_default())
    }

    /// The same of the several devices that the body names; gives their jobs.
    pub(in super::super) async fn ask_several(
        &self,
        context: &mut Context,
        kind: Kind,
        body: Value,
        wait: u32,
    ) -> Result<Vec<Value>, Failure> {
        let (path, body) = self.place(kind, body);
        job::ask(context, &path, body, wait).await
    }

    /// Where it is asked for, and how it stands in the request.
    fn place(&self, kind: Kind, body: Value) -> (String, job::Asked) {
        match self.ticket {
            Some(number) => {
                let path = format!("/tickets/{number}/{}", kind.way());
                (path, job::Asked::plain(body))
            }
            None => {
                let title = self.new_ticket.clone().unwrap_or_default();
                let one = |name: &str| {
                    let id = body[name].as_str();
                    json!(id.into_iter().collect::<Vec<_>>())
                };
                let devices = body.get("devices").cloned();
                let devices = devices.unwrap_or_else(|| one("device"));
                let assets = one("asset");
                let outside = json!({ "title": title, "devices": devices, "assets": assets });
                (
                    "/tickets".to_owned(),
                    job::Asked::first(kind.name(), body, outside),
                )
            }
        }
    }

    /// Its number, if it is there already.
    pub(in super::super) fn number(&self) -> Option<i64> {
        self.ticket
    }

    /// The site of a ticket that is there already: its devices alone may be asked.
    pub(in super::super) async fn site(
        &self,
        context: &mut Context,
    ) -> Result<Option<String>, Failure> {
        let Some(number) = self.ticket else {
            return Ok(None);
        };
        let path = format!("/tickets/{number}");
        let ticket = context.client().await?.get(&path).await?;
        Ok(ticket["site"].as_str().map(str::to_owned))
    }
}

/// What a device is asked for.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Kind {
    Checks,
    Action,
    Table,
    Probe,
    Live,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Action => "action",
            Self::Table => "table",
            Self::Probe => "probe",
            Self::Live => "live",
        }
    }

    /// Behind the ticket's path.
    fn way(self) -> &'static str {
        match self {
            Self::Checks => "checks",
            Self::Action => "actions",
            Self::Table => "tables",
            Self::Probe => "probes",
            Self::Live => "live-metrics",
        }
    }
}
