//! Rules that hand tickets on by themselves.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::Value;

use super::client::escape;
use super::output::{field, items, plain, when};
use super::sla::{Rules, changed};
use super::{Context, Failure, file};

#[derive(Debug, Subcommand)]
pub(super) enum EscalationCommand {
    /// List rules.
    #[command(after_help = "Example:\n  sonde escalation list")]
    List,
    /// Show a rule as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde escalation show slow > slow.json")]
    Show {
        /// Name of the rule.
        name: String,
    },
    /// Set a rule, in the place of that of its name.
    #[command(
        after_help = "Example:\n  sonde escalation set slow slow.json\n\nThe file:\n  {\"at\": \"first\", \"to\": \"second\", \"site\": \
        \"lyon\", \"when\": {\"in_tier\": {\"minutes\": 120}}}\n\nat: first if it is not given; site: all if it is not given. when, \
        one of:\n  {\"in_tier\": {\"minutes\": 120}}     with the tier for so long, in working time where an agreement holds\n  \
        {\"unassigned\": {\"minutes\": 30}}   nobody has it for so long\n  {\"promise\": {\"measure\": \"resolution\", \"percent\": \
        80}}   so much of a promise is used: first_response,\n                                    next_response, resolution, tier\n  \
        {\"failed_actions\": {\"times\": 2}}  so many actions have failed\n  {\"reopened\": {\"times\": 1}}        it was opened again so \
        often\n  {\"finding\": {\"check\": \"disk.smart\", \"status\": \"critical\"}}   an alert is open; or \"area\": \"disk\"\n\nA rule acts \
        once while a ticket is with a tier. What somebody sends back is left alone until something new happens:\nthe requester \
        writes, it is opened again or becomes more urgent, an action fails, something else is found."
    )]
    Set {
        /// Name of the rule.
        name: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Show which tickets a rule would hand on now, before it is set.
    #[command(after_help = "Example:\n  sonde escalation try slow.json")]
    Try {
        /// A file with the rule's JSON; - reads the standard input.
        file: String,
    },
    /// Remove a rule.
    #[command(after_help = "Example:\n  sonde escalation remove slow")]
    Remove {
        /// Name of the rule.
        name: String,
    },
}

const HELP: &str = "sonde escalation set --help shows a rule";
const RULES: Rules = Rules {
    what: "rule",
    path: "/escalation/rules",
    help: HELP,
    follow: "tickets follow",
};

pub(super) async fn run(
    context: &mut Context,
    command: EscalationCommand,
) -> Result<ExitCode, Failure> {
    match command {
        EscalationCommand::List => list(context).await?,
        EscalationCommand::Show { name } => RULES.show(context, &name).await?,
        EscalationCommand::Set { name, file } => RULES.set(context, &name, &file).await?,
        EscalationCommand::Try { file } => try_rule(context, &file).await?,
        EscalationCommand::Remove { name } => RULES.remove(context, &name).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let rules = RULES.all(context).await?;
    if context.output.json {
        return Ok(context.output.value(&rules)?);
    }
    let rows = items(&rules).iter().map(|rule| {
        let site = field(rule, "site");
        vec![
            field(rule, "name"),
            if site.is_empty() {
                "all".to_owned()
            } else {
                site
            },
            format!("{} to {}", field(rule, "at"), field(rule, "to")),
            condition(&rule["when"]),
            changed(rule),
        ]
    });
    let head = ["rule", "site", "tiers", "when", "changed"];
    Ok(context.output.table(&head, rows)?)
}

/// "in tier, minutes 120".
fn condition(when: &Value) -> String {
    let all = when.as_object().into_iter().flatten();
    let told = all.map(|(kind, of)| {
        let of = of.as_object().into_iter().flatten();
        let of: Vec<String> = of
            .map(|(name, value)| format!("{name} {}", plain(value)))
            .collect();
        format!("{}: {}", kind.replace('_', " "), of.join(", "))
    });
    told.collect::<Vec<_>>().join("; ")
}

async fn try_rule(context: &mut Context, file: &str) -> Result<(), Failure> {
    let rule = file::json(file, HELP)?;
    let mut tickets = Vec::new();
    let mut after = String::new();
    loop {
        let client = context.client().await?;
        let path = format!("/escalation/try?limit=200{after}");
        let page = client.post(&path, &rule).await?;
        tickets.extend(items(&page).iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", escape(next)),
            None => break,
        }
    }
    if context.output.json {
        return Ok(context
            .output
            .value(&serde_json::json!({ "items": tickets }))?);
    }
    let rows = tickets.iter().map(|ticket| {
        let reason = field(ticket, "reason");
        let why = reason.split_once(": ").map_or("", |(_, why)| why);
        vec![
            field(ticket, "ticket"),
            field(ticket, "to"),
            why.to_owned(),
            when(&ticket["since"]),
            field(ticket, "title"),
        ]
    });
    let head = ["no", "to", "why", "since", "title"];
    Ok(context.output.table(&head, rows)?)
}
