//! `sonde-agent enroll`: this machine becomes a device of a collector.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use ring::digest::{SHA256, digest};
use sonde_proto::v1::EnrollRequest;

use crate::config::Config;
use crate::dial::{self, Target};
use crate::host::Host;
use crate::identity::{Identity, fingerprint, new_key, random};
use crate::trust::{Correction, Token, enrolment_tls, is_usable};
use crate::{link, machine, state};

/// The collector answers an enrolment within this.
const ANSWER: Duration = Duration::from_secs(30);
/// A token file, at most.
const TOKEN_BYTES: u64 = 4096;

/// Make this machine a device of a collector.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: sonde-agent enroll --collector https://collector.example:7443 --token-file token"
)]
pub struct Arguments {
    /// Address of the collector's port for agents.
    #[arg(long, value_name = "URL")]
    collector: String,
    /// File with the enrolment token, or - for standard input.
    #[arg(long, value_name = "FILE|-")]
    token_file: PathBuf,
    /// Where the agent keeps its state.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Replace the identity that the state folder has; it becomes another device.
    #[arg(long)]
    again: bool,
}

pub async fn run(arguments: &Arguments, config: &Config) -> Result<ExitCode> {
    let target = Target::parse(&arguments.collector)?;
    let token = Token::parse(&read_token(&arguments.token_file)?)?;
    let host = Host::this();
    let folder = super::state_folder(arguments.state.as_deref(), config, &host)?;
    let enrolment = state::Enrolment::begin(&folder, arguments.again)?;
    // Should nothing come of it, the folder stays as it was.
    let identity = ask(&target, &token, &host, &enrolment.place(), config).await?;
    enrolment.finish(&identity)?;
    super::print(&format!(
        "enrolled as device {}\nstate in {}\n",
        identity.device_id,
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}

async fn ask(
    target: &Target,
    token: &Token,
    host: &Host,
    folder: &Path,
    config: &Config,
) -> Result<Identity> {
    let proxy = dial::proxy_for(target, config.proxy.as_deref(), |name| {
        std::env::var(name).ok()
    });
    let tls = Arc::new(enrolment_tls(token.fingerprint)?);
    let (stream, _) = dial::dial(target, proxy.as_deref(), &[], tls).await?;
    let mut link = link::over(stream).await?;
    let (key, signing_request) = new_key()?;
    let installation_id = random::<16>()?;
    let machine = machine::describe(host);
    let made_on = fingerprint(&machine, folder);
    let request = EnrollRequest {
        token: token.secret.clone(),
        signing_request: signing_request.into(),
        installation_id: installation_id.to_vec().into(),
        machine: Some(machine),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let response = tokio::time::timeout(ANSWER, link.client.enroll(request))
        .await
        .map_err(|_| anyhow!("the collector gave no answer within {} s", ANSWER.as_secs()))?
        .map_err(|status| anyhow!("the collector refuses: {}", status.message()))?
        .into_inner();
    if digest(&SHA256, &response.authority).as_ref() != token.fingerprint {
        bail!("the collector names another authority than the token does");
    }
    let collector = format!("https://{}", target.authority());
    let identity = Identity::enrolled(&collector, key, response, installation_id, made_on);
    if !is_usable(&identity, &Correction::default()) {
        bail!("the collector's certificate is not one for this device's key");
    }
    Ok(identity)
}

fn read_token(file: &Path) -> Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin()
            .take(TOKEN_BYTES)
            .read_to_string(&mut text)?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| file.display().to_string())?;
        opened.take(TOKEN_BYTES).read_to_string(&mut text)?;
    }
    if text.trim().is_empty() {
        bail!("{} holds no token", file.display());
    }
    Ok(text)
}
