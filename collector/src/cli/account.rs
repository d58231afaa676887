//! Accounts, for administrators, and one's own password and second factor.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::output::{field, items, when};
use super::{Context, Failure, device, login};

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
    #[command(
        after_help = "Example:\n  sonde account set ann --role senior --site lyon",
        group = clap::ArgGroup::new("change").args(["role", "sites", "all_sites"]).required(true).multiple(true)
    )]
    Set {
        /// Name of the account.
        name: String,
        /// What it may do; each role includes the one before.
        #[arg(long, value_parser = ROLES)]
        role: Option<String>,
        /// Only for these sites from now on; they stay as they are if none is given.
        #[arg(long = "site", value_name = "SITE")]
        sites: Vec<String>,
        /// For all sites from now on.
        #[arg(long, conflicts_with = "sites")]
        all_sites: bool,
    },
    /// Disable an account and end its sessions and tokens.
    #[command(after_help = "Example:\n  sonde account disable ann")]
    Disable {
        /// Name of the account.
        name: String,
    },
    /// Set one's own password; sessions and tokens end.
    #[command(after_help = "Example:\n  sonde account password")]
    Password {
        /// Read the old and then the new password from a file, a line each; - is the standard input. Asked for if it
        /// is not given.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Set one's own second factor, in place of an earlier one; the authenticator is at hand.
    #[command(after_help = "Example:\n  sonde account second-factor")]
    SecondFactor {
        /// Read the password from a file; - is the standard input. Asked for if it is not given.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Give a new password and second factor to whoever cannot get in; their sessions and tokens end.
    #[command(after_help = "Example:\n  sonde account reset ann")]
    Reset {
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
        AccountCommand::Set {
            name,
            role,
            sites,
            all_sites,
        } => {
            let mut body = json!({ "role": role });
            if all_sites || !sites.is_empty() {
                body["sites"] = json!(sites);
            }
            change(context, &name, body).await?;
        }
        AccountCommand::Password { password_file } => {
            let (old, new) = login::old_and_new(password_file.as_deref())?;
            let body = json!({ "old": old, "new": new });
            let client = context.client().await?;
            client
                .call(Method::PUT, "/me/password", Some(&body))
                .await?;
            if !context.output.json {
                let said = "the password is set; sign in again: sonde login URL";
                context.output.line(said)?;
            }
        }
        AccountCommand::SecondFactor { password_file } => {
            second_factor(context, password_file.as_deref()).await?;
        }
        AccountCommand::Disable { name } => {
            change(context, &name, json!({ "disabled": true })).await?;
        }
        AccountCommand::Reset { name } => {
            let path = format!("/accounts/{}/reset", escape(&name));
            let reset = context.client().await?.post(&path, &Value::Null).await?;
            show_new(context, &reset)?;
        }
        AccountCommand::Enable { name } => {
            change(context, &name, json!({ "disabled": false })).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn second_factor(context: &mut Context, file: Option<&Path>) -> Result<(), Failure> {
    let path = "/me/second-factor";
    let factor = context.client().await?.post(path, &Value::Null).await?;
    // Not the answer, which JSON is for: what a person needs to go on.
    login::say(&format!(
        "Secret for the authenticator: {}\nThe same to scan: {}",
        field(&factor, "secret"),
        field(&factor, "url")
    ))?;
    let password = match file {
        Some(file) => login::read_secret(file)?,
        None => super::hidden::ask_hidden("Password: ")?,
    };
    let code = login::ask("Code of the authenticator: ")?;
    let body = json!({ "secret": factor["secret"], "code": code, "password": password });
    let client = context.client().await?;
    client.afresh().await?;
    let set = client.call(Method::PUT, path, Some(&body)).await?;
    if context.output.json {
        return Ok(context.output.value(&set)?);
    }
    let codes = super::output::plain(&set["recovery_codes"]);
    Ok(context.output.line(&format!("recovery codes: {codes}"))?)
}

async fn list(context: &mut Context) -> Result<(), Failure> {
    let accounts = device::whole(context, "/accounts?limit=1000", "after", "items").await?;
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
