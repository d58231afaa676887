//! What the helpdesk promises: calendars, agreements, and how they were kept.

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, when};
use super::{Context, Failure, device, file};

#[derive(Debug, Subcommand)]
pub(super) enum SlaCommand {
    /// Calendars: when the helpdesk works.
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// Agreements: what is promised to whom.
    #[command(subcommand)]
    Agreement(AgreementCommand),
    /// Show which priority follows from impact and urgency, or set it.
    #[command(
        after_help = "Example:\n  sonde sla matrix > matrix.json\n  sonde sla matrix --set matrix.json\n\nBy impact, then by urgency."
    )]
    Matrix {
        /// A file with its JSON; - reads the standard input.
        #[arg(long, value_name = "FILE")]
        set: Option<String>,
    },
    /// Show how promises were kept whose clocks ended in a period.
    #[command(after_help = "Example:\n  sonde sla report --from 2026-11-01T00:00:00Z")]
    Report {
        /// Beginning of the period; 30 days ago if it is not given.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// End of the period; now if it is not given.
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum CalendarCommand {
    /// List calendars.
    #[command(after_help = "Example:\n  sonde sla calendar list")]
    List,
    /// Show a calendar as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde sla calendar show office > office.json")]
    Show {
        /// Name of the calendar.
        name: String,
    },
    /// Set a calendar, in the place of the one of its name.
    #[command(
        after_help = "Example:\n  sonde sla calendar set office office.json\n\nThe file:\n  {\"time_zone\": \"Europe/Paris\", \
        \"monday\": [\"09:00-12:30\", \"13:30-18:00\"], \"tuesday\": [\"09:00-18:00\"],\n   \"holidays\": {\"2026-12-25\": \
        \"Christmas\"}}\n\nA day that is left out is free. What clocks have counted by the one before stays counted."
    )]
    Set {
        /// Name of the calendar.
        name: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Add the days of an iCalendar file to a calendar's holidays.
    #[command(after_help = "Example:\n  sonde sla calendar holidays office jours-feries.ics")]
    Holidays {
        /// Name of the calendar.
        name: String,
        /// An iCalendar file; - reads the standard input.
        file: String,
    },
    /// Remove a calendar by which no agreement counts.
    #[command(after_help = "Example:\n  sonde sla calendar remove office")]
    Remove {
        /// Name of the calendar.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AgreementCommand {
    /// List agreements.
    #[command(after_help = "Example:\n  sonde sla agreement list")]
    List,
    /// Show an agreement as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde sla agreement show gold > gold.json")]
    Show {
        /// Name of the agreement.
        name: String,
    },
    /// Set an agreement, in the place of the one of its name.
    #[command(
        after_help = "Example:\n  sonde sla agreement set gold gold.json\n\nThe file, times in minutes of the calendar's hours:\n  \
        {\"calendar\": \"office\", \"sites\": [\"lyon\"], \"groups\": [\"board\"], \"priorities\":\n    {\"urgent\": {\"first_response\": 15, \
        \"next_response\": 60, \"resolution\": 240, \"tier\": 120},\n     \"normal\": {\"first_response\": 120, \
        \"resolution\": 960}}}\n\nsites, groups of requesters: whose tickets it is for; none: those of all.\nOf several, one that \
        names the group holds before one that names the site. pauses: what a \
        ticket may wait for while resolution\nand tier stand still (user, part, supplier, device, appointment: all of them). \
        warn_percent: when to warn ([50, 80])."
    )]
    Set {
        /// Name of the agreement.
        name: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Remove an agreement.
    #[command(after_help = "Example:\n  sonde sla agreement remove gold")]
    Remove {
        /// Name of the agreement.
        name: String,
    },
}

/// Rules of one kind.
pub(super) struct Rules {
    pub(super) what: &'static str,
    pub(super) path: &'static str,
    pub(super) help: &'static str,
    /// What follows when one is set.
    pub(super) follow: &'static str,
}

const CALENDARS: Rules = Rules {
    what: "calendar",
    path: "/sla/calendars",
    help: "sonde sla calendar set --help shows a calendar",
    follow: "clocks follow",
};
const AGREEMENTS: Rules = Rules {
    what: "agreement",
    path: "/sla/agreements",
    help: "sonde sla agreement set --help shows an agreement",
    follow: "clocks follow",
};

pub(super) async fn run(context: &mut Context, command: SlaCommand) -> Result<ExitCode, Failure> {
    match command {
        SlaCommand::Calendar(CalendarCommand::List) => calendars(context).await?,
        SlaCommand::Calendar(CalendarCommand::Show { name }) => {
            CALENDARS.show(context, &name).await?;
        }
        SlaCommand::Calendar(CalendarCommand::Set { name, file }) => {
            CALENDARS.set(context, &name, &file).await?;
        }
        SlaCommand::Calendar(CalendarCommand::Holidays { name, file }) => {
            holidays(context, &name, &file).await?;
        }
        SlaCommand::Calendar(CalendarCommand::Remove { name }) => {
            CALENDARS.remove(context, &name).await?;
        }
        SlaCommand::Agreement(AgreementCommand::List) => agreements(context).await?,
        SlaCommand::Agreement(AgreementCommand::Show { name }) => {
            AGREEMENTS.show(context, &name).await?;
        }
        SlaCommand::Agreement(AgreementCommand::Set { name, file }) => {
            AGREEMENTS.set(context, &name, &file).await?;
        }
        SlaCommand::Agreement(AgreementCommand::Remove { name }) => {
            AGREEMENTS.remove(context, &name).await?;
        }
        SlaCommand::Matrix { set } => matrix(context, set).await?,
        SlaCommand::Report { from, to } => report(context, from, to).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn matrix(context: &mut Context, set: Option<String>) -> Result<(), Failure> {
    let matrix = match set {
        None => context.client().await?.get("/matrix").await?,
        Some(file) => {
            let body = file::json(&file, "sonde sla matrix shows one")?;
            let client = context.client().await?;
            client.call(Method::PUT, "/matrix", Some(&body)).await?
        }
    };
    Ok(context.output.value(&matrix)?)
}

impl Rules {
    fn of(&self, name: &str) -> String {
        format!("{}/{}", self.path, escape(name))
    }

    pub(super) async fn all(&self, context: &mut Context) -> Result<Value, Failure> {
        device::whole(
            context,
            &format!("{}?limit=1000", self.path),
            "after",
            "items",
        )
        .await
    }

    pub(super) async fn show(&self, context: &mut Context, name: &str) -> Result<(), Failure> {
        let mut rule = context.client().await?.get(&self.of(name)).await?;
        if let (false, Some(view)) = (context.output.json, rule.as_object_mut()) {
            for known in ["name", "changed_at", "changed_by"] {
                view.remove(known);
            }
        }
        Ok(context.output.value(&rule)?)
    }

    pub(super) async fn set(
        &self,
        context: &mut Context,
        name: &str,
        file: &str,
    ) -> Result<(), Failure> {
        let body = file::json(file, self.help)?;
        let client = context.client().await?;
        let set = client
            .call(Method::PUT, &self.of(name), Some(&body))
            .await?;
        match context.output.json {
            true => Ok(context.output.value(&set)?),
            false => {
                let told = format!(
                    "{} {name} is set; {} within seconds",
                    self.what, self.follow
                );
                Ok(context.output.line(&told)?)
            }
        }
    }

    pub(super) async fn remove(&self, context: &mut Context, name: &str) -> Result<(), Failure> {
        let client = context.client().await?;
        client.call(Method::DELETE, &self.of(name), None).await?;
        if !context.output.json {
            let told = format!("{} {name} is removed", self.what);
            context.output.line(&told)?;
        }
        Ok(())
    }
}

/// Since when it holds like this, and by whom.
pub(super) fn changed(rule: &Value) -> String {
    format!(
        "{} by {}",
        when(&rule["changed_at"]),
        field(rule, "changed_by")
    )
}

async fn calendars(context: &mut Context) -> Result<(), Failure> {
    let calendars = CALENDARS.all(context).await?;
    if context.output.json {
        return Ok(context.output.value(&calendars)?);
    }
    let rows = items(&calendars).iter().map(|calendar| {
        let days = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ];
        let is_open = |day: &&str| {
            calendar[*day]
                .as_array()
                .is_some_and(|spans| !spans.is_empty())
        };
        let open: Vec<&str> = days
            .into_iter()
            .filter(is_open)
            .map(|day| &day[..2])
            .collect();
        let n_holidays = calendar["holidays"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        vec![
            field(calendar, "name"),
            field(calendar, "time_zone"),
            open.join(" "),
            n_holidays.to_string(),
            changed(calendar),
        ]
    });
    let head = ["calendar", "time zone", "days", "holidays", "changed"];
    Ok(context.output.table(&head, rows)?)
}

async fn holidays(context: &mut Context, name: &str, file: &str) -> Result<(), Failure> {
    let body = json!({ "ics": file::text(file)? });
    let path = format!("{}/holidays", CALENDARS.of(name));
    let calendar = context.client().await?.post(&path, &body).await?;
    if context.output.json {
        return Ok(context.output.value(&calendar)?);
    }
    let n_holidays = calendar["holidays"]
        .as_object()
        .map_or(0, serde_json::Map::len);
    let told = format!("calendar {name} has {n_holidays} holidays now");
    Ok(context.output.line(&told)?)
}

async fn agreements(context: &mut Context) -> Result<(), Failure> {
    let agreements = AGREEMENTS.all(context).await?;
    if context.output.json {
        return Ok(context.output.value(&agreements)?);
    }
    let rows = items(&agreements).iter().map(|agreement| {
        let names = |what: &str| {
            let names = agreement[what].as_array().into_iter().flatten();
            names
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let whose = match (names("sites"), names("groups")) {
            (sites, groups) if sites.is_empty() && groups.is_empty() => "all others".to_owned(),
            (sites, groups) if groups.is_empty() => sites,
            (sites, groups) if sites.is_empty() => groups,
            (sites, groups) => format!("{groups} of {sites}"),
        };
        let priorities = agreement["priorities"].as_object();
        let priorities: Vec<&str> = priorities
            .into_iter()
            .flat_map(|priorities| priorities.keys().map(String::as_str))
            .collect();
        vec![
            field(agreement, "name"),
            whose,
            priorities.join(" "),
            field(agreement, "calendar"),
            changed(agreement),
        ]
    });
    let head = ["agreement", "for", "priorities", "calendar", "changed"];
    Ok(context.output.table(&head, rows)?)
}

async fn report(
    context: &mut Context,
    from: Option<String>,
    to: Option<String>,
) -> Result<(), Failure> {
    let mut path = "/sla/report?".to_owned();
    for (name, time) in [("from", from), ("to", to)] {
        if let Some(time) = time {
            path.push_str(&format!("{name}={}&", escape(&time)));
        }
    }
    let report = context.client().await?.get(&path).await?;
    if context.output.json {
        return Ok(context.output.value(&report)?);
    }
    let promises = report["promises"].as_array().into_iter().flatten();
    let rows = promises.map(|kept| {
        let number = |name: &str| kept[name].as_i64().unwrap_or_default();
        let (ended, met) = (number("ended"), number("met"));
        vec![
            field(kept, "agreement"),
            field(kept, "measure").replace('_', " "),
            ended.to_string(),
            met.to_string(),
            format!("{:.1} %", 100.0 * met as f64 / ended.max(1) as f64),
        ]
    });
    let head = ["agreement", "promise", "ended", "in time", "part"];
    Ok(context.output.table(&head, rows)?)
}
