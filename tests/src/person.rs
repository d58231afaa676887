//! A technician at a terminal: an account, and the `sonde` command that is signed in to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::program::{own, wait};
use crate::world::Agent;

/// Somebody with an account, signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub role: String,
    pub password: String,
    pub totp_secret: String,
    pub(crate) profile: PathBuf,
    /// What this person's `sonde` finds in its environment beside its own.
    pub environment: Vec<(&'static str, String)>,
}

impl Person {
    /// The authenticator's code of this moment.
    pub fn code(&self) -> Result<String> {
        let secret = totp_rs::Secret::try_from_base32(&self.totp_secret)
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let totp = totp_rs::Builder::new()
            .with_secret(secret)
            .build()
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(totp
            .generate(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
            .to_string())
    }

    /// The token that this person's `sonde` holds.
    pub fn token(&self) -> Result<String> {
        let profile: Value = serde_json::from_str(&fs::read_to_string(&self.profile)?)?;
        Ok(profile["token"].as_str().unwrap_or_default().to_owned())
    }

    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// `sonde` as this person.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = own("sonde");
        command
            .args(arguments)
            .arg("--profile")
            .arg(&self.profile)
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env_remove("LANG")
            .envs(self.environment.iter().cloned());
        command
    }

    /// Runs `sonde … --json`; an error when it fails, whatever the findings say.
    pub fn sonde(&self, arguments: &[&str]) -> Result<Value> {
        let ran = self.try_sonde(arguments)?;
        match ran.problem {
            Some(problem) => bail!("sonde {}: {problem}", arguments.join(" ")),
            None => Ok(ran.value),
        }
    }

    /// Orders an action (`plan`, `run`) for a ticket; gives its job. What asks for consent has it.
    pub fn act(
        &self,
        verb: &str,
        action: &str,
        device: &str,
        ticket: &str,
        parameters: &[String],
    ) -> Result<Value> {
        let mut arguments = vec!["action", verb, action, "--device", device];
        arguments.extend(["--ticket", ticket]);
        if verb == "run" {
            arguments.extend(["--consent", "by telephone"]);
        }
        arguments.extend(parameters.iter().map(String::as_str));
        self.sonde(&arguments)
    }

    /// Waits until a device is connected, or is not.
    pub fn wait_for(&self, agent: &Agent, connected: bool) -> Result<()> {
        let shown = || self.sonde(&["device", "show", &agent.id]).ok();
        let what = if connected {
            "the device"
        } else {
            "the device's going"
        };
        wait(what, || {
            shown().filter(|shown| shown["device"]["connected"] == connected)
        })
        .with_context(|| agent.log())?;
        if connected {
            // What can be asked for is what it has declared, which comes after its hello.
            let list = ["check", "list", "--device", &agent.id];
            let declared = || self.sonde(&list).ok()?["items"].as_array().cloned();
            wait("its checks", || {
                let mut checks = declared()?.into_iter();
                checks.find(|check| check["id"] == "disk.space")
            })?;
        }
        Ok(())
    }

    /// The same, with exit code and complaint.
    pub fn try_sonde(&self, arguments: &[&str]) -> Result<Ran> {
        let output = self
            .command(arguments)
            .arg("--json")
            .stdin(Stdio::null())
            .output()?;
        let (out, complaint) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let value = serde_json::from_str(&out).unwrap_or(Value::Null);
        let failed = value.is_null() && !output.status.success();
        Ok(Ran {
            value,
            code: output.status.code(),
            problem: failed.then(|| complaint.trim().to_owned()),
        })
    }
}

/// What a run of `sonde` gave.
#[derive(Debug)]
pub struct Ran {
    pub value: Value,
    pub code: Option<i32>,
    /// What it complained of, when it did nothing.
    pub problem: Option<String>,
}
