//! A simulated fleet in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::program::own;

/// A simulated fleet that takes commands (`sonde-fleet-sim --help`).
#[derive(Debug)]
pub struct Fleet {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub enrolled: Value,
}

impl Fleet {
    /// Enrols `devices` at `address`; with more arguments, as its `fleet` command has them.
    pub fn start(address: &str, token: &Path, devices: usize, more: &[&str]) -> Result<Self> {
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
            .arg(token)
            .args(more);
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
    pub fn tell(&mut self, command: &str) -> Result<Value> {
        self.begin(command)?;
        let answer = self.answer().with_context(|| command.to_owned())?;
        ensure!(answer["failed"] == 0, "{command}: {answer}");
        Ok(answer)
    }

    /// Begins a command whose end nobody waits for.
    pub fn begin(&mut self, command: &str) -> Result<()> {
        writeln!(self.input, "{command}")?;
        Ok(self.input.flush()?)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn a_fleet_is_let_in_where_nothing_is_known_of_it() -> Result<()> {
        let world = World::sqlite()?;
        let token = world.token_for(3, "default")?;
        let mut fleet = Fleet::start(&world.bound().agents, &token, 3, &[])?;
        for command in ["connect", "tell", "burst 2"] {
            let done = fleet.tell(command)?;
            ensure!(done["connected"] == 3 && done["unanswered"] == 0, "{done}");
            ensure!(done["committed"] == done["reports"], "{done}");
        }
        let person = world.person("ada", "technician")?;
        let listed = person.sonde(&["device", "list", "--text", "sim-"])?;
        ensure!(
            listed["items"].as_array().map(Vec::len) == Some(3),
            "{listed}"
        );
        Ok(())
    }
}
