//! Accounts, for administrators.

use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, when};
use super::{Context, Failure};

const ROLES: [&str; 4] = ["viewer", "technician", "senior", "admin"];

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// List accounts.
    #[command(after_help = "Example:\n  sonde account list")]
    List,
    /// Make an account; its password and second factor are shown once.
    #[command(after_help = "Example:\n  sonde account add ann --role technician --site lyon")]
    Add {
        /// Name of the account.
        name: String,
        /// What it may do; each role includes the one before.
        #[arg(long, value_parser = ROLES)]
        role: String,
        /// Sites it works for; all if none is given.
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<String>,
    },
    /// Change role or sites.
    #[command(after_help = "Example:\n  sonde account set ann --role senior")]
    Set {
        /// Name of the account.
        name: String,
        /// What it may do; each role includes the one before.
        #[arg(long, value_parser = ROLES)]
        role: Option<String>,
        /// Only for these sites; every site if none is given.
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<String>,
    },
    /// Disable an account and end its sessions and tokens.
    #[command(after_help = "Example:\n  sonde account disable ann")]
    Disable {
        /// Name of the account.
        name: String,
    },
    /// Enable an account again.
    #[command(after_help = "Example:\n  sonde account enable ann")]
    Enable {
        /// Name of the account.
        name: String,
    },
}

pub(super) async fn run(
    context: &mut Context,
    command: AccountCommand,
) -> Result<ExitCode, Failure> {
    match command {
        AccountCommand::List => list(context).await?,
        AccountCommand::Add { name, role, sites } => {
            let body = json!({ "name": name, "role": role, "sites": sites });
            let made = context.client().await?.post("/accounts", &body).await?;
            show_new(context, &made)?;
        }
        AccountCommand::Set { name, role, sites } => {
            let mut body = json!({ "role": role });
            if !sites.is_empty() {
                body["sites"] = json!(sites);
            }
            change(context, &name, body).await?;
        }
        AccountCommand::Disable { name } => {
            change(context, &name, json!({ "disabled": true })).await?;
        }
        AccountCommand::Enable { name } => {
            change(context, &name, json!({ "disabled": false })).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let accounts = context.client().await?.get("/accounts").await?;
    if context.output.json {
        return Ok(context.output.value(&accounts)?);
    }
    let rows = items(&accounts).iter().map(|account| {
        vec![
            field(account, "name"),
            field(account, "role"),
            names(&account["sites"]),
            field(account, "second_factor"),
            when(&account["disabled_at"]),
        ]
    });
    let header = ["name", "role", "sites", "second factor", "disabled"];
    Ok(context.output.table(&header, rows)?)
}

fn names(sites: &Value) -> String {
    let names: Vec<&str> = sites
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match names.is_empty() {
        true => "all".to_owned(),
        false => names.join(", "),
    }
}

fn show_new(context: &Context, made: &Value) -> Result<(), Failure> {
    let output = &context.output;
    if output.json {
        return Ok(output.value(made)?);
    }
    for (name, what) in [
        ("name", "account"),
        ("password", "password"),
        ("totp_secret", "secret for the authenticator"),
        ("totp_url", "the same to scan"),
    ] {
        output.line(&format!("{what}: {}", field(made, name)))?;
    }
    let codes: Vec<&str> = made["recovery_codes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Ok(output.line(&format!("recovery codes: {}", codes.join(" ")))?)
}

async fn change(context: &mut Context, name: &str, body: Value) -> Result<(), Failure> {
    let path = format!("/accounts/{}", escape(name));
    let client = context.client().await?;
    let account = client.call(Method::PATCH, &path, Some(&body)).await?;
    if context.output.json {
        return Ok(context.output.value(&account)?);
    }
    let state = match account["disabled_at"].is_null() {
        true => "enabled",
        false => "disabled",
    };
    Ok(context.output.line(&format!(
        "{}: {}, sites {}, {state}",
        field(&account, "name"),
        field(&account, "role"),
        names(&account["sites"])
    ))?)
}
