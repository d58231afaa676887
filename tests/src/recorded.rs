//! A machine that cannot be made here, as the files that its kernel and its programs would show.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::patient::{Finding, Machine, findings};
use crate::program::command;
use crate::world::World;
use crate::wrong::Place;

/// Files below a folder, which the real agent's program takes for the machine. What a program would say there stands in
/// `/said/PROGRAM ARGUMENTS`, slashes written as underscores.
pub struct Recorded {
    folder: tempfile::TempDir,
}

impl Recorded {
    /// A machine that has `files`, by path and content.
    pub fn new(files: &[(&str, &str)]) -> Result<Self> {
        let recorded = Self {
            folder: tempfile::Builder::new()
                .prefix("sonde-recorded-")
                .tempdir()?,
        };
        for (path, content) in files {
            recorded.write(path, content)?;
        }
        Ok(recorded)
    }

    /// The folder that stands for `/`.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, content: &str) -> Result<()> {
        let path = self.root().join(path.trim_start_matches('/'));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, content)?)
    }

    pub fn remove(&self, path: &str) -> Result<()> {
        Ok(std::fs::remove_file(
            self.root().join(path.trim_start_matches('/')),
        )?)
    }
}

impl Machine for Recorded {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut plain = command(arguments[0]);
        plain.args(&arguments[1..]);
        plain
    }

    fn start(&mut self, _: &mut World) -> Result<String> {
        bail!("nothing runs on a recorded machine")
    }

    fn check(&self) -> Result<Vec<Finding>> {
        let mut check = command(self.program());
        findings(check.args(["check", "--json", "--root"]).arg(self.root()))
    }

    fn is_recorded(&self) -> bool {
        true
    }
}

impl Place for Recorded {
    fn machine(&mut self) -> &mut dyn Machine {
        self
    }
}
