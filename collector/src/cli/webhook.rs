//! Other systems that are told what happens to tickets, and those whose messages open some.

mod source;

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, when};
use super::{Context, Failure, device};

#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Declare a webhook, and show its secret this once.
    #[command(
        after_help = "Example:\n  sonde webhook add glpi --url https://glpi.example/hooks/sonde --site lyon --kind noted"
    )]
    Add {
        /// What it is called here.
        name: String,
        /// Where messages are posted.
        #[arg(long)]
        url: String,
        /// Only tickets of this site.
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<String>,
        /// Only events of this kind, as a ticket's timeline has them: noted, state_changed.
        #[arg(long = "kind", value_name = "KIND")]
        kinds: Vec<String>,
    },
    /// List webhooks, and how it goes with them.
    #[command(after_help = "Example:\n  sonde webhook list")]
    List,
    /// Show a webhook.
    #[command(after_help = "Example:\n  sonde webhook show glpi")]
    Show {
        /// What it is called here.
        name: String,
    },
    /// Change a webhook, or give it another secret.
    #[command(
        after_help = "Example:\n  sonde webhook set glpi --enable\n  sonde webhook set glpi --new-secret"
    )]
    Set {
        /// What it is called here.
        name: String,
        /// Where messages are posted.
        #[arg(long)]
        url: Option<String>,
        /// Only tickets of these sites, in the place of those before.
        #[arg(long = "site", value_name = "SITE", conflicts_with = "all_sites")]
        sites: Vec<String>,
        /// Tickets of all sites.
        #[arg(long)]
        all_sites: bool,
        /// Only events of these kinds, in the place of those before.
        #[arg(long = "kind", value_name = "KIND", conflicts_with = "all_kinds")]
        kinds: Vec<String>,
        /// Events of all kinds.
        #[arg(long)]
        all_kinds: bool,
        /// Tell it again, what waits first.
        #[arg(long, conflicts_with = "disable")]
        enable: bool,
        /// Tell it nothing; what happens meanwhile is not kept for it.
        #[arg(long)]
        disable: bool,
        /// Show another secret this once; for a day messages are signed with the one before too.
        #[arg(long)]
        new_secret: bool,
    },
    /// Remove a webhook with all that waits for it.
    #[command(after_help = "Example:\n  sonde webhook remove glpi")]
    Remove {
        /// What it is called here.
        name: String,
    },
    /// List what it was told or is to be told, the newest first.
    #[command(after_help = "Example:\n  sonde webhook deliveries glpi --state dead")]
    Deliveries {
        /// What it is called here.
        name: String,
        /// Only those.
        #[arg(long, value_parser = ["waiting", "delivered", "dead"])]
        state: Option<String>,
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// `next` of the page before.
        #[arg(long, value_name = "PLACE")]
        before: Option<String>,
    },
    /// Try dead deliveries again, before what waits.
    #[command(
        after_help = "Example:\n  sonde webhook replay glpi\n  sonde webhook replay glpi msg_5k2…"
    )]
    Replay {
        /// What it is called here.
        name: String,
        /// Id of one; all dead ones if it is not given.
        delivery: Option<String>,
    },
    /// Send a message of the type sonde.test, behind what waits.
    #[command(after_help = "Example:\n  sonde webhook test glpi")]
    Test {
        /// What it is called here.
        name: String,
    },
    /// Systems whose messages open tickets.
    #[command(subcommand)]
    Source(source::SourceCommand),
}

pub(super) async fn run(
    context: &mut Context,
    command: WebhookCommand,
) -> Result<ExitCode, Failure> {
    match command {
        WebhookCommand::Add {
            name,
            url,
            sites,
            kinds,
        } => {
            let body = json!({ "name": name, "url": url, "sites": sites, "kinds": kinds });
            let made = context.client().await?.post("/webhooks", &body).await?;
            secret(context, &made)?;
        }
        WebhookCommand::List => list(context).await?,
        WebhookCommand::Show { name } => {
            let webhook = context.client().await?.get(&path(&name)).await?;
            show(context, &webhook)?;
        }
        WebhookCommand::Set {
            name,
            url,
            sites,
            all_sites,
            kinds,
            all_kinds,
            enable,
            disable,
            new_secret,
        } => {
            let some = |list: Vec<String>, all: bool| (all || !list.is_empty()).then_some(list);
            let body = json!({
                "url": url, "sites": some(sites, all_sites), "kinds": some(kinds, all_kinds),
                "enabled": (enable || disable).then_some(enable),
            });
            set(context, &name, body, new_secret).await?;
        }
        WebhookCommand::Remove { name } => {
            let client = context.client().await?;
            client.call(Method::DELETE, &path(&name), None).await?;
            if !context.output.json {
                context.output.line(&format!("{name} is removed"))?;
            }
        }
        WebhookCommand::Deliveries {
            name,
            state,
            limit,
            before,
        } => {
            deliveries(
                context,
                &name,
                [("state", state), ("before", before)],
                limit,
            )
            .await?
        }
        WebhookCommand::Replay { name, delivery } => {
            let at = format!("{}/replay", path(&name));
            let body = json!({ "delivery": delivery });
            let done = context.client().await?.post(&at, &body).await?;
            let n_deliveries = field(&done, "n_deliveries");
            said(
                context,
                &done,
                &format!("{n_deliveries} deliveries are tried again"),
            )?;
        }
        WebhookCommand::Test { name } => {
            let at = format!("{}/test", path(&name));
            let done = context.client().await?.post(&at, &Value::Null).await?;
            let text = format!(
                "{} is sent: sonde webhook deliveries {name}",
                field(&done, "delivery")
            );
            said(context, &done, &text)?;
        }
        WebhookCommand::Source(command) => return source::run(context, command).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn path(name: &str) -> String {
    format!("/webhooks/{}", escape(name))
}

fn said(context: &Context, value: &Value, text: &str) -> Result<(), Failure> {
    match context.output.json {
        true => context.output.value(value)?,
        false => context.output.line(text)?,
    }
    Ok(())
}

/// The secret stands alone on its line, so that it can be piped.
fn secret(context: &Context, made: &Value) -> Result<(), Failure> {
    said(context, made, &field(made, "secret"))
}

async fn set(
    context: &mut Context,
    name: &str,
    body: Value,
    new_secret: bool,
) -> Result<(), Failure> {
    let is_nothing = body
        .as_object()
        .is_some_and(|all| all.values().all(Value::is_null));
    if is_nothing && !new_secret {
        let remedy = "give --url, --site, --kind, --enable, --disable or --new-secret";
        return Err(Failure::with_remedy("nothing to set", remedy));
    }
    let client = context.client().await?;
    if !is_nothing {
        let webhook = client.call(Method::PUT, &path(name), Some(&body)).await?;
        if !new_secret {
            return show(context, &webhook);
        }
    }
    let at = format!("{}/secret", path(name));
    let made = client.post(&at, &Value::Null).await;
    let made = made.map_err(|failure| match is_nothing {
        true => failure,
        false => failure.and_say("the webhook is changed"),
    })?;
    secret(context, &made)
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let all = device::whole(context, "/webhooks?limit=1000", "after", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&all)?);
    }
    let rows = items(&all).iter().map(|webhook| {
        vec![
            field(webhook, "name"),
            standing(webhook),
            field(webhook, "n_waiting"),
            field(webhook, "n_dead"),
            field(webhook, "url"),
        ]
    });
    let header = ["name", "standing", "waiting", "dead", "url"];
    Ok(context.output.table(&header, rows)?)
}

/// "told", "fails since 16:30", "disabled: three days".
fn standing(webhook: &Value) -> String {
    let is_enabled = webhook["enabled"].as_bool() == Some(true);
    match (is_enabled, webhook["disabled_reason"].as_str()) {
        (false, Some(_)) => format!("disabled: {}", field(webhook, "disabled_reason")),
        (false, None) => "disabled".to_owned(),
        (true, _) if webhook["failing_since"].is_string() => {
            format!("fails since {}", when(&webhook["failing_since"]))
        }
        (true, _) => "told".to_owned(),
    }
}

fn show(context: &Context, webhook: &Value) -> Result<(), Failure> {
    if context.output.json {
        return Ok(context.output.value(webhook)?);
    }
    let names = |name: &str| {
        let all = webhook[name].as_array().into_iter().flatten();
        let all: Vec<&str> = all.filter_map(Value::as_str).collect();
        match all.is_empty() {
            true => "all".to_owned(),
            false => all.join(", "),
        }
    };
    let lines = [
        ("name", field(webhook, "name")),
        ("url", field(webhook, "url")),
        ("sites", names("sites")),
        ("kinds", names("kinds")),
        ("standing", standing(webhook)),
        ("waiting", field(webhook, "n_waiting")),
        ("dead", field(webhook, "n_dead")),
    ];
    for (name, text) in lines {
        context.output.line(&format!("{name:10}{text}"))?;
    }
    Ok(())
}

async fn deliveries(
    context: &mut Context,
    name: &str,
    narrowed: [(&str, Option<String>); 2],
    limit: u32,
) -> Result<(), Failure> {
    let mut at = format!("{}/deliveries?limit={limit}", path(name));
    for (name, value) in narrowed {
        if let Some(value) = value {
            at.push_str(&format!("&{name}={}", escape(&value)));
        }
    }
    let list = context.client().await?.get(&at).await?;
    if context.output.json {
        return Ok(context.output.value(&list)?);
    }
    let rows = items(&list).iter().map(|delivery| {
        let about = match delivery["ticket"].as_i64() {
            Some(ticket) => format!("{ticket}.{}", field(delivery, "event")),
            None => "test".to_owned(),
        };
        let came = match delivery["status"].as_i64() {
            Some(status) => status.to_string(),
            None => field(delivery, "error"),
        };
        vec![
            field(delivery, "id"),
            about,
            field(delivery, "state"),
            field(delivery, "n_attempts"),
            when(&delivery["next_at"]),
            came,
        ]
    });
    let header = ["id", "about", "state", "tried", "next", "answer"];
    context.output.table(&header, rows)?;
    Ok(context.output.more(&list, "before")?)
}
