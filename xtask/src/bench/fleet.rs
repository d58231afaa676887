//! The simulated fleet, and the bare server that it is compared on, each in a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sonde_tests::program::own;

/// A simulated fleet that takes commands.
pub(super) struct Fleet {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(super) enrolled: Value,
}

impl Fleet {
    /// Enrols `devices` at `address`.
    pub(super) fn start(address: &str, token: &Path, devices: usize, noisy: bool) -> Result<Self> {
        let mut command = own("sonde-fleet-sim");
        command
            .args([
                "fleet",
                "--collector",
                address,
                "--devices",
                &devices.to_string(),
            ])
            .arg("--token-file")
            .arg(token);
        if noisy {
            command.arg("--noisy");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let output = BufReader::new(child.stdout.take().context("no output")?);
        let mut fleet = Self {
            child,
            input,
            output,
            enrolled: Value::Null,
        };
        fleet.enrolled = fleet.answer()?;
        let n = fleet.enrolled["devices"].as_u64();
        ensure!(n == Some(devices as u64), "{}", fleet.enrolled);
        Ok(fleet)
    }

    /// Does a command; what came of it.
    pub(super) fn tell(&mut self, command: &str) -> Result<Value> {
        writeln!(self.input, "{command}")?;
        self.input.flush()?;
        let answer = self.answer().with_context(|| command.to_owned())?;
        ensure!(answer["failed"] == 0, "{command}: {answer}");
        Ok(answer)
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        serde_json::from_str(&line).context("the fleet ended")
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // It may be gone already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The bare server.
pub(super) struct Bare {
    child: Child,
    folder: tempfile::TempDir,
    pub(super) address: String,
}

impl Bare {
    pub(super) fn start() -> Result<Self> {
        let mut child = own("sonde-fleet-sim")
            .arg("bare")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line)?;
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("token"), text("token"))?;
        Ok(Self {
            child,
            folder,
            address: text("address"),
        })
    }

    pub(super) fn token(&self) -> std::path::PathBuf {
        self.folder.path().join("token")
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
