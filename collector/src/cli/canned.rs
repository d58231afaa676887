//! Canned replies and macros: listed, shown, set from a file, removed.

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::Value;

use super::client::escape;
use super::output::{field, items, plain, when};
use super::{Context, Failure, file};

#[derive(Debug, Subcommand)]
pub(super) enum ReplyCommand {
    /// List canned replies.
    #[command(after_help = "Example:\n  sonde reply list")]
    List {
        /// Only those after this name.
        #[arg(long, value_name = "NAME")]
        after: Option<String>,
    },
    /// Show a canned reply as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde reply show hello > hello.json")]
    Show {
        /// Name of the reply.
        name: String,
    },
    /// Set a canned reply, in the place of that of its name.
    #[command(
        after_help = "Example:\n  sonde reply set hello hello.json\n  sonde ticket reply 42 --canned hello\n\nThe file:\n  \
                      {\"en\": \"Dear {requester}, we look at {title}.\", \"fr\": \"Bonjour {requester}, …\"}\n\n\
                      Filled in: {requester}, {ticket}, {title}, {technician}."
    )]
    Set {
        /// Name of the reply.
        name: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Remove a canned reply.
    #[command(after_help = "Example:\n  sonde reply remove hello")]
    Remove {
        /// Name of the reply.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum MacroCommand {
    /// List macros.
    #[command(after_help = "Example:\n  sonde macro list")]
    List {
        /// Only those after this name.
        #[arg(long, value_name = "NAME")]
        after: Option<String>,
    },
    /// Show a macro as JSON, ready to be changed and set again.
    #[command(after_help = "Example:\n  sonde macro show printer > printer.json")]
    Show {
        /// Name of the macro.
        name: String,
    },
    /// Set a macro, in the place of that of its name.
    #[command(
        after_help = "Example:\n  sonde macro set printer printer.json\n  sonde ticket macro 42 printer\n\nThe file, of which all may \
                      be left out:\n  {\"claim\": true, \"tags\": [\"printer\"], \"priority\": \"normal\", \"reply\": \"hello\", \"note\": \"…\",\n   \
                      \"tier\": \"second\", \"reason\": \"…\", \"state\": \"waiting\", \"waiting_for\": \"user\", \"checks\": [\"service.failed\"]}"
    )]
    Set {
        /// Name of the macro.
        name: String,
        /// A file with its JSON; - reads the standard input.
        file: String,
    },
    /// Remove a macro.
    #[command(after_help = "Example:\n  sonde macro remove printer")]
    Remove {
        /// Name of the macro.
        name: String,
    },
}

/// What one of either is to have done to it.
enum Deed {
    List(Option<String>),
    Show(String),
    Set(String, String),
    Remove(String),
}

pub(super) async fn reply(
    context: &mut Context,
    command: ReplyCommand,
) -> Result<ExitCode, Failure> {
    let deed = match command {
        ReplyCommand::List { after } => Deed::List(after),
        ReplyCommand::Show { name } => Deed::Show(name),
        ReplyCommand::Set { name, file } => Deed::Set(name, file),
        ReplyCommand::Remove { name } => Deed::Remove(name),
    };
    run(context, "reply", "/replies", deed, |one| {
        let text = field(one, "en");
        if text.is_empty() {
            field(one, "fr")
        } else {
            text
        }
    })
    .await
}

pub(super) async fn macros(
    context: &mut Context,
    command: MacroCommand,
) -> Result<ExitCode, Failure> {
    let deed = match command {
        MacroCommand::List { after } => Deed::List(after),
        MacroCommand::Show { name } => Deed::Show(name),
        MacroCommand::Set { name, file } => Deed::Set(name, file),
        MacroCommand::Remove { name } => Deed::Remove(name),
    };
    run(context, "macro", "/macros", deed, steps).await
}

async fn run(
    context: &mut Context,
    what: &str,
    base: &str,
    deed: Deed,
    shown: fn(&Value) -> String,
) -> Result<ExitCode, Failure> {
    let path = |name: &str| format!("{base}/{}", escape(name));
    match deed {
        Deed::List(after) => {
            let path = match after {
                Some(after) => format!("{base}?after={}", escape(&after)),
                None => base.to_owned(),
            };
            let all = context.client().await?.get(&path).await?;
            if context.output.json {
                context.output.value(&all)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows = items(&all).iter().map(|one| {
                vec![
                    field(one, "name"),
                    shown(one),
                    when(&one["changed_at"]),
                    field(one, "changed_by"),
                ]
            });
            context
                .output
                .table(&["name", what, "changed", "by"], rows)?;
            context.output.more(&all, "after")?;
        }
        Deed::Show(name) => {
            let mut one = context.client().await?.get(&path(&name)).await?;
            if let (false, Some(view)) = (context.output.json, one.as_object_mut()) {
                for known in ["name", "changed_at", "changed_by"] {
                    view.remove(known);
                }
            }
            context.output.value(&one)?;
        }
        Deed::Set(name, file) => {
            let remedy = format!("sonde {what} set --help shows one");
            let body = file::json(&file, &remedy)?;
            let path = path(&name);
            let set = context
                .client()
                .await?
                .call(Method::PUT, &path, Some(&body));
            let set = set.await?;
            match context.output.json {
                true => context.output.value(&set)?,
                false => context.output.line(&format!("{what} {name} is set"))?,
            }
        }
        Deed::Remove(name) => {
            let path = path(&name);
            context
                .client()
                .await?
                .call(Method::DELETE, &path, None)
                .await?;
            if !context.output.json {
                context.output.line(&format!("{what} {name} is removed"))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What a macro does: "claim, tags printer, checks service.failed".
fn steps(one: &Value) -> String {
    let hidden = ["name", "changed_at", "changed_by", "description", "reason"];
    let all = one.as_object().into_iter().flatten();
    let done = all.filter(|(name, value)| {
        let is_empty = value.is_null()
            || *value == &Value::Bool(false)
            || value.as_array().is_some_and(Vec::is_empty);
        !hidden.contains(&name.as_str()) && !is_empty
    });
    let parts = done.map(|(name, value)| match value {
        Value::Bool(_) => name.clone(),
        Value::Array(all) => format!(
            "{name} {}",
            all.iter().map(plain).collect::<Vec<_>>().join(" ")
        ),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            format!("{} {}", name.replace('_', " "), plain(value))
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}
