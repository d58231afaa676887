//! Enrolment tokens, and one's own tokens.

use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use super::client::escape;
use super::login::Proof;
use super::output::{field, items, when};
use super::{Context, Failure, device};
use crate::account::enrolment::life;

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make an enrolment token.
    #[command(after_help = "Example:\n  sonde token create --site lyon --uses 20 --expires 8h")]
    Create {
        /// Where the machines will belong; "default" if it is not given.
        #[arg(long)]
        site: Option<String>,
        /// How many machines may enrol with it.
        #[arg(long, default_value_t = 1)]
        uses: u32,
        /// How long it is good: 30m, 24h, 7d.
        #[arg(long, default_value = "24h", value_parser = life)]
        expires: Duration,
    },
    /// List enrolment tokens.
    #[command(after_help = "Example:\n  sonde token list")]
    List,
    /// Revoke an enrolment token.
    #[command(after_help = "Example:\n  sonde token revoke 5k2…")]
    Revoke {
        /// Id of the token.
        token: String,
    },
    /// List one's own sessions and tokens.
    #[command(after_help = "Example:\n  sonde token mine")]
    Mine,
    /// Make a token for a program that works in one's name.
    #[command(after_help = "Example:\n  sonde token new nightly-report --days 30")]
    New {
        /// What it is for, as the list shows it.
        name: String,
        /// How long it is good.
        #[arg(long, default_value_t = 90)]
        days: u16,
        #[command(flatten)]
        proof: Proof,
    },
    /// End one of one's own sessions or tokens.
    #[command(after_help = "Example:\n  sonde token end 5k2…")]
    End {
        /// Id of the token.
        token: String,
    },
}

pub(super) async fn run(context: &mut Context, command: TokenCommand) -> Result<ExitCode, Failure> {
    match command {
        TokenCommand::Create {
            site,
            uses,
            expires,
        } => {
            let body = json!({
                "site": site, "uses": uses, "expires_in_seconds": expires.as_secs(),
            });
            let token = context.client().await?.post("/enrolment-tokens", &body);
            let token = token.await?;
            shown(context, &token, "token")?;
        }
        TokenCommand::New { name, days, proof } => {
            let body = json!({ "name": name, "days": days });
            let client = context.client().await?;
            let token = proof.send(client, "/me/tokens", body).await?;
            shown(context, &token, "secret")?;
        }
        TokenCommand::List => {
            let columns = [
                "id",
                "site",
                "uses_left",
                "expires_at",
                "created_by",
                "revoked_at",
            ];
            list(context, "/enrolment-tokens", &columns).await?;
        }
        TokenCommand::Mine => {
            let columns = ["id", "kind", "name", "used_at", "expires_at"];
            list(context, "/me/tokens", &columns).await?;
        }
        TokenCommand::Revoke { token } => end(context, "/enrolment-tokens", &token).await?,
        TokenCommand::End { token } => end(context, "/me/tokens", &token).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The secret stands alone on its line, so that it can be piped.
fn shown(context: &Context, token: &Value, secret: &str) -> Result<(), Failure> {
    match context.output.json {
        true => context.output.value(token)?,
        false => context.output.line(&field(token, secret))?,
    }
    Ok(())
}

async fn list(context: &mut Context, path: &str, columns: &[&str]) -> Result<(), Failure> {
    let base = format!("{path}?limit=1000");
    let tokens = device::whole(context, &base, "before", "items").await?;
    if context.output.json {
        return Ok(context.output.value(&tokens)?);
    }
    let rows = items(&tokens).iter().map(|token| {
        let cells = columns.iter().map(|name| match name.ends_with("_at") {
            true => when(&token[*name]),
            false => field(token, name),
        });
        cells.collect()
    });
    let header: Vec<String> = columns.iter().map(|name| name.replace('_', " ")).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    Ok(context.output.table(&header, rows)?)
}

async fn end(context: &mut Context, path: &str, id: &str) -> Result<(), Failure> {
    let path = format!("{path}/{}", escape(id));
    let client = context.client().await?;
    client.call(Method::DELETE, &path, None).await?;
    if !context.output.json {
        context.output.line(&format!("{id} is ended"))?;
    }
    Ok(())
}
